#include "render/border_pass.hpp"

#include "render/gpu_layout.hpp"

namespace gridwall::render {

namespace {

constexpr std::size_t kStylesPerRound = 4;  // channels of the field

}  // namespace

base::Result<BorderPass> BorderPass::create(gfx::Context& context, const std::filesystem::path& shader_folder) {
  BorderPass pass;
  TRY_ASSIGN(pass.m_line_field, LineField::create(context, shader_folder));
  TRY_ASSIGN(
      pass.m_composite_program,
      gfx::Program::create(context, {shader_folder, "whole_map.vert", "border_composite.frag"}, "border composite"));
  pass.m_no_vertices = gfx::VertexArray::create(context, {}, nullptr, "no vertices");
  return pass;
}

base::Status BorderPass::reload() {
  TRY(m_line_field.reload());
  return m_composite_program.reload();
}

base::Result<std::uint64_t> BorderPass::draw(gfx::Context& context, std::span<const LineGroup> groups,
                                             const LineTarget& target) {
  const gfx::DebugGroup group(context, "lines");
  if (!m_field.valid() || m_field.size_px() != target.size_px) {
    m_field = gfx::Framebuffer();
    TRY_ASSIGN(m_field, gfx::Framebuffer::create(context, target.size_px, "line field"));
  }
  // From the lightest: later rounds lie on top.
  std::uint64_t triangle_count = 0;
  for (std::size_t end = groups.size(); end > 0;) {
    const std::size_t begin = end > kStylesPerRound ? end - kStylesPerRound : 0;
    triangle_count += draw_round(context, groups.subspan(begin, end - begin), target);
    end = begin;
  }
  return triangle_count;
}

std::uint64_t BorderPass::draw_round(gfx::Context& context, std::span<const LineGroup> groups,
                                     const LineTarget& target) {
  const gfx::Framebuffer* framebuffer = context.framebuffer();
  const auto in_field = [&](gfx::PixelRect rect) {
    return gfx::PixelRect{rect.x - target.corner_px.x, rect.y - target.corner_px.y, rect.width, rect.height};
  };
  context.set_framebuffer(&m_field);
  context.set_viewport(in_field(target.viewport));
  context.set_scissor(in_field(target.part));
  context.clear({0, 0, 0, 0});
  std::vector<LineStyle> styles;
  std::uint64_t triangle_count = 0;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    styles.push_back(groups[i].style);
    for (const BorderDraw& draw : groups[i].draws) {
      triangle_count += m_line_field.write(context, *draw.segments, draw.ranges, i, groups[i].style);
    }
  }

  context.set_framebuffer(framebuffer);
  context.set_viewport(target.viewport);
  context.set_scissor(target.part);
  const LineUniforms lines(styles);
  m_composite_program.set_uniform(kHalfWidthsUniform, lines.half_widths_px);
  m_composite_program.set_uniform(kRadiiUniform, lines.radii_px);
  m_composite_program.set_uniform(kShadesUniform, lines.shades);
  for (std::size_t i = 0; i < 4; ++i) {
    m_composite_program.set_uniform(kColorUniform + static_cast<std::int32_t>(i), lines.colors[i]);
  }
  // The whole framebuffer's triangle: the scissor keeps it to the part.
  context.set_pipeline({&m_composite_program, &m_no_vertices, gfx::Blend::Premultiplied});
  context.bind_texture(kBorderFieldUnit, m_field.color());
  context.draw_arrays(gfx::Primitive::Triangles, gfx::DrawRange{0, 3});
  return triangle_count;
}

}  // namespace gridwall::render
