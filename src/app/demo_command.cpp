// gridwall demo: hub, simulator and wall in one process, over real sockets on loopback.
#include <cstdio>

#include "app/commands.hpp"
#include "app/history_recording.hpp"
#include "app/hub_setup.hpp"
#include "app/paths.hpp"
#include "app/simulated_district.hpp"
#include "app/simulation.hpp"
#include "app/storm_recording.hpp"
#include "app/wall_session.hpp"
#include "base/log.hpp"
#include "base/time_text.hpp"
#include "hub/hub.hpp"

namespace gridwall::app {

namespace {

constexpr int kPictureFrames = 30;

struct DemoOptions {
  std::string profile;  // empty: kDefaultProfile
  std::string start;    // RFC 3339; empty: 14:00 of today in the district, before the afternoon's peak
  double rate = 0;      // 0: the profile's
  bool replay = false;
  long long seed = -1;     // -1: the profile's
  long long history = -1;  // months; -1: the profile's
  std::string day_kind;    // empty: as the calendar and the seed say
  bool exercise = false;
  LayerOptions layers;
  OutputOptions output;
};

base::Result<base::UtcTime> start_time(const DemoOptions& options, const model::Profile& profile) {
  if (!options.start.empty()) return base::parse_rfc3339(options.start);
  const base::UtcTime now = base::SystemClock().now_utc();
  return profile.zone.from_local(base::LocalInstant(profile.zone.day_of(now)) + std::chrono::hours(14)).utc;
}

// A trainer's first minute: a storm day with bookmarks, playing from before the worst.
base::Status replay_storm(const DemoOptions& options, const WallData& data, model::Language language,
                          const StopSignal& stop) {
  TRY_ASSIGN(const model::StormDay storm, model::load_storm_day(data.root / "config" / "storm.toml"));
  TRY_ASSIGN(const auto file, ensure_storm_recording(data, options.profile, storm, language));
  const base::SystemClock clock;
  hub::HubOptions hub_start = hub_options(data);
  hub_start.clock = &clock;
  hub_start.replay = {file};
  TRY_ASSIGN(const auto hub, hub::Hub::start(hub_start));
  base::log_info("app", "replay of {} requests={}", file.string(), hub->requests_endpoint());
  WallSession session{data, options.output, hub->requests_endpoint(), std::nullopt, ""};
  model::ReplayOrder seek, rate, play;
  seek.action = model::ReplayAction::Seek;
  seek.time = data.profile.zone.from_local(base::LocalInstant(storm.day) + storm.replay_from).utc;
  rate.action = model::ReplayAction::Rate;
  rate.rate = options.rate > 0 ? options.rate : storm.replay_rate;
  play.action = model::ReplayAction::Play;
  session.first_orders = {seek, rate, play};
  return run_wall_session(session, stop);
}

base::Status run(const DemoOptions& options, const StopSignal& stop) {
  TRY_ASSIGN(const auto language, parse_language(options.output.language));
  TRY_ASSIGN(WallData data, load_wall_data(options.profile, options.layers, language));
  if (options.replay) return replay_storm(options, data, language, stop);
  const double rate = options.rate > 0 ? options.rate : data.profile.simulation.rate;
  if (options.seed >= 0) data.profile.simulation.seed = static_cast<std::uint64_t>(options.seed);
  TRY_ASSIGN(const base::UtcTime start, start_time(options, data.profile));

  const base::LocalDays today = data.profile.zone.day_of(start);
  const int months = options.history < 0 ? data.profile.simulation.history_months : static_cast<int>(options.history);
  SimulationChoice choice;
  choice.exercise = options.exercise;
  choice.language = language;
  choose_day(choice, options.day_kind, today);
  TRY_ASSIGN(sim::Simulator simulator, make_simulator(data, choice));

  // Declared in the order of use: the simulator ends first, then the hub, then the clock that it reads.
  const base::SystemClock machine_clock;
  const base::ScaledClock hub_clock(machine_clock, start, rate);
  hub::HubOptions hub_start = hub_options(data);
  hub_start.clock = &hub_clock;
  hub_start.clock_mode = model::ClockMode::Simulated;
  hub_start.clock_rate = rate;
  if (months > 0) {
    TRY_ASSIGN(hub_start.begin_from, ensure_history(data, {options.profile, choice.seed, months, today}));
    simulator.set_history_end(today);
  }
  TRY_ASSIGN(const auto hub, hub::Hub::start(hub_start));
  base::log_info("app", "hub requests={} feed={}", hub->requests_endpoint(), hub->feed_endpoint());
  TRY_ASSIGN(const auto simulation,
             SimulationThread::start(std::move(simulator), hub->requests_endpoint(), machine_clock,
                                     [&] { return hub->status()->followed_prefix_count > 0; }));
  return run_wall_session({data, options.output, hub->requests_endpoint(), std::nullopt, ""}, stop);
}

}  // namespace

int run_demo(const Arguments& arguments) {
  DemoOptions options;
  CommandLine line("demo", "Opens a wall on a generated district with simulated incidents, all in one process.",
                   "gridwall demo --profile jiangyin-2019 --headless --screenshot wall.png  # after 30 frames\n  "
                   "gridwall demo --replay");
  line.option("--profile", options.profile, "profile name (config/profiles) or file; else jiangyin-2019");
  line.option("--start", options.start, "state time at the start, such as 2026-11-22T09:30:00+08:00");
  line.flag("--replay", options.replay,
            "play back a generated storm day with bookmarks, instead of a day that goes on");
  line.number("--rate", options.rate, 0, 3600, "simulated or replayed seconds per second; 0: as configured");
  line.integer("--seed", options.seed, -1, INT64_MAX, "of the simulated day; -1: the profile's");
  line.integer("--history", options.history, -1, 60,
               "months before the first day, made once and kept in the cache; 0: nothing has happened before; -1: the "
               "profile's");
  add_day_options(line, options.day_kind, options.exercise);
  add_layer_options(line, options.layers);
  add_output_options(line, options.output);
  if (const auto code = line.parse(arguments)) return *code;
  // Who asks for a demonstration's picture without a display has no window to close.
  if (options.output.headless && !options.output.screenshot.empty() && options.output.frame_count == 0) {
    options.output.frame_count = kPictureFrames;
  }
  const StopSignal stop;
  const auto status = run(options, stop);
  return status.ok() ? 0 : fail("demo", status.error());
}

}  // namespace gridwall::app
