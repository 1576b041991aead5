#include "render/ground_composite.hpp"

#include <algorithm>

#include "render/gpu_layout.hpp"

namespace gridwall::render {

base::Result<GroundComposite> GroundComposite::create(gfx::Context& context,
                                                      const std::filesystem::path& shader_folder) {
  GroundComposite composite;
  TRY_ASSIGN(composite.m_program,
             gfx::Program::create(context, {shader_folder, "whole_map.vert", "ground.frag"}, "ground"));
  composite.m_no_vertices = gfx::VertexArray::create(context, {}, nullptr, "no vertices");
  return composite;
}

void GroundComposite::upload_tables(gfx::Context& context, const scene::FrameScene& scene) {
  const std::size_t count = scene.tree->divisions().size();
  ASSERT(scene.division_colors.empty() || scene.division_colors.size() == count, "{} colours for {} divisions",
         scene.division_colors.size(), count);
  ASSERT(scene.division_hatched.empty() || scene.division_hatched.size() == count, "{} hatch flags for {} divisions",
         scene.division_hatched.size(), count);
  const bool first = !m_colors.valid();
  if (!first && m_colored_tree == scene.tree.get() && m_colors_version == scene.colors_version) return;
  m_colored_tree = scene.tree.get();
  m_colors_version = scene.colors_version;
  static_assert(sizeof(base::Color) == 4, "colours are uploaded as they are");
  if (first) {
    m_colors = gfx::Buffer::create_streamed(context, count * 4, "division colors");
    m_flags = gfx::Buffer::create_streamed(context, count, "division flags");
  }
  const bool colors_moved = m_colors.replace(std::as_bytes(std::span(scene.division_colors)));
  if (first || colors_moved) {
    m_colors_view = gfx::Texture::create_buffer_view(context, gfx::TexelFormat::Rgba8, m_colors, "division colors");
  }
  m_has_flags = std::ranges::any_of(scene.division_hatched, [](std::uint8_t flag) { return flag != 0; });
  if (!m_has_flags && !first) return;
  std::vector<std::uint8_t> flags = scene.division_hatched;
  flags.resize(count, 0);
  if (!first && flags == m_flags_content) return;
  m_flags_content = std::move(flags);
  const bool flags_moved = m_flags.replace(std::as_bytes(std::span(m_flags_content)));
  if (first || flags_moved) {
    m_flags_view = gfx::Texture::create_buffer_view(context, gfx::TexelFormat::R8Uint, m_flags, "division flags");
  }
}

void GroundComposite::draw(gfx::Context& context, const scene::FrameScene& scene,
                           const std::vector<GroundPiece>& pieces, gfx::PixelRect map, gfx::PixelRect part) {
  const gfx::DebugGroup group(context, "ground");
  upload_tables(context, scene);
  context.bind_texture(kDivisionColorsUnit, m_colors_view);
  context.bind_texture(kDivisionFlagsUnit, m_flags_view);
  m_program.set_uniform(kLayerHasFlagsUniform, m_has_flags ? 1 : 0);
  m_program.set_uniform(kLayerFillOpacityUniform, scene.fill_opacity);
  for (const GroundPiece& piece : pieces) {
    const GroundLayer& layer = *piece.layer;
    m_program.set_uniform(kLayerScaleUniform, piece.scale);
    m_program.set_uniform(kLayerShiftUniform, std::array<float, 2>{piece.shift_px.x, piece.shift_px.y});
    m_program.set_uniform(kLayerWrapUniform, std::array<float, 2>{static_cast<float>(layer.wrap_px().x),
                                                                  static_cast<float>(layer.wrap_px().y)});
    m_program.set_uniform(kLayerHasLinesUniform, layer.lines() != nullptr ? 1 : 0);
    context.set_pipeline({&m_program, &m_no_vertices, gfx::Blend::Premultiplied});
    context.bind_texture(kGroundIdsUnit, layer.ids());
    if (layer.lines() != nullptr) context.bind_texture(kGroundLinesUnit, *layer.lines());
    for (const gfx::PixelRect& rect : piece.rects) {
      const gfx::PixelRect seen = gfx::common_part({rect.x + map.x, rect.y + map.y, rect.width, rect.height}, part);
      if (seen.width == 0 || seen.height == 0) continue;
      context.set_scissor(seen);
      context.draw_arrays(gfx::Primitive::Triangles, gfx::DrawRange{0, 3});
    }
  }
}

}  // namespace gridwall::render
