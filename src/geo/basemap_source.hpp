// BasemapSource: any GDAL raster (GeoTIFF, MBTiles, GeoPackage tiles, XML descriptions of WMTS, XYZ, TMS, WMS) as tiles
// of the world's own system. What a tile needs is read from the overview that is just fine enough, so a far view never
// reads the full resolution. The positions go through geo::Transform, as a layer's do, so GCJ-02 and BD-09 are exact.
// One thread uses it, from open to the end. Test: tests/unit/geo/basemap_source_test.cpp.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "model/map_tile.hpp"

namespace gridwall::geo {

struct BasemapRequest {
  std::string source;  // as in model::BasemapSpec
  std::string crs;     // in place of what the source states. "GCJ-02" or "BD-09": its degrees are shifted, whether it
                       // states degrees or a projection of them (a web map's tiles), or nothing
  std::string world_crs;
  base::Box2d focus_world;  // where the resolution counts: the district; empty: the middle of the raster
};

class BasemapSource {
 public:
  // Errors are one sentence with the source and what to do: NotFound, no such file; Unreadable, no raster, or it does
  // not say where it lies; Unsupported; Unavailable, a service that does not answer: worth another try.
  static base::Result<std::unique_ptr<BasemapSource>> open(const BasemapRequest& request);
  ~BasemapSource();

  [[nodiscard]] const model::BasemapExtent& extent() const;
  [[nodiscard]] const std::string& shown() const;  // for people: secrets are hidden
  [[nodiscard]] bool is_service() const;
  // Sentences: no overviews, lies beside the district.
  [[nodiscard]] const std::vector<std::string>& warnings() const;

  // Error: a part could not be read (a server, a damaged file); the next call may succeed.
  base::Result<model::TilePixels> read(model::TileKey key) const;

 private:
  struct Raster;  // GDAL's handles
  explicit BasemapSource(std::unique_ptr<Raster> raster);
  std::unique_ptr<Raster> m_raster;
};

// A name that only a network answers, so that nobody waits for it at the start.
bool is_basemap_service(const std::string& source);

}  // namespace gridwall::geo
