#include "scene/camera.hpp"

#include <gtest/gtest.h>

#include "base/random.hpp"

namespace gridwall::scene {
namespace {

using std::chrono::milliseconds;

base::Box2d district() {
  base::Box2d box;
  box.extend(base::Vec2d{500000, 3500000});
  box.extend(base::Vec2d{560000, 3540000});
  return box;
}

Viewport some_viewport(base::Random& random) {
  return {{static_cast<int>(random.next_below(500)), static_cast<int>(random.next_below(500))},
          {static_cast<int>(100 + random.next_below(3000)), static_cast<int>(100 + random.next_below(2000))},
          {{random.next_between(500000, 560000), random.next_between(3500000, 3540000)},
           std::exp(random.next_between(-6, 3))}};
}

TEST(Camera, pixel_and_world_are_inverse) {
  base::Random random(1);
  for (int i = 0; i < 300; ++i) {
    const Viewport viewport = some_viewport(random);
    const base::Vec2d px{random.next_between(0, 3000), random.next_between(0, 2000)};
    const base::Vec2d back = px_from_world(viewport, world_from_px(viewport, px));
    EXPECT_NEAR(back.x, px.x, 1e-4);
    EXPECT_NEAR(back.y, px.y, 1e-4);
  }
}

TEST(Camera, north_is_up_in_pixels_and_in_clip_space) {
  const Viewport viewport{{100, 50}, {200, 100}, {{1000, 2000}, 2.0}};
  EXPECT_EQ(px_from_world(viewport, {1010, 2010}), (base::Vec2d{220, 80}));
  EXPECT_EQ(clip_from_world(viewport, {1050, 2025}), (base::Vec2d{1, 1}));
  EXPECT_EQ(clip_from_world(viewport, {950, 1975}), (base::Vec2d{-1, -1}));
}

TEST(Camera, the_world_point_under_the_cursor_stays_while_zooming) {
  base::Random random(2);
  for (int i = 0; i < 300; ++i) {
    Viewport viewport = some_viewport(random);
    const base::Vec2d cursor{random.next_between(0, 2000), random.next_between(0, 1500)};
    const base::Vec2d before = world_from_px(viewport, cursor);
    viewport.view = zoomed_about(viewport, cursor, random.next_between(0.2, 5), {1e-4, 20});
    const base::Vec2d after = px_from_world(viewport, before);
    EXPECT_NEAR(after.x, cursor.x, 1e-3);
    EXPECT_NEAR(after.y, cursor.y, 1e-3);
  }
}

TEST(Camera, zoom_stops_at_five_centimetres_a_pixel_and_at_the_district) {
  Camera camera(district(), {0, 0}, {1200, 900}, 20);
  for (int i = 0; i < 100; ++i) camera.zoom_about({600, 450}, 2, {});
  EXPECT_DOUBLE_EQ(camera.viewport({}).view.px_per_m, 20);
  for (int i = 0; i < 100; ++i) camera.zoom_about({600, 450}, 0.5, {});
  EXPECT_DOUBLE_EQ(camera.viewport({}).view.px_per_m, camera.limits().px_per_m_min);
  EXPECT_LT(camera.limits().px_per_m_min, camera.home().px_per_m);
}

TEST(Camera, home_shows_the_whole_district_with_its_padding) {
  const Camera camera(district(), {300, 60}, {1200, 900}, 24);
  const Viewport viewport = camera.viewport({});
  const base::Vec2d low = px_from_world(viewport, district().min);
  const base::Vec2d high = px_from_world(viewport, district().max);
  EXPECT_NEAR(low.x, 300 + 24, 1e-6);
  EXPECT_NEAR(high.x, 300 + 1200 - 24, 1e-6);
  EXPECT_GE(high.y, 60 + 24);
  EXPECT_LE(low.y, 60 + 900 - 24);
}

TEST(Camera, dragging_moves_the_map_by_as_many_pixels) {
  Camera camera(district(), {0, 0}, {1200, 900}, 0);
  const base::Vec2d point_world{530100, 3520100};
  const base::Vec2d before = px_from_world(camera.viewport({}), point_world);
  camera.pan_by({40, -25}, {});
  const base::Vec2d after = px_from_world(camera.viewport({}), point_world);
  EXPECT_NEAR(after.x - before.x, 40, 1e-6);
  EXPECT_NEAR(after.y - before.y, -25, 1e-6);
}

TEST(Camera, nobody_gets_lost_outside_the_district) {
  Camera camera(district(), {0, 0}, {1200, 900}, 0);
  camera.pan_by({-1e9, 1e9}, {});
  EXPECT_TRUE(district().contains(camera.viewport({}).view.center_world));
}

TEST(Camera, a_flight_depends_on_the_given_time_only_and_ends_where_it_was_sent) {
  Camera camera(district(), {0, 0}, {1200, 900}, 0);
  const base::MonoTime start{milliseconds(5000)};
  const model::MapView target{{512000, 3511000}, 0.5};
  camera.fly_to(target, start, milliseconds(1000));
  const model::MapView halfway = camera.viewport(start + milliseconds(500)).view;
  EXPECT_EQ(camera.viewport(start + milliseconds(500)).view.center_world, halfway.center_world);
  double last = camera.viewport(start).view.px_per_m;
  for (int ms = 50; ms <= 1000; ms += 50) {
    const double now = camera.viewport(start + milliseconds(ms)).view.px_per_m;
    EXPECT_GT(now, last);
    last = now;
  }
  EXPECT_FALSE(camera.is_flying(start + milliseconds(1000)));
  EXPECT_EQ(camera.viewport(start + milliseconds(1000)).view.center_world, target.center_world);
  EXPECT_DOUBLE_EQ(camera.viewport(start + milliseconds(1000)).view.px_per_m, 0.5);
}

TEST(Camera, the_hand_on_the_mouse_ends_a_flight_where_it_is) {
  Camera camera(district(), {0, 0}, {1200, 900}, 0);
  const base::MonoTime start{};
  camera.fly_to({{512000, 3511000}, 0.5}, start, milliseconds(1000));
  const base::MonoTime grabbed = start + milliseconds(400);
  const model::MapView at = camera.viewport(grabbed).view;
  camera.pan_by({0, 0}, grabbed);
  EXPECT_FALSE(camera.is_flying(grabbed));
  EXPECT_DOUBLE_EQ(camera.viewport(start + milliseconds(2000)).view.px_per_m, at.px_per_m);
}

TEST(Camera, home_stays_home_when_the_window_changes) {
  Camera camera(district(), {0, 0}, {1200, 900}, 20);
  camera.resize({0, 0}, {2400, 1800});
  EXPECT_DOUBLE_EQ(camera.viewport({}).view.px_per_m, camera.home().px_per_m);
}

}  // namespace
}  // namespace gridwall::scene
