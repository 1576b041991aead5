#include "feed/subscriber.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "base/log.hpp"
#include "feed/connection_watch.hpp"
#include "feed/zmq_socket.hpp"
#include "model/path.hpp"
#include "wire/event_codec.hpp"
#include "wire/follower.hpp"
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
constexpr int kSyncQueueMessages = 2 * static_cast<int>(wire::kSyncCreditsMax);
constexpr std::size_t kMessagesAtOnce = 64;  // so few are still in the processor's cache
constexpr std::size_t kReadyReserveMax = 1024;
// The second half of a move follows the first at once; one that goes where we do not look never comes.
constexpr Duration kMovePatience = std::chrono::milliseconds(20);

bool is_first_half_of_move(const Item& item) {
  const auto* event = std::get_if<model::SequencedEvent>(&item);
  return event != nullptr && event->event.type == model::kMovedOut;
}

}  // namespace

struct Subscriber::Link {
  Link(const SubscriberOptions& options_, const base::Clock& clock_)
      : options(options_), clock(clock_), follower({.path = options_.prefix, .has_state = false}) {}

  [[nodiscard]] wire::Now now() const { return {clock.now_mono(), clock.now_utc()}; }
  void ask(MonoTime now_mono);
  void read_answers();
  void on_hello(const wire::Hello& answer);
  Status connect(ZmqSocket& socket, std::optional<ConnectionWatch>& watch, const Endpoint& endpoint);
  void watch_connections();
  void refused_by_hub(std::string why);
  void tell_refusal() { follower.set_refused(link_refusal.empty() ? hub_refusal : link_refusal); }
  Status follow(const wire::Hello& answer);
  Status open_feed(const Endpoint& endpoint, const std::string& path);
  Status open_sync(const Endpoint& endpoint);
  void start_follower(const std::string& path, bool has_state);
  void read_feed(std::size_t messages_max);
  void read_sync();
  void send_asks();
  void on_message(const std::vector<zmq::message_t>& parts);
  void on_event_message(const std::vector<zmq::message_t>& parts);
  void on_bad_message(std::string_view reason, std::size_t size_bytes);
  void queue_items();
  void queue_event(const wire::FeedHeader& header, std::string_view body, wire::Now heard_at);
  void turn(std::size_t items_max);
  [[nodiscard]] bool has_ready_items() const;
  [[nodiscard]] std::vector<Item> take_ready_items(std::size_t items_max);
  void wait(Duration patience);

  SubscriberOptions options;
  const base::Clock& clock;
  Endpoint request_endpoint;
  std::optional<Endpoint> feed_override;
  zmq::context_t context{1};
  std::optional<ZmqSocket> requests, feed, sync;
  std::optional<ConnectionWatch> requests_watch, feed_watch, sync_watch;
  std::string hub_refusal, link_refusal;  // what the hub said; why it lets no connection of ours in
  Endpoint feed_endpoint, sync_endpoint;  // in use; port 0: none yet
  std::string followed_path;              // in use
  bool follows_state = false;             // in use
  wire::Follower follower;
  std::uint64_t followed_epoch = 0;
  wire::EventDecoder decoder;
  std::vector<zmq::message_t> feed_parts;  // of the message that is being read
  wire::FeedHeader feed_header;            // its
  std::vector<Item> ready;                 // decoded, not yet taken
  MonoTime move_heard_at{};                // of the newest first half in it
  std::optional<wire::Hello> hello;
  bool hello_wanted = true;
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
      if (const auto best = offset.best()) follower.on_clock_offset(*best);
    } else if (const auto answer = wire::decode_hello(text); answer.ok()) {
      on_hello(*answer);
    } else if (answer.error().code == ErrorCode::Refused || answer.error().code == ErrorCode::Unsupported) {
      hello_wanted = false;
      refused_by_hub(answer.error().message);
    } else {
      on_bad_message(answer.error().message, text.size());
    }
  }
}

void Subscriber::Link::on_hello(const wire::Hello& answer) {
  hello_wanted = false;
  hello = answer;
  refused_by_hub("");
  if (const Status followed = follow(answer); !followed.ok()) refused_by_hub(followed.error().message);
}

void Subscriber::Link::refused_by_hub(std::string why) {
  hub_refusal = std::move(why);
  tell_refusal();
}

