#include "geo/raster_bands.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace gridwall::geo {

using base::Error;
using base::ErrorCode;
using base::Result;
using base::Status;

namespace {

// An overview a little coarser than what is asked for is taken: nobody sees it, and the next finer one costs four times
// the bytes. As GDAL itself decides.
constexpr double kCoarserAllowed = 1.2;
// The most samples a side that one read gives, whatever the transformation asks for.
constexpr int kSamplesMax = 2048;
// Numbers of more than 8 bits: so many standard deviations about the mean become black to white.
constexpr double kStretchDeviations = 2.5;

std::uint8_t times(std::uint8_t value, std::uint8_t alpha) {
  return static_cast<std::uint8_t>((value * alpha + 127) / 255);
}

base::Vec2i size_of(GDALRasterBandH band) {
  return {GDALGetRasterBandXSize(band), GDALGetRasterBandYSize(band)};
}

std::vector<std::array<std::uint8_t, 4>> palette_of(GDALRasterBandH band) {
  std::vector<std::array<std::uint8_t, 4>> palette;
  GDALColorTableH table = GDALGetRasterColorTable(band);
  if (table == nullptr) return palette;
  for (int i = 0; i < GDALGetColorEntryCount(table); ++i) {
    GDALColorEntry entry{};
    GDALGetColorEntryAsRGB(table, i, &entry);
    const auto byte = [](short value) { return static_cast<std::uint8_t>(std::clamp<int>(value, 0, 255)); };
    palette.push_back({byte(entry.c1), byte(entry.c2), byte(entry.c3), byte(entry.c4)});
  }
  return palette;
}

}  // namespace

struct RasterBands::Part {
  std::size_t overview = 0;                 // 0: the raster itself
  int x = 0, y = 0, width = 0, height = 0;  // of the overview
  base::Vec2i size;                         // in samples
  [[nodiscard]] bool is_reduced() const { return size.x < width || size.y < height; }
  [[nodiscard]] std::size_t count() const {
    return static_cast<std::size_t>(size.x) * static_cast<std::size_t>(size.y);
  }
  // False when GDAL could not.
  bool read(GDALRasterBandH band, void* to, GDALDataType type, GDALRIOResampleAlg how) const {
    GDALRasterIOExtraArg extra;
    INIT_RASTERIO_EXTRA_ARG(extra);
    extra.eResampleAlg = how;
    return GDALRasterIOEx(band, GF_Read, x, y, width, height, to, size.x, size.y, type, 0, 0, &extra) == CE_None;
  }
};

Result<RasterBands> RasterBands::understand(GDALDatasetH dataset, const std::string& shown) {
  RasterBands bands;
  bands.m_shown = shown;
  std::array<GDALRasterBandH, 3> rgb{};
  std::vector<GDALRasterBandH> others;
  for (int i = 1; i <= GDALGetRasterCount(dataset); ++i) {
    GDALRasterBandH band = GDALGetRasterBand(dataset, i);
    const GDALColorInterp meaning = GDALGetRasterColorInterpretation(band);
    if (meaning >= GCI_RedBand && meaning <= GCI_BlueBand) {
      rgb[static_cast<std::size_t>(meaning - GCI_RedBand)] = band;
    } else if (meaning == GCI_AlphaBand) {
      bands.m_alpha = band;
    } else {
      others.push_back(band);
    }
  }
  if (rgb[0] != nullptr && rgb[1] != nullptr && rgb[2] != nullptr) {
    bands.m_colors.assign(rgb.begin(), rgb.end());
  } else if (others.size() >= 3 && rgb[0] == nullptr) {
    bands.m_colors.assign(others.begin(), others.begin() + 3);
  } else if (!others.empty()) {
    bands.m_colors = {others.front()};
  } else if (rgb[0] != nullptr) {
    bands.m_colors = {rgb[0]};
  } else {
    return Error{
        ErrorCode::Unreadable,
        fmt::format("{}: holds no picture (no band of colours or numbers); name a raster, such as a GeoTIFF", shown)};
  }
  const GDALDataType type = GDALGetRasterDataType(bands.m_colors.front());
  if (GDALDataTypeIsComplex(type) != 0) {
    return Error{ErrorCode::Unsupported,
                 fmt::format("{}: holds complex numbers, which are no picture; convert it with gdal_translate", shown)};
  }
  bands.m_is_byte = type == GDT_Byte;
  if (bands.m_colors.size() == 1) bands.m_palette = palette_of(bands.m_colors.front());
  bands.m_sizes = {size_of(bands.m_colors.front())};
  int overviews = GDALGetOverviewCount(bands.m_colors.front());
  if (bands.m_alpha != nullptr) overviews = std::min(overviews, GDALGetOverviewCount(bands.m_alpha));
  for (int i = 0; i < overviews; ++i) bands.m_sizes.push_back(size_of(GDALGetOverview(bands.m_colors.front(), i)));
  if (!bands.m_is_byte && bands.m_palette.empty()) bands.find_stretch();
  return bands;
}

