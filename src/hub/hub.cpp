#include "hub/hub.hpp"

#include <algorithm>
#include <random>
#include <unordered_map>

#include "base/log.hpp"
#include "feed/hub_sockets.hpp"
#include "model/path.hpp"
#include "wire/constants.hpp"
#include "wire/heartbeat.hpp"
#include "wire/requests.hpp"
#include "wire/topics.hpp"

namespace gridwall::hub {

using base::Duration;
using base::MonoTime;
using base::Result;

namespace {

constexpr Duration kTurnMax = std::chrono::milliseconds(100);  // how soon a stop is seen
constexpr Duration kBeaconInterval = std::chrono::seconds(1);
constexpr int kRequestsPerTurn = 256;  // then subscriptions and heartbeats have their turn
constexpr std::size_t kClientsMax = 10'000;
constexpr std::size_t kRequestFloorBytes = 256;  // what the smallest request is charged

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

}  // namespace

struct Hub::Service {
  Service(HubOptions options_, feed::HubSockets sockets_, Intake intake_)
      : options(std::move(options_)),
        sockets(std::move(sockets_)),
        intake(std::move(intake_)),
        limiter(options.client_bytes, kClientsMax) {}

  void run(std::stop_token stop, base::LatestSlot<HubStatus>& slot);
  void read_subscriptions();
  void serve_requests();
  void serve(const feed::Request& request);
  void publish_events(const feed::Request& request);
  void answer(const feed::Request& request, std::string_view payload);
  void beat_when_due();
  [[nodiscard]] bool knows_prefix(std::string_view prefix) const;
  [[nodiscard]] wire::ClockState clock_state();
  [[nodiscard]] wire::Hello hello();
  [[nodiscard]] Ledger& ledger() { return intake.ledger(); }
  void tell(base::LatestSlot<HubStatus>& slot);

