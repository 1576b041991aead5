// Goal: whatever networks, disks and processes do, no wall shows what the hub does not have, and every wall finds back.
// Method: one seed drives a hub (sequencer, sync server, a journal that is durable a little later) and several walls
// (followers with a toy state: an order-free sum for each prefix) through loss, duplication, delay, overflow, stalls,
// kills, crashes that roll back, clock jumps and corrupted states; a model that sees everything checks each item.
// GRIDWALL_SIM_SEED=n repeats one seed, GRIDWALL_SIM_COUNT=n runs more.
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>

#include "base/hash.hpp"
#include "base/random.hpp"
#include "wire/constants.hpp"
#include "wire/follower.hpp"
#include "wire/sequencer.hpp"
#include "wire/sync_server.hpp"
#include "wire/topics.hpp"

namespace gridwall::wire {
namespace {

using base::Duration;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Duration kStep = milliseconds(10);
constexpr const char* kTopics[] = {"a/", "a/~", "a/b/", "a/b/~", "a/b/c/", "a/b/c/~", "a/b/d/", "a/e/"};
constexpr const char* kPaths[] = {"a/", "a/b/", "a/b/c/", "a/e/"};
constexpr const char* kPrefixes[] = {"a/", "a/b/", "a/b/c/", "a/e/", "a/~", "a/b/~"};
constexpr std::size_t kFeedQueueMax = 150;  // of a wall that does not read
constexpr std::size_t kWallCountMax = 6;

struct Sum {
  std::uint64_t sum = 0, count = 0;
  bool operator==(const Sum&) const = default;
  void add(std::uint64_t hash) {
    sum += hash;
    ++count;
  }
  [[nodiscard]] std::string digest() const {
    return fmt::format("{:016x}", base::hash_bytes(fmt::format("{} {}", sum, count)));
  }
};
using Sums = std::map<std::string, Sum, std::less<>>;

struct Weather {
  double loss = 0, duplication = 0, sync_loss = 0;
  Duration delay{}, jitter{}, sync_delay{};
  Duration heartbeat_delay{};
  bool heartbeats_apart = false, slow_state = false, disk_full = false;
  double event_rate = 0.1;  // for each step
};

struct FeedMessage {
  bool is_event = false;
  FeedHeader header;
  std::string topic, bytes, body;
  Heartbeat heartbeat;
};

// Keeps its order, unless what is sent is doubled.
template <typename T>
struct Channel {
  std::multimap<Duration, T> flying;
  Duration last_arrival{};

  void send(const T& message, Duration now, Duration delay, base::Random& random, const Weather& weather, double loss) {
    if (random.next_unit() < loss) return;
    const Duration jitter = weather.jitter * static_cast<std::int64_t>(random.next_below(100)) / 100;
    last_arrival = std::max(last_arrival, now + delay + jitter);
    if (random.next_unit() < weather.duplication) {
      flying.emplace(last_arrival + milliseconds(random.next_below(2000)), message);
    }
    flying.emplace(last_arrival, message);
  }
  std::optional<T> receive(Duration now) {
    if (flying.empty() || flying.begin()->first > now) return std::nullopt;
    T message = std::move(flying.begin()->second);
    flying.erase(flying.begin());
    return message;
  }
  void clear() { flying.clear(); }
};

// The whole truth about one heartbeat's moment.
struct Moment {
  Sums sums;
  Duration sent_at_true{};
};
using Moments = std::map<std::pair<std::uint64_t, base::UtcTime>, Moment>;

class SimulatedHub {
 public:
  SimulatedHub(base::Random& random, const SyncServerOptions& options) : m_random(random), m_options(options) {
    start(Duration{});
  }

