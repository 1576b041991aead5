#include "feed/sync_socket.hpp"

#include <array>

#include "feed/zmq_socket.hpp"

namespace gridwall::feed {

SyncSocket::SyncSocket(std::unique_ptr<ZmqSocket> socket, Endpoint endpoint)
    : m_socket(std::move(socket)), m_endpoint(std::move(endpoint)) {}
SyncSocket::SyncSocket(SyncSocket&&) noexcept = default;
SyncSocket& SyncSocket::operator=(SyncSocket&&) noexcept = default;
SyncSocket::~SyncSocket() = default;

void SyncSocket::wait(base::Duration patience) {
  const std::array handles{m_socket->handle()};
  wait_readable(handles, patience);
}

std::optional<SyncSocket::Ask> SyncSocket::receive() {
  while (const auto parts = m_socket->receive()) {
    if (parts->size() == 2) return Ask{std::string(view(parts->front())), std::string(view(parts->back()))};
  }
  return std::nullopt;
}

SyncSocket::Sent SyncSocket::send(std::string_view client, std::string_view head, std::string_view payload) {
  const std::array parts{client, head, payload};
  switch (m_socket->send(parts)) {
    case SendOutcome::Sent:
      return Sent::Yes;
    case SendOutcome::Full:
      return Sent::Full;
    case SendOutcome::NoPeer:
    case SendOutcome::Failed:
      break;
  }
  return Sent::Gone;
}

}  // namespace gridwall::feed
