// ZmqSocket: one ZeroMQ socket with the options that every socket of ours has: bounded queues, bounded linger, a size
// limit, reconnecting with back-off, heartbeats; and CURVE. Nothing here blocks except wait(), and nothing throws.
// Private to feed's .cpp files (it brings in zmq.hpp); a socket belongs to the thread that uses it first.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <zmq.hpp>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "feed/connect_security.hpp"
#include "feed/curve_keys.hpp"
#include "feed/endpoint.hpp"
#include "feed/hub_security.hpp"

namespace gridwall::feed {

struct SocketLimits {
  int send_queue_messages = 10'000;
  int receive_queue_messages = 10'000;
  std::int64_t message_bytes_max = 8 << 20;  // a peer that sends more is disconnected
  int linger_ms = 0;
};

// More parts than this is nobody's protocol: the rest is read and thrown away.
inline constexpr std::size_t kPartsMax = 8;

enum class SendOutcome { Sent, Full, NoPeer, Failed };

class ZmqSocket {
 public:
  static base::Result<ZmqSocket> open(zmq::context_t& context, zmq::socket_type type, const SocketLimits& limits);

  // The endpoint with the port that was really bound.
  base::Result<Endpoint> bind(const Endpoint& endpoint);
  base::Status connect(const Endpoint& endpoint);
  void disconnect(const Endpoint& endpoint);

  template <typename T>
  void set(int option, const T& value) {
    zmq_setsockopt(m_socket.handle(), option, &value, sizeof value);
  }
  void set_text(int option, std::string_view value) {
    zmq_setsockopt(m_socket.handle(), option, value.data(), value.size());
  }

  // All parts or none; never waits.
  SendOutcome send(std::span<const std::string_view> parts);
  // Nothing to read, or the parts of one message.
  std::optional<std::vector<zmq::message_t>> receive();
  // The same into a vector whose memory is used again. False: nothing to read, or nothing whole.
  bool receive(std::vector<zmq::message_t>& parts);

  [[nodiscard]] void* handle() { return m_socket.handle(); }

 private:
  explicit ZmqSocket(zmq::socket_t socket) : m_socket(std::move(socket)) {}
  zmq::socket_t m_socket;
};

// CURVE from here on; before bind() or connect(). A guarded door also needs a ZapHandler in its context, or libzmq lets
// every key in. Errors: a ZeroMQ without CURVE.
base::Status guard_door(ZmqSocket& socket, const KeyPair& hub_key, Door door);
base::Status prove_by(ZmqSocket& socket, const ConnectSecurity& security);  // nothing without a key

// Waits until one of the sockets can be read, or the time is over; an interrupting signal counts as the latter.
void wait_readable(std::span<void* const> handles, base::Duration patience);

inline std::string_view view(const zmq::message_t& part) {
  return {static_cast<const char*>(part.data()), part.size()};
}

}  // namespace gridwall::feed
