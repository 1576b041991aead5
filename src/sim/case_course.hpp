// The course of one case through the lifecycle, with plausible delays and every branch: most are filed within minutes
// and handled in about 1.4 hours, a few are rejected, returned, extended, suspended, reworked, appealed or reopened.
// Every course obeys the district's table. Rates: a published monthly report (domain research 2.6), where it has one.
// Test: tests/unit/sim/case_course_test.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/random.hpp"
#include "base/time_zone.hpp"
#include "model/incident.hpp"
#include "model/limit.hpp"
#include "sim/course_table.hpp"

namespace gridwall::sim {

struct CourseStep {
  StepKind kind = StepKind::Reported;
  base::UtcTime at{};
  model::CaseState state = model::CaseState::Reported;  // after it
  std::string_view reason{};                            // static text
  std::optional<bool> approved{}, satisfied{};
  std::optional<base::UtcTime> resume_at{};
  std::optional<std::uint16_t> department{};  // who holds it from here on; DayPlanInput::departments
  std::optional<int> solved_level{};          // known from here on
};

// No course is longer: who begins this many days back finds every case that is still open.
inline constexpr int kCourseDaysMax = 20;

// What is known of the case before its course.
struct CourseSubject {
  base::UtcTime reported_at{};
  model::Severity severity = model::Severity::Minor;
  model::Limit limit{};                          // count 0: none
  std::span<const std::uint16_t> departments{};  // of its class, the usual one first; at least one
  std::uint16_t department_count = 1;            // of the district
  int leaf_level = 0;                            // depth of its division
  double solved_at_each = 0.66;  // of the cases that come to a level, the lowest first; the others go one level up
  bool by_public = false;
  bool is_duplicate = false;
};

// What all cases of a district share.
struct CourseGround {
  const CourseTable* table = nullptr;
  const model::WorkCalendar* calendar = nullptr;  // null: no limits
  base::TimeZone zone;
};

// Steps in order of time, the first is the report at `reported_at`. After the last one nobody has to act on it.
std::vector<CourseStep> draw_course(base::Random random, const CourseSubject& subject, const CourseGround& ground);

// From when on the course is settled for good.
base::UtcTime settled_at(const std::vector<CourseStep>& steps);

}  // namespace gridwall::sim
