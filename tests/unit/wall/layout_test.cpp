#include "wall/layout.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

namespace gridwall::wall {
namespace {

WallProfile product(const char* name) {
  const auto walls = std::filesystem::path(GRIDWALL_SOURCE_DIR) / "config" / "walls";
  auto profile = load_wall_profile(walls / (std::string(name) + ".toml"));
  EXPECT_TRUE(profile.ok());
  return std::move(profile).value();
}

bool overlap(const base::Box2d& a, const base::Box2d& b) {
  const bool has_area = a.width() > 0 && a.height() > 0 && b.width() > 0 && b.height() > 0;
  return has_area && a.min.x < b.max.x && b.min.x < a.max.x && a.min.y < b.max.y && b.min.y < a.max.y;
}

TEST(Layout, nothing_overlaps_or_leaves_the_output_at_any_size) {
  for (const char* name : {"desk", "wall-1080p", "wall-4k"}) {
    const WallProfile profile = product(name);
    for (int width = 1; width < 8000; width = width * 5 / 4 + 7) {
      for (int height = 1; height < 5000; height = height * 5 / 4 + 9) {
        const LayoutParts parts{.timeline = (width + height) % 2 == 0, .tabs = width % 2 == 0, .boards = width % 4 < 2};
        const Layout layout = make_layout(profile, {width, height}, parts);
        const auto boxes = layout.boxes();
        for (std::size_t i = 0; i < boxes.size(); ++i) {
          const base::Box2d& box = boxes[i];
          ASSERT_TRUE(box.min.x >= 0 && box.min.y >= 0 && box.max.x <= width && box.max.y <= height &&
                      box.min.x <= box.max.x && box.min.y <= box.max.y)
              << name << " " << width << "x" << height << " box " << i;
          ASSERT_EQ(box.min.x, std::floor(box.min.x));
          for (std::size_t j = 0; j < i; ++j) {
            ASSERT_FALSE(overlap(box, boxes[j])) << name << " " << width << "x" << height << ": " << j << ", " << i;
          }
        }
      }
    }
  }
}

TEST(Layout, the_map_is_the_largest_part_at_the_usual_sizes) {
  for (const char* name : {"desk", "wall-1080p", "wall-4k"}) {
    for (const base::Vec2i size : {base::Vec2i{1280, 720}, {1920, 1080}, {2560, 1440}, {3840, 2160}, {6656, 1792}}) {
      const Layout layout = make_layout(product(name), size);
      const double share = layout.map.width() * layout.map.height() / (static_cast<double>(size.x) * size.y);
      EXPECT_GT(share, 0.35) << name << " " << size.x;
      EXPECT_GT(layout.incidents.height(), 3 * 2.85 * layout.body_px) << name << " " << size.x;
    }
  }
}

TEST(Layout, a_timeline_takes_its_room_from_the_map_and_from_nothing_else) {
  for (const char* name : {"desk", "wall-1080p", "wall-4k"}) {
    const Layout without = make_layout(product(name), {1920, 1080});
    const Layout with = make_layout(product(name), {1920, 1080}, true);
    EXPECT_EQ(without.timeline.width(), 0);
    EXPECT_EQ(with.timeline.width(), with.map.width());
    EXPECT_GT(with.map.height(), 0.6 * without.map.height()) << name;
    EXPECT_EQ(with.body_px, without.body_px);
    EXPECT_EQ(with.figures.height(), without.figures.height());
    EXPECT_EQ(with.incidents.height(), without.incidents.height());
  }
}

TEST(Layout, boards_leave_a_map_that_can_be_read_or_give_way) {
  for (const char* name : {"desk", "wall-1080p", "wall-4k"}) {
    for (const base::Vec2i size : {base::Vec2i{1280, 720}, {1920, 1080}, {3840, 2160}}) {
      const Layout without = make_layout(product(name), size);
      const Layout with = make_layout(product(name), size, {.tabs = true, .boards = true});
      EXPECT_GT(with.boards.height(), 11 * with.body_px) << name << " " << size.x;
      EXPECT_GT(with.map.height(), 15 * with.body_px) << name << " " << size.x;
      EXPECT_EQ(with.boards.min.x, with.figures.min.x);
      EXPECT_EQ(with.boards.max.x, with.map.max.x);
      EXPECT_EQ(with.tabs.width(), with.map.width());
      EXPECT_EQ(with.incidents.height(), without.incidents.height()) << "cases lose nothing";
    }
    const LayoutParts all{.timeline = true, .tabs = true, .boards = true};
    const Layout replay = make_layout(product("wall-4k"), {3840, 2160}, all);
    EXPECT_EQ(replay.boards.width(), 0) << "a timeline and boards leave too little map";
    EXPECT_GT(replay.timeline.height(), 0);
  }
}

TEST(Layout, body_type_is_legible_from_the_stated_distance_at_the_native_size) {
  for (const char* name : {"desk", "wall-1080p", "wall-4k"}) {
    const WallProfile profile = product(name);
    const Layout layout = make_layout(profile, profile.native_size_px);
    EXPECT_TRUE(layout.body_is_legible) << name;
    EXPECT_GE(arc_minutes_of(profile, profile.native_size_px, layout.body_px), 18) << name;
  }
}

TEST(Layout, a_wall_too_small_for_its_distance_says_so) {
  WallProfile profile = product("wall-1080p");
  profile.viewing_distance_m = 30;
  const Layout layout = make_layout(profile, {1920, 1080});
  EXPECT_FALSE(layout.body_is_legible);
  EXPECT_LT(layout.body_px, font_size_px(profile, {1920, 1080}, profile.body_arc_minutes));
}

TEST(Layout, all_measures_grow_together) {
  const WallProfile profile = product("wall-4k");
  const Layout full = make_layout(profile, {3840, 2160});
  const Layout half = make_layout(profile, {1920, 1080});
  EXPECT_NEAR(full.body_px / half.body_px, 2, 0.05);
  EXPECT_NEAR(full.map.width() / half.map.width(), 2, 0.1);
}

}  // namespace
}  // namespace gridwall::wall
