#include "render/division_fill_pass.hpp"

#include "render/gpu_layout.hpp"

namespace gridwall::render {

base::Result<DivisionFillPass> DivisionFillPass::create(gfx::Context& context,
                                                        const std::filesystem::path& shader_folder) {
  DivisionFillPass pass;
  TRY_ASSIGN(
      pass.m_fill_program,
      gfx::Program::create(context, {shader_folder, "division_fill.vert", "division_fill.frag"}, "division fill"));
  TRY_ASSIGN(pass.m_highlight_program,
             gfx::Program::create(context, {shader_folder, "division_highlight.vert", "division_highlight.frag"},
                                  "division highlight"));
  return pass;
}

base::Status DivisionFillPass::reload() {
  TRY(m_fill_program.reload());
  return m_highlight_program.reload();
}

void DivisionFillPass::upload_tables(gfx::Context& context, const scene::FrameScene& scene) {
  const std::size_t count = scene.tree->divisions().size();
  ASSERT(scene.division_colors.size() == count, "{} colours for {} divisions", scene.division_colors.size(), count);
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
  std::vector<std::uint8_t> flags = scene.division_hatched;
  flags.resize(count, 0);
  if (!first && flags == m_flags_content) return;
  m_flags_content = std::move(flags);
  const bool flags_moved = m_flags.replace(std::as_bytes(std::span(m_flags_content)));
  if (first || flags_moved) {
    m_flags_view = gfx::Texture::create_buffer_view(context, gfx::TexelFormat::R8Uint, m_flags, "division flags");
  }
}

void DivisionFillPass::draw(gfx::Context& context, const MapGeometry& geometry, const scene::FrameScene& scene,
                            const UnitBox& visible) {
  if (scene.division_colors.empty()) return;
  const gfx::DebugGroup group(context, "division fill");
  upload_tables(context, scene);
  m_ranges.clear();
  geometry.visible_fill(scene.fill_level, visible, m_ranges);
  context.set_pipeline({&m_fill_program, &geometry.fill_vertex_array(), gfx::Blend::Premultiplied});
  context.bind_texture(kDivisionColorsUnit, m_colors_view);
  context.bind_texture(kDivisionFlagsUnit, m_flags_view);
  context.draw_elements(m_ranges);
}

void DivisionFillPass::draw_highlight(gfx::Context& context, const MapGeometry& geometry, model::DivisionIndex division,
                                      base::Color color) {
  const model::Range indices = geometry.tree()->at(division).triangle_indices;
  const gfx::DrawRange range{indices.begin, indices.size()};
  if (range.count == 0) return;
  m_highlight_program.set_uniform(kHighlightColorUniform, unit_rgba(color));
  context.set_pipeline({&m_highlight_program, &geometry.fill_vertex_array(), gfx::Blend::Premultiplied});
  context.draw_elements({&range, 1});
}

}  // namespace gridwall::render
