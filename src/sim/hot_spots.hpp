// HotSpots: corners where the same thing happens again and again (重复高发): the same market's bicycles, the same
// wall's stickers. In one city's month 29 % of the cases stood in such groups, 5.5 cases each. Test:
// tests/unit/sim/hot_spots_test.cpp.
#pragma once

#include <vector>

#include "base/random.hpp"
#include "sim/place_picker.hpp"

namespace gridwall::sim {

struct HotSpot {
  Place place;
  std::uint32_t class_index = 0;
};

// Immutable after the constructor.
class HotSpots {
 public:
  // `class_cumulative`: running sums of the classes' weights. `street`: beside it. No spots where there is no place.
  HotSpots(const PlacePicker& places, const std::vector<double>& class_cumulative, const std::vector<bool>& street,
           double cases_per_day, std::uint64_t seed);

  // The spot that a case belongs to; null for one of its own, about seven in ten.
  [[nodiscard]] const HotSpot* draw(base::Random& random) const;
  [[nodiscard]] const std::vector<HotSpot>& all() const { return m_spots; }

 private:
  std::vector<HotSpot> m_spots;
  std::vector<double> m_cumulative;  // beside m_spots
};

}  // namespace gridwall::sim