Status Subscriber::Link::connect(ZmqSocket& socket, std::optional<ConnectionWatch>& watch, const Endpoint& endpoint) {
  TRY(prove_by(socket, options.security));
  TRY_ASSIGN(watch, ConnectionWatch::connect(context, socket, endpoint, options.security));
  return {};
}

void Subscriber::Link::watch_connections() {
  const MonoTime now_mono = clock.now_mono();
  std::string refusal;
  const auto look = [&](std::optional<ZmqSocket>& socket, std::optional<ConnectionWatch>& watch) {
    if (!socket || !watch) return;
    const ConnectionStatus& status = watch->poll(*socket, now_mono);
    if (status.state == ConnectionState::Refused && refusal.empty()) refusal = status.reason;
  };
  look(requests, requests_watch);
  look(feed, feed_watch);
  look(sync, sync_watch);
  if (refusal == link_refusal) return;
  if (refusal.empty()) hello_wanted = true;  // let in again, perhaps by a hub that has changed
  link_refusal = std::move(refusal);
  tell_refusal();
}

Status Subscriber::Link::follow(const wire::Hello& answer) {
  const Endpoint feed_wanted = feed_override.value_or(Endpoint{request_endpoint.host, answer.feed_port});
  const Endpoint sync_wanted{request_endpoint.host, answer.sync_port};
  const std::string path = options.prefix.empty() ? answer.root_path : options.prefix;
  if (feed_wanted.port == 0 || !model::is_path(path)) {
    return Error{ErrorCode::Malformed, "the hub named no feed port or no root path"};
  }
  const bool has_state = options.has_state && sync_wanted.port != 0;
  if (!has_state) {
    sync_watch.reset();
    sync.reset();
  } else if (!sync || sync_endpoint.text() != sync_wanted.text()) {
    TRY(open_sync(sync_wanted));
  }
  if (!feed || feed_endpoint.text() != feed_wanted.text() || path != followed_path) TRY(open_feed(feed_wanted, path));
  if (path != followed_path || has_state != follows_state) start_follower(path, has_state);
  return {};
}

Status Subscriber::Link::open_feed(const Endpoint& endpoint, const std::string& path) {
  SocketLimits limits;
  limits.receive_queue_messages = options.receive_queue_messages;
  feed_watch.reset();
  feed.reset();
  TRY_ASSIGN(feed, ZmqSocket::open(context, zmq::socket_type::sub, limits));
  for (const std::string& topic : wire::subscriptions(path)) feed->set_text(ZMQ_SUBSCRIBE, topic);
  TRY(connect(*feed, feed_watch, endpoint));
  feed_endpoint = endpoint;
  return {};
}

Status Subscriber::Link::open_sync(const Endpoint& endpoint) {
  sync_watch.reset();
  sync.reset();
  SocketLimits limits;
  limits.receive_queue_messages = kSyncQueueMessages;
  TRY_ASSIGN(sync, ZmqSocket::open(context, zmq::socket_type::dealer, limits));
  // What waited in a queue for the hub to come would be of another epoch.
  sync->set(ZMQ_IMMEDIATE, 1);
  TRY(connect(*sync, sync_watch, endpoint));
  sync_endpoint = endpoint;
  return {};
}

void Subscriber::Link::start_follower(const std::string& path, bool has_state) {
  queue_items();
  // Another root's figures, or such as cannot be proven any more, are nobody's.
  if (!followed_path.empty()) ready.emplace_back(Clear{});
  follower = wire::Follower({path, options.tree_hash, options.rules_hash, has_state});
  if (const auto best = offset.best()) follower.on_clock_offset(*best);
  followed_path = path;
  follows_state = has_state;
  tell_refusal();
}

void Subscriber::Link::read_feed(std::size_t messages_max) {
  // Heartbeats count too, or a flood of them could hold us here. What is not taken from us stays in the socket.
  std::size_t room = messages_max - std::min(messages_max, ready.size());
  if (room == 0 && is_first_half_of_move(ready.back())) room = 1;
  for (; feed && room > 0; --room) {
    if (!feed->receive(feed_parts)) break;
    on_message(feed_parts);
    if (room % kMessagesAtOnce == 0) queue_items();
  }
  queue_items();
}

