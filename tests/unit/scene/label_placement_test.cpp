#include "scene/label_placement.hpp"

#include <gtest/gtest.h>

#include <map>

#include "base/random.hpp"
#include "scene/camera.hpp"

namespace gridwall::scene {
namespace {

struct PlainMetrics final : model::GlyphMetrics {
  [[nodiscard]] float advance_em(char32_t character) const override { return character < 0x80 ? 0.5f : 1.0f; }
};
const PlainMetrics kMetrics;

std::vector<LabelInstance> place_all(const Viewport& viewport, const std::vector<base::Vec2d>& anchors_world) {
  LabelPlacer placer;
  placer.begin(viewport);
  for (std::size_t i = 0; i < anchors_world.size(); ++i) {
    LabelCandidate label;
    label.anchor_px = px_from_world(viewport, anchors_world[i]);
    label.text = "名" + std::to_string(i);
    label.size_px = i % 7 == 0 ? 20.0f : 14.0f;
    label.priority = i % 7 == 0 ? 1 : 2;
    label.key = static_cast<std::uint32_t>(i);
    placer.offer(label);
  }
  std::vector<LabelInstance> placed;
  placer.place(kMetrics, placed);
  return placed;
}

base::Box2d box_of(const LabelInstance& label) {
  return label_box_px({label.anchor_px.x, label.anchor_px.y}, label.text, label.size_px, kMetrics);
}

std::vector<base::Vec2d> scattered(std::uint64_t seed, int count) {
  base::Random random(seed);
  std::vector<base::Vec2d> points;
  for (int i = 0; i < count; ++i) {
    const double x = random.next_between(-3000, 3000);
    points.push_back({x, random.next_between(-3000, 3000)});
  }
  return points;
}

TEST(LabelPlacer, width_counts_characters_not_bytes) {
  EXPECT_DOUBLE_EQ(text_width_em("澄江ab", kMetrics), 3.0);
  EXPECT_DOUBLE_EQ(text_width_em("", kMetrics), 0.0);
}

TEST(LabelPlacer, malformed_text_neither_crashes_nor_hangs) {
  EXPECT_GT(text_width_em("\xff\xfe\xe4\xb8", kMetrics), 0);
  EXPECT_GT(text_width_em(std::string_view("\xf0\x9f", 2), kMetrics), 0);
}

TEST(LabelPlacer, no_two_labels_overlap_and_all_lie_inside_the_map) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const Viewport viewport{{100, 40}, {1000, 700}, {{0, 0}, 0.2}};
    const auto placed = place_all(viewport, scattered(seed, 600));
    EXPECT_GT(placed.size(), 20u);
    for (std::size_t i = 0; i < placed.size(); ++i) {
      const base::Box2d box = box_of(placed[i]);
      EXPECT_GE(box.min.x, 100 - 0.01);
      EXPECT_GE(box.min.y, 40 - 0.01);
      EXPECT_LE(box.max.x, 1100.01);
      EXPECT_LE(box.max.y, 740.01);
      for (std::size_t j = 0; j < i; ++j) {
        const base::Box2d other = box_of(placed[j]);
        const bool apart = box.max.x <= other.min.x + 0.01 || other.max.x <= box.min.x + 0.01 ||
                           box.max.y <= other.min.y + 0.01 || other.max.y <= box.min.y + 0.01;
        EXPECT_TRUE(apart) << placed[i].text << " and " << placed[j].text << ", seed " << seed;
      }
    }
  }
}

TEST(LabelPlacer, a_label_inside_stays_through_a_pan) {
  const auto anchors = scattered(5, 500);
  Viewport viewport{{0, 0}, {1000, 700}, {{0, 0}, 0.2}};
  std::map<std::string, base::Vec2f> before;
  for (const LabelInstance& label : place_all(viewport, anchors)) before[label.text] = label.anchor_px;
  viewport.view = panned(viewport, {37, -21});
  std::map<std::string, base::Vec2f> after;
  for (const LabelInstance& label : place_all(viewport, anchors)) after[label.text] = label.anchor_px;
  for (const auto& [text, anchor] : before) {
    const bool is_well_inside = anchor.x > 100 && anchor.x < 860 && anchor.y > 80 && anchor.y < 620;
    if (is_well_inside) {
      EXPECT_TRUE(after.contains(text)) << text;
    }
  }
}

