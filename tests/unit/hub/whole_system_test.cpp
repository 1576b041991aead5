// Goal: whatever networks, disks, clocks and processes do, nothing acknowledged is lost or doubled, and no wall shows
// what the hub does not have. Method: one seed drives a hub (the real intake, ledger, journal and sync fold, over a
// disk that fails and machines that lose power), publishers that send everything again, desks, and walls of several
// prefixes with a real fold; a model that sees everything (whole_system_truth) checks each step.
// GRIDWALL_SIM_SEED=n repeats one seed, GRIDWALL_SYSTEM_SIM_COUNT=n runs more (half a second each).
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "base/log.hpp"
#include "geo/transform.hpp"
#include "intake_support.hpp"
#include "support/temp_folder.hpp"
#include "whole_system_clients.hpp"
#include "whole_system_hub.hpp"
#include "whole_system_wall.hpp"
#include "wire/topics.hpp"

namespace gridwall::hub {
namespace {

using base::Duration;
using std::chrono::milliseconds;
using std::chrono::seconds;
using Fault = test::FaultyDisk::Fault;

constexpr std::uint64_t kShards = 8;  // so that they run side by side
constexpr std::uint64_t kSeedsByDefault = 48;
constexpr std::size_t kFeedQueueMax = 200;  // of a wall that does not read
constexpr std::size_t kWallCountMax = 6;

// What all seeds share; none of it changes.
struct District {
  // Every start of a hub makes transforms: PROJ needs a hundred times as long for a system with a number.
  std::shared_ptr<const model::DivisionTree> tree = test::small_tree({.world_crs = geo::gauss_kruger_crs(120)});
  std::shared_ptr<const model::DistrictRules> rules = test::plain_rules(true);
  std::shared_ptr<const model::Vocabulary> vocabulary;
  geo::EventResolver resolver = std::move(geo::EventResolver::create(tree)).value();

  District() {
    model::Vocabulary words = *test::small_vocabulary();
    words.lifecycle = model::load_lifecycle(GRIDWALL_SOURCE_DIR "/config/lifecycle.toml").value();
    vocabulary = std::make_shared<const model::Vocabulary>(std::move(words));
  }
  [[nodiscard]] LedgerOptions ledger() const { return {tree, vocabulary, rules, {}, 1}; }
};
const District& district() {
  static const District one;
  return one;
}

std::filesystem::path folder_of(std::uint64_t seed) {
  return test::process_folder() / fmt::format("gridwall-system-{}", seed);
}

// What a run came through, so that a simulation in which nothing happens is noticed.
struct Seen {
  std::uint64_t told = 0, acknowledged = 0, moved = 0, failures = 0, proofs = 0, kills = 0;
};

class WholeSystem {
 public:
  explicit WholeSystem(std::uint64_t seed)
      : m_random(seed),
        m_folder(folder_of(seed)),
        m_disk(m_folder, m_random),
        m_truth(m_folder, std::move(Ledger::create(district().ledger())).value()) {
    std::filesystem::remove_all(m_folder);
    make_walls();
    make_clients();
    m_hub = std::make_unique<SimulatedHub>(hub_options(), doors(), m_truth, m_disk, m_random);
    EXPECT_TRUE(m_hub->start(m_time));
  }
  ~WholeSystem() {
    m_hub.reset();
    m_disk.revive();
    std::filesystem::remove_all(m_folder);
  }

  Seen run() {
    const std::uint64_t phase_count = 3 + m_random.next_below(4);
    for (std::uint64_t i = 0; i < phase_count && !testing::Test::HasFailure(); ++i) {
      m_weather = some_weather();
      disturb();
      run_for(milliseconds(500 + m_random.next_below(5000)));
      if (m_random.next_below(4) == 0) calm_down_and_check();
    }
    calm_down_and_check();
    m_seen.told = m_truth.told_count();
    m_seen.acknowledged = m_truth.acknowledged_count();
    m_seen.moved = m_truth.moved_count();
    m_seen.failures = m_hub->failure_count();
    for (const auto& wall : m_walls) m_seen.proofs += wall->proof_count();
    return m_seen;
  }

 private:
  void make_walls() {
    const auto& divisions = district().tree->divisions();
    const std::size_t count = 2 + m_random.next_below(kWallCountMax - 1);
    for (std::size_t i = 0; i < count; ++i) {
      const std::string path(divisions[i == 0 ? 0 : m_random.next_below(divisions.size())].path);
      m_walls.push_back(std::make_unique<SimulatedWall>(
          SimWallOptions{path, district().tree, district().vocabulary, district().rules}, fmt::format("wall {}", i),
          district().resolver, m_truth, m_random));
    }
  }

