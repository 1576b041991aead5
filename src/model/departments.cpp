#include "model/departments.hpp"

#include <algorithm>

#include "model/config_table.hpp"
#include "model/finding_scope.hpp"

namespace gridwall::model {

namespace {

constexpr std::size_t kIdBytesMax = 32;

bool is_id(std::string_view text) {
  const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-'; };
  return !text.empty() && text.size() <= kIdBytesMax && std::all_of(text.begin(), text.end(), allowed);
}

base::Status read_department(const ConfigTable& table, Departments& departments) {
  TRY(table.expect_only({"id", "name_zh", "name_en", "classes"}));
  Department department;
  TRY_ASSIGN(department.id, table.text("id"));
  if (!is_id(department.id)) return table.error_at("id", "a word of a-z, 0-9, _ and -, at most 32 of them");
  if (departments.find(department.id) != nullptr) return table.error_at("id", "an id not used above");
  TRY_ASSIGN(department.name_zh, table.text("name_zh"));
  TRY_ASSIGN(department.name_en, table.text("name_en"));
  TRY_ASSIGN(department.classes, table.texts("classes"));
  departments.all.push_back(std::move(department));
  return {};
}

}  // namespace

const Department* Departments::find(std::string_view id) const {
  const auto found = std::find_if(all.begin(), all.end(), [&](const Department& one) { return one.id == id; });
  return found == all.end() ? nullptr : &*found;
}

std::vector<std::size_t> Departments::of_class(std::string_view class_code) const {
  for (const auto code : {class_code, class_code.substr(0, class_code.find('.'))}) {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (std::find(all[i].classes.begin(), all[i].classes.end(), code) != all[i].classes.end()) found.push_back(i);
    }
    if (!found.empty()) return found;
  }
  return {};
}

base::Result<Departments> load_departments(const std::filesystem::path& file) {
  TRY_ASSIGN(const auto root, ConfigTable::open(file));
  TRY(root.expect_only({"department"}));
  TRY_ASSIGN(const auto tables, root.tables("department"));
  Departments departments;
  for (const ConfigTable& table : tables) {
    if (const auto row = read_department(table, departments); !FindingScope::go_on(row)) return row.error();
  }
  if (departments.all.empty()) return root.error_at("department", "at least one department");
  return departments;
}

}  // namespace gridwall::model
