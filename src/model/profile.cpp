#include "model/profile.hpp"

#include "base/time_text.hpp"
#include "model/config_table.hpp"

namespace gridwall::model {

using base::Result;
using base::Status;

namespace {

Status read_levels(const ConfigTable& file, Profile& profile) {
  TRY_ASSIGN(const auto tables, file.tables("level"));
  for (const ConfigTable& table : tables) {
    TRY(table.expect_only({"name_zh", "name_en", "kind", "count", "assumed"}));
    LevelSpec level;
    TRY_ASSIGN(level.name_zh, table.text("name_zh"));
    TRY_ASSIGN(level.name_en, table.text("name_en"));
    TRY_ASSIGN(level.kind, table.text_or("kind", "admin"));
    TRY_ASSIGN(const auto count, table.integer("count", 1, 10'000'000));
    TRY_ASSIGN(level.assumed, table.truth_or("assumed", false));
    level.count = static_cast<std::uint32_t>(count);
    if (!profile.levels.empty() && level.count < profile.levels.back().count) {
      return table.error_at("count", "at least as many divisions as the level above has");
    }
    profile.levels.push_back(std::move(level));
  }
  if (profile.levels.size() < 2 || profile.levels.size() > 8) {
    return file.error_at("level", "two to eight [[level]] tables, the root first");
  }
  if (profile.levels.front().count != 1) {
    return tables.front().error_at("count", "1: the first level is the root");
  }
  return {};
}

Status read_source(const ConfigTable& file, Profile& profile) {
  if (!file.has("source")) return {};
  TRY_ASSIGN(const auto table, file.table("source"));
  TRY(table.expect_only({"code_field", "name_field", "parent_field", "level_field", "kind_field", "code_lengths"}));
  TRY_ASSIGN(profile.source.mapping.code_field, table.text_or("code_field", ""));
  TRY_ASSIGN(profile.source.mapping.name_field, table.text_or("name_field", ""));
  TRY_ASSIGN(profile.source.mapping.parent_field, table.text_or("parent_field", ""));
  TRY_ASSIGN(profile.source.mapping.level_field, table.text_or("level_field", ""));
  TRY_ASSIGN(profile.source.mapping.kind_field, table.text_or("kind_field", ""));
  if (!table.has("code_lengths")) return {};
  TRY_ASSIGN(const auto lengths, table.integers("code_lengths"));
  for (const auto length : lengths) {
    const bool grows =
        profile.source.mapping.code_lengths.empty() || length > profile.source.mapping.code_lengths.back();
    if (length < 1 || length > 64 || !grows) {
      return table.error_at("code_lengths", "growing lengths from 1 to 64, the root's first");
    }
    profile.source.mapping.code_lengths.push_back(static_cast<std::uint32_t>(length));
  }
  return {};
}

Status read_simulation(const ConfigTable& file, Profile& profile) {
  if (!file.has("simulation")) return {};
  TRY_ASSIGN(const auto table, file.table("simulation"));
  TRY(table.expect_only({"cases_per_day", "seed", "rate"}));
  TRY_ASSIGN(profile.simulation.cases_per_day, table.number_or("cases_per_day", 570, 0.01, 1e6));
  TRY_ASSIGN(const auto seed, table.integer_or("seed", 1, 0, INT64_MAX));
  profile.simulation.seed = static_cast<std::uint64_t>(seed);
  TRY_ASSIGN(profile.simulation.rate, table.number_or("rate", 60, 0.1, 3600));
  return {};
}

}  // namespace

Result<Profile> load_profile(const std::filesystem::path& path) {
  TRY_ASSIGN(const auto file, ConfigTable::open(path));
  TRY(file.expect_only({"name_zh", "name_en", "system_zh", "system_en", "district", "county_code", "outline_crs",
                        "outline_illustrative", "world_crs", "utc_offset", "level", "source", "simulation"}));
  Profile profile;
  profile.id = path.stem().string();
  TRY_ASSIGN(profile.name_zh, file.text("name_zh"));
  TRY_ASSIGN(profile.name_en, file.text("name_en"));
  TRY_ASSIGN(profile.system_zh, file.text("system_zh"));
  TRY_ASSIGN(profile.system_en, file.text("system_en"));
  TRY_ASSIGN(profile.district, file.text("district"));
  TRY_ASSIGN(profile.county_code, file.text("county_code"));
  TRY_ASSIGN(profile.outline_crs, file.text("outline_crs"));
  TRY_ASSIGN(profile.outline_illustrative, file.truth_or("outline_illustrative", true));
  TRY_ASSIGN(profile.world_crs, file.text("world_crs"));
  TRY_ASSIGN(const auto offset_text, file.text_or("utc_offset", "+08:00"));
  const auto offset = base::parse_utc_offset(offset_text);
  if (!offset.ok()) return file.error_at("utc_offset", "an offset such as \"+08:00\"");
  profile.utc_offset = *offset;
  TRY(read_levels(file, profile));
  TRY(read_source(file, profile));
  TRY(read_simulation(file, profile));
  return profile;
}

}  // namespace gridwall::model
