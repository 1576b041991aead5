#include "sim/hot_spots.hpp"

#include <algorithm>
#include <cmath>

namespace gridwall::sim {

namespace {

// Of located cases; some spots have but one or two in a month, some others come together by chance.
constexpr double kSpotShare = 0.32;
constexpr double kCasesPerSpot = 5.5, kMonthDays = 30;

}  // namespace

HotSpots::HotSpots(const PlacePicker& places, const std::vector<double>& class_cumulative,
                   const std::vector<bool>& street, double cases_per_day, std::uint64_t seed) {
  const double wanted = cases_per_day * kMonthDays * kSpotShare / kCasesPerSpot;
  const auto count = static_cast<std::size_t>(std::max(1.0, std::round(wanted)));
  base::Random random = base::Random(seed).fork(11);
  double sum = 0;
  for (std::size_t i = 0; i < count; ++i) {
    // Evenly over the classes' weights, so that a small district has its mix too.
    const double at = (static_cast<double>(i) + random.next_unit()) / static_cast<double>(count);
    const auto found = std::upper_bound(class_cumulative.begin(), class_cumulative.end(), at * class_cumulative.back());
    const auto class_index = std::min(static_cast<std::size_t>(found - class_cumulative.begin()), street.size() - 1);
    const auto place = places.pick(random, street[class_index]);
    if (!place) return;
    m_spots.push_back({*place, static_cast<std::uint32_t>(class_index)});
    m_cumulative.push_back(sum += std::exp(0.3 * random.next_normal()));
  }
}

const HotSpot* HotSpots::draw(base::Random& random) const {
  if (random.next_unit() >= kSpotShare || m_spots.empty()) return nullptr;
  const double wanted = random.next_unit() * m_cumulative.back();
  const auto found = std::upper_bound(m_cumulative.begin(), m_cumulative.end(), wanted);
  return &m_spots[std::min(static_cast<std::size_t>(found - m_cumulative.begin()), m_spots.size() - 1)];
}

}  // namespace gridwall::sim
