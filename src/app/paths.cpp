#include "app/paths.hpp"

#include <cstdio>
#include <cstdlib>

namespace gridwall::app {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorCode;

namespace {

bool is_root(const fs::path& folder) {
  return fs::is_directory(folder / "assets") && fs::is_directory(folder / "config") &&
         fs::is_directory(folder / "shaders");
}

}  // namespace

base::Result<fs::path> find_root() {
  if (const char* named = std::getenv("GRIDWALL_ROOT"); named != nullptr && *named != '\0') {
    if (is_root(named)) return fs::path(named);
    return Error{ErrorCode::NotFound,
                 fmt::format("GRIDWALL_ROOT={}: no assets, config and shaders folders there", named)};
  }
  std::error_code code;
  const fs::path executable = fs::read_symlink("/proc/self/exe", code);
  for (fs::path folder = executable.parent_path(); !code && folder.has_relative_path(); folder = folder.parent_path()) {
    if (is_root(folder)) return folder;
  }
  return Error{ErrorCode::NotFound,
               "the folder with assets, config and shaders was not found above the program; set GRIDWALL_ROOT to it"};
}

namespace {

// The folder that `variable` names, else one below the user's own.
base::Result<fs::path> own_folder(const char* variable, const fs::path& below_home, const char* without_home) {
  fs::path folder;
  if (const char* xdg = std::getenv(variable); xdg != nullptr && *xdg != '\0') {
    folder = fs::path(xdg) / "gridwall";
  } else if (const char* home = std::getenv("HOME"); home != nullptr && *home != '\0') {
    folder = fs::path(home) / below_home / "gridwall";
  } else {
    folder = fs::temp_directory_path() / without_home;
  }
  std::error_code code;
  fs::create_directories(folder, code);
  if (code) {
    return Error{ErrorCode::Unreadable, fmt::format("{}: cannot be made ({}); set {} to a folder of yours",
                                                    folder.string(), code.message(), variable)};
  }
  return folder;
}

}  // namespace

base::Result<fs::path> cache_folder() { return own_folder("XDG_CACHE_HOME", ".cache", "gridwall-cache"); }
base::Result<fs::path> state_folder() {
  return own_folder("XDG_STATE_HOME", fs::path(".local") / "state", "gridwall-state");
}

base::Result<model::Profile> open_profile(const fs::path& root, const std::string& name) {
  const bool is_file = name.find('/') != std::string::npos || name.ends_with(".toml");
  if (is_file) return model::load_profile(name);
  const fs::path file = root / "config" / "profiles" / (name + ".toml");
  if (fs::exists(file)) return model::load_profile(file);
  std::string known;
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(root / "config" / "profiles", code)) {
    if (entry.path().extension() == ".toml") known += (known.empty() ? "" : ", ") + entry.path().stem().string();
  }
  return Error{ErrorCode::InvalidArgument, fmt::format("no profile '{}'; known: {}", name, known)};
}

int fail(const std::string& command, const base::Error& error) {
  std::fprintf(stderr, "gridwall %s: %s\n", command.c_str(), error.message.c_str());
  return error.code == ErrorCode::InvalidArgument ? 2 : 1;
}

}  // namespace gridwall::app
