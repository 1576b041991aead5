// The city of a profile is made once and found again; a changed profile gets a city of its own.
#include "app/city_cache.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

#include "support/temp_folder.hpp"

namespace gridwall::app {
namespace {

namespace fs = std::filesystem;

class CityCache : public testing::Test {
 protected:
  CityCache() {
    ::setenv("XDG_CACHE_HOME", m_folder.c_str(), 1);
    m_profile.id = "small";
    m_profile.name_zh = "某区";
    m_profile.county_code = "320812";
    m_profile.district = "qingjiangpu";
    m_profile.outline_crs = "EPSG:4490";
    m_profile.world_crs = "EPSG:4549";
    m_profile.levels = {{"区", "district", "admin", 1, false}, {"镇街", "town", "admin", 4, false}};
  }

  base::Result<fs::path> ensure() {
    return ensure_city(GRIDWALL_SOURCE_DIR, m_profile, [this](std::string_view, double) { ++m_told; });
  }

  test::TempFolder m_temporary;
  const fs::path m_folder = m_temporary.path();
  model::Profile m_profile;
  int m_told = 0;
};

TEST_F(CityCache, makes_a_city_once_and_leaves_no_half_file) {
  const auto first = ensure();
  ASSERT_TRUE(first.ok()) << first.error().message;
  EXPECT_GT(m_told, 0);
  m_told = 0;
  const auto second = ensure();
  ASSERT_TRUE(second.ok());
  EXPECT_EQ(*first, *second);
  EXPECT_EQ(m_told, 0);
  for (const auto& entry : fs::recursive_directory_iterator(m_folder)) EXPECT_NE(entry.path().extension(), ".part");
}

TEST_F(CityCache, gives_a_changed_profile_another_city) {
  const auto first = ensure();
  m_profile.levels.back().count = 5;
  const auto second = ensure();
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_NE(*first, *second);
}

TEST_F(CityCache, names_the_outline_that_is_missing) {
  m_profile.district = "atlantis";
  const auto missing = ensure();
  ASSERT_FALSE(missing.ok());
  EXPECT_NE(missing.error().message.find("atlantis"), std::string::npos);
}

}  // namespace
}  // namespace gridwall::app
