// Are two trees the same in all that they say; and a tree of oddities to try it on.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>

#include "model/division_tree.hpp"

namespace gridwall::model {

inline void expect_same(const DivisionTree& a, const DivisionTree& b) {
  EXPECT_EQ(a.content_hash(), b.content_hash());
  EXPECT_TRUE(std::ranges::equal(a.vertices(), b.vertices()));
  EXPECT_TRUE(std::ranges::equal(a.triangle_indices(), b.triangle_indices()));
  EXPECT_EQ(a.origin_world(), b.origin_world());
  EXPECT_EQ(a.unit_m(), b.unit_m());
  EXPECT_EQ(a.world_crs(), b.world_crs());
  EXPECT_EQ(a.synthetic(), b.synthetic());
  ASSERT_EQ(a.levels().size(), b.levels().size());
  for (std::size_t i = 0; i < a.levels().size(); ++i) {
    EXPECT_EQ(a.levels()[i].name_zh, b.levels()[i].name_zh);
    EXPECT_EQ(a.levels()[i].name_en, b.levels()[i].name_en);
    EXPECT_EQ(a.levels()[i].divisions, b.levels()[i].divisions);
  }
  ASSERT_EQ(a.rings().size(), b.rings().size());
  for (std::size_t i = 0; i < a.rings().size(); ++i) {
    EXPECT_EQ(a.rings()[i].vertices, b.rings()[i].vertices);
    EXPECT_EQ(a.rings()[i].is_hole, b.rings()[i].is_hole);
  }
  ASSERT_EQ(a.divisions().size(), b.divisions().size());
  for (std::size_t i = 0; i < a.divisions().size(); ++i) {
    const Division &x = a.divisions()[i], &y = b.divisions()[i];
    EXPECT_EQ(x.code, y.code);
    EXPECT_EQ(x.name, y.name);
    EXPECT_EQ(x.kind, y.kind);
    EXPECT_EQ(x.path, y.path);
    EXPECT_EQ(x.level_index, y.level_index);
    EXPECT_EQ(x.parent, y.parent);
    EXPECT_EQ(x.children, y.children);
    EXPECT_EQ(x.rings, y.rings);
    EXPECT_EQ(x.triangle_indices, y.triangle_indices);
    EXPECT_EQ(x.vertices, y.vertices);
    EXPECT_EQ(x.extent_world.min, y.extent_world.min);
    EXPECT_EQ(x.extent_world.max, y.extent_world.max);
    EXPECT_EQ(x.anchor_world, y.anchor_world);
    EXPECT_EQ(x.area_m2, y.area_m2);
  }
}

// A root without a polygon, a division of two parts, one with a hole; odd kinds, names and codes.
inline DivisionTree odd_tree() {
  TreeSpec spec;
  spec.origin_world = {500000.125, 3500000.5};
  spec.unit_m = 0.01;
  spec.world_crs = "+proj=tmerc +lon_0=120";
  spec.synthetic = true;
  spec.level_names = {{"市", "City", {}}, {"镇", "Town", {}}};
  DivisionRecord root{"320281", "江阴市", "admin", "", {}, {}};
  DivisionRecord islands{"320281001", "群岛/~@%", "special", "320281", {}, {5, 5}};
  islands.parts = {
      {{{{0, 0}, {10, 0}, {10, 10}}}, {0, 1, 2}},
      {{{{100, 0}, {190, 0}, {190, 90}, {100, 90}}, {{120, 20}, {120, 40}, {140, 40}}}, {0, 1, 2, 0, 2, 3}}};
  DivisionRecord nowhere{"elsewhere", "", "micro", "320281", {}, {-7, 2'000'000'000}};
  spec.records = {nowhere, islands, root};
  return assemble_tree(std::move(spec)).value();
}

}  // namespace gridwall::model
