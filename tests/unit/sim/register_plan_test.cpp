#include "sim/register_plan.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "fixtures.hpp"
#include "model/profile.hpp"

namespace gridwall::test {
namespace {

using Standing = std::map<std::string, model::Event>;

const base::UtcTime kNow = at("2026-11-22T14:00:00+08:00");

const std::vector<std::string>& profile_ids() {
  static const std::vector<std::string> ids{"jiangyin-2019", "jiangyin", "lianyuan", "lufeng", "qingjiangpu", "wujin"};
  return ids;
}

model::Profile shipped_profile(const std::string& id) {
  return loaded(model::load_profile(std::filesystem::path(GRIDWALL_SOURCE_DIR "/config/profiles") / (id + ".toml")));
}

sim::RegisterPlan plan_of(const std::string& id, std::uint64_t seed = 1) {
  const sim::DayPlanInput cases = plan_input();
  sim::RegisterPlanInput input;
  input.profile_id = id;
  input.tree = cases.tree;
  input.tables = shipped_profile(id).tables;
  input.departments = shipped_departments();
  input.zone = zone();
  input.seed = seed;
  input.to_lonlat = to_lonlat;
  return sim::RegisterPlan(input);
}

void take(Standing& standing, const model::Event& event) {
  if (event.entry->state == model::kRetired) {
    standing.erase(event.incident.incident_id);
  } else {
    standing[event.incident.incident_id] = event;
  }
}
Standing standing_of(const sim::RegisterPlan& plan, base::UtcTime at) {
  Standing found;
  for (const auto& event : plan.standing(at)) take(found, event);
  return found;
}
std::size_t count_of(const Standing& standing, model::RegisterKind kind, const std::string& table) {
  return static_cast<std::size_t>(std::count_if(standing.begin(), standing.end(), [&](const auto& item) {
    return item.second.entry->kind == kind && item.second.entry->table == table;
  }));
}

TEST(RegisterPlan, the_same_seed_tells_the_same_day_and_another_seed_another) {
  const auto day = day_of("2026-11-22T00:00:00+08:00");
  EXPECT_EQ(plan_of("qingjiangpu").events_of(day), plan_of("qingjiangpu").events_of(day));
  EXPECT_NE(plan_of("qingjiangpu").events_of(day), plan_of("qingjiangpu", 2).events_of(day));
}

TEST(RegisterPlan, there_are_as_many_of_each_as_the_profile_says) {
  const Standing qingjiangpu = standing_of(plan_of("qingjiangpu"), kNow);
  EXPECT_EQ(count_of(qingjiangpu, model::RegisterKind::Task, "tasks"), 43u);
  EXPECT_EQ(count_of(qingjiangpu, model::RegisterKind::Site, "command"), 131u);
  EXPECT_EQ(count_of(qingjiangpu, model::RegisterKind::Site, "good_neighbour"), 27u);
  const Standing jiangyin = standing_of(plan_of("jiangyin"), kNow);
  EXPECT_EQ(count_of(jiangyin, model::RegisterKind::Task, "projects"), 109u);
  EXPECT_EQ(count_of(jiangyin, model::RegisterKind::Metric, "sources"), 50u);
  EXPECT_EQ(count_of(standing_of(plan_of("jiangyin-2019"), kNow), model::RegisterKind::Metric, "analysis"), 2600u);
  EXPECT_EQ(count_of(standing_of(plan_of("lianyuan"), kNow), model::RegisterKind::Metric, "pairs"), 82u * 4u);
}

TEST(RegisterPlan, what_are_homes_is_counted_by_division_and_has_no_point) {
  for (const std::string& id : profile_ids()) {
    const Standing standing = standing_of(plan_of(id), kNow);
    for (const auto& site : shipped_profile(id).tables.sites) {
      if (!site.counts_only) continue;
      std::int64_t sum = 0;
      for (const auto& [key, event] : standing) {
        if (event.entry->table != site.id) continue;
        EXPECT_FALSE(event.incident.point) << key;
        sum += event.entry->value_milli.value_or(0);
      }
      EXPECT_EQ(sum, static_cast<std::int64_t>(site.count.value_or(0)) * 1000) << id << ' ' << site.id;
    }
  }
}

// The level of the entries of a table, which is one and the same; -1: there are none.
int level_of(const Standing& standing, const std::string& table, std::size_t& count) {
  const auto tree = plan_input().tree;
  std::set<int> levels;
  std::set<std::string> divisions;
  for (const auto& [key, event] : standing) {
    const bool is_one = event.entry->table == table && event.entry->kind == model::RegisterKind::Metric;
    const auto division = tree->find(event.incident.division_code);
    if (!is_one || division == tree->root()) continue;
    levels.insert(static_cast<int>(tree->at(division).level_index));
    EXPECT_TRUE(divisions.insert(event.incident.division_code).second) << table << ": told twice of one division";
    EXPECT_TRUE(event.entry->value_milli) << key;
  }
  count = divisions.size();
  EXPECT_LE(levels.size(), 1u) << table;
  return levels.empty() ? -1 : *levels.begin();
}

TEST(RegisterPlan, each_layer_that_colours_divisions_has_a_number_of_each_of_them) {
  for (const std::string& id : profile_ids()) {
    const model::ProfileTables tables = shipped_profile(id).tables;
    const Standing standing = standing_of(plan_of(id), kNow);
    for (const model::LayerSpec& layer : tables.layers) {
      if (layer.kind != "choropleth") continue;
      std::size_t count = 0;
      const int level = level_of(standing, layer.figure.empty() ? layer.id : layer.figure, count);
      ASSERT_GE(level, 0) << id << ' ' << layer.id;
      const auto tree = plan_input().tree;
      EXPECT_EQ(count, tree->levels()[static_cast<std::size_t>(level)].divisions.size()) << id << ' ' << layer.id;
    }
  }
}

TEST(RegisterPlan, a_number_out_of_a_norm_is_whole_and_not_above_it) {
  sim::RegisterPlanInput input;
  input.profile_id = "jiangyin";
  input.tree = plan_input().tree;
  input.tables = shipped_profile("jiangyin").tables;
  input.departments = shipped_departments();
  input.zone = zone();
  for (model::FigureSpec& figure : input.tables.figures) {
    if (figure.id == "micro_staff") figure.number = 20;
  }
  const Standing standing = standing_of(sim::RegisterPlan(input), kNow);
  std::size_t below = 0, told = 0;
  for (const auto& [key, event] : standing) {
    if (event.entry->table != "micro_staff") continue;
    ++told;
    ASSERT_TRUE(event.entry->of_milli) << key;
    EXPECT_EQ(*event.entry->of_milli % 20'000, 0) << "the norm for each micro-grid";
    EXPECT_EQ(*event.entry->value_milli % 1'000, 0) << "people are whole";
    EXPECT_LE(*event.entry->value_milli, *event.entry->of_milli);
    below += *event.entry->value_milli < *event.entry->of_milli ? 1u : 0u;
  }
  EXPECT_GT(told, 0u);
  EXPECT_GT(below, told / 3);
  EXPECT_LT(below, told);
}

TEST(RegisterPlan, what_stands_is_what_the_days_before_have_told) {
  const sim::RegisterPlan plan = plan_of("lufeng");
  Standing told;
  for (auto day = zone().day_of(kNow) - std::chrono::days(400); day <= zone().day_of(kNow);
       day += std::chrono::days(1)) {
    for (const auto& event : plan.events_of(day)) {
      if (event.occurred_at <= kNow) take(told, event);
    }
  }
  const Standing standing = standing_of(plan, kNow);
  ASSERT_EQ(standing.size(), told.size());
  for (const auto& [key, event] : told) {
    ASSERT_TRUE(standing.count(key)) << key;
    EXPECT_EQ(standing.at(key).entry, event.entry) << key;
  }
}

bool is_word(const std::string& text) {
  return text.size() <= 40 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
         });
}

TEST(RegisterPlan, every_event_is_simulated_in_order_of_time_and_made_of_words) {
  for (const std::string& id : profile_ids()) {
    const sim::RegisterPlan plan = plan_of(id);
    std::set<std::string> event_ids;
    std::map<std::string, std::string> division_by_key;
    base::UtcTime before{};
    for (int i = 0; i < 35; ++i) {
      for (const auto& event : plan.events_of(zone().day_of(kNow) + std::chrono::days(i))) {
        ASSERT_GE(event.occurred_at, before);
        before = event.occurred_at;
        EXPECT_EQ(event.source, "/gridwall/simulator/" + id);
        EXPECT_TRUE(event_ids.insert(event.id).second) << event.id;
        EXPECT_LE(event.incident.incident_id.size(), 64u);
        const auto [known, is_new] =
            division_by_key.try_emplace(event.incident.incident_id, event.incident.division_code);
        EXPECT_EQ(known->second, event.incident.division_code);
        for (const auto* word : {&event.entry->table, &event.entry->entity, &event.entry->column, &event.entry->state,
                                 &event.entry->tier, &event.entry->step}) {
          EXPECT_TRUE(is_word(*word)) << *word;
        }
      }
    }
  }
}

TEST(RegisterPlan, a_start_tells_some_thousands_and_no_moment_more_than_a_few_a_second) {
  for (const std::string& id : profile_ids()) {
    const sim::RegisterPlan plan = plan_of(id);
    EXPECT_LE(plan.standing(kNow).size(), 12'000u) << id;
    std::map<std::int64_t, int> by_minute;  // a second of a wall at the usual rate of 60
    for (const auto& event : plan.events_of(day_of("2026-12-01T12:00:00+08:00"))) {
      ++by_minute[std::chrono::floor<std::chrono::minutes>(event.occurred_at).time_since_epoch().count()];
    }
    for (const auto& [minute, count] : by_minute) ASSERT_LE(count, 30) << id;
  }
}

sim::Simulator simulator_with_register() {
  sim::SimulatorSpec spec{"wujin", plan_input(), to_lonlat};
  spec.registers = std::make_shared<const sim::RegisterPlan>(plan_of("wujin"));
  return loaded(sim::Simulator::create(std::move(spec)));
}

TEST(RegisterPlan, a_simulator_tells_it_among_its_cases_however_time_is_cut) {
  sim::Simulator whole = simulator_with_register(), cut = simulator_with_register();
  EXPECT_EQ(whole.begin(kNow), cut.begin(kNow));
  const base::UtcTime end = kNow + std::chrono::hours(40);
  const auto events = whole.advance(end);
  std::vector<model::Event> pieces;
  for (base::UtcTime to = kNow; to < end;) {
    to = std::min(end, to + std::chrono::minutes(37));
    for (auto& event : cut.advance(to)) pieces.push_back(std::move(event));
  }
  EXPECT_EQ(events, pieces);
  const auto entries = std::count_if(events.begin(), events.end(), [](const auto& one) { return bool(one.entry); });
  EXPECT_GT(entries, 20);
  EXPECT_GT(static_cast<std::ptrdiff_t>(events.size()), entries);
}

TEST(RegisterPlan, an_exercise_says_so_in_every_event) {
  sim::RegisterPlanInput input;
  input.profile_id = "wujin";
  input.tree = plan_input().tree;
  input.tables = shipped_profile("wujin").tables;
  input.departments = shipped_departments();
  input.zone = zone();
  input.exercise = true;
  const sim::RegisterPlan plan(input);
  for (const auto& event : plan.standing(kNow)) ASSERT_TRUE(event.entry->exercise);
}

}  // namespace
}  // namespace gridwall::test
