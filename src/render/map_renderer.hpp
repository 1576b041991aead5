// MapRenderer: draws a scene::FrameScene into the framebuffer that is set, within the scene's viewport. Geometry is
// uploaded once a tree, colours when their version changes, markers and labels when they differ; an unchanged scene
// uploads nothing, and one whose ground did not change, or moved by whole pixels, copies it. Main thread.
// Test: tests/gl/render/map_renderer_gl_test.cpp.
#pragma once

#include <filesystem>
#include <memory>

#include "model/glyph_metrics.hpp"
#include "render/border_pass.hpp"
#include "render/division_fill_pass.hpp"
#include "render/font.hpp"
#include "render/ground_cache.hpp"
#include "render/label_pass.hpp"
#include "render/marker_pass.hpp"

namespace gridwall::render {

class MapRenderer {
 public:
  // `context` outlives it. Errors: a shader that does not compile (by file and line), no font.
  static base::Result<std::unique_ptr<MapRenderer>> create(gfx::Context& context,
                                                           const std::filesystem::path& shader_folder,
                                                           const FontOptions& font_options);

  // Between Context::begin_frame and the swap. `time_s` drives animations. Error: a viewport too large for the driver.
  // Leaves the viewport on the map and no scissor.
  base::Status draw(const scene::FrameScene& scene, base::Vec2i output_size_px, float time_s);

  // Compiles all shaders again; those that fail keep their old program, and the first error is returned.
  base::Status reload_shaders();

  // For scene's label placement; valid as long as the renderer.
  [[nodiscard]] const model::GlyphMetrics& glyph_metrics() const { return *m_font; }
  [[nodiscard]] const Font& font() const { return *m_font; }
  [[nodiscard]] const GlyphAtlas& glyph_atlas() const { return m_labels.atlas(); }

 private:
  MapRenderer(gfx::Context& context, std::unique_ptr<Font> font, DivisionFillPass fills, BorderPass borders,
              MarkerPass markers, LabelPass labels);

  void upload_frame(const FrameBlock& frame);
  base::Status draw_ground(const scene::FrameScene& scene, base::Vec2i output_size_px, const FrameBlock& frame,
                           gfx::PixelRect map);
  base::Status draw_borders(const scene::FrameScene& scene, const FrameBlock& frame, gfx::PixelRect map,
                            gfx::PixelRect part);
  base::Status draw_lines(const scene::FrameScene& scene, gfx::PixelRect map);
  base::Status draw_outlines(const scene::FrameScene& scene, gfx::PixelRect map);

  gfx::Context& m_context;
  std::unique_ptr<Font> m_font;
  DivisionFillPass m_fills;
  BorderPass m_borders;
  MarkerPass m_markers;
  LabelPass m_labels;
  gfx::Buffer m_frame_buffer;
  FrameBlock m_frame;
  bool m_frame_uploaded = false;
  std::unique_ptr<MapGeometry> m_geometry;
  GroundCache m_ground;

  // Lines of layers, uploaded when they differ.
  gfx::Buffer m_line_buffer;
  gfx::Texture m_line_segments;
  std::vector<scene::LineSet> m_lines_drawn;

  // Outlines of the hovered and the selected division, uploaded when these change.
  gfx::Buffer m_outline_buffer;
  gfx::Texture m_outline_segments;
  model::DivisionIndex m_outlined_hovered, m_outlined_selected;
  const model::DivisionTree* m_outlined_tree = nullptr;
  std::uint32_t m_hovered_segment_count = 0, m_selected_segment_count = 0;
};

}  // namespace gridwall::render
