// A district's simulator from what a command loaded: the one place where sim meets PROJ.
#pragma once

#include <optional>

#include "app/command_line.hpp"
#include "app/wall_data.hpp"
#include "model/day_kinds.hpp"
#include "model/storm_day.hpp"
#include "sim/simulator.hpp"

namespace gridwall::app {

// What a command asks of it beside the profile's [simulation].
struct SimulationChoice {
  std::optional<std::uint64_t> seed{};              // none: the profile's
  std::optional<sim::DayPlanInput::Total> total{};  // none: the profile's cases a day
  std::optional<model::StormDay> storm{};           // on its day, and on no other
  // What that day is, whatever the calendar and the seed say.
  std::optional<std::pair<base::LocalDays, model::DayKind>> day_kind{};
  bool exercise = false;                                // what stands beside the cases is part of one, and says so
  bool registers = true;                                // what stands beside the cases is told at all
  model::Language language = model::Language::Chinese;  // of an exercise's notices
};

// --day and --exercise, as several commands have them.
void add_day_options(CommandLine& line, std::string& day_kind, bool& exercise);
// `day` is of that kind; an empty word leaves it to the calendar and the seed.
void choose_day(SimulationChoice& choice, const std::string& day_kind, base::LocalDays day);

// Limits, zone and stages are the profile's rules, departments config/departments.toml. The simulator belongs to one
// thread at a time (it holds a PROJ context).
base::Result<sim::Simulator> make_simulator(const WallData& data, const SimulationChoice& choice = {});

}  // namespace gridwall::app
