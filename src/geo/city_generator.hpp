// The city generator: divides a district's real outline into nested levels with exactly the counts of its profile.
// Inner borders are made up (no district publishes them), natural-looking, and shared exactly: no gap, no overlap,
// children cover the parent, each island belongs to one division of each level. The same request gives the same city.
// Test: tests/unit/geo/city_generator_test.cpp.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "geo/city_outline.hpp"
#include "geo/progress.hpp"
#include "model/profile.hpp"

namespace gridwall::geo {

// Part of every city file and of every cache key; raise it when the same request gives another city.
inline constexpr std::uint32_t kCityGeneratorVersion = 1;

struct CityRequest {
  model::Profile profile;
  std::filesystem::path district_folder;  // holds boundary.geojson and, if there are real names, divisions.csv
  std::uint64_t seed = 1;
};

struct CityDivision {
  std::string code, name, kind;
  std::uint32_t level = 0;
  std::uint32_t parent = UINT32_MAX;  // in CityPlan::divisions; the root has none
  std::vector<CityPolygon> parts;     // millimetres from the plan's origin; the largest first
};

struct CityPlan {
  std::string profile_id, world_crs;
  std::uint64_t seed = 1;
  std::int64_t origin_x_mm = 0, origin_y_mm = 0;  // in the display CRS
  std::vector<std::uint32_t> level_counts;
  std::vector<CityDivision> divisions;            // level by level from the root, children of one parent side by side
};

// Any thread; takes seconds. Errors name the file or the profile's level that cannot be met.
base::Result<CityPlan> generate_city(const CityRequest& request, const ProgressCallback& progress);

// One layer `divisions` (code, name, parent, level, kind, synthetic), written beside the target in one transaction and
// renamed over it, so that a reader never sees half a city.
base::Status write_city(const CityPlan& plan, const std::filesystem::path& gpkg);

}  // namespace gridwall::geo
