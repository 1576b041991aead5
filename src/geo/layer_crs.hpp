// What a layer says of its coordinate system. Never guessed. Private to this room: GDAL's handles are in it.
// Test: tests/unit/geo/layer_reader_test.cpp.
#pragma once

#include <string>

#include "geo/data_source.hpp"

namespace gridwall::geo {

struct LayerCrs {
  std::string crs, crs_name, crs_known_by;  // see RawLayer
};

// The caller's word wins. The error is a whole sentence that says what to write.
base::Result<LayerCrs> find_crs(const OpenedDataset& dataset, OGRLayerH layer, const model::SourceReading& reading);

}  // namespace gridwall::geo
