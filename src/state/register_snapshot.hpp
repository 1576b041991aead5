// RegisterSnapshot: the register (台账) as a screen needs it, frozen with the world: sites, metrics, tasks and notices,
// in order of (kind, table, key). Entries that did not change are shared with the snapshot before.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/geometry.hpp"
#include "model/division_tree.hpp"
#include "model/register.hpp"

namespace gridwall::state {

inline constexpr std::size_t kStepsKept = 16;    // of a task; the oldest of more are forgotten
inline constexpr std::size_t kPeriodsKept = 26;  // of a metric: two years of months, last period and last year

struct ReachedStep {
  std::string step;
  base::UtcTime at{};  // the event's own stamp
  bool operator==(const ReachedStep&) const = default;
};
// What a metric was in the periods before, oldest first; the present one is the last.
struct PeriodValue {
  std::string period;
  std::int64_t value_milli = 0;
  std::optional<std::int64_t> of_milli;
  bool operator==(const PeriodValue&) const = default;
};

struct RegisterEntry {
  std::string key;
  model::RegisterFacts facts;  // the newest
  std::string department;
  model::DivisionIndex division;  // where it counts
  bool located = false;
  base::Vec2i point_units;                    // only when located
  base::UtcTime occurred_at{}, changed_at{};  // the event's own stamp; state time of its last event
  std::vector<ReachedStep> steps;             // of tasks
  std::vector<PeriodValue> history;           // of metrics
  bool simulated = false;
};

struct RegisterSnapshot {
  std::vector<std::shared_ptr<const RegisterEntry>> entries;  // sorted by (kind, table, key)
  std::uint64_t version = 0;                                  // another one: something changed

  // Those of one table. Valid as long as the snapshot.
  [[nodiscard]] std::span<const std::shared_ptr<const RegisterEntry>> table(model::RegisterKind kind,
                                                                            std::string_view table) const;
};

// How far the metric's present value lies from the one of the period before, as a part of that one: 0.25 is a quarter
// more. Of rates, the rates are compared. Nothing: no period before, or one of nothing.
std::optional<double> change_ratio(const RegisterEntry& entry);
// The same against the same period a year before.
std::optional<double> change_ratio_of_year(const RegisterEntry& entry);

// What a hub takes; a wall holds what its hub has taken.
inline constexpr std::size_t kRegisterMax = 200'000;

}  // namespace gridwall::state
