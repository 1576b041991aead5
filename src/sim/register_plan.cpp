#include "sim/register_plan.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include "base/assert.hpp"
#include "sim/register_entries.hpp"

namespace gridwall::sim {

namespace {

using base::LocalDays;
using std::chrono::days;
using std::chrono::minutes;

std::int64_t number_of(LocalDays day) {
  return day.time_since_epoch().count();
}

// The day on which the entry's present course, period or state began, at or before `day`.
LocalDays began_on(const PlannedEntry& entry, LocalDays day) {
  const std::chrono::year_month_day date(day);
  switch (entry.cadence) {
    case Cadence::Hour:
    case Cadence::Day:
      return day;
    case Cadence::Week:
      return day - (std::chrono::weekday(day) - std::chrono::Monday);
    case Cadence::Month:
      return LocalDays(date.year() / date.month() / 1);
    case Cadence::HalfYear:
      return LocalDays(date.year() / (static_cast<unsigned>(date.month()) > 6 ? 7 : 1) / 1);
    case Cadence::Year:
      return LocalDays(date.year() / 1 / 1);
    case Cadence::Cycle:
      break;
  }
  const std::int64_t phase = static_cast<std::int64_t>(entry.seed % static_cast<std::uint64_t>(entry.cycle_days));
  const std::int64_t since = (number_of(day) + phase) % entry.cycle_days;
  return day - days(since < 0 ? since + entry.cycle_days : since);
}

// Out of a hundred.
bool is_score(std::string_view nature) {
  return nature == "ranking" || nature == "radar" || nature == "cards";
}

// Of the period that ended before `begin`.
std::string period_before(Cadence cadence, LocalDays begin) {
  const LocalDays last = begin - days(1);
  const std::chrono::year_month_day date(last);
  const int year = static_cast<int>(date.year());
  const unsigned month = static_cast<unsigned>(date.month());
  if (cadence == Cadence::Year) return fmt::format("{:04}", year);
  if (cadence == Cadence::HalfYear) return fmt::format("{:04}-H{}", year, month > 6 ? 2 : 1);
  if (cadence == Cadence::Month) return fmt::format("{:04}-{:02}", year, month);
  if (cadence != Cadence::Week) return fmt::format("{:04}-{:02}-{:02}", year, month, static_cast<unsigned>(date.day()));
  // ISO 8601: a week is of the year that its Thursday is in.
  const LocalDays thursday = last - days(3);
  const auto iso_year = std::chrono::year_month_day(thursday).year();
  const auto week = 1 + (thursday - LocalDays(iso_year / 1 / 1)).count() / 7;
  return fmt::format("{:04}-W{:02}", static_cast<int>(iso_year), week);
}

// From 8 to 18 o'clock, each entry at a minute of its own, so that a month's first day is no burst.
minutes minute_of(const PlannedEntry& entry) {
  return minutes(8 * 60 + static_cast<std::int64_t>(entry.seed / 7 % 600));
}

base::Random random_of(const PlannedEntry& entry, std::int64_t number) {
  return base::Random(entry.seed).fork(static_cast<std::uint64_t>(number));
}

bool by_time(const model::Event& a, const model::Event& b) {
  return a.occurred_at < b.occurred_at;
}

}  // namespace

RegisterPlan::RegisterPlan(const RegisterPlanInput& input)
    : m_source(std::string(model::kSimulatorSource) + input.profile_id),
      m_tree(input.tree),
      m_zone(input.zone),
      m_seed(input.seed),
      m_exercise(input.exercise),
      m_notices(input.exercise ? input.exercise_notices : std::vector<RegisterPlanInput::Notice>()) {
  ASSERT(m_tree && !m_tree->divisions().empty(), "divisions");
  m_entries = planned_entries(input);
  for (const PlannedEntry& entry : m_entries) ++m_table_sizes[entry.table];
}

model::Event RegisterPlan::event_at(const PlannedEntry& entry, base::UtcTime at) const {
  model::Event event;
  event.source = m_source;
  event.occurred_at = at;
  event.incident.incident_id = entry.key;
  event.incident.division_code = m_tree->at(entry.division).code;
  event.incident.department = entry.department;
  if (entry.point_lonlat) {
    event.incident.crs = "EPSG:4326";
    event.incident.point = entry.point_lonlat;
  }
  model::RegisterFacts facts;
  facts.kind = entry.kind;
  facts.table = entry.table;
  facts.entity = entry.entity;
  facts.column = entry.column;
  facts.tier = entry.tier;
  facts.exercise = m_exercise;
  event.entry = std::move(facts);
  event.id = fmt::format("{}-{}-{}", m_seed, entry.key,
                         std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count());
  return event;
}

model::Event RegisterPlan::metric_at(const PlannedEntry& entry, LocalDays day, int hour) const {
  const bool hourly = entry.cadence == Cadence::Hour;
  const minutes within = hourly ? minutes(hour * 60 + static_cast<std::int64_t>(entry.seed % 60)) : minute_of(entry);
  model::Event event = event_at(entry, m_zone.from_local(base::LocalInstant(day) + within).utc);
  event.type = model::kMetricValue;
  base::Random random = random_of(entry, number_of(day) * 24 + hour);
  model::RegisterFacts facts = *event.entry;
  if (hourly) {
    // One hour in a hundred late, one in five hundred down; the next hour it is usually back.
    const std::uint64_t fate = random.next_below(500);
    facts.state = fate == 0 ? "down" : fate < 6 ? "late" : "ok";
    facts.due_at = event.occurred_at + minutes(60);
  } else {
    facts.period = period_before(entry.cadence, day);
    const double months = static_cast<double>(number_of(day)) / 30.44;
    const double drift = 0.004 * (static_cast<double>(entry.seed % 11) - 5) * std::fmod(months, 24);
    const double season = 0.06 * std::sin(2 * std::numbers::pi * months / 12 + static_cast<double>(entry.seed % 7));
    const double value = entry.base_value * (1 + drift / 12 + season + 0.02 * random.next_normal());
    facts.value_milli = entry.fixed.value_or(static_cast<std::int64_t>(std::round(std::max(0.0, value) * 10)) * 100);
    facts.of_milli = entry.of_milli;
    if (is_score(entry.nature)) facts.value_milli = std::min<std::int64_t>(*facts.value_milli, 100'000);
    if (entry.nature == "rate" && facts.of_milli) facts.value_milli = std::min(*facts.value_milli, *facts.of_milli);
    const std::uint64_t fate = random.next_below(20);
    if (entry.nature == "red_black") facts.state = fate < 4 ? "red" : fate < 6 ? "black" : "plain";
    if (entry.nature == "cards") facts.state = fate < 1 ? "red" : fate < 3 ? "yellow" : "plain";
  }
  event.entry = std::move(facts);
  return event;
}

model::Event RegisterPlan::site_at(const PlannedEntry& entry, LocalDays day) const {
  model::Event event = event_at(entry, m_zone.from_local(base::LocalInstant(day) + minute_of(entry)).utc);
  event.type = model::kSiteStatus;
  base::Random random = random_of(entry, number_of(day));
  model::RegisterFacts facts = *event.entry;
  facts.state = "ok";
  if (entry.state_count > 0) {
    const bool usual = random.next_below(25) != 0;
    facts.state = fmt::format("s{}", usual ? 1 : 1 + random.next_below(entry.state_count));
  }
  for (const std::string& item : entry.checklist) {
    if (random.next_below(8) != 0) facts.checked.push_back(item);
  }
  event.entry = std::move(facts);
  return event;
}

// One a day at its time, of the whole district.
model::Event RegisterPlan::notice_at(const RegisterPlanInput::Notice& notice, LocalDays day) const {
  PlannedEntry entry;
  entry.kind = model::RegisterKind::Notice;
  entry.table = "notice";
  entry.division = m_tree->root();
  const std::chrono::year_month_day date(day);
  entry.key = fmt::format("exercise-{:04}{:02}{:02}-{}", static_cast<int>(date.year()),
                          static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), notice.at.count());
  model::Event event = event_at(entry, m_zone.from_local(base::LocalInstant(day) + notice.at).utc);
  event.type = model::kNoticePosted;
  event.entry->text = notice.text;
  return event;
}

// Steps of the course that `day` lies in, and the end of the one before it on the day when the next begins.
void RegisterPlan::tell_task(const PlannedEntry& entry, LocalDays day, std::vector<model::Event>& events) const {
  const LocalDays begin = began_on(entry, day);
  const auto key_of = [&](LocalDays of) { return fmt::format("{}-{}", entry.key, number_of(of) / entry.cycle_days); };
  const bool in_a_day = entry.cycle_days <= 3;
  const base::LocalInstant first = base::LocalInstant(begin) + minute_of(entry);
  if (begin == day) {
    model::Event end = event_at(entry, m_zone.from_local(first - minutes(5)).utc);
    end.type = model::kTaskStep;
    end.incident.incident_id = key_of(begin - days(entry.cycle_days));
    model::RegisterFacts facts = *end.entry;
    facts.state = model::kRetired;
    facts.step = entry.steps.back();
    end.entry = std::move(facts);
    end.id += "-end";
    events.push_back(std::move(end));
  }
  base::Random random = random_of(entry, number_of(begin));
  // Some take longer than their limit.
  const double length = entry.cycle_minutes * random.next_between(0.5, in_a_day ? 1.0 : 0.98);
  const auto last = static_cast<double>(std::max<std::size_t>(entry.steps.size() - 1, 1));
  const base::UtcTime due =
      m_zone.from_local(first + minutes(static_cast<std::int64_t>(entry.cycle_minutes * 0.9))).utc;
  for (std::size_t i = 0; i < entry.steps.size(); ++i) {
    const auto after = minutes(static_cast<std::int64_t>(length * static_cast<double>(i) / last));
    if (std::chrono::floor<days>(first + after) != day) continue;
    model::Event event = event_at(entry, m_zone.from_local(first + after).utc);
    event.type = model::kTaskStep;
    event.incident.incident_id = key_of(begin);
    event.id += fmt::format("-{}", i + 1);
    model::RegisterFacts facts = *event.entry;
    facts.step = entry.steps[i];
    facts.due_at = due;
    const bool is_rated = entry.nature == "orders" && i + 1 == entry.steps.size();
    if (is_rated) facts.rating = 5 - static_cast<std::int32_t>(std::min(random.next_below(6), random.next_below(5)));
    event.entry = std::move(facts);
    events.push_back(std::move(event));
  }
}

void RegisterPlan::tell(const PlannedEntry& entry, LocalDays day, std::vector<model::Event>& events) const {
  if (entry.kind == model::RegisterKind::Task) return tell_task(entry, day, events);
  if (entry.cadence == Cadence::Hour) {
    for (int hour = 0; hour < 24; ++hour) events.push_back(metric_at(entry, day, hour));
    return;
  }
  if (began_on(entry, day) != day) return;
  events.push_back(entry.kind == model::RegisterKind::Site ? site_at(entry, day) : metric_at(entry, day, 0));
}

std::vector<model::Event> RegisterPlan::events_of(LocalDays day) const {
  std::vector<model::Event> events;
  for (const PlannedEntry& entry : m_entries) tell(entry, day, events);
  for (const auto& notice : m_notices) events.push_back(notice_at(notice, day));
  std::stable_sort(events.begin(), events.end(), by_time);
  return events;
}

// What a metric was in the periods before the present one, oldest first.
void RegisterPlan::tell_earlier(const PlannedEntry& entry, LocalDays today, std::vector<model::Event>& events) const {
  const bool has_periods = entry.kind == model::RegisterKind::Metric && entry.cadence != Cadence::Hour &&
                           entry.cadence != Cadence::Cycle && entry.cadence != Cadence::Day;
  if (!has_periods || m_table_sizes.at(entry.table) > kTableWithHistoryMax) return;
  const LocalDays first = today - days(kHistoryDays);
  std::vector<LocalDays> begins;
  for (LocalDays day = began_on(entry, began_on(entry, today) - days(1)); day >= first;
       day = began_on(entry, day - days(1))) {
    begins.push_back(day);
    if (begins.size() == kHistoryPeriods) break;
  }
  for (auto day = begins.rbegin(); day != begins.rend(); ++day) events.push_back(metric_at(entry, *day, 0));
}

std::vector<model::Event> RegisterPlan::standing(base::UtcTime at) const {
  const LocalDays today = m_zone.day_of(at);
  const base::UtcTime oldest = at - days(kStandingDaysMax);
  std::vector<model::Event> events, told;
  for (const PlannedEntry& entry : m_entries) {
    told.clear();
    LocalDays begin = began_on(entry, today);
    const bool is_task = entry.kind == model::RegisterKind::Task;
    if (entry.cadence == Cadence::Hour) begin -= days(1);
    for (int back = 0; back < 2 && told.empty(); ++back) {
      for (LocalDays day = begin; day <= today; day += days(1)) {
        tell(entry, day, told);
        if (!is_task && entry.cadence != Cadence::Hour) break;
      }
      std::erase_if(told, [&](const model::Event& event) {
        return event.occurred_at > at || event.entry->state == model::kRetired;
      });
      begin = began_on(entry, begin - days(1));
    }
    std::stable_sort(told.begin(), told.end(), by_time);
    if (!is_task && told.size() > 1) told.erase(told.begin(), told.end() - 1);
    if (!told.empty()) tell_earlier(entry, today, events);
    std::move(told.begin(), told.end(), std::back_inserter(events));
  }
  for (model::Event& event : events) event.occurred_at = std::max(event.occurred_at, oldest);
  std::stable_sort(events.begin(), events.end(), by_time);
  return events;
}

}  // namespace gridwall::sim
