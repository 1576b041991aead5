// HubRemote: a wall's questions to its hub, on a thread of its own: how it does and, of a replay, where it stands,
// asked again and again; and the orders that people give to a replay's clock. The picture never waits for an answer.
// Test: tests/unit/hub/hub_remote_test.cpp.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/bounded_channel.hpp"
#include "base/latest_slot.hpp"
#include "base/thread.hpp"
#include "feed/asker.hpp"
#include "model/hub_view.hpp"

namespace gridwall::feed {

struct HubRemoteOptions {
  std::string request_endpoint;
  ConnectSecurity security;
  std::size_t density_buckets = 480;
};

class HubRemote {
 public:
  // Errors: as Asker::connect. `clock` must outlive the object.
  static base::Result<std::unique_ptr<HubRemote>> start(HubRemoteOptions options, const base::Clock& clock);
  HubRemote(const HubRemote&) = delete;
  HubRemote& operator=(const HubRemote&) = delete;

  // Given in order, soon; what becomes of it stands in the next view. Never waits: of very many the oldest go.
  void order(model::ReplayOrder order) { m_orders.send(std::move(order)); }
  // Null before the first answer, or failure. Any thread.
  [[nodiscard]] std::shared_ptr<const model::HubView> take() const { return m_view.take(); }

 private:
  HubRemote(HubRemoteOptions options, Asker asker, const base::Clock& clock);
  void run(const std::stop_token& stop);
  void give(const model::ReplayOrder& order);
  void ask_status();
  void ask_density();
  void publish();

  HubRemoteOptions m_options;
  const base::Clock& m_clock;
  Asker m_asker;
  model::HubView m_next;
  std::string m_refusal;                        // of the last order
  std::optional<model::TimeSpan> m_density_of;  // the recording that has been answered for
  std::string m_density_problem;
  base::BoundedChannel<model::ReplayOrder> m_orders;
  base::LatestSlot<model::HubView> m_view;
  base::Thread m_thread;  // last: it uses all above
};

}  // namespace gridwall::feed
