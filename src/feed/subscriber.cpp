#include "feed/subscriber.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/log.hpp"
#include "feed/zmq_socket.hpp"
#include "model/path.hpp"
#include "wire/event_codec.hpp"
#include "wire/feed_tracker.hpp"
#include "wire/topics.hpp"

namespace gridwall::feed {

using base::Duration;
using base::Error;
using base::ErrorCode;
using base::MonoTime;
using base::Result;
using base::Status;

namespace {

// The first measurements come quickly, so that a wall is soon sure of the hub's clock.
constexpr Duration kFirstPingsInterval = std::chrono::milliseconds(100);
constexpr Duration kHelloInterval = std::chrono::milliseconds(500);
constexpr Duration kNoConnectionInterval = std::chrono::milliseconds(50);
constexpr Duration kTickInterval = std::chrono::milliseconds(100);
constexpr Duration kBadMessageLogInterval = std::chrono::seconds(10);

}  // namespace

struct Subscriber::Link {
  Link(const SubscriberOptions& options_, const base::Clock& clock_)
      : options(options_), clock(clock_), tracker({options_.prefix, options_.tree_hash}) {}

  [[nodiscard]] wire::Now now() const { return {clock.now_mono(), clock.now_utc()}; }
  void ask(MonoTime now_mono);
  void read_answers();
  void on_hello(const wire::Hello& answer);
  Status follow(const wire::Hello& answer);
  void read_feed(PollResult& result, std::size_t events_max);
  void on_message(const std::vector<zmq::message_t>& parts, PollResult& result);
  void on_event_message(const std::vector<zmq::message_t>& parts, PollResult& result);
  void on_bad_message(std::string_view reason, std::size_t size_bytes);
  void on_heard(const wire::Heard& heard, PollResult& result);

