#include "wire/follower.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>

#include "base/hash.hpp"
#include "wire/constants.hpp"
#include "wire/sync_exchange.hpp"
#include "wire/topics.hpp"

namespace gridwall::wire {

namespace {

constexpr std::uint32_t kCreditsAtFirst = 8;
constexpr std::size_t kBeatsAwaitedMax = 64;  // answers of older ones are not waited for
constexpr std::size_t kMessageCostBytes = 256;
constexpr std::uint32_t kFailuresBeforeSnapshot = 3;

// 0.2 s after the first failure, doubling to 5 s, a quarter more or less by the ticket, so that many walls that failed
// together do not ask together.
base::Duration back_off(std::uint32_t failure_count, std::uint64_t ticket) {
  const auto doublings = std::min<std::uint32_t>(failure_count == 0 ? 0 : failure_count - 1, 16);
  const base::Duration whole = std::min<base::Duration>(kSyncRetryMin * (1 << doublings), kSyncRetryMax);
  const auto share = static_cast<std::int64_t>(base::hash_bytes(fmt::format("{}", ticket)) % 512);
  return whole * 3 / 4 + whole * share / 1024;
}

}  // namespace

struct Follower::Machine {
  explicit Machine(FollowerOptions options_)
      : options(std::move(options_)),
        tracker({options.path, options.tree_hash, options.rules_hash, options.has_state}),
        newest_beats(tracker.prefixes().size()) {}

  enum class Told : std::uint8_t { Queued, AtOnce };  // how an event may get to the state
  bool on_event(const FeedHeader& header, const FeedMessageView& message, Now now, Told told);
  void on_heartbeat(const Heartbeat& heartbeat, Now now);
  void on_sync(SyncAnswer answer, Now now);
  void on_digests(std::uint64_t beat, bool equal, Now now);
  void on_restore_failed(std::string detail, Now now);
  const model::FeedStatus& tick(Now now);

  void on_heard(const Heard& heard, Now now);
  void note_told(const FeedHeader& header);
  void hold(EventItem item, Now now);
  void start_recovery(base::MonoTime ask_at);
  void pursue(Now now);
  void ask(Now now);
  void give_up(Now now);
  void fail(Now now);
  void drop_exchange();
  void on_refused(const SyncRefused& refused, Now now);
  void commit(SyncExchange::Fetched fetched, Now now);
  [[nodiscard]] bool comes_too_late(const std::vector<EventItem>& events) const;
  void try_beat();
  [[nodiscard]] bool beat_is_whole() const;
  [[nodiscard]] bool beat_is_applied() const;

  FollowerOptions options;
  FeedTracker tracker;
  model::FeedStatus shown;
  std::vector<FollowerItem> items;
  std::vector<SyncAsk> requests;

  // What the items have told: sequence and state time that they reach.
  std::uint64_t told_through = 0;
  base::UtcTime told_time = base::UtcTime::min();

  // Sync.
  std::optional<SyncExchange> exchange;
  std::deque<EventItem> held;  // live events while an exchange runs; none is needed before it
  std::size_t held_bytes = 0;
  bool snapshot_needed = false;
  base::MonoTime ask_due_at{};
  base::MonoTime asked_at{};
  std::uint64_t ask_count = 0, last_ticket = 0;
  std::uint32_t failure_count = 0;  // since the state was last proven
  std::uint64_t resync_count = 0, digest_count = 0, digest_differs_count = 0;
  std::string sync_refusal, restore_problem;

