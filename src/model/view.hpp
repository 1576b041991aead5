// What a person looks at and asks for. Commands are values: mouse, keys, scripts and tests use the same door
// (applied by app between frames).
#pragma once

#include <variant>

#include "base/geometry.hpp"
#include "model/division_tree.hpp"
#include "model/hub_view.hpp"

namespace gridwall::model {

enum class Language : std::uint8_t { Chinese, English };

// What colours the divisions.
enum class Indicator : std::uint8_t { OpenCount, ReportedToday, OpenPerKm2 };

struct MapView {
  base::Vec2d center_world;
  double px_per_m = 0.01;
  bool operator==(const MapView&) const = default;
};

struct SelectDivision { DivisionIndex division; };  // none() clears
struct SelectIncident { std::string incident_id; };
struct FlyTo { MapView view; };
struct FlyToDivision { DivisionIndex division; };
struct GoHome {};
struct SetIndicator { Indicator indicator; };
struct ToggleHealth {};
struct ShowView { std::uint32_t index = 0; };  // of the profile's views

using Command = std::variant<SelectDivision, SelectIncident, FlyTo, FlyToDivision, GoHome, SetIndicator, ReplayOrder,
                             ToggleHealth, ShowView>;

}  // namespace gridwall::model
