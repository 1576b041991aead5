#include "model/profile.hpp"

#include <algorithm>
#include <functional>

#include "model/config_table.hpp"
#include "model/finding_scope.hpp"

namespace gridwall::model {

using base::Result;
using base::Status;

namespace {

Status read_level(const ConfigTable& table, Profile& profile) {
  TRY(table.expect_only({"name_zh", "name_en", "kind", "count", "assumed"}));
  LevelSpec level;
  TRY_ASSIGN(level.name_zh, table.text("name_zh"));
  TRY_ASSIGN(level.name_en, table.text("name_en"));
  TRY_ASSIGN(level.kind, table.text_or("kind", "admin"));
  TRY_ASSIGN(const auto count, table.integer("count", 1, 10'000'000));
  TRY_ASSIGN(level.assumed, table.truth_or("assumed", false));
  level.count = static_cast<std::uint32_t>(count);
  const bool falls = !profile.levels.empty() && level.count < profile.levels.back().count;
  profile.levels.push_back(std::move(level));  // a broken one too: rows that name it are right
  if (falls) return table.error_at("count", "at least as many divisions as the level above has");
  return {};
}

Status read_levels(const ConfigTable& file, Profile& profile) {
  TRY_ASSIGN(const auto tables, file.tables("level"));
  for (const ConfigTable& table : tables) {
    if (const Status level = read_level(table, profile); !FindingScope::go_on(level)) return level;
  }
  if (profile.levels.size() < 2 || profile.levels.size() > 8) {
    return file.error_at("level", "two to eight [[level]] tables, the root first");
  }
  if (profile.levels.front().count != 1) {
    return tables.front().error_at("count", "1: the first level is the root");
  }
  return {};
}

// Paths beside the profile; what is not there stays as it is (a path from the working folder, a connection string).
void find_beside(const std::filesystem::path& folder, std::string& file) {
  std::error_code code;
  if (!file.empty() && std::filesystem::exists(folder / file, code)) file = (folder / file).string();
}
void find_beside(const std::filesystem::path& folder, SourceSpec& source) {
  for (std::string& file : source.files) find_beside(folder, file);
}

Status read_overlays(const ConfigTable& file, Profile& profile) {
  if (!file.has("overlay")) return {};
  TRY_ASSIGN(const auto tables, file.tables("overlay"));
  for (const ConfigTable& table : tables) {
    TRY(table.expect_only({"id", "name_zh", "name_en", "source"}));
    OverlaySpec overlay;
    TRY_ASSIGN(overlay.id, table.text("id"));
    TRY_ASSIGN(overlay.name_zh, table.text("name_zh"));
    TRY_ASSIGN(overlay.name_en, table.text("name_en"));
    TRY_ASSIGN(const auto source, table.table("source"));
    TRY_ASSIGN(overlay.source, read_source(source));
    if (overlay.source.files.empty()) return table.error_at("source", "files: what the overlay is drawn from");
    const bool known = std::any_of(profile.overlays.begin(), profile.overlays.end(),
                                   [&](const OverlaySpec& other) { return other.id == overlay.id; });
    if (known) return table.error_at("id", "an id that no other overlay has");
    profile.overlays.push_back(std::move(overlay));
  }
  return {};
}

Status read_ways(const ConfigTable& simulation, Profile& profile) {
  TRY_ASSIGN(const auto rows, simulation.tables("way"));
  double sum = 0;
  for (const ConfigTable& row : rows) {
    TRY(row.expect_only({"share", "channel", "classes", "departments", "level"}));
    SimulatedWay way;
    TRY_ASSIGN(way.share, row.number("share", 0, 1));
    TRY_ASSIGN(way.channel, row.text_or("channel", ""));
    if (row.has("classes")) {
      TRY_ASSIGN(way.classes, row.texts("classes"));
    }
    if (row.has("departments")) {
      TRY_ASSIGN(way.departments, row.texts("departments"));
    }
    TRY_ASSIGN(way.level, row.text_or("level", ""));
    const auto same = [&](const LevelSpec& level) { return level.name_zh == way.level; };
    if (!way.level.empty() && std::none_of(profile.levels.begin(), profile.levels.end(), same)) {
      return row.error_at("level", "the name_zh of a [[level]]");
    }
    if ((sum += way.share) > 1 + 1e-9) return row.error_at("share", "shares that are at most 1 together");
    profile.simulation.ways.push_back(std::move(way));
  }
  return {};
}

Status read_simulation(const ConfigTable& file, Profile& profile) {
  if (!file.has("simulation")) return {};
  TRY_ASSIGN(const auto table, file.table("simulation"));
  TRY(table.expect_only({"cases_per_day", "seed", "rate", "history_months", "solved_at_each", "way"}));
  TRY_ASSIGN(profile.simulation.cases_per_day, table.number_or("cases_per_day", 570, 0.01, 1e6));
  TRY_ASSIGN(const auto seed, table.integer_or("seed", 1, 0, INT64_MAX));
  profile.simulation.seed = static_cast<std::uint64_t>(seed);
  TRY_ASSIGN(profile.simulation.rate, table.number_or("rate", 60, 0.1, 3600));
  TRY_ASSIGN(const auto months, table.integer_or("history_months", 13, 0, 60));
  profile.simulation.history_months = static_cast<int>(months);
  TRY_ASSIGN(profile.simulation.solved_at_each, table.number_or("solved_at_each", 0.66, 0, 1));
  return table.has("way") ? read_ways(table, profile) : Status{};
}

Status read_colouring(const ConfigTable& file, Profile& profile) {
  if (!file.has("colouring")) return {};
  TRY_ASSIGN(const auto table, file.table("colouring"));
  TRY(table.expect_only({"classes", "edges"}));
  TRY_ASSIGN(const auto classes, table.text_or("classes", "steps"));
  static constexpr std::string_view kNames[] = {"steps", "quantiles", "natural", "fixed"};
  const auto name = std::ranges::find(kNames, classes);
  if (name == std::end(kNames)) {
    return table.error_at("classes", "\"steps\", \"quantiles\", \"natural\" or \"fixed\"");
  }
  ColouringSpec& colouring = profile.colouring;
  colouring.classes = static_cast<ClassRule>(name - std::begin(kNames));
  const bool is_fixed = colouring.classes == ClassRule::Fixed;
  if (table.has("edges")) {
    TRY_ASSIGN(colouring.edges, table.numbers("edges"));
  }
  const auto falls = std::ranges::adjacent_find(colouring.edges, std::greater_equal<>());
  const bool fits = colouring.edges.size() == ColouringSpec::kEdgeCount && falls == colouring.edges.end() &&
                    colouring.edges.front() > 0;
  if (is_fixed && !fits) return table.error_at("edges", "four ascending numbers above 0, such as [2, 5, 10, 20]");
  if (!is_fixed && !colouring.edges.empty()) return table.error_at("edges", "classes = \"fixed\" beside it");
  return {};
}

// A name of a file below config/, without folder and ending.
Status read_rule_name(const ConfigTable& table, std::string_view key, std::string& name) {
  TRY_ASSIGN(name, table.text_or(key, name));
  const bool plain = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
  if (!plain)
    return table.error_at(
        key, fmt::format("the name of a file in config/{} without .toml", key == "calendar" ? "calendars" : key));
  return {};
}

Status read_rules(const ConfigTable& file, Profile& profile) {
  if (!file.has("rules")) return {};
  TRY_ASSIGN(const auto table, file.table("rules"));
  TRY(table.expect_only({"calendar", "limits", "stages", "indicators"}));
  TRY(read_rule_name(table, "calendar", profile.rules.calendar));
  TRY(read_rule_name(table, "limits", profile.rules.limits));
  TRY(read_rule_name(table, "stages", profile.rules.stages));
  TRY(read_rule_name(table, "indicators", profile.rules.indicators));
  return {};
}

Status read_head(const ConfigTable& file, Profile& profile) {
  TRY(file.expect_only({"name_zh", "name_en", "system_zh", "system_en", "district", "county_code", "outline_crs",
                        "outline_illustrative", "world_crs", "time_zone", "rules", "level", "source", "overlay",
                        "basemap", "simulation", "colouring", "classes", "channels", "departments", "class",
                        "channel", "department", "workflow", "site", "board", "material", "figure", "layer", "view",
                        "word"}));
  TRY_ASSIGN(profile.name_zh, file.text("name_zh"));
  TRY_ASSIGN(profile.name_en, file.text("name_en"));
  TRY_ASSIGN(profile.system_zh, file.text("system_zh"));
  TRY_ASSIGN(profile.system_en, file.text("system_en"));
  TRY_ASSIGN(profile.district, file.text("district"));
  TRY_ASSIGN(profile.county_code, file.text("county_code"));
  TRY_ASSIGN(profile.outline_crs, file.text("outline_crs"));
  TRY_ASSIGN(profile.outline_illustrative, file.truth_or("outline_illustrative", true));
  TRY_ASSIGN(profile.world_crs, file.text("world_crs"));
  TRY_ASSIGN(const auto zone_name, file.text_or("time_zone", "Asia/Shanghai"));
  auto zone = base::TimeZone::find(zone_name);
  if (!zone.ok()) return file.error_at("time_zone", "an IANA name such as \"Asia/Shanghai\", or \"+08:00\"");
  profile.zone = std::move(*zone);
  return {};
}

Status read_layers_of(const ConfigTable& file, const std::filesystem::path& folder, Profile& profile) {
  if (file.has("source")) {
    TRY_ASSIGN(const auto source, file.table("source"));
    TRY_ASSIGN(profile.source, read_source(source));
  }
  if (file.has("basemap")) {
    TRY_ASSIGN(const auto basemap, file.table("basemap"));
    TRY_ASSIGN(profile.basemap, read_basemap(basemap));
    find_beside(folder, profile.basemap.source);
  }
  TRY(read_overlays(file, profile));
  find_beside(folder, profile.source);
  for (OverlaySpec& overlay : profile.overlays) find_beside(folder, overlay.source);
  return {};
}

}  // namespace

Profile load_profile(const std::filesystem::path& path, std::vector<base::Error>& findings) {
  Profile profile;
  profile.id = path.stem().string();
  const auto file = ConfigTable::open(path);
  if (!file.ok()) {
    findings.push_back(file.error());
    return profile;
  }
  const auto note = [&](const Status& status) {
    if (!status.ok()) findings.push_back(status.error());
  };
  note(read_head(*file, profile));
  note(read_rules(*file, profile));
  note(read_levels(*file, profile));
  note(read_layers_of(*file, path.parent_path(), profile));
  note(read_simulation(*file, profile));
  note(read_colouring(*file, profile));
  profile.tables = read_profile_tables(*file, profile.levels, profile.overlays, findings);
  return profile;
}

Result<Profile> load_profile(const std::filesystem::path& path) {
  std::vector<base::Error> findings;
  Profile profile = load_profile(path, findings);
  if (!findings.empty()) return std::move(findings.front());
  return profile;
}

}  // namespace gridwall::model
