// MapGeometry: a tree on the GPU, uploaded once and never changed, and which parts of it a view needs. Divisions and
// segments are grouped in chunks of neighbours, so that a close view submits little.
// Test: tests/gl/render/map_renderer_gl_test.cpp; chunks: tests/unit/render/chunks_test.cpp.
#pragma once

#include <memory>
#include <vector>

#include "gfx/buffer.hpp"
#include "gfx/texture.hpp"
#include "gfx/vertex_array.hpp"
#include "model/division_tree.hpp"
#include "render/chunks.hpp"
#include "scene/border_segments.hpp"

namespace gridwall::render {

// All borders, or a coarser form of them for views from afar.
struct BorderDetail {
  double run_length_units = 0;  // segments were joined up to this length; 0: as they are
  gfx::Buffer buffer;
  gfx::Texture segments;
  std::vector<std::vector<Chunk>> chunks;  // by level

  // Ranges of the border segments of a level that the box may show.
  void visible(std::uint32_t level_index, const UnitBox& box, std::vector<gfx::DrawRange>& out) const {
    if (level_index < chunks.size()) visible_ranges(chunks[level_index], box, out);
  }
};

class MapGeometry {
 public:
  static MapGeometry create(gfx::Context& context, std::shared_ptr<const model::DivisionTree> tree);

  [[nodiscard]] const std::shared_ptr<const model::DivisionTree>& tree() const { return m_tree; }
  [[nodiscard]] const gfx::VertexArray& fill_vertex_array() const { return m_fill_vertex_array; }
  // The coarsest borders that look the same at this scale.
  [[nodiscard]] const BorderDetail& borders(float px_per_unit) const;

  // Index ranges of a level that the box may show. Empty beyond the deepest level.
  void visible_fill(std::uint32_t level_index, const UnitBox& box, std::vector<gfx::DrawRange>& out) const;

 private:
  std::shared_ptr<const model::DivisionTree> m_tree;
  gfx::Buffer m_vertices, m_vertex_divisions, m_indices;
  gfx::VertexArray m_fill_vertex_array;
  std::vector<std::vector<Chunk>> m_fill_chunks;  // by level
  std::vector<BorderDetail> m_borders;            // the finest first
};

}  // namespace gridwall::render
