#include "app/wall_data.hpp"

#include <limits>

#include "app/city_cache.hpp"
#include "app/paths.hpp"
#include "app/progress_line.hpp"
#include "app/rules_hash.hpp"
#include "base/log.hpp"
#include "geo/tree_builder.hpp"

namespace gridwall::app {

namespace fs = std::filesystem;

void add_layer_options(CommandLine& line, LayerOptions& options) {
  line.option("--layers", options.files, "layer files with your divisions; else a generated city");
  add_source_options(line, options.source);
  line.flag("--no-cache", options.not_cached, "read the layers themselves, and keep no tree for the next start");
}

namespace {

// Files named on the command line are somebody else's divisions: the profile says nothing of their fields, levels or
// place.
base::Result<geo::LayerRequest> request_of(const model::Profile& profile, const LayerOptions& layers) {
  geo::LayerRequest request;
  if (!layers.files.empty()) {
    TRY_ASSIGN(model::SourceSpec spec, source_spec(layers.source));
    request.sources = layers.files;
    request.reading = std::move(spec.reading);
    request.mapping = std::move(spec.mapping);
    return request;
  }
  request.sources = profile.source.files;
  request.reading = profile.source.reading;
  request.mapping = profile.source.mapping;
  request.levels = profile.levels;
  request.world_crs = profile.world_crs;
  return request;
}

void tell_summary(const LoadSummary& summary) {
  for (const std::string& warning : summary.warnings) base::log_warning("geo", "{}", warning);
  if (summary.duplicate_count + summary.cycle_count + summary.orphan_count + summary.repair_count == 0) return;
  base::log_warning("geo",
                    "layers: {} duplicate codes, {} rings of parents, {} orphans, {} repaired or left out; "
                    "gridwall layers names them",
                    summary.duplicate_count, summary.cycle_count, summary.orphan_count, summary.repair_count);
}

}  // namespace

base::Result<WallData> load_wall_data(const std::string& profile_name, const LayerOptions& layers,
                                      model::Language language, const TreeLoader& load_tree) {
  WallData data;
  TRY_ASSIGN(data.root, find_root());
  TRY_ASSIGN(data.profile, open_profile(data.root, profile_name.empty() ? kDefaultProfile : profile_name));
  TRY_ASSIGN(auto vocabulary, model::load_vocabulary(data.root / "config", data.profile.tables));
  TRY_ASSIGN(data.rules, model::load_district_rules(data.root / "config", data.profile, vocabulary));
  data.vocabulary = std::make_shared<const model::Vocabulary>(std::move(vocabulary));
  TRY_ASSIGN(data.rules_hash, hash_of_rules(data.root / "config", data.profile));
  TRY_ASSIGN(data.words, model::Words::load(data.root / "assets" / "words", language));
  data.names = std::make_shared<const model::Vocabulary>(model::with_own_names(*data.vocabulary, data.profile.tables));
  TRY_ASSIGN(auto departments, model::load_departments(data.root / "config" / "departments.toml"));
  data.departments = model::with_own_names(std::move(departments), data.profile.tables);
  for (const std::string& key : model::override_words(data.words, data.profile.tables)) {
    base::log_warning("app", "profile {}: word {}: no such key in assets/words; left out", data.profile.id, key);
  }
  ProgressLine progress;
  const auto tell = [&](std::string_view step, double share) { progress.tell(step, share); };
  TRY_ASSIGN(geo::LayerRequest request, request_of(data.profile, layers));
  if (request.sources.empty()) {
    TRY_ASSIGN(const auto city, ensure_city(data.root, data.profile, tell));
    request.sources.push_back(city.string());
  }
  request.family_check = geo::FamilyCheck::None;  // gridwall layers tells of gaps and overlaps
  TRY_ASSIGN(const fs::path folder, cache_folder());
  const TreeCache cache(folder, layers.not_cached ? std::numeric_limits<std::uintmax_t>::max() : kCachedSourceBytesMin);
  const bool is_own = profile_name.empty() && !layers.files.empty();
  if (is_own) {
    data.profile.tables.views.clear();  // another system's screens
    data.profile.basemap = {};          // and another place's map
  }
  TRY_ASSIGN(CachedLoad loaded, load_tree ? load_tree(data, cache, request, tell) : cache.load(request, tell));
  progress.finish();
  tell_summary(loaded.summary);
  data.tree = std::move(loaded.tree);
  data.cache_work = std::move(loaded.work);
  if (is_own) {
    model::Profile& profile = data.profile;
    profile.name_zh = profile.name_en = profile.system_zh = profile.system_en = data.tree->at(data.tree->root()).name;
  }
  return data;
}

}  // namespace gridwall::app
