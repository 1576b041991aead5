#include "app/simulated_district.hpp"

#include "geo/transform.hpp"
#include "model/departments.hpp"
#include "model/district_rules.hpp"

namespace gridwall::app {

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
  TRY_ASSIGN(spec.plan.departments, model::load_departments(config_folder / "departments.toml"));
  spec.plan.zone = data.profile.zone;
  spec.plan.cases_per_day = data.profile.simulation.cases_per_day;
  spec.plan.seed = choice.seed.value_or(data.profile.simulation.seed);
  if (choice.total) {
    spec.plan.total = choice.total;
    spec.plan.cases_per_day = static_cast<double>(choice.total->case_count) / choice.total->day_count;
  }
  if (choice.storm) {
    TRY_ASSIGN(spec.plan.storm, sim::Storm::create(*choice.storm, *spec.plan.vocabulary));
  }
  spec.to_lonlat = [lonlat_from_world](base::Vec2d point_world) { return lonlat_from_world->forward(point_world); };
  // A load of so many cases, and the storm day, are of cases alone.
  if (!choice.total && !choice.storm) {
    sim::RegisterPlanInput beside{data.profile.id,       data.tree,         data.profile.tables,
                                  spec.plan.departments, data.profile.zone, spec.plan.seed};
    beside.to_lonlat = spec.to_lonlat;
    spec.registers = std::make_shared<const sim::RegisterPlan>(beside);
  }
  return sim::Simulator::create(std::move(spec));
}

}  // namespace gridwall::app
