// gridwall wall: a wall that follows a hub.
#include "app/commands.hpp"
#include "app/paths.hpp"
#include "app/security_options.hpp"
#include "app/wall_session.hpp"

namespace gridwall::app {

int run_wall(const Arguments& arguments) {
  std::string connect = "tcp://127.0.0.1:5700", feed, prefix, profile;
  LayerOptions layers;
  double first_picture_mib = 48;
  OutputOptions output;
  ConnectSecurityOptions security_options;
  CommandLine line("wall", "Shows a district and its incidents as a hub publishes them.",
                   "gridwall wall --connect tcp://127.0.0.1:5700 --profile jiangyin-2019 --fullscreen");
  line.option("--connect", connect, "the hub's request endpoint");
  line.option("--feed", feed, "the hub's feed endpoint, where it differs from what the hub says");
  line.option("--prefix", prefix, "follow one division only, by its path: 320281/001/");
  line.option("--profile", profile, "profile name (config/profiles) or file; else jiangyin-2019");
  add_layer_options(line, layers);
  line.number("--first-picture", first_picture_mib, 0, 1e6,
              "layers of so many MiB or more are shown coarsely while they load");
  add_output_options(line, output);
  add_connect_security_options(line, security_options);
  if (const auto code = line.parse(arguments)) return *code;

  const StopSignal stop;
  const auto language = parse_language(output.language);
  if (!language.ok()) return fail("wall", language.error());
  auto security = read_connect_security(security_options);
  if (!security.ok()) return fail("wall", security.error());
  WallStart start;
  constexpr double kMib = 1 << 20;
  const FirstPictureOptions first{output, stop, static_cast<std::uintmax_t>(first_picture_mib * kMib)};
  const auto data = load_wall_data(profile, layers, *language,
                                   [&](const WallData& so_far, const TreeCache& cache, const geo::LayerRequest& request,
                                       const geo::ProgressCallback& progress) {
                                     return load_behind_first_picture(first, so_far, cache, request, progress, start);
                                   });
  if (start.closed) return 0;
  if (!data.ok()) return fail("wall", data.error());
  WallSession session{*data, output, connect, std::nullopt, prefix};
  if (!feed.empty()) session.feed_endpoint = feed;
  session.security = std::move(*security);
  const auto status = run_wall_session(session, stop, std::move(start));
  return status.ok() ? 0 : fail("wall", status.error());
}

}  // namespace gridwall::app
