// SyncFold: a second fold of what the hub publishes, and the sync server that serves from it; SyncService without its
// thread and socket. Invariant: a snapshot is of the newest message that was fed; where what is fed does not follow,
// nothing is served until the next epoch. One thread. Test: tests/unit/hub/whole_system_test.cpp.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "hub/ledger.hpp"
#include "wire/sync_server.hpp"

namespace gridwall::hub {

class SyncFold {
 public:
  SyncFold(Ledger ledger, const wire::SyncServerOptions& server);

  // A state that everything after it follows from: at the start, and at each jump.
  void begin(const StateCopy& state);
  void feed(const FeedBatch& batch);
  // Of all that has been fed until now; null when there is none to be had.
  [[nodiscard]] std::shared_ptr<const StateCopy> keyframe() const;

  void on_ask(std::string_view client, std::string_view message, base::MonoTime now) {
    m_server.on_ask(client, message, now);
  }
  // Makes the snapshot that is wanted, if one is; then what may be sent now.
  std::vector<wire::SyncServer::Outgoing> turn(base::MonoTime now);
  void drop_client(std::string_view client) { m_server.drop_client(client); }

  [[nodiscard]] const Ledger& ledger() const { return m_ledger; }
  [[nodiscard]] wire::SyncCounters counters() const { return m_server.counters(); }

 private:
  void give_wanted_snapshot(base::MonoTime now);

  Ledger m_ledger;
  wire::SyncServer m_server;
  bool m_lost = false;  // what was fed did not follow
};

}  // namespace gridwall::hub