  // Heartbeats that are still to become a beat, beside tracker.prefixes(), and beats whose answer is awaited.
  std::vector<std::optional<Heartbeat>> newest_beats;
  struct Awaited {
    std::uint64_t beat = 0;
    base::Duration sent_at{};
  };
  std::deque<Awaited> awaited;
  std::uint64_t beat_count = 0;
};

void Follower::Machine::on_heard(const Heard& heard, Now now) {
  if (!heard.restarted) return;
  std::fill(newest_beats.begin(), newest_beats.end(), std::nullopt);
  told_through = 0;
  told_time = base::UtcTime::min();
  failure_count = 0;
  sync_refusal.clear();
  if (options.has_state) {
    drop_exchange();
    start_recovery(now.mono);
  } else {
    awaited.clear();
    items.emplace_back(ClearItem{});
  }
}

bool Follower::Machine::on_event(const FeedHeader& header, const FeedMessageView& message, Now now, Told told) {
  const bool was_in_step = tracker.in_step();
  const Heard heard = tracker.on_event(header, message.topic, now);
  on_heard(heard, now);
  if (was_in_step && heard.gap && options.has_state) start_recovery(now.mono);
  const bool wanted = heard.apply || (heard.hold && exchange);
  if (!wanted) return false;
  const auto item = [&] { return EventItem{std::string(message.topic), std::string(message.body), header, now}; };
  if (heard.hold) {
    hold(item(), now);
    return false;
  }
  // A copy only where something stands before it.
  const bool at_once = told == Told::AtOnce && items.empty();
  if (!at_once) items.emplace_back(item());
  note_told(header);
  try_beat();
  return at_once;
}

void Follower::Machine::note_told(const FeedHeader& header) {
  told_through = std::max(told_through, header.sequence);
  told_time = std::max(told_time, header.state_time);
}

void Follower::Machine::hold(EventItem item, Now now) {
  held_bytes += item.topic.size() + item.body.size() + kMessageCostBytes;
  held.push_back(std::move(item));
  if (held_bytes > options.buffer_bytes_max) give_up(now);
}

void Follower::Machine::on_heartbeat(const Heartbeat& heartbeat, Now now) {
  const std::uint64_t bad_before = tracker.status().bad_count;
  const Heard heard = tracker.on_heartbeat(heartbeat, now);
  on_heard(heard, now);
  const bool ours = tracker.status().bad_count == bad_before && heartbeat.epoch == tracker.status().epoch &&
                    heartbeat.journal == tracker.journal();
  if (!ours) return;
  const auto& prefixes = tracker.prefixes();
  const auto found = std::find(prefixes.begin(), prefixes.end(), heartbeat.prefix);
  auto& newest = newest_beats[static_cast<std::size_t>(found - prefixes.begin())];
  if (!newest || heartbeat.clock.sent_at >= newest->clock.sent_at) newest = heartbeat;
  try_beat();
}

// All prefixes' heartbeats of one moment are there.
bool Follower::Machine::beat_is_whole() const {
  return std::all_of(newest_beats.begin(), newest_beats.end(), [&](const std::optional<Heartbeat>& beat) {
    return beat && beat->clock.state_time == newest_beats.front()->clock.state_time &&
           beat->feed_sequence == newest_beats.front()->feed_sequence;
  });
}

// Everything that the hub had published under our prefixes at that moment was told.
bool Follower::Machine::beat_is_applied() const {
  if (!options.has_state) return tracker.has_all_promised();
  return tracker.in_step() &&
         std::all_of(newest_beats.begin(), newest_beats.end(), [&](const std::optional<Heartbeat>& beat) {
           return beat->last_sequence <= tracker.complete_through(beat->prefix);
         });
}

void Follower::Machine::try_beat() {
  if (newest_beats.empty() || !newest_beats.front() || !beat_is_whole() || !beat_is_applied()) return;
  const Heartbeat& first = *newest_beats.front();
  // One that an event has overtaken tells of a moment that is past: our state is already another.
  const bool past = first.clock.state_time < told_time || (options.has_state && first.feed_sequence < told_through);
  if (!past) {
    BeatItem item{++beat_count, first.epoch, first.clock.state_time, {}};
    bool has_digest = false;
    base::Duration sent_at = base::Duration::max();
    for (const auto& beat : newest_beats) {
      item.digests.push_back({beat->prefix, beat->digest});
      has_digest |= !beat->digest.empty();
      sent_at = std::min(sent_at, beat->clock.sent_at);
    }
    told_time = item.state_time;
    items.emplace_back(std::move(item));
    if (has_digest) {
      if (awaited.size() == kBeatsAwaitedMax) awaited.pop_front();
      awaited.push_back({beat_count, sent_at});
    } else {
      // A hub without digests cannot be compared with.
      tracker.prove(sent_at);
      failure_count = 0;
    }
  }
  std::fill(newest_beats.begin(), newest_beats.end(), std::nullopt);
}

void Follower::Machine::on_digests(std::uint64_t beat, bool equal, Now now) {
  const auto found = std::find_if(awaited.begin(), awaited.end(), [&](const Awaited& a) { return a.beat == beat; });
  // Of a state that has been replaced since, or answered before.
  if (found == awaited.end()) return;
  const base::Duration sent_at = found->sent_at;
  awaited.erase(awaited.begin(), found + 1);
  ++digest_count;
  if (equal) {
    tracker.prove(sent_at);
    failure_count = 0;
    restore_problem.clear();
    return;
  }
  ++digest_differs_count;
  snapshot_needed = true;
  tracker.lose_step(now);
  fail(now);
}

void Follower::Machine::on_restore_failed(std::string detail, Now now) {
  if (!options.has_state) return;
  restore_problem = std::move(detail);
  snapshot_needed = true;
  tracker.lose_step(now);
  fail(now);
}

// Asks again after a while, longer each time until the state is proven.
void Follower::Machine::fail(Now now) {
  ++failure_count;
  drop_exchange();
  start_recovery(now.mono + back_off(failure_count, last_ticket));
}

void Follower::Machine::drop_exchange() {
  if (exchange) requests.emplace_back(SyncStop{exchange->request().ticket});
  exchange.reset();
  held.clear();
  held_bytes = 0;
}

void Follower::Machine::give_up(Now now) {
  fail(now);
}

void Follower::Machine::start_recovery(base::MonoTime ask_at) {
  // Answers on the way are about a state that is not proven any more, whatever they say.
  awaited.clear();
  // A feed that keeps losing is not to make a flood of requests.
  ask_due_at = ask_count == 0 ? ask_at : std::max(ask_at, asked_at + kSyncRetryMin);
}

void Follower::Machine::pursue(Now now) {
  if (tracker.in_step()) return;
  if (exchange) {
    if (now.mono - exchange->progress_at() >= kSyncPatience) give_up(now);
    return;
  }
  const bool may_ask = tracker.all_heard() && !tracker.differs() && now.mono >= ask_due_at &&
                       tracker.status().state != model::FeedState::Refused;
  if (may_ask) ask(now);
}

void Follower::Machine::ask(Now now) {
  SyncRequest request;
  last_ticket =
      base::hash_bytes(fmt::format("{} {} {}", options.path, now.mono.time_since_epoch().count(), ++ask_count));
  request.ticket = std::max<std::uint64_t>(last_ticket, 1);
  request.journal = tracker.journal();
  request.epoch = tracker.status().epoch;
  request.prefixes = tracker.prefixes();
  // Where the events since then do not come through again and again, a snapshot may.
  const bool from_nothing = snapshot_needed || failure_count >= kFailuresBeforeSnapshot;
  request.since = from_nothing ? 0 : tracker.complete_through();
  request.at_least = tracker.seen();
  request.credits = kCreditsAtFirst;
  asked_at = now.mono;
  exchange.emplace(request, options.buffer_bytes_max, now);
  requests.emplace_back(std::move(request));
}

void Follower::Machine::on_sync(SyncAnswer answer, Now now) {
  const auto ticket = std::visit([](const auto& value) { return value.ticket; }, answer);
  if (!exchange || exchange->request().ticket != ticket) {
    // The hub serves what nobody waits for any more.
    if (std::holds_alternative<SyncBegin>(answer)) requests.emplace_back(SyncStop{ticket});
    return;
  }
  const auto outcome = exchange->on_answer(std::move(answer), now);
  if (const std::uint32_t credits = exchange->take_credits(); credits > 0) {
    requests.emplace_back(SyncCredit{ticket, credits});
  }
  switch (outcome) {
    case SyncExchange::Outcome::Ignored:
      return;
    case SyncExchange::Outcome::Progress:
      sync_refusal.clear();
      return;
    case SyncExchange::Outcome::Done:
      return commit(exchange->take(), now);
    case SyncExchange::Outcome::Broken:
      return give_up(now);
    case SyncExchange::Outcome::Refused:
      return on_refused(exchange->refusal(), now);
  }
}

void Follower::Machine::on_refused(const SyncRefused& refused, Now now) {
  if (refused.reason == "prefix") sync_refusal = refused.detail.empty() ? refused.reason : refused.detail;
  exchange.reset();  // the hub has forgotten it already
  fail(now);
}

// Whether one of them belongs before something that was already told. Prefixes have their own chains, so of two that
// were sent in order the first may be missing and the second told; only a snapshot helps then.
bool Follower::Machine::comes_too_late(const std::vector<EventItem>& events) const {
  return std::any_of(events.begin(), events.end(), [&](const EventItem& event) {
    return event.decoded.sequence > tracker.complete_through(event.topic) && event.decoded.sequence < told_through;
  });
}

void Follower::Machine::commit(SyncExchange::Fetched fetched, Now now) {
  exchange.reset();
  auto waiting = std::exchange(held, {});
  held_bytes = 0;
  const bool is_snapshot = fetched.begin.is_snapshot;
  if (!is_snapshot && comes_too_late(fetched.events)) {
    snapshot_needed = true;
    return start_recovery(now.mono);
  }
  if (is_snapshot) {
    told_through = fetched.begin.sequence;
    told_time = fetched.begin.state_time;
    items.emplace_back(RestoreItem{fetched.begin.sequence, fetched.begin.state_time, std::move(fetched.head),
                                   std::move(fetched.parts)});
  }
  for (EventItem& event : fetched.events) {
    if (!is_snapshot && event.decoded.sequence <= tracker.complete_through(event.topic)) continue;
    tracker.count_event(event.decoded.sequence);
    note_told(event.decoded);
    items.emplace_back(std::move(event));
  }
  tracker.settle(fetched.through, now);
  told_through = std::max(told_through, fetched.through);
  snapshot_needed = false;
  restore_problem.clear();
  ++resync_count;
  for (const EventItem& event : waiting) on_event(event.decoded, {event.topic, {}, event.body}, now, Told::Queued);
  try_beat();
}

const model::FeedStatus& Follower::Machine::tick(Now now) {
  const bool was_in_step = tracker.in_step();
  tracker.tick(now);
  if (was_in_step && !tracker.in_step()) start_recovery(now.mono);
  if (options.has_state) pursue(now);
  shown = tracker.status();
  shown.resync_count = resync_count;
  shown.digest_count = digest_count;
  shown.digest_differs_count = digest_differs_count;
  if (shown.state == model::FeedState::Recovering && !sync_refusal.empty()) {
    shown.state = model::FeedState::Refused;
    shown.detail = sync_refusal;
  }
  if (shown.state == model::FeedState::Recovering) shown.detail = restore_problem;
  return shown;
}

Follower::Follower(FollowerOptions options) : m_machine(std::make_unique<Machine>(std::move(options))) {}
Follower::Follower(Follower&&) noexcept = default;
Follower& Follower::operator=(Follower&&) noexcept = default;
Follower::~Follower() = default;

bool Follower::on_event(const FeedHeader& header, const FeedMessageView& message, Now now) {
  return m_machine->on_event(header, message, now, Machine::Told::AtOnce);
}
void Follower::on_heartbeat(const Heartbeat& heartbeat, Now now) {
  m_machine->on_heartbeat(heartbeat, now);
}
void Follower::on_clock(const ClockBeacon& beacon) {
  m_machine->tracker.on_clock(beacon);
}
void Follower::on_clock_offset(const OffsetMeasurement& measurement) {
  m_machine->tracker.on_clock_offset(measurement);
}
void Follower::on_sync(const SyncAnswer& answer, Now now) {
  m_machine->on_sync(answer, now);
}
void Follower::on_digests(std::uint64_t beat, bool equal, Now now) {
  m_machine->on_digests(beat, equal, now);
}
void Follower::on_restore_failed(std::string detail, Now now) {
  m_machine->on_restore_failed(std::move(detail), now);
}
void Follower::on_bad_message() {
  m_machine->tracker.on_bad_message();
}
void Follower::set_refused(std::string detail) {
  m_machine->tracker.set_refused(std::move(detail));
}
const model::FeedStatus& Follower::tick(Now now) {
  return m_machine->tick(now);
}
const model::FeedStatus& Follower::status() const {
  return m_machine->shown;
}
const std::vector<std::string>& Follower::prefixes() const {
  return m_machine->tracker.prefixes();
}
std::vector<FollowerItem> Follower::take_items() {
  return std::exchange(m_machine->items, {});
}
std::vector<SyncAsk> Follower::take_requests() {
  return std::exchange(m_machine->requests, {});
}

}  // namespace gridwall::wire
