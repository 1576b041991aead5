// Where the program finds its own shaders, assets and configuration, and where it may keep a cache.
#pragma once

#include <filesystem>
#include <string>

#include "base/result.hpp"
#include "model/profile.hpp"

namespace gridwall::app {

// The folder that holds assets/, config/ and shaders/: $GRIDWALL_ROOT, else found upward from the executable.
base::Result<std::filesystem::path> find_root();

// $XDG_CACHE_HOME/gridwall or ~/.cache/gridwall, made when missing: outside the repository.
base::Result<std::filesystem::path> cache_folder();

// $XDG_STATE_HOME/gridwall or ~/.local/state/gridwall, made when missing: what a person keeps.
base::Result<std::filesystem::path> state_folder();

// "jiangyin-2019" is config/profiles/jiangyin-2019.toml; a name with a slash or ".toml" is a file of one's own.
base::Result<model::Profile> open_profile(const std::filesystem::path& root, const std::string& name);

// Prints "gridwall NAME: message" and returns the exit code that belongs to the error.
int fail(const std::string& command, const base::Error& error);

}  // namespace gridwall::app
