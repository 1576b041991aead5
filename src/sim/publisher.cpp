#include "sim/publisher.hpp"

#include <algorithm>
#include <deque>
#include <unordered_map>

#include "base/log.hpp"
#include "feed/client.hpp"
#include "feed/subscriber.hpp"
#include "sim/hub_clock.hpp"
#include "wire/event_codec.hpp"

namespace gridwall::sim {

namespace {

constexpr std::size_t kEventsPerMessageMax = 400;  // well below wire's limits of bytes and elements

class Publisher {
 public:
  Publisher(Simulator simulator, const PublisherOptions& options, const base::Clock& clock, feed::Client client,
            feed::Subscriber subscriber)
      : m_simulator(std::move(simulator)),
        m_rate(options.rate),
        m_clock(clock),
        m_client(std::move(client)),
        m_subscriber(std::move(subscriber)) {}

  const PublisherStats& round() {
    follow_clock();
    if (const auto hub_now = m_hub_clock.now(m_clock.now_mono()); m_begun && hub_now) {
      m_stats.hub_time = *hub_now;
      queue(m_simulator.advance(m_pace.plan_time(*hub_now)));
    }
    send_queued();
    note_answers();
    return m_stats;
  }

 private:
  // The feed itself is only listened to for the hub's clock.
  void follow_clock() {
    const feed::PollResult heard = m_subscriber.poll(std::chrono::milliseconds(m_queue.empty() ? 20 : 0));
    if (heard.status.state == model::FeedState::Refused) note_problem("not let in: " + heard.status.detail);
    const wire::Hello* hello = m_subscriber.hello();
    if (hello == nullptr) return;
    m_hub_clock.tell(hello->clock, m_clock.now_mono());
    if (m_begun && hello->epoch == m_epoch && hello->journal == m_journal) return;
    m_stats.hub_heard = true;
    m_begun = true;
    m_epoch = hello->epoch;
    m_journal = hello->journal;
    begin(hello->clock);
  }

  void begin(const wire::ClockState& clock) {
    const double hub_rate = clock.rate > 0 ? clock.rate : 1;
    m_pace = {*m_hub_clock.now(m_clock.now_mono()), m_rate > 0 ? m_rate / hub_rate : 1};
    const bool pressed = m_pace.speed != 1;
    // The plan is the same each time; on a clock of its own pace the same moment comes again and again.
    const auto start_s = std::chrono::floor<std::chrono::seconds>(m_pace.start).time_since_epoch().count();
    m_simulator.set_run_tag(pressed ? fmt::format("{:x}-", start_s) : "");
    m_queue.clear();
    queue(m_simulator.begin(m_pace.start));
    base::log_info("sim", "hub_rate={} plan_speed={} backlog_events={}", hub_rate, m_pace.speed, m_queue.size());
  }

  void queue(std::vector<model::Event> events) {
    for (model::Event& event : events) {
      event.occurred_at = m_pace.hub_time(event.occurred_at);
      if (event.incident.resume_at) event.incident.resume_at = m_pace.hub_time(*event.incident.resume_at);
      m_queue.push_back(wire::encode_intake_event(event));
    }
  }

  void send_queued() {
    while (!m_queue.empty() && m_client.has_room()) {
      const std::size_t count = std::min(kEventsPerMessageMax, m_queue.size());
      std::string message = "[";
      for (std::size_t i = 0; i < count; ++i) {
        if (i > 0) message += ',';
        message += m_queue.front();
        m_queue.pop_front();
      }
      message += ']';
      m_sent_events[m_client.send(std::move(message))] = count;
      m_stats.sent_count += count;
    }
  }

  void note_answers() {
    for (const feed::Answered& answered : m_client.poll(std::chrono::milliseconds(30))) {
      const std::size_t event_count = m_sent_events[answered.number];
      m_sent_events.erase(answered.number);
      if (!answered.answered) {
        m_stats.unanswered_count += event_count;
        note_problem(answered.problem);
      }
      for (const wire::Answer& answer : answered.answers) {
        if (answer.status == wire::AnswerStatus::Accepted) ++m_stats.accepted_count;
        if (answer.status == wire::AnswerStatus::Duplicate) ++m_stats.duplicate_count;
        if (answer.status != wire::AnswerStatus::Refused) continue;
        ++m_stats.refused_count;
        note_problem(answer.reason + ": " + answer.detail);
      }
    }
  }

  void note_problem(std::string problem) {
    if (!m_stats.first_problem.empty()) return;
    m_stats.first_problem = std::move(problem);
    base::log_warning("sim", "the hub refuses: {}", m_stats.first_problem);
  }

  Simulator m_simulator;
  double m_rate;
  const base::Clock& m_clock;
  feed::Client m_client;
  feed::Subscriber m_subscriber;
  HubClock m_hub_clock;
  SimulatedPace m_pace;
  bool m_begun = false;
  std::uint64_t m_epoch = 0;
  wire::JournalId m_journal{};
  std::deque<std::string> m_queue;  // encoded, in order; bounded by one local day and what the plan yields in a round
  std::unordered_map<std::uint64_t, std::size_t> m_sent_events;  // by message number
  PublisherStats m_stats;
};

}  // namespace

base::Result<PublisherStats> publish(Simulator simulator, const PublisherOptions& options, const base::Clock& clock,
                                     const std::function<bool()>& stop,
                                     const std::function<void(const PublisherStats&)>& watch) {
  feed::ClientOptions patient;
  patient.in_flight_max = 1;  // a message sent again must not be overtaken: an incident's events stay in order
  patient.give_up_after = base::Duration::zero();
  patient.security = options.security;
  TRY_ASSIGN(auto client, feed::Client::connect(options.hub_endpoint, clock, patient));
  feed::SubscriberOptions listening;
  listening.request_endpoint = options.hub_endpoint;
  listening.security = options.security;
  TRY_ASSIGN(auto subscriber, feed::Subscriber::connect(listening, clock));
  Publisher publisher(std::move(simulator), options, clock, std::move(client), std::move(subscriber));
  PublisherStats stats;
  while (!stop()) {
    stats = publisher.round();
    if (watch) watch(stats);
  }
  return stats;
}

}  // namespace gridwall::sim
