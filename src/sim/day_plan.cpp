#include "sim/day_plan.hpp"

#include <algorithm>
#include <cmath>

#include "base/assert.hpp"

namespace gridwall::sim {

namespace {

constexpr double kUnlocatedShare = 0.1031;  // of one city's month
constexpr double kDuplicateShare = 0.006;
constexpr std::size_t kDuplicateLookBack = 60;  // cases: the same thing is reported twice within hours
constexpr double kSpotDeviationM = 7;           // any two of a spot lie within 50 m

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
  return static_cast<std::uint32_t>(
      std::min<std::ptrdiff_t>(found - cumulative.begin(), static_cast<std::ptrdiff_t>(cumulative.size()) - 1));
}

std::vector<bool> street_flags(const std::vector<model::IncidentClass>& classes) {
  std::vector<bool> flags;
  for (const auto& one : classes) flags.push_back(one.outdoor_street);
  return flags;
}

// The class's own entries, else its big class's.
std::vector<const model::ClassLimit*> limits_of(const model::LimitRules& rules, std::string_view class_code) {
  for (const auto code : {class_code, class_code.substr(0, class_code.find('.'))}) {
    std::vector<const model::ClassLimit*> found;
    for (const model::ClassLimit& limit : rules.classes) {
      if (limit.class_code == code) found.push_back(&limit);
    }
    if (!found.empty()) return found;
  }
  return {};
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

DayPlanner::DayPlanner(DayPlanInput input, CourseTable table)
    : m_input(std::move(input)),
      m_table(std::move(table)),
      m_places(m_input.tree, m_input.seed),
      m_class_cumulative(cumulative_weights(m_input.vocabulary->classes)),
      m_spots(m_places, m_class_cumulative, street_flags(m_input.vocabulary->classes), m_input.cases_per_day,
              m_input.seed) {
  ASSERT(!m_class_cumulative.empty() && m_class_cumulative.back() > 0, "no class has a weight");
  ASSERT(!m_input.vocabulary->channels.empty(), "no channel");
  ASSERT(!m_input.departments.all.empty(), "no department");
  prepare_classes();
  if (m_input.total) share_out_total();
  const auto& departments = m_input.departments.all;
  const auto own = std::find_if(departments.begin() + 1, departments.end(),
                                [](const model::Department& one) { return one.classes.empty(); });
  m_department_count = static_cast<std::uint16_t>(own - departments.begin());
  if (m_input.storm) m_input.storm->find_low_ground(m_places, base::Random(m_input.seed).fork(23));
}

void DayPlanner::prepare_classes() {
  for (const model::IncidentClass& incident_class : m_input.vocabulary->classes) {
    ClassGround ground;
    for (const std::size_t i : m_input.departments.of_class(incident_class.code)) {
      ground.departments.push_back(static_cast<std::uint16_t>(i));
    }
    // A class that the table gives to nobody is the first one's.
    if (ground.departments.empty()) ground.departments.push_back(0);
    if (m_input.rules) ground.limits = limits_of(m_input.rules->limits, incident_class.code);
    m_classes.push_back(std::move(ground));
  }
}

// In proportion to what the days would have had.
void DayPlanner::share_out_total() {
  std::vector<std::uint64_t> free_counts;
  std::uint64_t sum = 0;
  for (int i = 0; i < m_input.total->day_count; ++i) {
    base::Random random = random_of(m_input.total->first_day + std::chrono::days(i));
    free_counts.push_back(1 + draw_case_count(m_input.total->first_day + std::chrono::days(i), random));
    sum += free_counts.back();
  }
  std::uint64_t before = 0, given = 0;
  for (const std::uint64_t count : free_counts) {
    before += count;
    const auto until_here = static_cast<std::uint64_t>(static_cast<double>(m_input.total->case_count) *
                                                       (static_cast<double>(before) / static_cast<double>(sum)));
    m_fixed_counts.push_back(until_here - given);
    given = until_here;
  }
}

base::Random DayPlanner::random_of(base::LocalDays day) const {
  return base::Random(m_input.seed).fork(static_cast<std::uint64_t>(day.time_since_epoch().count()));
}

std::uint64_t DayPlanner::draw_case_count(base::LocalDays day, base::Random& random) const {
  // Collectors work at the weekend too, offices less. The mean of a week stays cases_per_day.
  constexpr std::array kByWeekday{0.86, 1.05, 1.05, 1.04, 1.04, 1.04, 0.92};
  const auto weekday = std::chrono::weekday(day).c_encoding();
  const double share = m_input.days.case_share(m_input.days.kind_of(day));
  return draw_poisson(m_input.cases_per_day * kByWeekday[weekday] * share, random);
}

std::vector<DayPlanner::Report> DayPlanner::draw_reports(base::LocalDays day, base::Random& random) const {
  std::vector<double> hours;
  double sum = 0;
  for (const double share : report_share_by_hour()) hours.push_back(sum += share);

  std::uint64_t case_count = draw_case_count(day, random);
  if (m_input.total) {
    const auto place = (day - m_input.total->first_day).count();
    if (place >= 0 && place < m_input.total->day_count) case_count = m_fixed_counts[static_cast<std::size_t>(place)];
  }
  std::vector<Report> reports(case_count);
  for (Report& report : reports) {
    const auto within_hour = std::chrono::milliseconds(random.next_below(3'600'000));
    const auto hour = std::chrono::hours(draw_index(hours, random));
    report.at = m_input.zone.from_local(base::LocalInstant(day) + hour + within_hour).utc;
  }
  if (m_input.storm && m_input.days.kind_of(day) == model::DayKind::Storm) {
    for (const base::LocalInstant at : m_input.storm->reported_at(day, random.fork(29))) {
      reports.push_back({m_input.zone.from_local(at).utc, true});
    }
  }
  std::stable_sort(reports.begin(), reports.end(), [](const Report& a, const Report& b) { return a.at < b.at; });
  return reports;
}

std::vector<PlannedCase> DayPlanner::plan(base::LocalDays day) const {
  base::Random random = random_of(day);
  const std::vector<Report> reports = draw_reports(day, random);
  const auto channels = m_input.days.channel_cumulative(m_input.days.kind_of(day), *m_input.vocabulary);
  std::vector<PlannedCase> cases;
  cases.reserve(reports.size());
  for (const Report& report : reports) {
    PlannedCase planned = draw_case(report, cases, channels, random.fork(cases.size()));
    planned.serial = static_cast<std::uint32_t>(cases.size()) + 1;
    cases.push_back(std::move(planned));
  }
  return cases;
}

PlannedCase DayPlanner::draw_case(const Report& report, const std::vector<PlannedCase>& before,
                                  const std::vector<double>& channels, base::Random random) const {
  PlannedCase planned;
  planned.channel_index = draw_index(channels, random);
  if (report.by_storm) {
    planned.class_index = m_input.storm->draw_class(random);
    planned.place = m_input.storm->draw_place(m_places, true, random);
    planned.named_division = planned.place ? planned.place->division : m_input.tree->root();
  } else {
    draw_what_and_where(planned, before, random);
  }
  base::Random way_random = random.fork(31);
  const OwnWay* way = report.by_storm ? nullptr : m_input.ways.draw(way_random);
  if (way != nullptr) go_own_way(planned, *way, way_random);
  const model::IncidentClass& incident_class = m_input.vocabulary->classes[planned.class_index];
  planned.severity = incident_class.severity;
  // One in twelve is worse than its class: a pile that blocks a road.
  if (random.next_below(12) == 0 && planned.severity > model::Severity::Major) {
    planned.severity = static_cast<model::Severity>(static_cast<int>(planned.severity) - 1);
  }
  CourseSubject subject;
  subject.reported_at = report.at;
  subject.severity = planned.severity;
  subject.limit = draw_limit(planned, random);
  subject.departments = way != nullptr && !way->departments.empty() ? std::span(way->departments)
                                                                    : m_classes[planned.class_index].departments;
  subject.department_count = m_department_count;
  subject.solved_at_each = m_input.solved_at_each;
  subject.leaf_level = static_cast<int>(m_input.tree->at(planned.named_division).level_index);
  subject.by_public = m_input.vocabulary->channels[planned.channel_index].is_public;
  subject.is_duplicate = planned.duplicate_of > 0;
  const model::WorkCalendar* calendar = m_input.rules ? &m_input.rules->calendar : nullptr;
  planned.steps = draw_course(random.fork(7), subject, {&m_table, calendar, m_input.zone});
  return planned;
}

void DayPlanner::go_own_way(PlannedCase& planned, const OwnWay& way, base::Random& random) const {
  if (way.channel_index) planned.channel_index = *way.channel_index;
  if (!way.classes.empty()) {
    planned.class_index = way.classes[random.next_below(way.classes.size())];
    planned.duplicate_of = 0;
    planned.place = m_places.pick(random, m_input.vocabulary->classes[planned.class_index].outdoor_street);
    planned.named_division = planned.place ? planned.place->division : m_input.tree->root();
  }
  if (!way.level_index) return;
  planned.place.reset();
  const auto level = static_cast<std::uint32_t>(*way.level_index);
  const auto above = m_input.tree->ancestor_at_level(planned.named_division, level);
  if (above.valid()) planned.named_division = above;
}

void DayPlanner::draw_what_and_where(PlannedCase& planned, const std::vector<PlannedCase>& before,
                                     base::Random& random) const {
  const auto& classes = m_input.vocabulary->classes;
  if (!before.empty() && random.next_unit() < kDuplicateShare) {
    const std::size_t back = 1 + random.next_below(std::min(before.size(), kDuplicateLookBack));
    const PlannedCase& original = before[before.size() - back];
    if (original.place && original.duplicate_of == 0) {
      planned.class_index = original.class_index;
      planned.duplicate_of = original.serial;
      planned.place = m_places.near(*original.place, kSpotDeviationM, random);
      planned.named_division = planned.place->division;
      return;
    }
  }
  const bool unlocated = random.next_unit() < kUnlocatedShare;
  const HotSpot* spot = unlocated ? nullptr : m_spots.draw(random);
  if (spot != nullptr) {
    planned.class_index = spot->class_index;
    planned.place = m_places.near(spot->place, kSpotDeviationM, random);
  } else {
    planned.class_index = draw_index(m_class_cumulative, random);
    planned.place = m_places.pick(random, classes[planned.class_index].outdoor_street);
  }
  planned.named_division = planned.place ? planned.place->division : m_input.tree->root();
  if (!unlocated) return;
  // Somebody names the village and nothing more.
  planned.place.reset();
  const auto parent = m_input.tree->at(planned.named_division).parent;
  if (parent.valid()) planned.named_division = parent;
}

// By the class's filing conditions, the first ones more often.
model::Limit DayPlanner::draw_limit(PlannedCase& planned, base::Random& random) const {
  if (!m_input.rules) return {};
  const auto& limits = m_classes[planned.class_index].limits;
  if (limits.empty()) return m_input.rules->limits.fallback;
  std::size_t chosen = 0;
  while (chosen + 1 < limits.size() && random.next_unit() < 0.4) ++chosen;
  planned.condition = limits[chosen]->condition;
  return limits[chosen]->limit;
}

}  // namespace gridwall::sim
