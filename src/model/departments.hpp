// Departments: who handles which class, config/departments.toml. Ids are what events carry; names are for people. A
// department that the table does not know is shown by its id. Test: tests/unit/model/departments_test.cpp.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace gridwall::model {

struct Department {
  std::string id;
  std::string name_zh, name_en;
  std::vector<std::string> classes;  // codes of classes, or of big classes for all of theirs
};

struct Departments {
  std::vector<Department> all;

  // Null when unknown.
  [[nodiscard]] const Department* find(std::string_view id) const;
  // Who handles the class, the usual one first, as indices of `all`: those with its own code, else those with its big
  // class. None: nobody is named.
  [[nodiscard]] std::vector<std::size_t> of_class(std::string_view class_code) const;
};

// Errors: the file's, an id twice or that is no word of [a-z0-9_-], no department at all.
base::Result<Departments> load_departments(const std::filesystem::path& file);

}  // namespace gridwall::model
