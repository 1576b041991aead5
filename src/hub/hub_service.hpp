// HubService: what the hub's thread does, turn by turn: read requests, take events in, publish, answer when they are on
// the disk, beat. Private to hub; Hub is the door. One thread after create().
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "feed/hub_sockets.hpp"
#include "hub/ahead_watch.hpp"
#include "hub/hub.hpp"
#include "hub/live_desk.hpp"
#include "hub/rate_meter.hpp"
#include "hub/replay_desk.hpp"
#include "wire/heartbeat.hpp"
#include "wire/requests.hpp"

namespace gridwall::hub {

class HubService {
 public:
  static base::Result<std::unique_ptr<HubService>> create(const HubOptions& options);
  ~HubService();

  void run(const std::stop_token& stop, base::LatestSlot<HubStatus>& slot);
  void gather();
  void tell(base::LatestSlot<HubStatus>& slot);
  [[nodiscard]] const feed::HubSockets& sockets() const { return m_sockets; }

 private:
  HubService(HubOptions options, feed::HubSockets sockets);
  void start_epoch();

  void play_recording(base::MonoTime now);
  void control(const feed::Request& request, const wire::ControlRequest& asked);
  void audit_control(const feed::Request& request, wire::ControlAction action, std::string_view outcome,
                     std::string_view reason);
  void answer_bookmark(const LiveDesk::Bookmark& kept);
  void read_subscriptions();
  void serve_requests();
  void serve(const feed::Request& request);
  void publish_events(const feed::Request& request);
  void put_out(const std::shared_ptr<const FeedBatch>& batch);
  void answer(const feed::Request& request, std::string_view payload);
  void answer_events(const feed::Request& request, const std::vector<wire::Answer>& answers, base::MonoTime since);
  void audit(const feed::Request& request, const std::vector<Judged>& judged);
  void audit_connections();

  void look_at_journal(base::MonoTime now);
  void drain_journal();

  void beat_when_due();
  [[nodiscard]] bool knows_prefix(std::string_view prefix) const;
  [[nodiscard]] wire::ClockState clock_state();
  [[nodiscard]] wire::Hello hello();
  [[nodiscard]] Ledger& ledger() { return m_replay ? m_replay->ledger() : m_live->ledger(); }
  base::UtcTime advance();

  HubOptions m_options;
  feed::HubSockets m_sockets;
  std::unique_ptr<ReplayDesk> m_replay;  // null: live
  std::unique_ptr<AuditTrail> m_audit;   // null: none
  std::unique_ptr<SyncService> m_sync;
  std::unique_ptr<LiveDesk> m_live;  // null: a recording is played; its journal waits for keyframes of m_sync
  RateLimiter m_limiter;
  std::unordered_map<std::string, std::uint32_t> m_followers;  // by prefix; at most two entries a division
  base::MonoTime m_beat_due_at{}, m_beacon_due_at{};
  std::vector<float> m_accept_ms;  // a ring
  std::size_t m_accept_next = 0;
  RateMeter m_rates;
  AheadWatch m_ahead;
  HubStatus m_status;
};

}  // namespace gridwall::hub
