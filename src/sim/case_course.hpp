// The course of one case through the lifecycle, with plausible delays: most are accepted within minutes and handled in
// about 1.4 hours (a published median), a few are rejected, returned, reworked, suspended or wait for the morning.
// Every course obeys config/lifecycle.toml. Test: tests/unit/sim/day_plan_test.cpp.
#pragma once

#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "model/incident.hpp"

namespace gridwall::sim {

struct CourseStep {
  std::string_view type;  // of the event; static text
  base::UtcTime at{};
};

// No course is longer: who begins this many days back finds every case that is still open.
inline constexpr int kCourseDaysMax = 10;

// Steps in order of time, the first is incident.reported at `reported_at`. The last one settles the case.
std::vector<CourseStep> draw_course(base::Random random, base::UtcTime reported_at, model::Severity severity,
                                    std::chrono::minutes utc_offset);

// Every event type that a course may hold, to be checked against a deployer's own lifecycle.
std::vector<std::string_view> course_event_types();

}  // namespace gridwall::sim
