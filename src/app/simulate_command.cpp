// gridwall simulate: publishes a plausible day of a district to a hub, or writes the same events to a file.
#include <cstdio>

#include "app/command_line.hpp"
#include "app/commands.hpp"
#include "app/paths.hpp"
#include "app/simulated_district.hpp"
#include "app/stop_signal.hpp"
#include "base/text_file.hpp"
#include "base/time_text.hpp"
#include "sim/publisher.hpp"
#include "wire/event_codec.hpp"

namespace gridwall::app {

namespace {

struct SimulateOptions {
  std::string profile = "jiangyin-2019";
  LayerOptions layers;
  std::string connect, output, start;
  double rate = 0;  // 0: the profile's
  double hours = 24;
  long long seed = -1;  // -1: the profile's
};

void declare(CommandLine& line, SimulateOptions& options) {
  line.option("--connect", options.connect, "the hub's request socket, for example tcp://127.0.0.1:5700");
  line.option("--output", options.output, "write the events to this file instead, one JSON event a line");
  line.option("--profile", options.profile, "the district: a name of config/profiles, or a file of your own");
  add_layer_options(line, options.layers);
  line.number("--rate", options.rate, 0, 3600,
              "simulated seconds per second, 0 for the profile's; a hub whose clock has another rate gets the same "
              "cases pressed together, stamped by its clock");
  line.integer("--seed", options.seed, -1, INT64_MAX, "another seed is another day; -1 for the profile's");
  line.number("--hours", options.hours, 0.01, 24 * 366, "with --output: how much time to write");
  line.option("--start", options.start, "with --output: first moment, RFC 3339; else now");
}

base::Status check(const SimulateOptions& options) {
  if (options.connect.empty() == options.output.empty()) {
    return base::Error{base::ErrorCode::InvalidArgument, "either --connect ENDPOINT or --output FILE is needed"};
  }
  return {};
}

base::Status write_file(sim::Simulator simulator, const SimulateOptions& options) {
  base::UtcTime start = base::SystemClock().now_utc();
  if (!options.start.empty()) {
    const auto parsed = base::parse_rfc3339(options.start);
    if (!parsed.ok()) {
      return base::Error{base::ErrorCode::InvalidArgument, fmt::format("--start {}: {}", options.start,
                                                                       parsed.error().message)};
    }
    start = *parsed;
  }
  const auto span = std::chrono::milliseconds(static_cast<std::int64_t>(options.hours * 3'600'000));
  std::vector<model::Event> events = simulator.begin(start);
  const std::size_t backlog_count = events.size();
  for (model::Event& event : simulator.advance(start + span)) events.push_back(std::move(event));
  std::string text;
  for (const model::Event& event : events) {
    text += wire::encode_intake_event(event);
    text += '\n';
  }
  TRY(base::write_text_file(options.output, text));
  std::printf("%s: %zu events, of them %zu from before %s\n", options.output.c_str(), events.size(), backlog_count,
              base::format_rfc3339(start).c_str());
  return {};
}

base::Status publish_live(sim::Simulator simulator, const SimulateOptions& options, double rate) {
  const StopSignal stop;
  const base::SystemClock clock;
  bool greeted = false;
  const auto watch = [&](const sim::PublisherStats& stats) {
    if (greeted || !stats.hub_heard) return;
    greeted = true;
    std::printf("simulate: publishing to %s, Ctrl-C ends it\n", options.connect.c_str());
    std::fflush(stdout);
  };
  std::printf("simulate: waiting for the hub at %s\n", options.connect.c_str());
  std::fflush(stdout);
  TRY_ASSIGN(const auto stats, sim::publish(std::move(simulator), {options.connect, rate}, clock,
                                            [&] { return stop.requested(); }, watch));
  std::printf("simulate: %llu events sent, %llu accepted, %llu known already, %llu refused, %llu without answer\n",
              static_cast<unsigned long long>(stats.sent_count), static_cast<unsigned long long>(stats.accepted_count),
              static_cast<unsigned long long>(stats.duplicate_count),
              static_cast<unsigned long long>(stats.refused_count),
              static_cast<unsigned long long>(stats.unanswered_count));
  return {};
}

base::Status simulate(const SimulateOptions& options) {
  TRY(check(options));
  TRY_ASSIGN(const auto data, load_wall_data(options.profile, options.layers, model::Language::English));
  std::optional<std::uint64_t> seed;
  if (options.seed >= 0) seed = static_cast<std::uint64_t>(options.seed);
  TRY_ASSIGN(auto simulator, make_simulator(data, seed));
  if (!options.output.empty()) return write_file(std::move(simulator), options);
  return publish_live(std::move(simulator), options, options.rate > 0 ? options.rate : data.profile.simulation.rate);
}

}  // namespace

int run_simulate(const Arguments& arguments) {
  CommandLine line("simulate", "Publishes a plausible day of a district to a hub, or writes it to a file",
                   "gridwall simulate --connect tcp://127.0.0.1:5700 --profile jiangyin-2019 --rate 60");
  SimulateOptions options;
  declare(line, options);
  if (const auto code = line.parse(arguments)) return *code;
  const base::Status status = simulate(options);
  return status.ok() ? 0 : fail("simulate", status.error());
}

}  // namespace gridwall::app
