// WallData: what every drawing command reads before it can draw: profile, code tables, words, and the division tree
// from layer files or from the profile's generated city.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/command_line.hpp"
#include "app/source_options.hpp"
#include "app/tree_cache.hpp"
#include "base/result.hpp"
#include "model/district_rules.hpp"
#include "model/division_tree.hpp"
#include "model/profile.hpp"
#include "model/profile_names.hpp"
#include "model/vocabulary.hpp"
#include "model/words.hpp"

namespace gridwall::app {

struct LayerOptions {
  std::vector<std::string> files;  // empty: the profile's own layers, or its generated city
  SourceOptions source;            // of `files`
  bool not_cached = false;         // read the layers themselves, and keep nothing
};

// --layers FILE..., --no-cache, and how they are read (see source_options.hpp)
void add_layer_options(CommandLine& line, LayerOptions& options);

struct WallData {
  std::filesystem::path root;
  model::Profile profile;
  std::shared_ptr<const model::Vocabulary> vocabulary;  // the lifecycle with the shortcuts of the profile's stages
  std::shared_ptr<const model::DistrictRules> rules;
  std::uint64_t rules_hash = 0;                     // of the configuration that says how cases are judged
  model::Words words;                               // with the profile's own in place of the dictionary's
  std::shared_ptr<const model::Vocabulary> names;   // of the screens: with the profile's own classes and channels
  model::Departments departments;                   // with the profile's own; names only
  std::shared_ptr<const model::DivisionTree> tree;
  std::shared_ptr<base::Thread> cache_work;         // of the tree's cache, behind the picture; see TreeCache
};

// How the tree is loaded: at once (TreeCache::load), or behind something that is shown meanwhile. `so_far` is complete
// but for the tree and a name for layers without a profile.
using TreeLoader = std::function<base::Result<CachedLoad>(const WallData& so_far, const TreeCache& cache,
                                                          const geo::LayerRequest& request,
                                                          const geo::ProgressCallback& progress)>;

inline constexpr const char* kDefaultProfile = "jiangyin-2019";

// `profile_name` empty: the default profile's words and rules, and the name of the layers' own root where there are
// layers, so that nobody's district bears another's name. Tells progress on stderr; the layers' warnings go to the log.
base::Result<WallData> load_wall_data(const std::string& profile_name, const LayerOptions& layers,
                                      model::Language language, const TreeLoader& load_tree = {});

}  // namespace gridwall::app
