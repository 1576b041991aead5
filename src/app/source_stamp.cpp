#include "app/source_stamp.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "base/hash.hpp"
#include "geo/source_name.hpp"

namespace gridwall::app {

namespace fs = std::filesystem;

namespace {

// "grids.shp.xml" and "grids.gpkg-wal" belong to "grids".
std::string stem_of(const fs::path& file) {
  const std::string name = file.filename().string();
  return name.substr(0, name.find('.', 1));
}

void add_folder(const fs::path& folder, std::vector<fs::path>& files, std::error_code& code) {
  for (fs::recursive_directory_iterator at(folder, code), end; !code && at != end; at.increment(code)) {
    if (at->is_regular_file(code)) files.push_back(at->path());
  }
}

void add_with_companions(const fs::path& file, std::vector<fs::path>& files, std::error_code& code) {
  files.push_back(file);
  const std::string stem = stem_of(file);
  for (fs::directory_iterator at(file.parent_path(), code), end; !code && at != end; at.increment(code)) {
    if (at->is_regular_file(code) && stem_of(at->path()) == stem) files.push_back(at->path());
  }
}

}  // namespace

std::optional<std::vector<fs::path>> files_of_sources(const std::vector<std::string>& sources) {
  std::vector<fs::path> files;
  std::error_code code;
  for (const std::string& source : sources) {
    const geo::SourceName name = geo::name_source(source);
    if (name.kind != geo::SourceKind::File) return std::nullopt;
    const fs::path path = fs::canonical(name.opened, code);
    if (code) return std::nullopt;
    if (fs::is_directory(path, code)) {
      add_folder(path, files, code);
    } else {
      add_with_companions(path, files, code);
    }
    if (code) return std::nullopt;
  }
  std::sort(files.begin(), files.end());
  files.erase(std::unique(files.begin(), files.end()), files.end());
  return files;
}

std::optional<std::uintmax_t> bytes_of(const std::vector<std::filesystem::path>& files) {
  std::uintmax_t bytes = 0;
  std::error_code code;
  for (const std::filesystem::path& file : files) {
    bytes += std::filesystem::file_size(file, code);
    if (code) return std::nullopt;
  }
  return bytes;
}

std::optional<std::string> stamp_of(const std::vector<fs::path>& files) {
  std::string text;
  for (const fs::path& file : files) {
    struct stat found {};
    if (::stat(file.c_str(), &found) != 0) return std::nullopt;
    text +=
        fmt::format("{}\t{}\t{}.{:09}\n", file.string(), found.st_size, found.st_mtim.tv_sec, found.st_mtim.tv_nsec);
  }
  return text;
}

std::optional<std::uint64_t> content_hash_of(const std::vector<fs::path>& files, const std::stop_token& stop) {
  constexpr std::size_t kBlockBytes = std::size_t{1} << 20;
  std::string block(kBlockBytes, '\0');
  std::uint64_t hash = 0;
  for (const fs::path& file : files) {
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return std::nullopt;
    ssize_t size = 1;
    while (size > 0 && !stop.stop_requested()) {
      size = ::read(descriptor, block.data(), block.size());
      // Blocks of regular files are full but for the last one, so the hash does not depend on how they were read.
      if (size > 0) hash = base::hash_bytes({block.data(), static_cast<std::size_t>(size)}, hash);
    }
    ::close(descriptor);
    if (size != 0) return std::nullopt;
    hash = base::hash_bytes(file.filename().string(), hash);
  }
  return hash;
}

}  // namespace gridwall::app
