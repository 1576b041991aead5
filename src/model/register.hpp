// Register (台账): what stands beside incidents: sites, metrics and boards, tasks and orders, notices. One kind of
// facts each for the events site.status, metric.value, task.step and notice.posted. An entry is known by (kind, key)
// and belongs to one division; the last event in feed order says how it stands. Which tables there are (kinds of sites,
// boards, figures, workflows) is the profile's business: nothing here judges whether a table is one of them, so that a
// recording folds the same under another profile. No names of people, no free text but a notice's, which the hub masks.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"

namespace gridwall::model {

enum class RegisterKind : std::uint8_t { Site, Metric, Task, Notice };
inline constexpr std::string_view kSiteStatus = "site.status";
inline constexpr std::string_view kMetricValue = "metric.value";
inline constexpr std::string_view kTaskStep = "task.step";
inline constexpr std::string_view kNoticePosted = "notice.posted";
// The state that takes an entry out of the register.
inline constexpr std::string_view kRetired = "retired";

// Place, department and id stand where all events have them: Event::incident's incident_id (the key), division_code,
// crs, point, department. Words are [a-z0-9_.-], at most 40 bytes; a checklist's and a tier's words are the profile's
// own (Chinese too), at most 40 bytes.
struct RegisterFacts {
  RegisterKind kind = RegisterKind::Metric;
  std::string table;   // id of the profile's row: [[site]], [[board]] or [[figure]], [[workflow]]; of notices "notice"
  std::string entity;  // whom a metric or task is about: organisation, department, source, project; empty: the division
  std::string column;  // the board's column or the item of a metric; empty: the only one
  std::string state;   // a word: of a site's states, "red", "black", "ok", "down"; kRetired removes
  std::string tier;    // of a site's tiers
  std::string step;    // of a task: id of the workflow's step that it reaches
  std::vector<std::string> checked;         // items of a site's checklist that are fulfilled, sorted, at most 16
  std::optional<std::int64_t> value_milli;  // the number times 1000
  std::optional<std::int64_t> of_milli;     // what it is out of (due staff, cases of a rate), times 1000
  std::string period;                       // "2026", "2026-Q3", "2026-H1", "2026-11", "2026-W47", "2026-11-22"
  std::optional<std::int32_t> radius_m;     // of a site's area, from its point
  std::optional<base::UtcTime> due_at;      // a task's deadline; of a source, when it ought to be heard again
  std::optional<std::int32_t> rating;       // of a finished order, 1 to 5
  std::string text;                         // of a notice, at most 500 bytes, masked by the hub
  bool exercise = false;                    // part of an exercise: marked wherever it is shown
  bool operator==(const RegisterFacts&) const = default;
};

}  // namespace gridwall::model
