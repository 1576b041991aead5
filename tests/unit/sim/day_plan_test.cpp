#include "sim/day_plan.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "fixtures.hpp"

namespace gridwall::test {
namespace {

const base::UtcTime kMonday = at("2026-03-02T00:00:00+08:00");

std::vector<sim::PlannedCase> week(const sim::DayPlanner& planner) {
  std::vector<sim::PlannedCase> all;
  for (int day = 0; day < 7; ++day) {
    for (auto& planned : planner.plan(kMonday + std::chrono::hours(24 * day))) all.push_back(std::move(planned));
  }
  return all;
}

TEST(DayPlan, a_day_is_the_same_whoever_asks_and_differs_by_seed_and_by_day) {
  const auto told = [](const std::vector<sim::PlannedCase>& cases) {
    std::string text;
    for (const auto& one : cases) {
      text += fmt::format("{} {} {} {} {} {} ", one.serial, one.class_index, one.channel_index,
                          static_cast<int>(one.severity), one.named_division.value,
                          one.place ? one.place->point_world.x : 0);
      for (const auto& step : one.steps) text += fmt::format("{}@{} ", step.type, step.at.time_since_epoch().count());
    }
    return text;
  };
  const sim::DayPlanner one(plan_input(7)), same(plan_input(7)), other(plan_input(8));
  (void)same.plan(kMonday + std::chrono::hours(24));
  EXPECT_EQ(told(one.plan(kMonday)), told(same.plan(kMonday)));
  EXPECT_NE(told(one.plan(kMonday)), told(other.plan(kMonday)));
  EXPECT_NE(told(one.plan(kMonday)), told(one.plan(kMonday + std::chrono::hours(24))));
}

TEST(DayPlan, a_weeks_volume_is_what_the_profile_asks) {
  for (const double cases_per_day : {2.0, 90.0, 570.0}) {
    const double count = static_cast<double>(week(sim::DayPlanner(plan_input(3, cases_per_day))).size());
    const double wanted = 7 * cases_per_day;
    EXPECT_NEAR(count, wanted, 0.02 * wanted + 4 * std::sqrt(wanted)) << cases_per_day;
  }
}

TEST(DayPlan, reports_peak_in_the_morning_and_in_the_afternoon_and_are_rare_at_night) {
  std::array<int, 24> hours{};
  for (const auto& planned : week(sim::DayPlanner(plan_input(4)))) {
    ++hours[static_cast<std::size_t>(base::to_local(planned.steps.front().at, kZone).hour)];
  }
  EXPECT_GT(hours[10], 2 * hours[12]);
  EXPECT_GT(hours[15], 3 * hours[12] / 2);
  EXPECT_GT(hours[10], 10 * hours[3]);
}

TEST(DayPlan, the_commonest_class_is_bicycle_parking_and_collectors_lead) {
  std::map<std::string, int> classes, channels;
  int unlocated_count = 0;
  const auto cases = week(sim::DayPlanner(plan_input(5)));
  for (const auto& planned : cases) {
    ++classes[shipped_vocabulary()->classes[planned.class_index].code];
    ++channels[shipped_vocabulary()->channels[planned.channel_index].id];
    if (!planned.place) ++unlocated_count;
  }
  const auto more = [](const auto& a, const auto& b) { return a.second < b.second; };
  EXPECT_EQ(std::max_element(classes.begin(), classes.end(), more)->first, "E04.10");
  EXPECT_EQ(std::max_element(channels.begin(), channels.end(), more)->first, "collector");
  EXPECT_GT(classes.size(), 60u);
  EXPECT_GT(unlocated_count, static_cast<int>(cases.size()) / 100);
  EXPECT_LT(unlocated_count, static_cast<int>(cases.size()) / 10);
}

TEST(DayPlan, every_course_obeys_the_lifecycle_in_growing_time_and_ends_settled_within_the_bound) {
  std::map<std::string_view, int> seen;
  for (const auto& planned : week(sim::DayPlanner(plan_input(6, 2000)))) {
    std::optional<model::CaseState> state;
    base::UtcTime last{};
    for (const auto& step : planned.steps) {
      const model::LifecycleRow* row = shipped_vocabulary()->find_event(step.type);
      ASSERT_NE(row, nullptr) << step.type;
      const bool legal = state ? std::count(row->from.begin(), row->from.end(), *state) == 1 : row->from.empty();
      ASSERT_TRUE(legal) << step.type << " from " << (state ? static_cast<int>(*state) : 0);
      ASSERT_GT(step.at, last);
      last = step.at;
      state = row->to.value();
      ++seen[step.type];
    }
    ASSERT_TRUE(model::is_settled(*state));
    ASSERT_LT(last - planned.steps.front().at, std::chrono::hours(24 * sim::kCourseDaysMax));
  }
  for (const auto type : sim::course_event_types()) EXPECT_GT(seen[type], 0) << type << " never happens";
}

TEST(DayPlan, half_of_the_daytime_cases_are_handled_within_about_an_hour_and_a_half) {
  std::vector<double> minutes;
  for (const auto& planned : week(sim::DayPlanner(plan_input(9)))) {
    base::UtcTime dispatched{};
    for (const auto& step : planned.steps) {
      if (step.type == "incident.dispatched" && dispatched == base::UtcTime{}) dispatched = step.at;
      if (step.type != "incident.handled") continue;
      minutes.push_back(std::chrono::duration<double, std::ratio<60>>(step.at - dispatched).count());
      break;
    }
  }
  std::nth_element(minutes.begin(), minutes.begin() + static_cast<std::ptrdiff_t>(minutes.size() / 2), minutes.end());
  EXPECT_NEAR(minutes[minutes.size() / 2], 84, 12);
}

}  // namespace
}  // namespace gridwall::test
