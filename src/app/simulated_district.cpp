#include "app/simulated_district.hpp"

#include "geo/transform.hpp"

namespace gridwall::app {

base::Result<sim::Simulator> make_simulator(const WallData& data, std::optional<std::uint64_t> seed) {
  TRY_ASSIGN(auto transform, geo::Transform::create(data.tree->world_crs(), geo::kLonLatCrs));
  // std::function asks for something that can be copied.
  const auto lonlat_from_world = std::make_shared<const geo::Transform>(std::move(transform));
  sim::SimulatorSpec spec;
  spec.profile_id = data.profile.id;
  spec.plan.tree = data.tree;
  spec.plan.vocabulary = data.vocabulary;
  spec.plan.utc_offset = data.profile.utc_offset;
  spec.plan.cases_per_day = data.profile.simulation.cases_per_day;
  spec.plan.seed = seed.value_or(data.profile.simulation.seed);
  spec.to_lonlat = [lonlat_from_world](base::Vec2d point_world) { return lonlat_from_world->forward(point_world); };
  return sim::Simulator::create(std::move(spec));
}

}  // namespace gridwall::app
