#include "whole_system_wall.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "app/state_items.hpp"
#include "wire/constants.hpp"
#include "wire/event_codec.hpp"
#include "wire/topics.hpp"

namespace gridwall::hub {

using base::Duration;
using std::chrono::milliseconds;
using std::chrono::seconds;

SimulatedWall::SimulatedWall(SimWallOptions options, std::string name, const geo::EventResolver& resolver,
                             const Truth& truth, base::Random& random)
    : m_options(std::move(options)),
      m_name(std::move(name)),
      m_resolver(resolver),
      m_truth(truth),
      m_random(random),
      m_follower({.path = m_options.path}),
      m_world(m_options.tree, m_options.vocabulary, m_options.rules) {
  start(Duration{});
}

void SimulatedWall::start(Duration now) {
  client = fmt::format("{} {}", m_name, ++m_start_count);
  m_zero = milliseconds(m_random.next_below(1'000'000));
  wire::FollowerOptions options{.path = m_options.path, .tree_hash = m_options.tree->content_hash()};
  options.buffer_bytes_max = m_random.next_below(6) == 0 ? 300'000 : 4 << 20;
  m_follower = wire::Follower(options);
  m_offset = {};
  m_world.clear();
  m_epoch = m_sequence = m_checked_through = 0;
  m_state_time = base::UtcTime::min();
  m_applied.clear();
  m_answers.clear();
  m_wrong_since = Duration::max();
  m_proven_at_true = Duration::min();
  feed.clear();
  heartbeats.clear();
  sync_down.clear();
  sync_up.clear();
  reads_from = now;
}

bool SimulatedWall::follows(const FeedOut& out) const {
  return std::any_of(prefixes().begin(), prefixes().end(), [&](const std::string& prefix) {
    return out.is_event ? wire::is_under(out.topic, prefix) : out.topic == prefix;
  });
}

void SimulatedWall::on_pong(Duration now, Duration there, Duration back, Duration hub_mono, std::uint64_t epoch) {
  const base::MonoTime sent(now + m_zero);
  m_offset.on_pong(sent, sent + there + back, hub_mono + there, epoch);
  m_follower.on_clock_offset(*m_offset.best());
}

void SimulatedWall::hear(const FeedOut& out, wire::Now wall_now) {
  if (out.is_event) {
    const auto header = wire::decode_feed_header(out.header_bytes);
    ASSERT_TRUE(header.ok()) << header.error().message;
    const bool next = m_follower.on_event(*header, {out.topic, out.header_bytes, out.body}, wall_now);
    if (next) apply({out.topic, out.body, *header, wall_now});
  } else {
    const auto heartbeat = wire::decode_heartbeat(out.body);
    ASSERT_TRUE(heartbeat.ok()) << heartbeat.error().message;
    m_follower.on_heartbeat(*heartbeat, wall_now);
  }
}

void SimulatedWall::step(Duration now, const Weather& weather) {
  const wire::Now wall_now{base::MonoTime(now + m_zero), base::UtcTime(now)};
  while (const auto out = feed.receive(now)) hear(**out, wall_now);
  while (const auto out = heartbeats.receive(now)) hear(**out, wall_now);
  while (const auto parts = sync_down.receive(now)) {
    auto answer = wire::decode_sync_answer(parts->head, parts->payload);
    ASSERT_TRUE(answer.ok()) << answer.error().message;
    m_follower.on_sync(std::move(*answer), wall_now);
  }
  take_items(wall_now, now, weather);
  answer_beats(wall_now, now);
  m_follower.tick(wall_now);
  take_items(wall_now, now, weather);
  for (const wire::SyncAsk& ask : m_follower.take_requests()) {
    sync_up.send(wire::encode_sync_ask(ask), now, weather.sync_delay, weather, weather.sync_loss, m_random);
  }
  check_status(now);
}

void SimulatedWall::answer_beats(wire::Now wall_now, Duration now) {
  while (!m_answers.empty() && m_answers.front().due_at <= now) {
    const Answer answer = m_answers.front();
    m_answers.pop_front();
    const std::uint64_t count_before = m_follower.tick(wall_now).digest_count;
    m_follower.on_digests(answer.beat, answer.equal, wall_now);
    const bool counted = m_follower.tick(wall_now).digest_count != count_before;
    if (!counted || !answer.equal) continue;
    ++m_proof_count;
    m_proven_at_true = std::max(m_proven_at_true, answer.sent_at_true);
  }
}

void SimulatedWall::take_items(wire::Now wall_now, Duration now, const Weather& weather) {
  for (wire::FollowerItem& item : m_follower.take_items()) {
    EXPECT_FALSE(std::holds_alternative<wire::ClearItem>(item));
    if (auto* restore = std::get_if<wire::RestoreItem>(&item)) apply(std::move(*restore), wall_now, now);
    if (const auto* event = std::get_if<wire::EventItem>(&item)) apply(*event);
    if (const auto* beat = std::get_if<wire::BeatItem>(&item)) apply(*beat, now, weather);
  }
}

void SimulatedWall::apply(wire::RestoreItem restore, wire::Now wall_now, Duration now) {
  m_epoch = m_follower.tick(wall_now).epoch;
  m_sequence = m_checked_through = restore.sequence;
  m_state_time = restore.state_time;
  m_applied.clear();
  m_wrong_since = Duration::max();
  // Now and then one that cannot be used.
  if (m_random.next_below(20) == 0 && !restore.parts.empty()) restore.parts[0].resize(restore.parts[0].size() / 2);
  std::vector<feed::Item> items{std::move(restore)};
  const app::ItemAnswers answers = app::fold_items(m_world, items);
  if (answers.restore_failure.empty()) return;
  m_wrong_since = now;
  m_follower.on_restore_failed(answers.restore_failure, wall_now);
}

void SimulatedWall::apply(const wire::EventItem& item) {
  EXPECT_EQ(item.decoded.epoch, m_epoch) << "an event of another epoch";
  EXPECT_GT(item.decoded.sequence, m_sequence) << "told twice or out of order";
  EXPECT_GE(item.decoded.state_time, m_state_time) << "told after a later beat";
  m_sequence = item.decoded.sequence;
  m_state_time = item.decoded.state_time;
  m_applied.insert(m_sequence);
  const bool followed = std::any_of(prefixes().begin(), prefixes().end(),
                                    [&](const std::string& prefix) { return wire::is_under(item.topic, prefix); });
  EXPECT_TRUE(followed) << m_options.path << " was told of " << item.topic;
  if (m_epoch == m_truth.epoch()) {
    ASSERT_LE(m_sequence, m_truth.told().size());
    EXPECT_EQ(item.body, m_truth.told()[m_sequence - 1].body) << "another event than the hub told";
  }
  auto event = wire::decode_feed_event(item.body);
  ASSERT_TRUE(event.ok()) << event.error().message;
  model::SequencedEvent sequenced;
  sequenced.event = std::move(*event);
  sequenced.sequence = m_sequence;
  sequenced.state_time = sequenced.received_at = m_state_time;
  m_resolver.resolve(sequenced);
  std::vector<feed::Item> items{std::move(sequenced)};
  app::fold_items(m_world, items);
}

void SimulatedWall::apply(const wire::BeatItem& beat, Duration now, const Weather& weather) {
  EXPECT_EQ(beat.epoch, m_epoch);
  EXPECT_GE(beat.state_time, m_state_time);
  m_state_time = beat.state_time;
  const auto moments = m_truth.moments(beat);
  ASSERT_FALSE(moments.empty()) << "a beat that the hub never told";
  std::vector<feed::Item> items{beat};
  const app::ItemAnswers answers = app::fold_items(m_world, items);
  ASSERT_EQ(answers.beats.size(), 1u);
  const bool ours = m_wrong_since != Duration::max();
  if (!ours) {
    EXPECT_TRUE(answers.beats[0].equal) << m_options.path << " differs from the hub at a beat";
    check_holes(moments.front()->feed_sequence);
  }
  if (m_random.next_below(20) == 0) check_sums();
  const Duration takes = milliseconds(m_random.next_below(weather.slow_state ? 1500 : 100));
  const Duration due_at = std::max(now + takes, m_answers.empty() ? Duration{} : m_answers.back().due_at);
  m_answers.push_back({due_at, beat.beat, answers.beats[0].equal, moments.back()->sent_at_true});
}

// Everything that the hub told under our prefixes until the beat has come: a wall with a hole is given no beat.
void SimulatedWall::check_holes(std::uint64_t feed_sequence) {
  if (m_epoch != m_truth.epoch()) return;
  ASSERT_LE(feed_sequence, m_truth.told().size());
  for (std::uint64_t sequence = m_checked_through + 1; sequence <= feed_sequence; ++sequence) {
    const std::string& topic = m_truth.told()[sequence - 1].topic;
    const bool followed = std::any_of(prefixes().begin(), prefixes().end(),
                                      [&](const std::string& prefix) { return wire::is_under(topic, prefix); });
    if (!followed) continue;
    EXPECT_EQ(m_applied.erase(sequence), 1u) << m_options.path << " has a hole at " << sequence;
  }
  m_checked_through = std::max(m_checked_through, feed_sequence);
}

void SimulatedWall::check_sums() {
  const auto snapshot = m_world.freeze();
  const auto& divisions = m_options.tree->divisions();
  for (const auto& division : divisions) {
    const model::DivisionIndex index = m_options.tree->find(division.code);
    state::CaseCounts sum = snapshot->own(index);
    if (division.children.size() == 0) continue;
    for (const auto& child : divisions) {
      if (child.parent == index) sum += snapshot->total->at(m_options.tree->find(child.code).value);
    }
    EXPECT_EQ(sum, snapshot->total->at(index.value)) << "counts of " << division.code << " do not add up";
  }
}

void SimulatedWall::corrupt(Duration now) {
  if (m_epoch == 0) return;
  model::SequencedEvent event;
  event.event.type = "incident.reported";
  event.event.incident.incident_id = fmt::format("nobody's {}", now.count());
  event.event.division_path = m_options.path;
  event.division = m_options.tree->find_path(m_options.path);
  event.sequence = m_sequence;
  event.state_time = m_world.state_time();
  m_world.apply({&event, 1});
  m_wrong_since = std::min(m_wrong_since, now);
}

// In step: a state that was found equal to the hub's within the last second, of the hub's own epoch.
void SimulatedWall::check_status(Duration now) const {
  const model::FeedStatus& status = m_follower.status();
  if (status.state != model::FeedState::Live) return;
  EXPECT_EQ(status.epoch, m_epoch) << "in step with figures of another epoch";
  EXPECT_LE(now - m_proven_at_true, wire::kBehindShownFrom) << "in step with a state that was proven long ago";
  EXPECT_TRUE(m_wrong_since == Duration::max() || now - m_wrong_since < seconds(2)) << "in step with a wrong state";
}

}  // namespace gridwall::hub
