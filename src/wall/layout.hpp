// Layout: where everything stands on one output, as plain rectangles of whole pixels on a grid. One measure, the body
// text's size, scales it all, so nothing is ever stretched; where the output is too small for the size that the
// viewing distance asks for, the text shrinks and `body_is_legible` says so.
// Invariant (tests/unit/wall/layout_test.cpp): no two rectangles overlap, none is negative, all lie in the output.
#pragma once

#include <array>
#include <utility>

#include "base/geometry.hpp"
#include "wall/wall_profile.hpp"

namespace gridwall::wall {

struct Layout {
  base::Vec2i size_px;
  double body_px = 16;        // font size of body text
  double ui_scale = 1;        // body_px / 16: for markers, borders and labels of the map
  bool body_is_legible = true;  // at least 16 minutes of arc from the viewing distance
  double gap_px = 12;

  // min: top left, max: bottom right; whole pixels.
  base::Box2d header, figures, map, incidents, detail, legend, footer;
  base::Box2d timeline;  // of a replay, below the map; else empty
  base::Box2d tabs;      // of views, above the map; else empty
  base::Box2d boards;    // of a view, below figures and map; empty where too little map would be left

  [[nodiscard]] std::array<base::Box2d, 10> boxes() const {
    return {header, figures, map, incidents, detail, legend, footer, timeline, tabs, boards};
  }
  [[nodiscard]] base::Vec2i map_offset_px() const;
  [[nodiscard]] base::Vec2i map_size_px() const;
};

// What a wall shows beside the panels that are always there.
struct LayoutParts {
  bool timeline = false, tabs = false, boards = false;
  bool operator==(const LayoutParts&) const = default;
};
Layout make_layout(const WallProfile& profile, base::Vec2i size_px, const LayoutParts& parts);
Layout make_layout(const WallProfile& profile, base::Vec2i size_px, bool with_timeline = false);

}  // namespace gridwall::wall