void Subscriber::Link::read_sync() {
  // A hub that sends more than it has credits for must not hold us here.
  for (int i = 0; sync && i < kSyncQueueMessages; ++i) {
    const auto parts = sync->receive();
    if (!parts) return;
    if (parts->size() != 2) {
      on_bad_message("sync: expected two parts", parts->size());
      continue;
    }
    auto answer = wire::decode_sync_answer(view((*parts)[0]), view((*parts)[1]));
    if (!answer.ok()) {
      on_bad_message(answer.error().message, (*parts)[0].size());
      continue;
    }
    follower.on_sync(*answer, now());
  }
}

void Subscriber::Link::send_asks() {
  for (const wire::SyncAsk& ask : follower.take_requests()) {
    const std::string text = wire::encode_sync_ask(ask);
    const std::array<std::string_view, 1> parts{text};
    // One that could not be sent is asked anew by the follower.
    if (sync) static_cast<void>(sync->send(parts));
  }
}

void Subscriber::Link::on_message(const std::vector<zmq::message_t>& parts) {
  switch (wire::topic_kind(view(parts.front()))) {
    case wire::TopicKind::Event:
      on_event_message(parts);
      return;
    case wire::TopicKind::Heartbeat: {
      const auto heartbeat = wire::decode_heartbeat(view(parts.back()));
      if (!heartbeat.ok()) return on_bad_message(heartbeat.error().message, parts.back().size());
      follower.on_heartbeat(*heartbeat, now());
      return;
    }
    case wire::TopicKind::Clock: {
      const auto beacon = wire::decode_clock_beacon(view(parts.back()));
      if (!beacon.ok()) return on_bad_message(beacon.error().message, parts.back().size());
      follower.on_clock(*beacon);
      return;
    }
    case wire::TopicKind::Unknown:
      on_bad_message("unknown topic", parts.front().size());
      return;
  }
}

void Subscriber::Link::on_event_message(const std::vector<zmq::message_t>& parts) {
  if (parts.size() != 3) return on_bad_message("expected three parts", parts.size());
  const Status decoded = wire::decode_feed_header(view(parts[1]), feed_header);
  if (!decoded.ok()) return on_bad_message(decoded.error().message, parts[1].size());
  const wire::Now heard_at = now();
  if (follower.on_event(feed_header, {view(parts[0]), view(parts[1]), view(parts[2])}, heard_at)) {
    queue_event(feed_header, view(parts[2]), heard_at);
  }
}

void Subscriber::Link::queue_items() {
  for (wire::FollowerItem& item : follower.take_items()) {
    if (const auto* event = std::get_if<wire::EventItem>(&item)) {
      queue_event(event->decoded, event->body, event->heard_at);
    } else if (auto* restore = std::get_if<Restore>(&item)) {
      ready.emplace_back(std::move(*restore));
    } else if (auto* beat = std::get_if<Beat>(&item)) {
      ready.emplace_back(std::move(*beat));
    } else {
      ready.emplace_back(Clear{});
    }
  }
}

// Judged before it is decoded: an event that cannot be read is bad, not missing.
void Subscriber::Link::queue_event(const wire::FeedHeader& header, std::string_view body, wire::Now heard_at) {
  // In its place at once: an event is large, and moving it costs more than reading it.
  auto& sequenced = std::get<model::SequencedEvent>(ready.emplace_back(std::in_place_type<model::SequencedEvent>));
  if (const Status decoded = decoder.decode_feed_event(body, sequenced.event); !decoded.ok()) {
    ready.pop_back();
    return on_bad_message(decoded.error().message, body.size());
  }
  sequenced.sequence = header.sequence;
  sequenced.state_time = header.state_time;
  sequenced.received_at = heard_at.utc;
  if (is_first_half_of_move(ready.back())) move_heard_at = heard_at.mono;
}

void Subscriber::Link::on_bad_message(std::string_view reason, std::size_t size_bytes) {
  follower.on_bad_message();
  const MonoTime now_mono = clock.now_mono();
  if (bad_message_logged_at != MonoTime{} && now_mono - bad_message_logged_at < kBadMessageLogInterval) return;
  bad_message_logged_at = now_mono;
  base::log_warning("feed", "message dropped reason=\"{}\" size={} from={}", reason, size_bytes,
                    request_endpoint.text());
}

