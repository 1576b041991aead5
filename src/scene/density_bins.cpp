#include "scene/density_bins.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>

namespace gridwall::scene {

namespace {

// A hexagon of a grid with a corner upward, by row and by place in a row that runs to the upper right.
struct Hexagon {
  std::int64_t row = 0, place = 0;
  auto operator<=>(const Hexagon&) const = default;
};

constexpr double kRowShare = std::numbers::sqrt3 / 2;  // rows apart, in widths

Hexagon hexagon_at(base::Vec2d point_world, double width_m) {
  // Of the three coordinates that add up to nothing, the one that was rounded most follows from the others.
  const double row = point_world.y / (width_m * kRowShare), place = point_world.x / width_m - row / 2;
  const double third = -row - place;
  double r = std::round(row), p = std::round(place);
  const double t = std::round(third);
  const double row_gap = std::abs(r - row), place_gap = std::abs(p - place), third_gap = std::abs(t - third);
  if (row_gap > place_gap && row_gap > third_gap) {
    r = -p - t;
  } else if (place_gap > third_gap) {
    p = -r - t;
  }
  return {static_cast<std::int64_t>(r), static_cast<std::int64_t>(p)};
}

base::Vec2d center_of(Hexagon hexagon, double width_m) {
  const auto row = static_cast<double>(hexagon.row), place = static_cast<double>(hexagon.place);
  return {(place + row / 2) * width_m, row * kRowShare * width_m};
}

}  // namespace

Density density_of(const state::WorldSnapshot& snapshot, base::Duration window, double width_m) {
  Density density;
  density.width_m = width_m;
  const base::UtcTime since = snapshot.state_time - window;
  std::map<Hexagon, std::uint32_t> counts;
  for (std::uint32_t number = 0; number < snapshot.incident_count(); ++number) {
    const state::Incident& incident = snapshot.incident(number);
    if (incident.reported_at <= since || incident.reported_at > snapshot.state_time || incident.moved_away) continue;
    ++density.counted;
    if (incident.located) ++counts[hexagon_at(snapshot.tree->to_world(incident.point_units), width_m)];
  }
  for (const auto& [hexagon, count] : counts) {
    if (count < kDensityLeast) continue;
    density.bins.push_back({center_of(hexagon, width_m), count});
    density.shown += count;
  }
  return density;
}

double density_width_m(double px_per_m, double least_px) {
  return std::exp2(std::ceil(std::log2(least_px / std::max(px_per_m, 1e-9))));
}

const Density& DensityBins::update(const state::WorldSnapshot& snapshot, double width_m) {
  const bool is_same = m_tree == snapshot.tree.get() && m_version == snapshot.version &&
                       m_state_time == snapshot.state_time && m_density.width_m == width_m;
  if (!is_same) {
    m_density = density_of(snapshot, kDensityWindow, width_m);
    m_tree = snapshot.tree.get();
    m_version = snapshot.version;
    m_state_time = snapshot.state_time;
  }
  return m_density;
}

}  // namespace gridwall::scene
