// The locator against a plain descent through the tree, on trees made to be hard: few coordinates, so that points lie
// on vertices, edges and common borders; polygons that cross themselves and each other; the whole range of int32.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>

#include "base/random.hpp"
#include "model/locator.hpp"
#include "support/mesh_tree.hpp"

namespace gridwall::model {
namespace {

using base::Vec2d;
using base::Vec2i;
using Ring = std::vector<Vec2i>;

// Even-odd over all rings; an edge owns its lower end and not its upper one; the point lies a trifle to the east.
bool polygon_contains(const DivisionTree& tree, const Division& division, Vec2i point) {
  bool inside = false;
  for (std::uint32_t r = division.rings.begin; r < division.rings.end; ++r) {
    const Range range = tree.rings()[r].vertices;
    for (std::uint32_t i = range.begin, j = range.end - 1; i < range.end; j = i++) {
      Vec2i low = tree.vertices()[j], high = tree.vertices()[i];
      if ((low.y > point.y) == (high.y > point.y)) continue;
      if (low.y > high.y) std::swap(low, high);
      const __int128 across = static_cast<__int128>(std::int64_t{high.x} - low.x) * (std::int64_t{point.y} - low.y) -
                              static_cast<__int128>(std::int64_t{point.x} - low.x) * (std::int64_t{high.y} - low.y);
      inside ^= across > 0;
    }
  }
  return inside;
}

DivisionIndex descend(const DivisionTree& tree, Vec2i point, std::uint32_t index) {
  const Division& division = tree.divisions()[index];
  const bool transparent = division.rings.size() == 0;
  if (!transparent && !polygon_contains(tree, division, point)) return DivisionIndex::none();
  for (std::uint32_t c = division.children.begin; c < division.children.end; ++c) {
    if (const DivisionIndex found = descend(tree, point, c); found.valid()) return found;
  }
  return transparent ? DivisionIndex::none() : DivisionIndex{index};
}

DivisionRecord record(const std::string& code, const std::string& parent, std::vector<Ring> rings) {
  DivisionRecord made;
  made.code = made.name = code;
  made.parent_code = parent;
  if (!rings.empty()) made.parts.push_back({std::move(rings), {}});
  return made;
}

Ring box(std::int32_t west, std::int32_t south, std::int32_t east, std::int32_t north) {
  return {{west, south}, {east, south}, {east, north}, {west, north}};
}

std::shared_ptr<const DivisionTree> tree_of(std::vector<DivisionRecord> records) {
  TreeSpec spec;
  spec.records = std::move(records);
  spec.unit_m = 1;
  auto built = assemble_tree(std::move(spec));
  EXPECT_TRUE(built.ok()) << built.error().message;
  return std::make_shared<const DivisionTree>(std::move(built).value());
}

std::string code_of(const DivisionTree& tree, DivisionIndex index) {
  return std::string(index.valid() ? tree.at(index).code : "nobody");
}

void expect_equal_at(const Locator& locator, Vec2i p) {
  const DivisionTree& tree = locator.tree();
  const DivisionIndex found = locator.locate(tree.to_world(p));
  ASSERT_EQ(tree.to_units(tree.to_world(p)), p);
  const DivisionIndex expected = descend(tree, p, tree.root().value);
  ASSERT_EQ(found, expected) << "at (" << p.x << ", " << p.y << "): found " << code_of(tree, found) << ", expected "
                             << code_of(tree, expected);
}

void expect_equal_in(const Locator& locator, std::int32_t low, std::int32_t high) {
  for (std::int32_t y = low; y <= high; ++y) {
    for (std::int32_t x = low; x <= high; ++x) ASSERT_NO_FATAL_FAILURE(expect_equal_at(locator, {x, y}));
  }
}

std::int32_t moved(std::int32_t value, std::int64_t by) {
  constexpr std::int64_t kMax = std::numeric_limits<std::int32_t>::max();
  return static_cast<std::int32_t>(std::clamp(value + by, -kMax, kMax));
}

// Every vertex and the middle of every edge, with their neighbours on the lattice.
void expect_equal_at_borders(const Locator& locator) {
  const DivisionTree& tree = locator.tree();
  for (std::size_t i = 0; i < tree.vertices().size(); ++i) {
    const Vec2i a = tree.vertices()[i], b = tree.vertices()[(i + 1) % tree.vertices().size()];
    const Vec2i middle{static_cast<std::int32_t>((std::int64_t{a.x} + b.x) / 2),
                       static_cast<std::int32_t>((std::int64_t{a.y} + b.y) / 2)};
    for (const Vec2i near : {a, middle}) {
      for (int k = 0; k < 9; ++k) {
        ASSERT_NO_FATAL_FAILURE(expect_equal_at(locator, {moved(near.x, k % 3 - 1), moved(near.y, k / 3 - 1)}));
      }
    }
  }
}

struct RandomTree {
  std::size_t divisions = 12;
  std::uint64_t vertices_max = 9;  // of a ring, from three up
  std::uint64_t rings_max = 3;
  std::uint64_t transparent_of_ten = 2;
};

// Polygons with vertices wherever `draw` says: they cross themselves, their siblings and their parents.
template <class Draw>
std::shared_ptr<const DivisionTree> random_tree(base::Random& random, const RandomTree& spec, const Draw& draw) {
  std::vector<DivisionRecord> records;
  for (std::size_t i = 0; i < spec.divisions; ++i) {
    std::vector<Ring> rings(random.next_below(10) < spec.transparent_of_ten ? 0
                                                                            : 1 + random.next_below(spec.rings_max));
    for (Ring& ring : rings) {
      ring.resize(3 + random.next_below(spec.vertices_max - 2));
      for (Vec2i& p : ring) p = {draw(), draw()};
    }
    const std::string parent = i == 0 ? "" : "d" + std::to_string(random.next_below(i));
    records.push_back(record("d" + std::to_string(i), parent, std::move(rings)));
  }
  return tree_of(std::move(records));
}

TEST(locator_exact, agrees_on_every_point_of_a_small_lattice) {
  base::Random random(11);
  for (int i = 0; i < 600; ++i) {
    const auto extent = static_cast<std::int32_t>(4 + random.next_below(20));
    const auto draw = [&] {
      return static_cast<std::int32_t>(random.next_below(static_cast<std::uint64_t>(extent) + 1));
    };
    const Locator locator(random_tree(random, {.divisions = 1 + random.next_below(16)}, draw));
    ASSERT_NO_FATAL_FAILURE(expect_equal_in(locator, -2, extent + 2)) << "tree " << i;
  }
}

// Large parents of few vertices, and boxes that fill them to the border: what most cells of a real tree look like.
TEST(locator_exact, agrees_where_boxes_share_borders_overlap_and_stick_out) {
  base::Random random(12);
  for (int i = 0; i < 300; ++i) {
    std::vector<DivisionRecord> records{record("R", "", {box(0, 0, 24, 24)})};
    const std::size_t count = 1 + random.next_below(40);
    for (std::size_t k = 0; k < count; ++k) {
      const std::string parent = k == 0 || random.next_below(3) == 0 ? "R" : "b" + std::to_string(random.next_below(k));
      const auto at = [&] { return static_cast<std::int32_t>(3 * random.next_below(10)) - 3; };
      const std::int32_t west = at(), south = at();
      std::vector<Ring> rings{box(west, south, west + 6, south + 9)};
      if (random.next_below(3) == 0) rings.push_back(box(west + 1, south + 2, west + 6, south + 4));  // up to the side
      if (random.next_below(4) == 0) rings.push_back(box(west + 12, south, west + 15, south + 3));    // another part
      if (random.next_below(6) == 0) rings.clear();
      records.push_back(record("b" + std::to_string(k), parent, std::move(rings)));
    }
    const Locator locator(tree_of(std::move(records)));
    ASSERT_NO_FATAL_FAILURE(expect_equal_in(locator, -5, 30)) << "tree " << i;
  }
}

TEST(locator_exact, agrees_where_crowded_cells_are_cut_again) {
  base::Random random(13);
  for (int i = 0; i < 6; ++i) {
    const auto draw = [&] { return static_cast<std::int32_t>(random.next_below(random.next_below(2) ? 90 : 12)); };
    const Locator locator(random_tree(random, {.divisions = 14, .vertices_max = 120, .rings_max = 2}, draw));
    ASSERT_NO_FATAL_FAILURE(expect_equal_in(locator, -1, 91)) << "tree " << i;
  }
}

// A town in its county: leaves of some metres and of kilometres in one district.
TEST(locator_exact, agrees_where_divisions_differ_in_size_a_thousand_times) {
  const Locator locator(
      test::mesh_tree({.level_counts = {1, 6, 40, 400}, .segments_per_side = 8, .crowding = 2, .left_out_every = 7}));
  ASSERT_NO_FATAL_FAILURE(expect_equal_at_borders(locator));
}

// More borders in one point than a cell can name by bits.
TEST(locator_exact, agrees_where_hundreds_of_borders_meet_in_one_point) {
  constexpr int kRays = 420;
  const auto ray = [](int k) {
    const double angle = 2 * 3.14159265358979 * k / kRays;
    return Vec2i{static_cast<std::int32_t>(std::lround(3000 * std::cos(angle))) + 7,
                 static_cast<std::int32_t>(std::lround(3000 * std::sin(angle))) + 5};
  };
  std::vector<DivisionRecord> records{record("R", "", {box(-4000, -4000, 4000, 4000)})};
  for (int k = 0; k < kRays; k += 2) {  // every other wedge is the parent's
    records.push_back(record("w" + std::to_string(k), "R", {{{7, 5}, ray(k), ray(k + 1)}}));
  }
  const Locator locator(tree_of(std::move(records)));
  ASSERT_NO_FATAL_FAILURE(expect_equal_in(locator, -40, 50));
  ASSERT_NO_FATAL_FAILURE(expect_equal_at_borders(locator));
}

TEST(locator_exact, agrees_over_the_whole_range_of_coordinates) {
  constexpr std::int32_t kMax = std::numeric_limits<std::int32_t>::max();
  constexpr std::array<std::int32_t, 8> kHalves{-1'000'000'000, -999'999'999, -500'000'001, 0, 1, 3,
                                                536'870'912,    1'000'000'000};
  constexpr std::array<std::int32_t, 8> kEnds{-kMax, 1 - kMax, -1, 0, 2, kMax / 2, kMax - 1, kMax};
  base::Random random(14);
  for (int i = 0; i < 200; ++i) {
    const auto& values = i % 2 == 0 ? kHalves : kEnds;
    const auto anywhere = [&] { return static_cast<std::int32_t>(random.next_below(2U * kMax + 1) - kMax); };
    const auto draw = [&] { return random.next_below(4) == 0 ? anywhere() : values[random.next_below(8)]; };
    const Locator locator(random_tree(random, {.divisions = 8, .transparent_of_ten = 1}, draw));
    ASSERT_NO_FATAL_FAILURE(expect_equal_at_borders(locator)) << "tree " << i;
    for (int k = 0; k < 200; ++k) ASSERT_NO_FATAL_FAILURE(expect_equal_at(locator, {draw(), draw()})) << "tree " << i;
  }
}

TEST(locator_exact, agrees_on_slivers) {
  base::Random random(15);
  for (int i = 0; i < 40; ++i) {
    const auto length = static_cast<std::int32_t>(1000 + random.next_below(900'000'000));
    const auto width = static_cast<std::int32_t>(1 + random.next_below(3));
    const std::int32_t tilt = static_cast<std::int32_t>(random.next_below(2001)) - 1000;
    std::vector<DivisionRecord> records{record("R", "", {{{0, 0}, {length, tilt}, {length, tilt + width}, {0, width}}}),
                                        record("A", "R", {{{0, 0}, {length, tilt}, {0, width}}}),
                                        record("B", "R", {{{0, width}, {length, tilt}, {length, tilt + width}}})};
    if (i % 2 == 1) {
      for (DivisionRecord& made : records) {
        for (Vec2i& p : made.parts[0].rings[0]) std::swap(p.x, p.y);
      }
    }
    const Locator locator(tree_of(std::move(records)));
    ASSERT_NO_FATAL_FAILURE(expect_equal_at_borders(locator)) << "tree " << i;
    for (int k = 0; k < 300; ++k) {
      const auto along = static_cast<std::int32_t>(random.next_below(static_cast<std::uint64_t>(length)));
      const auto across = static_cast<std::int32_t>(std::int64_t{tilt} * along / length) +
                          static_cast<std::int32_t>(random.next_below(7)) - 3;
      const Vec2i p = i % 2 == 1 ? Vec2i{across, along} : Vec2i{along, across};
      ASSERT_NO_FATAL_FAILURE(expect_equal_at(locator, p)) << "tree " << i;
    }
  }
}

// Nothing to share: each square is a unit smaller than the last, all cross every diagonal, and the work for a fine
// table would be their number times that of the cells.
TEST(locator_exact, agrees_and_stays_small_where_thousands_of_siblings_overlap) {
  constexpr int kCount = 6000;
  std::vector<DivisionRecord> records{record("R", "", {})};
  for (int k = 0; k < kCount; ++k) {
    const std::int32_t reach = k % 2 == 0 ? 10'000 - k : 4'000 + k;
    records.push_back(
        record("s" + std::to_string(100'000 + k * 7919 % kCount), "R", {box(-reach, -reach, reach, reach)}));
  }
  const Locator locator(tree_of(std::move(records)));
  EXPECT_LT(locator.memory_bytes(), 64U << 20);
  base::Random random(16);
  for (int k = 0; k < 400; ++k) {
    const auto draw = [&] { return static_cast<std::int32_t>(random.next_below(20'400)) - 10'200; };
    ASSERT_NO_FATAL_FAILURE(expect_equal_at(locator, {draw(), draw()}));
  }
}

// Every border crosses hundreds of cells and other borders: the table stays coarse and the answers stay right.
TEST(locator_exact, agrees_and_stays_small_where_borders_cross_the_whole_plane) {
  base::Random random(19);
  const auto draw = [&] { return static_cast<std::int32_t>(random.next_below(2'000'000'000)) - 1'000'000'000; };
  std::vector<DivisionRecord> records{record("R", "", {})};
  for (int k = 0; k < 20'000; ++k) {
    const Vec2i from{draw(), draw()}, to{draw(), draw()};
    records.push_back(record("t" + std::to_string(k), "R", {{from, to, {to.x + 50'000, to.y + 50'000}}}));
  }
  const Locator locator(tree_of(std::move(records)));
  EXPECT_LT(locator.memory_bytes(), 80U << 20);  // a fine table would need 176 MB
  for (int k = 0; k < 300; ++k) ASSERT_NO_FATAL_FAILURE(expect_equal_at(locator, {draw(), draw()}));
}

TEST(locator_exact, one_division_none_with_a_polygon_and_a_point_for_a_ring) {
  const Locator one(tree_of({record("R", "", {box(2, 3, 5, 9)})}));
  ASSERT_NO_FATAL_FAILURE(expect_equal_in(one, -2, 12));
  const Locator blank(tree_of({record("R", "", {}), record("A", "R", {})}));
  ASSERT_NO_FATAL_FAILURE(expect_equal_in(blank, -2, 2));
  const Locator dots(tree_of({record("R", "", {{{1, 1}, {1, 1}, {1, 1}}}), record("A", "R", {box(0, 0, 4, 4)})}));
  ASSERT_NO_FATAL_FAILURE(expect_equal_in(dots, -2, 6));  // the parent holds nothing, so neither does the child
  const Locator flat(tree_of({record("R", "", {{{0, 0}, {9, 0}, {4, 0}}, {{2, 5}, {2, 9}}})}));
  ASSERT_NO_FATAL_FAILURE(expect_equal_in(flat, -2, 11));
  const Locator nothing(std::make_shared<const DivisionTree>());
  EXPECT_FALSE(nothing.locate({0, 0}).valid());
}

double walked_distance_m(const DivisionTree& tree, Vec2d point_world, DivisionIndex index) {
  const Vec2d p = (point_world - tree.origin_world()) * (1 / tree.unit_m());
  double best2 = std::numeric_limits<double>::infinity();
  const Division& division = tree.at(index);
  for (std::uint32_t r = division.rings.begin; r < division.rings.end; ++r) {
    const Range range = tree.rings()[r].vertices;
    for (std::uint32_t i = range.begin, j = range.end - 1; i < range.end; j = i++) {
      const Vec2i from = tree.vertices()[j], to = tree.vertices()[i];
      const Vec2d a{static_cast<double>(from.x), static_cast<double>(from.y)};
      const Vec2d d = Vec2d{static_cast<double>(to.x), static_cast<double>(to.y)} - a;
      const double length2 = d.x * d.x + d.y * d.y;
      const double along = length2 > 0 ? ((p.x - a.x) * d.x + (p.y - a.y) * d.y) / length2 : 0;
      const Vec2d gap = p - (a + d * std::clamp(along, 0.0, 1.0));
      best2 = std::min(best2, gap.x * gap.x + gap.y * gap.y);
    }
  }
  return std::sqrt(best2) * tree.unit_m();
}

TEST(locator_exact, distance_is_that_of_a_walk_along_the_whole_border) {
  const auto tree = test::mesh_tree({.level_counts = {1, 30, 2000}, .segments_per_side = 13, .left_out_every = 50});
  const Locator locator(tree);
  base::Random random(17);
  for (int k = 0; k < 2000; ++k) {
    const DivisionIndex index{k % 4 == 0 ? 0 : static_cast<std::uint32_t>(random.next_below(tree->divisions().size()))};
    const Vec2d p{500000 + random.next_between(-7000, 7000), 3500000 + random.next_between(-7000, 7000)};
    ASSERT_DOUBLE_EQ(locator.distance_to_border_m(p, index), walked_distance_m(*tree, p, index)) << p.x << " " << p.y;
    const double walked_m = walked_distance_m(*tree, p, index);
    EXPECT_DOUBLE_EQ(locator.distance_to_border_m(p, index, walked_m), walked_m);
    EXPECT_TRUE(std::isinf(locator.distance_to_border_m(p, index, walked_m * 0.99)));
  }
  EXPECT_TRUE(std::isinf(locator.distance_to_border_m({std::nan(""), 0}, tree->root())));
}

TEST(locator_exact, distance_counts_every_ring_of_holes_and_parts) {
  base::Random random(18);
  for (int i = 0; i < 60; ++i) {
    const auto draw = [&] { return static_cast<std::int32_t>(random.next_below(1000)); };
    const auto tree = random_tree(random, {.divisions = 3, .vertices_max = 60, .rings_max = 9}, draw);
    const Locator locator(tree);
    for (int k = 0; k < 60; ++k) {
      const Vec2d p{random.next_between(-300, 1300), random.next_between(-300, 1300)};
      const DivisionIndex index{static_cast<std::uint32_t>(random.next_below(3))};
      ASSERT_DOUBLE_EQ(locator.distance_to_border_m(p, index), walked_distance_m(*tree, p, index));
    }
  }
}

}  // namespace
}  // namespace gridwall::model
