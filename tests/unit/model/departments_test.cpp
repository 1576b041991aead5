#include "model/departments.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "model/vocabulary.hpp"
#include "support/temp_folder.hpp"

namespace gridwall::test {
namespace {

base::Result<model::Departments> read(const std::string& text) {
  const auto file = test::process_folder() / "departments_test.toml";
  std::ofstream(file) << text;
  return model::load_departments(file);
}

constexpr const char* kTwo = R"(department = [
  { id = "a", name_zh = "甲", name_en = "A", classes = ["E01", "E02"] },
  { id = "b", name_zh = "乙", name_en = "B", classes = ["E01.10", "E02"] },
])";

TEST(Departments, a_class_belongs_to_those_with_its_own_code_before_those_with_its_big_classs) {
  const auto departments = read(kTwo);
  ASSERT_TRUE(departments.ok()) << departments.error().message;
  EXPECT_EQ(departments->of_class("E01.10"), (std::vector<std::size_t>{1}));
  EXPECT_EQ(departments->of_class("E01.12"), (std::vector<std::size_t>{0}));
  EXPECT_EQ(departments->of_class("E02.01"), (std::vector<std::size_t>{0, 1}));
  EXPECT_TRUE(departments->of_class("C01.01").empty());
}

TEST(Departments, every_shipped_class_has_one_and_every_shipped_code_is_a_class) {
  const std::filesystem::path config = GRIDWALL_SOURCE_DIR "/config";
  const auto departments = model::load_departments(config / "departments.toml");
  ASSERT_TRUE(departments.ok()) << departments.error().message;
  const auto vocabulary = model::load_vocabulary(config);
  ASSERT_TRUE(vocabulary.ok());
  EXPECT_GE(departments->all.size(), 8u);
  for (const auto& one : vocabulary->classes) EXPECT_FALSE(departments->of_class(one.code).empty()) << one.code;
  for (const auto& department : departments->all) {
    EXPECT_EQ(departments->find(department.id), &department);
    for (const auto& code : department.classes) {
      const bool known = code.find('.') == std::string::npos ? vocabulary->find_big_class(code) != nullptr
                                                             : vocabulary->find_class(code) != nullptr;
      EXPECT_TRUE(known) << department.id << " " << code;
    }
  }
}

TEST(Departments, mistakes_are_named_with_file_and_key) {
  const auto complaint = [](const std::string& text) {
    const auto read_back = read(text);
    return read_back.ok() ? std::string() : read_back.error().message;
  };
  const std::string entry = R"({ id = "a", name_zh = "甲", name_en = "A", classes = [] })";
  EXPECT_NE(complaint("department = [" + entry + ", " + entry + "]").find("id"), std::string::npos);
  EXPECT_NE(complaint("department = []").find("at least one"), std::string::npos);
  EXPECT_NE(complaint(R"(department = [{ id = "A b", name_zh = "", name_en = "", classes = [] }])").find("a-z"),
            std::string::npos);
  EXPECT_NE(complaint(R"(department = [{ id = "a", name = "x", classes = [] }])").find("departments_test.toml"),
            std::string::npos);
}

}  // namespace
}  // namespace gridwall::test
