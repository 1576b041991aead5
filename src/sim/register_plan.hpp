// RegisterPlan: what a simulated district tells beside its cases: sites, metrics of boards and figures, tasks and
// orders, as the profile's tables name them. Pure: the same tables, tree, seed and day give the same events, whenever
// they are asked for. Organisations and sources have numbers for names, homes are counts, people have no place here.
// Test: tests/unit/sim/register_plan_test.cpp.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/time_zone.hpp"
#include "model/departments.hpp"
#include "model/event.hpp"
#include "model/profile_tables.hpp"
#include "sim/place_picker.hpp"

namespace gridwall::sim {

struct RegisterPlanInput {
  std::string profile_id;  // the source is "/gridwall/simulator/<profile_id>"
  std::shared_ptr<const model::DivisionTree> tree;
  model::ProfileTables tables;
  model::Departments departments;
  base::TimeZone zone;
  std::uint64_t seed = 1;
  bool exercise = false;  // every event is part of an exercise and says so
  struct Notice {
    std::chrono::minutes at{};  // of the local day
    std::string text;
  };
  std::vector<Notice> exercise_notices{};  // posted each day of an exercise
  // World metres to EPSG:4326 degrees; sites without it stand in their division only.
  std::function<std::optional<base::Vec2d>(base::Vec2d point_world)> to_lonlat{};
};

// How often an entry is told again.
enum class Cadence : std::uint8_t { Hour, Day, Week, Month, HalfYear, Year, Cycle };

// What the plan holds of one entry of the register; what changes is drawn anew each time from its own seed.
struct PlannedEntry {
  model::RegisterKind kind = model::RegisterKind::Metric;
  std::string table, key, entity, column, department;
  model::DivisionIndex division;
  std::optional<base::Vec2d> point_lonlat;
  std::string tier, nature;            // nature: the board's, site's or workflow's kind
  std::vector<std::string> steps;      // of a task, in order
  std::vector<std::string> checklist;  // words
  std::uint32_t state_count = 0;       // of a site: words "s1" to "s<n>", the first the usual one; 0: "ok" alone
  double base_value = 0;               // what a metric moves about
  std::optional<std::int64_t> fixed, of_milli;  // thousandths
  Cadence cadence = Cadence::Month;
  std::int32_t cycle_days = 1;     // of Cadence::Cycle
  std::int32_t cycle_minutes = 0;  // how long a task takes from its first step to its last
  std::uint64_t seed = 0;
};

// Immutable after the constructor; then any thread, while `to_lonlat` is used by the constructor alone.
class RegisterPlan {
 public:
  explicit RegisterPlan(const RegisterPlanInput& input);

  // What holds at `at`: of each entry what was told last; of a task every step it has taken. In order of time. What was
  // told more than kStandingDaysMax ago is told again at that distance. Metrics tell what they were in the periods
  // before as well, thirteen months back, where their table is not large: last period and last year are there at once.
  [[nodiscard]] std::vector<model::Event> standing(base::UtcTime at) const;
  // What is told on one local day, in order of time.
  [[nodiscard]] std::vector<model::Event> events_of(base::LocalDays day) const;

  [[nodiscard]] const std::vector<PlannedEntry>& entries() const { return m_entries; }

  static constexpr int kStandingDaysMax = 15;
  static constexpr int kHistoryDays = 400;
  static constexpr std::size_t kHistoryPeriods = 14, kTableWithHistoryMax = 300;
  static constexpr std::size_t kTableEntriesMax = 2'800;  // of one table; more divisions are told at a coarser level

 private:
  void tell(const PlannedEntry& entry, base::LocalDays day, std::vector<model::Event>& events) const;
  void tell_earlier(const PlannedEntry& entry, base::LocalDays today, std::vector<model::Event>& events) const;
  void tell_task(const PlannedEntry& entry, base::LocalDays day, std::vector<model::Event>& events) const;
  [[nodiscard]] model::Event event_at(const PlannedEntry& entry, base::UtcTime at) const;
  [[nodiscard]] model::Event metric_at(const PlannedEntry& entry, base::LocalDays day, int hour) const;
  [[nodiscard]] model::Event notice_at(const RegisterPlanInput::Notice& notice, base::LocalDays day) const;
  [[nodiscard]] model::Event site_at(const PlannedEntry& entry, base::LocalDays day) const;

  std::string m_source;
  std::shared_ptr<const model::DivisionTree> m_tree;
  base::TimeZone m_zone;
  std::uint64_t m_seed;
  bool m_exercise;
  std::vector<RegisterPlanInput::Notice> m_notices;  // none without an exercise
  std::vector<PlannedEntry> m_entries;
  std::map<std::string, std::size_t> m_table_sizes;
};

}  // namespace gridwall::sim
