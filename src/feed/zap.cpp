#include "feed/zap.hpp"

#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>

#include "base/log.hpp"
#include "feed/curve_keys.hpp"

namespace gridwall::feed {

using base::Duration;
using base::Error;
using base::ErrorCode;
using base::Result;

namespace {

constexpr const char* kZapEndpoint = "inproc://zeromq.zap.01";
constexpr int kLookIntervalMs = 250;
// A list that is being written in place may be empty for a moment, and must not cut everybody off.
constexpr int kStillForMs = 50;
constexpr Duration kRefusalLogInterval = std::chrono::seconds(10);

constexpr std::string_view kVersion = "1.0";
// version, request id, domain, address, routing id, mechanism; then the credentials: CURVE has one, the public key.
constexpr std::size_t kCurveParts = 7;

}  // namespace

const char* refusal_of(const ClientEntry* entry, std::string_view domain) {
  if (entry == nullptr) return "unknown_key";
  if (entry->revoked) return "revoked_key";
  const bool follows = domain == door_word(Door::Feed) || domain == door_word(Door::Sync);
  if (!may(entry->roles, follows ? Action::Follow : Action::Ask)) return "role";
  return nullptr;
}

ZapAnswer answer_zap(const std::vector<std::string_view>& request, const ClientList& clients) {
  ZapAnswer answer;
  if (request.size() < 2 || request[0] != kVersion) return answer;
  const ClientEntry* entry = nullptr;
  const char* refusal = nullptr;
  if (request.size() != kCurveParts || request[5] != "CURVE" || request[6].size() != 32) {
    refusal = "no_key";
  } else {
    answer.public_key = key_text(request[6]);
    entry = clients.find_key(answer.public_key);
    refusal = refusal_of(entry, request[2]);
  }
  answer.admitted = refusal == nullptr;
  if (refusal != nullptr) answer.reason = refusal;
  // 300 ("try later") would leave the client without any word, and it gets no text either way: 400 it is.
  answer.parts = {std::string(kVersion),
                  std::string(request[1]),
                  answer.admitted ? "200" : "400",
                  answer.admitted ? "OK" : answer.reason,
                  answer.admitted ? answer.public_key : std::string(),
                  std::string()};
  return answer;
}

Result<std::unique_ptr<ZapHandler>> ZapHandler::start(zmq::context_t& context, std::filesystem::path clients_file) {
  SocketLimits limits;
  limits.message_bytes_max = 1 << 16;
  TRY_ASSIGN(ZmqSocket socket, ZmqSocket::open(context, zmq::socket_type::rep, limits));
  if (zmq_bind(socket.handle(), kZapEndpoint) != 0) {
    return Error{ErrorCode::Internal, fmt::format("cannot guard the hub's sockets: {}", zmq_strerror(zmq_errno()))};
  }
  const int wake = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (wake < 0) return Error{ErrorCode::Internal, "cannot guard the hub's sockets: no eventfd"};
  std::unique_ptr<ZapHandler> handler(new ZapHandler(std::move(clients_file), std::move(socket), wake));
  handler->m_stamp = handler->m_seen_stamp = handler->stamp();
  TRY_ASSIGN(ClientList list, ClientList::read(handler->m_clients_file));
  handler->m_clients.publish(std::make_shared<const ClientList>(std::move(list)));
  handler->m_status.keyed = true;
  handler->m_status.list_read_count = 1;
  handler->m_thread =
      base::Thread("zap", [handler = handler.get()](const std::stop_token& stop) { handler->run(stop); });
  return handler;
}

ZapHandler::ZapHandler(std::filesystem::path clients_file, ZmqSocket socket, int wake)
    : m_clients_file(std::move(clients_file)), m_socket(std::move(socket)), m_wake(wake) {}

ZapHandler::~ZapHandler() {
  m_thread.request_stop();
  wake();
  m_thread.join();
  ::close(m_wake);
}

void ZapHandler::wake() {
  const std::uint64_t one = 1;
  // Full means that it is to wake up already.
  static_cast<void>(!::write(m_wake, &one, sizeof one));
}

ZapHandler::FileStamp ZapHandler::stamp() const {
  struct stat found {};
  if (::stat(m_clients_file.c_str(), &found) != 0) return {};
  return {found.st_ctim.tv_sec * 1'000'000'000 + found.st_ctim.tv_nsec, found.st_size, found.st_ino};
}

void ZapHandler::run(const std::stop_token& stop) {
  bool changing = false;
  while (!stop.stop_requested()) {
    std::array<zmq_pollitem_t, 2> items{};
    items[0] = {m_socket.handle(), 0, ZMQ_POLLIN, 0};
    items[1] = {nullptr, m_wake, ZMQ_POLLIN, 0};
    zmq_poll(items.data(), static_cast<int>(items.size()), changing ? kStillForMs : kLookIntervalMs);
    std::uint64_t woken = 0;
    static_cast<void>(!::read(m_wake, &woken, sizeof woken));
    changing = read_again_when_changed();
    answer_all();
  }
}

// True: it is changing right now, look again soon.
bool ZapHandler::read_again_when_changed() {
  const FileStamp now = stamp();
  if (now == m_stamp) return false;
  const bool renamed = now.inode != m_stamp.inode;  // as our commands do it: whole at once
  if (now != std::exchange(m_seen_stamp, now) && !renamed) return true;
  m_stamp = now;
  auto list = ClientList::read(m_clients_file);
  std::string problem;
  if (list.ok()) {
    base::log_info("feed", "list of clients read entries={}", list->entries().size());
    m_clients.publish(std::make_shared<const ClientList>(std::move(*list)));
  } else {
    problem = list.error().message;
    base::log_error("feed", "the last good list of clients stays in force: {}", problem);
  }
  const std::scoped_lock lock(m_mutex);
  ++m_status.list_read_count;
  m_status.list_problem = std::move(problem);
  return false;
}

void ZapHandler::answer_all() {
  while (const auto request = m_socket.receive()) {
    std::vector<std::string_view> parts;
    for (const zmq::message_t& part : *request) parts.push_back(view(part));
    // Whoever was listed before it connected finds itself on the list.
    read_again_when_changed();
    const auto list = m_clients.take();
    ZapAnswer answer = answer_zap(parts, *list);
    std::vector<std::string_view> reply(answer.parts.begin(), answer.parts.end());
    if (reply.empty()) reply.emplace_back();  // REP must answer; libzmq then refuses the connection
    m_socket.send(reply);
    if (answer.admitted) {
      const std::scoped_lock lock(m_mutex);
      ++m_status.admitted_count;
      continue;
    }
    ConnectionRefusal refusal;
    if (const ClientEntry* entry = list->find_key(answer.public_key)) refusal.seat = entry->seat;
    refusal.public_key = std::move(answer.public_key);
    for (const Door door : {Door::Requests, Door::Feed, Door::Sync}) {
      if (parts.size() > 2 && parts[2] == door_word(door)) refusal.door = door_word(door);
    }
    refusal.reason = std::move(answer.reason);
    keep(std::move(refusal));
  }
}

void ZapHandler::keep(ConnectionRefusal refusal) {
  const base::MonoTime now = base::SystemClock().now_mono();
  const std::scoped_lock lock(m_mutex);
  ++m_status.refused_count;
  if (m_refusal_logged_at == base::MonoTime{} || now - m_refusal_logged_at >= kRefusalLogInterval) {
    m_refusal_logged_at = now;
    base::log_warning("feed", "connection refused reason={} seat=\"{}\" door={} refused_so_far={}", refusal.reason,
                      refusal.seat, refusal.door, m_status.refused_count);
  }
  if (m_refusals.size() < kRefusalsKept) m_refusals.push_back(std::move(refusal));
}

SecurityStatus ZapHandler::status() const {
  const std::scoped_lock lock(m_mutex);
  SecurityStatus status = m_status;
  status.ended_count = m_ended_count;
  status.dropped_count = m_dropped_count;
  return status;
}

std::vector<ConnectionRefusal> ZapHandler::take_refusals() {
  const std::scoped_lock lock(m_mutex);
  return std::exchange(m_refusals, {});
}

}  // namespace gridwall::feed