  void make_clients() {
    for (const auto& [kind, name] : {std::pair(ClientKind::Publisher, "city"), std::pair(ClientKind::Publisher, "app"),
                                     std::pair(ClientKind::Desk, "desk"), std::pair(ClientKind::Stranger, "viewer")}) {
      m_clients.push_back(std::make_unique<SimulatedClient>(kind, name, *district().tree, m_random));
    }
    m_truth.note_refusable("viewer");
  }

  SimHubOptions hub_options() {
    SimHubOptions options;
    options.ledger = district().ledger();
    options.folder = m_folder;
    options.sync.ring_bytes_max = 20'000 + m_random.next_below(200'000);
    options.sync.snapshot_bytes_max = 40'000 + m_random.next_below(200'000);
    options.sync.one_snapshot_bytes_max = options.sync.snapshot_bytes_max;
    options.sync.tickets_max = 2 + m_random.next_below(8);
    options.rights = {
        {"city", {true, false}}, {"app", {true, false}}, {"desk", {false, true}}, {"viewer", {false, false}}};
    options.keyframe_events = 30 + m_random.next_below(300);
    options.clock_rate = m_random.next_below(2) == 0 ? 1 : static_cast<int>(m_random.next_below(3600));
    std::set<std::string> prefixes;
    for (const auto& wall : m_walls) prefixes.insert(wall->prefixes().begin(), wall->prefixes().end());
    options.prefixes.assign(prefixes.begin(), prefixes.end());
    return options;
  }

  SimulatedHub::Doors doors() {
    SimulatedHub::Doors doors;
    doors.feed = [this](FeedOutPointer out) { send_feed(std::move(out)); };
    doors.answer = [this](const feed::Request& request, std::string payload) {
      for (auto& one : m_clients) {
        if (one->name() != request.client()) continue;
        one->down.send(std::move(payload), m_time, m_weather.request_delay, m_weather, m_weather.request_loss,
                       m_random);
        return;
      }
    };
    doors.sync = [this](const wire::SyncServer::Outgoing& outgoing) {
      for (auto& wall : m_walls) {
        if (wall->client != outgoing.client) continue;
        wall->sync_down.send(outgoing.parts, m_time, m_weather.sync_delay, m_weather, m_weather.sync_loss, m_random);
      }
    };
    return doors;
  }

  void send_feed(FeedOutPointer out) {
    for (auto& wall : m_walls) {
      const bool apart = !out->is_event && m_weather.heartbeats_apart;
      auto& channel = apart ? wall->heartbeats : wall->feed;
      // ZeroMQ drops in silence what a peer's queue does not hold.
      if (!wall->follows(*out) || channel.size() >= kFeedQueueMax) continue;
      channel.send(out, m_time, apart ? m_weather.heartbeat_delay : m_weather.delay, m_weather, m_weather.feed_loss,
                   m_random);
    }
  }

  Weather some_weather() {
    Weather weather;
    if (m_random.next_below(2) == 0) weather.feed_loss = m_random.next_between(0, 0.2);
    if (m_random.next_below(2) == 0) weather.sync_loss = m_random.next_between(0, 0.3);
    if (m_random.next_below(2) == 0) weather.request_loss = m_random.next_between(0, 0.3);
    if (m_random.next_below(2) == 0) weather.duplication = m_random.next_between(0, 0.3);
    if (m_random.next_below(3) == 0) weather.delay = milliseconds(m_random.next_below(4000));
    if (m_random.next_below(3) == 0) weather.sync_delay = milliseconds(m_random.next_below(1500));
    if (m_random.next_below(3) == 0) weather.request_delay = milliseconds(m_random.next_below(1500));
    if (m_random.next_below(2) == 0) weather.jitter = milliseconds(m_random.next_below(300));
    // Heartbeats overtake events, or events overtake them.
    weather.heartbeats_apart = m_random.next_below(4) == 0;
    if (m_random.next_below(2) == 0) weather.heartbeat_delay = weather.delay + milliseconds(m_random.next_below(400));
    weather.slow_state = m_random.next_below(5) == 0;
    weather.sync_turns = m_random.next_below(3) == 0 ? 0.02 : m_random.next_between(0.1, 1);
    weather.journal_turns = m_random.next_below(3) == 0 ? 0.01 : m_random.next_between(0.05, 1);
    weather.event_rate = m_random.next_below(3) == 0 ? 0.2 : m_random.next_between(0, 0.1);
    return weather;
  }

