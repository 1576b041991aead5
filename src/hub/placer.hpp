// Placer: where an event belongs. Its point decides (by the declared system, through longitude and latitude, into the
// tree's polygons); its code decides within 5 m of a border, and where there is no usable point. What has neither lies
// unlocated at the root. Systems are never guessed; a source whose points look shifted is told of, and nothing else.
// One thread (PROJ). Test: tests/unit/hub/placer_test.cpp.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/geometry.hpp"
#include "base/result.hpp"
#include "geo/transform.hpp"
#include "hub/declared_systems.hpp"
#include "hub/shift_watch.hpp"
#include "model/division_tree.hpp"
#include "model/event.hpp"
#include "model/locator.hpp"

namespace gridwall::hub {

inline constexpr const char* kLonLatCrsName = "EPSG:4326";
inline constexpr double kBorderToleranceM = 5.0;

struct Place {
  std::string path;  // topic: a leaf's path, or an own leaf
  model::DivisionIndex division;
  std::optional<base::Vec2d> point_lonlat;  // rounded to 1e-6 degrees; none: unlocated
  std::string claimed_code;                 // the code, where the polygon won
  bool code_unknown = false;                // the code names no division
  bool code_won = false;                    // within the tolerance of a border
  bool outside = false;                     // had a point that lies in no division
  bool coarsened = false;
};

// Who sent it, and when by the monotonic clock.
struct Sender {
  std::string_view source;  // empty: not watched for shifted points
  base::MonoTime now{};
};

class Placer {
 public:
  static base::Result<Placer> create(std::shared_ptr<const model::DivisionTree> tree);

  // A sensitive event's point becomes its division's anchor. Error: a system that cannot be used, or not now.
  base::Result<Place> place(const model::IncidentFacts& facts, bool sensitive, Sender sender = {});

  // A resolved point in units of the tree, and back to degrees.
  [[nodiscard]] std::optional<base::Vec2i> units_of(base::Vec2d lonlat) const;
  [[nodiscard]] std::optional<base::Vec2d> lonlat_of(base::Vec2i units) const;

  // Sources whose first points look shifted; grows only.
  [[nodiscard]] const std::vector<SourceDoubt>& shift_doubts() const { return m_shift_watch.doubts(); }

 private:
  Placer(std::shared_ptr<const model::DivisionTree> tree, geo::Transform world_from_lonlat);
  base::Result<std::optional<base::Vec2d>> to_lonlat(const model::IncidentFacts& facts, base::MonoTime now);
  [[nodiscard]] model::DivisionIndex locate(base::Vec2d lonlat) const;
  void choose_division(Place& place, base::Vec2d point_world, model::DivisionIndex claimed) const;

  std::shared_ptr<const model::DivisionTree> m_tree;
  model::Locator m_locator;
  geo::Transform m_world_from_lonlat;
  DeclaredSystems m_systems;
  ShiftWatch m_shift_watch;
};

}  // namespace gridwall::hub
