#include "render/line_field.hpp"

#include <algorithm>

#include "render/gpu_layout.hpp"

namespace gridwall::render {

namespace {

constexpr std::uint32_t kVerticesPerSegment = 6;

// From this width on a border has a shade.
constexpr float kShadeFromWidthPx = 2.0f;
constexpr float kShade = 0.30f;
constexpr float kShadePx = 6.0f;

// A dash, and from dash to dash: what FrameBlock::hatch_origin_px repeats by.
constexpr std::array<float, 2> kDashPx{9.5f, kHatchRepeatPx};

}  // namespace

float reach_px(const LineStyle& style) {
  return style.width_px * 0.5f + std::max(1.0f, style.shade_px);
}

LineStyle line_style(const scene::BorderStyle& style) {
  LineStyle line{style.width_px, style.color, 0, 0, style.is_dashed};
  if (style.width_px >= kShadeFromWidthPx) {
    line.shade = kShade * static_cast<float>(style.color.a) / 255;
    line.shade_px = kShadePx;
  }
  return line;
}

LineUniforms::LineUniforms(std::span<const LineStyle> styles) {
  ASSERT(styles.size() <= 4, "{} styles for four channels", styles.size());
  for (std::size_t i = 0; i < styles.size(); ++i) {
    half_widths_px[i] = styles[i].width_px * 0.5f;
    radii_px[i] = reach_px(styles[i]);
    shades[i] = styles[i].shade;
    colors[i] = unit_rgba(styles[i].color);
  }
}

base::Result<LineField> LineField::create(gfx::Context& context, const std::filesystem::path& shader_folder) {
  LineField field;
  TRY_ASSIGN(field.m_program,
             gfx::Program::create(context, {shader_folder, "border_field.vert", "border_field.frag"}, "border field"));
  field.m_no_vertices = gfx::VertexArray::create(context, {}, nullptr, "no vertices");
  return field;
}

std::uint64_t LineField::write(gfx::Context& context, const gfx::Texture& segments,
                               std::span<const gfx::DrawRange> segment_ranges, std::size_t channel,
                               const LineStyle& style) {
  if (segment_ranges.empty()) return 0;
  std::array<float, 4> channels{};
  channels.at(channel) = 1;
  m_program.set_uniform(kRadiusUniform, reach_px(style));
  m_program.set_uniform(kDashUniform, style.is_dashed ? kDashPx : std::array<float, 2>{});
  m_program.set_uniform(kChannelUniform, channels);
  m_vertex_ranges.clear();
  std::uint64_t segment_count = 0;
  for (const gfx::DrawRange& range : segment_ranges) {
    m_vertex_ranges.push_back({range.first * kVerticesPerSegment, range.count * kVerticesPerSegment});
    segment_count += range.count;
  }
  context.set_pipeline({&m_program, &m_no_vertices, gfx::Blend::Max});
  context.bind_texture(kSegmentsUnit, segments);
  context.draw_arrays(gfx::Primitive::Triangles, m_vertex_ranges);
  return segment_count * 2;
}

}  // namespace gridwall::render
