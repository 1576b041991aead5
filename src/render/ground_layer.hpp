// GroundLayer: which division each pixel of a view is in, and the borders that lie over it: the map's ground without
// the colours of its fills. Kept in pictures that are addressed around their edges, so a view that moves by whole
// pixels keeps what it has where it is, and only the strips that came into sight are drawn. Main thread. Test:
// tests/gl/render/ground_gl_test.cpp.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "gfx/framebuffer.hpp"
#include "render/border_pass.hpp"
#include "render/division_ids.hpp"
#include "render/gpu_layout.hpp"

namespace gridwall::render {

// The borders of a level.
struct GroundLine {
  std::uint32_t level_index = 0;
  LineStyle style;
  bool operator==(const GroundLine&) const = default;
};

// All that a ground depends on but its view.
struct GroundLook {
  std::shared_ptr<const model::DivisionTree> tree;
  base::Vec2i size_px;
  std::optional<std::uint32_t> fill_level;  // none: no fills
  std::vector<GroundLine> lines;            // the heaviest first
  bool operator==(const GroundLook&) const = default;
};

// What may be spent on a ground in one frame; the largest numbers: until it is done.
struct GroundBudget {
  std::uint64_t source_vertices = 0;  // of the tree, to be made into meshes
  std::uint64_t primitives = 0;       // triangles of fills and segments of borders, to be drawn

  static GroundBudget unlimited() { return {~std::uint64_t{0}, ~std::uint64_t{0}}; }
  [[nodiscard]] bool spent() const { return source_vertices == 0 || primitives == 0; }
  void take(std::uint64_t vertices, std::uint64_t drawn) {
    source_vertices -= std::min(source_vertices, vertices);
    primitives -= std::min(primitives, drawn);
  }
};

// What draws it; they outlive the layer.
struct GroundTools {
  gfx::Context& context;
  MeshStore& meshes;
  DivisionIds& ids;
  BorderPass& lines;
};

class GroundLayer {
 public:
  // Nothing is drawn yet. Error: pictures of this size cannot be made.
  base::Status begin(gfx::Context& context, GroundLook look, const model::MapView& view);
  // How far `view` lies to the right and up, when the ground holds the same pixels, moved by fewer than its size.
  [[nodiscard]] std::optional<base::Vec2i> moved_px(const model::MapView& view) const;
  // The ground of `view`, which lies `moved_px` away: draws what came into sight.
  base::Status move(const GroundTools& tools, const model::MapView& view, base::Vec2i moved_px);
  // Draws what is missing, from the middle on, as far as `budget` reaches, and takes from it what was used.
  base::Status advance(const GroundTools& tools, GroundBudget& budget);

  [[nodiscard]] bool begun() const { return m_look.tree != nullptr; }
  [[nodiscard]] bool complete() const { return begun() && m_next_tile == m_tiles.size(); }
  [[nodiscard]] std::size_t tiles_drawn() const { return m_next_tile; }
  // The rectangles that are drawn, in pixels of the view from its lower left.
  [[nodiscard]] std::vector<gfx::PixelRect> drawn() const;
  [[nodiscard]] const GroundLook& look() const { return m_look; }
  [[nodiscard]] const model::MapView& view() const { return m_view; }
  // Texel of a view's pixel: pixel plus this, around the edges.
  [[nodiscard]] base::Vec2i wrap_px() const { return m_wrap_px; }
  [[nodiscard]] const gfx::Texture& ids() const { return m_ids.color(); }
  // The borders, premultiplied; null when there are none.
  [[nodiscard]] const gfx::Texture* lines() const { return m_look.lines.empty() ? nullptr : &m_lines.color(); }
  void forget() { m_look.tree = nullptr; }

 private:
  void upload_view(const GroundTools& tools);
  void choose_steps(MeshStore& meshes);
  // Builds the meshes of a rectangle; false when the budget ended first.
  bool build(const GroundTools& tools, gfx::PixelRect rect, GroundBudget& budget);
  // Draws a rectangle of the view whose meshes are there, and takes from the budget what was drawn.
  base::Status draw(const GroundTools& tools, gfx::PixelRect rect, GroundBudget& budget);
  base::Status draw_unwrapped(const GroundTools& tools, gfx::PixelRect rect, gfx::PixelRect viewport,
                              GroundBudget& budget);

  GroundLook m_look;  // tree null: nothing
  model::MapView m_view;
  base::Vec2i m_wrap_px;
  gfx::Framebuffer m_ids;
  gfx::Framebuffer m_lines;
  gfx::Buffer m_frame_buffer;
  FrameBlock m_frame;
  MeshKey m_fill_key;
  std::vector<MeshKey> m_line_keys;
  std::vector<gfx::PixelRect> m_tiles;  // of the view, from the middle on
  std::size_t m_next_tile = 0;          // those before are drawn
};

}  // namespace gridwall::render
