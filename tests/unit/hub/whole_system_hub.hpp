// A hub as a process of the simulated system: the real LiveDesk, JournalKeeper and SyncFold, each having its turn as
// the threads of a HubService would, over a disk that fails and a network that loses.
#pragma once

#include <deque>
#include <filesystem>
#include <functional>
#include <variant>

#include "hub/live_desk.hpp"
#include "hub/sync_fold.hpp"
#include "support/faulty_disk.hpp"
#include "whole_system_net.hpp"
#include "whole_system_truth.hpp"

namespace gridwall::hub {

// Who may do what of the simulated clients; the key is the first part of a request's envelope.
using RightsOf = std::map<std::string, Rights, std::less<>>;

struct SimHubOptions {
  LedgerOptions ledger;
  std::filesystem::path folder;
  wire::SyncServerOptions sync;
  RightsOf rights;
  std::vector<std::string> prefixes;  // that heartbeats are sent for
  std::uint64_t keyframe_events = 0;
  std::uint64_t segment_bytes_max = 0;  // 0: no end
  int clock_rate = 1;
};

class SimulatedHub {
 public:
  // Where it sends: the feed, an answer to a request, a message to a client of the sync port.
  struct Doors {
    std::function<void(FeedOutPointer)> feed;
    std::function<void(const feed::Request&, std::string)> answer;
    std::function<void(const wire::SyncServer::Outgoing&)> sync;
  };
  SimulatedHub(SimHubOptions options, Doors doors, Truth& truth, test::FaultyDisk& disk, base::Random& random);
  ~SimulatedHub();

  // False: its journal cannot be opened now; the supervisor starts it again later.
  bool start(base::Duration now);
  // The process ends at once; beside it perhaps the machine.
  void kill(bool machine_too);
  // As a stop by its owner: who waits for the disk is answered first, where the disk works.
  void stop(base::Duration now);
  void step(base::Duration now, const Weather& weather);
  void jump_clock(base::Duration by) { m_clock_base += by; }
  void set_segment_bytes_max(std::uint64_t bytes) { m_options.segment_bytes_max = bytes; }

  void on_request(const feed::Request& request, base::Duration now);
  void on_sync_ask(std::string_view client, std::string_view message, base::Duration now);
  void drop_sync_client(std::string_view client);

  [[nodiscard]] bool alive() const { return m_desk != nullptr; }
  [[nodiscard]] base::Duration mono(base::Duration now) const { return now + m_zero; }
  [[nodiscard]] base::UtcTime utc(base::Duration now) const { return m_clock_base + now * m_options.clock_rate; }
  [[nodiscard]] Ledger& ledger() { return m_desk->ledger(); }
  [[nodiscard]] std::uint64_t failure_count() const { return m_failure_count; }

 private:
  using KeyframeWanted = std::shared_ptr<std::promise<std::shared_ptr<const StateCopy>>>;
  using SyncItem = std::variant<std::shared_ptr<const StateCopy>, std::shared_ptr<const FeedBatch>, KeyframeWanted>;

  base::Status open(base::Duration now);
  KeyframePromise want_keyframe();
  void start_epoch();
  void put_out(const std::shared_ptr<const FeedBatch>& batch);
  void send_answers(const feed::Request& request, const std::vector<wire::Answer>& answers);
  void look_at_journal(base::Duration now);
  void beat(base::Duration now);
  void turn_sync(base::Duration now);
  void turn_journal(base::Duration now);
  void drain_sync(std::size_t items_max);

  SimHubOptions m_options;
  Doors m_doors;
  Truth& m_truth;
  test::FaultyDisk& m_disk;
  base::Random& m_random;
  base::UtcTime m_clock_base;
  base::Duration m_zero{}, m_beat_due_at{};
  std::uint64_t m_failure_count = 0;
  bool m_journal_has_work = false;  // else its thread sleeps for most of the time

  std::unique_ptr<SyncFold> m_sync;
  std::deque<SyncItem> m_sync_queue;
  std::unique_ptr<LiveDesk> m_desk;  // null: no process
};

}  // namespace gridwall::hub
