#include "base/text_file.hpp"

#include <unistd.h>

#include <fstream>

namespace gridwall::base {

Result<std::string> read_text_file(const std::filesystem::path& path, std::size_t size_max_bytes) {
  std::error_code code;
  const auto status = std::filesystem::status(path, code);
  if (code || !std::filesystem::exists(status)) {
    return Error{ErrorCode::NotFound, fmt::format("{}: no such file", path.string())};
  }
  if (std::filesystem::is_directory(status)) {
    return Error{ErrorCode::Unreadable,
                 fmt::format("{}: is a directory, a file was expected", path.string())};
  }
  std::ifstream stream(path, std::ios::binary);
  if (!stream) {
    return Error{ErrorCode::Unreadable,
                 fmt::format("{}: cannot be opened; check its permissions", path.string())};
  }
  std::string text;
  char block[65536];
  while (stream.read(block, sizeof block) || stream.gcount() > 0) {
    text.append(block, static_cast<std::size_t>(stream.gcount()));
    if (text.size() > size_max_bytes) {
      return Error{ErrorCode::Unreadable, fmt::format("{}: larger than the limit of {} bytes",
                                                      path.string(), size_max_bytes)};
    }
  }
  return text;
}

Status write_text_file(const std::filesystem::path& path, std::string_view text) {
  auto beside = path;
  beside += fmt::format(".{}.part", ::getpid());
  {
    std::ofstream stream(beside, std::ios::binary | std::ios::trunc);
    stream.write(text.data(), static_cast<std::streamsize>(text.size()));
    stream.flush();
    if (!stream) {
      return Error{ErrorCode::Unreadable,
                   fmt::format("{}: cannot be written; check the folder, its permissions and the "
                               "space on the disk",
                               path.string())};
    }
  }
  std::error_code code;
  std::filesystem::rename(beside, path, code);
  if (code) {
    return Error{ErrorCode::Unreadable,
                 fmt::format("{}: cannot be replaced ({})", path.string(), code.message())};
  }
  return {};
}

}  // namespace gridwall::base
