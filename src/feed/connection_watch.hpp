// ConnectionWatch: tells a client how its connection to the hub does (connecting, connected, refused and why,
// disconnected) from libzmq's socket monitor, which alone knows of a refused handshake. libzmq gives such a connection
// up for good, or knocks ten times a second: so the watch takes it down and connects anew, with feed/backoff.hpp
// between. A connection that is lost or was never made is libzmq's to repeat. The judgement is ConnectionJudge, pure.
// Private to feed's .cpp files; one thread, the socket's. Test: tests/unit/feed/connection_watch_test.cpp.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "feed/backoff.hpp"
#include "feed/connect_security.hpp"
#include "feed/connection_state.hpp"
#include "feed/zmq_socket.hpp"

namespace gridwall::feed {

class ConnectionJudge {
 public:
  ConnectionJudge(const ConnectSecurity& security, std::string endpoint, std::uint64_t seed);

  enum class Step : std::uint8_t { Nothing, TakeDown, Connect };
  // What a monitor's event (ZMQ_EVENT_*, its value) means; TakeDown: end the connection now.
  Step on_event(std::uint16_t event, std::uint32_t value, base::MonoTime now);
  // Connect: the pause after a refusal is over.
  Step on_time(base::MonoTime now);
  // When on_time() has something to say; nullopt: never.
  [[nodiscard]] std::optional<base::MonoTime> due_at() const { return m_connect_at; }
  [[nodiscard]] const ConnectionStatus& status() const { return m_status; }

 private:
  Step refuse(std::string reason, base::MonoTime now);
  [[nodiscard]] std::string hung_up_text() const;

  bool m_has_key = false;
  std::string m_key_file, m_endpoint;
  Backoff m_backoff;
  ConnectionStatus m_status;
  std::optional<base::MonoTime> m_connect_at;
  bool m_was_connected = false;
  int m_hung_up_count = 0;  // in a row, in the middle of a handshake
};

class ConnectionWatch {
 public:
  // Connects `socket` to the endpoint and watches it; prove_by() has been called. Both must outlive neither: close
  // either first.
  static base::Result<ConnectionWatch> connect(zmq::context_t& context, ZmqSocket& socket, const Endpoint& endpoint,
                                               const ConnectSecurity& security);
  // Reads what happened and connects anew when it is time. Never waits; a few times a second.
  const ConnectionStatus& poll(ZmqSocket& socket, base::MonoTime now);
  [[nodiscard]] const ConnectionStatus& status() const { return m_judge.status(); }
  // Readable when poll() has news.
  [[nodiscard]] void* handle() { return m_monitor.handle(); }
  // How long a wait may last so that poll() comes in time.
  [[nodiscard]] base::Duration patience(base::MonoTime now, base::Duration patience) const;

 private:
  ConnectionWatch(ZmqSocket monitor, Endpoint endpoint, ConnectionJudge judge);
  void act(ZmqSocket& socket, ConnectionJudge::Step step);

  ZmqSocket m_monitor;
  Endpoint m_endpoint;
  ConnectionJudge m_judge;
};

}  // namespace gridwall::feed
