// Layers into one DivisionTree: read, project, round to integers, repair, triangulate, link, assemble. Everything that
// was not as it should be is in the report; only what leaves no tree is an error.
// Invariant: vertices that neighbours share in the files are shared in the tree. Test:
// tests/unit/geo/tree_builder_test.cpp.
#pragma once

#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "geo/layer_report.hpp"
#include "geo/progress.hpp"
#include "model/division_tree.hpp"
#include "model/profile.hpp"

namespace gridwall::geo {

// Whether children tile their parents takes long where borders nearly match; a wall does not need to know.
enum class FamilyCheck : std::uint8_t { Full, None };

struct LayerRequest {
  std::vector<std::string> sources;  // paths or GDAL connection strings
  model::SourceReading reading;
  model::SourceMapping mapping;
  // "auto": the 3-degree Gauss-Krüger zone of the centre, or EPSG:3857 when the extent is 6 degrees wide or more.
  std::string world_crs = "auto";
  std::vector<model::LevelSpec> levels;  // names and kinds, the root first; may be empty
  // For an overlay: the hierarchy it lies over. Its world system, origin and unit are taken, and it is told how much of
  // the overlay lies inside.
  std::shared_ptr<const model::DivisionTree> frame;
  FamilyCheck family_check = FamilyCheck::Full;
  // Not 0: a tree for a first picture of so many pixels across, many times quicker. Same divisions, names and parents;
  // borders as fine as a pixel, nothing repaired or judged, no report to speak of. Sources must state their extent.
  std::uint32_t preview_px = 0;
  std::stop_token stop{};  // once it is asked for, loading soon ends with Unavailable
};

struct LoadedTree {
  std::shared_ptr<const model::DivisionTree> tree;
  LayerReport report;
};

// May take seconds; uses all cores, calls `progress` on the caller's thread. Nothing is kept open.
base::Result<LoadedTree> load_division_tree(const LayerRequest& request, const ProgressCallback& progress = {});

// Names and versions of the libraries that have a say in what a tree becomes.
std::string loading_libraries();

}  // namespace gridwall::geo
