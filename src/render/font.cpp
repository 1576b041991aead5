#include "render/font.hpp"

#include <ft2build.h>
#include FT_FREETYPE_H

#include <algorithm>
#include <array>
#include <string_view>
#include <system_error>
#include <unordered_map>

#include "base/geometry.hpp"
#include "base/log.hpp"
#include "render/glyph_cell.hpp"

namespace gridwall::render {

namespace {

constexpr int kLargeCellPx = kCellPx * kOversampling;
constexpr float kFallbackAdvanceEm = 1.0f;

struct KnownFont {
  std::string_view file_name;
  int face_index;
};
// In order of preference. Face 2 of Noto's collection is the one for simplified Chinese.
constexpr std::array kKnownFonts{KnownFont{"NotoSansCJK-Regular.ttc", 2}, KnownFont{"wqy-microhei.ttc", 0},
                                 KnownFont{"DejaVuSans.ttf", 0}};

std::filesystem::path find_file(const std::vector<std::filesystem::path>& folders, std::string_view name) {
  for (const auto& folder : folders) {
    std::error_code failure;
    std::filesystem::recursive_directory_iterator it(folder, std::filesystem::directory_options::skip_permission_denied,
                                                     failure);
    for (; !failure && it != std::filesystem::recursive_directory_iterator(); it.increment(failure)) {
      if (it->path().filename() == name) return it->path();
    }
  }
  return {};
}

// A grey bitmap that letters are put into, clipped.
struct Canvas {
  std::vector<std::uint8_t> pixels = std::vector<std::uint8_t>(static_cast<std::size_t>(kLargeCellPx * kLargeCellPx));

  void put(const FT_Bitmap& bitmap, int left, int top) {
    for (int row = 0; row < static_cast<int>(bitmap.rows); ++row) {
      for (int column = 0; column < static_cast<int>(bitmap.width); ++column) {
        set(left + column, top + row, bitmap.buffer[row * bitmap.pitch + column]);
      }
    }
  }
  void set(int x, int y, std::uint8_t value) {
    if (x < 0 || y < 0 || x >= kLargeCellPx || y >= kLargeCellPx) return;
    auto& pixel = pixels[static_cast<std::size_t>(y * kLargeCellPx + x)];
    pixel = std::max(pixel, value);
  }
  void frame(int x0, int y0, int x1, int y1, int width) {
    for (int y = y0; y < y1; ++y) {
      for (int x = x0; x < x1; ++x) {
        if (x < x0 + width || x >= x1 - width || y < y0 + width || y >= y1 - width) set(x, y, 255);
      }
    }
  }
};

}  // namespace

struct Font::Library {
  FT_Library library = nullptr;
  std::vector<FT_Face> faces;
  mutable std::unordered_map<char32_t, float> advances;

  ~Library() {
    for (FT_Face face : faces) FT_Done_Face(face);
    if (library != nullptr) FT_Done_FreeType(library);
  }

  base::Status add(const std::filesystem::path& file, int face_index) {
    FT_Face face = nullptr;
    const FT_Error failure = FT_New_Face(library, file.c_str(), face_index, &face);
    if (failure != 0) {
      return base::Error{base::ErrorCode::Unreadable,
                         fmt::format("Cannot read face {} of the font {} (FreeType error {}); name a TrueType or "
                                     "OpenType font.",
                                     face_index, file.string(), failure)};
    }
    if (FT_IS_SCALABLE(face) == 0) {
      FT_Done_Face(face);
      return base::Error{base::ErrorCode::Unreadable,
                         fmt::format("The font {} has no outlines; name a TrueType or OpenType font.", file.string())};
    }
    faces.push_back(face);
    return {};
  }

  // The first face that has the character, and its glyph; null: none has.
  [[nodiscard]] std::pair<FT_Face, FT_UInt> find(char32_t character) const {
    for (FT_Face face : faces) {
      if (const FT_UInt glyph = FT_Get_Char_Index(face, character); glyph != 0) return {face, glyph};
    }
    return {nullptr, 0};
  }

