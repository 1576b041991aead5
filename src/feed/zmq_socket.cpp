#include "feed/zmq_socket.hpp"

#include <algorithm>
#include <array>
#include <random>

namespace gridwall::feed {

using base::Error;
using base::ErrorCode;
using base::Result;
using base::Status;

namespace {

// The peers' heartbeats may take long on a slow link without being dead: the feed's own heartbeats tell how late it
// is, so the connection itself is given up late.
constexpr int kHeartbeatEveryMs = 2'000;
constexpr int kHeartbeatTimeoutMs = 30'000;
constexpr int kReconnectFirstMs = 100;
constexpr int kReconnectMaxMs = 10'000;
// Long enough for a hub that is busy with a hundred others.
constexpr int kHandshakeTimeoutMs = 10'000;

// libzmq doubles the first interval: drawn anew for each socket, all walls of a hub that was started anew come back at
// different times, 20 % around the middle.
int first_reconnect_ms() {
  std::random_device device;
  return kReconnectFirstMs * 8 / 10 + static_cast<int>(device() % (kReconnectFirstMs * 4 / 10 + 1));
}

Status check_set(int outcome) {
  if (outcome == 0) return {};
  return Error{ErrorCode::Unsupported, "this system's ZeroMQ cannot use CURVE keys: it was built without libsodium"};
}

int set_key(ZmqSocket& socket, int option, const std::string& key) {
  return zmq_setsockopt(socket.handle(), option, key.c_str(), key.size() + 1);
}

}  // namespace

Result<ZmqSocket> ZmqSocket::open(zmq::context_t& context, zmq::socket_type type, const SocketLimits& limits) {
  try {
    ZmqSocket socket{zmq::socket_t(context, type)};
    socket.set(ZMQ_SNDHWM, limits.send_queue_messages);
    socket.set(ZMQ_RCVHWM, limits.receive_queue_messages);
    socket.set(ZMQ_MAXMSGSIZE, limits.message_bytes_max);
    socket.set(ZMQ_LINGER, limits.linger_ms);
    socket.set(ZMQ_RECONNECT_IVL, first_reconnect_ms());
    socket.set(ZMQ_HANDSHAKE_IVL, kHandshakeTimeoutMs);
    socket.set(ZMQ_RECONNECT_IVL_MAX, kReconnectMaxMs);
    socket.set(ZMQ_HEARTBEAT_IVL, kHeartbeatEveryMs);
    socket.set(ZMQ_HEARTBEAT_TIMEOUT, kHeartbeatTimeoutMs);
    socket.set(ZMQ_HEARTBEAT_TTL, kHeartbeatTimeoutMs);
    socket.set(ZMQ_IPV6, 0);
    return socket;
  } catch (const zmq::error_t& error) {
    return Error{ErrorCode::Internal, fmt::format("cannot open a ZeroMQ socket: {}", error.what())};
  }
}

Result<Endpoint> ZmqSocket::bind(const Endpoint& endpoint) {
  try {
    if (endpoint.host.starts_with('[')) set(ZMQ_IPV6, 1);
    m_socket.bind(endpoint.text());
    // Whether other machines may come was asked when the endpoint was read.
    return parse_endpoint(m_socket.get(zmq::sockopt::last_endpoint), EndpointUse::Connect, Protection::Insecure);
  } catch (const zmq::error_t& error) {
    return Error{ErrorCode::Unavailable,
                 fmt::format("cannot listen at {}: {}; is another hub running? choose another port, or * for any",
                             endpoint.text(), error.what())};
  }
}

Status ZmqSocket::connect(const Endpoint& endpoint) {
  try {
    if (endpoint.host.starts_with('[')) set(ZMQ_IPV6, 1);
    m_socket.connect(endpoint.text());
    return {};
  } catch (const zmq::error_t& error) {
    return Error{ErrorCode::Unavailable, fmt::format("cannot connect to {}: {}", endpoint.text(), error.what())};
  }
}

void ZmqSocket::disconnect(const Endpoint& endpoint) {
  zmq_disconnect(m_socket.handle(), endpoint.text().c_str());
}

SendOutcome ZmqSocket::send(std::span<const std::string_view> parts) {
  try {
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const bool last = i + 1 == parts.size();
      const auto flags = last ? zmq::send_flags::dontwait : zmq::send_flags::dontwait | zmq::send_flags::sndmore;
      // The first part decides: a queue that took it takes the rest.
      if (!m_socket.send(zmq::message_t(parts[i].data(), parts[i].size()), flags)) return SendOutcome::Full;
    }
    return SendOutcome::Sent;
  } catch (const zmq::error_t& error) {
    return error.num() == EHOSTUNREACH ? SendOutcome::NoPeer : SendOutcome::Failed;
  }
}

std::optional<std::vector<zmq::message_t>> ZmqSocket::receive() {
  std::vector<zmq::message_t> parts;
  if (!receive(parts)) return std::nullopt;
  return parts;
}

bool ZmqSocket::receive(std::vector<zmq::message_t>& parts) {
  parts.clear();
  try {
    parts.reserve(kPartsMax);
    bool more = true;
    while (more) {
      if (parts.size() == kPartsMax) {
        zmq::message_t surplus;
        if (!m_socket.recv(surplus, zmq::recv_flags::dontwait)) return false;
        more = surplus.more();
        continue;
      }
      zmq::message_t& part = parts.emplace_back();
      if (!m_socket.recv(part, zmq::recv_flags::dontwait)) return false;
      more = part.more();
    }
  } catch (const zmq::error_t&) {
    return false;  // a signal, or the context is ending: nothing to read now
  }
  return true;
}

Status guard_door(ZmqSocket& socket, const KeyPair& hub_key, Door door) {
  socket.set(ZMQ_CURVE_SERVER, 1);
  socket.set_text(ZMQ_ZAP_DOMAIN, door_word(door));
  return check_set(set_key(socket, ZMQ_CURVE_SECRETKEY, hub_key.secret_key));
}

Status prove_by(ZmqSocket& socket, const ConnectSecurity& security) {
  if (!security.key) return {};
  TRY(check_set(set_key(socket, ZMQ_CURVE_SERVERKEY, security.key->hub_public_key)));
  TRY(check_set(set_key(socket, ZMQ_CURVE_PUBLICKEY, security.key->pair.public_key)));
  return check_set(set_key(socket, ZMQ_CURVE_SECRETKEY, security.key->pair.secret_key));
}

void wait_readable(std::span<void* const> handles, base::Duration patience) {
  std::array<zmq_pollitem_t, 8> items{};
  ASSERT(handles.size() <= items.size(), "{} sockets", handles.size());
  for (std::size_t i = 0; i < handles.size(); ++i) items[i] = {handles[i], 0, ZMQ_POLLIN, 0};
  const auto patience_ms = std::chrono::ceil<std::chrono::milliseconds>(patience).count();
  zmq_poll(items.data(), static_cast<int>(handles.size()), static_cast<long>(std::max<std::int64_t>(patience_ms, 0)));
}

}  // namespace gridwall::feed
