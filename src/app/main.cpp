// gridwall: the table of subcommands.
#include <cstdio>
#include <string_view>

#include "app/commands.hpp"

namespace {

struct CommandRow {
  std::string_view name;
  std::string_view summary;
  int (*run)(const gridwall::app::Arguments&);
};

constexpr CommandRow kCommands[] = {
    // A row a command, the most used first.
    {"demo", "a wall on a generated district with simulated incidents", gridwall::app::run_demo},
    {"wall", "a wall that follows a hub", gridwall::app::run_wall},
    {"render", "one picture from layers and an event file", gridwall::app::run_render},
    {"indicators", "figures of a file of events at one moment, by division", gridwall::app::run_indicators},
    {"hub", "takes events from publishers, publishes the feed", gridwall::app::run_hub},
    {"status", "how a hub does", gridwall::app::run_status},
    {"replay", "plays a recording to walls", gridwall::app::run_replay},
    {"listen", "prints what a wall would hear", gridwall::app::run_listen},
    {"send", "sends a file of events to a hub", gridwall::app::run_send},
    {"recording", "what a recording holds; whether it is whole; pieces, copies, exports", gridwall::app::run_recording},
    {"check", "everything that is wrong with profiles and the rest of config/", gridwall::app::run_check},
    {"city", "a district's outline divided into nested made-up divisions", gridwall::app::run_city},
    {"simulate", "publishes a plausible day of a district", gridwall::app::run_simulate},
    {"ctl", "tells a replay: play, pause, rate, seek, step, loop, bookmark", gridwall::app::run_ctl},
    {"keys", "keys of a hub and its clients: new, list, revoke", gridwall::app::run_keys},
    {"audit", "whether a hub's audit log is as it was written", gridwall::app::run_audit},
    {"layers", "what layer files hold and what is the matter with them", gridwall::app::run_layers},
};

void print_help(std::FILE* out) {
  std::fputs("Gridwall: a command-centre wall for districts governed by grids\n\nUsage: gridwall COMMAND [OPTIONS]\n\n",
             out);
  for (const CommandRow& row : kCommands) {
    std::fprintf(out, "  %-10.*s %.*s\n", static_cast<int>(row.name.size()), row.name.data(),
                 static_cast<int>(row.summary.size()), row.summary.data());
  }
  std::fputs("\n'gridwall COMMAND --help' shows a command's options and an example.\n", out);
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view name = argc > 1 ? argv[1] : "";
  if (name == "--help" || name == "-h" || name == "help") {
    print_help(stdout);
    return 0;
  }
  for (const CommandRow& row : kCommands) {
    if (row.name == name) return row.run(gridwall::app::Arguments(argv + 2, argv + argc));
  }
  if (!name.empty()) std::fprintf(stderr, "gridwall: no command '%s'\n\n", argv[1]);
  print_help(stderr);
  return 2;
}
