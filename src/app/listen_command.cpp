// gridwall listen: what a wall would hear, as lines: events, changes of the feed's state, and a summary whose figures
// can be compared with a wall's.
#include <cmath>
#include <cstdio>
#include <map>
#include <optional>
#include <unordered_map>

#include "app/command_line.hpp"
#include "app/commands.hpp"
#include "app/feed_state.hpp"
#include "app/paths.hpp"
#include "app/security_options.hpp"
#include "app/state_listener.hpp"
#include "app/stop_signal.hpp"
#include "base/json_writer.hpp"
#include "base/time_text.hpp"
#include "feed/subscriber.hpp"
#include "model/vocabulary.hpp"

namespace gridwall::app {

namespace {

using base::JsonWriter;
using model::FeedState;

constexpr std::size_t kIncidentsMax = 2'000'000;  // whose state is kept for the summary

struct ListenCommand {
  feed::SubscriberOptions subscriber;
  std::string feed;
  bool state = false, beats = false;
  std::string profile;
  LayerOptions layers;
  std::vector<std::string> prefixes;
  ConnectSecurityOptions security;
  bool json = false;
  long long count = 0;
  double seconds = 0;
};

double seconds_of(base::Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

// Prints, and keeps the figures for the summary.
class Listener {
 public:
  Listener(const model::Vocabulary& vocabulary, bool json) : m_vocabulary(vocabulary), m_json(json) {}

  void hear(const feed::PollResult& result);
  void print_summary() const;
  [[nodiscard]] std::uint64_t heard_count() const { return m_heard_count; }

 private:
  void print(const std::string& line) const {
    std::fwrite(line.data(), 1, line.size(), stdout);
    std::fputc('\n', stdout);
  }
  void on_event(const model::SequencedEvent& event);
  void on_restart();
  void print_event(const model::SequencedEvent& event) const;
  void on_status(const model::FeedStatus& status);
  [[nodiscard]] std::map<int, std::uint64_t> incidents_by_state() const;

  const model::Vocabulary& m_vocabulary;
  bool m_json;
  std::uint64_t m_heard_count = 0;  // through all restarts
  std::uint64_t m_restart_count = 0;
  model::FeedStatus m_status;
  std::optional<FeedState> m_told_state;
  model::ClockMode m_told_mode = model::ClockMode::Live;
  double m_told_behind_s = 0;
  // Of the present epoch.
  std::map<std::string, std::uint64_t> m_count_by_type;
  std::unordered_map<std::string, model::CaseState> m_incidents;
};

void Listener::hear(const feed::PollResult& result) {
  for (const feed::Item& item : result.items) {
    if (const auto* event = std::get_if<model::SequencedEvent>(&item)) on_event(*event);
    if (std::holds_alternative<feed::Clear>(item)) on_restart();
  }
  on_status(result.status);
  if (!result.items.empty()) std::fflush(stdout);
}

void Listener::on_restart() {
  ++m_restart_count;
  m_count_by_type.clear();
  m_incidents.clear();
  print(m_json ? R"({"kind":"restarted"})" : "the hub started anew; figures start at zero");
}

void Listener::on_event(const model::SequencedEvent& event) {
  ++m_heard_count;
  ++m_count_by_type[event.event.type];
  const std::string& id = event.event.incident.incident_id;
  const model::LifecycleRow* row = m_vocabulary.find_event(event.event.type);
  if (row != nullptr && row->to && (m_incidents.size() < kIncidentsMax || m_incidents.contains(id))) {
    m_incidents[id] = *row->to;
  }
  print_event(event);
}

void Listener::print_event(const model::SequencedEvent& sequenced) const {
  const model::Event& event = sequenced.event;
  if (!m_json) {
    return print(fmt::format("{:>8}  {}  {}  {}  {}{}{}", sequenced.sequence,
                             base::format_rfc3339(sequenced.state_time), event.type, event.incident.incident_id,
                             event.division_path, event.point_lonlat ? "" : "  unlocated",
                             event.out_of_order ? "  out of order" : ""));
  }
  JsonWriter json;
  json.begin_object().field("kind", "event").field("sequence", sequenced.sequence);
  json.field("state_time", base::format_rfc3339(sequenced.state_time)).field("type", event.type);
  json.field("id", event.id).field("source", event.source).field("incident", event.incident.incident_id);
  json.field("time", base::format_rfc3339(event.occurred_at)).field("path", event.division_path);
  json.field("class", event.incident.class_code).field("out_of_order", event.out_of_order);
  if (!event.claimed_code.empty()) json.field("claimed_code", event.claimed_code);
  if (event.point_lonlat) {
    json.key("lonlat").begin_array().value(event.point_lonlat->x).value(event.point_lonlat->y).end_array();
  }
  json.end_object();
  print(json.text());
}

void Listener::on_status(const model::FeedStatus& status) {
  m_status = status;
  const double behind_s = status.state == FeedState::Behind ? seconds_of(status.behind) : 0;
  const bool is_told = m_told_state == status.state && m_told_mode == status.clock_mode;
  if (is_told && std::abs(behind_s - m_told_behind_s) < 1) return;
  m_told_state = status.state;
  m_told_mode = status.clock_mode;
  m_told_behind_s = behind_s;
  if (m_json) {
    JsonWriter json;
    json.begin_object().field("kind", "state");
    write_feed_state(json, status);
    if (status.state == FeedState::Behind) json.field("behind_s", behind_s);
    if (status.state == FeedState::Stale) json.field("stale_since", base::format_rfc3339(status.stale_since));
    if (!status.detail.empty()) json.field("detail", status.detail);
    json.field("epoch", fmt::format("{:016x}", status.epoch)).field("last_sequence", status.last_sequence);
    json.end_object();
    print(json.text());
  } else {
    std::string line = feed_state_text(status);
    if (status.state == FeedState::Behind) line += fmt::format(" {:.0f} s", behind_s);
    if (status.state == FeedState::Stale) line += fmt::format(" since {}", base::format_rfc3339(status.stale_since));
    if (!status.detail.empty()) line += fmt::format(": {}", status.detail);
    print(line);
  }
  std::fflush(stdout);
}

std::map<int, std::uint64_t> Listener::incidents_by_state() const {
  std::map<int, std::uint64_t> counts;
  for (const auto& [id, state] : m_incidents) ++counts[static_cast<int>(state)];
  return counts;
}

void Listener::print_summary() const {
  std::uint64_t open_count = 0;
  for (const auto& [id, state] : m_incidents) open_count += model::is_settled(state) ? 0u : 1u;
  if (!m_json) {
    print(fmt::format("{} events, {} gaps, {} known missed, {} unreadable; {}; last sequence {}; {} incidents, {} open",
                      m_status.received_count, m_status.gap_count, m_status.missed_count, m_status.bad_count,
                      feed_state_text(m_status), m_status.last_sequence, m_incidents.size(), open_count));
    for (const auto& [type, count] : m_count_by_type) print(fmt::format("  {}: {}", type, count));
    for (const auto& [state, count] : incidents_by_state()) {
      print(fmt::format("  incidents in state {}: {}", state, count));
    }
    return;
  }
  JsonWriter json;
  json.begin_object().field("kind", "summary");
  write_feed_state(json, m_status);
  json.field("received", m_status.received_count).field("gaps", m_status.gap_count);
  json.field("missed", m_status.missed_count).field("bad", m_status.bad_count).field("restarts", m_restart_count);
  json.field("last_sequence", m_status.last_sequence).field("epoch", fmt::format("{:016x}", m_status.epoch));
  json.field("clock_rate", m_status.clock_rate);
  if (m_status.round_trip) json.field("round_trip_s", seconds_of(*m_status.round_trip));
  json.field("incidents", m_incidents.size()).field("open", open_count).key("by_type").begin_object();
  for (const auto& [type, count] : m_count_by_type) json.field(type, count);
  json.end_object().key("by_state").begin_object();
  for (const auto& [state, count] : incidents_by_state()) json.field(std::to_string(state), count);
  json.end_object().end_object();
  print(json.text());
}

int listen_with_state(const ListenCommand& command) {
  const base::SystemClock clock;
  const StopSignal stop;
  const auto data = load_wall_data(command.profile, command.layers, model::Language::English);
  if (!data.ok()) return fail("listen", data.error());
  StateListenerOptions options{command.subscriber, command.prefixes, command.json, command.beats};
  auto listener = StateListener::connect(options, *data, clock);
  if (!listener.ok()) return fail("listen", listener.error());
  const auto started_at = clock.now_mono();
  const auto over = [&] { return command.seconds > 0 && seconds_of(clock.now_mono() - started_at) >= command.seconds; };
  const auto enough = [&] {
    return command.count > 0 && (*listener)->heard_count() >= static_cast<std::uint64_t>(command.count);
  };
  while (!stop.requested() && !over() && !enough()) (*listener)->poll(std::chrono::milliseconds(50));
  (*listener)->print_states("summary");
  return (*listener)->all_in_step() ? 0 : 1;
}

int listen(const ListenCommand& command) {
  const base::SystemClock clock;
  const StopSignal stop;
  const auto root = find_root();
  if (!root.ok()) return fail("listen", root.error());
  const auto vocabulary = model::load_vocabulary(*root / "config");
  if (!vocabulary.ok()) return fail("listen", vocabulary.error());
  auto subscriber = feed::Subscriber::connect(command.subscriber, clock);
  if (!subscriber.ok()) return fail("listen", subscriber.error());

  Listener listener(*vocabulary, command.json);
  const auto wanted = static_cast<std::uint64_t>(command.count);
  const auto started_at = clock.now_mono();
  const auto enough = [&] { return wanted > 0 && listener.heard_count() >= wanted; };
  const auto over = [&] { return command.seconds > 0 && seconds_of(clock.now_mono() - started_at) >= command.seconds; };
  while (!stop.requested() && !enough() && !over()) {
    const std::size_t events_max = wanted > 0 ? wanted - listener.heard_count() : 10'000;
    listener.hear(subscriber->poll(std::chrono::milliseconds(100), std::min<std::size_t>(events_max, 10'000)));
  }
  listener.print_summary();
  if (wanted == 0 || enough()) return 0;
  std::fprintf(stderr, "gridwall listen: %llu of %lld events came in time\n",
               static_cast<unsigned long long>(listener.heard_count()), command.count);
  return 1;
}

}  // namespace

int run_listen(const Arguments& arguments) {
  ListenCommand command;
  command.subscriber.request_endpoint = "tcp://127.0.0.1:5700";
  CommandLine line("listen", "Prints what a wall would hear, and whether it can be believed",
                   "gridwall listen --connect tcp://127.0.0.1:5700 --prefix 320281/001/ --json");
  line.option("--connect", command.subscriber.request_endpoint, "the hub's request endpoint");
  line.option("--feed", command.feed, "the feed's endpoint, where it is not the one the hub names (a tunnel)");
  line.option("--prefix", command.prefixes, "path of a division, ends in '/'; else the whole district");
  line.flag("--state", command.state,
            "keep the state and prove it by digests; several prefixes, each a wall of its own");
  line.flag("--beats", command.beats, "with --state: a line for each heartbeat that was compared");
  line.option("--profile", command.profile, "with --state: whose divisions and rules; else jiangyin-2019");
  add_layer_options(line, command.layers);
  add_connect_security_options(line, command.security);
  line.flag("--json", command.json, "print JSON lines");
  line.integer("--count", command.count, 0, 1'000'000'000'000, "end after so many events; 0: never");
  line.number("--seconds", command.seconds, 0, 1e9, "end after so many seconds; 0: never");
  if (const auto code = line.parse(arguments)) return *code;
  if (!command.feed.empty()) command.subscriber.feed_endpoint = command.feed;
  auto security = read_connect_security(command.security);
  if (!security.ok()) return fail("listen", security.error());
  command.subscriber.security = std::move(*security);
  if (command.state) return listen_with_state(command);
  if (command.prefixes.size() > 1) {
    std::fprintf(stderr, "gridwall listen: several --prefix need --state\n");
    return 2;
  }
  if (!command.prefixes.empty()) command.subscriber.prefix = command.prefixes.front();
  return listen(command);
}

}  // namespace gridwall::app
