// Which basemap a command draws: --basemap in place of the profile's.
#pragma once

#include <string>

#include "app/command_line.hpp"
#include "app/wall_data.hpp"
#include "model/basemap_spec.hpp"

namespace gridwall::app {

struct BasemapOptions {
  std::string source, crs;
};

// --basemap, --basemap-crs
void add_basemap_options(CommandLine& line, BasemapOptions& options);

// The profile's, with the command's source in place of its own: the look stays, the credit goes. A file that the
// command names is opened once, so that a wrong name is told at the start; a profile's that is not there is tried again
// while the wall runs, and so is a service.
base::Result<model::BasemapSpec> choose_basemap(const BasemapOptions& options, const WallData& data);

}  // namespace gridwall::app
