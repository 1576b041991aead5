// Where a label stands: the point inside a polygon that is about farthest from its border (pole of inaccessibility), by
// a best-first search over squares as Mapbox's polylabel (ISC licence) does it, written afresh.
#pragma once

#include "shape/ear_clipping.hpp"

namespace gridwall::shape {

// Within a hundredth of the polygon's size of the best. Inside, unless the polygon is too thin for integers: then on
// the middle of its largest triangle. `triangle_indices` are those of clip_ears(rings).
base::Vec2i find_pole(const std::vector<IntRing>& rings, const std::vector<std::uint32_t>& triangle_indices);

}  // namespace gridwall::shape
