// gridwall hub: the hub as a service, until Ctrl-C or SIGTERM. Says where it listens when it is ready, and its counts
// at the end.
#include <cstdio>
#include <optional>
#include <thread>

#include "app/command_line.hpp"
#include "app/commands.hpp"
#include "app/hub_setup.hpp"
#include "app/paths.hpp"
#include "app/recording_content.hpp"
#include "app/stop_signal.hpp"
#include "app/wall_data.hpp"
#include "base/json_writer.hpp"
#include "base/time_text.hpp"
#include "hub/hub.hpp"
#include "hub/status_json.hpp"

namespace gridwall::app {

namespace {

using base::Error;
using base::ErrorCode;
using base::JsonWriter;
using base::Result;

constexpr double kRateMax = 100'000;

struct HubCommand {
  std::string profile = "jiangyin-2019";
  LayerOptions layers;
  HubDoors doors;
  std::string journal;
  long long keep_days = 0;
  std::string clock = "live";
  double rate = 1;
  std::string start;
  bool json = false;
};

void print_line(const std::string& line) {
  std::fwrite(line.data(), 1, line.size(), stdout);
  std::fputc('\n', stdout);
  std::fflush(stdout);
}

Result<std::optional<base::ScaledClock>> make_clock(const HubCommand& command, const base::Clock& system) {
  if (command.clock == "live") {
    if (command.rate == 1 && command.start.empty()) return std::optional<base::ScaledClock>{};
    return Error{ErrorCode::InvalidArgument, "--rate and --start need --clock simulated"};
  }
  if (command.clock != "simulated") {
    return Error{ErrorCode::InvalidArgument, fmt::format("--clock {}: expected live or simulated", command.clock)};
  }
  base::UtcTime start = system.now_utc();
  if (!command.start.empty()) {
    const auto parsed = base::parse_rfc3339(command.start);
    if (!parsed.ok()) {
      return Error{ErrorCode::InvalidArgument,
                   fmt::format("--start {}: expected a time such as 2026-11-22T08:00:00+08:00", command.start)};
    }
    start = *parsed;
  }
  return std::optional<base::ScaledClock>(std::in_place, system, start, command.rate);
}

void print_ready(const HubCommand& command, const hub::Hub& hub, const WallData& data) {
  const std::size_t division_count = data.tree->divisions().size();
  if (!command.json) {
    return print_line(fmt::format("ready: requests {} feed {} (profile {}, {} divisions, clock {}); Ctrl-C ends it",
                                  hub.requests_endpoint(), hub.feed_endpoint(), data.profile.id, division_count,
                                  command.clock));
  }
  JsonWriter json;
  json.begin_object().field("kind", "ready").field("requests", hub.requests_endpoint());
  json.field("feed", hub.feed_endpoint()).field("profile", data.profile.id).field("divisions", division_count);
  json.field("root_path", data.tree->at(data.tree->root()).path).field("clock", command.clock).end_object();
  print_line(json.text());
}

void print_counts_json(const hub::HubStatus& status) {
  JsonWriter json;
  json.begin_object().field("kind", "counts");
  hub::write_status(json, status);
  json.end_object();
  print_line(json.text());
}

void print_counts_text(const hub::HubStatus& status) {
  const hub::IntakeCounters& intake = status.intake;
  print_line(fmt::format("accepted {}, duplicate {}, refused {}; last sequence {}", intake.accepted_count,
                         intake.duplicate_count, intake.refused_count, status.last_sequence));
  for (const auto& [reason, count] : intake.refused_by_reason) print_line(fmt::format("  {}: {}", reason, count));
  const std::pair<const char*, std::uint64_t> rows[] = {
      {"without a place", intake.unlocated_count},
      {"with a point outside every division", intake.outside_count},
      {"code differs from the polygon", intake.claimed_code_differs_count},
      {"code names no division", intake.unknown_code_count},
      {"code won at a border", intake.border_code_won_count},
      {"moved to another division", intake.moved_count},
      {"facts across divisions, derived", intake.derived_count},
      {"sources whose points look shifted (see the log)", intake.shifted_source_count},
      {"moved to the grid's centre (sensitive)", intake.coarsened_count},
      {"out of order", intake.out_of_order_count},
      {"unknown type", intake.unknown_type_count},
      {"members not on the list, dropped", intake.dropped_member_count},
      {"personal marks in alerts, masked", intake.scrub.masked_text_count},
      {"ids that could tell a person, hashed", intake.scrub.hashed_id_count},
      {"words that could tell a person, left out", intake.scrub.dropped_word_count},
      {"clock ahead by more than 5 min", intake.skew_ahead_count},
      {"more than a day late", intake.skew_late_count},
      {"bad requests", status.bad_request_count},
      {"asked to slow down", status.rate_limited_count},
      {"answers nobody took", status.answer_dropped_count},
  };
  for (const auto& [name, count] : rows) {
    if (count > 0) print_line(fmt::format("  {}: {}", name, count));
  }
}

int serve(const HubCommand& command) {
  const base::SystemClock system;
  auto scaled = make_clock(command, system);
  if (!scaled.ok()) return fail("hub", scaled.error());
  const StopSignal stop;
  const auto data = load_wall_data(command.profile, command.layers, model::Language::English);
  if (!data.ok()) return fail("hub", data.error());

  hub::HubOptions options = hub_options(*data, command.doors);
  if (!command.journal.empty()) {
    options.journal.emplace();
    auto content = collect_content(*data, command.profile);
    if (!content.ok()) return fail("hub", content.error());
    options.journal->content = std::move(*content);
    options.journal->folder = command.journal;
    options.journal->writer.keep_days = static_cast<std::size_t>(command.keep_days);
  }
  options.clock = scaled->has_value() ? static_cast<const base::Clock*>(&**scaled) : &system;
  options.clock_mode = scaled->has_value() ? model::ClockMode::Simulated : model::ClockMode::Live;
  options.clock_rate = command.rate;
  const auto hub = hub::Hub::start(options);
  if (!hub.ok()) return fail("hub", hub.error());
  print_ready(command, **hub, *data);
  while (!stop.requested()) std::this_thread::sleep_for(std::chrono::milliseconds(50));
  (*hub)->stop();
  command.json ? print_counts_json(*(*hub)->status()) : print_counts_text(*(*hub)->status());
  return 0;
}

}  // namespace

int run_hub(const Arguments& arguments) {
  HubCommand command;
  CommandLine line("hub", "Takes events from publishers and publishes one feed to walls and listeners",
                   "gridwall hub --profile jiangyin-2019 --requests tcp://127.0.0.1:5700");
  line.option("--profile", command.profile, "district, a file of config/profiles or your own .toml");
  add_layer_options(line, command.layers);
  add_door_options(line, command.doors);
  line.option("--journal", command.journal, "folder of the journal; without one nothing is durable");
  line.integer("--keep-days", command.keep_days, 0, 100'000, "days of the journal that are kept; 0: all");
  line.option("--clock", command.clock, "live, or simulated (with --rate and --start)");
  line.number("--rate", command.rate, 0.001, kRateMax, "simulated seconds per second");
  line.option("--start", command.start, "when the simulated clock starts, RFC 3339; else now");
  line.flag("--json", command.json, "print JSON lines");
  if (const auto code = line.parse(arguments)) return *code;
  return serve(command);
}

}  // namespace gridwall::app
