#include "app/basemap_options.hpp"

#include "geo/basemap_source.hpp"

namespace gridwall::app {

void add_basemap_options(CommandLine& line, BasemapOptions& options) {
  line.option("--basemap", options.source,
              "a raster below the divisions, in place of the profile's: GeoTIFF, MBTiles, GeoPackage, an XML "
              "description of a WMTS or XYZ service");
  line.option("--basemap-crs", options.crs,
              "its coordinate system, where it states none or a wrong one: EPSG:4490, GCJ-02, BD-09");
}

base::Result<model::BasemapSpec> choose_basemap(const BasemapOptions& options, const WallData& data) {
  using base::Error;
  using base::ErrorCode;
  model::BasemapSpec spec = data.profile.basemap;
  if (options.source.empty()) {
    if (!options.crs.empty()) {
      return Error{ErrorCode::InvalidArgument,
                   "--basemap-crs: names the system of a --basemap, and there is none; name the raster too"};
    }
    return spec;
  }
  spec.source = options.source;
  spec.crs = options.crs;
  spec.credit_zh.clear();
  spec.credit_en.clear();
  if (!geo::is_basemap_service(spec.source)) {
    const auto opened = geo::BasemapSource::open({spec.source, spec.crs, data.tree->world_crs(), {}});
    if (!opened.ok()) return opened.error();
  }
  return spec;
}

}  // namespace gridwall::app
