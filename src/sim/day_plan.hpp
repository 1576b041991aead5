// DayPlan: every case that is reported in one local day, with its whole course. Pure: the same seed and day give the
// same plan, whenever and from wherever it is asked for. Volumes and mix: domain figures of one city's monthly report.
// Test: tests/unit/sim/day_plan_test.cpp.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/time_zone.hpp"
#include "model/departments.hpp"
#include "model/district_rules.hpp"
#include "model/vocabulary.hpp"
#include "sim/case_course.hpp"
#include "sim/day_calendar.hpp"
#include "sim/hot_spots.hpp"
#include "sim/own_ways.hpp"
#include "sim/place_picker.hpp"
#include "sim/storm.hpp"

namespace gridwall::sim {

struct PlannedCase {
  std::uint32_t serial = 0;       // within the day, from 1, in order of reporting
  std::uint32_t class_index = 0;  // Vocabulary::classes
  std::uint32_t channel_index = 0;
  std::uint32_t duplicate_of = 0;  // serial of an earlier case of the day; 0: of none
  model::Severity severity = model::Severity::Minor;
  std::string condition;       // by which it is filed; empty where the class has none
  std::optional<Place> place;  // none: reported without a place, `named_division` is all that is known
  model::DivisionIndex named_division;
  std::vector<CourseStep> steps;
};

struct DayPlanInput {
  std::shared_ptr<const model::DivisionTree> tree;
  std::shared_ptr<const model::Vocabulary> vocabulary;  // the district's: with its stages' shortcuts
  std::shared_ptr<const model::DistrictRules> rules;    // null: no limits
  model::Departments departments;
  base::TimeZone zone;
  double cases_per_day = 570;
  std::uint64_t seed = 1;
  // So many cases in these days and neither more nor less; `cases_per_day` still says how many hot corners there are.
  struct Total {
    base::LocalDays first_day{};
    int day_count = 0;
    std::uint64_t case_count = 0;
  };
  std::optional<Total> total{};
  DayCalendar days{};
  std::optional<Storm> storm{};  // on days of its kind its cases come beside the usual ones
  OwnWays ways{};
  double solved_at_each = 0.66;  // see CourseSubject
};

// Immutable after the constructor.
class DayPlanner {
 public:
  // The vocabulary has classes and channels with some weight, and there are departments (Simulator::create looks).
  DayPlanner(DayPlanInput input, CourseTable table);

  [[nodiscard]] std::vector<PlannedCase> plan(base::LocalDays day) const;

 private:
  void prepare_classes();
  void share_out_total();
  [[nodiscard]] base::Random random_of(base::LocalDays day) const;
  [[nodiscard]] std::uint64_t draw_case_count(base::LocalDays day, base::Random& random) const;
  struct Report {
    base::UtcTime at{};
    bool by_storm = false;
  };
  [[nodiscard]] std::vector<Report> draw_reports(base::LocalDays day, base::Random& random) const;
  [[nodiscard]] PlannedCase draw_case(const Report& report, const std::vector<PlannedCase>& before,
                                      const std::vector<double>& channels, base::Random random) const;
  void go_own_way(PlannedCase& planned, const OwnWay& way, base::Random& random) const;
  void draw_what_and_where(PlannedCase& planned, const std::vector<PlannedCase>& before, base::Random& random) const;
  [[nodiscard]] model::Limit draw_limit(PlannedCase& planned, base::Random& random) const;

  // What is looked up once for each class.
  struct ClassGround {
    std::vector<std::uint16_t> departments;
    std::vector<const model::ClassLimit*> limits;  // its filing conditions
  };

  DayPlanInput m_input;
  CourseTable m_table;
  PlacePicker m_places;
  std::vector<double> m_class_cumulative;
  std::uint16_t m_department_count = 0;  // that classes are dispatched to: the first ones
  HotSpots m_spots;
  std::vector<ClassGround> m_classes;         // beside Vocabulary::classes
  std::vector<std::uint64_t> m_fixed_counts;  // of the days of `total`
};

// Relative share of a day's reports by local hour: people report in office hours, with peaks at 9-11 and 14-17.
const std::array<double, 24>& report_share_by_hour();

}  // namespace gridwall::sim
