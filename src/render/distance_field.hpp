// Exact signed distances of a bitmap (Felzenszwalb and Huttenlocher, two passes of lower envelopes of parabolas), and
// the glyph cell made of them. Pure. Test: tests/unit/render/distance_field_test.cpp.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/geometry.hpp"

namespace gridwall::render {

// For each pixel the squared distance (pixels, between centres) to the nearest pixel that is set; very large where
// there is none. `set` is size.x * size.y values, 0 or not.
std::vector<float> squared_distances(std::span<const std::uint8_t> set, base::Vec2i size);

// Signed distance to the outline at each pixel's centre: positive inside. Coverage of 128 and more is inside.
std::vector<float> signed_distances(std::span<const std::uint8_t> coverage, base::Vec2i size);

// A bitmap of `side * oversampling` squared becomes `side` squared bytes: 128 on the outline, 255 at `spread` cell
// pixels inside, 0 at `spread` outside.
std::vector<std::uint8_t> distance_cell(std::span<const std::uint8_t> coverage, int side, int oversampling, int spread);

}  // namespace gridwall::render
