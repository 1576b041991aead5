#include "render/label_pass.hpp"

#include <algorithm>

#include "render/glyph_cell.hpp"
#include "render/utf8.hpp"

namespace gridwall::render {

namespace {

constexpr std::size_t kGlyphsAtFirst = 4096;
constexpr std::uint32_t kVerticesPerGlyph = 6;
// From the baseline up to the middle of a Chinese character's square, which is also about half a digit's height.
constexpr float kMiddleEm = 0.37f;
constexpr float kLetterSoftnessPx = 0.62f;
constexpr float kLetterOutsetPx = 0.08f;  // thin strokes on a dark map look thinner than they are
constexpr float kHaloSoftnessPx = 0.9f;

float halo_px(float size_px) {
  return std::clamp(size_px * 0.11f, 1.4f, 4.0f);
}

}  // namespace

base::Result<LabelPass> LabelPass::create(gfx::Context& context, const std::filesystem::path& shader_folder,
                                          const Font& font) {
  LabelPass pass;
  TRY_ASSIGN(pass.m_program, gfx::Program::create(context, {shader_folder, "label.vert", "label.frag"}, "labels"));
  pass.m_font = &font;
  pass.m_no_vertices = gfx::VertexArray::create(context, {}, nullptr, "no vertices");
  pass.m_buffer = gfx::Buffer::create_streamed(context, kGlyphsAtFirst * sizeof(GpuGlyph), "glyphs");
  pass.m_atlas = std::make_unique<GlyphAtlas>(context, font);
  return pass;
}

void LabelPass::append(const scene::LabelInstance& label) {
  const std::vector<char32_t> characters = characters_of(label.text);
  float width_em = 0;
  for (const char32_t character : characters) width_em += m_font->advance_em(character);
  const float px_per_cell_px = label.size_px / kCellEmPx;
  float pen_x = label.anchor_px.x - width_em * label.size_px * 0.5f;
  const float baseline_y = label.anchor_px.y + kMiddleEm * label.size_px;

  m_letters.clear();
  for (const char32_t character : characters) {
    if (const auto cell = m_atlas->cell_of(character); cell.has_value()) {
      GpuGlyph glyph;
      glyph.corner_px = {pen_x - kPenXPx * px_per_cell_px, baseline_y - kBaselinePx * px_per_cell_px};
      glyph.corner_texel = *cell;
      glyph.side_px = kCellPx * px_per_cell_px;
      glyph.color_rgba = packed_rgba(label.color);
      glyph.outset_px = kLetterOutsetPx;
      glyph.softness_px = kLetterSoftnessPx;
      m_letters.push_back(glyph);
    }
    pen_x += m_font->advance_em(character) * label.size_px;
  }
  if (label.halo.a > 0) {
    for (GpuGlyph halo : m_letters) {
      halo.color_rgba = packed_rgba(label.halo);
      halo.outset_px = halo_px(label.size_px);
      halo.softness_px = kHaloSoftnessPx;
      m_glyphs.push_back(halo);
    }
  }
  m_glyphs.insert(m_glyphs.end(), m_letters.begin(), m_letters.end());
}

void LabelPass::draw(gfx::Context& context, std::span<const scene::LabelInstance> labels) {
  if (labels.empty()) return;
  const gfx::DebugGroup group(context, "labels");
  m_atlas->begin_frame();
  m_glyphs.clear();
  for (const scene::LabelInstance& label : labels) append(label);
  if (m_glyphs.empty()) return;
  if (!std::ranges::equal(std::as_bytes(std::span(m_glyphs)), std::as_bytes(std::span(m_uploaded)))) {
    m_buffer.replace(std::as_bytes(std::span(m_glyphs)));
    m_uploaded = m_glyphs;
  }
  context.set_pipeline({&m_program, &m_no_vertices, gfx::Blend::Premultiplied});
  context.bind_storage_buffer(kGlyphBlockBinding, m_buffer);
  context.bind_texture(kGlyphAtlasUnit, m_atlas->texture());
  context.draw_arrays(gfx::Primitive::Triangles,
                      gfx::DrawRange{0, static_cast<std::uint32_t>(m_glyphs.size()) * kVerticesPerGlyph});
}

}  // namespace gridwall::render