TEST(LabelPlacer, the_higher_priority_wins_the_place) {
  LabelPlacer placer;
  placer.begin({{0, 0}, {400, 300}, {}});
  placer.offer({{200, 150}, "村", 14, 5, 1, {}, {}});
  placer.offer({{204, 152}, "镇", 18, 1, 2, {}, {}});
  std::vector<LabelInstance> placed;
  placer.place(kMetrics, placed);
  ASSERT_EQ(placed.size(), 1u);
  EXPECT_EQ(placed[0].text, "镇");
}

TEST(LabelPlacer, a_bubble_keeps_labels_away) {
  LabelPlacer placer;
  placer.begin({{0, 0}, {400, 300}, {}});
  base::Box2d bubble;
  bubble.extend(base::Vec2d{190, 140});
  bubble.extend(base::Vec2d{210, 160});
  placer.block(bubble);
  placer.offer({{200, 150}, "镇", 18, 1, 1, {}, {}});
  std::vector<LabelInstance> placed;
  placer.place(kMetrics, placed);
  EXPECT_TRUE(placed.empty());
}

// One label in the middle of the map among markers; empty when it is left out.
std::vector<LabelInstance> place_among(LabelPlacer& placer, const std::vector<base::Box2d>& markers, bool is_needed,
                                       float roam_px = 100) {
  placer.begin({{0, 0}, {800, 600}, {{0, 0}, 1}});
  for (const base::Box2d& marker : markers) placer.avoid(marker);
  LabelCandidate label;
  label.anchor_px = {400, 300};
  label.text = "澄江街道";
  label.size_px = 20;
  label.is_needed = is_needed;
  label.roam_px = roam_px;
  placer.offer(label);
  std::vector<LabelInstance> placed;
  placer.place(kMetrics, placed);
  return placed;
}

TEST(LabelPlacer, a_name_steps_aside_for_a_marker_and_stays_there_when_the_marker_goes) {
  LabelPlacer placer;
  const base::Box2d marker{{395, 295}, {405, 305}};
  const auto aside = place_among(placer, {marker}, true);
  ASSERT_EQ(aside.size(), 1u);
  EXPECT_FALSE(box_of(aside[0]).intersects(marker));
  const auto later = place_among(placer, {}, true);
  EXPECT_EQ(later[0].anchor_px, aside[0].anchor_px);
}

TEST(LabelPlacer, a_name_does_not_step_out_of_its_division) {
  LabelPlacer placer;
  const base::Box2d marker{{395, 295}, {405, 305}};
  const auto stays = place_among(placer, {marker}, true, 5);
  ASSERT_EQ(stays.size(), 1u);
  EXPECT_EQ(stays[0].anchor_px, (base::Vec2f{400, 300}));
  LabelPlacer other;
  EXPECT_TRUE(place_among(other, {marker}, false, 5).empty());
}

TEST(LabelPlacer, a_needed_name_is_shown_where_the_fewest_markers_are_and_another_is_left_out) {
  std::vector<base::Box2d> markers;
  for (int x = 100; x < 700; x += 12) {
    for (int y = 200; y < 400; y += 12) {
      const base::Vec2d low{static_cast<double>(x), static_cast<double>(y)};
      markers.push_back({low, low + base::Vec2d{8, 8}});
    }
  }
  LabelPlacer placer;
  EXPECT_EQ(place_among(placer, markers, true).size(), 1u);
  LabelPlacer other;
  EXPECT_TRUE(place_among(other, markers, false).empty());
}

}  // namespace
}  // namespace gridwall::scene