  HubOptions options;
  feed::HubSockets sockets;
  Intake intake;
  RateLimiter limiter;
  std::unordered_map<std::string, std::uint32_t> followers;  // by prefix; at most two entries a division
  MonoTime beat_due_at{}, beacon_due_at{};
  HubStatus status;
};

void Hub::Service::run(std::stop_token stop, base::LatestSlot<HubStatus>& slot) {
  beat_due_at = beacon_due_at = options.clock->now_mono();
  MonoTime told_at = beat_due_at;
  while (!stop.stop_requested()) {
    const MonoTime now = options.clock->now_mono();
    sockets.wait(std::clamp<Duration>(beat_due_at - now, Duration::zero(), kTurnMax));
    read_subscriptions();
    serve_requests();
    beat_when_due();
    if (options.clock->now_mono() - told_at >= wire::kHeartbeatInterval) {
      told_at = options.clock->now_mono();
      tell(slot);
    }
  }
  tell(slot);
}

bool Hub::Service::knows_prefix(std::string_view prefix) const {
  const std::string_view path = model::is_own_leaf(prefix) ? prefix.substr(0, prefix.size() - 1) : prefix;
  return options.tree->find_path(path).valid();
}

void Hub::Service::read_subscriptions() {
  while (const auto change = sockets.receive_subscription()) {
    const auto prefix = wire::heartbeat_prefix(change->topic);
    if (!prefix) continue;
    if (!knows_prefix(*prefix)) {
      if (change->subscribed && ++status.unknown_prefix_count == 1) {
        base::log_warning("hub", "a subscriber follows a prefix that names no division here; it gets no heartbeat");
      }
      continue;
    }
    const std::string key(*prefix);
    if (change->subscribed) {
      ++followers[key];
    } else if (const auto found = followers.find(key); found != followers.end() && --found->second == 0) {
      followers.erase(found);
    }
  }
}

void Hub::Service::serve_requests() {
  for (int i = 0; i < kRequestsPerTurn && options.clock->now_mono() < beat_due_at; ++i) {
    const auto request = sockets.receive_request();
    if (!request) return;
    serve(*request);
  }
}

void Hub::Service::serve(const feed::Request& request) {
  ++status.request_count;
  if (request.part_count != 1) {
    ++status.bad_request_count;
    return answer(request, wire::encode_error("expected a message of one part: an event, or an array of events"));
  }
  const auto cost = static_cast<double>(std::max(request.payload.size(), kRequestFloorBytes));
  if (!limiter.admit(request.client(), cost, options.clock->now_mono())) {
    ++status.rate_limited_count;
    wire::Answer refusal;
    refusal.reason = "rate_limited";
    refusal.detail = "too much at once from this connection; send the same message again a little later";
    return answer(request, wire::encode_answers({refusal}));
  }
  const wire::Request decoded = wire::decode_request(request.payload);
  if (const auto* ping = std::get_if<wire::PingRequest>(&decoded)) {
    ++status.ping_count;
    const wire::Pong pong{ping->sent, options.clock->now_mono().time_since_epoch(), options.clock->now_utc(),
                          ledger().sequencer().epoch()};
    answer(request, wire::encode_pong(pong));
  } else if (std::holds_alternative<wire::HelloRequest>(decoded)) {
    ++status.hello_count;
    answer(request, wire::encode_hello(hello()));
  } else if (const auto* bad = std::get_if<wire::BadRequest>(&decoded)) {
    ++status.bad_request_count;
    answer(request, wire::encode_error(bad->detail));
  } else {
    publish_events(request);
  }
}

void Hub::Service::publish_events(const feed::Request& request) {
  const IntakeResult result = intake.take(request.payload, options.clock->now_utc(), options.clock->now_mono());
  // Published first: who has the answer may expect walls to have the event.
  for (const FeedMessage& message : result.batch.messages) sockets.publish(message.topic, message.header, message.body);
  answer(request, wire::encode_answers(result.answers));
}

void Hub::Service::answer(const feed::Request& request, std::string_view payload) {
  if (!sockets.answer(request, payload)) ++status.answer_dropped_count;
}

wire::ClockState Hub::Service::clock_state() {
  return {options.clock_mode, options.clock_rate, ledger().advance(options.clock->now_utc()),
          options.clock->now_mono().time_since_epoch()};
}

wire::Hello Hub::Service::hello() {
  wire::Hello hello;
  hello.journal = ledger().sequencer().journal();
  hello.epoch = ledger().sequencer().epoch();
  hello.feed_port = sockets.feed_endpoint().port;
  hello.profile = options.profile_id;
  hello.root_path = options.tree->at(options.tree->root()).path;
  hello.tree_hash = options.tree->content_hash();
  hello.rules_hash = options.rules_hash;
  hello.clock = clock_state();
  return hello;
}

void Hub::Service::beat_when_due() {
  const MonoTime now = options.clock->now_mono();
  if (now < beat_due_at) return;
  // After a pause of the machine one beat is enough: no burst to catch up.
  beat_due_at = std::max(beat_due_at + wire::kHeartbeatInterval, now);
  const wire::Sequencer& sequencer = ledger().sequencer();
  wire::Heartbeat heartbeat;
  heartbeat.journal = sequencer.journal();
  heartbeat.epoch = sequencer.epoch();
  heartbeat.tree_hash = options.tree->content_hash();
  heartbeat.rules_hash = options.rules_hash;
  heartbeat.feed_sequence = sequencer.last_sequence();
  // All of one state time, after the timers until then: what the walls compare.
  heartbeat.clock = clock_state();
  for (const auto& [prefix, count] : followers) {
    heartbeat.prefix = prefix;
    heartbeat.last_sequence = sequencer.last_sequence(prefix);
    heartbeat.digest = ledger().digest_text(prefix);
    sockets.publish(wire::heartbeat_topic(prefix), wire::encode_heartbeat(heartbeat));
    ++status.heartbeat_count;
  }
  if (now < beacon_due_at) return;
  beacon_due_at = std::max(beacon_due_at + kBeaconInterval, now);
  const wire::ClockBeacon beacon{sequencer.journal(), sequencer.epoch(), heartbeat.clock};
  sockets.publish(wire::kClockTopic, wire::encode_clock_beacon(beacon));
}

void Hub::Service::tell(base::LatestSlot<HubStatus>& slot) {
  status.intake = intake.counters();
  if (status.shift_doubts.size() != intake.shift_doubts().size()) status.shift_doubts = intake.shift_doubts();
  status.epoch = ledger().sequencer().epoch();
  status.last_sequence = ledger().sequencer().last_sequence();
  status.state_time = ledger().advance(options.clock->now_utc());
  status.followed_prefix_count = followers.size();
  slot.publish(std::make_shared<const HubStatus>(status));
}

Result<std::unique_ptr<Hub>> Hub::start(const HubOptions& options) {
  ASSERT(options.clock != nullptr, "the hub needs a clock");
  feed::HubSocketOptions sockets_options;
  TRY_ASSIGN(sockets_options.requests, feed::parse_endpoint(options.requests_endpoint, feed::EndpointUse::Bind));
  TRY_ASSIGN(sockets_options.feed, feed::parse_endpoint(options.feed_endpoint, feed::EndpointUse::Bind));
  sockets_options.feed_queue_messages = options.feed_queue_messages;

  IntakeOptions intake_options;
  intake_options.ledger = {options.tree, options.vocabulary, options.rules, random_journal(), random_u64()};
  TRY_ASSIGN(Intake intake, Intake::create(std::move(intake_options)));
  TRY_ASSIGN(feed::HubSockets sockets, feed::HubSockets::bind(sockets_options));

  std::unique_ptr<Hub> hub(new Hub());
  hub->m_requests_endpoint = sockets.requests_endpoint().text();
  hub->m_feed_endpoint = sockets.feed_endpoint().text();
  hub->m_service = std::make_unique<Service>(options, std::move(sockets), std::move(intake));
  hub->m_service->tell(hub->m_status);
  base::log_info("hub", "serving requests={} feed={} divisions={}", hub->m_requests_endpoint, hub->m_feed_endpoint,
                 options.tree->divisions().size());
  hub->m_thread = base::Thread(
      "hub", [hub = hub.get()](std::stop_token stop) { hub->m_service->run(std::move(stop), hub->m_status); });
  return hub;
}

Hub::~Hub() {
  stop();
}

void Hub::stop() {
  m_thread.request_stop();
  m_thread.join();
}

}  // namespace gridwall::hub
