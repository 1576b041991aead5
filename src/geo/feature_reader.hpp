// The features of one GDAL layer into a FeatureIntake, by GDAL's Arrow stream or one by one. Both ways give the same.
// Private to this room: GDAL's handles are in it. Test: tests/unit/geo/arrow_reader_test.cpp.
#pragma once

#include "geo/data_source.hpp"
#include "geo/feature_intake.hpp"
#include "geo/layer_fields.hpp"

namespace gridwall::geo {

struct FeatureJob {
  const OpenedDataset& dataset;
  OGRLayerH layer;
  const FieldChoice& fields;
  GdalSession& session;
  FeatureIntake& intake;
};

// As a code is written, whatever kind the field is; empty for no field and no value. In the layer's own bytes.
std::string field_text(OGRFeatureH feature, int field);

// From the layer's beginning to its end. GDAL's complaints are in the session afterwards.
base::Status read_one_by_one(const FeatureJob& job);

// False: this layer is not for the Arrow stream (a driver where it does not win, a field of another kind), nothing
// taken.
base::Result<bool> read_by_arrow(const FeatureJob& job);

}  // namespace gridwall::geo