void RasterBands::find_stretch() {
  double darkest = HUGE_VAL, brightest = -HUGE_VAL;
  for (GDALRasterBandH band : m_colors) {
    double min = 0, max = 0, mean = 0, deviation = 0;
    if (GDALGetRasterStatistics(band, TRUE, TRUE, &min, &max, &mean, &deviation) != CE_None) continue;
    darkest = std::min(darkest, std::max(min, mean - kStretchDeviations * deviation));
    brightest = std::max(brightest, std::min(max, mean + kStretchDeviations * deviation));
  }
  if (darkest > brightest) return;
  m_darkest = darkest;
  m_brightest = brightest > darkest ? brightest : darkest + 1;
}

std::size_t RasterBands::overview_for(double step_px) const {
  std::size_t best = 0;
  for (std::size_t i = 1; i < m_sizes.size(); ++i) {
    const double factor = static_cast<double>(m_sizes[0].x) / std::max(1, m_sizes[i].x);
    if (m_sizes[i].x < m_sizes[best].x && factor <= step_px * kCoarserAllowed) best = i;
  }
  return best;
}

GDALRasterBandH RasterBands::band_at(GDALRasterBandH band, std::size_t overview) const {
  return overview == 0 ? band : GDALGetOverview(band, static_cast<int>(overview) - 1);
}

Result<RasterWindow> RasterBands::read(const base::Box2d& box_px, double step_px, GdalSession& session) const {
  Part part;
  part.overview = overview_for(step_px);
  const base::Vec2i size = m_sizes[part.overview];
  const base::Vec2d factor{static_cast<double>(m_sizes[0].x) / size.x, static_cast<double>(m_sizes[0].y) / size.y};
  // A pixel of the overview more on each side, for what is smoothed between pixels.
  const auto first = [](double px, double f) { return static_cast<int>(std::max(0.0, std::floor(px / f) - 1)); };
  const auto last = [](double px, double f, int end) {
    return static_cast<int>(std::min<double>(end, std::ceil(px / f) + 1));
  };
  part.x = first(box_px.min.x, factor.x);
  part.y = first(box_px.min.y, factor.y);
  part.width = last(box_px.max.x, factor.x, size.x) - part.x;
  part.height = last(box_px.max.y, factor.y, size.y) - part.y;
  RasterWindow window;
  if (part.width <= 0 || part.height <= 0) return window;
  const double reduced = std::max(1.0, std::floor(step_px / std::min(factor.x, factor.y)));
  const auto samples = [&](int px) { return std::clamp(static_cast<int>(std::ceil(px / reduced)), 1, kSamplesMax); };
  part.size = {samples(part.width), samples(part.height)};
  window.corner_px = {part.x * factor.x, part.y * factor.y};
  window.samples_per_px = {part.size.x / (part.width * factor.x), part.size.y / (part.height * factor.y)};
  window.size = part.size;
  window.rgba.assign(part.count() * 4, 255);
  session.clear();
  const Status colors = m_palette.empty() ? read_colors(part, window) : read_palette(part, window);
  const Status alpha = colors.ok() ? read_alpha(part, window) : colors;
  if (!alpha.ok()) return Error{alpha.error().code, alpha.error().message + session.reason()};
  for (std::size_t i = 0; i < window.rgba.size(); i += 4) {
    for (std::size_t c = 0; c < 3; ++c) window.rgba[i + c] = times(window.rgba[i + c], window.rgba[i + 3]);
  }
  return window;
}

