// DensityBins: how many cases were reported where, in the hours before the state's time, as hexagons of one size: heat
// that can be counted. A bin of fewer than kDensityLeast is not shown, so that no single report is pointed at, and what
// is left out that way is told. Bins stand on the world's origin: panning moves none of them.
// Invariant (tests/unit/scene/density_bins_test.cpp): shown is the sum of the bins; counted is every case of the
// window.
#pragma once

#include <cstdint>
#include <vector>

#include "base/clock.hpp"
#include "state/world_snapshot.hpp"

namespace gridwall::scene {

inline constexpr std::uint32_t kDensityLeast = 5;
inline constexpr base::Duration kDensityWindow = std::chrono::hours(24);

struct DensityBin {
  base::Vec2d center_world;
  std::uint32_t count = 0;
};

struct Density {
  std::vector<DensityBin> bins;  // from south to north
  double width_m = 0;            // of a bin, from side to side
  std::uint32_t shown = 0;       // cases in the bins
  std::uint32_t counted = 0;     // in the window; those without a place too
};

// Cases reported in (state time - window, state time].
Density density_of(const state::WorldSnapshot& snapshot, base::Duration window, double width_m);

// The width in metres, a power of two, that is nearest above `least_px` on the screen.
double density_width_m(double px_per_m, double least_px);

// The one last asked for is kept until the snapshot or the width is another.
class DensityBins {
 public:
  const Density& update(const state::WorldSnapshot& snapshot, double width_m);

 private:
  Density m_density;
  const void* m_tree = nullptr;
  std::uint64_t m_version = 0;
  base::UtcTime m_state_time{};
};

}  // namespace gridwall::scene
