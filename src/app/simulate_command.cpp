// gridwall simulate: publishes a plausible day of a district to a hub, or writes the same events, or the whole history
// of some days, to a file.
#include <cstdio>
#include <fstream>
#include <map>

#include "app/command_line.hpp"
#include "app/commands.hpp"
#include "app/history_recording.hpp"
#include "app/paths.hpp"
#include "app/progress_line.hpp"
#include "app/security_options.hpp"
#include "app/simulated_district.hpp"
#include "app/stop_signal.hpp"
#include "base/json_writer.hpp"
#include "base/time_text.hpp"
#include "journal/recording.hpp"
#include "sim/publisher.hpp"
#include "wire/event_codec.hpp"

namespace gridwall::app {

namespace {

using base::Error;
using base::ErrorCode;

struct SimulateOptions {
  std::string profile = "jiangyin-2019";
  LayerOptions layers;
  std::string connect, output, start;
  ConnectSecurityOptions security;
  double rate = 0;  // 0: the profile's
  double hours = 0;
  long long days = 0, months = 0, case_count = -1;
  long long seed = -1;   // -1: the profile's
  std::string day_kind;  // empty: as the calendar and the seed say
  bool exercise = false, json = false;
};
constexpr double kHoursDefault = 24;

void declare(CommandLine& line, SimulateOptions& options) {
  line.option("--connect", options.connect, "the hub's request socket, for example tcp://127.0.0.1:5700");
  add_connect_security_options(line, options.security);
  line.option("-o,--output", options.output, "write the events to this file instead, one JSON event a line");
  line.option("--profile", options.profile, "the district: a name of config/profiles, or a file of your own");
  add_layer_options(line, options.layers);
  line.number("--rate", options.rate, 0, 3600,
              "simulated seconds per second, 0 for the profile's; a hub whose clock has another rate gets the same "
              "cases pressed together, stamped by its clock");
  line.integer("--seed", options.seed, -1, INT64_MAX, "another seed is another day; -1 for the profile's");
  line.number("--hours", options.hours, 0, 24 * 366,
              "with --output: how much time to write, after the day so far and what earlier days left open; 0 for 24");
  line.integer("--days", options.days, 0, 3660,
               "with --output: whole local days, of a district where nothing happened before, so that the file tells "
               "all of its history; 0 for --hours");
  line.integer("--months", options.months, 0, 60,
               "with --output FILE.gwr: a recording of so many months before today, or before --start, and of what "
               "stands at their end; in seconds");
  line.integer("--cases", options.case_count, -1, 100'000'000,
               "with --days: so many cases in all of them; -1 for the profile's cases a day");
  line.option("--start", options.start,
              "with --output: first moment, RFC 3339; else now. With --days the local day that holds it; else so many "
              "days before today");
  add_day_options(line, options.day_kind, options.exercise);
  line.flag("--json", options.json, "with --output: print the summary as JSON");
}

// A sentence where the options contradict each other.
std::string complaint(const SimulateOptions& options) {
  if (options.connect.empty() == options.output.empty()) return "either --connect ENDPOINT or --output FILE is needed";
  const bool of_a_file = options.hours > 0 || options.days > 0 || !options.start.empty() || options.json;
  if (options.output.empty() && of_a_file) return "--hours, --days, --start and --json go with --output FILE";
  if (!options.output.empty() && !options.security.key.empty()) return "--key goes with --connect ENDPOINT";
  if (options.hours > 0 && options.days > 0) return "--hours or --days, not both";
  const bool is_recording = options.output.ends_with(".gwr");
  if (is_recording != (options.months > 0)) return "--months N and --output FILE.gwr go together";
  if (is_recording && (options.days > 0 || options.hours > 0)) return "--months, --days or --hours, one of them";
  if (options.case_count >= 0 && options.days == 0) return "--cases goes with --days";
  return {};
}

base::Result<base::UtcTime> start_of(const SimulateOptions& options, base::UtcTime otherwise) {
  if (options.start.empty()) return otherwise;
  const auto parsed = base::parse_rfc3339(options.start);
  if (parsed.ok()) return *parsed;
  return Error{ErrorCode::InvalidArgument, fmt::format("--start {}: {}", options.start, parsed.error().message)};
}

// The events of a file, a line each, streamed: a month of a city is 100 MB. Beside the target until it is whole, so
// that no reader meets half a file.
class EventFile {
 public:
  explicit EventFile(std::string path) : m_path(std::move(path)), m_part_path(m_path + ".part") {
    m_stream.open(m_part_path, std::ios::binary | std::ios::trunc);
  }
  ~EventFile() {
    if (!m_whole) std::remove(m_part_path.c_str());
  }
  EventFile(const EventFile&) = delete;
  EventFile& operator=(const EventFile&) = delete;

