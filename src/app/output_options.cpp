#include "app/output_options.hpp"

#include <charconv>

namespace gridwall::app {

using base::Error;
using base::ErrorCode;

namespace {

bool read_number(std::string_view text, int& number) {
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  return code == std::errc{} && end == text.data() + text.size();
}

}  // namespace

void add_output_options(CommandLine& line, OutputOptions& options) {
  line.flag("--headless", options.headless, "draw without a display (EGL), for servers and tests");
  line.flag("--fullscreen", options.fullscreen, "cover the first screen");
  line.option("--size", options.size, "width x height of the output in pixels");
  line.option("--wall", options.wall, "layout: desk, wall-1080p, wall-4k, or a TOML file of your own");
  line.option("--lang", options.language, "zh or en");
  line.integer("--frames", options.frame_count, 0, 1'000'000'000,
               "end after so many frames; 0: when closed or stopped");
  line.option("--screenshot", options.screenshot, "write the last frame as PNG");
  line.option("--metrics-out", options.metrics_out, "write counts and times of the run as JSON");
  line.option("--view", options.view, "id of the profile's view to begin with; else its default");
  line.flag("--health", options.health, "open with the health panel (key H) shown");
  add_basemap_options(line, options.basemap);
  line.flag("--json", options.json, "write a JSON line for each change of the feed's state or the figures drawn");
}

base::Result<base::Vec2i> parse_size(const std::string& text) {
  const std::size_t x = text.find('x');
  base::Vec2i size;
  const bool numbers = x != std::string::npos && read_number(std::string_view(text).substr(0, x), size.x) &&
                       read_number(std::string_view(text).substr(x + 1), size.y);
  if (!numbers || size.x < 320 || size.y < 200 || size.x > 16384 || size.y > 16384) {
    return Error{ErrorCode::InvalidArgument,
                 fmt::format("--size {}: expected WIDTHxHEIGHT from 320x200 to 16384x16384, such as 1920x1080", text)};
  }
  return size;
}

base::Result<model::Language> parse_language(const std::string& text) {
  if (text == "zh") return model::Language::Chinese;
  if (text == "en") return model::Language::English;
  return Error{ErrorCode::InvalidArgument, fmt::format("--lang {}: expected zh or en", text)};
}

base::Result<wall::WallProfile> open_wall_profile(const std::filesystem::path& root, const std::string& name) {
  const bool is_file = name.find('/') != std::string::npos || name.ends_with(".toml");
  return wall::load_wall_profile(is_file ? std::filesystem::path(name) : root / "config" / "walls" / (name + ".toml"));
}

}  // namespace gridwall::app