void Subscriber::Link::turn(std::size_t items_max) {
  watch_connections();
  ask(clock.now_mono());
  read_answers();
  read_feed(items_max);
  read_sync();
  const std::uint64_t epoch = follower.tick(now()).epoch;
  queue_items();
  send_asks();
  // The hub has started anew, perhaps with other ports, layers or root.
  if (epoch != followed_epoch && followed_epoch != 0) hello_wanted = true;
  followed_epoch = epoch;
}

// The first half of a move waits for the second, which may be just behind it.
bool Subscriber::Link::has_ready_items() const {
  if (ready.size() != 1 || !is_first_half_of_move(ready.front())) return !ready.empty();
  return clock.now_mono() - move_heard_at >= kMovePatience;
}

std::vector<Item> Subscriber::Link::take_ready_items(std::size_t items_max) {
  std::vector<Item> items;
  if (!has_ready_items()) return items;
  std::size_t count = std::min(items_max, ready.size());
  if (count < ready.size() && is_first_half_of_move(ready[count - 1])) ++count;
  // A first half at the very end stays for its second one, unless it waited long enough.
  const bool may_wait = count == ready.size() && is_first_half_of_move(ready.back());
  if (may_wait && clock.now_mono() - move_heard_at < kMovePatience) --count;
  const auto end = ready.begin() + static_cast<std::ptrdiff_t>(count);
  std::vector<Item> rest(std::make_move_iterator(end), std::make_move_iterator(ready.end()));
  ready.erase(end, ready.end());
  items = std::exchange(ready, std::move(rest));
  // As many will come again, and growing moves what is there.
  ready.reserve(std::min(items.size(), kReadyReserveMax));
  return items;
}

void Subscriber::Link::wait(Duration patience) {
  std::vector<void*> handles{requests->handle(), requests_watch->handle()};
  if (feed) handles.insert(handles.end(), {feed->handle(), feed_watch->handle()});
  if (sync) handles.insert(handles.end(), {sync->handle(), sync_watch->handle()});
  wait_readable(handles, std::min(patience, ready.empty() ? kTickInterval : kMovePatience));
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
  const Protection protection = protection_of(options.security);
  TRY_ASSIGN(link->request_endpoint, parse_endpoint(options.request_endpoint, EndpointUse::Connect, protection));
  if (options.feed_endpoint) {
    TRY_ASSIGN(link->feed_override, parse_endpoint(*options.feed_endpoint, EndpointUse::Connect, protection));
  }
  TRY_ASSIGN(link->requests, ZmqSocket::open(link->context, zmq::socket_type::dealer, SocketLimits{}));
  // A ping that waited in a queue for the hub to come would measure the waiting.
  link->requests->set(ZMQ_IMMEDIATE, 1);
  TRY(link->connect(*link->requests, link->requests_watch, link->request_endpoint));
  return Subscriber(std::move(link));
}

PollResult Subscriber::poll(Duration patience, std::size_t events_max) {
  const MonoTime until = m_link->clock.now_mono() + patience;
  const std::size_t items_max = std::max<std::size_t>(events_max, 1);
  for (;;) {
    const auto state_before = m_link->follower.status().state;
    m_link->turn(items_max);
    const bool changed = m_link->follower.status().state != state_before;
    const MonoTime now_mono = m_link->clock.now_mono();
    if (changed || m_link->has_ready_items() || now_mono >= until) break;
    m_link->wait(until - now_mono);
  }
  PollResult result;
  result.items = m_link->take_ready_items(items_max);
  result.status = m_link->follower.status();
  return result;
}

void Subscriber::answer_beat(std::uint64_t beat, bool equal) {
  m_link->follower.on_digests(beat, equal, m_link->now());
}

void Subscriber::restore_failed(std::string why) {
  base::log_warning("feed", "the hub's snapshot cannot be used: {}", why);
  m_link->follower.on_restore_failed(std::move(why), m_link->now());
}

const wire::Hello* Subscriber::hello() const {
  return m_link->hello ? &*m_link->hello : nullptr;
}

std::size_t count_events(const PollResult& result) {
  return static_cast<std::size_t>(std::count_if(result.items.begin(), result.items.end(), [](const Item& item) {
    return std::holds_alternative<model::SequencedEvent>(item);
  }));
}

}  // namespace gridwall::feed
