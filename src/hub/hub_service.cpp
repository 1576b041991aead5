#include "hub/hub_service.hpp"

#include <algorithm>
#include <random>

#include "base/log.hpp"
#include "base/percentile.hpp"
#include "hub/status_json.hpp"
#include "model/path.hpp"
#include "wire/constants.hpp"
#include "wire/topics.hpp"

namespace gridwall::hub {

using base::Duration;
using base::MonoTime;
using base::Result;
using base::Status;

namespace {

constexpr Duration kTurnMax = std::chrono::milliseconds(100);    // how soon a stop is seen
constexpr Duration kWaitingTurn = std::chrono::milliseconds(1);  // while answers wait for the disk
constexpr Duration kBeaconInterval = std::chrono::seconds(1);
constexpr Duration kDrainMax = std::chrono::seconds(5);
constexpr int kRequestsPerTurn = 256;  // then subscriptions and heartbeats have their turn
constexpr std::size_t kClientsMax = 10'000;
constexpr std::size_t kRequestFloorBytes = 256;  // what the smallest request is charged
constexpr std::size_t kAcceptsKept = 1000;

constexpr std::string_view kRateLimited = "rate_limited";
constexpr std::string_view kReplaying = "replaying";
constexpr std::string_view kAccepted = "accepted", kRefused = "refused";  // in the audit log

std::uint64_t random_u64() {
  static_assert(std::random_device::max() == 0xffffffffu);
  std::random_device device;
  return std::uint64_t{device()} << 32 | device();
}

wire::JournalId random_journal() {
  wire::JournalId journal;
  for (std::size_t i = 0; i < journal.size(); i += 8) {
    const std::uint64_t bits = random_u64();
    for (std::size_t k = 0; k < 8; ++k) journal[i + k] = static_cast<std::uint8_t>(bits >> (8 * k));
  }
  return journal;
}

journal::Identity identity_of(const HubOptions& options) {
  journal::Identity identity;
  identity.journal = random_journal();
  identity.profile = options.profile_id;
  identity.root_path = options.tree->at(options.tree->root()).path;
  identity.tree_hash = options.tree->content_hash();
  identity.zone = options.rules->zone.name();
  identity.simulated = options.clock_mode == model::ClockMode::Simulated;
  return identity;
}

Result<feed::HubSockets> bind_sockets(const HubOptions& options) {
  const feed::Protection protection = feed::protection_of_hub(options.key_folder, options.insecure);
  feed::HubSocketOptions sockets;
  TRY_ASSIGN(sockets.requests, feed::parse_endpoint(options.requests_endpoint, feed::EndpointUse::Bind, protection));
  TRY_ASSIGN(sockets.feed, feed::parse_endpoint(options.feed_endpoint, feed::EndpointUse::Bind, protection));
  TRY_ASSIGN(sockets.sync, feed::parse_endpoint(options.sync_endpoint, feed::EndpointUse::Bind, protection));
  sockets.feed_queue = options.feed_queue;
  sockets.key_folder = options.key_folder;
  return feed::HubSockets::bind(sockets);
}

base::Status begin_from(const std::filesystem::path& file, const wire::JournalId& journal, Ledger& ledger) {
  TRY_ASSIGN(const auto recording, journal::Recording::open(file));
  const auto restored = restore_ledger(file, recording.last_sequence(), journal, ledger);
  return restored.ok() ? base::Status{} : restored.error();
}

}  // namespace

Result<std::unique_ptr<HubService>> HubService::create(const HubOptions& options) {
  LedgerOptions ledger{options.tree,     options.vocabulary, options.rules,
                       random_journal(), random_u64(),       options.replay.empty()};
  // The journal first: of two hubs of one journal the second must not take the doors.
  std::unique_ptr<JournalKeeper> journal;
  if (options.journal) {
    TRY_ASSIGN(journal, JournalKeeper::open(*options.journal, identity_of(options)));
    ledger.journal = journal->journal();
  }
  TRY_ASSIGN(feed::HubSockets sockets, bind_sockets(options));
  std::unique_ptr<HubService> service(new HubService(options, std::move(sockets)));
  if (options.replay.empty()) {
    IntakeOptions intake;
    intake.ledger = ledger;
    TRY_ASSIGN(service->m_live, LiveDesk::open(std::move(intake), std::move(journal), options.clock->now_utc()));
    if (!options.begin_from.empty()) TRY(begin_from(options.begin_from, ledger.journal, service->ledger()));
  } else {
    TRY_ASSIGN(service->m_replay, ReplayDesk::open(options.replay, ledger, options.clock->now_mono()));
    service->m_replay->begin_epoch(random_u64());
  }
  if (!options.audit_folder.empty()) {
    TRY_ASSIGN(service->m_audit, AuditTrail::start({options.audit_folder, options.rules->zone}, *options.clock));
  }
  TRY_ASSIGN(service->m_sync, SyncService::start(ledger, service->m_sockets.take_sync()));
  const auto state = std::make_shared<const StateCopy>(service->ledger().copy());
  service->m_sync->start_epoch(state);
  JournalKeeper* const written = service->m_live ? service->m_live->journal() : nullptr;
  if (written != nullptr) TRY(written->start(*state, options.clock->now_utc(), options.clock->now_mono()));
  return service;
}

HubService::HubService(HubOptions options, feed::HubSockets sockets)
    : m_options(std::move(options)), m_sockets(std::move(sockets)), m_limiter(m_options.client_bytes, kClientsMax) {}

HubService::~HubService() = default;

void HubService::run(const std::stop_token& stop, base::LatestSlot<HubStatus>& slot) {
  m_beat_due_at = m_beacon_due_at = m_options.clock->now_mono();
  MonoTime told_at = m_beat_due_at;
  while (!stop.stop_requested()) {
    const MonoTime now = m_options.clock->now_mono();
    const Duration turn = m_live && m_live->waiting_count() > 0 ? kWaitingTurn
                          : m_replay                            ? m_replay->patience()
                                                                : kTurnMax;
    m_sockets.wait(std::clamp<Duration>(m_beat_due_at - now, Duration::zero(), turn));
    read_subscriptions();
    serve_requests();
    look_at_journal(m_options.clock->now_mono());
    if (m_replay) play_recording(m_options.clock->now_mono());
    beat_when_due();
    if (m_options.clock->now_mono() - told_at >= wire::kHeartbeatInterval) {
      told_at = m_options.clock->now_mono();
      audit_connections();
      tell(slot);
    }
  }
  drain_journal();
  tell(slot);
}

bool HubService::knows_prefix(std::string_view prefix) const {
  const std::string_view path = model::is_own_leaf(prefix) ? prefix.substr(0, prefix.size() - 1) : prefix;
  return m_options.tree->find_path(path).valid();
}

void HubService::read_subscriptions() {
  while (const auto change = m_sockets.receive_subscription()) {
    const auto prefix = wire::heartbeat_prefix(change->topic);
    if (!prefix) continue;
    if (!knows_prefix(*prefix)) {
      if (change->subscribed && ++m_status.unknown_prefix_count == 1) {
        base::log_warning("hub", "a subscriber follows a prefix that names no division here; it gets no heartbeat");
      }
      continue;
    }
    const std::string key(*prefix);
    if (change->subscribed) {
      ++m_followers[key];
    } else if (const auto found = m_followers.find(key); found != m_followers.end() && --found->second == 0) {
      m_followers.erase(found);
    }
  }
}

void HubService::serve_requests() {
  for (int i = 0; i < kRequestsPerTurn && m_options.clock->now_mono() < m_beat_due_at; ++i) {
    const auto request = m_sockets.receive_request();
    if (!request) return;
    serve(*request);
  }
}

void HubService::serve(const feed::Request& request) {
  ++m_status.request_count;
  if (request.part_count != 1) {
    ++m_status.bad_request_count;
    return answer(request, wire::encode_error("expected a message of one part: an event, or an array of events"));
  }
  const auto cost = static_cast<double>(std::max(request.payload.size(), kRequestFloorBytes));
  if (!m_limiter.admit(request.client(), cost, m_options.clock->now_mono())) {
    ++m_status.rate_limited_count;
    wire::Answer refusal;
    refusal.reason = kRateLimited;
    refusal.detail = "too much at once from this connection; send the same message again a little later";
    return answer(request, wire::encode_answers({refusal}));
  }
  const wire::Request decoded = wire::decode_request(request.payload);
  if (const auto* ping = std::get_if<wire::PingRequest>(&decoded)) {
    ++m_status.ping_count;
    const wire::Pong pong{ping->sent, m_options.clock->now_mono().time_since_epoch(), m_options.clock->now_utc(),
                          ledger().sequencer().epoch()};
    answer(request, wire::encode_pong(pong));
  } else if (std::holds_alternative<wire::HelloRequest>(decoded)) {
    ++m_status.hello_count;
    answer(request, wire::encode_hello(hello()));
  } else if (const auto* asked = std::get_if<wire::ControlRequest>(&decoded)) {
    control(request, *asked);
  } else if (std::holds_alternative<wire::StatusRequest>(decoded)) {
    gather();  // as it is now, not as it was told last
    answer(request, status_json(m_status));
  } else if (const auto* density = std::get_if<wire::DensityRequest>(&decoded)) {
    answer(request, m_replay ? m_replay->density(density->bucket_count)
                             : wire::encode_error("this hub is live; only a replay has a timeline"));
  } else if (const auto* bad = std::get_if<wire::BadRequest>(&decoded)) {
    ++m_status.bad_request_count;
    answer(request, wire::encode_error(bad->detail));
  } else {
    publish_events(request);
  }
}

void HubService::publish_events(const feed::Request& request) {
  if (m_replay) {
    wire::Answer refusal;
    refusal.reason = kReplaying;
    refusal.detail = "the hub plays a recording and takes nothing in";
    return answer(request, wire::encode_answers({std::move(refusal)}));
  }
  const MonoTime now = m_options.clock->now_mono();
  const Rights rights{feed::may(request.peer.roles, feed::Action::Publish),
                      feed::may(request.peer.roles, feed::Action::Command)};
  LiveDesk::Taken taken =
      m_live->take(request, rights, m_options.clock->now_utc(), now, [this] { return m_sync->want_keyframe(); });
  if (taken.rate_limited) ++m_status.rate_limited_count;
  audit(request, taken.judged);
  put_out(taken.batch);
  if (taken.answers) answer_events(request, *taken.answers, now);
}

// Published at once: who has an answer may expect walls to have the event.
void HubService::put_out(const std::shared_ptr<const FeedBatch>& batch) {
  if (batch == nullptr) return;
  m_sync->feed(batch);
  for (const FeedMessage& message : batch->messages) m_sockets.publish(message.topic, message.header, message.body);
}

void HubService::answer(const feed::Request& request, std::string_view payload) {
  if (!m_sockets.answer(request, payload)) ++m_status.answer_dropped_count;
}

void HubService::answer_events(const feed::Request& request, const std::vector<wire::Answer>& answers, MonoTime since) {
  answer(request, wire::encode_answers(answers));
  const std::chrono::duration<float, std::milli> took = m_options.clock->now_mono() - since;
  if (m_accept_ms.size() < kAcceptsKept) m_accept_ms.resize(m_accept_ms.size() + 1);
  m_accept_ms[m_accept_next++ % m_accept_ms.size()] = took.count();
}

void HubService::audit(const feed::Request& request, const std::vector<Judged>& judged) {
  if (!m_audit) return;
  for (const Judged& one : judged) {
    m_audit->add({m_options.clock->now_utc(), request.peer.seat, feed::roles_text(request.peer.roles),
                  request.peer.proven, one.is_command ? "command" : "publish", one.event_type, one.event_id,
                  one.incident_id, one.outcome, one.reason, 0});
  }
}

void HubService::audit_connections() {
  m_status.security = m_sockets.security();
  for (const feed::ConnectionRefusal& refusal : m_sockets.take_refusals()) {
    base::log_warning("hub", "connection refused door={} seat={} reason={}", refusal.door, refusal.seat,
                      refusal.reason);
    if (!m_audit) continue;
    m_audit->add(
        {m_options.clock->now_utc(), refusal.seat, "", false, "connect", "", "", "", "refused", refusal.reason, 0});
  }
}

void HubService::look_at_journal(MonoTime now) {
  if (!m_live) return;
  const LiveDesk::Settled settled = m_live->look_at_journal(now);
  if (settled.went_back) start_epoch();
  for (const auto& waiting : settled.answered) answer_events(waiting.request, waiting.answers, waiting.since);
  for (const auto& kept : settled.bookmarks) answer_bookmark(kept);
}

void HubService::start_epoch() {
  const std::uint64_t epoch = random_u64();
  if (m_replay) {
    m_replay->begin_epoch(epoch);
  } else {
    ledger().start_epoch(epoch);
  }
  m_sync->start_epoch(std::make_shared<const StateCopy>(ledger().copy()));
}

void HubService::play_recording(MonoTime now) {
  ReplayDesk::Turn turn = m_replay->turn(now);
  if (!turn.batch.empty()) put_out(std::make_shared<const FeedBatch>(std::move(turn.batch)));
  if (turn.jumped) start_epoch();
}

void HubService::control(const feed::Request& request, const wire::ControlRequest& asked) {
  Status done;
  const bool marks = asked.action == wire::ControlAction::Bookmark;
  if (!feed::may(request.peer.roles, feed::Action::Control)) {
    done = base::Error{base::ErrorCode::Refused, "this key may not steer the clock; ask for the role trainer"};
  } else if (m_replay) {
    done = m_replay->control(asked, m_options.clock->now_mono());
  } else if (!marks) {
    done = base::Error{base::ErrorCode::Refused, "this hub is live; only the clock of a replay can be steered"};
  } else {
    done = m_live->keep_bookmark(request, asked.name);
    if (done.ok()) return;  // told, and noted, when the journal has it
  }
  audit_control(request, asked.action, done.ok() ? kAccepted : kRefused, done.ok() ? "" : "clock");
  if (!done.ok()) return answer(request, wire::encode_error(done.error().message));
  answer(request, wire::encode_replay_status(m_replay->status(clock_state())));
}

void HubService::audit_control(const feed::Request& request, wire::ControlAction action, std::string_view outcome,
                               std::string_view reason) {
  if (!m_audit) return;
  m_audit->add({m_options.clock->now_utc(), request.peer.seat, feed::roles_text(request.peer.roles),
                request.peer.proven, fmt::format("clock.{}", wire::control_action_word(action)), "", "", "",
                std::string(outcome), std::string(reason), 0});
}

void HubService::answer_bookmark(const LiveDesk::Bookmark& kept) {
  const bool written = kept.written.ok();
  audit_control(kept.request, wire::ControlAction::Bookmark, written ? kAccepted : kRefused,
                written ? "" : "not_stored");
  answer(kept.request,
         written ? wire::encode_kept_bookmark({kept.bookmark.sequence, kept.bookmark.state_time, kept.bookmark.name})
                 : wire::encode_error(kept.written.error().message));
}

// What was accepted is written before the hub ends, and its senders hear so.
void HubService::drain_journal() {
  const MonoTime until = m_options.clock->now_mono() + kDrainMax;
  if (!m_live) return;
  while (m_live->waiting_count() > 0 && m_options.clock->now_mono() < until) {
    look_at_journal(m_options.clock->now_mono());
    std::this_thread::sleep_for(kWaitingTurn);
  }
  for (const auto& kept : m_live->give_up_bookmarks()) answer_bookmark(kept);
}

base::UtcTime HubService::advance() {
  return m_replay ? m_replay->advance() : ledger().advance(m_options.clock->now_utc());
}

wire::ClockState HubService::clock_state() {
  const model::ClockMode mode = m_replay ? model::ClockMode::Replay : m_options.clock_mode;
  const double rate = m_replay ? m_replay->told_rate() : m_options.clock_rate;
  return {mode, rate, advance(), m_options.clock->now_mono().time_since_epoch()};
}

wire::Hello HubService::hello() {
  wire::Hello hello;
  hello.journal = ledger().sequencer().journal();
  hello.epoch = ledger().sequencer().epoch();
  hello.feed_port = m_sockets.feed_endpoint().port;
  hello.sync_port = m_sync->port();
  hello.profile = m_options.profile_id;
  hello.root_path = m_options.tree->at(m_options.tree->root()).path;
  hello.tree_hash = m_options.tree->content_hash();
  hello.rules_hash = m_options.rules_hash;
  hello.clock = clock_state();
  return hello;
}

void HubService::beat_when_due() {
  const MonoTime now = m_options.clock->now_mono();
  if (now < m_beat_due_at) return;
  // After a pause of the machine one beat is enough: no burst to catch up.
  m_beat_due_at = std::max(m_beat_due_at + wire::kHeartbeatInterval, now);
  if (m_live && !m_live->is_whole()) return;
  const wire::Sequencer& sequencer = ledger().sequencer();
  wire::Heartbeat heartbeat;
  heartbeat.rules_hash = m_options.rules_hash;
  heartbeat.durable_through = m_live ? m_live->durable_through() : 0;
  // All of one state time, after the timers until then: what the walls compare.
  heartbeat.clock = clock_state();
  for (const auto& [prefix, count] : m_followers) {
    ledger().tell(prefix, heartbeat);
    m_sockets.publish(wire::heartbeat_topic(prefix), wire::encode_heartbeat(heartbeat));
    ++m_status.heartbeat_count;
  }
  if (now < m_beacon_due_at) return;
  m_beacon_due_at = std::max(m_beacon_due_at + kBeaconInterval, now);
  const wire::ClockBeacon beacon{sequencer.journal(), sequencer.epoch(), heartbeat.clock};
  m_sockets.publish(wire::kClockTopic, wire::encode_clock_beacon(beacon));
}

void HubService::gather() {
  if (m_live) {
    m_status.intake = m_live->intake().counters();
    const auto& doubts = m_live->intake().shift_doubts();
    if (m_status.shift_doubts.size() != doubts.size()) m_status.shift_doubts = doubts;
  }
  m_status.epoch = ledger().sequencer().epoch();
  m_status.last_sequence = ledger().sequencer().last_sequence();
  const wire::ClockState clock = clock_state();
  m_status.state_time = clock.state_time;
  if (m_live) m_status.state_ahead = m_ahead.look(clock.state_time, m_options.clock->now_utc());
  if (m_replay) m_status.replay = m_replay->status(clock);
  m_status.followed_prefix_count = m_followers.size();
  if (m_live) {
    if (m_live->journal() != nullptr) m_status.journal = m_live->journal()->status();
    m_status.waiting_answer_count = m_live->waiting_count();
    m_status.journal_failure_count = m_live->journal_failure_count();
  }
  m_status.accept_p50_ms = base::percentile(m_accept_ms, 0.5);
  m_status.accept_p99_ms = base::percentile(m_accept_ms, 0.99);
  m_status.sync = *m_sync->status();
  if (m_audit) m_status.audit = *m_audit->status();
  m_status.world = {ledger().world().incident_count(), ledger().world().memory()};
}

void HubService::tell(base::LatestSlot<HubStatus>& slot) {
  gather();
  m_status.rates = m_rates.take(m_options.clock->now_mono(), m_status.last_sequence, m_status.request_count);
  slot.publish(std::make_shared<const HubStatus>(m_status));
}

}  // namespace gridwall::hub
