#include "feed/sync_socket.hpp"

#include <array>

#include "feed/peer_guard.hpp"
#include "feed/zmq_socket.hpp"

namespace gridwall::feed {

SyncSocket::SyncSocket(std::unique_ptr<ZmqSocket> socket, Endpoint endpoint, std::unique_ptr<PeerGuard> peers)
    : m_socket(std::move(socket)), m_endpoint(std::move(endpoint)), m_peers(std::move(peers)) {}
SyncSocket::SyncSocket(SyncSocket&&) noexcept = default;
SyncSocket& SyncSocket::operator=(SyncSocket&&) noexcept = default;
SyncSocket::~SyncSocket() = default;

void SyncSocket::wait(base::Duration patience) {
  m_peers->end_revoked();
  const std::array handles{m_socket->handle()};
  wait_readable(handles, patience);
}

std::optional<SyncSocket::Ask> SyncSocket::receive() {
  while (auto parts = m_socket->receive()) {
    if (!m_peers->admit(parts->back(), Door::Sync)) continue;
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
