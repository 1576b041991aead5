// A box in the tree's units. Pure. Test: tests/unit/render/unit_box_test.cpp.
#pragma once

#include <algorithm>
#include <limits>

#include "base/geometry.hpp"

namespace gridwall::render {

// In tree units; 64 bit, so that growing it never overflows.
struct UnitBox {
  std::int64_t min_x = std::numeric_limits<std::int64_t>::max(), min_y = min_x;
  std::int64_t max_x = std::numeric_limits<std::int64_t>::min(), max_y = max_x;

  void extend(base::Vec2i p) {
    min_x = std::min<std::int64_t>(min_x, p.x);
    min_y = std::min<std::int64_t>(min_y, p.y);
    max_x = std::max<std::int64_t>(max_x, p.x);
    max_y = std::max<std::int64_t>(max_y, p.y);
  }
  [[nodiscard]] bool intersects(const UnitBox& o) const {
    return min_x <= o.max_x && max_x >= o.min_x && min_y <= o.max_y && max_y >= o.min_y;
  }
};

}  // namespace gridwall::render
