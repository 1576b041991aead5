#include "ui/font_set.hpp"

#include <fmt/format.h>
#include <imgui.h>
#include <imgui_freetype.h>

#include <algorithm>
#include <cmath>

namespace gridwall::ui {

namespace {

// U+56FD stands for all Chinese characters: as wide as one em in every font used here.
constexpr ImWchar kProbe = 0x56fd;

ImVector<ImWchar> glyph_ranges(const std::string& texts, const ImWchar* base_ranges) {
  ImFontGlyphRangesBuilder builder;
  if (base_ranges != nullptr) builder.AddRanges(base_ranges);
  builder.AddRanges(ImGui::GetIO().Fonts->GetGlyphRangesDefault());
  builder.AddText(texts.c_str(), texts.c_str() + texts.size());
  // What figures and units are made of, and the mark that cut text ends in.
  builder.AddText("–—…·×÷≤≥²→±");
  ImVector<ImWchar> ranges;
  builder.BuildRanges(&ranges);
  return ranges;
}

// ImGui sizes a font by ascent plus descent, which is 1.45 em in Noto; the size asked for here is the em.
base::Result<double> line_per_em(const FontFace& face) {
  ImFontAtlas atlas;
  atlas.FontBuilderIO = ImGuiFreeType::GetBuilderForFreeType();
  static constexpr ImWchar kRange[] = {kProbe, kProbe, 0};
  ImFontConfig config;
  config.FontNo = face.number;
  constexpr float kProbePx = 100;
  const ImFont* font = std::filesystem::exists(face.file)
                           ? atlas.AddFontFromFileTTF(face.file.c_str(), kProbePx, &config, kRange)
                           : nullptr;
  if (font == nullptr || !atlas.Build()) {
    return base::Error{base::ErrorCode::Unreadable,
                       fmt::format("{}: face {} is not a font that FreeType can read; install fonts-noto-cjk or "
                                   "fonts-wqy-microhei", face.file.string(), face.number)};
  }
  const ImFontGlyph* glyph = font->FindGlyphNoFallback(kProbe);
  if (glyph == nullptr || glyph->AdvanceX <= 0) {
    return base::Error{base::ErrorCode::Unreadable,
                       fmt::format("{}: the font has no Chinese characters; install fonts-noto-cjk or "
                                   "fonts-wqy-microhei", face.file.string())};
  }
  return static_cast<double>(kProbePx / glyph->AdvanceX);
}

void make_digits_tabular(ImFont& font) {
  float width = 0;
  for (ImWchar digit = '0'; digit <= '9'; ++digit) width = std::max(width, font.FindGlyph(digit)->AdvanceX);
  for (ImFontGlyph& glyph : font.Glyphs) {
    if (glyph.Codepoint < '0' || glyph.Codepoint > '9') continue;
    const float shift = std::floor((width - glyph.AdvanceX) / 2);
    glyph.X0 += shift;
    glyph.X1 += shift;
    glyph.AdvanceX = width;
  }
  font.BuildLookupTable();
}

// Letters are drawn into the atlas no higher than this and scaled up beyond. ImGui's FreeType builder overruns its
// buffer with one letter of 256 px, and all characters at 100 px would be a picture that no driver takes.
constexpr double kRasterMaxPx = 160, kRasterMaxOfAllCharactersPx = 72;

bool is_bold(FontRole role) { return role == FontRole::Title; }
bool has_all_characters(FontRole role) { return role == FontRole::Small || role == FontRole::Body; }

}  // namespace

base::Result<FontFace> find_chinese_font() {
  // Face 2 of Noto's collection has the mainland's forms.
  const FontFace known[] = {
      {"/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 2},
      {"/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc", 2},
      {"/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc", 2},
      {"/usr/share/fonts/truetype/wqy/wqy-microhei.ttc", 0},
      {"/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf", 0},
  };
  for (const FontFace& face : known) {
    std::error_code ignored;
    if (std::filesystem::exists(face.file, ignored)) return face;
  }
  return base::Error{base::ErrorCode::NotFound,
                     "no Chinese font was found; install the package fonts-noto-cjk or fonts-wqy-microhei"};
}

FontFace bold_beside(const FontFace& regular) {
  std::string name = regular.file.filename().string();
  const std::size_t at = name.find("-Regular");
  if (at == std::string::npos) return regular;
  FontFace bold{regular.file.parent_path() / name.replace(at, 8, "-Bold"), regular.number};
  std::error_code ignored;
  return std::filesystem::exists(bold.file, ignored) ? bold : regular;
}

base::Status FontSet::build(const FontFace& regular, double body_px, const FontTexts& texts) {
  TRY_ASSIGN(const double ratio, line_per_em(regular));
  ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
  atlas.Clear();
  atlas.FontBuilderIO = ImGuiFreeType::GetBuilderForFreeType();
  atlas.Flags |= ImFontAtlasFlags_NoPowerOfTwoHeight | ImFontAtlasFlags_NoMouseCursors;
  m_body_px = std::max(4.0, std::round(body_px));
  // Wider than ImGui's default for walls: 3,500 characters at 50 px would be higher than GL allows.
  atlas.TexDesiredWidth = m_body_px > 28 ? 8192 : 4096;
  const FontFace bold = bold_beside(regular);
  const ImVector<ImWchar> all = glyph_ranges(texts.body, atlas.GetGlyphRangesChineseSimplifiedCommon());
  const ImVector<ImWchar> few = glyph_ranges(texts.title, nullptr);
  for (std::size_t i = 0; i < kFontRoleCount; ++i) {
    const auto role = static_cast<FontRole>(i);
    const FontFace& face = is_bold(role) ? bold : regular;
    ImFontConfig config;
    config.FontNo = face.number;
    config.OversampleH = 1;
    config.PixelSnapH = true;
    m_line_px[i] = size_px(role) * ratio;
    const double raster_px =
        std::min(m_line_px[i], has_all_characters(role) ? kRasterMaxOfAllCharactersPx : kRasterMaxPx);
    m_fonts[i] = atlas.AddFontFromFileTTF(face.file.c_str(), static_cast<float>(raster_px), &config,
                                          has_all_characters(role) ? all.Data : few.Data);
    if (m_fonts[i] == nullptr) {
      return base::Error{base::ErrorCode::Unreadable, fmt::format("{}: cannot be read as a font", face.file.string())};
    }
  }
  if (!atlas.Build()) {
    return base::Error{base::ErrorCode::Unreadable,
                       fmt::format("{}: no glyphs could be drawn at {} px", regular.file.string(), m_body_px)};
  }
  for (ImFont* font : m_fonts) make_digits_tabular(*font);
  return {};
}

double FontSet::size_px(FontRole role) const { return std::round(m_body_px * font_em(role)); }

}  // namespace gridwall::ui
