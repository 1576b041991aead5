// What a layer's fields are called, in UTF-8, and the caller's filter in the layer's own bytes. Private to this room:
// GDAL's handles are in it. Test: tests/unit/geo/layer_reader_test.cpp.
#pragma once

#include <string>
#include <vector>

#include "geo/data_source.hpp"
#include "geo/layer_fields.hpp"

namespace gridwall::geo {

struct LayerNames {
  Encoding encoding;  // of field names and filters, by the first features
  std::string told;   // how that is known
  std::vector<FieldName> fields;
};

LayerNames read_names(const OpenedDataset& dataset, OGRLayerH layer, const StatedEncoding& stated);

// Sets `where` on the layer; the error is a whole sentence with GDAL's reason.
base::Status set_filter(const OpenedDataset& dataset, OGRLayerH layer, const LayerNames& names,
                        const std::string& where, GdalSession& session);

// Lets GDAL leave out every field that is not among those chosen, and the drawing styles.
void ignore_other_fields(OGRLayerH layer, const FieldChoice& fields);

}  // namespace gridwall::geo
