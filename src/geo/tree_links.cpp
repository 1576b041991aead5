// Who is whose parent, of the layers at hand.
#include <algorithm>
#include <filesystem>

#include "geo/tree_load.hpp"
#include "shape/containment.hpp"

namespace gridwall::geo {

// Auto settled: a parent field where there is one, else lengths where they are given, else prefixes.
model::ParentBy TreeLoad::choose_parent_rule() {
  const model::SourceMapping& mapping = request.mapping;
  const bool has_parent_field =
      std::any_of(layers.begin(), layers.end(), [](const RawLayer& layer) { return !layer.parent_field.empty(); });
  model::ParentBy by = mapping.parent_by;
  if (by == model::ParentBy::Auto) {
    const bool by_field = !mapping.parent_field.empty() || (has_parent_field && mapping.code_lengths.empty());
    by = by_field                       ? model::ParentBy::Field
         : mapping.code_lengths.empty() ? model::ParentBy::LongestPrefix
                                        : model::ParentBy::CodeLengths;
  }
  if (by == model::ParentBy::Field && !has_parent_field) {
    report.warnings.push_back("parents were to be found by field, but no layer has one; name it with --parent-field");
  }
  return by;
}

void TreeLoad::link_by_containment(const std::vector<shape::CodedDivision>& divisions) {
  std::vector<std::uint32_t> levels;
  for (const Entry& entry : entries) {
    if (const auto level = feature_of(entry).level; level && *level >= 0)
      levels.push_back(static_cast<std::uint32_t>(*level));
  }
  if (levels.size() != entries.size()) levels.clear();  // levels of some only would mislead
  const shape::Containment found = shape::find_containment(spec.records, levels);
  std::vector<std::size_t> parents;
  for (const shape::ContainedIn& place : found.places) parents.push_back(place.parent);
  links = shape::link_found_parents(divisions, parents, found.orphaned);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const shape::ContainedIn& place = found.places[i];
    if (place.parent == shape::kNoParent || (place.share >= shape::kContainedShareClean && !place.gave_up)) continue;
    report.overlaps.push_back(note(entries[i], fmt::format("only about {:.1f} % of it lie in its parent '{}'",
                                                           100 * place.share, divisions[place.parent].code)));
  }
  for (const std::size_t i : links.orphans) {
    report.orphans.push_back(note(entries[i], fmt::format("no larger division holds half of it (the best {:.0f} %)",
                                                          100 * found.places[i].share)));
  }
}

void TreeLoad::link_by_codes(const std::vector<shape::CodedDivision>& divisions, shape::ParentRule rule) {
  links = shape::link_parents(divisions, rule, request.mapping.code_lengths);
  for (const std::size_t i : links.orphans) {
    const std::string_view named = divisions[i].parent_code;
    report.orphans.push_back(note(entries[i], named.empty() || rule != shape::ParentRule::Field
                                                  ? "no shorter code begins it"
                                                  : fmt::format("parent '{}' is not in the files", named)));
  }
}

void TreeLoad::link() {
  std::vector<shape::CodedDivision> divisions;
  divisions.reserve(entries.size());
  for (const Entry& entry : entries) {
    divisions.push_back({feature_of(entry).code, feature_of(entry).parent_code, entry.uncoded});
  }
  switch (choose_parent_rule()) {
    case model::ParentBy::Containment:
      report.parent_rule = "containment";
      link_by_containment(divisions);
      break;
    case model::ParentBy::Field:
      report.parent_rule = "parent field";
      link_by_codes(divisions, shape::ParentRule::Field);
      break;
    case model::ParentBy::CodeLengths:
      report.parent_rule = "code lengths";
      link_by_codes(divisions, shape::ParentRule::CodeLengths);
      break;
    case model::ParentBy::Auto:
    case model::ParentBy::LongestPrefix:
      report.parent_rule = "longest known prefix";
      link_by_codes(divisions, shape::ParentRule::LongestPrefix);
      break;
  }
  report.added_root_code = links.added_root_code;
  for (const std::size_t i : links.cycles) {
    report.cycles.push_back(note(entries[i], fmt::format("parent '{}' lies below it", divisions[i].parent_code)));
  }
  if (!links.loose_matches.empty()) {
    const std::size_t first = links.loose_matches[0];
    report.warnings.push_back(
        fmt::format("{} parent codes match but for blanks or padding zeros and were taken so, the first '{}' of '{}'",
                    links.loose_matches.size(), divisions[first].parent_code, divisions[first].code));
  }
}

// How many stand above each, an added root left out. Parents may stand anywhere in the list.
std::vector<std::uint32_t> TreeLoad::depths() const {
  constexpr std::uint32_t kUnknown = 0xffffffff;
  std::vector<std::uint32_t> out(entries.size(), kUnknown);
  std::vector<std::size_t> way;
  for (std::size_t start = 0; start < entries.size(); ++start) {
    std::size_t i = start;
    for (; i != shape::kNoParent && out[i] == kUnknown; i = links.parents[i]) way.push_back(i);
    std::uint32_t depth = i == shape::kNoParent ? 0 : out[i] + 1;
    for (; !way.empty(); way.pop_back()) out[way.back()] = depth++;
  }
  return out;
}

void TreeLoad::add_parents() {
  const std::vector<std::uint32_t> depth = depths();
  const bool root_added = !links.added_root_code.empty();
  spec.parents.reserve(entries.size() + 1);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    model::DivisionRecord& record = spec.records[i];
    const std::size_t parent = links.parents[i];
    spec.parents.push_back(static_cast<std::uint32_t>(parent != shape::kNoParent ? parent
                                                      : root_added               ? entries.size()
                                                                                 : model::TreeSpec::kRoot));
    const std::string& kind = feature_of(entries[i]).kind;
    if (!kind.empty()) {
      record.kind = kind;
    } else if (depth[i] < request.levels.size() && !request.levels[depth[i]].kind.empty()) {
      record.kind = request.levels[depth[i]].kind;
    }
  }
  if (!root_added) return;
  model::DivisionRecord root;
  root.code = links.added_root_code;
  std::filesystem::path file(request.sources[0]);
  if (file.extension() == ".gz") file = file.stem();  // "grids.geojson.gz" is called grids
  root.name = file.has_extension() ? file.stem().string() : layers[0].layer;
  spec.records.push_back(std::move(root));
  spec.parents.push_back(model::TreeSpec::kRoot);
}

}  // namespace gridwall::geo
