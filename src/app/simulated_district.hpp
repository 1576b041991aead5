// A district's simulator from what a command loaded: the one place where sim meets PROJ.
#pragma once

#include <optional>

#include "app/wall_data.hpp"
#include "sim/simulator.hpp"

namespace gridwall::app {

// Volume from the profile's [simulation], and its seed unless one is given. The simulator belongs to one thread at a
// time (it holds a PROJ context).
base::Result<sim::Simulator> make_simulator(const WallData& data, std::optional<std::uint64_t> seed = std::nullopt);

}  // namespace gridwall::app
