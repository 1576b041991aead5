// Hub: the service that takes events from publishers and publishes one feed, on a thread of its own. Used by
// `gridwall hub`, and in one process with the wall by `gridwall demo`; sockets either way.
// Promises: no bad request ends it, no slow subscriber or client slows it, its memory is bounded.
// Test: tests/unit/hub/hub_test.cpp, tests/e2e/feed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/latest_slot.hpp"
#include "base/result.hpp"
#include "base/thread.hpp"
#include "feed/hub_security.hpp"
#include "feed/hub_sockets.hpp"
#include "hub/audit_log.hpp"
#include "hub/intake.hpp"
#include "hub/journal_keeper.hpp"
#include "hub/rate_meter.hpp"
#include "hub/rate_limiter.hpp"
#include "hub/sync_service.hpp"
#include "model/feed_status.hpp"
#include "wire/control.hpp"

namespace gridwall::hub {

struct HubOptions {
  std::string profile_id;
  std::shared_ptr<const model::DivisionTree> tree;
  std::shared_ptr<const model::Vocabulary> vocabulary;
  std::shared_ptr<const model::DistrictRules> rules;
  std::uint64_t rules_hash = 0;                         // told to walls, who compare it with theirs
  std::string requests_endpoint = "tcp://127.0.0.1:*";  // '*': any free port
  std::string feed_endpoint = "tcp://127.0.0.1:*";
  std::string sync_endpoint = "tcp://127.0.0.1:*";
  std::filesystem::path key_folder;  // CURVE on every door; empty: loopback only, unless `insecure`
  bool insecure = false;
  std::filesystem::path audit_folder;  // empty: no audit log
  // Without a journal nothing is durable, and the answers say so.
  std::optional<JournalOptions> journal;
  // Without a journal of its own: a recording whose end is the state that the hub begins with. Empty: nothing has
  // happened yet.
  std::filesystem::path begin_from;
  // Of one journal: played instead of taking events in. `clock` gives the monotonic time alone then.
  std::vector<std::filesystem::path> replay;
  const base::Clock* clock = nullptr;  // the hub's clock; must outlive the hub and be safe to read from its thread
  model::ClockMode clock_mode = model::ClockMode::Live;
  double clock_rate = 1.0;                                     // what `clock` does, told to the walls
  RateLimit client_bytes{32.0 * (1 << 20), 64.0 * (1 << 20)};  // of requests, each client
  feed::FeedQueue feed_queue;                                  // for each subscriber that does not read
};

struct WorldStatus {
  std::size_t incident_count = 0;
  state::WorldMemory memory;
};

struct HubStatus {
  IntakeCounters intake;
  std::vector<SourceDoubt> shift_doubts;  // sources whose points look shifted, with a sentence each; seldom any
  std::uint64_t epoch = 0;
  std::uint64_t last_sequence = 0;
  base::UtcTime state_time{};
  base::Duration state_ahead{};  // of the hub's clock: see ahead_watch.hpp; zero of a replay
  std::uint64_t request_count = 0;
  std::uint64_t ping_count = 0;
  std::uint64_t hello_count = 0;
  std::uint64_t bad_request_count = 0;  // neither events nor an operation we know, or of several parts
  std::uint64_t rate_limited_count = 0;
  std::uint64_t answer_dropped_count = 0;  // the client is gone or does not read
  std::uint64_t heartbeat_count = 0;
  std::size_t followed_prefix_count = 0;   // prefixes with a subscriber, each gets heartbeats
  std::uint64_t unknown_prefix_count = 0;  // subscriptions to heartbeats of no division
  std::optional<JournalStatus> journal;    // none: there is no journal
  std::uint64_t journal_failure_count = 0;
  std::size_t waiting_answer_count = 0;         // for the disk
  double accept_p50_ms = 0, accept_p99_ms = 0;  // from a request's arrival to its answer, of the last thousand
  SyncStatus sync;
  feed::SecurityStatus security;
  AuditStatus audit;
  WorldStatus world;
  std::optional<wire::ReplayStatus> replay;
  HubRates rates;
};

class HubService;

class Hub {
 public:
  // Binds both sockets, then serves. Errors: an endpoint that is none, not loopback, or taken.
  static base::Result<std::unique_ptr<Hub>> start(const HubOptions& options);
  ~Hub();  // stops and joins

  // With the ports that were really bound.
  [[nodiscard]] const std::string& requests_endpoint() const { return m_requests_endpoint; }
  [[nodiscard]] const std::string& feed_endpoint() const { return m_feed_endpoint; }
  // A few times a second anew; never null. Any thread.
  [[nodiscard]] std::shared_ptr<const HubStatus> status() const { return m_status.take(); }
  // Ends the service; status() then tells the last counts.
  void stop();

 private:
  Hub();

  std::string m_requests_endpoint, m_feed_endpoint;
  base::LatestSlot<HubStatus> m_status;
  std::unique_ptr<HubService> m_service;
  base::Thread m_thread;  // last: it uses all above
};

}  // namespace gridwall::hub
