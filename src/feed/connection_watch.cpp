#include "feed/connection_watch.hpp"

#include <cstring>
#include <random>

namespace gridwall::feed {

using base::Duration;
using base::Error;
using base::ErrorCode;
using base::MonoTime;
using base::Result;

namespace {

constexpr int kWatchedEvents = ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL |
                               ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH |
                               ZMQ_EVENT_DISCONNECTED;
// A monitor that nobody reads must not hold up libzmq's thread.
constexpr int kMonitorQueueEvents = 100'000;
// Once may be a hub that was killed at that moment.
constexpr int kHungUpBeforeRefused = 2;

}  // namespace

ConnectionJudge::ConnectionJudge(const ConnectSecurity& security, std::string endpoint, std::uint64_t seed)
    : m_has_key(security.key.has_value()),
      m_key_file(security.key ? security.key->file.string() : std::string()),
      m_endpoint(std::move(endpoint)),
      m_backoff(seed) {}

std::string ConnectionJudge::hung_up_text() const {
  if (!m_has_key) {
    return fmt::format(
        "what answers at {} hangs up: it wants a key (--key FILE, made by 'gridwall keys new client'), or "
        "it is no hub",
        m_endpoint);
  }
  return fmt::format(
      "what answers at {} hangs up: it is another hub than the one that hub_public_key in {} names, or "
      "it runs without keys (then leave --key out), or it is no hub",
      m_endpoint, m_key_file);
}

ConnectionJudge::Step ConnectionJudge::refuse(std::string reason, MonoTime now) {
  m_status.state = ConnectionState::Refused;
  m_status.reason = std::move(reason);
  ++m_status.refused_count;
  m_connect_at = now + m_backoff.next();
  return Step::TakeDown;
}

ConnectionJudge::Step ConnectionJudge::on_event(std::uint16_t event, std::uint32_t value, MonoTime now) {
  // What libzmq did before it heard that the connection is to be taken down.
  if (m_connect_at) return Step::Nothing;
  switch (event) {
    case ZMQ_EVENT_HANDSHAKE_SUCCEEDED:
      m_status.state = ConnectionState::Connected;
      m_was_connected = true;
      m_status.reason.clear();
      m_hung_up_count = 0;
      m_backoff.reset();
      return Step::Nothing;
    case ZMQ_EVENT_DISCONNECTED:
      if (m_status.state == ConnectionState::Connected) m_status.state = ConnectionState::Disconnected;
      return Step::Nothing;
    case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH:
      return refuse(
          fmt::format("the hub at {} does not admit the key of {} ({}): it does not know it, it is revoked, or "
                      "its roles do not allow this; ask who runs the hub ('gridwall keys list')",
                      m_endpoint, m_key_file, value),
          now);
    case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL:
      return refuse(hung_up_text(), now);
    case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL:
      // Who had been let in before is not refused by silence: a tunnel whose other end is gone hangs up like that.
      if (++m_hung_up_count >= kHungUpBeforeRefused && !m_was_connected) return refuse(hung_up_text(), now);
      m_connect_at = now + m_backoff.next();
      return Step::TakeDown;
    default:
      return Step::Nothing;
  }
}

ConnectionJudge::Step ConnectionJudge::on_time(MonoTime now) {
  if (!m_connect_at || now < *m_connect_at) return Step::Nothing;
  m_connect_at.reset();
  return Step::Connect;
}

ConnectionWatch::ConnectionWatch(ZmqSocket monitor, Endpoint endpoint, ConnectionJudge judge)
    : m_monitor(std::move(monitor)), m_endpoint(std::move(endpoint)), m_judge(std::move(judge)) {}

Result<ConnectionWatch> ConnectionWatch::connect(zmq::context_t& context, ZmqSocket& socket, const Endpoint& endpoint,
                                                 const ConnectSecurity& security) {
  const std::string address = fmt::format("inproc://watch-{}", fmt::ptr(socket.handle()));
  SocketLimits limits;
  limits.receive_queue_messages = kMonitorQueueEvents;
  TRY_ASSIGN(ZmqSocket monitor, ZmqSocket::open(context, zmq::socket_type::pair, limits));
  if (zmq_socket_monitor(socket.handle(), address.c_str(), kWatchedEvents) != 0 ||
      zmq_connect(monitor.handle(), address.c_str()) != 0) {
    return Error{ErrorCode::Internal,
                 fmt::format("cannot watch the connection to {}: {}", endpoint.text(), zmq_strerror(zmq_errno()))};
  }
  TRY(socket.connect(endpoint));
  std::random_device device;
  return ConnectionWatch(std::move(monitor), endpoint, ConnectionJudge(security, endpoint.text(), device()));
}

const ConnectionStatus& ConnectionWatch::poll(ZmqSocket& socket, MonoTime now) {
  while (const auto parts = m_monitor.receive()) {
    // The event and its value, in the machine's order; the second part names the endpoint.
    std::uint16_t event = 0;
    std::uint32_t value = 0;
    const std::string_view bytes = view(parts->front());
    if (bytes.size() < sizeof event + sizeof value) continue;
    std::memcpy(&event, bytes.data(), sizeof event);
    std::memcpy(&value, bytes.data() + sizeof event, sizeof value);
    act(socket, m_judge.on_event(event, value, now));
  }
  act(socket, m_judge.on_time(now));
  return m_judge.status();
}

void ConnectionWatch::act(ZmqSocket& socket, ConnectionJudge::Step step) {
  if (step == ConnectionJudge::Step::TakeDown) socket.disconnect(m_endpoint);
  // It connected before, so the endpoint is one; what else may be wrong comes up at the next try.
  if (step == ConnectionJudge::Step::Connect) static_cast<void>(socket.connect(m_endpoint));
}

Duration ConnectionWatch::patience(MonoTime now, Duration patience) const {
  const auto due_at = m_judge.due_at();
  return due_at ? std::clamp<Duration>(*due_at - now, Duration::zero(), patience) : patience;
}

}  // namespace gridwall::feed
