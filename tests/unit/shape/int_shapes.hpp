// Small integer polygons and trees of them, for tests of this room.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "model/division_tree.hpp"
#include "shape/division_shaper.hpp"

namespace gridwall::shape {

inline IntRing rectangle(base::Vec2i low, std::int32_t width, std::int32_t height) {
  return {low, {low.x + width, low.y}, {low.x + width, low.y + height}, {low.x, low.y + height}};
}

inline IntRing square(base::Vec2i low, std::int32_t size) {
  return rectangle(low, size, size);
}

inline model::DivisionRecord record(const std::string& code, const std::string& parent_code,
                                    std::vector<IntPolygon> polygons) {
  ShapedDivision shaped = DivisionShaper().shape(std::move(polygons));
  model::DivisionRecord out;
  out.code = code;
  out.name = code;
  out.parent_code = parent_code;
  out.parts = std::move(shaped.parts);
  out.anchor = shaped.anchor;
  return out;
}

// Units of a millimetre.
inline model::DivisionTree tree_of(std::vector<model::DivisionRecord> records) {
  model::TreeSpec spec;
  spec.records = std::move(records);
  spec.world_crs = "EPSG:4549";
  auto built = model::assemble_tree(std::move(spec));
  EXPECT_TRUE(built.ok());
  return std::move(*built);
}

}  // namespace gridwall::shape
