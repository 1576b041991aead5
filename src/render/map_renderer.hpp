// MapRenderer: draws a scene::FrameScene into the framebuffer that is set, within the scene's viewport. Geometry is
// uploaded as far and as fine as a view shows it, colours when their version changes, markers and labels when they
// differ; an unchanged scene uploads nothing, and one whose ground did not change, or moved by whole pixels, copies it.
// Main thread.
// Test: tests/gl/render/map_renderer_gl_test.cpp.
#pragma once

#include <filesystem>
#include <memory>

#include "model/glyph_metrics.hpp"
#include "render/basemap_pass.hpp"
#include "render/border_pass.hpp"
#include "render/division_highlight.hpp"
#include "render/font.hpp"
#include "render/ground_cache.hpp"
#include "render/ground_composite.hpp"
#include "render/label_pass.hpp"
#include "render/marker_pass.hpp"

namespace gridwall::render {

// Whether a frame waits for its ground.
enum class Pace : std::uint8_t {
  AtOnce,  // each picture is complete: for files and tests
  Fluent,  // a new scale or level is drawn over several frames, the last ground standing in: for windows
};

class MapRenderer {
 public:
  // `context` outlives it. Errors: a shader that does not compile (by file and line), no font.
  static base::Result<std::unique_ptr<MapRenderer>> create(gfx::Context& context,
                                                           const std::filesystem::path& shader_folder,
                                                           const FontOptions& font_options);

  // Between Context::begin_frame and the swap. `time_s` drives animations. Error: a viewport too large for the driver.
  // Leaves the viewport on the map and no scissor.
  base::Status draw(const scene::FrameScene& scene, base::Vec2i output_size_px, float time_s);

  void set_pace(Pace pace) { m_pace = pace; }
  // The last picture's ground was not complete: draw again soon.
  [[nodiscard]] bool is_refining() const { return m_ground != nullptr && m_ground->is_refining(); }

  // Compiles all shaders again; those that fail keep their old program, and the first error is returned.
  base::Status reload_shaders();

  // For scene's label placement; valid as long as the renderer.
  [[nodiscard]] const model::GlyphMetrics& glyph_metrics() const { return *m_font; }
  [[nodiscard]] const Font& font() const { return *m_font; }
  [[nodiscard]] const GlyphAtlas& glyph_atlas() const { return m_passes.labels.atlas(); }

 private:
  struct Passes {
    BasemapPass basemap;
    DivisionIds ids;
    GroundComposite composite;
    DivisionHighlight highlight;
    BorderPass lines;
    MarkerPass markers;
    LabelPass labels;
  };
  static base::Result<Passes> create_passes(gfx::Context& context, const std::filesystem::path& shader_folder,
                                            const Font& font);
  MapRenderer(gfx::Context& context, std::unique_ptr<Font> font, Passes passes);

  void upload_frame(const FrameBlock& frame);
  base::Status draw_ground(const scene::FrameScene& scene, base::Vec2i output_size_px, gfx::PixelRect map);
  base::Status draw_lines(const scene::FrameScene& scene, gfx::PixelRect map);
  base::Status draw_outlines(const scene::FrameScene& scene, gfx::PixelRect map);
  [[nodiscard]] GroundBudget budget() const;

  gfx::Context& m_context;
  std::unique_ptr<Font> m_font;
  Passes m_passes;
  Pace m_pace = Pace::AtOnce;
  gfx::Buffer m_frame_buffer;
  FrameBlock m_frame;
  bool m_frame_uploaded = false;
  std::unique_ptr<MeshStore> m_meshes;
  std::unique_ptr<Ground> m_ground;
  GroundCache m_ground_pixels;

  // Lines of layers, uploaded when they differ.
  gfx::Buffer m_line_buffer;
  gfx::Texture m_line_segments;
  std::vector<scene::LineSet> m_lines_drawn;
};

}  // namespace gridwall::render
