#include "feed/hub_sockets.hpp"

#include <algorithm>
#include <array>

#include "feed/curve_keys.hpp"
#include "feed/peer_guard.hpp"
#include "feed/zap.hpp"
#include "feed/zmq_socket.hpp"

namespace gridwall::feed {

using base::Result;

namespace {

constexpr int kAnswerLingerMs = 200;
constexpr int kSyncQueueMessages = 256;

// The parts of one message, the connection's name first.
Request request_of(const std::vector<zmq::message_t>& parts) {
  const auto is_delimiter = [](const zmq::message_t& part) { return part.size() == 0; };
  // An empty part at the end is an empty message, not the end of an envelope.
  const auto last = parts.end() - 1;
  const auto delimiter = last == parts.begin() ? last : std::find_if(parts.begin() + 1, last, is_delimiter);
  const auto content = delimiter == last ? parts.begin() + 1 : delimiter + 1;
  Request request;
  for (auto part = parts.begin(); part != content; ++part) request.envelope.emplace_back(view(*part));
  request.part_count = static_cast<std::size_t>(parts.end() - content);
  if (content != parts.end()) request.payload = view(*content);
  return request;
}

}  // namespace

int FeedQueue::messages() const {
  constexpr std::size_t kMin = 1'000, kMax = 10'000'000;
  return static_cast<int>(std::clamp(bytes / std::max<std::size_t>(message_bytes, 1), kMin, kMax));
}

struct HubSockets::Sockets {
  base::Status guard(const std::filesystem::path& key_folder);
  // One more door, guarded when there are keys; set its options, then bind() it.
  Result<ZmqSocket> open(Door door, zmq::socket_type type, const SocketLimits& limits);
  base::Status bind(ZmqSocket& socket, const Endpoint& endpoint, Endpoint& bound);

