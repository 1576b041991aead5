#include "feed/hub_sockets.hpp"

#include <algorithm>
#include <array>

#include "feed/zmq_socket.hpp"

namespace gridwall::feed {

using base::Result;

namespace {

constexpr int kAnswerLingerMs = 200;

}  // namespace

struct HubSockets::Sockets {
  zmq::context_t context{1};
  std::optional<ZmqSocket> requests, feed;
  Endpoint requests_endpoint, feed_endpoint;
};

HubSockets::HubSockets(std::unique_ptr<Sockets> sockets) : m_sockets(std::move(sockets)) {}
HubSockets::HubSockets(HubSockets&&) noexcept = default;
HubSockets& HubSockets::operator=(HubSockets&&) noexcept = default;
HubSockets::~HubSockets() = default;

Result<HubSockets> HubSockets::bind(const HubSocketOptions& options) {
  auto sockets = std::make_unique<Sockets>();
  SocketLimits limits;
  limits.message_bytes_max = options.request_bytes_max;
  limits.send_queue_messages = options.answer_queue_messages;
  limits.linger_ms = kAnswerLingerMs;
  TRY_ASSIGN(sockets->requests, ZmqSocket::open(sockets->context, zmq::socket_type::router, limits));
  // Tells about a client that is gone instead of dropping its answer in silence.
  sockets->requests->set(ZMQ_ROUTER_MANDATORY, 1);
  TRY_ASSIGN(sockets->requests_endpoint, sockets->requests->bind(options.requests));

  limits.send_queue_messages = options.feed_queue_messages;
  limits.linger_ms = 0;
  TRY_ASSIGN(sockets->feed, ZmqSocket::open(sockets->context, zmq::socket_type::xpub, limits));
  sockets->feed->set(ZMQ_XPUB_VERBOSER, 1);
  TRY_ASSIGN(sockets->feed_endpoint, sockets->feed->bind(options.feed));
  return HubSockets(std::move(sockets));
}

const Endpoint& HubSockets::requests_endpoint() const { return m_sockets->requests_endpoint; }
const Endpoint& HubSockets::feed_endpoint() const { return m_sockets->feed_endpoint; }

void HubSockets::wait(base::Duration patience) {
  const std::array handles{m_sockets->requests->handle(), m_sockets->feed->handle()};
  wait_readable(handles, patience);
}

std::optional<Request> HubSockets::receive_request() {
  const auto parts = m_sockets->requests->receive();
  if (!parts || parts->empty()) return std::nullopt;
  const auto is_delimiter = [](const zmq::message_t& part) { return part.size() == 0; };
  // An empty part at the end is an empty message, not the end of an envelope.
  const auto last = parts->end() - 1;
  const auto delimiter = last == parts->begin() ? last : std::find_if(parts->begin() + 1, last, is_delimiter);
  const auto content = delimiter == last ? parts->begin() + 1 : delimiter + 1;
  Request request;
  for (auto part = parts->begin(); part != content; ++part) request.envelope.emplace_back(view(*part));
  request.part_count = static_cast<std::size_t>(parts->end() - content);
  if (content != parts->end()) request.payload = view(*content);
  return request;
}

std::optional<SubscriptionChange> HubSockets::receive_subscription() {
  // A subscriber may also send plain messages up the feed socket: nobody asked for them.
  while (const auto parts = m_sockets->feed->receive()) {
    const std::string_view text = view(parts->front());
    if (parts->size() != 1 || text.empty() || (text[0] != '\0' && text[0] != '\1')) continue;
    return SubscriptionChange{std::string(text.substr(1)), text[0] == '\1'};
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
