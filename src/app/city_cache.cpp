#include "app/city_cache.hpp"

#include <fmt/format.h>

#include "app/paths.hpp"
#include "base/hash.hpp"
#include "base/text_file.hpp"

namespace gridwall::app {

namespace fs = std::filesystem;
using base::Result;

namespace {

constexpr std::uint64_t kCitySeed = 1;

// Everything that decides what the city becomes, as text.
std::string ingredients(const geo::CityRequest& request, const std::string& outline, const std::string& names) {
  const model::Profile& profile = request.profile;
  std::string text = fmt::format("{}\n{}\n{}\n{}\n{}\n{}\n{}\n", geo::kCityGeneratorVersion, request.seed, profile.id,
                                 profile.name_zh, profile.county_code, profile.outline_crs, profile.world_crs);
  for (const model::LevelSpec& level : profile.levels) {
    text += fmt::format("{}\t{}\t{}\n", level.name_zh, level.kind, level.count);
  }
  return text + "outline\n" + outline + "names\n" + names;
}

}  // namespace

geo::CityRequest city_request(const fs::path& root, const model::Profile& profile, std::uint64_t seed) {
  return {profile, root / "assets" / "districts" / profile.district, seed};
}

Result<fs::path> ensure_city(const fs::path& root, const model::Profile& profile,
                             const geo::ProgressCallback& progress) {
  const geo::CityRequest request = city_request(root, profile, kCitySeed);
  TRY_ASSIGN(const std::string outline, base::read_text_file(request.district_folder / "boundary.geojson"));
  std::string names;
  if (fs::exists(request.district_folder / "divisions.csv")) {
    TRY_ASSIGN(names, base::read_text_file(request.district_folder / "divisions.csv"));
  }
  TRY_ASSIGN(const fs::path folder, cache_folder());
  const std::uint64_t key = base::hash_bytes(ingredients(request, outline, names));
  fs::path file = folder / fmt::format("city-{}-{:016x}.gpkg", profile.id, key);
  if (fs::exists(file)) return file;
  TRY_ASSIGN(const geo::CityPlan plan, geo::generate_city(request, progress));
  TRY(geo::write_city(plan, file));
  return file;
}

}  // namespace gridwall::app
