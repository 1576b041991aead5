// ZapHandler: answers ZeroMQ's question "may this key in?" (RFC 27) for all doors of a hub, on a thread of its own,
// from clients.toml, which it reads again when it changes (written in place: once it stayed still for a moment). A list
// that cannot be read leaves the last good one in force and is told. Each message of an admitted client carries its
// public key as "User-Id". Invariant: it listens before a door opens and until all are closed; without it libzmq would
// let everybody in. Private to feed's .cpp files. Test: tests/unit/feed/zap_test.cpp.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include <zmq.hpp>

#include "base/clock.hpp"
#include "base/latest_slot.hpp"
#include "base/result.hpp"
#include "base/thread.hpp"
#include "feed/client_list.hpp"
#include "feed/hub_security.hpp"
#include "feed/roles.hpp"
#include "feed/zmq_socket.hpp"

namespace gridwall::feed {

// Null: the door admits the key. Else why not, in words for a log. `domain` is the door's.
[[nodiscard]] const char* refusal_of(const ClientEntry* entry, std::string_view domain);

// The parts of an answer to a request; empty when the request is none of RFC 27 and cannot be answered. `refused` gets
// the key and why, when it was.
struct ZapAnswer {
  std::vector<std::string> parts;
  bool admitted = false;
  std::string public_key, reason;
};
[[nodiscard]] ZapAnswer answer_zap(const std::vector<std::string_view>& request, const ClientList& clients);

class ZapHandler {
 public:
  // Listens in `context` when it returns. Errors: a list that cannot be read at the start, a context that has a
  // handler.
  static base::Result<std::unique_ptr<ZapHandler>> start(zmq::context_t& context, std::filesystem::path clients_file);
  ~ZapHandler();  // after every door is closed

  // The list in force; never null; another pointer when it changed. Any thread.
  [[nodiscard]] std::shared_ptr<const ClientList> clients() const { return m_clients.take(); }
  [[nodiscard]] std::uint64_t clients_version() const { return m_clients.version(); }
  [[nodiscard]] SecurityStatus status() const;
  // What the guards of the doors did, for status(). Any thread.
  void count_ended() { ++m_ended_count; }
  void count_dropped() { ++m_dropped_count; }
  // Refused since the last call, oldest first; at most kRefusalsKept are kept. Any thread.
  std::vector<ConnectionRefusal> take_refusals();

 private:
  struct FileStamp {
    std::int64_t changed_ns = 0, size = -1;
    std::uint64_t inode = 0;
    bool operator==(const FileStamp&) const = default;
  };
  ZapHandler(std::filesystem::path clients_file, ZmqSocket socket, int wake);
  [[nodiscard]] FileStamp stamp() const;
  void run(const std::stop_token& stop);
  void wake();
  void answer_all();
  void keep(ConnectionRefusal refusal);
  bool read_again_when_changed();

  const std::filesystem::path m_clients_file;
  ZmqSocket m_socket;      // used by the thread only
  int m_wake = -1;         // an eventfd
  FileStamp m_stamp;       // of the list in force
  FileStamp m_seen_stamp;  // at the last look
  base::LatestSlot<ClientList> m_clients;
  std::atomic<std::uint64_t> m_ended_count{0}, m_dropped_count{0};
  mutable std::mutex m_mutex;
  SecurityStatus m_status;
  std::vector<ConnectionRefusal> m_refusals;
  base::MonoTime m_refusal_logged_at{};
  base::Thread m_thread;  // last: it uses all above
};

}  // namespace gridwall::feed
