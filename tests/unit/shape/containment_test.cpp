#include "shape/containment.hpp"

#include "base/random.hpp"
#include "int_shapes.hpp"

namespace gridwall::shape {
namespace {

using Records = std::vector<model::DivisionRecord>;
using Parents = std::vector<std::size_t>;

Parents parents_of(const Containment& found) {
  Parents parents;
  for (const ContainedIn& place : found.places) parents.push_back(place.parent);
  return parents;
}

// Four quarters of `size`, each of which holds four more, `depth` times; parents before children.
void add_quarters(Records& records, Parents& parents, base::Vec2i low, std::int32_t size, int depth,
                  std::size_t above) {
  const std::size_t own = records.size();
  records.push_back(record(std::to_string(own), "", {{square(low, size)}}));
  parents.push_back(above);
  const std::int32_t half = size / 2;
  for (int q = 0; q < 4 && depth > 0; ++q) {
    add_quarters(records, parents, {low.x + q % 2 * half, low.y + q / 2 * half}, half, depth - 1, own);
  }
}

TEST(containment, nested_quarters_find_the_smallest_that_holds_them) {
  Records records;
  Parents expected;
  add_quarters(records, expected, {-4096, 512}, 8192, 4, kNoParent);
  const Containment found = find_containment(records, {});
  EXPECT_EQ(parents_of(found), expected);
  for (std::size_t i = 1; i < records.size(); ++i) EXPECT_EQ(found.places[i].share, 1) << i;
  EXPECT_EQ(std::count(found.orphaned.begin(), found.orphaned.end(), true), 0);
}

TEST(containment, parts_that_share_their_whole_border_with_a_jagged_parent_lie_wholly_in_it) {
  base::Random random(4);
  IntRing whole;
  for (std::int32_t i = 0; i < 300; ++i) whole.push_back({i * 100, static_cast<std::int32_t>(random.next_below(5000))});
  for (std::int32_t i = 300; i-- > 0;)
    whole.push_back({i * 100, 10000 + static_cast<std::int32_t>(random.next_below(5000))});
  Records records{record("whole", "", {{whole}})};
  const auto indices = clip_ears({whole});
  for (std::size_t i = 0; i < indices.size(); i += 3) {
    records.push_back(record("t", "", {{{whole[indices[i]], whole[indices[i + 1]], whole[indices[i + 2]]}}}));
  }
  const Containment found = find_containment(records, {});
  for (std::size_t i = 1; i < records.size(); ++i) {
    EXPECT_EQ(found.places[i].parent, 0u);
    EXPECT_EQ(found.places[i].share, 1) << i;
  }
}

TEST(containment, order_of_the_records_changes_no_parent) {
  Records records;
  Parents expected;
  add_quarters(records, expected, {0, 0}, 1 << 20, 3, kNoParent);
  base::Random random(3);
  for (std::size_t i = records.size(); i-- > 1;) std::swap(records[i], records[random.next_below(i + 1)]);
  const Containment found = find_containment(records, {});
  for (std::size_t i = 0; i < records.size(); ++i) {
    const std::size_t above = expected[std::stoul(records[i].code)];
    const std::size_t parent = found.places[i].parent;
    ASSERT_EQ(parent == kNoParent, above == kNoParent);
    if (parent == kNoParent) continue;
    EXPECT_EQ(records[parent].code, std::to_string(above));
  }
}

TEST(containment, town_of_one_village_is_its_parent_by_level_even_when_the_village_came_first) {
  const IntRing shape = square({0, 0}, 1000);
  const Records records{record("village", "", {{shape}}), record("grid", "", {{square({10, 10}, 500)}}),
                        record("town", "", {{shape}}), record("county", "", {{square({0, 0}, 5000)}})};
  EXPECT_EQ(parents_of(find_containment(records, {2, 3, 1, 0})), (Parents{2, 0, 3, kNoParent}));
}

TEST(containment, without_levels_the_first_of_equal_polygons_is_the_parent) {
  // The second is larger by less than a millionth: a rounding, not a rank.
  const Records records{record("a", "", {{rectangle({0, 0}, 10000000, 1000)}}),
                        record("b", "", {{rectangle({0, 0}, 10000001, 1000)}}),
                        record("c", "", {{rectangle({0, 0}, 10000000, 1000)}})};
  EXPECT_EQ(parents_of(find_containment(records, {})), (Parents{kNoParent, 0, 1}));
}

TEST(containment, village_larger_than_its_town_by_a_rounding_still_lies_in_it_by_level) {
  const Records records{record("village", "", {{rectangle({0, 0}, 1001, 1000)}}),
                        record("town", "", {{rectangle({0, 0}, 1000, 1000)}})};
  const Containment found = find_containment(records, {1, 0});
  EXPECT_EQ(parents_of(found), (Parents{1, kNoParent}));
  EXPECT_GT(found.places[0].share, 0.95);
}

TEST(containment, share_tells_how_much_sticks_out) {
  const Records records{record("town", "", {{square({0, 0}, 1000)}}), record("in", "", {{square({0, 0}, 100)}}),
                        record("three quarters", "", {{rectangle({925, 0}, 100, 100)}}),
                        record("a quarter", "", {{rectangle({975, 500}, 100, 100)}}),
                        record("outside", "", {{square({5000, 0}, 100)}})};
  const Containment found = find_containment(records, {});
  EXPECT_EQ(parents_of(found), (Parents{kNoParent, 0, 0, kNoParent, kNoParent}));
  EXPECT_EQ(found.places[1].share, 1);
  EXPECT_NEAR(found.places[2].share, 0.75, 0.05);
  EXPECT_NEAR(found.places[3].share, 0.25, 0.05);
  EXPECT_EQ(found.places[4].share, 0);
  EXPECT_EQ(found.orphaned, (std::vector<bool>{false, false, false, true, true}));
}

TEST(containment, exclave_counts_with_the_share_of_its_area) {
  const Records records{record("town", "", {{square({0, 0}, 1000)}, {square({3000, 0}, 300)}}),
                        record("village", "", {{square({0, 0}, 200)}, {square({3000, 0}, 200)}}),
                        record("hole", "", {{square({0, 3000}, 1000), square({100, 3100}, 800)}}),
                        record("in the hole", "", {{square({200, 3200}, 300)}})};
  const Containment found = find_containment(records, {});
  EXPECT_EQ(parents_of(found), (Parents{kNoParent, 0, kNoParent, kNoParent}));
  EXPECT_EQ(found.places[1].share, 1);
  EXPECT_EQ(found.places[3].share, 0);
}

TEST(containment, divisions_side_by_side_are_tops_not_orphans) {
  const Records records{record("a", "", {{square({0, 0}, 100)}}), record("b", "", {{square({100, 0}, 90)}})};
  EXPECT_EQ(find_containment(records, {}).orphaned, (std::vector<bool>{false, false}));
  EXPECT_EQ(find_containment(records, {0, 1}).orphaned, (std::vector<bool>{false, true}));
}

TEST(containment, division_without_polygon_has_no_parent_and_holds_nobody) {
  const Records records{record("none", "", {}), record("a", "", {{square({0, 0}, 100)}}),
                        record("b", "", {{square({0, 0}, 50)}})};
  EXPECT_EQ(parents_of(find_containment(records, {0, 1, 2})), (Parents{kNoParent, kNoParent, 1}));
  EXPECT_TRUE(find_containment({}, {}).places.empty());
}

TEST(containment, thousands_of_equal_polygons_make_one_chain) {
  const Records records(3000, record("same", "", {{square({0, 0}, 1000)}}));
  const Containment found = find_containment(records, {});
  for (std::size_t i = 1; i < records.size(); ++i) ASSERT_EQ(found.places[i].parent, i - 1);
  EXPECT_EQ(found.places[0].parent, kNoParent);
}

TEST(containment, coordinates_at_both_ends_of_the_integers_are_safe) {
  const std::int32_t far = 2147483647;
  const Records records{record("all", "", {{{{-far, -far}, {far, -far}, {far, far}, {-far, far}}}}),
                        record("corner", "", {{{{-far, -far}, {0, -far}, {0, 0}, {-far, 0}}}}),
                        record("dot", "", {{{{-far, -far}, {1 - far, -far}, {1 - far, 1 - far}}}})};
  EXPECT_EQ(parents_of(find_containment(records, {})), (Parents{kNoParent, 0, 1}));
}

TEST(containment, links_become_one_tree) {
  const Records records{record("C", "", {{square({0, 0}, 1000)}}), record("T", "", {{square({0, 0}, 500)}}),
                        record("far", "", {{square({9000, 0}, 100)}})};
  const Containment found = find_containment(records, {});
  const ParentLinks links = link_found_parents({{"C", ""}, {"T", ""}, {"far", ""}}, parents_of(found), found.orphaned);
  EXPECT_EQ(links.parents, (std::vector<std::size_t>{kNoParent, 0, 0}));
  EXPECT_EQ(links.orphans, std::vector<std::size_t>{2});
  EXPECT_TRUE(links.added_root_code.empty());
}

}  // namespace
}  // namespace gridwall::shape
