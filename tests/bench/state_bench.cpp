// How fast the fold takes events, and what a snapshot costs, at 20,000 and 200,000 incidents in a district of four
// levels. Prints one line a case. Usage: state_bench [EVENTS]
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "base/random.hpp"
#include "state/world.hpp"
#include "support/small_tree.hpp"

namespace gridwall {
namespace {

using Seconds = std::chrono::duration<double>;

model::Vocabulary vocabulary() {
  model::Vocabulary words;
  words.classes = {{"E01.10", "", "", model::Severity::Minor, 1, false, true}};
  words.lifecycle = {{"incident.reported", {}, model::CaseState::Reported, "", ""},
                     {"incident.filed", {model::CaseState::Reported}, model::CaseState::Filed, "", ""},
                     {"incident.closed", {model::CaseState::Filed}, model::CaseState::Closed, "", ""}};
  return words;
}

std::vector<model::SequencedEvent> feed(const model::DivisionTree& tree, std::size_t incident_count,
                                        std::size_t event_count) {
  constexpr const char* kTypes[] = {"incident.filed", "incident.closed"};
  const model::Range leaves = tree.levels().back().divisions;
  base::Random random(1);
  std::vector<model::SequencedEvent> events(incident_count + event_count);
  const auto noon = base::UtcTime(std::chrono::hours(24 * 20000 + 4));
  for (std::size_t i = 0; i < events.size(); ++i) {
    const bool creates = i < incident_count;
    const std::size_t incident = creates ? i : random.next_below(incident_count);
    auto& event = events[i];
    event.event.type = creates ? "incident.reported" : kTypes[random.next_below(2)];
    event.event.incident.incident_id = fmt::format("261122{:06}", incident);
    event.event.incident.class_code = "E01.10";
    event.event.incident.channel = "collector";
    event.event.occurred_at = event.state_time = noon + std::chrono::microseconds(i);
    event.division = {leaves.begin + static_cast<std::uint32_t>(incident % leaves.size())};
    event.point_world = base::Vec2d{500000, 3500000};
    event.sequence = i + 1;
  }
  return events;
}

void measure(std::size_t incident_count, std::size_t event_count) {
  const auto tree = test::small_tree({.splits = {4, 4, 4, 1}});  // 16, 256, 4,096 and 4,096 below the root
  state::World world(tree, vocabulary(), std::chrono::minutes(480));
  const auto events = feed(*tree, incident_count, event_count);
  const auto now = [] { return std::chrono::steady_clock::now(); };
  auto started = now();
  world.apply(std::span(events).first(incident_count));
  const Seconds creating = now() - started;
  (void)world.freeze();

  constexpr std::size_t kPerFrame = 100;  // 6,000 events a second at 60 frames a second
  Seconds applying{}, freezing{}, freezing_max{};
  std::size_t freeze_count = 0;
  for (std::size_t begin = incident_count; begin + kPerFrame <= events.size(); begin += kPerFrame) {
    started = now();
    world.apply(std::span(events).subspan(begin, kPerFrame));
    const auto applied = now();
    const auto snapshot = world.freeze();
    const Seconds frozen = now() - applied;
    applying += applied - started;
    freezing += frozen;
    freezing_max = std::max(freezing_max, frozen);
    ++freeze_count;
  }
  std::printf("incidents=%zu divisions=%zu create_events_per_s=%.0f apply_events_per_s=%.0f freeze_mean_us=%.1f "
              "freeze_max_us=%.1f\n",
              incident_count, tree->divisions().size(), static_cast<double>(incident_count) / creating.count(),
              static_cast<double>(freeze_count * kPerFrame) / applying.count(),
              1e6 * freezing.count() / static_cast<double>(freeze_count), 1e6 * freezing_max.count());
}

}  // namespace
}  // namespace gridwall

int main(int argc, char** argv) {
  const std::size_t event_count = argc > 1 ? static_cast<std::size_t>(std::strtoull(argv[1], nullptr, 10)) : 100'000;
  gridwall::measure(20'000, event_count);
  gridwall::measure(200'000, event_count);
  return 0;
}