  void disturb() {
    disturb_disk();
    disturb_hub();
    for (auto& wall : m_walls) {
      switch (m_random.next_below(8)) {
        case 0:
          wall->reads_from = m_time + seconds(m_random.next_below(10));
          break;
        case 1:
          if (m_random.next_below(2) == 0 && m_hub->alive()) m_hub->drop_sync_client(wall->client);
          wall->start(m_time + milliseconds(m_random.next_below(3000)));
          break;
        case 2:
          wall->corrupt(m_time);
          break;
        default:
          break;
      }
    }
  }

  // While the folder is no place for a file, the journal's probe fails too.
  void disturb_disk() {
    const Fault faults[] = {Fault::None, Fault::None,       Fault::None,      Fault::None,
                            Fault::Full, Fault::WriteFails, Fault::SyncFails, Fault::ReadFails};
    set_fault(faults[m_random.next_below(std::size(faults))], m_random.next_below(2) == 0);
  }
  void set_fault(Fault fault, bool probe_too) {
    m_disk.set_fault(fault);
    std::error_code ignored;
    std::filesystem::remove(m_folder / ".probe", ignored);
    if (fault != Fault::None && probe_too) std::filesystem::create_directories(m_folder / ".probe", ignored);
  }

  void disturb_hub() {
    if (!m_hub->alive()) return;
    switch (m_random.next_below(8)) {
      case 0:
      case 1:
        ++m_seen.kills;
        m_hub->kill(m_random.next_below(2) == 0);
        break;
      case 2:
        m_disk.die_after(1 + m_random.next_below(200));
        break;
      case 3:
        m_hub->stop(m_time);
        m_disk.revive();
        break;
      case 4:
        m_hub_turns_from = m_time + milliseconds(m_random.next_below(4000));
        break;
      case 5:
        jump_clock();
        break;
      default:
        break;
    }
    m_start_at = m_time + milliseconds(m_random.next_below(3) == 0 ? 100 : m_random.next_below(4000));
  }

