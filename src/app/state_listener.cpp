#include "app/state_listener.hpp"

#include <algorithm>
#include <cstdio>
#include <thread>

#include "app/feed_state.hpp"
#include "base/json_writer.hpp"
#include "base/time_text.hpp"

namespace gridwall::app {

namespace {

constexpr base::Duration kIdleTurn = std::chrono::milliseconds(2);

void print_line(const std::string& line) {
  std::fwrite(line.data(), 1, line.size(), stdout);
  std::fputc('\n', stdout);
  std::fflush(stdout);
}

double seconds_of(base::Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

}  // namespace

base::Result<std::unique_ptr<StateListener>> StateListener::connect(const StateListenerOptions& options,
                                                                    const WallData& data, const base::Clock& clock) {
  TRY_ASSIGN(auto resolver, geo::EventResolver::create(data.tree));
  std::unique_ptr<StateListener> listener(new StateListener(options, data, std::move(resolver)));
  std::vector<std::string> prefixes = options.prefixes;
  if (prefixes.empty()) prefixes.emplace_back(data.tree->at(data.tree->root()).path);
  for (const std::string& prefix : prefixes) {
    if (!data.tree->find_path(prefix).valid()) {
      return base::Error{base::ErrorCode::NotFound,
                         fmt::format("--prefix {}: no division of these layers has that path", prefix)};
    }
    feed::SubscriberOptions subscriber = options.subscriber;
    subscriber.prefix = prefix;
    subscriber.tree_hash = data.tree->content_hash();
    subscriber.rules_hash = data.rules_hash;
    subscriber.has_state = true;
    TRY_ASSIGN(auto connected, feed::Subscriber::connect(subscriber, clock));
    listener->m_walls.push_back(
        {prefix, std::move(connected), state::World(data.tree, data.vocabulary, data.rules), {}, {}, 0, 0, {}});
  }
  return listener;
}

StateListener::StateListener(const StateListenerOptions& options, const WallData& data, geo::EventResolver resolver)
    : m_options(options), m_tree(data.tree), m_resolver(std::move(resolver)) {}

void StateListener::poll(base::Duration patience) {
  // Where there are many, one turn over all of them is wait enough.
  const base::Duration each = m_walls.size() == 1 ? patience : base::Duration::zero();
  const std::uint64_t heard_before = m_heard_count;
  for (Wall& wall : m_walls) poll_one(wall, each);
  if (m_walls.size() > 1 && m_heard_count == heard_before) std::this_thread::sleep_for(std::min(patience, kIdleTurn));
}

void StateListener::poll_one(Wall& wall, base::Duration patience) {
  feed::PollResult result = wall.subscriber.poll(patience);
  for (feed::Item& item : result.items) {
    if (auto* event = std::get_if<model::SequencedEvent>(&item)) {
      m_resolver.resolve(*event);
      ++wall.event_count;
      ++m_heard_count;
    } else if (std::holds_alternative<feed::Restore>(item)) {
      ++wall.restore_count;
    }
  }
  const ItemAnswers answers = fold_items(wall.world, result.items);
  tell(wall.subscriber, answers);
  wall.status = std::move(result.status);
  if (wall.status.state == model::FeedState::Live) wall.worst_behind = std::max(wall.worst_behind, wall.status.behind);
  if (m_options.beats && !answers.beats.empty()) print_state(wall, answers.beats.back().equal ? "beat" : "differs");
  if (wall.told != wall.status.state) {
    wall.told = wall.status.state;
    print_state(wall, "state");
  }
}

bool StateListener::all_in_step() const {
  return std::all_of(m_walls.begin(), m_walls.end(),
                     [](const Wall& wall) { return wall.status.state == model::FeedState::Live; });
}

void StateListener::print_states(std::string_view kind) const {
  for (const Wall& wall : m_walls) print_state(wall, kind);
}

void StateListener::print_state(const Wall& wall, std::string_view kind) const {
  const model::FeedStatus& status = wall.status;
  if (!m_options.json) {
    return print_line(fmt::format(
        "{:<10} {:<24} {:<10} event {} at {}  digest {}  {} events, {} gaps, {} fetched, {} of {} digests differ{}{}",
        kind, wall.prefix, feed_state_text(status), wall.world.sequence(),
        base::format_rfc3339(wall.world.state_time()), digest_text(wall.world, wall.prefix), wall.event_count,
        status.gap_count, status.resync_count, status.digest_differs_count, status.digest_count,
        status.detail.empty() ? "" : "  ", status.detail));
  }
  base::JsonWriter json;
  json.begin_object().field("kind", kind).field("prefix", wall.prefix);
  write_feed_state(json, status);
  json.field("detail", status.detail);
  json.field("sequence", wall.world.sequence()).field("last_sequence", status.last_sequence);
  json.field("state_time", base::format_rfc3339(wall.world.state_time()));
  // Exact, so that a line can be told to be of a heartbeat's very moment.
  json.field("state_time_ns", static_cast<std::int64_t>(wall.world.state_time().time_since_epoch().count()));
  json.field("digest", digest_text(wall.world, wall.prefix)).field("epoch", fmt::format("{:016x}", status.epoch));
  json.field("events", wall.event_count).field("restores", wall.restore_count);
  json.field("gaps", status.gap_count).field("resyncs", status.resync_count).field("bad", status.bad_count);
  json.field("digests_compared", status.digest_count).field("digests_differ", status.digest_differs_count);
  json.field("incidents", wall.world.incident_count()).field("durable_through", status.durable_through);
  json.field("behind_s", seconds_of(status.behind)).field("worst_behind_s", seconds_of(wall.worst_behind));
  json.end_object();
  print_line(json.text());
}

}  // namespace gridwall::app
