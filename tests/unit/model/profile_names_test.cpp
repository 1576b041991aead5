#include "model/profile_names.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "model/profile.hpp"

namespace gridwall::model {
namespace {

const std::filesystem::path kRoot = GRIDWALL_SOURCE_DIR;

TEST(ProfileNames, own_classes_and_channels_stand_behind_the_common_ones_and_change_none_of_them) {
  const Vocabulary common = std::move(load_vocabulary(kRoot / "config")).value();
  ProfileTables tables;
  tables.classes = {{"G01.02", "权益保障", "Rights", "", 2, true}, {common.classes[0].code, "x", "x", "", 4, false}};
  tables.channels = {{{"visit", "到进访", "Visits", ""}, true}, {{"hotline", "x", "x", ""}, false}};
  const Vocabulary named = with_own_names(common, tables);
  ASSERT_NE(named.find_class("G01.02"), nullptr);
  EXPECT_EQ(named.find_class("G01.02")->name_en, "Rights");
  EXPECT_TRUE(named.find_class("G01.02")->sensitive);
  EXPECT_EQ(named.find_class("G01.02")->weight, 0) << "no simulator draws it";
  ASSERT_NE(named.find_big_class("G01.02"), nullptr) << "so that a marker has a shape";
  EXPECT_EQ(named.find_class(common.classes[0].code)->name_zh, common.classes[0].name_zh);
  EXPECT_EQ(named.classes.size(), common.classes.size() + 1);
  ASSERT_NE(named.find_channel("visit"), nullptr);
  EXPECT_EQ(named.find_channel("hotline")->name_zh, common.find_channel("hotline")->name_zh);
}

TEST(ProfileNames, own_departments_have_names_and_handle_no_class) {
  ProfileTables tables;
  tables.departments = {{{"governance", "综合治理平台", "Governance platform", ""}, "platform"}};
  const Departments common = std::move(load_departments(kRoot / "config" / "departments.toml")).value();
  const Departments named = with_own_names(common, tables);
  ASSERT_NE(named.find("governance"), nullptr);
  EXPECT_EQ(named.find("governance")->name_en, "Governance platform");
  EXPECT_EQ(named.of_class("E01.10"), common.of_class("E01.10"));
}

TEST(ProfileNames, words_of_a_profile_replace_the_dictionarys_and_unknown_keys_are_told) {
  for (const Language language : {Language::Chinese, Language::English}) {
    Words words = std::move(Words::load(kRoot / "assets" / "words", language)).value();
    ProfileTables tables;
    tables.words = {{"incidents.title", "最新民情", "Latest matters"}, {"no.such", "x", "x"}};
    EXPECT_EQ(override_words(words, tables), std::vector<std::string>{"no.such"});
    EXPECT_EQ(words.get("incidents.title"), language == Language::Chinese ? "最新民情" : "Latest matters");
    EXPECT_FALSE(words.has("no.such"));
  }
}

TEST(ProfileNames, every_word_of_the_shipped_profiles_is_one_of_the_dictionary) {
  int profiles = 0;
  for (const auto& file : std::filesystem::directory_iterator(kRoot / "config" / "profiles")) {
    if (file.path().extension() != ".toml") continue;
    const auto profile = load_profile(file.path());
    ASSERT_TRUE(profile.ok()) << profile.error().message;
    Words words = std::move(Words::load(kRoot / "assets" / "words", Language::Chinese)).value();
    EXPECT_EQ(override_words(words, profile->tables), std::vector<std::string>{}) << file.path();
    ++profiles;
  }
  EXPECT_GE(profiles, 6);
}

}  // namespace
}  // namespace gridwall::model