  // Draws at `pen`, a size of `em_px`; false: FreeType could not.
  static bool draw(Canvas& canvas, FT_Face face, FT_UInt glyph, int em_px, base::Vec2i pen) {
    if (FT_Set_Pixel_Sizes(face, 0, static_cast<FT_UInt>(em_px)) != 0) return false;
    if (FT_Load_Glyph(face, glyph, FT_LOAD_NO_HINTING | FT_LOAD_NO_BITMAP) != 0) return false;
    if (FT_Render_Glyph(face->glyph, FT_RENDER_MODE_NORMAL) != 0) return false;
    canvas.put(face->glyph->bitmap, pen.x + face->glyph->bitmap_left, pen.y - face->glyph->bitmap_top);
    return true;
  }

  // A box with the code in it, two or three digits a row: what cannot be shown is at least named.
  void draw_box(Canvas& canvas, char32_t character) const {
    constexpr int kLeft = (kPenXPx + 2) * kOversampling;
    constexpr int kRight = (kPenXPx + kCellEmPx - 2) * kOversampling;
    constexpr int kTop = (kBaselinePx - 30) * kOversampling;
    constexpr int kBottom = (kBaselinePx + 3) * kOversampling;
    canvas.frame(kLeft, kTop, kRight, kBottom, 2 * kOversampling);
    const std::string code = fmt::format("{:04X}", static_cast<std::uint32_t>(character));
    const int columns = code.size() > 4 ? 3 : 2;
    const int step = (kRight - kLeft - 6 * kOversampling) / columns;
    for (std::size_t i = 0; i < code.size(); ++i) {
      const auto [face, glyph] = find(static_cast<char32_t>(code[i]));
      if (face == nullptr) continue;
      const int column = static_cast<int>(i) % columns;
      const int row = static_cast<int>(i) / columns;
      draw(canvas, face, glyph, 14 * kOversampling,
           {kLeft + 4 * kOversampling + column * step, kTop + (14 + row * 14) * kOversampling});
    }
  }
};

Font::Font(std::unique_ptr<Library> library) : m_library(std::move(library)) {}
Font::~Font() = default;

base::Result<std::unique_ptr<Font>> Font::open(const FontOptions& options) {
  auto library = std::make_unique<Library>();
  if (FT_Init_FreeType(&library->library) != 0) {
    return base::Error{base::ErrorCode::Internal, "FreeType does not start."};
  }
  std::vector<std::filesystem::path> files;
  if (!options.file.empty()) {
    TRY(library->add(options.file, options.face_index));
    files.push_back(options.file);
  }
  for (const KnownFont& known : kKnownFonts) {
    const std::filesystem::path file = find_file(options.search_folders, known.file_name);
    if (file.empty()) continue;
    if (const base::Status added = library->add(file, known.face_index); !added.ok()) {
      base::log_warning("render", "font_skipped reason=\"{}\"", added.error().message);
      continue;
    }
    files.push_back(file);
  }
  if (library->faces.empty()) {
    return base::Error{base::ErrorCode::NotFound,
                       "Cannot find a font for the map's labels; install the package fonts-noto-cjk or "
                       "fonts-wqy-microhei, or name a font file."};
  }
  auto font = std::unique_ptr<Font>(new Font(std::move(library)));
  font->m_files = std::move(files);
  return font;
}

bool Font::has(char32_t character) const {
  return m_library->find(character).first != nullptr;
}

float Font::advance_em(char32_t character) const {
  const auto [known, inserted] = m_library->advances.try_emplace(character, kFallbackAdvanceEm);
  if (!inserted) return known->second;
  const auto [face, glyph] = m_library->find(character);
  if (face != nullptr && FT_Load_Glyph(face, glyph, FT_LOAD_NO_SCALE) == 0 && face->units_per_EM > 0) {
    known->second = static_cast<float>(face->glyph->metrics.horiAdvance) / static_cast<float>(face->units_per_EM);
  }
  return known->second;
}

std::vector<std::uint8_t> Font::rasterize(char32_t character) const {
  Canvas canvas;
  const auto [face, glyph] = m_library->find(character);
  const base::Vec2i pen{kPenXPx * kOversampling, kBaselinePx * kOversampling};
  if (face == nullptr || !Library::draw(canvas, face, glyph, kCellEmPx * kOversampling, pen)) {
    m_library->draw_box(canvas, character);
  }
  return std::move(canvas.pixels);
}

}  // namespace gridwall::render