  void write(const std::vector<model::Event>& events) {
    for (const model::Event& event : events) {
      std::string text = wire::encode_intake_event(event);
      text += '\n';
      m_stream.write(text.data(), static_cast<std::streamsize>(text.size()));
      m_byte_count += text.size();
      ++m_event_count;
      ++m_count_by_type[event.type];
    }
  }
  [[nodiscard]] bool healthy() const { return m_stream.good(); }
  base::Status finish() {
    m_stream.close();
    m_whole = m_stream.good() && std::rename(m_part_path.c_str(), m_path.c_str()) == 0;
    return m_whole ? base::Status{} : broken();
  }
  [[nodiscard]] Error broken() const {
    return Error{ErrorCode::Unreadable,
                 fmt::format("{}: cannot be written; is the folder there, and the disk not full?", m_path)};
  }

  [[nodiscard]] std::uint64_t byte_count() const { return m_byte_count; }
  [[nodiscard]] std::uint64_t event_count() const { return m_event_count; }
  [[nodiscard]] std::uint64_t case_count() const {
    const auto reported = m_count_by_type.find("incident.reported");
    return reported == m_count_by_type.end() ? 0 : reported->second;
  }
  [[nodiscard]] const std::map<std::string, std::uint64_t>& count_by_type() const { return m_count_by_type; }

