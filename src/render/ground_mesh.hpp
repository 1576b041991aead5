// Divisions as they are worth drawing at a scale: every vertex goes to the nearest point of a grid of 2^step_bits
// units, and what falls together goes. Neighbours share vertices, so they share the snapped ones too: no crack opens,
// whatever the scale. Pure. Test: tests/unit/render/ground_mesh_test.cpp.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "model/division_tree.hpp"
#include "render/unit_box.hpp"
#include "scene/border_segments.hpp"

namespace gridwall::render {

struct FillVertex {
  base::Vec2i position_units;
  std::uint32_t division = 0;
};
static_assert(sizeof(FillVertex) == 12, "uploaded as it is");

struct FillMesh {
  std::vector<FillVertex> vertices;
  std::vector<std::uint32_t> indices;  // triangles; each of one division

  void clear() {
    vertices.clear();
    indices.clear();
  }
};

// The largest step whose grid is not wider than `width_px` at this scale; 0 (exact) at the closest.
std::uint32_t step_bits_for(double px_per_unit, double width_px);

base::Vec2i snapped(base::Vec2i p, std::uint32_t step_bits);

// Triangles of `divisions` behind what `mesh` holds. A division smaller than the grid leaves nothing.
void append_fill(const model::DivisionTree& tree, std::span<const std::uint32_t> divisions, std::uint32_t step_bits,
                 FillMesh& mesh);

// Edges of `divisions`, each once. Beside the snapping, vertices that stand less than a step off the line between their
// neighbours go, the same ones whichever of two neighbours is asked.
void append_borders(const model::DivisionTree& tree, std::span<const std::uint32_t> divisions, std::uint32_t step_bits,
                    std::vector<scene::BorderSegment>& segments);

// Divisions of one level that stand near each other, to be built, kept and drawn together.
struct DivisionChunk {
  UnitBox box;
  std::vector<std::uint32_t> divisions;
  std::uint64_t vertex_count = 0;  // of the source
};

std::vector<DivisionChunk> chunks_of_level(const model::DivisionTree& tree, std::uint32_t level_index);

}  // namespace gridwall::render
