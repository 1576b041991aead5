// Two ends whose configuration means the same have the same hash, and no others.
#include "app/rules_hash.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "base/text_file.hpp"
#include "model/profile.hpp"
#include "support/temp_folder.hpp"

namespace gridwall::app {
namespace {

namespace fs = std::filesystem;

class RulesHash : public testing::Test {
 protected:
  RulesHash() {
    fs::copy(fs::path(GRIDWALL_SOURCE_DIR) / "config", config(), fs::copy_options::recursive);
    m_profile = model::load_profile(config() / "profiles" / "lianyuan.toml").value();
  }
  [[nodiscard]] fs::path config() const { return m_folder / "config"; }
  [[nodiscard]] std::uint64_t hash() const {
    const auto made = hash_of_rules(config(), m_profile);
    EXPECT_TRUE(made.ok()) << made.error().message;
    return made.ok() ? *made : 0;
  }
  void change(const std::string& file, const std::function<std::string(std::string)>& edit) {
    ASSERT_TRUE(base::write_text_file(config() / file, edit(base::read_text_file(config() / file).value())).ok());
  }

  test::TempFolder m_folder;
  model::Profile m_profile;
};

TEST_F(RulesHash, is_the_same_after_a_comment_and_white_space_in_any_rules_file) {
  const std::uint64_t before = hash();
  for (const char* file : {"alerts.toml", "lifecycle.toml", "calendars/cn.toml", "limits/default.toml",
                           "stages/seven.toml", "indicators/default.toml", "classes/gbt30428.toml"}) {
    change(file, [](const std::string& text) { return "# new here\n\n" + text + "\n\n# and there\n"; });
    EXPECT_EQ(hash(), before) << file;
  }
}

TEST_F(RulesHash, is_another_one_when_a_value_a_key_a_file_or_the_profiles_choice_is) {
  std::set<std::uint64_t> hashes{hash()};
  change("alerts.toml", [](const std::string& text) { return "new_key = 1\n" + text; });
  EXPECT_TRUE(hashes.insert(hash()).second) << "a key";
  change("alerts.toml", [](const std::string& text) { return "new_key = 2" + text.substr(text.find('\n')); });
  EXPECT_TRUE(hashes.insert(hash()).second) << "a value";
  fs::rename(config() / "limits" / "yuncheng.toml", config() / "limits" / "other.toml");
  EXPECT_TRUE(hashes.insert(hash()).second) << "a file's name";
  m_profile.rules.limits = "another";
  EXPECT_TRUE(hashes.insert(hash()).second) << "the profile's choice";
}

TEST_F(RulesHash, passes_over_maps_of_feeds_and_other_districts_and_names_a_file_that_is_no_toml) {
  const std::uint64_t before = hash();
  fs::remove_all(config() / "maps");
  fs::remove(config() / "profiles" / "wujin.toml");
  EXPECT_EQ(hash(), before);
  change("alerts.toml", [](const std::string&) { return "a = = 1"; });
  const auto broken = hash_of_rules(config(), m_profile);
  ASSERT_FALSE(broken.ok());
  EXPECT_NE(broken.error().message.find("alerts.toml"), std::string::npos) << broken.error().message;
}

}  // namespace
}  // namespace gridwall::app
