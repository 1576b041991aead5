#include "feed/peer_guard.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>

#include "base/log.hpp"

namespace gridwall::feed {

namespace {

std::uint16_t port_of(const sockaddr_storage& address) {
  if (address.ss_family == AF_INET) return ntohs(reinterpret_cast<const sockaddr_in&>(address).sin_port);
  if (address.ss_family == AF_INET6) return ntohs(reinterpret_cast<const sockaddr_in6&>(address).sin6_port);
  return 0;
}

std::string bytes_of(const sockaddr_storage& address, socklen_t size) {
  return {reinterpret_cast<const char*>(&address), std::min<std::size_t>(size, sizeof address)};
}

}  // namespace

PeerGuard::Ends PeerGuard::ends_of(int descriptor) const {
  sockaddr_storage ours{}, theirs{};
  socklen_t our_size = sizeof ours, their_size = sizeof theirs;
  if (::getsockname(descriptor, reinterpret_cast<sockaddr*>(&ours), &our_size) != 0 ||
      ::getpeername(descriptor, reinterpret_cast<sockaddr*>(&theirs), &their_size) != 0 ||
      std::find(m_ports.begin(), m_ports.end(), port_of(ours)) == m_ports.end()) {
    return {};
  }
  return bytes_of(ours, our_size) + bytes_of(theirs, their_size);
}

void PeerGuard::end(int descriptor, const Ends& ends) {
  if (ends.empty() || ends_of(descriptor) != ends) return;  // closed since, whoever has the descriptor now
  ::shutdown(descriptor, SHUT_RDWR);
  m_zap->count_ended();
}

std::optional<Peer> PeerGuard::admit(zmq::message_t& message, Door door) {
  if (m_zap == nullptr) return Peer{};
  end_revoked();
  const char* const stated = zmq_msg_gets(message.handle(), "User-Id");
  const std::string_view key = stated == nullptr ? std::string_view{} : std::string_view(stated);
  const int descriptor = zmq_msg_get(message.handle(), ZMQ_SRCFD);
  const Ends ends = descriptor < 0 ? Ends{} : ends_of(descriptor);
  const ClientEntry* const entry = m_clients->find_key(key);
  if (refusal_of(entry, door_word(door)) != nullptr) {
    m_zap->count_dropped();
    end(descriptor, ends);
    return std::nullopt;
  }
  if (!ends.empty()) {
    Connection& connection = m_connections[descriptor];
    if (connection.ends != ends || connection.key != key) connection = {std::string(key), ends, door};
  }
  return Peer{entry->seat, entry->roles, true};
}

void PeerGuard::end_revoked() {
  if (m_zap == nullptr || m_zap->clients_version() == m_version) return;
  m_version = m_zap->clients_version();
  m_clients = m_zap->clients();
  const auto ended_count = std::erase_if(m_connections, [&](const auto& item) {
    const auto& [descriptor, connection] = item;
    if (refusal_of(m_clients->find_key(connection.key), door_word(connection.door)) == nullptr) return false;
    end(descriptor, connection.ends);
    return true;
  });
  if (ended_count != 0) base::log_info("feed", "connections of keys no longer in force ended count={}", ended_count);
}

}  // namespace gridwall::feed
