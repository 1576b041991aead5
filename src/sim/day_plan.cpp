#include "sim/day_plan.hpp"

#include <algorithm>
#include <cmath>

#include "base/time_text.hpp"

namespace gridwall::sim {

namespace {

constexpr double kUnlocatedShare = 0.03;  // a monthly report has 10 % without address; most of those still have a point

template <typename T>
std::vector<double> cumulative_weights(const std::vector<T>& items) {
  std::vector<double> sums;
  double sum = 0;
  for (const T& item : items) sums.push_back(sum += item.weight);
  return sums;
}

std::uint32_t draw_index(const std::vector<double>& cumulative, base::Random& random) {
  const double wanted = random.next_unit() * cumulative.back();
  const auto found = std::upper_bound(cumulative.begin(), cumulative.end(), wanted);
  return static_cast<std::uint32_t>(std::min<std::ptrdiff_t>(found - cumulative.begin(),
                                                             static_cast<std::ptrdiff_t>(cumulative.size()) - 1));
}

// How many of something that happens `mean` times on average.
std::uint64_t draw_poisson(double mean, base::Random& random) {
  if (mean > 50) return static_cast<std::uint64_t>(std::max(0.0, mean + std::sqrt(mean) * random.next_normal() + 0.5));
  std::uint64_t count = 0;
  for (double sum = random.next_exponential(1); sum < mean; sum += random.next_exponential(1)) ++count;
  return count;
}

}  // namespace

const std::array<double, 24>& report_share_by_hour() {
  static constexpr std::array<double, 24> kShares{0.25, 0.18, 0.15, 0.12, 0.15, 0.35, 1.0, 2.4, 5.2, 8.4, 8.9, 6.6,
                                                  3.6,  4.4,  7.8,  8.5,  8.0,  5.4,  3.2, 2.6, 2.2, 1.5, 0.9, 0.45};
  return kShares;
}

DayPlanner::DayPlanner(DayPlanInput input)
    : m_input(std::move(input)),
      m_places(m_input.tree, m_input.seed),
      m_class_cumulative(cumulative_weights(m_input.vocabulary->classes)),
      m_channel_cumulative(cumulative_weights(m_input.vocabulary->channels)) {
  ASSERT(!m_class_cumulative.empty() && m_class_cumulative.back() > 0, "no class has a weight");
  ASSERT(!m_channel_cumulative.empty() && m_channel_cumulative.back() > 0, "no channel has a weight");
}

std::uint64_t DayPlanner::draw_case_count(base::UtcTime day_begin, base::Random& random) const {
  // Collectors work at the weekend too, offices less. The mean of a week stays cases_per_day.
  constexpr std::array kByWeekday{0.86, 1.05, 1.05, 1.04, 1.04, 1.04, 0.92};
  const int weekday = base::to_local(day_begin, m_input.utc_offset).weekday;
  return draw_poisson(m_input.cases_per_day * kByWeekday[static_cast<std::size_t>(weekday)], random);
}

std::vector<PlannedCase> DayPlanner::plan(base::UtcTime day_begin) const {
  const auto day_number = std::chrono::floor<std::chrono::days>(day_begin + m_input.utc_offset).time_since_epoch();
  base::Random random = base::Random(m_input.seed).fork(static_cast<std::uint64_t>(day_number.count()));
  std::vector<double> hours;
  double sum = 0;
  for (const double share : report_share_by_hour()) hours.push_back(sum += share);

  std::vector<base::UtcTime> reported_at(draw_case_count(day_begin, random));
  for (auto& at : reported_at) {
    const auto within_hour = std::chrono::milliseconds(random.next_below(3'600'000));
    at = day_begin + std::chrono::hours(draw_index(hours, random)) + within_hour;
  }
  std::sort(reported_at.begin(), reported_at.end());

  std::vector<PlannedCase> cases;
  cases.reserve(reported_at.size());
  for (const base::UtcTime at : reported_at) {
    PlannedCase planned = draw_case(at, random.fork(cases.size()));
    planned.serial = static_cast<std::uint32_t>(cases.size()) + 1;
    cases.push_back(std::move(planned));
  }
  return cases;
}

PlannedCase DayPlanner::draw_case(base::UtcTime reported_at, base::Random random) const {
  PlannedCase planned;
  planned.class_index = draw_index(m_class_cumulative, random);
  planned.channel_index = draw_index(m_channel_cumulative, random);
  const model::IncidentClass& incident_class = m_input.vocabulary->classes[planned.class_index];
  planned.severity = incident_class.severity;
  // One in twelve is worse than its class: a pile that blocks a road.
  if (random.next_below(12) == 0 && planned.severity > model::Severity::Major) {
    planned.severity = static_cast<model::Severity>(static_cast<int>(planned.severity) - 1);
  }
  planned.place = m_places.pick(random, incident_class.outdoor_street);
  planned.named_division = planned.place ? planned.place->division : m_input.tree->root();
  if (random.next_unit() < kUnlocatedShare) {
    // Somebody names the village and nothing more.
    planned.place.reset();
    const auto parent = m_input.tree->at(planned.named_division).parent;
    if (parent.valid()) planned.named_division = parent;
  }
  planned.steps = draw_course(random.fork(7), reported_at, planned.severity, m_input.utc_offset);
  return planned;
}

}  // namespace gridwall::sim
