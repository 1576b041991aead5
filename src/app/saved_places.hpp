// SavedPlaces: the saved views of one profile and place, kept in a file of the user's (model/saved_views.hpp), as the
// map can show them. Each change is written at once, beside the file and renamed over it. A file that cannot be read is
// told, put aside before the next change, and stops nobody. One thread.
// Test: tests/unit/app/saved_places_test.cpp.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/geometry.hpp"
#include "geo/transform.hpp"
#include "model/saved_views.hpp"

namespace gridwall::app {

class SavedPlaces {
 public:
  struct Place {
    model::MapView map;
    std::string view, division;  // see model::SavedView
    model::Indicator indicator = model::Indicator::OpenCount;
  };

  // `name` tells systems and places apart: it becomes part of the file's. Error: an unknown reference system.
  static base::Result<std::unique_ptr<SavedPlaces>> open(const std::filesystem::path& folder, const std::string& name,
                                                         const std::string& world_crs);

  // `shorter_px`: of the map on this screen. Error: it cannot be written, or the place has no longitude.
  base::Status save(std::int64_t number, const Place& place, double shorter_px);
  [[nodiscard]] std::optional<Place> find(std::int64_t number, double shorter_px) const;

 private:
  SavedPlaces(std::filesystem::path file, geo::Transform world_from_lonlat)
      : m_file(std::move(file)), m_world_from_lonlat(std::move(world_from_lonlat)) {}

  std::filesystem::path m_file;
  geo::Transform m_world_from_lonlat;
  std::vector<model::SavedView> m_views;
  bool m_is_broken = false;  // the file, until it was put aside
};

}  // namespace gridwall::app
