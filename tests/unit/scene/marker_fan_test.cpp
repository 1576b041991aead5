#include "scene/marker_fan.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.hpp"
#include "scene/camera.hpp"
#include "scene/marker_layout.hpp"
#include "scene/picking.hpp"
#include "support/small_world.hpp"

namespace gridwall::scene {
namespace {

double distance(base::Vec2d a, base::Vec2d b) {
  return std::hypot(a.x - b.x, a.y - b.y);
}

base::Box2d room_of(double width, double height) {
  base::Box2d room;
  room.extend(base::Vec2d{0, 0});
  room.extend(base::Vec2d{width, height});
  return room;
}

TEST(StackPoints, near_ones_lie_on_the_first_and_far_ones_on_nobody) {
  const std::vector<base::Vec2d> points{{100, 100}, {105, 100}, {100, 100}, {107, 100}, {111, 100}};
  // The fourth is near the second, which lies on the first and so has nobody on itself.
  EXPECT_EQ(stack_points(points, 6), (std::vector<std::uint32_t>{0, 0, 0, 3, 3}));
}

TEST(StackPoints, do_not_depend_on_where_the_map_was_moved) {
  base::Random random(5);
  std::vector<base::Vec2d> points;
  for (int i = 0; i < 2000; ++i) points.push_back({random.next_between(0, 600), random.next_between(0, 400)});
  const auto heads = stack_points(points, 6);
  for (const base::Vec2d moved : {base::Vec2d{3, 1}, {-1017, 555}, {64, 64}}) {
    std::vector<base::Vec2d> elsewhere;
    for (const base::Vec2d p : points) elsewhere.push_back(p + moved);
    EXPECT_EQ(stack_points(elsewhere, 6), heads);
  }
  for (std::uint32_t i = 0; i < heads.size(); ++i) {
    EXPECT_EQ(heads[heads[i]], heads[i]) << "the first one lies on itself";
    EXPECT_LE(distance(points[i], points[heads[i]]), 6);
  }
}

TEST(FanOut, no_member_lies_on_another_and_none_leaves_the_room) {
  for (const std::size_t count : {1u, 2u, 5u, 8u, 17u, 50u, 350u}) {
    for (const base::Vec2d place : {base::Vec2d{400, 300}, {0, 0}, {800, 599}, {3, 300}}) {
      const base::Box2d room = room_of(800, 600);
      const Fan fan = fan_out(place, count, 13, room);
      ASSERT_EQ(fan.positions_px.size(), std::min<std::size_t>(count, kFanPage));
      EXPECT_EQ(fan.marker_px, 13) << "there is room enough";
      for (std::size_t i = 0; i < fan.positions_px.size(); ++i) {
        const base::Vec2d p = fan.positions_px[i];
        EXPECT_TRUE(p.x >= 6.5 && p.x <= 793.5 && p.y >= 6.5 && p.y <= 593.5) << p.x << ", " << p.y;
        EXPECT_GT(distance(p, fan.center_px), 2 * 13) << "the stack's own marker is seen";
        for (std::size_t k = 0; k < i; ++k) EXPECT_GE(distance(p, fan.positions_px[k]), 2.29 * 13);
      }
    }
  }
}

TEST(FanOut, is_smaller_where_the_map_is) {
  const Fan fan = fan_out({50, 50}, 50, 40, room_of(200, 150));
  EXPECT_LT(fan.marker_px, 40);
  for (const base::Vec2d p : fan.positions_px) {
    EXPECT_TRUE(p.x > 0 && p.x < 200 && p.y > 0 && p.y < 150) << p.x << ", " << p.y;
  }
}

// 350 cases at one point of a division, so close that nothing gathers.
struct OnePlace {
  std::shared_ptr<const model::DivisionTree> tree = test::small_tree();
  test::SmallWorld world{tree};
  Viewport viewport{{0, 0}, {900, 700}, {}};
  model::Vocabulary vocabulary;
  MarkerLayout layout;
  std::vector<MarkerInstance> markers;
  MarkerOptions options{2, 13, {}, base::UtcTime{std::chrono::hours(1000)}};

