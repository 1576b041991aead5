// gridwall render: one picture from layers, an event file, a clock, a centre and a zoom.
#include <charconv>
#include <cstdio>

#include "app/commands.hpp"
#include "app/event_file.hpp"
#include "app/first_picture.hpp"
#include "app/output_options.hpp"
#include "app/paths.hpp"
#include "app/run_metrics.hpp"
#include "app/wall_view.hpp"
#include "base/time_text.hpp"
#include "geo/transform.hpp"
#include "gfx/png.hpp"

namespace gridwall::app {

using base::Error;
using base::ErrorCode;

namespace {

// A picture is drawn whole or not at all; a service may take its time.
constexpr base::Duration kBasemapPatience = std::chrono::minutes(2);

struct RenderOptions {
  std::string profile;  // empty: kDefaultProfile
  LayerOptions layers;
  std::string events, at, center, measure, select, picture;
  double m_per_px = 0;
  bool map_only = false;
  bool first_picture = false;
  OutputOptions output;
};

// "120.285,31.911"
base::Result<base::Vec2d> parse_lonlat(std::string_view option, std::string_view text) {
  const char* const end = text.data() + text.size();
  base::Vec2d point;
  const auto x = std::from_chars(text.data(), end, point.x);
  const bool comma = x.ec == std::errc{} && x.ptr != end && *x.ptr == ',';
  const auto y = comma ? std::from_chars(x.ptr + 1, end, point.y) : x;
  if (!comma || y.ec != std::errc{} || y.ptr != end) {
    return Error{ErrorCode::InvalidArgument,
                 fmt::format("{} {}: expected LONGITUDE,LATITUDE in degrees, such as 120.285,31.911", option, text)};
  }
  return point;
}

// A point of an option in the map's own coordinates.
base::Result<base::Vec2d> place(std::string_view option, std::string_view text, const geo::Transform& transform) {
  TRY_ASSIGN(const base::Vec2d lonlat, parse_lonlat(option, text));
  const auto world = transform.forward(lonlat);
  if (world) return *world;
  return Error{ErrorCode::InvalidArgument,
               fmt::format("{} {}: outside the reference system {}", option, text, transform.to_crs())};
}

base::Status aim(const RenderOptions& options, const WallData& data, WallView& view) {
  model::MapView target = view.camera().home();
  TRY_ASSIGN(const auto transform, geo::Transform::create(geo::kLonLatCrs, data.tree->world_crs()));
  if (!options.center.empty()) {
    TRY_ASSIGN(target.center_world, place("--center", options.center, transform));
  }
  std::vector<base::Vec2d> measured_world;
  for (std::string_view rest = options.measure; !rest.empty();) {
    const std::size_t end = std::min(rest.find(';'), rest.size());
    TRY_ASSIGN(const base::Vec2d point_world, place("--measure", rest.substr(0, end), transform));
    measured_world.push_back(point_world);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  if (!measured_world.empty()) view.measuring().measure(measured_world);
  if (!options.select.empty()) view.point_out(options.select);
  if (options.m_per_px > 0) target.px_per_m = 1 / options.m_per_px;
  view.camera().jump_to(target);
  return {};
}

base::Result<Live> make_live(const RenderOptions& options, const WallData& data) {
  std::optional<base::UtcTime> until;
  if (!options.at.empty()) {
    TRY_ASSIGN(until, base::parse_rfc3339(options.at));
  }
  Live live;
  live.status.state = model::FeedState::Static;
  live.status.is_complete = true;
  if (options.events.empty()) {
    state::World world(data.tree, data.vocabulary, data.rules);
    if (until) world.advance_to(*until);
    live.snapshot = world.freeze();
    return live;
  }
  TRY_ASSIGN(auto folded, fold_event_file(options.events, data, until));
  if (folded.refused_count > 0) {
    std::fprintf(stderr, "gridwall render: %llu events left out; the first: %s\n",
                 static_cast<unsigned long long>(folded.refused_count), folded.first_refusal.c_str());
  }
  live.snapshot = std::move(folded.snapshot);
  live.status.received_count = folded.accepted_count;
  live.status.bad_count = folded.refused_count;
  live.status.last_sequence = live.snapshot->sequence;
  return live;
}

TreeLoader coarsely(base::Vec2i size_px) {
  return [size_px](const WallData&, const TreeCache&, const geo::LayerRequest& request,
                   const geo::ProgressCallback& progress) -> base::Result<CachedLoad> {
    TRY_ASSIGN(geo::LoadedTree loaded, geo::load_division_tree(first_picture_of(request, size_px), progress));
    CachedLoad out;
    out.tree = std::move(loaded.tree);
    return out;
  };
}

base::Status check_selected(const RenderOptions& options, const state::WorldSnapshot& snapshot) {
  if (options.select.empty()) return {};
  for (std::uint32_t number = 0; number < snapshot.incident_count(); ++number) {
    if (snapshot.incident(number).id == options.select) return {};
  }
  return Error{ErrorCode::NotFound,
               options.events.empty()
                   ? fmt::format("--select {}: there are no incidents without --events", options.select)
                   : fmt::format("--select {}: {} tells of no such incident", options.select, options.events)};
}

base::Status run(const RenderOptions& options) {
  TRY_ASSIGN(const auto language, parse_language(options.output.language));
  StageOptions stage_options;
  stage_options.headless = true;
  TRY_ASSIGN(stage_options.size_px, parse_size(options.output.size));
  TRY_ASSIGN(const WallData data,
             load_wall_data(options.profile, options.layers, language,
                            options.first_picture ? coarsely(stage_options.size_px) : TreeLoader()));
  TRY_ASSIGN(const Live live, make_live(options, data));
  TRY(check_selected(options, *live.snapshot));
  TRY_ASSIGN(const auto stage, Stage::create(stage_options));
  WallViewOptions view_options;
  TRY_ASSIGN(view_options.wall, open_wall_profile(data.root, options.output.wall));
  view_options.panels = !options.map_only;
  view_options.view = options.output.view;
  TRY_ASSIGN(view_options.basemap, choose_basemap(options.output.basemap, data));
  view_options.data_source = options.events.empty() ? "" : std::filesystem::path(options.events).filename().string();
  TRY_ASSIGN(const auto view, WallView::create(*stage, data, std::move(view_options)));
  TRY(aim(options, data, *view));

  // The picture's moment is the state's: the same command gives the same bytes. The second pass has all fonts and
  // glyphs in place.
  RunMetrics metrics;
  const base::SystemClock clock;
  const base::MonoTime moment{std::chrono::seconds(1)};
  TRY(view->finish_basemap(kBasemapPatience, moment));
  for (int pass = 0; pass < 2; ++pass) {
    const base::MonoTime begun = clock.now_mono();
    stage->capture_next();
    TRY(view->draw(live, HubSight{}, {live.snapshot->state_time, moment}));
    metrics.frame_drawn(clock.now_mono() - begun, stage->context().frame_stats());
  }
  TRY(gfx::write_png(options.picture, stage->captured()));
  if (!options.output.metrics_out.empty()) {
    TRY(metrics.write(options.output.metrics_out, live.snapshot.get(), live.status, nullptr, stage->context()));
  }
  return {};
}

}  // namespace

int run_render(const Arguments& arguments) {
  RenderOptions options;
  CommandLine line("render", "Draws one picture of layers and events into a PNG file.",
                   "gridwall render --layers grids.gpkg --code-field code --size 1920x1080 -o map.png");
  line.option("-o,--output", options.picture, "the PNG to write", true);
  line.option("--profile", options.profile, "profile name (config/profiles) or file; else jiangyin-2019");
  add_layer_options(line, options.layers);
  line.option("--events", options.events, "file of events, one JSON event or array a line");
  line.option("--at", options.at, "state time: later events are left out, such as 2026-11-22T09:30:00+08:00");
  line.option("--center", options.center, "LONGITUDE,LATITUDE of the middle; else the whole district");
  line.option("--measure", options.measure,
              "LONGITUDE,LATITUDE;...: a measured line; one point: rings about it; the first again: an area");
  line.option("--select", options.select, "id of an incident: it is marked, and what lies on it is fanned out");
  line.number("--m-per-px", options.m_per_px, 0, 1e6, "metres a pixel; 0: the whole district");
  add_basemap_options(line, options.output.basemap);
  line.flag("--first-picture", options.first_picture, "borders only as fine as a wall shows while large layers load");
  line.flag("--map-only", options.map_only, "no panels");
  line.option("--size", options.output.size, "width x height in pixels");
  line.option("--wall", options.output.wall, "layout: desk, wall-1080p, wall-4k, or a TOML file of your own");
  line.option("--view", options.output.view, "id of the profile's view; else its default");
  line.option("--lang", options.output.language, "zh or en");
  line.option("--metrics-out", options.output.metrics_out, "write counts and times as JSON");
  if (const auto code = line.parse(arguments)) return *code;
  const auto status = run(options);
  return status.ok() ? 0 : fail("render", status.error());
}

}  // namespace gridwall::app
