// RasterBands: the bands of an opened raster as RGBA, whatever they are: RGB, RGBA, grey, a palette, numbers of more
// than 8 bits (stretched), with alpha, mask or no-data values (transparent). Windows are read from the overview that
// is just fine enough. Private to this room: GDAL's handles are in it. Test: tests/unit/geo/basemap_source_test.cpp.
#pragma once

#include <gdal.h>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "base/geometry.hpp"
#include "base/result.hpp"
#include "geo/gdal_session.hpp"

namespace gridwall::geo {

// Samples of a part of the raster: premultiplied RGBA, rows as the raster's. Positions are the raster's own pixels at
// full resolution, fractions included.
struct RasterWindow {
  base::Vec2d corner_px;  // of the first sample's outer corner
  base::Vec2d samples_per_px{1, 1};
  base::Vec2i size;  // in samples; 0 when there is nothing to see
  std::vector<std::uint8_t> rgba;
};

class RasterBands {
 public:
  // `dataset` outlives it. Error: no band, complex numbers.
  static base::Result<RasterBands> understand(GDALDatasetH dataset, const std::string& shown);

  // The part within `box_px` (clipped to the raster). Samples stand not more than about `step_px` of the raster's
  // pixels apart, and never many more than are needed: see basemap_source.cpp. Error: GDAL could not read.
  base::Result<RasterWindow> read(const base::Box2d& box_px, double step_px, GdalSession& session) const;

  [[nodiscard]] base::Vec2i size_px() const { return m_sizes.front(); }
  [[nodiscard]] std::size_t overview_count() const { return m_sizes.size() - 1; }

 private:
  struct Part;  // which samples of which overview

  [[nodiscard]] std::size_t overview_for(double step_px) const;
  [[nodiscard]] GDALRasterBandH band_at(GDALRasterBandH band, std::size_t overview) const;
  [[nodiscard]] base::Status read_colors(const Part& part, RasterWindow& window) const;
  [[nodiscard]] base::Status read_palette(const Part& part, RasterWindow& window) const;
  [[nodiscard]] base::Status read_alpha(const Part& part, RasterWindow& window) const;
  void find_stretch();

  std::string m_shown;
  std::vector<GDALRasterBandH> m_colors;  // one (grey, palette) or three
  GDALRasterBandH m_alpha = nullptr;
  std::vector<std::array<std::uint8_t, 4>> m_palette;  // of a paletted raster
  std::vector<base::Vec2i> m_sizes;                    // of the raster and its overviews, as GDAL numbers them
  bool m_is_byte = true;
  double m_darkest = 0, m_brightest = 255;  // of numbers of another type
};

}  // namespace gridwall::geo
