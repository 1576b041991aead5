#include "app/simulation.hpp"

#include <thread>

#include "base/log.hpp"
#include "sim/publisher.hpp"

namespace gridwall::app {

namespace {

constexpr base::Duration kLookInterval = std::chrono::milliseconds(50);

}  // namespace

base::Result<std::unique_ptr<SimulationThread>> SimulationThread::start(sim::Simulator simulator,
                                                                        std::string hub_endpoint,
                                                                        const base::Clock& clock,
                                                                        std::function<bool()> may_begin) {
  // std::function asks for something that can be copied; the simulator goes to the thread that uses it.
  auto handed_over = std::make_shared<sim::Simulator>(std::move(simulator));
  std::unique_ptr<SimulationThread> simulation(new SimulationThread);
  simulation->m_thread = base::Thread("sim", [handed_over, endpoint = std::move(hub_endpoint), &clock,
                                              may_begin = std::move(may_begin)](const std::stop_token& stop) {
    const base::MonoTime give_up_at = clock.now_mono() + kPatience;
    while (!stop.stop_requested() && !may_begin() && clock.now_mono() < give_up_at) {
      std::this_thread::sleep_for(kLookInterval);
    }
    sim::PublisherOptions options;
    options.hub_endpoint = endpoint;
    const auto done = sim::publish(std::move(*handed_over), options, clock, [&] { return stop.stop_requested(); });
    if (!done.ok()) return base::log_error("app", "simulator: {}", done.error().message);
    if (done->refused_count + done->unanswered_count > 0) {
      base::log_warning("app", "simulator refused={} unanswered={} first=\"{}\"", done->refused_count,
                        done->unanswered_count, done->first_problem);
    }
  });
  return simulation;
}

}  // namespace gridwall::app
