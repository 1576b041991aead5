// gridwall city: divides a district's outline into the nested levels of its profile and writes them as a GeoPackage.
#include <cstdio>

#include "app/city_cache.hpp"
#include "app/command_line.hpp"
#include "app/commands.hpp"
#include "app/paths.hpp"
#include "app/progress_line.hpp"
#include "base/json_writer.hpp"

namespace gridwall::app {

namespace {

struct CityOptions {
  std::string profile = "jiangyin-2019", out_file;
  long long seed = 1;
  bool json = false;
};

void print_text(const CityOptions& options, const model::Profile& profile, const geo::CityPlan& plan) {
  std::string text = fmt::format("{}: {} ({}), seed {}, synthetic\n", options.out_file, profile.name_en,
                                 profile.name_zh, plan.seed);
  for (std::size_t level = 0; level < plan.level_counts.size(); ++level) {
    const model::LevelSpec& spec = profile.levels[level];
    text += fmt::format("  level {}  {:>7}  {} ({}){}\n", level, plan.level_counts[level], spec.name_en, spec.name_zh,
                        spec.assumed ? ", count assumed" : "");
  }
  std::fputs(text.c_str(), stdout);
}

void print_json(const CityOptions& options, const model::Profile& profile, const geo::CityPlan& plan) {
  base::JsonWriter json;
  json.begin_object();
  json.field("file", options.out_file).field("profile", profile.id).field("seed", plan.seed);
  json.field("synthetic", true).field("crs", plan.world_crs).field("divisions", plan.divisions.size());
  json.key("levels").begin_array();
  for (std::size_t level = 0; level < plan.level_counts.size(); ++level) {
    const model::LevelSpec& spec = profile.levels[level];
    json.begin_object().field("level", level).field("name_zh", spec.name_zh).field("name_en", spec.name_en);
    json.field("kind", spec.kind).field("count", plan.level_counts[level]).field("assumed", spec.assumed).end_object();
  }
  json.end_array().end_object();
  std::fputs((json.take() + "\n").c_str(), stdout);
}

base::Status make_city(const CityOptions& options) {
  TRY_ASSIGN(const auto root, find_root());
  TRY_ASSIGN(const model::Profile profile, open_profile(root, options.profile));
  ProgressLine line;
  const auto tell = [&](std::string_view step, double share) { line.tell(step, share); };
  const geo::CityRequest request = city_request(root, profile, static_cast<std::uint64_t>(options.seed));
  TRY_ASSIGN(const geo::CityPlan plan, geo::generate_city(request, tell));
  line.tell("writing", 1);
  TRY(geo::write_city(plan, options.out_file));
  line.finish();
  options.json ? print_json(options, profile, plan) : print_text(options, profile, plan);
  return {};
}

}  // namespace

int run_city(const Arguments& arguments) {
  CityOptions options;
  CommandLine line("city", "Divides a district's real outline into made-up divisions with the counts of its profile.",
                   "gridwall city --profile jiangyin-2019 -o jiangyin.gpkg");
  line.option("--profile,-p", options.profile, "a name in config/profiles, or a .toml file of your own");
  line.option("--output,-o", options.out_file, "the GeoPackage to write; an older one is replaced", true);
  line.integer("--seed", options.seed, 0, INT64_MAX, "another seed makes another city of the same counts");
  line.flag("--json", options.json, "print the summary as JSON");
  if (const auto code = line.parse(arguments)) return *code;
  const base::Status status = make_city(options);
  return status.ok() ? 0 : fail("city", status.error());
}

}  // namespace gridwall::app