  explicit OnePlace(int count) {
    for (int i = 0; i < count; ++i) add(i, {0, 0});
    viewport.view = {tree->at(tree->find("R0101")).anchor_world, 10};
  }
  void add(int number, base::Vec2d offset_m) {
    test::SmallWorld::Case one;
    one.id = "case-" + std::to_string(number);
    one.division = "R0101";
    one.severity = number == 3 ? model::Severity::Critical : model::Severity::Minor;
    one.offset_m = offset_m;
    one.first_seen_at = base::UtcTime{std::chrono::hours(900)} + std::chrono::seconds(number);
    world.add(one);
  }
  state::WorldSnapshot lay_out() {
    auto snapshot = world.snapshot(base::UtcTime{std::chrono::hours(1000)});
    markers.clear();
    layout.lay_out(snapshot, vocabulary, viewport, options, markers);
    return snapshot;
  }
};

TEST(MarkerStacks, one_marker_stands_for_all_the_heaviest_first_and_the_count_is_whole) {
  OnePlace f(350);
  f.add(1000, {20, 0});  // 200 pixels aside
  const auto snapshot = f.lay_out();
  EXPECT_EQ(f.markers.size(), 2u);
  ASSERT_EQ(f.layout.stacks().size(), 1u);
  const MarkerStack& stack = f.layout.stacks()[0];
  EXPECT_EQ(stack.members.size(), 350u);
  EXPECT_EQ(snapshot.incident(stack.members[0]).id, "case-3") << "what is critical lies on top";
  EXPECT_EQ(snapshot.incident(stack.members[1]).id, "case-349") << "then the newest";
  EXPECT_EQ(pick_stack(f.layout.stacks(), f.layout.drawn(), stack.position_px), &stack);
  EXPECT_EQ(pick_stack(f.layout.stacks(), f.layout.drawn(), stack.position_px + base::Vec2d{200, 0}), nullptr);
}

TEST(MarkerStacks, an_open_one_fans_out_page_by_page_until_everybody_was_shown) {
  OnePlace f(350);
  f.options.fan_of = "case-77";
  std::vector<std::string> seen;
  for (f.options.fan_page = 0; f.options.fan_page < 7; ++f.options.fan_page) {
    const auto snapshot = f.lay_out();
    ASSERT_EQ(f.layout.fan().members.size(), 350u);
    EXPECT_EQ(f.layout.fan().page_count(), 7u);
    EXPECT_EQ(f.markers.size(), 51u) << "the stack and a page of it";
    for (std::size_t i = 1; i < f.layout.drawn().size(); ++i) {
      const DrawnIncident& member = f.layout.drawn()[i];
      EXPECT_EQ(pick_top_incident(f.layout.drawn(), member.position_px), member.number);
      EXPECT_EQ(pick_stack(f.layout.stacks(), f.layout.drawn(), member.position_px), nullptr);
      seen.emplace_back(snapshot.incident(member.number).id);
    }
  }
  std::ranges::sort(seen);
  EXPECT_EQ(seen.size(), 350u);
  EXPECT_EQ(std::ranges::unique(seen).begin(), seen.end()) << "each once";
}

TEST(MarkerStacks, a_fan_follows_its_members_and_ends_with_its_stack) {
  OnePlace f(5);
  f.options.fan_of = "case-2";
  f.lay_out();
  EXPECT_EQ(f.layout.fan().members.size(), 5u);
  f.add(9, {0, 0});
  f.lay_out();
  EXPECT_EQ(f.layout.fan().members.size(), 6u) << "a new one joins";
  f.viewport.view.center_world.x += 1000;
  f.lay_out();
  EXPECT_TRUE(f.layout.fan().members.empty()) << "the map was moved away";
  f.options.fan_of = "none such";
  f.viewport.view.center_world.x -= 1000;
  f.lay_out();
  EXPECT_TRUE(f.layout.fan().members.empty());
}

TEST(MarkerStacks, what_is_selected_below_others_marks_the_stack) {
  OnePlace f(5);
  f.options.selected_incident = "case-1";
  f.lay_out();
  ASSERT_EQ(f.markers.size(), 1u);
  const base::Color ring = f.markers[0].ring;
  f.options.selected_incident = "none such";
  f.lay_out();
  EXPECT_NE(f.markers[0].ring, ring);
}

}  // namespace
}  // namespace gridwall::scene