Status RasterBands::read_colors(const Part& part, RasterWindow& window) const {
  std::vector<float> numbers(part.count());
  const double scale = 255 / (m_brightest - m_darkest);
  for (std::size_t c = 0; c < m_colors.size(); ++c) {
    GDALRasterBandH band = band_at(m_colors[c], part.overview);
    if (band == nullptr || !part.read(band, numbers.data(), GDT_Float32, GRIORA_Average)) {
      return Error{ErrorCode::Unavailable, fmt::format("{}: a part of the picture cannot be read", m_shown)};
    }
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      const double number = static_cast<double>(numbers[i]);
      const double level = m_is_byte ? number : (number - m_darkest) * scale;
      const auto byte =
          std::isfinite(level) ? static_cast<std::uint8_t>(std::lround(std::clamp(level, 0.0, 255.0))) : 0;
      window.rgba[i * 4 + c] = static_cast<std::uint8_t>(byte);
    }
  }
  if (m_colors.size() > 1) return {};
  for (std::size_t i = 0; i < window.rgba.size(); i += 4) window.rgba[i + 1] = window.rgba[i + 2] = window.rgba[i];
  return {};
}

// Numbers of a palette cannot be averaged: the nearest is taken, and what follows smooths the colours.
Status RasterBands::read_palette(const Part& part, RasterWindow& window) const {
  std::vector<std::int32_t> indices(part.count());
  GDALRasterBandH band = band_at(m_colors.front(), part.overview);
  if (band == nullptr || !part.read(band, indices.data(), GDT_Int32, GRIORA_NearestNeighbour)) {
    return Error{ErrorCode::Unavailable, fmt::format("{}: a part of the picture cannot be read", m_shown)};
  }
  for (std::size_t i = 0; i < indices.size(); ++i) {
    const bool known = indices[i] >= 0 && static_cast<std::size_t>(indices[i]) < m_palette.size();
    const std::array<std::uint8_t, 4> color =
        known ? m_palette[static_cast<std::size_t>(indices[i])] : std::array<std::uint8_t, 4>{};
    std::ranges::copy(color, window.rgba.begin() + static_cast<std::ptrdiff_t>(i) * 4);
  }
  return {};
}

// An alpha band, or a mask. A no-data value hides a pixel only where all bands have it: red 0 alone is a colour.
Status RasterBands::read_alpha(const Part& part, RasterWindow& window) const {
  std::vector<GDALRasterBandH> masks;
  if (m_alpha != nullptr) {
    masks = {band_at(m_alpha, part.overview)};
  } else {
    for (GDALRasterBandH color : m_colors) {
      GDALRasterBandH band = band_at(color, part.overview);
      const int flags = GDALGetMaskFlags(band);
      if ((flags & GMF_ALL_VALID) != 0) return {};
      masks.push_back(GDALGetMaskBand(band));
      if ((flags & GMF_PER_DATASET) != 0) break;
    }
  }
  std::vector<std::uint8_t> mask(part.count()), widest(part.count(), 0);
  for (GDALRasterBandH band : masks) {
    const auto how = m_alpha != nullptr ? GRIORA_Average : GRIORA_NearestNeighbour;
    if (band == nullptr || !part.read(band, mask.data(), GDT_Byte, how)) {
      return Error{ErrorCode::Unavailable, fmt::format("{}: a part of the picture's mask cannot be read", m_shown)};
    }
    std::ranges::transform(widest, mask, widest.begin(), [](std::uint8_t a, std::uint8_t b) { return std::max(a, b); });
  }
  for (std::size_t i = 0; i < widest.size(); ++i) {
    window.rgba[i * 4 + 3] = times(window.rgba[i * 4 + 3], widest[i]);
  }
  return {};
}

}  // namespace gridwall::geo
