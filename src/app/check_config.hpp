// What `gridwall check` looks at: every file below config/ by the loader that the program itself uses, what files say
// of each other (a profile's edition, channels, departments, stages, words, coordinate systems), and that the two
// dictionaries have the same keys and places to fill in. Reads only. Test: tests/unit/app/check_test.cpp.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "app/check_findings.hpp"

namespace gridwall::app {

struct CheckScope {
  std::filesystem::path root;  // holds config/ and assets/
  // Files to look at; empty: all of config/ and the dictionaries. A file of one's own is known by its folder
  // (profiles, classes, walls ...), its name (channels.toml) or else by the keys in it.
  std::vector<std::filesystem::path> files;
  std::function<void(std::string_view, double)> tell{};  // progress: the file, the share done
};

struct CheckResult {
  std::vector<Finding> findings;  // in order of file and line
  std::size_t file_count = 0;
};

CheckResult check_config(const CheckScope& scope);

}  // namespace gridwall::app
