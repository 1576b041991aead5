#include "render/border_pass.hpp"

#include "render/gpu_layout.hpp"

namespace gridwall::render {

namespace {

constexpr std::size_t kStylesPerRound = 4;  // channels of the field
constexpr std::uint32_t kVerticesPerSegment = 6;

float radius_px(const LineStyle& style) {
  return style.width_px * 0.5f + std::max(1.0f, style.shade_px);
}

}  // namespace

base::Result<BorderPass> BorderPass::create(gfx::Context& context, const std::filesystem::path& shader_folder) {
  BorderPass pass;
  TRY_ASSIGN(pass.m_field_program,
             gfx::Program::create(context, {shader_folder, "border_field.vert", "border_field.frag"}, "border field"));
  TRY_ASSIGN(pass.m_composite_program,
             gfx::Program::create(context, {shader_folder, "border_composite.vert", "border_composite.frag"},
                                  "border composite"));
  pass.m_no_vertices = gfx::VertexArray::create(context, {}, nullptr, "no vertices");
  return pass;
}

base::Status BorderPass::reload() {
  TRY(m_field_program.reload());
  return m_composite_program.reload();
}

base::Status BorderPass::draw(gfx::Context& context, const gfx::Texture& segments, std::span<const LineGroup> groups,
                              gfx::PixelRect map, gfx::PixelRect part) {
  const gfx::DebugGroup group(context, "borders");
  const base::Vec2i size{map.width, map.height};
  if (!m_field.valid() || m_field.size_px() != size) {
    m_field = gfx::Framebuffer();
    TRY_ASSIGN(m_field, gfx::Framebuffer::create(context, size, "border field"));
  }
  // From the lightest: later rounds lie on top.
  for (std::size_t end = groups.size(); end > 0;) {
    const std::size_t begin = end > kStylesPerRound ? end - kStylesPerRound : 0;
    draw_round(context, segments, groups.subspan(begin, end - begin), map, part);
    end = begin;
  }
  return {};
}

void BorderPass::draw_round(gfx::Context& context, const gfx::Texture& segments, std::span<const LineGroup> groups,
                            gfx::PixelRect map, gfx::PixelRect part) {
  const gfx::Framebuffer* target = context.framebuffer();
  std::array<float, 4> half_widths{};
  std::array<float, 4> radii{1, 1, 1, 1};
  std::array<float, 4> shades{};

  context.set_framebuffer(&m_field);
  context.set_viewport({0, 0, map.width, map.height});
  context.set_scissor(gfx::PixelRect{part.x - map.x, part.y - map.y, part.width, part.height});
  context.clear({0, 0, 0, 0});
  context.set_pipeline({&m_field_program, &m_no_vertices, gfx::Blend::Max});
  context.bind_texture(kSegmentsUnit, segments);
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const LineStyle& style = groups[i].style;
    half_widths[i] = style.width_px * 0.5f;
    radii[i] = radius_px(style);
    shades[i] = style.shade;
    m_composite_program.set_uniform(kColorUniform + static_cast<std::int32_t>(i), unit_rgba(style.color));
    std::array<float, 4> channel{};
    channel[i] = 1;
    m_field_program.set_uniform(kRadiusUniform, radii[i]);
    m_field_program.set_uniform(kChannelUniform, channel);
    m_vertex_ranges.clear();
    for (const gfx::DrawRange& range : groups[i].segment_ranges) {
      m_vertex_ranges.push_back({range.first * kVerticesPerSegment, range.count * kVerticesPerSegment});
    }
    context.draw_arrays(gfx::Primitive::Triangles, m_vertex_ranges);
  }

  context.set_framebuffer(target);
  context.set_viewport(map);
  context.set_scissor(part);
  m_composite_program.set_uniform(kHalfWidthsUniform, half_widths);
  m_composite_program.set_uniform(kRadiiUniform, radii);
  m_composite_program.set_uniform(kShadesUniform, shades);
  context.set_pipeline({&m_composite_program, &m_no_vertices, gfx::Blend::Premultiplied});
  context.bind_texture(kBorderFieldUnit, m_field.color());
  context.draw_arrays(gfx::Primitive::Triangles, gfx::DrawRange{0, 3});
}

}  // namespace gridwall::render
