// Goal: whatever a network does, a wall never lies. Method: one seed drives a hub (sequencer), a network that loses,
// doubles, delays and reorders, pings that are slow one way, pauses and restarts, and a wall (tracker); a model that
// sees everything checks each step. GRIDWALL_SIM_SEED=n repeats one seed, GRIDWALL_SIM_COUNT=n runs more.
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <set>

#include "base/random.hpp"
#include "wire/constants.hpp"
#include "wire/feed_tracker.hpp"
#include "wire/sequencer.hpp"
#include "wire/topics.hpp"

namespace gridwall::wire {
namespace {

using base::Duration;
using std::chrono::milliseconds;

constexpr Duration kStep = milliseconds(10);
constexpr const char* kTopics[] = {"a/", "a/~", "a/b/", "a/b/~", "a/b/c/", "a/b/c/~", "a/b/d/", "a/e/"};
constexpr const char* kWalls[] = {"a/", "a/b/", "a/b/c/"};

struct Weather {
  double loss = 0, duplication = 0;
  Duration delay{};
  Duration jitter{};
  bool hub_silent = false;
  bool no_events = false;
};

struct InFlight {
  bool is_event = false;
  FeedHeader header;
  std::string topic;
  Heartbeat heartbeat;
  Duration sent_at_true{};
};

// What the model knows of one followed prefix in the epoch that the wall is in.
struct ChainTruth {
  bool known = false;
  std::uint64_t baseline = 0;
  std::set<std::uint64_t> published, applied;
  Duration newest_heartbeat_true{};
};

class FeedSimulation {
 public:
  explicit FeedSimulation(std::uint64_t seed)
      : m_random(seed), m_path(kWalls[m_random.next_below(std::size(kWalls))]), m_tracker({m_path, 1}),
        m_wall_zero(milliseconds(m_random.next_below(1'000'000))) {
    m_chains.resize(m_tracker.prefixes().size());
    start_hub();
  }

  void run() {
    const std::uint64_t phase_count = 4 + m_random.next_below(5);
    for (std::uint64_t i = 0; i < phase_count && !testing::Test::HasFailure(); ++i) {
      m_weather = some_weather();
      run_for(milliseconds(500 + m_random.next_below(4000)));
      if (m_random.next_below(2) == 0) calm_down_and_check();
      if (m_random.next_below(3) == 0) start_hub();
    }
    calm_down_and_check();
  }

 private:
  Weather some_weather() {
    Weather weather;
    if (m_random.next_below(2) == 0) weather.loss = m_random.next_between(0, 0.4);
    if (m_random.next_below(2) == 0) weather.duplication = m_random.next_between(0, 0.4);
    if (m_random.next_below(3) == 0) weather.delay = milliseconds(m_random.next_below(6000));
    if (m_random.next_below(2) == 0) weather.jitter = milliseconds(m_random.next_below(300));
    weather.hub_silent = m_random.next_below(6) == 0;
    return weather;
  }

  void start_hub() {
    m_hub_zero = milliseconds(m_random.next_below(1'000'000));
    const std::uint64_t last_sequence = m_random.next_below(1000);
    m_hub.emplace(JournalId{}, m_random.next_u64(), last_sequence);
    m_hub->restore("a/", last_sequence);
    m_published.clear();
  }

  // Good weather long enough for everything to arrive and be judged.
  void calm_down_and_check() {
    m_weather = {};
    // Without events a loss can only be found by heartbeats.
    m_weather.no_events = m_random.next_below(2) == 0;
    run_for(std::chrono::seconds(10));
    const model::FeedStatus& status = m_tracker.tick(now());
    EXPECT_EQ(status.state, model::FeedState::Live) << "in good weather";
    EXPECT_EQ(status.epoch, m_hub->epoch());
    check_gaps(status);
  }

  void check_gaps(const model::FeedStatus& status) {
    std::uint64_t missing_count = 0, run_count = 0;
    for (const ChainTruth& chain : m_chains) {
      bool in_run = false;
      for (const std::uint64_t sequence : chain.published) {
        const bool missing = sequence > chain.baseline && !chain.applied.contains(sequence);
        if (missing) ++missing_count;
        if (missing && !in_run) ++run_count;
        if (sequence > chain.baseline) in_run = missing;
      }
    }
    EXPECT_GE(status.gap_count, run_count) << "a gap went unnoticed";
    EXPECT_LE(status.gap_count, missing_count) << "a gap was counted twice";
    EXPECT_EQ(status.missed_count, m_path == "a/" ? missing_count : 0);
  }

  [[nodiscard]] Duration hub_mono() const { return m_time + m_hub_zero; }
  [[nodiscard]] Now now() const { return {base::MonoTime(m_time + m_wall_zero), base::UtcTime(m_time)}; }

  void run_for(Duration span) {
    const Duration end = m_time + span;
    while (m_time < end && !testing::Test::HasFailure()) {
      m_time += kStep;
      publish();
      ping();
      deliver();
      check_tick();
    }
  }

  void send(InFlight message) {
    if (m_random.next_unit() < m_weather.loss) return;
    message.sent_at_true = m_time;
    const Duration jitter = m_weather.jitter * static_cast<std::int64_t>(m_random.next_below(100)) / 100;
    // Events keep their order, heartbeats theirs; between the two nothing is promised.
    Duration& last = m_last_arrival[message.is_event];
    last = std::max(last, m_time + m_weather.delay + jitter);
    if (m_random.next_unit() < m_weather.duplication) {
      m_network.emplace(last + milliseconds(m_random.next_below(2000)), message);
    }
    m_network.emplace(last, std::move(message));
  }

