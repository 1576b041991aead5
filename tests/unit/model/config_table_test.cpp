#include "model/config_table.hpp"

#include <gtest/gtest.h>

namespace gridwall::model {
namespace {

constexpr const char* kText = R"(# a comment
name = "江阴"
count = 17
rate = 2.5
on = true
lengths = [6, 9, 12]

[inner]
deep = 1

[[row]]
a = 1
[[row]]
a = "two"
)";

ConfigTable parsed() {
  return ConfigTable::parse(kText, "test.toml").value();
}

TEST(ConfigTable, reads_each_kind_of_value) {
  const ConfigTable table = parsed();
  EXPECT_EQ(*table.text("name"), "江阴");
  EXPECT_EQ(*table.integer("count", 0, 100), 17);
  EXPECT_DOUBLE_EQ(*table.number("rate", 0, 10), 2.5);
  EXPECT_TRUE(*table.truth("on"));
  EXPECT_EQ(*table.integers("lengths"), (std::vector<std::int64_t>{6, 9, 12}));
  EXPECT_EQ(*table.table("inner")->integer("deep", 0, 9), 1);
  EXPECT_EQ(table.tables("row")->size(), 2u);
}

TEST(ConfigTable, says_the_same_of_files_that_mean_the_same_and_another_thing_of_any_that_do_not) {
  const auto said = [](const char* text) { return ConfigTable::parse(text, "test.toml").value().canonical_text(); };
  const std::string plain = said("a = 1\nb = \"two\"\n[inner]\nc = [1, 2]\nd = true\n");
  EXPECT_EQ(said("# why\n\nb   =   'two'   # a comment\na=0x1\n\n[inner] # another\n  d = true\n  c = [ 1,\n 2, ]\n"),
            plain);
  EXPECT_EQ(said("a = 1\nb = \"two\"\ninner = {c = [1, 2], d = true}\n"), plain);
  for (const char* other :
       {"a = 2\nb = \"two\"\n[inner]\nc = [1, 2]\nd = true\n", "a = 1.0\nb = \"two\"\n[inner]\nc = [1, 2]\nd = true\n",
        "a = \"1\"\nb = \"two\"\n[inner]\nc = [1, 2]\nd = true\n",
        "a = 1\nb = \" two\"\n[inner]\nc = [1, 2]\nd = true\n", "a = 1\nb = \"two\"\n[inner]\nc = [2, 1]\nd = true\n",
        "a = 1\nb = \"two\"\n[other]\nc = [1, 2]\nd = true\n", "a = 1\nb = \"two\"\n[inner]\nc = [1, 2]\n"}) {
    EXPECT_NE(said(other), plain) << other;
  }
}

TEST(ConfigTable, complains_with_file_line_key_expectation_and_finding) {
  const ConfigTable table = parsed();
  EXPECT_EQ(table.integer("name", 0, 9).error().message,
            "test.toml:2: name: expected a whole number from 0 to 9, found \"江阴\"");
  EXPECT_EQ(table.integer("count", 0, 9).error().message,
            "test.toml:3: count: expected a whole number from 0 to 9, found 17");
  EXPECT_EQ((*table.tables("row"))[1].integer("a", 0, 9).error().message,
            "test.toml:14: row[2].a: expected a whole number from 0 to 9, found \"two\"");
  EXPECT_NE(table.text("absent").error().message.find("absent: expected text in quotes, found nothing"),
            std::string::npos);
}

TEST(ConfigTable, takes_a_default_for_an_absent_key_but_not_for_a_wrong_one) {
  const ConfigTable table = parsed();
  EXPECT_EQ(*table.text_or("absent", "x"), "x");
  EXPECT_FALSE(table.text_or("count", "x").ok());
}

TEST(ConfigTable, finds_a_misspelt_key_with_its_line) {
  const auto status = parsed().expect_only({"name", "count", "rate", "on", "inner", "row"});
  ASSERT_FALSE(status.ok());
  EXPECT_NE(status.error().message.find("test.toml:6: lengths: unknown key"), std::string::npos);
}

TEST(ConfigTable, says_where_broken_toml_is_broken) {
  const auto broken = ConfigTable::parse("a = 1\nb = = 2\n", "broken.toml");
  ASSERT_FALSE(broken.ok());
  EXPECT_EQ(broken.error().message.rfind("broken.toml:2: not valid TOML", 0), 0u) << broken.error().message;
}

}  // namespace
}  // namespace gridwall::model
