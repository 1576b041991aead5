// A district's simulator from what a command loaded: the one place where sim meets PROJ.
#pragma once

#include <optional>

#include "app/wall_data.hpp"
#include "sim/simulator.hpp"

namespace gridwall::app {

// What a command asks of it beside the profile's [simulation].
struct SimulationChoice {
  std::optional<std::uint64_t> seed{};              // none: the profile's
  std::optional<sim::DayPlanInput::Total> total{};  // none: the profile's cases a day
  std::optional<model::StormDay> storm{};
};

// Limits, zone and stages are the profile's rules, departments config/departments.toml. The simulator belongs to one
// thread at a time (it holds a PROJ context).
base::Result<sim::Simulator> make_simulator(const WallData& data, const SimulationChoice& choice = {});

}  // namespace gridwall::app
