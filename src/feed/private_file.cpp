#include "feed/private_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace gridwall::feed {

using base::Error;
using base::ErrorCode;
using base::Result;
using base::Status;

namespace {

Error system_error(const std::filesystem::path& file, std::string_view what, int number) {
  return {ErrorCode::Unreadable, fmt::format("{}: {}: {}", file.string(), what, std::strerror(number))};
}

bool write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return ::fsync(descriptor) == 0;
}

// The name itself lasts only once the folder is synced.
void sync_folder_of(const std::filesystem::path& file) {
  const auto folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::close(descriptor);
}

Status write_new(const std::filesystem::path& file, std::string_view text, mode_t mode) {
  const int descriptor = ::open(file.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, mode);
  if (descriptor < 0 && errno == EEXIST) {
    return Error{ErrorCode::Refused,
                 fmt::format("{}: is there already, and a key is never overwritten; choose another name, or move the "
                             "old file away",
                             file.string())};
  }
  if (descriptor < 0) return system_error(file, "cannot be made", errno);
  // The mode given to open() is cut by the umask; ours is meant as it is.
  const bool written = ::fchmod(descriptor, mode) == 0 && write_all(descriptor, text);
  const int number = errno;
  ::close(descriptor);
  if (!written) {
    ::unlink(file.c_str());
    return system_error(file, "cannot be written", number);
  }
  sync_folder_of(file);
  return {};
}

Status check_mode(const std::filesystem::path& file, mode_t forbidden, std::string_view why, const char* remedy) {
  struct stat found {};
  if (::stat(file.c_str(), &found) != 0) {
    return Error{ErrorCode::NotFound, fmt::format("{}: {}", file.string(), std::strerror(errno))};
  }
  if ((found.st_mode & forbidden) == 0) return {};
  return Error{ErrorCode::Refused, fmt::format("{}: {} (mode {:o}); run: chmod {} {}", file.string(), why,
                                               found.st_mode & 07777U, remedy, file.string())};
}

}  // namespace

Status create_file(const std::filesystem::path& file, std::string_view text, Readers readers) {
  return write_new(file, text, readers == Readers::Owner ? 0600 : 0644);
}

Status replace_file(const std::filesystem::path& file, std::string_view text) {
  struct stat old {};
  const mode_t mode = ::stat(file.c_str(), &old) == 0 ? old.st_mode & 0777U : 0644;
  auto beside = file;
  beside += fmt::format(".{}.part", ::getpid());
  ::unlink(beside.c_str());
  TRY(write_new(beside, text, mode));
  if (::rename(beside.c_str(), file.c_str()) != 0) {
    const int number = errno;
    ::unlink(beside.c_str());
    return system_error(file, "cannot be replaced", number);
  }
  sync_folder_of(file);
  return {};
}

Status check_owner_only(const std::filesystem::path& file) {
  return check_mode(file, S_IRWXG | S_IRWXO, "holds a secret key, and others than its owner may read or write it",
                    "600");
}

Status check_not_writable_by_all(const std::filesystem::path& file) {
  return check_mode(file, S_IWOTH, "says who may do what, and everybody may write it", "o-w");
}

Result<FolderLock> FolderLock::take(const std::filesystem::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return system_error(folder, "cannot be opened as a folder", errno);
  while (::flock(descriptor, LOCK_EX) != 0) {
    if (errno == EINTR) continue;
    const int number = errno;
    ::close(descriptor);
    return system_error(folder, "cannot be locked", number);
  }
  return FolderLock(descriptor);
}

FolderLock::~FolderLock() {
  if (m_descriptor >= 0) ::close(m_descriptor);
}

}  // namespace gridwall::feed