  void publish() {
    if (m_weather.hub_silent) return;
    while (!m_weather.no_events && m_random.next_unit() < 0.1) {
      InFlight message;
      message.is_event = true;
      message.topic = kTopics[m_random.next_below(std::size(kTopics))];
      message.header = m_hub->next(message.topic, base::UtcTime(m_time), hub_mono());
      for (std::size_t i = 0; i < m_chains.size(); ++i) {
        if (!chain_index(message.topic, m_tracker.prefixes()[i])) continue;
        m_published[i].insert(message.header.sequence);
        if (m_hub->epoch() == m_wall_epoch) m_chains[i].published.insert(message.header.sequence);
        send(message);
      }
    }
    if (m_time % kHeartbeatInterval != Duration::zero()) return;
    for (const std::string& prefix : m_tracker.prefixes()) {
      InFlight message;
      message.heartbeat.prefix = prefix;
      message.heartbeat.epoch = m_hub->epoch();
      message.heartbeat.last_sequence = m_hub->last_sequence(prefix);
      message.heartbeat.tree_hash = 1;
      message.heartbeat.clock.sent_at = hub_mono();
      send(std::move(message));
    }
  }

  // The request socket is another connection: its delays are its own, and differ by direction.
  void ping() {
    if (m_time % milliseconds(500) != Duration::zero() || m_weather.hub_silent) return;
    const auto there = milliseconds(m_random.next_below(400)), back = milliseconds(m_random.next_below(400));
    const base::MonoTime sent = now().mono;
    m_offset.on_pong(sent, sent + there + back, hub_mono() + there, m_hub->epoch());
    m_tracker.on_clock_offset(*m_offset.best());
  }

  void deliver() {
    while (!m_network.empty() && m_network.begin()->first <= m_time) {
      const InFlight message = std::move(m_network.begin()->second);
      m_network.erase(m_network.begin());
      message.is_event ? deliver_event(message) : deliver_heartbeat(message);
    }
  }

  void enter(const Heard& heard, std::uint64_t epoch) {
    if (!heard.restarted && m_wall_epoch.has_value()) return;
    m_wall_epoch = epoch;
    std::fill(m_chains.begin(), m_chains.end(), ChainTruth{});
    m_applied_count = 0;
    m_last_applied = 0;
    for (std::size_t i = 0; i < m_chains.size(); ++i) {
      if (epoch == m_hub->epoch()) m_chains[i].published = m_published[i];
    }
  }

  void deliver_event(const InFlight& message) {
    const Heard heard = m_tracker.on_event(message.header, message.topic, now());
    enter(heard, message.header.epoch);
    if (!heard.apply) return;
    EXPECT_EQ(message.header.epoch, m_wall_epoch) << "an event of a past epoch was applied";
    EXPECT_GT(message.header.sequence, m_last_applied) << "applied twice or out of order";
    m_last_applied = message.header.sequence;
    ++m_applied_count;
    for (std::size_t i = 0; i < m_chains.size(); ++i) {
      ChainTruth& chain = m_chains[i];
      if (!chain_index(message.topic, m_tracker.prefixes()[i])) continue;
      if (!chain.known) chain.baseline = message.header.sequence - 1;
      chain.known = true;
      chain.applied.insert(message.header.sequence);
    }
  }

  void deliver_heartbeat(const InFlight& message) {
    const Heard heard = m_tracker.on_heartbeat(message.heartbeat, now());
    enter(heard, message.heartbeat.epoch);
    if (message.heartbeat.epoch != m_wall_epoch) return;
    for (std::size_t i = 0; i < m_chains.size(); ++i) {
      ChainTruth& chain = m_chains[i];
      if (m_tracker.prefixes()[i] != message.heartbeat.prefix) continue;
      if (!chain.known) chain.baseline = message.heartbeat.last_sequence;
      chain.known = true;
      chain.newest_heartbeat_true = std::max(chain.newest_heartbeat_true, message.sent_at_true);
    }
  }

  void check_tick() {
    const model::FeedStatus& status = m_tracker.tick(now());
    EXPECT_EQ(status.received_count, m_applied_count);
    if (status.state != model::FeedState::Live) return;
    EXPECT_EQ(status.epoch, m_wall_epoch);
    for (const ChainTruth& chain : m_chains) {
      EXPECT_LE(m_time - chain.newest_heartbeat_true, kBehindShownFrom) << "live with old data";
    }
  }

  base::Random m_random;
  std::string m_path;
  FeedTracker m_tracker;
  ClockOffset m_offset;
  std::optional<Sequencer> m_hub;
  Weather m_weather;
  Duration m_time{}, m_wall_zero{}, m_hub_zero{};
  std::multimap<Duration, InFlight> m_network;
  Duration m_last_arrival[2]{};
  std::map<std::size_t, std::set<std::uint64_t>> m_published;  // of the hub's present epoch
  std::optional<std::uint64_t> m_wall_epoch;
  std::vector<ChainTruth> m_chains;
  std::uint64_t m_applied_count = 0, m_last_applied = 0;
};

std::uint64_t number_from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

TEST(FeedSimulation, a_wall_never_lies_whatever_the_network_does) {
  const std::uint64_t only = number_from_environment("GRIDWALL_SIM_SEED", 0);
  const std::uint64_t count = number_from_environment("GRIDWALL_SIM_COUNT", 150);
  for (std::uint64_t seed = only == 0 ? 1 : only; seed <= (only == 0 ? count : only); ++seed) {
    FeedSimulation(seed).run();
    ASSERT_FALSE(HasFailure()) << "seed " << seed << "; repeat: GRIDWALL_SIM_SEED=" << seed
                               << " unit_wire --gtest_filter=FeedSimulation.*";
  }
}

}  // namespace
}  // namespace gridwall::wire
