#include "hub/hub.hpp"

#include "base/log.hpp"
#include "hub/hub_service.hpp"

namespace gridwall::hub {

base::Result<std::unique_ptr<Hub>> Hub::start(const HubOptions& options) {
  ASSERT(options.clock != nullptr, "the hub needs a clock");
  TRY_ASSIGN(auto service, HubService::create(options));
  std::unique_ptr<Hub> hub(new Hub());
  hub->m_requests_endpoint = service->sockets().requests_endpoint().text();
  hub->m_feed_endpoint = service->sockets().feed_endpoint().text();
  hub->m_service = std::move(service);
  hub->m_service->tell(hub->m_status);
  base::log_info("hub", "serving requests={} feed={} divisions={} journal={}", hub->m_requests_endpoint,
                 hub->m_feed_endpoint, options.tree->divisions().size(),
                 options.journal ? options.journal->folder.string() : "none");
  hub->m_thread =
      base::Thread("hub", [hub = hub.get()](const std::stop_token& stop) { hub->m_service->run(stop, hub->m_status); });
  return hub;
}

Hub::Hub() = default;
Hub::~Hub() {
  stop();
}

void Hub::stop() {
  m_thread.request_stop();
  m_thread.join();
}

}  // namespace gridwall::hub