  // From what is durable; whatever else had been published is gone, and sequences are given again.
  void start(Duration now) {
    m_log.resize(m_durable);
    m_epoch = m_random.next_u64();
    m_zero = milliseconds(m_random.next_below(1'000'000));
    m_clock = base::UtcTime(std::chrono::hours(480'000 + m_random.next_below(1000)));
    m_sequencer.emplace(JournalId{}, m_epoch, m_durable);
    m_sums.clear();
    for (const char* prefix : kPrefixes) m_sums[prefix] = {};
    std::uint64_t sequence = 0;
    for (const Published& published : m_log) {
      note(published);
      ++sequence;
      restore_chain(published.topic, sequence);
    }
    server = std::make_unique<SyncServer>(m_options);
    server->start_epoch({}, m_epoch, m_durable);
    m_alive_from = now + milliseconds(m_random.next_below(3) == 0 ? 100 : m_random.next_below(4000));
  }

  // A jump of the clock: the state stays, time goes anywhere.
  void jump(Duration now) {
    m_epoch = m_random.next_u64();
    m_clock = base::UtcTime(std::chrono::hours(480'000 + m_random.next_below(1000))) - now;
    m_sequencer->start_epoch(m_epoch, m_clock + now);
    server->start_epoch({}, m_epoch, m_sequencer->last_sequence());
  }

  [[nodiscard]] bool alive(Duration now) const { return now >= m_alive_from; }
  [[nodiscard]] Duration mono(Duration now) const { return now + m_zero; }
  [[nodiscard]] std::uint64_t epoch() const { return m_epoch; }
  [[nodiscard]] const Sums& sums() const { return m_sums; }
  [[nodiscard]] std::uint64_t sequence() const { return m_log.size(); }

  FeedMessage publish(const std::string& topic, Duration now) {
    FeedMessage message;
    message.is_event = true;
    message.topic = topic;
    message.body = fmt::format("{:x}", m_random.next_u64());
    message.header = m_sequencer->next(topic, m_clock + now, mono(now));
    message.bytes = encode_feed_header(message.header);
    m_log.push_back({topic, base::hash_bytes(message.body)});
    note(m_log.back());
    server->on_feed(message.header.sequence, {message.topic, message.bytes, message.body});
    return message;
  }

  std::vector<FeedMessage> beat(Duration now, Moments& moments) {
    std::vector<FeedMessage> batch;
    const base::UtcTime state_time = m_sequencer->advance_state_time(m_clock + now);
    moments[{m_epoch, state_time}] = {m_sums, now};
    for (const auto& [prefix, sum] : m_sums) {
      FeedMessage message;
      message.heartbeat.prefix = prefix;
      message.heartbeat.epoch = m_epoch;
      message.heartbeat.last_sequence = m_sequencer->last_sequence(prefix);
      message.heartbeat.feed_sequence = m_sequencer->last_sequence();
      message.heartbeat.digest = sum.digest();
      message.heartbeat.durable_through = m_durable;
      message.heartbeat.clock.state_time = state_time;
      message.heartbeat.clock.sent_at = mono(now);
      batch.push_back(std::move(message));
    }
    return batch;
  }

  // The journal's group commit; a full disk takes nothing.
  void commit() { m_durable = m_log.size(); }

  void make_snapshot(Duration now) {
    const auto wanted = server->wanted_snapshot();
    if (!wanted) return;
    auto snapshot = std::make_shared<SyncSnapshot>();
    snapshot->sequence = m_sequencer->last_sequence();
    snapshot->state_time = m_sequencer->advance_state_time(m_clock + now);
    snapshot->head = fmt::format("{}", m_epoch);
    for (const std::string& prefix : *wanted) {
      const Sum& sum = m_sums.find(prefix)->second;
      snapshot->parts.push_back({prefix, fmt::format("{} {} {}", prefix, sum.sum, sum.count)});
    }
    // More pieces than there are credits.
    for (std::uint64_t i = m_random.next_below(15); i > 0; --i) snapshot->parts.push_back({"a/", ""});
    server->give_snapshot(*wanted, std::move(snapshot), base::MonoTime(mono(now)));
  }

  std::unique_ptr<SyncServer> server;

 private:
  struct Published {
    std::string topic;
    std::uint64_t hash = 0;
  };
  void note(const Published& published) {
    for (auto& [prefix, sum] : m_sums) {
      if (is_under(published.topic, prefix)) sum.add(published.hash);
    }
  }
  void restore_chain(const std::string& topic, std::uint64_t sequence) {
    for (const std::string_view prefix : {"a/", "a/b/", "a/b/c/", "a/b/d/", "a/e/"}) {
      if (is_under(topic, prefix)) m_sequencer->restore(prefix, sequence);
    }
    if (topic.ends_with('~')) m_sequencer->restore(topic, sequence);
  }

  base::Random& m_random;
  SyncServerOptions m_options;
  std::optional<Sequencer> m_sequencer;
  std::uint64_t m_epoch = 0;
  Duration m_zero{}, m_alive_from{};
  base::UtcTime m_clock;         // the hub's time when the simulation began
  std::vector<Published> m_log;  // sequence - 1
  std::uint64_t m_durable = 0;
  Sums m_sums;
};

class SimulatedWall {
 public:
  SimulatedWall(base::Random& random, const Moments& moments, std::size_t number)
      : m_random(random),
        m_moments(moments),
        m_number(number),
        m_path(kPaths[random.next_below(std::size(kPaths))]),
        m_follower({.path = m_path}) {
    start(Duration{});
  }

  // A process that has just been started knows nothing.
  void start(Duration now) {
    client = fmt::format("wall {} {}", m_number, ++m_start_count);
    m_zero = milliseconds(m_random.next_below(1'000'000));
    FollowerOptions options{.path = m_path};
    options.buffer_bytes_max = m_random.next_below(4) == 0 ? 100'000 : 1 << 20;  // more than a ring
    m_follower = Follower(options);
    m_offset = {};
    m_state = {};
    m_answers.clear();
    m_proven_at_true = Duration::min();
    feed.clear();
    heartbeats.clear();
    sync_down.clear();
    sync_up.clear();
    reads_from = now;
  }

  [[nodiscard]] bool follows(std::string_view topic) const {
    const auto& prefixes = m_follower.prefixes();
    return std::any_of(prefixes.begin(), prefixes.end(),
                       [&](const std::string& prefix) { return is_under(topic, prefix); });
  }
  [[nodiscard]] bool follows_heartbeat(std::string_view prefix) const {
    const auto& prefixes = m_follower.prefixes();
    return std::find(prefixes.begin(), prefixes.end(), prefix) != prefixes.end();
  }

  void on_pong(Duration now, Duration there, Duration back, Duration hub_mono, std::uint64_t epoch) {
    const base::MonoTime sent(now + m_zero);
    m_offset.on_pong(sent, sent + there + back, hub_mono + there, epoch);
    m_follower.on_clock_offset(*m_offset.best());
  }

  void step(Duration now, const Weather& weather) {
    const Now wall_now{base::MonoTime(now + m_zero), base::UtcTime(now)};
    while (const auto message = feed.receive(now)) on_feed(*message, wall_now, now, weather);
    while (const auto message = heartbeats.receive(now)) on_feed(*message, wall_now, now, weather);
    while (const auto parts = sync_down.receive(now)) {
      const auto answer = decode_sync_answer(parts->head, parts->payload);
      ASSERT_TRUE(answer.ok()) << answer.error().message;
      m_follower.on_sync(*answer, wall_now);
      apply_items(wall_now, now, weather);
    }
    while (!m_answers.empty() && m_answers.front().due_at <= now) {
      const Answer answer = m_answers.front();
      m_answers.pop_front();
      const std::uint64_t count_before = m_follower.tick(wall_now).digest_count;
      m_follower.on_digests(answer.beat, answer.equal, wall_now);
      const bool counted = m_follower.tick(wall_now).digest_count != count_before;
      if (counted && answer.equal) m_proven_at_true = std::max(m_proven_at_true, answer.sent_at_true);
    }
    m_follower.tick(wall_now);
    apply_items(wall_now, now, weather);
    for (const SyncAsk& ask : m_follower.take_requests()) {
      sync_up.send(encode_sync_ask(ask), now, weather.sync_delay, m_random, weather, weather.sync_loss);
    }
    check(now);
  }

  // A bit of memory flips.
  void corrupt(Duration now) {
    if (m_state.sums.empty()) return;
    m_state.sums.begin()->second.sum += 1;
    m_state.wrong_since = std::min(m_state.wrong_since, now);
  }

  [[nodiscard]] const model::FeedStatus& status() const { return m_follower.status(); }
  [[nodiscard]] const std::string& path() const { return m_path; }
  // What it shows of each of its prefixes.
  [[nodiscard]] const Sums& shown() const { return m_state.sums; }

  Channel<FeedMessage> feed, heartbeats;
  Channel<SyncParts> sync_down;
  Channel<std::string> sync_up;
  std::string client;
  Duration reads_from{};  // stalled or dead until then

 private:
  struct State {
    Sums sums;
    std::uint64_t epoch = 0, sequence = 0;
    base::UtcTime state_time = base::UtcTime::min();
    Duration wrong_since = Duration::max();  // by our own doing
  };
  struct Answer {
    Duration due_at{};
    std::uint64_t beat = 0;
    bool equal = false;
    Duration sent_at_true{};
  };

  void on_feed(const FeedMessage& message, Now wall_now, Duration now, const Weather& weather) {
    if (message.is_event) {
      const bool next = m_follower.on_event(message.header, {message.topic, message.bytes, message.body}, wall_now);
      if (next) apply({message.topic, message.body, message.header, wall_now});
    } else {
      m_follower.on_heartbeat(message.heartbeat, wall_now);
    }
    apply_items(wall_now, now, weather);
  }

  void apply_items(Now wall_now, Duration now, const Weather& weather) {
    for (const FollowerItem& item : m_follower.take_items()) {
      EXPECT_FALSE(std::holds_alternative<ClearItem>(item));
      if (const auto* restore = std::get_if<RestoreItem>(&item)) apply(*restore, wall_now, now);
      if (const auto* event = std::get_if<EventItem>(&item)) apply(*event);
      if (const auto* beat = std::get_if<BeatItem>(&item)) apply(*beat, now, weather);
    }
  }

  void apply(const RestoreItem& restore, Now wall_now, Duration now) {
    m_state = {};
    m_state.epoch = std::stoull(restore.head);
    m_state.sequence = restore.sequence;
    m_state.state_time = restore.state_time;
    for (const std::string& part : restore.parts) {
      if (part.empty()) continue;
      const std::size_t first = part.find(' '), second = part.find(' ', first + 1);
      m_state.sums[part.substr(0, first)] = {std::stoull(part.substr(first + 1)), std::stoull(part.substr(second + 1))};
    }
    EXPECT_EQ(m_state.sums.size(), m_follower.prefixes().size());
    if (m_random.next_below(20) != 0) return;
    m_state.wrong_since = now;
    m_state.sums.begin()->second.sum += 1;
    m_follower.on_restore_failed("cut", wall_now);
  }

  void apply(const EventItem& event) {
    EXPECT_EQ(event.decoded.epoch, m_state.epoch) << "an event of another epoch";
    EXPECT_GT(event.decoded.sequence, m_state.sequence) << "told twice or out of order";
    EXPECT_GE(event.decoded.state_time, m_state.state_time) << "told after a later beat";
    m_state.sequence = event.decoded.sequence;
    m_state.state_time = event.decoded.state_time;
    std::size_t fitting_count = 0;
    for (auto& [prefix, sum] : m_state.sums) {
      if (!is_under(event.topic, prefix)) continue;
      sum.add(base::hash_bytes(event.body));
      ++fitting_count;
    }
    EXPECT_EQ(fitting_count, 1u);
  }

  void apply(const BeatItem& beat, Duration now, const Weather& weather) {
    EXPECT_EQ(beat.epoch, m_state.epoch);
    EXPECT_GE(beat.state_time, m_state.state_time);
    m_state.state_time = beat.state_time;
    const auto moment = m_moments.find({beat.epoch, beat.state_time});
    ASSERT_NE(moment, m_moments.end());
    bool equal = true;
    for (const auto& [prefix, digest] : beat.digests) {
      const Sum& ours = m_state.sums[prefix];
      equal &= ours.digest() == digest;
      if (m_state.wrong_since != Duration::max()) continue;
      const Sum& truth = moment->second.sums.find(prefix)->second;
      EXPECT_EQ(ours.count, truth.count) << m_path << ": " << prefix << " at a beat";
      EXPECT_EQ(ours.sum, truth.sum) << m_path << ": " << prefix << " at a beat";
    }
    const Duration takes = milliseconds(m_random.next_below(weather.slow_state ? 1500 : 100));
    const Duration due_at = std::max(now + takes, m_answers.empty() ? Duration{} : m_answers.back().due_at);
    m_answers.push_back({due_at, beat.beat, equal, moment->second.sent_at_true});
  }

  void check(Duration now) const {
    const model::FeedStatus& status = m_follower.status();
    if (status.state != model::FeedState::Live) return;
    EXPECT_EQ(status.epoch, m_state.epoch) << "live with the figures of another epoch";
    EXPECT_LE(now - m_proven_at_true, kBehindShownFrom) << "live with a state that was last proven long ago";
    EXPECT_TRUE(m_state.wrong_since == Duration::max() || now - m_state.wrong_since < seconds(2))
        << "live with a wrong state";
  }

  base::Random& m_random;
  const Moments& m_moments;
  std::size_t m_number, m_start_count = 0;
  std::string m_path;
  Follower m_follower;
  ClockOffset m_offset;
  Duration m_zero{};
  State m_state;
  std::deque<Answer> m_answers;
  Duration m_proven_at_true = Duration::min();
};

class SyncSimulation {
 public:
  explicit SyncSimulation(std::uint64_t seed) : m_random(seed), m_options(some_options()), m_hub(m_random, m_options) {
    const std::size_t wall_count = 1 + m_random.next_below(kWallCountMax);
    for (std::size_t i = 0; i < wall_count; ++i) {
      m_walls.push_back(std::make_unique<SimulatedWall>(m_random, m_moments, i));
    }
  }

  void run() {
    const std::uint64_t phase_count = 3 + m_random.next_below(4);
    for (std::uint64_t i = 0; i < phase_count && !testing::Test::HasFailure(); ++i) {
      m_weather = some_weather();
      disturb();
      run_for(milliseconds(500 + m_random.next_below(5000)));
      if (m_random.next_below(3) == 0) calm_down_and_check();
    }
    calm_down_and_check();
  }

 private:
  SyncServerOptions some_options() {
    SyncServerOptions options;
    options.ring_bytes_max = 3000 + m_random.next_below(60'000);
    options.snapshot_bytes_max = 2000 + m_random.next_below(20'000);
    options.tickets_max = 2 + m_random.next_below(8);
    return options;
  }

  Weather some_weather() {
    Weather weather;
    if (m_random.next_below(2) == 0) weather.loss = m_random.next_between(0, 0.2);
    if (m_random.next_below(2) == 0) weather.sync_loss = m_random.next_between(0, 0.3);
    if (m_random.next_below(2) == 0) weather.duplication = m_random.next_between(0, 0.3);
    if (m_random.next_below(3) == 0) weather.delay = milliseconds(m_random.next_below(4000));
    if (m_random.next_below(3) == 0) weather.sync_delay = milliseconds(m_random.next_below(1500));
    if (m_random.next_below(2) == 0) weather.jitter = milliseconds(m_random.next_below(300));
    // Heartbeats overtake events, or events overtake them.
    weather.heartbeats_apart = m_random.next_below(4) == 0;
    if (m_random.next_below(2) == 0) weather.heartbeat_delay = weather.delay + milliseconds(m_random.next_below(400));
    weather.slow_state = m_random.next_below(5) == 0;
    weather.disk_full = m_random.next_below(4) == 0;
    weather.event_rate = m_random.next_below(3) == 0 ? 0.6 : m_random.next_between(0, 0.2);
    return weather;
  }

  void disturb() {
    if (m_random.next_below(3) == 0) m_hub.start(m_time);
    if (m_random.next_below(5) == 0) m_hub.jump(m_time);
    for (auto& wall : m_walls) {
      switch (m_random.next_below(8)) {
        case 0:
          wall->reads_from = m_time + seconds(m_random.next_below(10));
          break;
        case 1:
          if (m_random.next_below(2) == 0) m_hub.server->drop_client(wall->client);
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

  void calm_down_and_check() {
    m_weather = {};
    m_weather.event_rate = m_random.next_below(2) == 0 ? 0 : 0.05;
    run_for(seconds(25));
    for (const auto& wall : m_walls) {
      EXPECT_EQ(wall->status().state, model::FeedState::Live) << wall->path() << " in good weather";
      EXPECT_EQ(wall->status().epoch, m_hub.epoch());
    }
    m_weather.event_rate = 0;
    run_for(seconds(2));
    for (const auto& wall : m_walls) {
      EXPECT_EQ(wall->status().state, model::FeedState::Live) << wall->path() << " when all is quiet";
      for (const auto& [prefix, sum] : wall->shown()) {
        EXPECT_EQ(sum, m_hub.sums().find(prefix)->second) << wall->path() << " shows of " << prefix;
      }
    }
  }

  void run_for(Duration span) {
    const Duration end = m_time + span;
    while (m_time < end && !testing::Test::HasFailure()) {
      m_time += kStep;
      if (m_hub.alive(m_time)) turn_hub();
      for (auto& wall : m_walls) {
        if (m_time >= wall->reads_from) wall->step(m_time, m_weather);
      }
    }
  }

  void turn_hub() {
    while (m_random.next_unit() < m_weather.event_rate) {
      send(m_hub.publish(kTopics[m_random.next_below(std::size(kTopics))], m_time));
      // A moved incident: the second half follows at once, under another path, nothing between them.
      if (m_random.next_below(10) != 0) continue;
      send(m_hub.publish(kTopics[m_random.next_below(std::size(kTopics))], m_time));
      send(m_hub.publish(kTopics[m_random.next_below(std::size(kTopics))], m_time));
    }
    if (!m_weather.disk_full && m_random.next_below(20) == 0) m_hub.commit();
    if (m_time % kHeartbeatInterval == Duration::zero()) {
      for (const FeedMessage& message : m_hub.beat(m_time, m_moments)) send(message);
    }
    ping();
    serve();
  }

  void send(const FeedMessage& message) {
    for (auto& wall : m_walls) {
      const bool wanted =
          message.is_event ? wall->follows(message.topic) : wall->follows_heartbeat(message.heartbeat.prefix);
      const bool apart = !message.is_event && m_weather.heartbeats_apart;
      auto& channel = apart ? wall->heartbeats : wall->feed;
      // ZeroMQ drops in silence what a peer's queue does not hold.
      if (!wanted || channel.flying.size() >= kFeedQueueMax) continue;
      channel.send(message, m_time, apart ? m_weather.heartbeat_delay : m_weather.delay, m_random, m_weather,
                   m_weather.loss);
    }
  }

  // Another connection: its delays are its own, and differ by direction.
  void ping() {
    if (m_time % milliseconds(500) != Duration::zero()) return;
    for (auto& wall : m_walls) {
      if (m_random.next_unit() < m_weather.loss || m_time < wall->reads_from) continue;
      const auto there = milliseconds(m_random.next_below(400)), back = milliseconds(m_random.next_below(400));
      wall->on_pong(m_time, there, back, m_hub.mono(m_time), m_hub.epoch());
    }
  }

  void serve() {
    const base::MonoTime hub_now(m_hub.mono(m_time));
    for (auto& wall : m_walls) {
      while (const auto ask = wall->sync_up.receive(m_time)) m_hub.server->on_ask(wall->client, *ask, hub_now);
    }
    if (m_random.next_below(3) == 0) m_hub.make_snapshot(m_time);
    for (const auto& outgoing : m_hub.server->take_outgoing(hub_now, 1 + m_random.next_below(20))) {
      for (auto& wall : m_walls) {
        if (wall->client != outgoing.client) continue;
        wall->sync_down.send(outgoing.parts, m_time, m_weather.sync_delay, m_random, m_weather, m_weather.sync_loss);
      }
    }
    const SyncCounters counters = m_hub.server->counters();
    EXPECT_LE(counters.ring_bytes, m_options.ring_bytes_max);
    EXPECT_LE(counters.snapshot_bytes, m_options.snapshot_bytes_max);
    EXPECT_LE(counters.open_count, m_options.tickets_max);
  }

  base::Random m_random;
  SyncServerOptions m_options;
  Moments m_moments;
  SimulatedHub m_hub;
  std::vector<std::unique_ptr<SimulatedWall>> m_walls;
  Weather m_weather;
  Duration m_time{};
};

std::uint64_t number_from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

TEST(SyncSimulation, no_wall_shows_what_the_hub_does_not_have_and_every_wall_finds_back) {
  const std::uint64_t only = number_from_environment("GRIDWALL_SIM_SEED", 0);
  const std::uint64_t count = number_from_environment("GRIDWALL_SIM_COUNT", 120);
  for (std::uint64_t seed = only == 0 ? 1 : only; seed <= (only == 0 ? count : only); ++seed) {
    SyncSimulation(seed).run();
    ASSERT_FALSE(HasFailure()) << "seed " << seed << "; repeat: GRIDWALL_SIM_SEED=" << seed
                               << " unit_wire --gtest_filter=SyncSimulation.*";
  }
}

}  // namespace
}  // namespace gridwall::wire
