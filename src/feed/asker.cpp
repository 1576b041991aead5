#include "feed/asker.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "feed/connection_watch.hpp"
#include "feed/zmq_socket.hpp"

namespace gridwall::feed {

using base::Duration;
using base::Error;
using base::ErrorCode;
using base::MonoTime;
using base::Result;

struct Asker::Link {
  explicit Link(const base::Clock& clock_) : clock(clock_) {}

  const base::Clock& clock;
  std::string endpoint;
  zmq::context_t context{1};
  std::optional<ZmqSocket> socket;
  std::optional<ConnectionWatch> watch;
  std::uint64_t last_number = 0;
};

Asker::Asker(std::unique_ptr<Link> link) : m_link(std::move(link)) {}
Asker::Asker(Asker&&) noexcept = default;
Asker& Asker::operator=(Asker&&) noexcept = default;
Asker::~Asker() = default;

Result<Asker> Asker::connect(std::string_view request_endpoint, const base::Clock& clock,
                             const ConnectSecurity& security) {
  TRY_ASSIGN(const Endpoint endpoint, parse_endpoint(request_endpoint, EndpointUse::Connect, protection_of(security)));
  auto link = std::make_unique<Link>(clock);
  link->endpoint = endpoint.text();
  TRY_ASSIGN(link->socket, ZmqSocket::open(link->context, zmq::socket_type::dealer, SocketLimits{}));
  link->socket->set(ZMQ_IMMEDIATE, 1);  // what is sent goes to a hub, not into a queue for one
  TRY(prove_by(*link->socket, security));
  TRY_ASSIGN(link->watch, ConnectionWatch::connect(link->context, *link->socket, endpoint, security));
  return Asker(std::move(link));
}

Result<std::string> Asker::ask(std::string_view question, Duration patience) {
  // Until there is a connection nothing can be sent: look again soon, but do not spin.
  constexpr Duration kLookAgain = std::chrono::milliseconds(20);
  Link& link = *m_link;
  const std::string tag = std::to_string(++link.last_number);
  const std::array<std::string_view, 3> parts{tag, std::string_view{}, question};
  bool is_sent = false;
  MonoTime now = link.clock.now_mono();
  const MonoTime until = now + patience;
  for (;;) {
    const ConnectionStatus& connection = link.watch->poll(*link.socket, now);
    if (!is_sent) is_sent = link.socket->send(parts) == SendOutcome::Sent;
    while (const auto answer = link.socket->receive()) {
      if (answer->size() == 3 && view(answer->front()) == tag) return std::string(view(answer->back()));
    }
    if (connection.state == ConnectionState::Refused) return Error{ErrorCode::Refused, connection.reason};
    if (now >= until) break;
    const std::array handles{link.socket->handle(), link.watch->handle()};
    const Duration rest = until - now;
    wait_readable(handles, link.watch->patience(now, is_sent ? rest : std::min(rest, kLookAgain)));
    now = link.clock.now_mono();
  }
  return Error{ErrorCode::Unavailable, fmt::format("{}: no answer within {:.1f} s; is a hub running there?",
                                                   link.endpoint, std::chrono::duration<double>(patience).count())};
}

}  // namespace gridwall::feed