  zmq::context_t context{1};
  std::unique_ptr<ZapHandler> zap;  // outlives the doors; null: no keys
  std::optional<KeyPair> hub_key;
  PeerGuard peers{nullptr};
  std::optional<ZmqSocket> requests, feed;
  std::unique_ptr<ZmqSocket> sync;
  Endpoint requests_endpoint, feed_endpoint, sync_endpoint;
};

base::Status HubSockets::Sockets::guard(const std::filesystem::path& key_folder) {
  if (key_folder.empty()) return {};
  TRY_ASSIGN(hub_key, read_hub_key(key_folder));
  TRY_ASSIGN(zap, ZapHandler::start(context, clients_file(key_folder)));
  peers = PeerGuard(zap.get());
  return {};
}

Result<ZmqSocket> HubSockets::Sockets::open(Door door, zmq::socket_type type, const SocketLimits& limits) {
  TRY_ASSIGN(ZmqSocket socket, ZmqSocket::open(context, type, limits));
  if (hub_key) TRY(guard_door(socket, *hub_key, door));
  return socket;
}

base::Status HubSockets::Sockets::bind(ZmqSocket& socket, const Endpoint& endpoint, Endpoint& bound) {
  TRY_ASSIGN(bound, socket.bind(endpoint));
  peers.add_port(bound.port);
  return {};
}

HubSockets::HubSockets(std::unique_ptr<Sockets> sockets) : m_sockets(std::move(sockets)) {}
HubSockets::HubSockets(HubSockets&&) noexcept = default;
HubSockets& HubSockets::operator=(HubSockets&&) noexcept = default;
HubSockets::~HubSockets() = default;

Result<HubSockets> HubSockets::bind(const HubSocketOptions& options) {
  auto sockets = std::make_unique<Sockets>();
  TRY(sockets->guard(options.key_folder));
  SocketLimits limits;
  limits.message_bytes_max = options.request_bytes_max;
  limits.send_queue_messages = options.answer_queue_messages;
  limits.linger_ms = kAnswerLingerMs;
  TRY_ASSIGN(sockets->requests, sockets->open(Door::Requests, zmq::socket_type::router, limits));
  // Tells about a client that is gone instead of dropping its answer in silence.
  sockets->requests->set(ZMQ_ROUTER_MANDATORY, 1);
  TRY(sockets->bind(*sockets->requests, options.requests, sockets->requests_endpoint));

  limits.send_queue_messages = options.feed_queue.messages();
  limits.linger_ms = 0;
  TRY_ASSIGN(sockets->feed, sockets->open(Door::Feed, zmq::socket_type::xpub, limits));
  sockets->feed->set(ZMQ_XPUB_VERBOSER, 1);
  TRY(sockets->bind(*sockets->feed, options.feed, sockets->feed_endpoint));

  // Pieces are large and go out against credits: a queue for the slowest of a turn is enough.
  limits.send_queue_messages = kSyncQueueMessages;
  TRY_ASSIGN(ZmqSocket sync, sockets->open(Door::Sync, zmq::socket_type::router, limits));
  sync.set(ZMQ_ROUTER_MANDATORY, 1);
  sockets->sync = std::make_unique<ZmqSocket>(std::move(sync));
  TRY(sockets->bind(*sockets->sync, options.sync, sockets->sync_endpoint));
  return HubSockets(std::move(sockets));
}

const Endpoint& HubSockets::requests_endpoint() const {
  return m_sockets->requests_endpoint;
}
const Endpoint& HubSockets::feed_endpoint() const {
  return m_sockets->feed_endpoint;
}

SyncSocket HubSockets::take_sync() {
  ASSERT(m_sockets->sync != nullptr, "the sync door is taken once");
  auto peers = std::make_unique<PeerGuard>(m_sockets->zap.get());  // its thread is another
  peers->add_port(m_sockets->sync_endpoint.port);
  return {std::move(m_sockets->sync), m_sockets->sync_endpoint, std::move(peers)};
}

SecurityStatus HubSockets::security() const {
  return m_sockets->zap ? m_sockets->zap->status() : SecurityStatus{};
}

std::vector<ConnectionRefusal> HubSockets::take_refusals() {
  return m_sockets->zap ? m_sockets->zap->take_refusals() : std::vector<ConnectionRefusal>{};
}

void HubSockets::wait(base::Duration patience) {
  m_sockets->peers.end_revoked();
  const std::array handles{m_sockets->requests->handle(), m_sockets->feed->handle()};
  wait_readable(handles, patience);
}

std::optional<Request> HubSockets::receive_request() {
  while (auto parts = m_sockets->requests->receive()) {
    if (parts->empty()) continue;
    auto peer = m_sockets->peers.admit(parts->back(), Door::Requests);
    if (!peer) continue;
    Request request = request_of(*parts);
    request.peer = std::move(*peer);
    return request;
  }
  return std::nullopt;
}

std::optional<SubscriptionChange> HubSockets::receive_subscription() {
  // A subscriber may also send plain messages up the feed socket: nobody asked for them.
  while (auto parts = m_sockets->feed->receive()) {
    const std::string_view text = view(parts->front());
    if (parts->size() != 1 || text.empty() || (text[0] != '\0' && text[0] != '\1')) continue;
    const bool subscribed = text[0] == '\1';
    std::string topic(text.substr(1));
    // A subscription that ends with its connection comes from nobody, and must count in any case.
    if (subscribed && !m_sockets->peers.admit(parts->front(), Door::Feed)) continue;
    return SubscriptionChange{std::move(topic), subscribed};
  }
  return std::nullopt;
}

bool HubSockets::answer(const Request& request, std::string_view payload) {
  std::vector<std::string_view> parts(request.envelope.begin(), request.envelope.end());
  parts.push_back(payload);
  return m_sockets->requests->send(parts) == SendOutcome::Sent;
}

bool HubSockets::publish(std::string_view topic, std::string_view header, std::string_view body) {
  const std::array parts{topic, header, body};
  return m_sockets->feed->send(parts) == SendOutcome::Sent;
}

bool HubSockets::publish(std::string_view topic, std::string_view payload) {
  const std::array parts{topic, payload};
  return m_sockets->feed->send(parts) == SendOutcome::Sent;
}

}  // namespace gridwall::feed
