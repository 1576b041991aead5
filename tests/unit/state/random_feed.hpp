// A feed of everything that the shipped lifecycle knows, in any order, with every fact that a step may carry: what a
// fold must take without losing count. For property tests.
#pragma once

#include <memory>
#include <vector>

#include "base/random.hpp"
#include "fixtures.hpp"
#include "model/district_rules.hpp"
#include "model/profile.hpp"

namespace gridwall::test {

struct ShippedDistrict {
  std::shared_ptr<const model::Vocabulary> vocabulary;
  std::shared_ptr<const model::DistrictRules> rules;
};

inline const ShippedDistrict& shipped_district() {
  static const ShippedDistrict kDistrict = [] {
    const std::filesystem::path config = GRIDWALL_SOURCE_DIR "/config";
    const auto profile = model::load_profile(config / "profiles" / "jiangyin-2019.toml").value();
    auto words = model::load_vocabulary(config).value();
    ShippedDistrict district;
    district.rules = model::load_district_rules(config, profile, words).value();
    district.vocabulary = std::make_shared<const model::Vocabulary>(std::move(words));
    return district;
  }();
  return kDistrict;
}

inline state::World shipped_world() {
  return state::World(small_tree(), shipped_district().vocabulary, shipped_district().rules);
}

inline void add_step_facts(model::IncidentFacts& facts, base::UtcTime now, base::Random& random) {
  constexpr const char* kLimits[] = {"", "2uh", "1d", "4h", "15um", "odd"};
  facts.limit = kLimits[random.next_below(std::size(kLimits))];
  if (random.next_below(6) == 0) facts.deadline = now + std::chrono::minutes(random.next_below(600));
  if (random.next_below(3) == 0) facts.reason = "wrong_department";
  if (random.next_below(2) == 0) facts.approved = random.next_below(3) != 0;
  if (random.next_below(2) == 0) facts.resume_at = now + std::chrono::minutes(random.next_below(3000));
  if (random.next_below(5) == 0) facts.solved_level = static_cast<int>(random.next_below(4));
  if (random.next_below(4) == 0) facts.satisfied = random.next_below(2) == 0;
  if (random.next_below(4) == 0) facts.condition = random.next_below(2) == 0 ? "1" : "2";
}

// Of what stands beside incidents. A key has one division, as the hub sees to.
inline model::SequencedEvent random_entry(base::UtcTime now, base::Random& random) {
  constexpr std::string_view kTypes[] = {model::kSiteStatus, model::kMetricValue, model::kTaskStep,
                                         model::kNoticePosted};
  constexpr const char* kStates[] = {"", "open", "red", "retired"};
  const auto kind = random.next_below(std::size(kTypes));
  const auto key = static_cast<std::uint32_t>(random.next_below(60));
  auto item = event(std::string(kTypes[kind]), fmt::format("entry-{}", key));
  model::RegisterFacts& facts = item.event.entry.emplace();
  facts.kind = static_cast<model::RegisterKind>(kind);
  facts.table = fmt::format("table{}", key % 5);
  facts.state = kStates[random.next_below(std::size(kStates))];
  facts.step = fmt::format("step{}", random.next_below(4));
  if (random.next_below(3) != 0) {
    facts.value_milli = static_cast<std::int64_t>(random.next_below(9'000'000));
    facts.period = fmt::format("2026-{:02}", 1 + random.next_below(12));
  }
  if (random.next_below(3) == 0) facts.of_milli = static_cast<std::int64_t>(random.next_below(9'000'000));
  if (random.next_below(3) == 0) facts.due_at = now + std::chrono::minutes(random.next_below(600));
  if (random.next_below(4) == 0) facts.checked = {"a", "b"};
  if (random.next_below(4) == 0) facts.radius_m = 500;
  if (facts.kind == model::RegisterKind::Notice) facts.text = "notice";
  item.time(now);
  const std::uint32_t division = (key * 4 + static_cast<std::uint32_t>(kind)) % 21;
  if (key % 3 == 0) return item.tray(division);
  return item.in(division).point({500000 + random.next_between(-4000, 4000), 3500000});
}

// Most stamps are those of the moment, some are late and some run ahead.
inline std::vector<model::SequencedEvent> random_walks(std::uint64_t seed, int count) {
  const auto& vocabulary = *shipped_district().vocabulary;
  constexpr const char* kDepartments[] = {"", "chengguan", "shizheng"};
  constexpr const char* kChannels[] = {"", "hotline", "collector"};
  base::Random random(seed);
  std::vector<model::SequencedEvent> feed;
  auto now = at("2026-03-02T20:00:00+08:00");
  for (int i = 0; i < count; ++i) {
    now += std::chrono::seconds(random.next_below(900));
    if (random.next_below(10) == 0) {
      feed.push_back(random_entry(now, random));
      feed.back().sequence = static_cast<std::uint64_t>(i) + 1;
      continue;
    }
    const auto& row = vocabulary.lifecycle[random.next_below(vocabulary.lifecycle.size())];
    auto item = event(row.type, std::to_string(random.next_below(150)));
    const auto skew = random.next_below(5) == 0 ? static_cast<std::int64_t>(random.next_below(5000)) - 4000 : 0;
    item.time(now + std::chrono::minutes(skew)).heard(now);
    if (random.next_below(3) == 0) item.of_class(vocabulary.classes[random.next_below(vocabulary.classes.size())].code);
    item.by(kChannels[random.next_below(std::size(kChannels))]);
    item.event.incident.department = kDepartments[random.next_below(std::size(kDepartments))];
    add_step_facts(item.event.incident, now, random);
    const auto division = static_cast<std::uint32_t>(random.next_below(21));
    switch (random.next_below(6)) {
      case 0:
        item.tray(division);
        break;
      case 1:
        item.in(division);
        break;
      case 2:
        item.in(division).point({500000 + random.next_between(-4000, 4000), 3500000});
        break;
      default:
        break;
    }
    item.sequence = static_cast<std::uint64_t>(i) + 1;
    feed.push_back(item);
  }
  return feed;
}

// The same with what alert watches look for: reports that come in heaps (floods among them), quiet weeks and alerts of
// others that are raised, raised again, cleared and left to expire.
inline std::vector<model::SequencedEvent> stormy_walks(std::uint64_t seed, int count) {
  constexpr const char* kClasses[] = {"E05.06", "E05.07", "E01.10"};
  base::Random random(seed * 31 + 7);
  std::vector<model::SequencedEvent> feed;
  int heap_count = 0;
  base::Duration quiet{};
  for (model::SequencedEvent& event_of_walk : random_walks(seed, count)) {
    if (random.next_below(700) == 0) quiet += std::chrono::days(9);
    event_of_walk.state_time += quiet;
    event_of_walk.event.occurred_at += quiet;
    feed.push_back(event_of_walk);
    const base::UtcTime now = event_of_walk.state_time;
    if (random.next_below(60) == 0) {
      const auto division = static_cast<std::uint32_t>(random.next_below(21));
      const char* class_code = kClasses[random.next_below(std::size(kClasses))];
      const auto size = 2 + static_cast<int>(random.next_below(14));
      for (int i = 0; i < size; ++i) {
        auto item = event("incident.reported", fmt::format("heap-{}-{}", heap_count, i));
        feed.push_back(item.time(now).in(division).of_class(class_code));
      }
      ++heap_count;
    }
    if (random.next_below(40) != 0) continue;
    model::AlertFacts facts;
    facts.alert_id = fmt::format("cap-{}", random.next_below(12));
    facts.category = random.next_below(2) == 0 ? "Met" : "Fire";
    facts.name = "name";
    facts.headline = "headline";
    facts.severity = static_cast<model::Severity>(1 + random.next_below(4));
    facts.status = random.next_below(4) == 0 ? model::AlertStatus::Exercise : model::AlertStatus::Actual;
    if (random.next_below(2) == 0) facts.expires_at = now + std::chrono::minutes(random.next_below(600));
    auto item = event(random.next_below(3) == 0 ? "alert.cleared" : "alert.raised", facts.alert_id);
    item.time(now).in(static_cast<std::uint32_t>(random.next_below(21)));
    item.event.alert = facts;
    feed.push_back(item);
  }
  for (std::size_t i = 0; i < feed.size(); ++i) feed[i].sequence = i + 1;
  return feed;
}

}  // namespace gridwall::test
