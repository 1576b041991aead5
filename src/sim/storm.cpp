#include "sim/storm.hpp"

#include <algorithm>
#include <cmath>

namespace gridwall::sim {

namespace {

constexpr double kPoolDeviationM = 90;  // how far the water of one low place reaches

}  // namespace

base::Result<Storm> Storm::create(const model::StormCases& cases, const model::Vocabulary& vocabulary,
                                  double cases_per_day) {
  Storm storm;
  storm.m_cases = cases;
  if (cases.beside > 0) {
    const double count = static_cast<double>(cases.count) * cases_per_day / cases.beside;
    storm.m_cases.count = static_cast<std::size_t>(std::llround(count));
  }
  double sum = 0;
  for (const model::StormCases::Class& one : cases.classes) {
    const auto found = std::find_if(vocabulary.classes.begin(), vocabulary.classes.end(),
                                    [&](const model::IncidentClass& known) { return known.code == one.code; });
    if (found == vocabulary.classes.end()) {
      return base::Error{base::ErrorCode::InvalidArgument,
                         fmt::format("the storm's class {} is none of {}", one.code, vocabulary.class_set)};
    }
    storm.m_classes.push_back(static_cast<std::uint32_t>(found - vocabulary.classes.begin()));
    storm.m_cumulative.push_back(sum += one.weight);
  }
  return storm;
}

void Storm::find_low_ground(const PlacePicker& places, base::Random random) {
  m_low_ground.clear();
  for (std::size_t i = 0; i < m_cases.low_divisions; ++i) {
    if (const auto place = places.pick(random, true)) m_low_ground.push_back(*place);
  }
}

// A triangle's distribution, by its inverse.
std::vector<base::LocalInstant> Storm::reported_at(base::LocalDays day, base::Random random) const {
  using Milliseconds = std::chrono::milliseconds;
  const auto ms = [](std::chrono::minutes minutes) { return static_cast<double>(Milliseconds(minutes).count()); };
  const double begin = ms(m_cases.begin), peak = ms(m_cases.peak), end = ms(m_cases.end);
  const double rising = (peak - begin) / (end - begin);
  std::vector<base::LocalInstant> all;
  for (std::size_t i = 0; i < m_cases.count; ++i) {
    const double u = random.next_unit();
    const double at = u < rising ? begin + std::sqrt(u * (end - begin) * (peak - begin))
                                 : end - std::sqrt((1 - u) * (end - begin) * (end - peak));
    all.push_back(base::LocalInstant(day) + Milliseconds(static_cast<std::int64_t>(at)));
  }
  std::sort(all.begin(), all.end());
  return all;
}

std::uint32_t Storm::draw_class(base::Random& random) const {
  const double wanted = random.next_unit() * m_cumulative.back();
  const auto found = std::upper_bound(m_cumulative.begin(), m_cumulative.end(), wanted);
  return m_classes[std::min(static_cast<std::size_t>(found - m_cumulative.begin()), m_classes.size() - 1)];
}

std::optional<Place> Storm::draw_place(const PlacePicker& places, bool street, base::Random& random) const {
  if (m_low_ground.empty() || random.next_unit() >= m_cases.low_share) return places.pick(random, street);
  return places.near(m_low_ground[random.next_below(m_low_ground.size())], kPoolDeviationM, random);
}

}  // namespace gridwall::sim
