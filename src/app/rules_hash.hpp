// What two ends of a feed compare of their rules: what the configuration says about how cases are judged, and what the
// profile chooses of it. Comments, white space and the order of keys do not count: they judge nothing.
// Test: tests/unit/app/rules_hash_test.cpp.
#pragma once

#include <cstdint>
#include <filesystem>

#include "base/result.hpp"
#include "model/profile.hpp"

namespace gridwall::app {

// Errors: a folder that cannot be read, a file in it that is no TOML.
base::Result<std::uint64_t> hash_of_rules(const std::filesystem::path& config, const model::Profile& profile);

}  // namespace gridwall::app
