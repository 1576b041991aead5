#include "app/saved_places.hpp"

#include <gtest/gtest.h>

#include "base/text_file.hpp"
#include "support/temp_folder.hpp"

namespace gridwall::app {
namespace {

constexpr const char* kCrs = "EPSG:4549";

std::unique_ptr<SavedPlaces> opened(const std::filesystem::path& folder, const std::string& crs = kCrs) {
  auto places = SavedPlaces::open(folder, "jiangyin-2019-320281", crs);
  EXPECT_TRUE(places.ok()) << places.error().message;
  return std::move(places).value();
}

TEST(SavedPlaces, survive_a_restart_and_fit_another_screen) {
  const test::TempFolder folder;
  const SavedPlaces::Place place{{{528000, 3532000}, 0.5}, "overview", "320281001", model::Indicator::ReportedToday};
  ASSERT_TRUE(opened(folder.path())->save(3, place, 1000).ok());
  const auto places = opened(folder.path());
  const auto found = places->find(3, 4000);
  ASSERT_TRUE(found);
  EXPECT_NEAR(found->map.center_world.x, 528000, 0.001);
  EXPECT_NEAR(found->map.center_world.y, 3532000, 0.001);
  EXPECT_NEAR(found->map.px_per_m, 2.0, 1e-6) << "the same ground on four times the pixels";
  EXPECT_EQ(found->view, "overview");
  EXPECT_EQ(found->division, "320281001");
  EXPECT_EQ(found->indicator, model::Indicator::ReportedToday);
  EXPECT_FALSE(places->find(4, 4000));
}

TEST(SavedPlaces, hold_in_another_reference_system) {
  const test::TempFolder folder;
  ASSERT_TRUE(opened(folder.path())->save(1, {{{528000, 3532000}, 0.5}, "", "", {}}, 1000).ok());
  const auto found = opened(folder.path(), "EPSG:3857")->find(1, 1000);
  ASSERT_TRUE(found);
  EXPECT_NEAR(found->map.center_world.x, 13'391'000, 5'000) << "Web Mercator's metres";
}

TEST(SavedPlaces, saving_again_replaces_and_a_hundred_stay) {
  const test::TempFolder folder;
  const auto places = opened(folder.path());
  for (std::int64_t number = 100; number >= 1; --number) {
    ASSERT_TRUE(places->save(number, {{{528000.0 + static_cast<double>(number), 3532000}, 1}, "", "", {}}, 900).ok());
  }
  ASSERT_TRUE(places->save(50, {{{500000, 3500000}, 1}, "", "", {}}, 900).ok());
  const auto again = opened(folder.path());
  EXPECT_NEAR(again->find(50, 900)->map.center_world.x, 500000, 0.001);
  for (const std::int64_t number : {1, 49, 51, 100}) {
    EXPECT_NEAR(again->find(number, 900)->map.center_world.x, 528000.0 + static_cast<double>(number), 0.001);
  }
}

TEST(SavedPlaces, a_broken_file_stops_nobody_and_is_kept_aside) {
  const test::TempFolder folder;
  const auto file = folder.path() / "views-jiangyin-2019-320281.toml";
  ASSERT_TRUE(base::write_text_file(file, "[[saved_view]]\nnumber = \"three\"\n").ok());
  const auto places = opened(folder.path());
  EXPECT_FALSE(places->find(3, 900));
  ASSERT_TRUE(places->save(1, {{{528000, 3532000}, 1}, "", "", {}}, 900).ok());
  const auto aside = base::read_text_file(file.string() + ".broken");
  ASSERT_TRUE(aside.ok());
  EXPECT_NE(aside->find("three"), std::string::npos);
  EXPECT_TRUE(opened(folder.path())->find(1, 900));
}

TEST(SavedPlaces, what_cannot_be_written_is_an_error_and_changes_nothing) {
  const test::TempFolder folder;
  auto places = SavedPlaces::open(folder.path() / "none such", "x", kCrs);
  ASSERT_TRUE(places.ok());
  EXPECT_FALSE((*places)->save(1, {{{528000, 3532000}, 1}, "", "", {}}, 900).ok());
  EXPECT_FALSE((*places)->find(1, 900));
}

}  // namespace
}  // namespace gridwall::app
