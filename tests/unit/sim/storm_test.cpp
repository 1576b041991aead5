// What a storm adds to a day, on the shipped vocabulary.
#include "sim/storm.hpp"

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <numeric>

#include "fixtures.hpp"

namespace gridwall::sim {
namespace {

const base::LocalDays kDay = test::day_of("2026-07-14T12:00:00+08:00");

model::StormCases storm_cases() {
  model::StormCases cases;
  cases.count = 400;
  cases.begin = std::chrono::hours(12);
  cases.peak = std::chrono::hours(15);
  cases.end = std::chrono::hours(21);
  cases.low_divisions = 3;
  cases.low_share = 0.6;
  cases.classes = {{"E05.06", 3}, {"E05.08", 1}};
  return cases;
}

DayPlanner planner(bool with_storm) {
  DayPlanInput input = test::plan_input();
  if (with_storm) {
    input.storm = test::loaded(Storm::create(storm_cases(), *input.vocabulary, input.cases_per_day));
    input.days.force(kDay, model::DayKind::Storm);
  }
  auto table = test::loaded(CourseTable::create(*input.vocabulary));
  return {std::move(input), std::move(table)};
}

TEST(Storm, brings_its_cases_beside_the_days_usual_ones) {
  const auto calm = planner(false).plan(kDay);
  const auto stormy = planner(true).plan(kDay);
  EXPECT_EQ(stormy.size(), calm.size() + 400);
  for (std::size_t i = 1; i < stormy.size(); ++i) {
    EXPECT_LE(stormy[i - 1].steps.front().at, stormy[i].steps.front().at);
    EXPECT_EQ(stormy[i].serial, i + 1);
  }
  const auto code = [&](const PlannedCase& one) { return test::shipped_vocabulary()->classes[one.class_index].code; };
  std::map<std::string, std::size_t> more;
  for (const auto& one : stormy) ++more[code(one)];
  for (const auto& one : calm) --more[code(one)];
  EXPECT_NEAR(static_cast<double>(more["E05.06"]), 300, 50);
  EXPECT_NEAR(static_cast<double>(more["E05.08"]), 100, 50);
}

TEST(Storm, rises_to_its_peak_and_falls_to_its_end) {
  const auto storm = test::loaded(Storm::create(storm_cases(), *test::shipped_vocabulary(), 570));
  std::array<int, 24> by_hour{};
  for (const base::LocalInstant at : storm.reported_at(kDay, base::Random(5))) {
    ++by_hour[static_cast<std::size_t>(std::chrono::floor<std::chrono::hours>(at - base::LocalInstant(kDay)).count())];
  }
  EXPECT_EQ(by_hour[11] + by_hour[21], 0);
  EXPECT_LT(by_hour[12], by_hour[14]);
  EXPECT_GT(by_hour[15], by_hour[20]);
  EXPECT_EQ(std::accumulate(by_hour.begin(), by_hour.end(), 0), 400);
}

TEST(Storm, is_as_large_as_the_district) {
  model::StormCases cases = storm_cases();
  cases.beside = 570;
  const auto count_of = [&](double cases_per_day) {
    const auto storm = test::loaded(Storm::create(cases, *test::shipped_vocabulary(), cases_per_day));
    return storm.reported_at(kDay, base::Random(5)).size();
  };
  EXPECT_EQ(count_of(570), 400u);
  EXPECT_EQ(count_of(57), 40u);
}

TEST(Storm, gathers_on_low_ground) {
  std::map<std::uint32_t, std::size_t> by_division;
  for (const auto& one : planner(true).plan(kDay)) {
    if (one.place) ++by_division[one.place->division.value];
  }
  std::vector<std::size_t> counts;
  for (const auto& [division, count] : by_division) counts.push_back(count);
  std::sort(counts.rbegin(), counts.rend());
  EXPECT_GT(counts[0] + counts[1] + counts[2], 200u) << "about 240 on three of 32 divisions; else 90";
}

TEST(Storm, leaves_every_other_day_as_it_was) {
  const base::LocalDays other = kDay + std::chrono::days(1);
  const auto calm = planner(false).plan(other);
  const auto after = planner(true).plan(other);
  ASSERT_EQ(calm.size(), after.size());
  for (std::size_t i = 0; i < calm.size(); ++i) {
    EXPECT_EQ(calm[i].class_index, after[i].class_index);
    EXPECT_EQ(calm[i].steps.front().at, after[i].steps.front().at);
  }
}

TEST(Storm, a_class_that_nobody_knows_is_named) {
  model::StormCases cases = storm_cases();
  cases.classes.push_back({"E99.99", 1});
  const auto storm = Storm::create(cases, *test::shipped_vocabulary(), 570);
  ASSERT_FALSE(storm.ok());
  EXPECT_NE(storm.error().message.find("E99.99"), std::string::npos);
}

}  // namespace
}  // namespace gridwall::sim
