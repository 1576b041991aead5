// DayPlan: every case that is reported in one local day, with its whole course. Pure: the same seed and day give the
// same plan, whenever and from wherever it is asked for. Volumes and mix: domain figures of one city's monthly report.
// Test: tests/unit/sim/day_plan_test.cpp.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "model/vocabulary.hpp"
#include "sim/case_course.hpp"
#include "sim/place_picker.hpp"

namespace gridwall::sim {

struct PlannedCase {
  std::uint32_t serial = 0;       // within the day, from 1, in order of reporting
  std::uint32_t class_index = 0;  // Vocabulary::classes
  std::uint32_t channel_index = 0;
  model::Severity severity = model::Severity::Minor;
  std::optional<Place> place;     // none: reported without a place, `named_division` is all that is known
  model::DivisionIndex named_division;
  std::vector<CourseStep> steps;
};

struct DayPlanInput {
  std::shared_ptr<const model::DivisionTree> tree;
  std::shared_ptr<const model::Vocabulary> vocabulary;
  std::chrono::minutes utc_offset{480};
  double cases_per_day = 570;
  std::uint64_t seed = 1;
};

// Immutable after the constructor.
class DayPlanner {
 public:
  // The vocabulary has classes and channels with some weight (Simulator::create looks).
  explicit DayPlanner(DayPlanInput input);

  // `day_begin`: local midnight.
  [[nodiscard]] std::vector<PlannedCase> plan(base::UtcTime day_begin) const;

 private:
  [[nodiscard]] std::uint64_t draw_case_count(base::UtcTime day_begin, base::Random& random) const;
  [[nodiscard]] PlannedCase draw_case(base::UtcTime reported_at, base::Random random) const;

  DayPlanInput m_input;
  PlacePicker m_places;
  std::vector<double> m_class_cumulative, m_channel_cumulative;
};

// Relative share of a day's reports by local hour: people report in office hours, with peaks at 9-11 and 14-17.
const std::array<double, 24>& report_share_by_hour();

}  // namespace gridwall::sim
