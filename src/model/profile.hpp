// Profile: what one district is, as config/profiles/<id>.toml says it: hierarchy and counts, coordinate systems, where
// fields of a layer lie, how much happens there. A copy with other numbers is another district.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/time_zone.hpp"
#include "model/basemap_spec.hpp"
#include "model/profile_tables.hpp"
#include "model/source_spec.hpp"

namespace gridwall::model {

struct LevelSpec {
  std::string name_zh, name_en;
  std::string kind;         // see Division::kind
  std::uint32_t count = 0;  // 0: as many as the layer has
  bool assumed = false;     // the source gives no number
};

// A second set of polygons over the main hierarchy: police grids, service areas. Its own tree; topics and indicators do
// not follow it.
struct OverlaySpec {
  std::string id, name_zh, name_en;
  SourceSpec source;
};

// [simulation] way: what comes in, or is handled, as only this system does it. Empty lists and words leave what the
// common tables say.
struct SimulatedWay {
  double share = 0;     // of a day's cases; together at most 1
  std::string channel;  // through which it comes in
  std::vector<std::string> classes;
  std::vector<std::string> departments;  // who handle it
  std::string level;                     // name_zh: reported of a division of that level, without a place
};

struct SimulationSpec {
  double cases_per_day = 570;  // see the profile for the source of the figure
  std::uint64_t seed = 1;
  double rate = 60;         // simulated seconds per second
  int history_months = 13;  // before the first day of a demonstration
  double solved_at_each = 0.66;  // of the cases that come to a level, the lowest first; the others go one level up
  std::vector<SimulatedWay> ways;
};

// [colouring]: how numbers become the five colours of the map.
enum class ClassRule : std::uint8_t { Steps, Quantiles, Natural, Fixed };
struct ColouringSpec {
  static constexpr std::size_t kEdgeCount = 4;
  ClassRule classes = ClassRule::Steps;
  std::vector<double> edges;  // of Fixed: the upper ends of the first four classes, ascending
  bool operator==(const ColouringSpec&) const = default;
};

// Files of config/ that say how this district's cases are judged; see model/district_rules.hpp.
struct RulesSpec {
  std::string calendar = "cn";      // config/calendars
  std::string limits = "default";   // config/limits
  std::string stages = "seven";     // config/stages
  std::string indicators = "default";  // config/indicators
};

struct Profile {
  std::string id;
  std::string name_zh, name_en;      // of the district: 江阴市, Jiangyin
  std::string system_zh, system_en;  // of the wall's header
  std::string district;              // folder under assets/districts
  std::string county_code;
  std::string outline_crs;           // as declared; see outline_illustrative
  bool outline_illustrative = true;  // the outline's datum is not stated by its source
  std::string world_crs;             // display and storage of positions: the district's Gauss-Krüger zone
  base::TimeZone zone;              // time_zone = "Asia/Shanghai": of days, weeks, hours and working time
  RulesSpec rules;
  std::vector<LevelSpec> levels;  // the root first
  SourceSpec source;
  std::vector<OverlaySpec> overlays;
  BasemapSpec basemap;            // under the divisions
  SimulationSpec simulation;
  ColouringSpec colouring;
  ProfileTables tables;  // what stands beside hierarchy and rules
};

// The first mistake, with file, line, key and what was expected.
base::Result<Profile> load_profile(const std::filesystem::path& file);
// The same, and all mistakes of the tables at once: none when `findings` is as it was. What other files of config/ say
// (channels, stages, words) is not asked here. Any thread.
Profile load_profile(const std::filesystem::path& file, std::vector<base::Error>& findings);

}  // namespace gridwall::model
