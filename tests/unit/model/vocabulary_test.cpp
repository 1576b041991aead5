// The shipped code tables, and what is said of broken ones.
#include "model/vocabulary.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "base/text_file.hpp"
#include "support/temp_folder.hpp"

namespace gridwall::model {
namespace {

namespace fs = std::filesystem;

Vocabulary shipped() {
  auto loaded = load_vocabulary(GRIDWALL_SOURCE_DIR "/config");
  EXPECT_TRUE(loaded.ok()) << (loaded.ok() ? "" : loaded.error().message);
  return loaded.ok() ? std::move(loaded).value() : Vocabulary{};
}

// A copy of the shipped tables in which one text of one file is replaced.
std::string complaint_after(const std::string& file, std::string_view old_text, std::string_view new_text) {
  const auto* test = testing::UnitTest::GetInstance()->current_test_info();
  const fs::path folder = test::process_folder() / test->name();
  fs::remove_all(folder);
  fs::create_directories(folder);
  fs::copy(GRIDWALL_SOURCE_DIR "/config", folder, fs::copy_options::recursive);
  std::string text = base::read_text_file(folder / file).value();
  const auto found = text.find(old_text);
  EXPECT_NE(found, std::string::npos) << old_text;
  text.replace(found, old_text.size(), new_text);
  EXPECT_TRUE(base::write_text_file(folder / file, text).ok());
  const auto loaded = load_vocabulary(folder);
  fs::remove_all(folder);
  return loaded.ok() ? "" : loaded.error().message;
}

TEST(Vocabulary, the_six_event_classes_have_six_shapes) {
  const Vocabulary vocabulary = shipped();
  std::set<MarkerShape> shapes;
  int component_count = 0;
  for (const auto& big : vocabulary.big_classes) {
    if (big.code.starts_with("E")) shapes.insert(big.shape);
    if (big.code.starts_with("C")) ++component_count;
  }
  EXPECT_EQ(shapes.size(), 6u);
  EXPECT_EQ(component_count, 5);
}

TEST(Vocabulary, classes_follow_the_2013_edition_in_which_04_is_street_order) {
  const Vocabulary vocabulary = shipped();
  EXPECT_EQ(vocabulary.class_set, "GB/T 30428.2-2013");
  EXPECT_GE(vocabulary.classes.size(), 60u);
  ASSERT_NE(vocabulary.find_class("E04.01"), nullptr);
  EXPECT_EQ(vocabulary.find_class("E04.01")->name_zh, "无照游商");
  EXPECT_EQ(vocabulary.find_class("E05.05")->severity, Severity::Critical);
  EXPECT_EQ(vocabulary.find_big_class("E05.05")->name_zh, "突发事件");
  EXPECT_EQ(vocabulary.find_class("E99.99"), nullptr);
  for (const auto& entry : vocabulary.classes) {
    EXPECT_FALSE(entry.name_zh.empty() || entry.name_en.empty()) << entry.code;
    EXPECT_GT(entry.weight, 0) << entry.code;
  }
}

TEST(Vocabulary, the_hotline_and_the_app_are_the_publics_channels) {
  const Vocabulary vocabulary = shipped();
  for (const auto& channel : vocabulary.channels) {
    EXPECT_EQ(channel.is_public, channel.id == "hotline" || channel.id == "public_app") << channel.id;
  }
}

TEST(Vocabulary, the_lifecycle_is_read_with_it) {
  const Vocabulary vocabulary = shipped();
  const LifecycleRow* row = vocabulary.find_event("incident.filed");
  ASSERT_NE(row, nullptr);
  EXPECT_EQ(row->stamps, std::vector{Stamp::Filed});
}

TEST(Vocabulary, a_code_given_twice_is_refused_with_its_line) {
  const std::string text = complaint_after("classes/gbt30428.toml", "\"E01.02\"", "\"E01.01\"");
  EXPECT_NE(text.find("gbt30428.toml:"), std::string::npos) << text;
  EXPECT_NE(text.find("E01.01"), std::string::npos) << text;
}

TEST(Vocabulary, an_unknown_shape_is_refused_with_the_known_ones) {
  const std::string text = complaint_after("classes/gbt30428.toml", "\"hexagon\"", "\"star\"");
  EXPECT_NE(text.find("hexagon"), std::string::npos) << text;
  EXPECT_NE(text.find("star"), std::string::npos) << text;
}

TEST(Vocabulary, a_state_outside_the_lifecycle_is_refused) {
  EXPECT_NE(complaint_after("lifecycle.toml", "to = 34", "to = 35").find("lifecycle.toml:"), std::string::npos);
}

TEST(Vocabulary, a_misspelt_key_is_refused) {
  EXPECT_NE(complaint_after("channels.toml", "weight =", "wieght =").find("wieght"), std::string::npos);
}

TEST(Vocabulary, a_missing_table_names_the_file) {
  const auto loaded = load_vocabulary("/nowhere");
  ASSERT_FALSE(loaded.ok());
  EXPECT_NE(loaded.error().message.find("/nowhere/classes/gbt30428.toml"), std::string::npos);
}

}  // namespace
}  // namespace gridwall::model
