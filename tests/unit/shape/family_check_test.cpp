#include "shape/family_check.hpp"

#include <cmath>

#include "base/random.hpp"
#include "int_shapes.hpp"

namespace gridwall::shape {
namespace {

using Records = std::vector<model::DivisionRecord>;

// Units are millimetres: 1000 x 1000 km would not fit, 100 x 100 m is 1e5 x 1e5 units and 1e4 m2.
constexpr std::int32_t kM = 1000;

FamilyFault check_one(Records records, const FamilyTolerance& tolerance = {}) {
  const model::DivisionTree tree = tree_of(std::move(records));
  const auto faults = check_families(tree, tolerance);
  EXPECT_FALSE(faults.empty());
  return faults.empty() ? FamilyFault{} : faults[0];
}

// n x n cells in a square of `side` units, all corners shared but for those changed by `move`.
Records grid_of(std::int32_t side, int n, bool with_parent = true) {
  Records records;
  records.push_back(record("R", "", {}));
  const std::int32_t cell = side / n;
  if (with_parent) {
    IntRing border;
    for (int i = 0; i < n; ++i) border.push_back({i * cell, 0});
    for (int i = 0; i < n; ++i) border.push_back({n * cell, i * cell});
    for (int i = n; i > 0; --i) border.push_back({i * cell, n * cell});
    for (int i = n; i > 0; --i) border.push_back({0, i * cell});
    records[0] = record("R", "", {{border}});
  }
  for (int i = 0; i < n * n; ++i) {
    records.push_back(record("c" + std::to_string(i), "R", {{square({i % n * cell, i / n * cell}, cell)}}));
  }
  return records;
}

TEST(family_check, perfect_tiling_has_nothing_to_tell) {
  const FamilyFault fault = check_one(grid_of(100 * kM, 10));
  EXPECT_TRUE(fault.clean());
  EXPECT_EQ(fault.covered_share, 1);
  EXPECT_EQ(fault.sliver_m2, 0);
  EXPECT_DOUBLE_EQ(fault.children_m2, 10000);
}

TEST(family_check, missing_cell_is_a_gap_with_its_place) {
  Records records = grid_of(100 * kM, 10);
  records.erase(records.begin() + 1 + 55);  // column 5, row 5
  const FamilyFault fault = check_one(std::move(records));
  EXPECT_EQ(fault.gap_count, 1u);
  EXPECT_NEAR(fault.gap_m2, 100, 1e-9);
  EXPECT_NEAR(fault.gap_largest_m2, 100, 1e-9);
  EXPECT_NEAR(fault.covered_share, 0.99, 1e-12);
  EXPECT_TRUE(fault.gap_at_world.x > 50 && fault.gap_at_world.x < 60) << fault.gap_at_world.x;
  EXPECT_TRUE(fault.gap_at_world.y > 50 && fault.gap_at_world.y < 60) << fault.gap_at_world.y;
  EXPECT_EQ(fault.overlap_count + fault.outside_count, 0u);
}

TEST(family_check, sibling_inside_a_sibling_is_an_overlap_although_no_border_of_the_other_is_left_over) {
  Records records = grid_of(100 * kM, 4);
  records.push_back(record("extra", "R", {{square({30 * kM, 30 * kM}, 10 * kM)}}));
  const FamilyFault fault = check_one(std::move(records));
  ASSERT_EQ(fault.overlap_count, 1u);
  EXPECT_NEAR(fault.overlaps[0].area_m2, 100, 1e-9);
  EXPECT_NEAR(fault.overlap_m2, 100, 1e-9);
  EXPECT_EQ(fault.gap_count + fault.outside_count, 0u);
  EXPECT_EQ(fault.covered_share, 1);
}

TEST(family_check, overlap_names_the_pair_and_its_area_and_the_gap_beside_it) {
  // Two halves; the right one moved 10 m to the left: an overlap of 10 x 100 m, a gap as large at the right.
  const FamilyFault fault = check_one({record("R", "", {{square({0, 0}, 100 * kM)}}),
                                       record("a", "R", {{rectangle({0, 0}, 50 * kM, 100 * kM)}}),
                                       record("b", "R", {{rectangle({40 * kM, 0}, 50 * kM, 100 * kM)}})});
  ASSERT_EQ(fault.overlap_count, 1u);
  EXPECT_EQ(fault.overlaps[0].first.value, 1u);
  EXPECT_EQ(fault.overlaps[0].second.value, 2u);
  EXPECT_NEAR(fault.overlaps[0].area_m2, 1000, 1e-6);
  EXPECT_NEAR(fault.overlaps[0].at_world.x, 45, 5);
  EXPECT_NEAR(fault.gap_m2, 1000, 1e-6);
  EXPECT_EQ(fault.outside_count, 0u);
  EXPECT_NEAR(fault.covered_share, 0.9, 1e-9);
}

TEST(family_check, child_that_sticks_out_is_told_with_its_area) {
  const FamilyFault fault = check_one({record("R", "", {{square({0, 0}, 100 * kM)}}),
                                       record("a", "R", {{rectangle({0, 0}, 50 * kM, 100 * kM)}}),
                                       record("b", "R", {{rectangle({50 * kM, 0}, 60 * kM, 100 * kM)}})});
  ASSERT_EQ(fault.outside_count, 1u);
  EXPECT_EQ(fault.outside[0].child.value, 2u);
  EXPECT_NEAR(fault.outside[0].area_m2, 1000, 1e-6);
  EXPECT_GT(fault.outside[0].at_world.x, 100);
  EXPECT_EQ(fault.gap_count + fault.overlap_count, 0u);
  EXPECT_EQ(fault.covered_share, 1);
}

TEST(family_check, two_whole_tilings_on_top_of_each_other_overlap_everywhere) {
  Records records = grid_of(100 * kM, 2);
  for (int i = 0; i < 4; ++i) {
    records.push_back(record("d" + std::to_string(i), "R", {{rectangle({i * 25 * kM, 0}, 25 * kM, 100 * kM)}}));
  }
  const FamilyFault fault = check_one(std::move(records));
  EXPECT_EQ(fault.overlap_count, 8u);
  EXPECT_NEAR(fault.overlap_m2, 10000, 1e-6);
  EXPECT_EQ(fault.gap_count + fault.outside_count, 0u);
}

// The right neighbours have a vertex on the left one's straight, slanted border; rounded to units it lies beside it.
Records t_junctions(int count, std::int32_t off_units) {
  const base::Vec2i foot{500 * kM, 0}, head{507 * kM + 3, 1000 * kM};
  Records records{record("R", "", {{{{0, 0}, foot, {1000 * kM, 0}, {1000 * kM, 1000 * kM}, head, {0, 1000 * kM}}}}),
                  record("left", "R", {{{{0, 0}, foot, head, {0, 1000 * kM}}}})};
  const auto on_border = [&](int k) {
    const double t = static_cast<double>(k) / count;
    const auto x = static_cast<std::int32_t>(std::lround(foot.x + t * (head.x - foot.x)));
    const auto y = static_cast<std::int32_t>(std::lround(t * head.y));
    return base::Vec2i{k == 0 || k == count ? x : x + off_units, y};
  };
  for (int k = 0; k < count; ++k) {
    const base::Vec2i low = on_border(k), high = on_border(k + 1);
    records.push_back(
        record("right" + std::to_string(k), "R", {{{low, {1000 * kM, low.y}, {1000 * kM, high.y}, high}}}));
  }
  // The parent's right side has the same corners.
  IntRing border{{0, 0}, foot, {1000 * kM, 0}};
  for (int k = 1; k < count; ++k) border.push_back({1000 * kM, on_border(k).y});
  border.insert(border.end(), {{1000 * kM, 1000 * kM}, head, {0, 1000 * kM}});
  records[0] = record("R", "", {{border}});
  return records;
}

TEST(family_check, vertex_on_a_neighbours_straight_border_is_no_fault_within_a_unit) {
  const FamilyFault fault = check_one(t_junctions(7, 0));
  EXPECT_TRUE(fault.clean()) << fault.gap_count << " " << fault.overlap_count;
  EXPECT_GT(fault.sliver_m2, 0);
  EXPECT_LT(fault.sliver_m2, 1);
  EXPECT_EQ(fault.covered_share, 1);
}

TEST(family_check, vertex_a_hand_beside_the_border_is_a_gap) {
  const FamilyFault fault = check_one(t_junctions(7, 100));  // 10 cm along 1 km
  EXPECT_EQ(fault.gap_count, 1u);
  EXPECT_NEAR(fault.gap_m2, 0.1 * 1000 * 6 / 7, 2);
  EXPECT_EQ(fault.overlap_count, 0u);
}

TEST(family_check, small_pieces_are_told_only_above_both_bounds) {
  // A gap of 0.5 m2 in 1e6 m2: below one m2 and below a millionth.
  const auto with_gap = [](std::int32_t side, std::int32_t gap_side) {
    const std::int32_t mid = side / 2;
    return Records{
        record("R", "", {{{{0, 0}, {mid, 0}, {side, 0}, {side, side}, {mid, side}, {0, side}}}}),
        record(
            "a", "R",
            {{{{0, 0}, {mid, 0}, {mid, mid}, {mid - gap_side, mid}, {mid, mid + gap_side}, {mid, side}, {0, side}}}}),
        record("b", "R", {{{{mid, 0}, {side, 0}, {side, side}, {mid, side}, {mid, mid + gap_side}, {mid, mid}}}})};
  };
  const FamilyFault below = check_one(with_gap(1000 * kM, 1 * kM));
  EXPECT_TRUE(below.clean());
  EXPECT_NEAR(below.sliver_m2, 0.5, 1e-9);
  EXPECT_EQ(check_one(with_gap(1000 * kM, 2 * kM)).gap_count, 1u);  // 2 m2
  EXPECT_EQ(check_one(with_gap(100 * kM, 1 * kM)).gap_count, 1u);   // 0.5 m2 of 1e4
}

TEST(family_check, children_without_a_parent_polygon_have_no_gaps_but_overlaps) {
  Records records = grid_of(100 * kM, 5, false);
  FamilyFault fault = check_one(records);
  EXPECT_TRUE(fault.clean());
  EXPECT_LT(fault.covered_share, 0);
  records.erase(records.begin() + 1 + 12);
  records.push_back(record("extra", "R", {{rectangle({0, 0}, 30 * kM, 10 * kM)}}));
  fault = check_one(records);
  EXPECT_EQ(fault.gap_count + fault.outside_count, 0u);
  ASSERT_EQ(fault.overlap_count, 2u);
  EXPECT_NEAR(fault.overlaps[0].area_m2, 200, 1e-6);  // largest first
  EXPECT_NEAR(fault.overlaps[1].area_m2, 100, 1e-6);
}

TEST(family_check, child_without_polygon_stands_for_its_own_children) {
  const FamilyFault fault = check_one({record("R", "", {{square({0, 0}, 100 * kM)}}), record("T", "R", {}),
                                       record("a", "T", {{rectangle({0, 0}, 50 * kM, 100 * kM)}}),
                                       record("b", "T", {{rectangle({50 * kM, 0}, 50 * kM, 100 * kM)}})});
  EXPECT_TRUE(fault.clean()) << fault.gap_m2;
  EXPECT_NEAR(fault.covered_share, 1, 1e-6);
}

TEST(family_check, hole_of_a_child_that_a_sibling_fills_is_no_gap) {
  const IntRing hole = square({30 * kM, 30 * kM}, 20 * kM);
  const Records whole{record("R", "", {{square({0, 0}, 100 * kM)}}),
                      record("ring", "R", {{square({0, 0}, 100 * kM), hole}}), record("core", "R", {{hole}})};
  EXPECT_TRUE(check_one(whole).clean());
  const FamilyFault fault = check_one({whole[0], whole[1]});
  EXPECT_NEAR(fault.gap_m2, 400, 1e-9);
}

TEST(family_check, hundreds_of_equal_children_are_told_without_listing_every_pair) {
  Records records{record("R", "", {{square({0, 0}, 100 * kM)}})};
  for (int i = 0; i < 300; ++i) records.push_back(record("s" + std::to_string(i), "R", {{square({0, 0}, 100 * kM)}}));
  const FamilyFault fault = check_one(std::move(records));
  EXPECT_EQ(fault.overlaps.size(), 20u);
  EXPECT_GE(fault.overlap_count, 64u * 63 / 2);
  EXPECT_NEAR(fault.overlap_m2, 1e4 * 300 * 299 / 2, 1);
}

TEST(family_check, tangle_of_borders_is_told_as_not_measured) {
  Records records{record("R", "", {{square({0, 0}, 100 * kM)}})};
  for (int i = 0; i < 30; ++i) {
    records.push_back(record("h" + std::to_string(i), "R", {{rectangle({0, i * 3 * kM}, 99 * kM, kM)}}));
    records.push_back(record("v" + std::to_string(i), "R", {{rectangle({i * 3 * kM + 7, 7}, kM, 99 * kM)}}));
  }
  FamilyTolerance tolerance;
  EXPECT_EQ(check_one(records, tolerance).overlap_count, 900u);
  tolerance.crossings_max = 1000;
  const FamilyFault crossing = check_one(records, tolerance);
  EXPECT_NE(crossing.not_measured.find("cross"), std::string::npos) << crossing.not_measured;
  EXPECT_FALSE(crossing.clean());
  tolerance = {};
  tolerance.left_over_edges_max = 100;
  EXPECT_NE(check_one(records, tolerance).not_measured.find("vertex for vertex"), std::string::npos);
}

TEST(family_check, families_after_the_budget_of_all_are_told_as_not_measured_but_perfect_ones_are_proved) {
  const auto halves = [](const std::string& parent, std::int32_t x, std::int32_t gap) {
    return Records{
        record(parent, "R", {{{{x, 0}, {x + 50, 0}, {x + 100, 0}, {x + 100, 100}, {x + 50, 100}, {x, 100}}}}),
        record(parent + "a", parent, {{rectangle({x, 0}, 50 - gap, 100)}}),
        record(parent + "b", parent, {{rectangle({x + 50, 0}, 50, 100)}})};
  };
  Records records{record("R", "", {})};
  for (const auto& part : {halves("p", 0, 20), halves("q", 100, 20), halves("s", 200, 0)}) {
    records.insert(records.end(), part.begin(), part.end());
  }
  const model::DivisionTree tree = tree_of(std::move(records));
  FamilyTolerance tolerance;
  const auto all = check_families(tree, tolerance);
  ASSERT_EQ(all.size(), 4u);
  EXPECT_EQ(all[1].gap_count + all[2].gap_count, 2u);
  tolerance.left_over_edges_total_max = 20;  // enough for the root's outline and one gap
  const auto some = check_families(tree, tolerance);
  EXPECT_EQ(some[1].gap_count, 1u);
  EXPECT_FALSE(some[2].not_measured.empty());
  EXPECT_TRUE(some[3].clean());
}

// Against plain counting on a lattice: random rectangles of whole cells, so every area is known exactly.
TEST(family_check, areas_agree_with_counting_cells_on_random_families) {
  base::Random random(5);
  for (int round = 0; round < 60; ++round) {
    constexpr int kCells = 12;
    const int count = 2 + static_cast<int>(random.next_below(6));
    Records records{record("R", "", {{square({2 * kM, 2 * kM}, 8 * kM)}})};
    int over[kCells][kCells] = {};
    for (int k = 0; k < count; ++k) {
      const int x = static_cast<int>(random.next_below(8)), y = static_cast<int>(random.next_below(8));
      const int w = 1 + static_cast<int>(random.next_below(4)), h = 1 + static_cast<int>(random.next_below(4));
      records.push_back(record("k" + std::to_string(k), "R", {{rectangle({x * kM, y * kM}, w * kM, h * kM)}}));
      for (int i = x; i < x + w; ++i) {
        for (int j = y; j < y + h; ++j) ++over[i][j];
      }
    }
    double gap = 0, overlap = 0, outside = 0;
    for (int i = 0; i < kCells; ++i) {
      for (int j = 0; j < kCells; ++j) {
        const bool in = i >= 2 && i < 10 && j >= 2 && j < 10;
        if (in && over[i][j] == 0) gap += 1;
        if (!in) outside += over[i][j];
        overlap += over[i][j] * (over[i][j] - 1) / 2.0;
      }
    }
    const FamilyFault fault = check_one(std::move(records));
    EXPECT_NEAR(fault.gap_m2, gap, 1e-6) << round;
    EXPECT_NEAR(fault.overlap_m2, overlap, 1e-6) << round;
    EXPECT_NEAR(fault.outside_m2, outside, 1e-6) << round;
    EXPECT_NEAR(fault.covered_share, 1 - gap / 64, 1e-9) << round;
  }
}

}  // namespace
}  // namespace gridwall::shape
