#include "app/made_recording.hpp"

#include <unistd.h>

#include "app/paths.hpp"
#include "base/hash.hpp"

namespace gridwall::app {

namespace fs = std::filesystem;

std::string recording_name(const std::string& stem, const std::string& ingredients) {
  return fmt::format("{}-{:016x}", stem, base::hash_bytes(fmt::format("{}\n{}", GRIDWALL_VERSION, ingredients)));
}

base::Result<fs::path> ensure_recording(const std::string& name,
                                        const std::function<base::Status(const fs::path& made)>& make) {
  TRY_ASSIGN(const fs::path folder, cache_folder());
  fs::path file = folder / name;
  if (fs::exists(file)) return file;
  const fs::path made = folder / fmt::format("{}.{}.gwr", file.stem().string(), ::getpid());
  std::error_code ignored;
  fs::remove(made, ignored);
  if (const base::Status written = make(made); !written.ok()) {
    fs::remove(made, ignored);
    return written.error();
  }
  std::error_code error;
  fs::rename(made, file, error);
  if (error) {
    return base::Error{base::ErrorCode::Unavailable,
                       fmt::format("{}: cannot be renamed: {}", made.string(), error.message())};
  }
  return file;
}

}  // namespace gridwall::app
