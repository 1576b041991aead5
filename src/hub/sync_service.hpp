// SyncService: serves snapshots and what was missed, on a thread and a socket of its own, from a second fold of the
// feed. Why a second one: encoding a state of a million cases takes a second, and the hub must not stand still for a
// wall that joins. It also makes the journal's keyframes.
// The hub's thread gives it everything it publishes, in order; it gives back keyframes and counts.
// Test: tests/unit/hub/sync_service_test.cpp, tests/e2e/feed.
#pragma once

#include <future>
#include <memory>
#include <variant>

#include "base/bounded_channel.hpp"
#include "base/latest_slot.hpp"
#include "base/thread.hpp"
#include "feed/sync_socket.hpp"
#include "hub/sync_fold.hpp"

namespace gridwall::hub {

struct SyncStatus {
  wire::SyncCounters counters;
  std::uint64_t sequence = 0;  // of the second fold
  base::ChannelStats queue;
  std::uint64_t keyframe_count = 0;
};

class SyncService {
 public:
  static base::Result<std::unique_ptr<SyncService>> start(const LedgerOptions& ledger, feed::SyncSocket socket,
                                                          wire::SyncServerOptions server = {});
  ~SyncService();

  // The hub's thread. A state that everything after it follows from: at the start, and at each jump.
  void start_epoch(std::shared_ptr<const StateCopy> state);
  void feed(std::shared_ptr<const FeedBatch> batch);
  // Of all that has been fed until now, a little later; null when there is none to be had.
  [[nodiscard]] std::shared_future<std::shared_ptr<const StateCopy>> want_keyframe();

  [[nodiscard]] std::uint16_t port() const { return m_port; }
  // Any thread; never null.
  [[nodiscard]] std::shared_ptr<const SyncStatus> status() const { return m_status.take(); }

 private:
  using KeyframeWanted = std::shared_ptr<std::promise<std::shared_ptr<const StateCopy>>>;
  using Item = std::variant<std::shared_ptr<const StateCopy>, std::shared_ptr<const FeedBatch>, KeyframeWanted>;
  SyncService(Ledger ledger, feed::SyncSocket socket, const wire::SyncServerOptions& server);

  void run(const std::stop_token& stop);
  void take(const Item& item);
  void serve(base::MonoTime now);
  void tell();

  SyncFold m_fold;
  feed::SyncSocket m_socket;
  std::uint16_t m_port;
  std::uint64_t m_keyframe_count = 0;
  base::BoundedChannel<Item> m_items;
  base::LatestSlot<SyncStatus> m_status;
  base::Thread m_thread;  // last: it uses all above
};

}  // namespace gridwall::hub