  void jump_clock() {
    Duration by = seconds(m_random.next_below(200'000)) - seconds(100'000);
    if (m_random.next_below(4) == 0) {
      m_truth.note_long_jump();
      by = m_random.next_below(2) == 0 ? std::chrono::days(35) : -std::chrono::days(35);
    }
    m_hub->jump_clock(by);
  }

  void run_for(Duration span) {
    const Duration end = m_time + span;
    while (m_time < end && !testing::Test::HasFailure()) {
      m_time += kSimStep;
      turn_hub();
      for (auto& one : m_clients) one->step(m_time, m_hub->utc(m_time), m_weather, m_clients_begin);
      for (auto& wall : m_walls) {
        if (m_time >= wall->reads_from) wall->step(m_time, m_weather);
      }
    }
  }

  void turn_hub() {
    if (!m_hub->alive() && m_time >= m_start_at && !m_hub->start(m_time)) m_start_at = m_time + seconds(1);
    if (m_hub->alive() && m_time >= m_hub_turns_from) {
      for (auto& one : m_clients) {
        while (const auto request = one->up.receive(m_time)) m_hub->on_request(*request, m_time);
      }
      for (auto& wall : m_walls) {
        while (const auto ask = wall->sync_up.receive(m_time)) m_hub->on_sync_ask(wall->client, *ask, m_time);
      }
      ping();
      m_hub->step(m_time, m_weather);
    }
    if (m_hub->alive()) return;
    // What was on its way to a process that is gone is lost.
    for (auto& wall : m_walls) wall->sync_up.clear();
  }

  // Another connection: its delays are its own, and differ by direction.
  void ping() {
    if (m_time % milliseconds(500) != Duration::zero()) return;
    for (auto& wall : m_walls) {
      if (m_random.next_unit() < m_weather.feed_loss || m_time < wall->reads_from) continue;
      const auto there = milliseconds(m_random.next_below(400)), back = milliseconds(m_random.next_below(400));
      wall->on_pong(m_time, there, back, m_hub->mono(m_time), m_hub->ledger().sequencer().epoch());
    }
  }

  // After faults end, all converges in a bounded time.
  void calm_down_and_check() {
    m_weather = {};
    m_weather.event_rate = m_random.next_below(2) == 0 ? 0 : 0.02;
    set_fault(Fault::None, false);
    run_for(seconds(25));
    if (testing::Test::HasFailure()) return;
    ASSERT_TRUE(m_hub->alive());
    for (const auto& wall : m_walls) {
      EXPECT_EQ(wall->status().state, model::FeedState::Live) << wall->prefixes()[0] << " in good weather";
      EXPECT_EQ(wall->status().epoch, m_truth.epoch());
    }
    m_clients_begin = false;
    run_for(seconds(3));
    m_clients_begin = true;
    check_rest();
  }

  void check_rest() {
    m_truth.check_disk();
    for (const auto& one : m_clients) {
      EXPECT_EQ(one->open_count(), 0u) << one->name() << " still waits for answers";
      EXPECT_EQ(one->stranger_accepted_count(), 0u);
    }
    Ledger& ledger = m_hub->ledger();
    for (const auto& wall : m_walls) {
      EXPECT_EQ(wall->status().state, model::FeedState::Live) << wall->prefixes()[0] << " when all is quiet";
      wall->check_sums();
      check_cases(*wall, ledger);
    }
  }

  // A wall knows exactly the cases that stand under its prefixes.
  void check_cases(SimulatedWall& wall, Ledger& ledger) {
    for (int i = 0; i < 30; ++i) {
      const std::string id = fmt::format("i{}", i);
      const state::Incident* known = ledger.find(id);
      const bool his = known != nullptr &&
                       std::any_of(wall.prefixes().begin(), wall.prefixes().end(), [&](const std::string& prefix) {
                         return wire::is_under(ledger.topic_of(*known), prefix);
                       });
      const state::Incident* shown = wall.world().find_incident(id);
      EXPECT_EQ(shown != nullptr, his) << id << " on " << wall.prefixes()[0];
      if (shown != nullptr && his) {
        EXPECT_EQ(shown->last_sequence, known->last_sequence) << id << " on " << wall.prefixes()[0];
      }
    }
  }

  base::Random m_random;
  std::filesystem::path m_folder;
  test::FaultyDisk m_disk;
  Truth m_truth;
  Weather m_weather;
  Duration m_time{}, m_start_at{}, m_hub_turns_from{};
  bool m_clients_begin = true;
  std::vector<std::unique_ptr<SimulatedWall>> m_walls;
  std::vector<std::unique_ptr<SimulatedClient>> m_clients;
  std::unique_ptr<SimulatedHub> m_hub;
  Seen m_seen;
};

std::uint64_t number_from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

class WholeSystemSimulation : public testing::TestWithParam<std::uint64_t> {};

TEST_P(WholeSystemSimulation, nothing_is_lost_doubled_or_shown_that_is_not_so) {
  base::set_log_level(base::LogLevel::Off);
  const std::uint64_t only = number_from_environment("GRIDWALL_SIM_SEED", 0);
  const std::uint64_t count = number_from_environment("GRIDWALL_SYSTEM_SIM_COUNT", kSeedsByDefault);
  Seen all;
  std::uint64_t run_count = 0;
  for (std::uint64_t seed = GetParam() + 1; seed <= std::max(only, count); seed += kShards) {
    if (only != 0 && seed != only) continue;
    const Seen seen = WholeSystem(seed).run();
    ASSERT_FALSE(HasFailure()) << "seed " << seed << "; repeat: GRIDWALL_SIM_SEED=" << seed
                               << " unit_hub_simulation --gtest_filter='*/" << GetParam() << "'";
    ++run_count;
    all.told += seen.told;
    all.acknowledged += seen.acknowledged;
    all.moved += seen.moved;
    all.failures += seen.failures;
    all.proofs += seen.proofs;
    all.kills += seen.kills;
  }
  if (run_count < 5) return;
  EXPECT_GT(std::min({all.told, all.acknowledged, all.moved, all.failures, all.proofs, all.kills}), 0u);
  RecordProperty("told", std::to_string(all.told));
  RecordProperty("acknowledged", std::to_string(all.acknowledged));
  RecordProperty("moved", std::to_string(all.moved));
}

INSTANTIATE_TEST_SUITE_P(Shard, WholeSystemSimulation, testing::Range<std::uint64_t>(0, kShards));

}  // namespace
}  // namespace gridwall::hub
