// Both languages have the same keys with the same places to fill, and every key that the panels ask for is there.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <vector>

#include "model/incident.hpp"
#include "model/profile.hpp"
#include "model/words.hpp"

namespace gridwall::ui {
namespace {

const std::filesystem::path kRoot = GRIDWALL_SOURCE_DIR;

model::Words load(model::Language language) {
  auto words = model::Words::load(kRoot / "assets" / "words", language);
  EXPECT_TRUE(words.ok()) << words.error().message;
  return std::move(words).value();
}

std::set<std::string> keys(const model::Words& words) {
  const auto list = words.keys();
  return {list.begin(), list.end()};
}

std::set<std::string> slots(const std::string& text) {
  std::set<std::string> found;
  for (std::size_t i = 0; i + 2 < text.size(); ++i) {
    if (text[i] == '{' && text[i + 2] == '}') found.insert(text.substr(i, 3));
  }
  return found;
}

// What stands between quotes and looks like section.key.
std::vector<std::string> quoted_keys(const std::string& text) {
  constexpr const char* kLetters = "abcdefghijklmnopqrstuvwxyz0123456789_.";
  std::vector<std::string> found;
  for (std::size_t open = text.find('"'); open != std::string::npos; open = text.find('"', open + 1)) {
    const std::size_t close = text.find_first_not_of(kLetters, open + 1);
    if (close == std::string::npos || text[close] != '"') continue;
    const std::string key = text.substr(open + 1, close - open - 1);
    const std::size_t dot = key.find('.');
    const bool is_key = dot != std::string::npos && dot > 0 && dot + 1 < key.size() &&
                        key.find('.', dot + 1) == std::string::npos && !key.ends_with(".hpp");
    if (is_key) found.push_back(key);
  }
  return found;
}

TEST(Words, both_languages_have_the_same_keys) {
  EXPECT_EQ(keys(load(model::Language::Chinese)), keys(load(model::Language::English)));
}

TEST(Words, both_languages_fill_the_same_places) {
  const model::Words zh = load(model::Language::Chinese);
  const model::Words en = load(model::Language::English);
  for (const std::string& key : keys(zh)) EXPECT_EQ(slots(zh.get(key)), slots(en.get(key))) << key;
}

TEST(Words, every_key_written_in_the_panels_exists) {
  const auto known = keys(load(model::Language::Chinese));
  std::set<std::string> sections;
  for (const std::string& key : known) sections.insert(key.substr(0, key.find('.')));
  int found = 0;
  for (const auto& entry : std::filesystem::directory_iterator(kRoot / "src" / "ui")) {
    if (entry.path().extension() != ".cpp") continue;
    std::ifstream file(entry.path());
    const std::string text((std::istreambuf_iterator<char>(file)), {});
    for (const std::string& key : quoted_keys(text)) {
      EXPECT_TRUE(known.contains(key)) << entry.path().filename() << ": " << key;
      ++found;
    }
  }
  EXPECT_GT(found, 30);
}

TEST(Words, every_unit_and_scope_of_the_shipped_profiles_has_a_word) {
  const auto known = keys(load(model::Language::Chinese));
  int figures = 0;
  for (const auto& entry : std::filesystem::directory_iterator(kRoot / "config" / "profiles")) {
    if (entry.path().extension() != ".toml") continue;
    const auto profile = model::load_profile(entry.path());
    ASSERT_TRUE(profile.ok()) << profile.error().message;
    for (const model::FigureSpec& figure : profile->tables.figures) {
      EXPECT_TRUE(figure.unit == "%" || known.contains("unit." + figure.unit)) << figure.unit;
      EXPECT_TRUE(figure.scope.empty() || known.contains("scope." + figure.scope)) << figure.scope;
      ++figures;
    }
  }
  EXPECT_GT(figures, 100);
}

TEST(Words, every_state_severity_and_weekday_has_a_word) {
  const auto known = keys(load(model::Language::English));
  for (int number = 0; number < 100; ++number) {
    if (model::case_state_from_number(number)) {
      EXPECT_TRUE(known.contains("state." + std::to_string(number)));
    }
  }
  for (int i = 1; i <= 4; ++i) EXPECT_TRUE(known.contains("severity." + std::to_string(i)));
  for (int i = 0; i < 7; ++i) EXPECT_TRUE(known.contains("weekday." + std::to_string(i)));
}

}  // namespace
}  // namespace gridwall::ui
