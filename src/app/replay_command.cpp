// gridwall replay: a hub that plays a recording instead of taking events in. Walls, listeners and scripts follow it as
// they follow a live one, and everything says REPLAY. Steered by `gridwall ctl`.
#include <cstdio>
#include <thread>

#include "app/command_line.hpp"
#include "app/commands.hpp"
#include "app/hub_setup.hpp"
#include "app/paths.hpp"
#include "app/recording_content.hpp"
#include "app/stop_signal.hpp"
#include "base/json_writer.hpp"
#include "base/time_text.hpp"
#include "hub/hub.hpp"

namespace gridwall::app {

namespace {

struct ReplayCommand {
  std::vector<std::string> files;
  HubDoors doors;
  bool json = false;
};

base::Status play(const ReplayCommand& command, const StopSignal& stop) {
  const std::vector<std::filesystem::path> files(command.files.begin(), command.files.end());
  TRY_ASSIGN(auto recording, journal::Recording::open(files));
  TRY_ASSIGN(const WallData data, load_recorded_data(recording, 0, model::Language::English));
  const base::SystemClock clock;
  hub::HubOptions options = hub_options(data, command.doors);
  options.clock = &clock;
  options.replay = files;
  TRY_ASSIGN(const auto hub, hub::Hub::start(options));
  const std::string first = base::format_rfc3339(recording.first_time());
  const std::string last = base::format_rfc3339(recording.last_time());
  if (command.json) {
    base::JsonWriter json;
    json.begin_object().field("kind", "ready").field("requests", hub->requests_endpoint());
    json.field("feed", hub->feed_endpoint()).field("first", first).field("last", last);
    json.field("first_sequence", recording.first_sequence()).field("last_sequence", recording.last_sequence());
    json.end_object();
    std::printf("%s\n", json.text().c_str());
  } else {
    std::printf("events %llu to %llu, %s to %s; walls and 'gridwall ctl play' connect to %s\n",
                static_cast<unsigned long long>(recording.first_sequence()),
                static_cast<unsigned long long>(recording.last_sequence()), first.c_str(), last.c_str(),
                hub->requests_endpoint().c_str());
  }
  std::fflush(stdout);
  while (!stop.requested()) std::this_thread::sleep_for(std::chrono::milliseconds(50));
  hub->stop();
  return {};
}

}  // namespace

int run_replay(const Arguments& arguments) {
  ReplayCommand command;
  CommandLine line("replay", "Plays a recording to walls as if it happened now; paused at its begin.",
                   "gridwall replay journal/ --requests tcp://127.0.0.1:5700\n  gridwall ctl play");
  line.positional("FILES", command.files, "files (.gwr) of one journal, or its folder");
  add_door_options(line, command.doors);
  line.flag("--json", command.json, "print one JSON line when ready");
  if (const auto code = line.parse(arguments)) return *code;
  if (command.files.empty()) return line.wrong_usage("which recording? name a .gwr file or a journal's folder");
  const StopSignal stop;
  const base::Status status = play(command, stop);
  return status.ok() ? 0 : fail("replay", status.error());
}

}  // namespace gridwall::app
