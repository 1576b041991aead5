#include "ui/text_format.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <limits>

#include "support/small_world.hpp"

namespace gridwall::ui {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

model::Words english() {
  return std::move(model::Words::load(std::filesystem::path(GRIDWALL_SOURCE_DIR) / "assets" / "words",
                                      model::Language::English))
      .value();
}

TEST(TextFormat, thousands_are_grouped) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1000), "1,000");
  EXPECT_EQ(grouped(12345678), "12,345,678");
}

TEST(TextFormat, a_rate_is_all_only_when_it_is_and_nothing_without_a_denominator) {
  EXPECT_EQ(percent(9999, 10000), "99.9%");
  EXPECT_EQ(percent(10, 10), "100.0%");
  EXPECT_EQ(percent(1, 3), "33.3%");
  EXPECT_EQ(percent(0, 0), "–");
}

TEST(TextFormat, ages_grow_from_now_to_days) {
  const model::Words words = english();
  EXPECT_EQ(age_text(seconds(59), words), "now");
  EXPECT_EQ(age_text(minutes(59), words), "59 min");
  EXPECT_EQ(age_text(hours(47), words), "47 h");
  EXPECT_EQ(age_text(hours(49), words), "2 d");
}

TEST(TextFormat, classes_of_counts_do_not_share_an_edge) {
  const model::Words words = english();
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(class_text({0, 0, {}}, true, words), "0");
  EXPECT_EQ(class_text({0, 1, {}}, true, words), "1");
  EXPECT_EQ(class_text({5, 10, {}}, true, words), "6–10");
  EXPECT_EQ(class_text({20, infinity, {}}, true, words), ">20");
  EXPECT_EQ(class_text({0, 0.5, {}}, false, words), "≤0.5");
  EXPECT_EQ(class_text({0.5, 1, {}}, false, words), "0.5–1");
}

TEST(TextFormat, shares_of_a_norm_are_told_in_per_cent_and_rounded) {
  const model::Words words = english();
  EXPECT_EQ(share_text({0, 1 - 3 * 0.1, {}}, words), "<70%");
  EXPECT_EQ(share_text({1 - 3 * 0.1, 1 - 2 * 0.1, {}}, words), "70–80");
  EXPECT_EQ(share_text({1, std::numeric_limits<double>::infinity(), {}}, words), "≥100%");
}

TEST(TextFormat, a_stated_number_has_its_unit_in_the_walls_language) {
  EXPECT_EQ(stated_with_unit(1200, "people", english()), "1,200 people");
  EXPECT_EQ(stated_with_unit(98, "%", english()), "98%");
}

TEST(TextFormat, the_scale_bar_is_round_and_fits) {
  for (double px_per_m = 1e-4; px_per_m < 30; px_per_m *= 1.37) {
    const ScaleBar bar = scale_bar(px_per_m, 100);
    EXPECT_LE(bar.length_px, 100.0001);
    EXPECT_GT(bar.length_px, 100 / 2.6);
    const double digit = bar.length_m / std::pow(10, std::floor(std::log10(bar.length_m) + 1e-9));
    EXPECT_TRUE(std::abs(digit - 1) < 1e-6 || std::abs(digit - 2) < 1e-6 || std::abs(digit - 5) < 1e-6) << digit;
  }
  EXPECT_EQ(length_text(500, english()), "500 m");
  EXPECT_EQ(length_text(2000, english()), "2 km");
  EXPECT_EQ(scale_bar(0, 100).length_px, 0);
}

TEST(TextFormat, a_place_is_town_and_division) {
  test::SmallWorld world(test::small_tree());
  world.add({"a", "R0102"}).add({"b", "R01"}).add({"c", "R"});
  const auto snapshot = world.snapshot();
  EXPECT_EQ(place_text(snapshot, snapshot.incident(0), english()), "区R01 · 区R0102");
  EXPECT_EQ(place_text(snapshot, snapshot.incident(1), english()), "区R01");
  EXPECT_EQ(place_text(snapshot, snapshot.incident(2), english()), "区R");
}

}  // namespace
}  // namespace gridwall::ui