  SubscriberOptions options;
  const base::Clock& clock;
  Endpoint request_endpoint;
  std::optional<Endpoint> feed_override;
  zmq::context_t context{1};
  std::optional<ZmqSocket> requests, feed;
  Endpoint feed_endpoint;          // in use; port 0: none yet
  std::string followed_path;       // in use
  wire::FeedTracker tracker;
  wire::EventDecoder decoder;
  std::optional<wire::Hello> hello;
  bool hello_wanted = true;
  bool state_is_foreign = false;   // the hub came back with another root: the caller must clear its state
  MonoTime hello_due_at{}, ping_due_at{}, bad_message_logged_at{};
  std::size_t pong_count = 0;
  std::uint64_t pong_epoch = 0;
  wire::ClockOffset offset;
};

void Subscriber::Link::ask(MonoTime now_mono) {
  // A failed send means no connection: look again soon.
  const auto send = [&](const std::string& text, Duration interval) {
    const std::array<std::string_view, 1> parts{text};
    return now_mono + (requests->send(parts) == SendOutcome::Sent ? interval : kNoConnectionInterval);
  };
  if (hello_wanted && now_mono >= hello_due_at) hello_due_at = send(wire::encode_hello_request(), kHelloInterval);
  if (now_mono >= ping_due_at) {
    const bool sure = pong_count >= wire::kOffsetWindow;
    ping_due_at = send(wire::encode_ping(now_mono), sure ? wire::kPingInterval : kFirstPingsInterval);
  }
}

void Subscriber::Link::read_answers() {
  while (const auto parts = requests->receive()) {
    const std::string_view text = view(parts->back());
    if (const auto pong = wire::decode_pong(text); pong.ok()) {
      if (pong->epoch != pong_epoch) {
        pong_epoch = pong->epoch;
        pong_count = 0;
        hello_wanted = true;  // another hub, or the same one started anew: its port, tree and root may differ
      }
      ++pong_count;
      offset.on_pong(pong->sent, clock.now_mono(), pong->hub_mono, pong->epoch);
      if (const auto best = offset.best()) tracker.on_clock_offset(*best);
    } else if (const auto answer = wire::decode_hello(text); answer.ok()) {
      on_hello(*answer);
    } else if (answer.error().code == ErrorCode::Refused || answer.error().code == ErrorCode::Unsupported) {
      hello_wanted = false;
      tracker.set_refused(answer.error().message);
    } else {
      on_bad_message(answer.error().message, text.size());
    }
  }
}

void Subscriber::Link::on_hello(const wire::Hello& answer) {
  hello_wanted = false;
  hello = answer;
  tracker.set_refused("");
  if (const Status followed = follow(answer); !followed.ok()) tracker.set_refused(followed.error().message);
}

Status Subscriber::Link::follow(const wire::Hello& answer) {
  Endpoint endpoint = feed_override.value_or(Endpoint{request_endpoint.host, answer.feed_port});
  const std::string path = options.prefix.empty() ? answer.root_path : options.prefix;
  if (endpoint.port == 0 || !model::is_path(path)) {
    return Error{ErrorCode::Malformed, "the hub named no feed port or no root path"};
  }
  if (feed && endpoint.text() == feed_endpoint.text() && path == followed_path) return {};

  SocketLimits limits;
  limits.receive_queue_messages = options.receive_queue_messages;
  feed.reset();
  TRY_ASSIGN(feed, ZmqSocket::open(context, zmq::socket_type::sub, limits));
  for (const std::string& topic : wire::subscriptions(path)) feed->set_text(ZMQ_SUBSCRIBE, topic);
  TRY(feed->connect(endpoint));
  if (path != followed_path) {
    state_is_foreign = !followed_path.empty();
    tracker = wire::FeedTracker({path, options.tree_hash});
    if (const auto best = offset.best()) tracker.on_clock_offset(*best);
  }
  feed_endpoint = endpoint;
  followed_path = path;
  return {};
}

void Subscriber::Link::read_feed(PollResult& result, std::size_t events_max) {
  // Heartbeats count too, or a flood of them could hold us here.
  for (std::size_t i = 0; feed && i < events_max; ++i) {
    const auto parts = feed->receive();
    if (!parts) return;
    on_message(*parts, result);
  }
}

void Subscriber::Link::on_message(const std::vector<zmq::message_t>& parts, PollResult& result) {
  switch (wire::topic_kind(view(parts.front()))) {
    case wire::TopicKind::Event: on_event_message(parts, result); return;
    case wire::TopicKind::Heartbeat: {
      const auto heartbeat = wire::decode_heartbeat(view(parts.back()));
      if (!heartbeat.ok()) return on_bad_message(heartbeat.error().message, parts.back().size());
      on_heard(tracker.on_heartbeat(*heartbeat, now()), result);
      if (heartbeat->epoch == tracker.status().epoch) {
        result.state_time = std::max(result.state_time, heartbeat->clock.state_time);
      }
      return;
    }
    case wire::TopicKind::Clock: {
      const auto beacon = wire::decode_clock_beacon(view(parts.back()));
      if (!beacon.ok()) return on_bad_message(beacon.error().message, parts.back().size());
      tracker.on_clock(*beacon);
      return;
    }
    case wire::TopicKind::Unknown: on_bad_message("unknown topic", parts.front().size()); return;
  }
}

void Subscriber::Link::on_event_message(const std::vector<zmq::message_t>& parts, PollResult& result) {
  if (parts.size() != 3) return on_bad_message("expected three parts", parts.size());
  const std::string_view topic = view(parts[0]);
  const auto header = wire::decode_feed_header(view(parts[1]));
  if (!header.ok()) return on_bad_message(header.error().message, parts[1].size());
  // Judged before the event is decoded: an event that cannot be read is bad, not missing.
  const wire::Now heard_at = now();
  const wire::Heard heard = tracker.on_event(*header, topic, heard_at);
  on_heard(heard, result);
  if (!heard.apply) return;
  auto event = decoder.decode_feed_event(view(parts[2]));
  if (!event.ok()) return on_bad_message(event.error().message, parts[2].size());
  model::SequencedEvent sequenced;
  sequenced.event = std::move(*event);
  sequenced.sequence = header->sequence;
  sequenced.state_time = header->state_time;
  sequenced.received_at = heard_at.utc;
  result.events.push_back(std::move(sequenced));
}

void Subscriber::Link::on_heard(const wire::Heard& heard, PollResult& result) {
  if (!heard.restarted) return;
  // What was collected in this turn belongs to the epoch that is over.
  result.events.clear();
  result.state_time = {};
  result.restarted = true;
  hello_wanted = true;
}

void Subscriber::Link::on_bad_message(std::string_view reason, std::size_t size_bytes) {
  tracker.on_bad_message();
  const MonoTime now_mono = clock.now_mono();
  if (bad_message_logged_at != MonoTime{} && now_mono - bad_message_logged_at < kBadMessageLogInterval) return;
  bad_message_logged_at = now_mono;
  base::log_warning("feed", "message dropped reason=\"{}\" size={} from={}", reason, size_bytes,
                    request_endpoint.text());
}

Subscriber::Subscriber(std::unique_ptr<Link> link) : m_link(std::move(link)) {}
Subscriber::Subscriber(Subscriber&&) noexcept = default;
Subscriber& Subscriber::operator=(Subscriber&&) noexcept = default;
Subscriber::~Subscriber() = default;

Result<Subscriber> Subscriber::connect(const SubscriberOptions& options, const base::Clock& clock) {
  if (!options.prefix.empty() && !model::is_path(options.prefix)) {
    return Error{ErrorCode::InvalidArgument,
                 fmt::format("prefix '{}': expected a path of divisions that ends in '/', for example 320281/001/",
                             options.prefix)};
  }
  auto link = std::make_unique<Link>(options, clock);
  TRY_ASSIGN(link->request_endpoint, parse_endpoint(options.request_endpoint, EndpointUse::Connect));
  if (options.feed_endpoint) {
    TRY_ASSIGN(link->feed_override, parse_endpoint(*options.feed_endpoint, EndpointUse::Connect));
  }
  TRY_ASSIGN(link->requests, ZmqSocket::open(link->context, zmq::socket_type::dealer, SocketLimits{}));
  // A ping that waited in a queue for the hub to come would measure the waiting.
  link->requests->set(ZMQ_IMMEDIATE, 1);
  TRY(link->requests->connect(link->request_endpoint));
  return Subscriber(std::move(link));
}

PollResult Subscriber::poll(Duration patience, std::size_t events_max) {
  PollResult result;
  const MonoTime until = m_link->clock.now_mono() + patience;
  for (;;) {
    const MonoTime now_mono = m_link->clock.now_mono();
    m_link->ask(now_mono);
    m_link->read_answers();
    result.restarted |= std::exchange(m_link->state_is_foreign, false);
    m_link->read_feed(result, events_max);
    const auto state_before = m_link->tracker.status().state;
    const bool changed = m_link->tracker.tick(m_link->now()).state != state_before;
    if (changed || result.restarted || !result.events.empty() || now_mono >= until) break;
    std::vector<void*> handles{m_link->requests->handle()};
    if (m_link->feed) handles.push_back(m_link->feed->handle());
    wait_readable(handles, std::min<Duration>(until - now_mono, kTickInterval));
  }
  result.status = m_link->tracker.status();
  return result;
}

const wire::Hello* Subscriber::hello() const { return m_link->hello ? &*m_link->hello : nullptr; }

}  // namespace gridwall::feed
