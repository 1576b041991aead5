// DataSource: everything that one source's name opens, as GDAL datasets: a file, each layer file of an archive, a
// folder of a geodatabase, a service. A file is read by drivers that look at nothing but the file and its companions:
// it cannot make the program read other files or the network. Private to this room: GDAL's handles are in it.
// Test: tests/unit/geo/data_source_test.cpp.
#pragma once

#include <gdal.h>
#include <ogr_api.h>

#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "geo/gdal_session.hpp"
#include "geo/layer_reader.hpp"
#include "geo/source_name.hpp"
#include "geo/text_encoding.hpp"

namespace gridwall::geo {

struct DatasetCloser {
  void operator()(GDALDatasetH dataset) const { GDALClose(dataset); }
};
using Dataset = std::unique_ptr<void, DatasetCloser>;

struct FeatureCloser {
  void operator()(OGRFeatureH feature) const { OGR_F_Destroy(feature); }
};
using Feature = std::unique_ptr<std::remove_pointer_t<OGRFeatureH>, FeatureCloser>;

struct OpenedDataset {
  Dataset dataset;
  std::string shown;      // for errors: the source, and in an archive the file in it
  std::string driver;     // GDAL's short name
  bool raw_text = false;  // text comes as the file's own bytes
};

struct OpenedLayer {
  OGRLayerH layer = nullptr;
  std::size_t dataset_index = 0;
};

enum class Wanted { Polygons, Points };

struct DataSource {
  SourceName name;
  std::vector<OpenedDataset> datasets;
  std::vector<OpenedLayer> layers;  // those wanted, in the source's order

  // The layers that the reading names, or every layer with geometry. Hides the source's secrets in the session.
  static base::Result<DataSource> open(const LayerQuery& query, Wanted wanted, GdalSession& session);
};

// What the layer's file says of its text, or the caller; nothing known is no error.
base::Result<StatedEncoding> stated_encoding(const OpenedDataset& dataset, OGRLayerH layer,
                                             const model::SourceReading& reading);

}  // namespace gridwall::geo
