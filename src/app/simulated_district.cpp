#include "app/simulated_district.hpp"

#include "geo/transform.hpp"
#include "model/departments.hpp"
#include "model/district_rules.hpp"
#include "model/profile_names.hpp"
#include "model/storm_day.hpp"

namespace gridwall::app {

namespace {

// How many cases, and what kinds of days. A load of so many cases is made of normal days alone.
base::Status plan_days(sim::DayPlanInput& plan, const WallData& data, const SimulationChoice& choice,
                       const model::DayKinds& kinds) {
  if (choice.total) {
    plan.total = choice.total;
    plan.cases_per_day = static_cast<double>(choice.total->case_count) / choice.total->day_count;
  } else if (!choice.storm) {
    plan.days = sim::DayCalendar(kinds, plan.rules ? &plan.rules->calendar : nullptr, plan.seed);
  }
  if (choice.day_kind) plan.days.force(choice.day_kind->first, choice.day_kind->second);
  if (choice.storm) plan.days.force(choice.storm->day, model::DayKind::Storm);
  model::StormCases cases;
  if (choice.storm) {
    cases = choice.storm->cases;
  } else {
    TRY_ASSIGN(const auto storm, model::load_storm_day(data.root / "config" / "storm.toml"));
    cases = storm.cases;
  }
  TRY_ASSIGN(plan.storm, sim::Storm::create(cases, *plan.vocabulary, plan.cases_per_day));
  return {};
}

}  // namespace

void add_day_options(CommandLine& line, std::string& day_kind, bool& exercise) {
  line.choice("--day", day_kind, {"normal", "quiet", "holiday", "storm"},
              "what the first day is, whatever the calendar and the seed say (config/days.toml)");
  line.flag("--exercise", exercise, "what stands beside the cases is part of an exercise, and says so");
}

void choose_day(SimulationChoice& choice, const std::string& day_kind, base::LocalDays day) {
  if (const auto kind = model::find_day_kind(day_kind)) choice.day_kind.emplace(day, *kind);
}

base::Result<sim::Simulator> make_simulator(const WallData& data, const SimulationChoice& choice) {
  TRY_ASSIGN(auto transform, geo::Transform::create(data.tree->world_crs(), geo::kLonLatCrs));
  // std::function asks for something that can be copied.
  const auto lonlat_from_world = std::make_shared<const geo::Transform>(std::move(transform));
  const auto config_folder = data.root / "config";
  sim::SimulatorSpec spec;
  spec.profile_id = data.profile.id;
  spec.plan.tree = data.tree;
  auto vocabulary = std::make_shared<model::Vocabulary>(*data.vocabulary);
  TRY_ASSIGN(spec.plan.rules, model::load_district_rules(config_folder, data.profile, *vocabulary));
  spec.plan.vocabulary = std::move(vocabulary);
  TRY_ASSIGN(auto departments, model::load_departments(config_folder / "departments.toml"));
  spec.plan.departments = model::with_own_names(std::move(departments), data.profile.tables);
  const model::SimulationSpec& simulation = data.profile.simulation;
  spec.plan.zone = data.profile.zone;
  spec.plan.cases_per_day = simulation.cases_per_day;
  spec.plan.seed = choice.seed.value_or(simulation.seed);
  spec.plan.solved_at_each = simulation.solved_at_each;
  TRY_ASSIGN(spec.plan.ways,
             sim::OwnWays::create(simulation.ways, data.profile.levels, *spec.plan.vocabulary, spec.plan.departments));
  TRY_ASSIGN(const auto kinds, model::load_day_kinds(config_folder / "days.toml"));
  TRY(plan_days(spec.plan, data, choice, kinds));
  spec.to_lonlat = [lonlat_from_world](base::Vec2d point_world) { return lonlat_from_world->forward(point_world); };
  // A load of so many cases, and the storm day, are of cases alone.
  if (choice.registers && !choice.total && !choice.storm) {
    sim::RegisterPlanInput beside{data.profile.id,       data.tree,         data.profile.tables,
                                  spec.plan.departments, data.profile.zone, spec.plan.seed};
    beside.to_lonlat = spec.to_lonlat;
    beside.exercise = choice.exercise;
    for (const auto& notice : kinds.notices) {
      const bool chinese = choice.language == model::Language::Chinese;
      beside.exercise_notices.push_back({notice.at, chinese ? notice.text_zh : notice.text_en});
    }
    spec.registers = std::make_shared<const sim::RegisterPlan>(beside);
  }
  return sim::Simulator::create(std::move(spec));
}

}  // namespace gridwall::app
