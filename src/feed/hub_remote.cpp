#include "feed/hub_remote.hpp"

#include "wire/control.hpp"
#include "wire/hub_health.hpp"
#include "wire/requests.hpp"

namespace gridwall::feed {

namespace {

constexpr std::size_t kOrdersMax = 64;
constexpr base::Duration kPatience = std::chrono::seconds(2);
constexpr base::Duration kReplayInterval = std::chrono::milliseconds(250);  // a timeline follows the hand
constexpr base::Duration kLiveInterval = std::chrono::seconds(2);
constexpr base::Duration kStopInterval = std::chrono::milliseconds(250);  // so soon a stop is noticed

}  // namespace

base::Result<std::unique_ptr<HubRemote>> HubRemote::start(HubRemoteOptions options, const base::Clock& clock) {
  TRY_ASSIGN(Asker asker, Asker::connect(options.request_endpoint, clock, options.security));
  return std::unique_ptr<HubRemote>(new HubRemote(std::move(options), std::move(asker), clock));
}

HubRemote::HubRemote(HubRemoteOptions options, Asker asker, const base::Clock& clock)
    : m_options(std::move(options)),
      m_clock(clock),
      m_asker(std::move(asker)),
      m_orders("orders", kOrdersMax, base::WhenFull::DropOldest) {
  m_thread = base::Thread("remote", [this](const std::stop_token& stop) { run(stop); });
}

void HubRemote::run(const std::stop_token& stop) {
  std::optional<base::MonoTime> asked_at;
  while (!stop.stop_requested()) {
    const auto orders = m_orders.receive(kOrdersMax, asked_at ? kStopInterval : base::Duration::zero());
    for (std::size_t i = 0; i < orders.size() && !stop.stop_requested(); ++i) {
      // A hand that drags asks for many places; the newest is where it wants to be.
      const bool overtaken = i + 1 < orders.size() && orders[i].action == model::ReplayAction::Seek &&
                             orders[i + 1].action == model::ReplayAction::Seek;
      if (!overtaken) give(orders[i]);
    }
    const base::Duration interval = m_next.replay ? kReplayInterval : kLiveInterval;
    if (stop.stop_requested() || (asked_at && orders.empty() && m_clock.now_mono() - *asked_at < interval)) continue;
    asked_at = m_clock.now_mono();
    ask_status();
    if (m_next.replay) ask_density();
    publish();
  }
}

void HubRemote::give(const model::ReplayOrder& order) {
  const auto answer = m_asker.ask(wire::encode_control(order), kPatience);
  if (!answer.ok()) {
    m_refusal = answer.error().message;
    return;
  }
  auto status = wire::decode_replay_status(*answer);
  // A live hub answers with the bookmark that it kept, and has no clock.
  const bool done = status.ok() || wire::decode_kept_bookmark(*answer).ok();
  m_refusal = done ? std::string() : status.error().message;
  if (status.ok()) m_next.replay = std::move(*status);
}

void HubRemote::ask_status() {
  const auto answer = m_asker.ask(wire::encode_status_request(), kPatience);
  auto decoded = answer.ok() ? wire::decode_hub_status(*answer) : base::Result<wire::HubAnswer>(answer.error());
  if (!decoded.ok()) {
    m_next.problem = decoded.error().message;
    return;
  }
  const base::MonoTime now = m_clock.now_mono();
  const double elapsed_s = std::chrono::duration<double>(now - m_next.answered_at).count();
  const bool goes_on = m_next.health && decoded->health.last_sequence >= m_next.health->last_sequence;
  m_next.events_per_s =
      goes_on && elapsed_s > 0
          ? static_cast<double>(decoded->health.last_sequence - m_next.health->last_sequence) / elapsed_s
          : 0;
  m_next.answered_at = now;
  m_next.health = std::move(decoded->health);
  m_next.replay = std::move(decoded->replay);
  m_next.problem = m_refusal;
}

// A recording that is played does not grow in most cases; then it is asked once.
void HubRemote::ask_density() {
  const model::ReplayStatus& replay = *m_next.replay;
  const model::TimeSpan span{replay.first, replay.last};
  if (m_density_of == span) {
    if (m_next.problem.empty()) m_next.problem = m_density_problem;
    return;
  }
  const auto answer = m_asker.ask(wire::encode_density_request(m_options.density_buckets), kPatience);
  auto density = answer.ok() ? wire::decode_density(*answer) : base::Result<model::ReplayDensity>(answer.error());
  // A hub that said no reads a damaged recording for it each time; one that did not answer is asked again.
  if (answer.ok()) m_density_of = span;
  m_density_problem = density.ok() ? std::string() : density.error().message;
  if (density.ok()) {
    m_next.density = std::move(*density);
  } else {
    m_next.problem = m_density_problem;
  }
}

void HubRemote::publish() {
  m_view.publish(std::make_shared<const model::HubView>(m_next));
}

}  // namespace gridwall::feed