 private:
  std::string m_path, m_part_path;
  std::ofstream m_stream;
  bool m_whole = false;
  std::uint64_t m_byte_count = 0, m_event_count = 0;
  std::map<std::string, std::uint64_t> m_count_by_type;
};

struct FileSummary {
  base::UtcTime start{}, end{};
  std::uint64_t backlog_count = 0, open_count = 0;
};

void print_summary(const SimulateOptions& options, const EventFile& file, const FileSummary& summary) {
  const std::string start = base::format_rfc3339(summary.start), end = base::format_rfc3339(summary.end);
  if (!options.json) {
    std::printf("%s: %llu events of %llu cases, %s to %s", options.output.c_str(),
                static_cast<unsigned long long>(file.event_count()), static_cast<unsigned long long>(file.case_count()),
                start.c_str(), end.c_str());
    std::printf("; %llu events from before, %llu cases open at the end\n",
                static_cast<unsigned long long>(summary.backlog_count),
                static_cast<unsigned long long>(summary.open_count));
    return;
  }
  base::JsonWriter json;
  json.begin_object().field("file", options.output).field("profile", options.profile);
  json.field("start", start).field("end", end);
  json.field("cases", file.case_count()).field("events", file.event_count()).field("bytes", file.byte_count());
  json.field("events_from_before", summary.backlog_count).field("open_at_end", summary.open_count);
  json.key("events_by_type").begin_object();
  for (const auto& [type, count] : file.count_by_type()) json.field(type, count);
  json.end_object().end_object();
  std::printf("%s\n", json.take().c_str());
}

// In pieces, so that no more than one of them is held.
base::Status write_until(sim::Simulator& simulator, EventFile& file, const FileSummary& summary) {
  constexpr auto kPiece = std::chrono::hours(6);
  ProgressLine progress;
  for (base::UtcTime to = summary.start; to < summary.end;) {
    to = std::min(summary.end, to + kPiece);
    file.write(simulator.advance(to));
    if (!file.healthy()) return file.broken();
    progress.tell("simulating", std::chrono::duration<double>(to - summary.start) /
                                    std::chrono::duration<double>(summary.end - summary.start));
  }
  return {};
}

base::Status write_file(const WallData& data, const SimulateOptions& options, SimulationChoice choice) {
  const base::TimeZone& zone = data.profile.zone;
  const base::UtcTime now = base::SystemClock().now_utc();
  const std::chrono::days days(options.days);
  TRY_ASSIGN(const base::UtcTime asked, start_of(options, options.days > 0 ? now - days : now));
  const base::LocalDays first_day = zone.day_of(asked);
  choose_day(choice, options.day_kind, first_day);
  FileSummary summary{asked, asked};
  if (options.days > 0) {
    summary = {zone.day_begin(first_day), zone.day_begin(first_day + days)};
    if (options.case_count >= 0) {
      choice.total = {first_day, static_cast<int>(options.days), static_cast<std::uint64_t>(options.case_count)};
    }
  } else {
    const double hours = options.hours > 0 ? options.hours : kHoursDefault;
    summary.end += std::chrono::milliseconds(static_cast<std::int64_t>(hours * 3'600'000));
  }
  TRY_ASSIGN(auto simulator, make_simulator(data, choice));
  EventFile file(options.output);
  if (!file.healthy()) return file.broken();
  if (options.days > 0) {
    simulator.begin_empty(first_day);
  } else {
    file.write(simulator.begin(summary.start));
    summary.backlog_count = file.event_count();
  }
  TRY(write_until(simulator, file, summary));
  TRY(file.finish());
  summary.open_count = simulator.open_count();
  print_summary(options, file, summary);
  return {};
}

base::Status write_recording(const WallData& data, const SimulateOptions& options, const SimulationChoice& choice) {
  TRY_ASSIGN(const base::UtcTime until, start_of(options, base::SystemClock().now_utc()));
  TRY(write_history(options.output, data,
                    {options.profile, choice.seed, static_cast<int>(options.months), data.profile.zone.day_of(until)}));
  TRY_ASSIGN(auto recording, journal::Recording::open(options.output));
  const std::string first = base::format_rfc3339(recording.first_time()),
                    last = base::format_rfc3339(recording.last_time());
  if (options.json) {
    base::JsonWriter json;
    json.begin_object().field("file", options.output).field("profile", options.profile);
    json.field("events", recording.last_sequence()).field("first_time", first).field("last_time", last).end_object();
    std::printf("%s\n", json.take().c_str());
  } else {
    std::printf("%s: %llu events, %s to %s\n", options.output.c_str(),
                static_cast<unsigned long long>(recording.last_sequence()), first.c_str(), last.c_str());
  }
  return {};
}

base::Status publish_live(sim::Simulator simulator, const SimulateOptions& options, double rate) {
  const StopSignal stop;
  const base::SystemClock clock;
  TRY_ASSIGN(const auto security, read_connect_security(options.security));
  bool greeted = false;
  const auto watch = [&](const sim::PublisherStats& stats) {
    if (greeted || !stats.hub_heard) return;
    greeted = true;
    std::printf("simulate: publishing to %s, Ctrl-C ends it\n", options.connect.c_str());
    std::fflush(stdout);
  };
  std::printf("simulate: waiting for the hub at %s\n", options.connect.c_str());
  std::fflush(stdout);
  TRY_ASSIGN(const auto stats, sim::publish(
                                   std::move(simulator), {options.connect, rate, security}, clock,
                                   [&] { return stop.requested(); }, watch));
  std::printf("simulate: %llu events sent, %llu accepted, %llu known already, %llu refused, %llu without answer\n",
              static_cast<unsigned long long>(stats.sent_count), static_cast<unsigned long long>(stats.accepted_count),
              static_cast<unsigned long long>(stats.duplicate_count),
              static_cast<unsigned long long>(stats.refused_count),
              static_cast<unsigned long long>(stats.unanswered_count));
  if (!stats.first_problem.empty()) std::printf("simulate: first refusal: %s\n", stats.first_problem.c_str());
  return {};
}

base::Status simulate(const SimulateOptions& options) {
  TRY_ASSIGN(const auto data, load_wall_data(options.profile, options.layers, model::Language::English));
  SimulationChoice choice;
  if (options.seed >= 0) choice.seed = static_cast<std::uint64_t>(options.seed);
  choice.exercise = options.exercise;
  if (options.months > 0) return write_recording(data, options, choice);
  if (!options.output.empty()) return write_file(data, options, choice);
  choose_day(choice, options.day_kind, data.profile.zone.day_of(base::SystemClock().now_utc()));
  TRY_ASSIGN(auto simulator, make_simulator(data, choice));
  return publish_live(std::move(simulator), options, options.rate > 0 ? options.rate : data.profile.simulation.rate);
}

}  // namespace

int run_simulate(const Arguments& arguments) {
  CommandLine line("simulate", "Publishes a plausible day of a district to a hub, or writes it to a file",
                   "gridwall simulate --connect tcp://127.0.0.1:5700 --profile jiangyin-2019 --rate 60\n"
                   "  gridwall simulate --days 30 --cases 16475 -o month.jsonl\n"
                   "  gridwall simulate --months 13 -o year.gwr");
  SimulateOptions options;
  declare(line, options);
  if (const auto code = line.parse(arguments)) return *code;
  if (const std::string sentence = complaint(options); !sentence.empty()) return line.wrong_usage(sentence);
  const base::Status status = simulate(options);
  return status.ok() ? 0 : fail("simulate", status.error());
}

}  // namespace gridwall::app
