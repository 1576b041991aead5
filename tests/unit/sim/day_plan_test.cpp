#include "sim/day_plan.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "fixtures.hpp"

namespace gridwall::test {
namespace {

const base::LocalDays kMonday = day_of("2026-03-02T00:00:00+08:00");

std::size_t local_hour(base::UtcTime at) {
  const base::LocalInstant local = zone().to_local(at);
  return static_cast<std::size_t>((local - std::chrono::floor<std::chrono::days>(local)) / std::chrono::hours(1));
}

std::vector<sim::PlannedCase> week(const sim::DayPlanner& planner) {
  return planned_days(planner, kMonday, 7);
}

TEST(DayPlan, a_day_is_the_same_whoever_asks_and_differs_by_seed_and_by_day) {
  const auto told = [](const std::vector<sim::PlannedCase>& cases) {
    std::string text;
    for (const auto& one : cases) {
      text += fmt::format("{} {} {} {} {} {} ", one.serial, one.class_index, one.channel_index,
                          static_cast<int>(one.severity), one.named_division.value,
                          one.place ? one.place->point_world.x : 0);
      for (const auto& step : one.steps)
        text += fmt::format("{}@{} ", sim::step_type(step.kind), step.at.time_since_epoch().count());
    }
    return text;
  };
  const auto one = planner(plan_input(7)), same = planner(plan_input(7)), other = planner(plan_input(8));
  (void)same.plan(kMonday + std::chrono::days(1));
  EXPECT_EQ(told(one.plan(kMonday)), told(same.plan(kMonday)));
  EXPECT_NE(told(one.plan(kMonday)), told(other.plan(kMonday)));
  EXPECT_NE(told(one.plan(kMonday)), told(one.plan(kMonday + std::chrono::days(1))));
}

TEST(DayPlan, a_weeks_volume_is_what_the_profile_asks) {
  for (const double cases_per_day : {2.0, 90.0, 570.0}) {
    const double count = static_cast<double>(week(planner(plan_input(3, cases_per_day))).size());
    const double wanted = 7 * cases_per_day;
    EXPECT_NEAR(count, wanted, 0.02 * wanted + 4 * std::sqrt(wanted)) << cases_per_day;
  }
}

TEST(DayPlan, a_total_is_met_to_the_case_and_days_outside_it_go_on_as_ever) {
  auto input = plan_input(3);
  input.total = sim::DayPlanInput::Total{kMonday, 30, 16475};
  const auto of_total = planner(input), usual = planner(plan_input(3));
  EXPECT_EQ(planned_days(of_total, kMonday, 30).size(), 16475u);
  EXPECT_EQ(of_total.plan(kMonday - std::chrono::days(1)).size(), usual.plan(kMonday - std::chrono::days(1)).size());
  EXPECT_GT(of_total.plan(kMonday).size(), of_total.plan(kMonday + std::chrono::days(6)).size())
      << "Sundays are quieter";
}

TEST(DayPlan, a_day_on_which_the_clocks_change_has_its_cases_in_its_own_hours) {
  auto input = plan_input(3);
  input.zone = base::TimeZone::find("America/New_York").value();
  const base::LocalDays spring = input.zone.day_of(at("2026-03-08T12:00:00Z"));
  const auto cases = planner(input).plan(spring);
  EXPECT_GT(cases.size(), 300u);
  for (const auto& planned : cases) ASSERT_EQ(input.zone.day_of(planned.steps.front().at), spring);
}

TEST(DayPlan, reports_peak_in_the_morning_and_in_the_afternoon_and_are_rare_at_night) {
  std::array<int, 24> hours{};
  for (const auto& planned : week(planner(plan_input(4)))) {
    ++hours[local_hour(planned.steps.front().at)];
  }
  EXPECT_GT(hours[10], 2 * hours[12]);
  EXPECT_GT(hours[15], 3 * hours[12] / 2);
  EXPECT_GT(hours[10], 10 * hours[3]);
}

TEST(DayPlan, the_commonest_class_is_bicycle_parking_and_collectors_lead) {
  std::map<std::string, int> classes, channels;
  int unlocated_count = 0;
  const auto cases = week(planner(plan_input(5)));
  for (const auto& planned : cases) {
    ++classes[shipped_vocabulary()->classes[planned.class_index].code];
    ++channels[shipped_vocabulary()->channels[planned.channel_index].id];
    if (!planned.place) ++unlocated_count;
  }
  const auto more = [](const auto& a, const auto& b) { return a.second < b.second; };
  EXPECT_EQ(std::max_element(classes.begin(), classes.end(), more)->first, "E04.10");
  EXPECT_EQ(std::max_element(channels.begin(), channels.end(), more)->first, "collector");
  EXPECT_GT(classes.size(), 60u);
  EXPECT_NEAR(unlocated_count / static_cast<double>(cases.size()), 0.1031, 0.015);
}

TEST(DayPlan, a_duplicate_names_an_earlier_case_of_its_class_a_few_steps_away) {
  const auto of = planner(plan_input(6));
  int count = 0;
  for (int i = 0; i < 20; ++i) {
    const auto cases = of.plan(kMonday + std::chrono::days(i));
    for (const auto& planned : cases) {
      if (planned.duplicate_of == 0) continue;
      ++count;
      ASSERT_LT(planned.duplicate_of, planned.serial);
      const auto& original = cases[planned.duplicate_of - 1];
      ASSERT_EQ(original.serial, planned.duplicate_of);
      EXPECT_EQ(original.class_index, planned.class_index);
      const auto apart = planned.place->point_world - original.place->point_world;
      EXPECT_LT(std::hypot(apart.x, apart.y), 50);
    }
  }
  EXPECT_GT(count, 20);
}

TEST(DayPlan, conditions_and_departments_are_the_tables) {
  int conditioned_count = 0;
  std::set<std::uint16_t> departments;
  for (const auto& planned : week(planner(plan_input(6)))) {
    const std::string& code = shipped_vocabulary()->classes[planned.class_index].code;
    if (!planned.condition.empty()) {
      ++conditioned_count;
      const auto* limit = seven_stages().rules->limits.find(code, planned.condition);
      ASSERT_NE(limit, nullptr);
      EXPECT_EQ(limit->condition, planned.condition) << code;
    }
    for (const auto& step : planned.steps) {
      if (step.department) departments.insert(*step.department);
    }
  }
  EXPECT_GT(conditioned_count, 0);
  EXPECT_GE(departments.size(), 8u);
}

// As the hub's finder defines it: at least two others of its class within 50 m in the month.
TEST(DayPlan, three_in_ten_cases_of_a_month_stand_where_the_same_thing_happened_again_and_again) {
  const auto cases = planned_days(planner(plan_input(10)), kMonday, 30);
  std::size_t recurrent_count = 0;
  for (const auto& one : cases) {
    if (!one.place) continue;
    const auto neighbours = std::count_if(cases.begin(), cases.end(), [&](const auto& other) {
      if (!other.place || other.class_index != one.class_index) return false;
      const auto apart = other.place->point_world - one.place->point_world;
      return apart.x * apart.x + apart.y * apart.y <= 50.0 * 50.0;
    });
    if (neighbours >= 3) ++recurrent_count;  // it is its own neighbour
  }
  EXPECT_NEAR(static_cast<double>(recurrent_count) / static_cast<double>(cases.size()), 0.29, 0.03);
}

}  // namespace
}  // namespace gridwall::test
