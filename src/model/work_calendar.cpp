#include "model/work_calendar.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "model/config_table.hpp"
#include "model/finding_scope.hpp"

namespace gridwall::model {

using base::Duration;
using base::LocalDays;
using base::Result;
using base::Status;
using base::UtcTime;
using std::chrono::days;
using std::chrono::minutes;

namespace {

constexpr auto kFirstDay = LocalDays(std::chrono::year(WorkCalendar::kFirstYear) / 1 / 1);
constexpr auto kEndDay = LocalDays(std::chrono::year(WorkCalendar::kLastYear + 1) / 1 / 1);
constexpr auto kDayCount = static_cast<std::size_t>((kEndDay - kFirstDay).count());

int weekday_of(LocalDays day) {
  return static_cast<int>(std::chrono::weekday(day).c_encoding());
}

void mark(std::vector<bool>& is_workday, const std::vector<LocalDays>& marked, bool worked) {
  for (const LocalDays day : marked) {
    ASSERT(day >= kFirstDay && day < kEndDay, "a calendar holds days of {} to {}", WorkCalendar::kFirstYear,
           WorkCalendar::kLastYear);
    is_workday[static_cast<std::size_t>((day - kFirstDay).count())] = worked;
  }
}

}  // namespace

WorkCalendar::WorkCalendar(WorkCalendarSpec spec, base::TimeZone zone)
    : m_spec(std::move(spec)), m_zone(std::move(zone)), m_is_workday(kDayCount), m_days(kDayCount + 1) {
  minutes last_end{0};
  for (const auto& window : m_spec.windows) {
    ASSERT(window.begin >= last_end && window.end > window.begin && window.end <= std::chrono::hours(24),
           "window {} to {} min of a day", window.begin.count(), window.end.count());
    last_end = window.end;
  }
  std::array<bool, 7> is_weekend{};
  for (const int weekday : m_spec.weekend) {
    ASSERT(weekday >= 0 && weekday < 7, "weekday {}", weekday);
    is_weekend[static_cast<std::size_t>(weekday)] = true;
  }
  for (std::size_t i = 0; i < kDayCount; ++i) {
    const LocalDays day = kFirstDay + days(i);
    m_is_workday[i] = !is_weekend[static_cast<std::size_t>(weekday_of(day))];
  }
  mark(m_is_workday, m_spec.holidays, false);
  mark(m_is_workday, m_spec.makeup_days, true);
  for (std::size_t i = 0; i <= kDayCount; ++i) m_days[i].begin = m_zone.day_begin(kFirstDay + days(i));
  Duration sum{0};
  for (std::size_t i = 0; i < kDayCount; ++i) {
    m_days[i].worked_before = sum;
    if (!m_is_workday[i]) continue;
    for (const auto& window : m_spec.windows) {
      const Span span = span_of(i, window);
      sum += span.end - span.begin;
    }
  }
  m_days[kDayCount].worked_before = sum;
}

bool WorkCalendar::is_holiday(LocalDays day) const {
  return std::find(m_spec.holidays.begin(), m_spec.holidays.end(), day) != m_spec.holidays.end();
}

bool WorkCalendar::is_workday(LocalDays day) const {
  if (day >= kFirstDay && day < kEndDay) return m_is_workday[static_cast<std::size_t>((day - kFirstDay).count())];
  const int weekday = weekday_of(day);
  return std::find(m_spec.weekend.begin(), m_spec.weekend.end(), weekday) == m_spec.weekend.end();
}

WorkCalendar::Span WorkCalendar::span_of(std::size_t day, const WorkCalendarSpec::Window& window) const {
  const UtcTime midnight = m_days[day].begin;
  if (m_days[day + 1].begin - midnight == days(1)) return {midnight + window.begin, midnight + window.end};
  // Clocks are changed on this day.
  const base::LocalInstant local(kFirstDay + days(day));
  return {m_zone.from_local(local + window.begin).utc, m_zone.from_local(local + window.end).utc};
}

std::size_t WorkCalendar::day_at(UtcTime time) const {
  const auto guess = (time - m_days.front().begin) / days(1);
  auto day = static_cast<std::size_t>(std::clamp<std::int64_t>(guess, 0, static_cast<std::int64_t>(kDayCount) - 1));
  // Changes of the clock have moved its midnight a little.
  while (day > 0 && m_days[day].begin > time) --day;
  while (day + 1 < kDayCount && m_days[day + 1].begin <= time) ++day;
  return day;
}

Duration WorkCalendar::worked_until(UtcTime time) const {
  if (time <= m_days.front().begin) return Duration(0);
  if (time >= m_days.back().begin) return m_days.back().worked_before;
  const std::size_t day = day_at(time);
  Duration worked = m_days[day].worked_before;
  if (worked == m_days[day + 1].worked_before) return worked;
  for (const auto& window : m_spec.windows) {
    const Span span = span_of(day, window);
    if (time <= span.begin) break;
    worked += std::min(time, span.end) - span.begin;
  }
  return worked;
}

Duration WorkCalendar::working_between(UtcTime begin, UtcTime end) const {
  return end <= begin ? Duration(0) : worked_until(end) - worked_until(begin);
}

UtcTime WorkCalendar::add_working(UtcTime begin, Duration amount) const {
  if (amount <= Duration(0)) return begin;
  const Duration worked = worked_until(begin);
  if (amount > m_days.back().worked_before - worked) return std::max(begin, m_days.back().begin);
  const Duration wanted = worked + amount;
  // The first day that ends with so much worked: seldom far off, so the step to it is doubled until it is past.
  const std::size_t from = begin <= m_days.front().begin ? 0 : day_at(begin);
  std::size_t step = 1;
  while (from + step < kDayCount && m_days[from + step].worked_before < wanted) step *= 2;
  const auto at = [&](std::size_t day) { return m_days.begin() + static_cast<std::ptrdiff_t>(day); };
  const auto next = std::lower_bound(at(from + step / 2), at(std::min(from + step, kDayCount)), wanted,
                                     [](const Day& day, Duration time) { return day.worked_before < time; });
  const auto day = static_cast<std::size_t>(next - m_days.begin()) - 1;
  Duration rest = wanted - m_days[day].worked_before;
  for (const auto& window : m_spec.windows) {
    const Span span = span_of(day, window);
    if (rest <= span.end - span.begin) return span.begin + rest;
    rest -= span.end - span.begin;
  }
  ASSERT(false, "the windows of day {} hold less than was summed: {} ns are left", day, rest.count());
  return begin;
}

namespace {

constexpr std::string_view kDateForm = "\"2024-10-01\"";

// Exactly `width` digits; nothing when they are not.
std::optional<int> digits_at(std::string_view text, std::size_t at, std::size_t width) {
  if (at + width > text.size()) return std::nullopt;
  int number = 0;
  for (const char c : text.substr(at, width)) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + (c - '0');
  }
  return number;
}

std::optional<LocalDays> parse_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = digits_at(text, 0, 4), month = digits_at(text, 5, 2), day = digits_at(text, 8, 2);
  if (!year || !month || !day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return LocalDays(date);
}

// "08:00", up to "24:00".
std::optional<minutes> parse_clock(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const auto hour = digits_at(text, 0, 2), minute = digits_at(text, 3, 2);
  if (!hour || !minute || *minute > 59 || *hour * 60 + *minute > 24 * 60) return std::nullopt;
  return minutes(*hour * 60 + *minute);
}

// "2024-10-01" or "2024-10-01..2024-10-07", appended day by day.
Status read_days(const ConfigTable& table, std::string_view key, std::vector<LocalDays>& found) {
  if (!table.has(key)) return {};
  TRY_ASSIGN(const auto texts, table.texts(key));
  for (const std::string& text : texts) {
    const auto dots = text.find("..");
    const auto first = parse_date(std::string_view(text).substr(0, dots));
    const auto last = dots == std::string::npos ? first : parse_date(std::string_view(text).substr(dots + 2));
    if (!first || !last) {
      return table.error_at(key, fmt::format("dates such as {} or \"2024-10-01..2024-10-07\", not \"{}\"", kDateForm,
                                             text.substr(0, 40)));
    }
    if (*last < *first) return table.error_at(key, fmt::format("a range that runs forward, not \"{}\"", text));
    if (*first < kFirstDay || *last >= kEndDay) {
      return table.error_at(
          key, fmt::format("dates from {} to {}, not \"{}\"", WorkCalendar::kFirstYear, WorkCalendar::kLastYear, text));
    }
    for (LocalDays day = *first; day <= *last; day += days(1)) found.push_back(day);
  }
  return {};
}

std::string date_text(LocalDays day) {
  return base::period_text({base::PeriodKind::Day, static_cast<std::int32_t>(day.time_since_epoch().count())});
}

// `added` must not be among `others` yet; both stay sorted by day.
Status take_days(const ConfigTable& table, std::string_view key, const std::vector<LocalDays>& added,
                 std::vector<LocalDays>& into, const std::vector<LocalDays>& others, std::string_view other_name) {
  for (const LocalDays day : added) {
    if (std::binary_search(others.begin(), others.end(), day)) {
      return table.error_at(key,
                            fmt::format("days that are not given as {} too, as {} is", other_name, date_text(day)));
    }
    const auto place = std::lower_bound(into.begin(), into.end(), day);
    if (place != into.end() && *place == day) {
      return table.error_at(key, fmt::format("each day once: {} is there already", date_text(day)));
    }
    into.insert(place, day);
  }
  return {};
}

Status read_windows(const ConfigTable& file, WorkCalendarSpec& spec) {
  TRY_ASSIGN(const auto texts, file.texts("windows"));
  spec.windows.clear();
  for (const std::string& text : texts) {
    const auto begin = parse_clock(std::string_view(text).substr(0, 5));
    const auto end = text.size() == 11 && text[5] == '-' ? parse_clock(std::string_view(text).substr(6)) : std::nullopt;
    if (!begin || !end) {
      return file.error_at("windows", fmt::format("windows such as \"08:00-12:00\", not \"{}\"", text.substr(0, 40)));
    }
    if (*end <= *begin) return file.error_at("windows", fmt::format("an end after the begin, not \"{}\"", text));
    if (!spec.windows.empty() && *begin < spec.windows.back().end) {
      return file.error_at("windows", fmt::format("windows in order that do not overlap: \"{}\" begins before the one "
                                                  "before it ends",
                                                  text));
    }
    spec.windows.push_back({*begin, *end});
  }
  if (spec.windows.empty()) return file.error_at("windows", "at least one window such as \"08:00-12:00\"");
  return {};
}

Status read_weekend(const ConfigTable& file, WorkCalendarSpec& spec) {
  constexpr std::string_view kNames[] = {"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"};
  TRY_ASSIGN(const auto names, file.texts("weekend"));
  spec.weekend.clear();
  for (const std::string& name : names) {
    const auto found = std::find(std::begin(kNames), std::end(kNames), name);
    const auto weekday = static_cast<int>(found - std::begin(kNames));
    const bool is_known = found != std::end(kNames);
    if (!is_known || std::find(spec.weekend.begin(), spec.weekend.end(), weekday) != spec.weekend.end()) {
      return file.error_at("weekend", fmt::format("weekdays by name, \"saturday\", each once, not \"{}\"", name));
    }
    spec.weekend.push_back(weekday);
  }
  return {};
}

Status read_holiday(const ConfigTable& table, WorkCalendarSpec& spec) {
  TRY(table.expect_only({"name_zh", "name_en", "days", "makeup"}));
  std::vector<LocalDays> off, made_up;
  TRY(read_days(table, "days", off));
  TRY(read_days(table, "makeup", made_up));
  TRY(take_days(table, "days", off, spec.holidays, spec.makeup_days, "make-up days"));
  return take_days(table, "makeup", made_up, spec.makeup_days, spec.holidays, "holidays");
}

Result<WorkCalendar> read_calendar(const ConfigTable& file, base::TimeZone zone) {
  TRY(file.expect_only({"name_zh", "name_en", "windows", "weekend", "workday_minutes", "holiday"}));
  WorkCalendarSpec spec;
  TRY(read_windows(file, spec));
  TRY(read_weekend(file, spec));
  minutes worked{0};
  for (const auto& window : spec.windows) worked += window.end - window.begin;
  TRY_ASSIGN(const auto workday, file.integer_or("workday_minutes", worked.count(), 1, 24 * 60));
  spec.workday = minutes(workday);
  if (file.has("holiday")) {
    TRY_ASSIGN(const auto holidays, file.tables("holiday"));
    for (const ConfigTable& table : holidays) {
      if (const Status holiday = read_holiday(table, spec); !FindingScope::go_on(holiday)) return holiday.error();
    }
  }
  return WorkCalendar(std::move(spec), std::move(zone));
}

}  // namespace

Result<WorkCalendar> load_work_calendar(const std::filesystem::path& path, base::TimeZone zone) {
  TRY_ASSIGN(const auto file, ConfigTable::open(path));
  return read_calendar(file, std::move(zone));
}

Result<WorkCalendar> parse_work_calendar(std::string_view text, const std::string& name, base::TimeZone zone) {
  TRY_ASSIGN(const auto file, ConfigTable::parse(text, name));
  return read_calendar(file, std::move(zone));
}

}  // namespace gridwall::model
