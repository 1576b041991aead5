// What a layer or a raster says of its coordinate system. Never guessed. Private to this room: GDAL's handles are in
// it. Test: tests/unit/geo/layer_reader_test.cpp.
#pragma once

#include <optional>
#include <string>

#include "geo/data_source.hpp"

namespace gridwall::geo {

struct LayerCrs {
  std::string crs, crs_name, crs_known_by;  // see RawLayer
};

struct NamedCrs {
  std::string crs, name;  // for Transform, for people
};
// The system as a file states it; nothing: it states none, or one that cannot be written as WKT.
std::optional<NamedCrs> name_crs(OGRSpatialReferenceH srs);

// The caller's word wins. The error is a whole sentence that says what to write.
base::Result<LayerCrs> find_crs(const OpenedDataset& dataset, OGRLayerH layer, const model::SourceReading& reading);

}  // namespace gridwall::geo
