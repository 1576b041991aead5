#include "app/rules_hash.hpp"

#include <algorithm>
#include <vector>

#include "base/hash.hpp"
#include "model/config_table.hpp"

namespace gridwall::app {

base::Result<std::uint64_t> hash_of_rules(const std::filesystem::path& config, const model::Profile& profile) {
  // All that may say how cases are judged; maps of foreign feeds and other districts' profiles do not.
  std::vector<std::filesystem::path> files;
  std::error_code failure;
  for (auto it = std::filesystem::recursive_directory_iterator(config, failure);
       !failure && it != std::filesystem::recursive_directory_iterator(); it.increment(failure)) {
    const auto folder = it->path().parent_path().filename();
    if (it->path().extension() == ".toml" && folder != "maps" && folder != "profiles") files.push_back(it->path());
  }
  if (failure)
    return base::Error{base::ErrorCode::Unavailable, fmt::format("{}: {}", config.string(), failure.message())};
  std::sort(files.begin(), files.end());
  const model::RulesSpec& chosen = profile.rules;
  std::uint64_t hash = base::hash_bytes(fmt::format("{} {} {} {} {}", profile.zone.name(), chosen.calendar,
                                                    chosen.limits, chosen.stages, chosen.indicators));
  // Of what the profile itself adds: the edition, and by which channels people report.
  for (const auto& own : profile.tables.channels) {
    if (own.is_public) hash = base::hash_bytes(own.id, hash);
  }
  if (profile.tables.edition != model::ProfileTables().edition) hash = base::hash_bytes(profile.tables.edition, hash);
  for (const auto& file : files) {
    // What it says, not its bytes: a comment judges nothing, and two ends that differ in one must not part for it.
    TRY_ASSIGN(const auto table, model::ConfigTable::open(file));
    hash = base::hash_bytes(table.canonical_text(), base::hash_bytes(file.lexically_relative(config).string(), hash));
  }
  return hash;
}

}  // namespace gridwall::app
