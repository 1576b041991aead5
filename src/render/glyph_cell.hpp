// The cell of one letter in the atlas; shaders/common/glyph_block.glsl repeats the first two (a GL test compares).
#pragma once

namespace gridwall::render {

inline constexpr int kCellPx = 48;      // side of a cell
inline constexpr int kSpreadPx = 6;     // distances are kept up to this far from the outline
inline constexpr int kCellEmPx = 36;    // the font size that stands in a cell
inline constexpr int kPenXPx = 6;       // the pen's origin in the cell, from its left
inline constexpr int kBaselinePx = 38;  // the baseline, from its top
inline constexpr int kAtlasSidePx = 2048;
inline constexpr int kCellsPerRow = kAtlasSidePx / kCellPx;
inline constexpr int kCellCount = kCellsPerRow * kCellsPerRow;
inline constexpr int kOversampling = 3;  // letters are rasterised this much larger, then measured

}  // namespace gridwall::render
