// What `gridwall check` says of one profile beside what its loader says: whether the files, classes, channels,
// departments, stages, words, layers and coordinate systems that it names are there. And of the dictionaries as a pair.
// Test: tests/unit/app/check_test.cpp.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "app/check_findings.hpp"
#include "model/config_table.hpp"

namespace gridwall::app {

// The names that profiles may use, by where they stand.
struct CommonConfig {
  std::vector<std::string> editions, calendars, limits, stages, indicators, districts;
  std::vector<std::string> channels, departments;
  std::map<std::string, std::string> words_zh;  // key: text
};
CommonConfig read_common(const std::filesystem::path& root);

void check_profile(const std::filesystem::path& file, const std::filesystem::path& root, const CommonConfig& common,
                   std::vector<Finding>& findings);

// A key that names a coordinate system: PROJ has to know it, or it is GCJ-02 or BD-09.
void check_crs(const model::ConfigTable& table, std::string_view key, std::vector<Finding>& findings);

// The same keys in both, and the same places to fill in ({0}, {1}).
void check_dictionary_pair(const std::filesystem::path& zh, const std::filesystem::path& en,
                           std::vector<Finding>& findings);

}  // namespace gridwall::app
