// Options that every command that draws live has: headless or window, size, wall layout, language, how many frames,
// what to tell and what to write at the end.
#pragma once

#include <filesystem>
#include <string>

#include "app/basemap_options.hpp"
#include "app/command_line.hpp"
#include "base/geometry.hpp"
#include "base/result.hpp"
#include "model/view.hpp"
#include "wall/wall_profile.hpp"

namespace gridwall::app {

struct OutputOptions {
  bool headless = false;
  bool fullscreen = false;
  std::string size = "1920x1080";
  std::string wall = "desk";  // config/walls/<wall>.toml
  std::string language = "zh";
  long long frame_count = 0;  // 0: until the window is closed; headless with a screenshot: 30
  std::string screenshot;     // PNG of the last frame
  std::string metrics_out;    // JSON of the last frame and the whole run
  std::string view;           // id of one of the profile's views; empty: its default
  bool health = false;        // the health panel is open from the start
  BasemapOptions basemap;
  bool json = false;          // a line on stdout for each change of the feed's state or the figures drawn
};

void add_output_options(CommandLine& line, OutputOptions& options);

// "3840x2160"; from 320x200 to 16384 a side.
base::Result<base::Vec2i> parse_size(const std::string& text);
base::Result<model::Language> parse_language(const std::string& text);
// "wall-4k" is config/walls/wall-4k.toml; a name with a slash or ".toml" is a file of one's own.
base::Result<wall::WallProfile> open_wall_profile(const std::filesystem::path& root, const std::string& name);

}  // namespace gridwall::app
