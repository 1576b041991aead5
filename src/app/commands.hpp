// The subcommands: one file each (app/<name>_command.cpp), one row each in main.cpp.
// A command gets the arguments behind its name and returns the exit code: 0 only on success, 2 for wrong usage.
#pragma once

#include <string>
#include <vector>

namespace gridwall::app {

using Arguments = std::vector<std::string>;

int run_layers(const Arguments& arguments);
int run_check(const Arguments& arguments);
int run_city(const Arguments& arguments);
int run_hub(const Arguments& arguments);
int run_listen(const Arguments& arguments);
int run_send(const Arguments& arguments);
int run_simulate(const Arguments& arguments);
int run_status(const Arguments& arguments);
int run_replay(const Arguments& arguments);
int run_render(const Arguments& arguments);
int run_wall(const Arguments& arguments);
int run_demo(const Arguments& arguments);
int run_recording(const Arguments& arguments);
int run_indicators(const Arguments& arguments);
int run_ctl(const Arguments& arguments);
int run_keys(const Arguments& arguments);
int run_audit(const Arguments& arguments);

}  // namespace gridwall::app
