// Ways of one system alone: how much goes each of them, and what a wrong word says.
#include "sim/own_ways.hpp"

#include <gtest/gtest.h>

#include <map>

#include "fixtures.hpp"

namespace gridwall::sim {
namespace {

const base::LocalDays kDay = test::day_of("2026-03-02T12:00:00+08:00");
const std::vector<model::LevelSpec> kLevels{{"区", "district", "admin"}, {"镇", "town", "admin"}, {"格", "grid", "x"}};

base::Result<OwnWays> ways_of(const std::vector<model::SimulatedWay>& ways) {
  return OwnWays::create(ways, kLevels, *test::shipped_vocabulary(), test::shipped_departments());
}

TEST(OwnWays, a_share_of_the_cases_goes_each_way) {
  model::SimulatedWay whistle;
  whistle.share = 0.25;
  whistle.channel = "leader";
  whistle.classes = {"E05.06"};
  whistle.departments = {"shuiwu"};
  model::SimulatedWay from_above;
  from_above.share = 0.1;
  from_above.level = "镇";
  DayPlanInput input = test::plan_input(3, 3000);
  input.ways = test::loaded(ways_of({whistle, from_above}));
  const auto usual = test::planner(test::plan_input(3, 3000)).plan(kDay);
  const auto cases = test::planner(input).plan(kDay);
  ASSERT_EQ(cases.size(), usual.size());
  const auto count_if = [](const std::vector<PlannedCase>& in, auto&& holds) {
    return static_cast<double>(std::count_if(in.begin(), in.end(), holds)) / static_cast<double>(in.size());
  };
  const auto& vocabulary = *test::shipped_vocabulary();
  const auto by_whistle = [&](const PlannedCase& one) {
    return vocabulary.channels[one.channel_index].id == "leader" &&
           vocabulary.classes[one.class_index].code == "E05.06";
  };
  EXPECT_NEAR(count_if(cases, by_whistle) - count_if(usual, by_whistle), 0.25, 0.03);
  const auto of_a_town = [&](const PlannedCase& one) {
    return !one.place && input.tree->at(one.named_division).level_index == 1;
  };
  EXPECT_GT(count_if(cases, of_a_town) - count_if(usual, of_a_town), 0.05);
  // Who handles it first, of those that were dispatched.
  for (const PlannedCase& one : cases) {
    if (!by_whistle(one)) continue;
    std::map<std::string, int> held;
    for (const CourseStep& step : one.steps) {
      if (step.kind == StepKind::Handled) ++held[test::shipped_departments().all[*step.department].id];
    }
    for (const auto& [department, count] : held) EXPECT_EQ(department, "shuiwu") << count;
  }
}

TEST(OwnWays, a_word_that_is_not_known_is_named) {
  const auto fault_of = [](auto&& change) {
    model::SimulatedWay way;
    way.share = 0.1;
    change(way);
    const auto ways = ways_of({way});
    return ways.ok() ? std::string("no fault") : ways.error().message;
  };
  const auto names = [](const std::string& message, std::string_view word) {
    return message.find(word) != std::string::npos && message.find("[simulation] way") != std::string::npos;
  };
  EXPECT_PRED2(names, fault_of([](auto& way) { way.channel = "pigeon"; }), "pigeon");
  EXPECT_PRED2(names, fault_of([](auto& way) { way.classes = {"Z99"}; }), "Z99");
  EXPECT_PRED2(names, fault_of([](auto& way) { way.departments = {"nobody"}; }), "nobody");
  EXPECT_PRED2(names, fault_of([](auto& way) { way.level = "省"; }), "省");
}

}  // namespace
}  // namespace gridwall::sim
