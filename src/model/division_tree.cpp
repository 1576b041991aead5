#include "model/division_tree.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/hash.hpp"
#include "model/path.hpp"

namespace gridwall::model {

using base::Error;
using base::ErrorCode;

DivisionIndex DivisionTree::find(std::string_view code) const {
  const auto found = m_codes.find(code);
  return found ? DivisionIndex{*found} : DivisionIndex::none();
}

DivisionIndex DivisionTree::find_path(std::string_view path) const {
  const auto found = m_paths.find(path);
  return found ? DivisionIndex{*found} : DivisionIndex::none();
}

DivisionIndex DivisionTree::ancestor_at_level(DivisionIndex index, std::uint32_t level_index) const {
  while (index.valid() && at(index).level_index > level_index) index = at(index).parent;
  if (!index.valid() || at(index).level_index != level_index) return DivisionIndex::none();
  return index;
}

bool DivisionTree::is_within(DivisionIndex index, DivisionIndex ancestor) const {
  if (!index.valid() || !ancestor.valid()) return false;
  return ancestor_at_level(index, at(ancestor).level_index) == ancestor;
}

base::Vec2i DivisionTree::to_units(base::Vec2d point_world) const {
  const auto clamp = [](double v) {
    constexpr double kMax = std::numeric_limits<std::int32_t>::max();
    return static_cast<std::int32_t>(std::lround(std::clamp(v, -kMax, kMax)));
  };
  return {clamp((point_world.x - m_origin_world.x) / m_unit_m),
          clamp((point_world.y - m_origin_world.y) / m_unit_m)};
}

namespace {

constexpr std::uint32_t kLevelsMax = 64;  // paths grow with the depth: a chain of thousands would fill the memory

}  // namespace

// The steps of assemble_tree, in order; friend of the tree that it fills.
struct TreeAssembly {
  TreeSpec spec;
  DivisionTree tree;
  std::unordered_map<std::string, std::size_t> record_by_code;
  std::vector<std::vector<std::size_t>> children_of;  // by record, sorted by code
  std::size_t root_record = 0;
  std::vector<std::size_t> order;  // record of each division, breadth first

  void start();
  base::Status link();
  base::Status order_breadth_first();
  void add_division(std::size_t record_index, DivisionIndex parent, std::uint32_t level);
  void add_geometry(Division& division, const DivisionRecord& record);
  void fill_in_without_polygon();
  void name_levels();
  void hash_content();
};

void TreeAssembly::start() {
  tree.m_origin_world = spec.origin_world;
  tree.m_unit_m = spec.unit_m;
  tree.m_world_crs = spec.world_crs;
  tree.m_synthetic = spec.synthetic;
}

base::Status TreeAssembly::link() {
  const auto& records = spec.records;
  children_of.resize(records.size());
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (!record_by_code.emplace(records[i].code, i).second) {
      return Error{ErrorCode::Malformed,
                   fmt::format("division code '{}' appears twice; codes must be unique", records[i].code)};
    }
  }
  bool has_root = false;
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (records[i].parent_code.empty()) {
      if (has_root) {
        return Error{ErrorCode::Malformed,
                     fmt::format("divisions '{}' and '{}' both have no parent; one root is expected",
                                 records[root_record].code, records[i].code)};
      }
      has_root = true;
      root_record = i;
      continue;
    }
    const auto parent = record_by_code.find(records[i].parent_code);
    if (parent == record_by_code.end()) {
      return Error{ErrorCode::Malformed, fmt::format("division '{}' names the unknown parent '{}'",
                                                     records[i].code, records[i].parent_code)};
    }
    children_of[parent->second].push_back(i);
  }
  if (!has_root) {
    return Error{ErrorCode::Malformed, "no division without parent: the tree has no root"};
  }
  for (auto& children : children_of) {
    std::sort(children.begin(), children.end(),
              [&](std::size_t a, std::size_t b) { return records[a].code < records[b].code; });
  }
  return {};
}

void TreeAssembly::add_geometry(Division& division, const DivisionRecord& record) {
  auto& vertices = tree.m_vertices;
  division.rings.begin = static_cast<std::uint32_t>(tree.m_rings.size());
  division.vertices.begin = static_cast<std::uint32_t>(vertices.size());
  division.triangle_indices.begin = static_cast<std::uint32_t>(tree.m_triangle_indices.size());
  double area_units = 0;
  for (const auto& part : record.parts) {
    const auto base_vertex = static_cast<std::uint32_t>(vertices.size());
    for (std::size_t r = 0; r < part.rings.size(); ++r) {
      const auto& ring = part.rings[r];
      const auto begin = static_cast<std::uint32_t>(vertices.size());
      double twice_area = 0;
      for (std::size_t i = 0; i < ring.size(); ++i) {
        const base::Vec2i p = ring[i], q = ring[(i + 1) % ring.size()];
        twice_area += static_cast<double>(p.x) * q.y - static_cast<double>(q.x) * p.y;
        division.extent_world.extend(tree.to_world(p));
        vertices.push_back(p);
      }
      area_units += (r == 0 ? 0.5 : -0.5) * std::abs(twice_area);
      tree.m_rings.push_back({{begin, static_cast<std::uint32_t>(vertices.size())}, r > 0});
    }
    for (const std::uint32_t index : part.triangle_indices) {
      tree.m_triangle_indices.push_back(base_vertex + index);
    }
  }
  division.rings.end = static_cast<std::uint32_t>(tree.m_rings.size());
  division.vertices.end = static_cast<std::uint32_t>(vertices.size());
  division.triangle_indices.end = static_cast<std::uint32_t>(tree.m_triangle_indices.size());
  division.area_m2 = area_units * tree.m_unit_m * tree.m_unit_m;
  division.anchor_world = tree.to_world(record.anchor);
}

void TreeAssembly::add_division(std::size_t record_index, DivisionIndex parent, std::uint32_t level) {
  const DivisionRecord& record = spec.records[record_index];
  Division division;
  division.code = record.code;
  division.name = record.name;
  division.kind = record.kind;
  division.level_index = level;
  division.parent = parent;
  const bool has_parent = parent.valid();
  division.path = (has_parent ? tree.at(parent).path : std::string()) +
                  path_segment(record.code, has_parent ? tree.at(parent).code : std::string()) + "/";
  // "B" and "DB" of "D" would both be "D/B/".
  if (tree.find_path(division.path).valid()) division.path = tree.at(parent).path + clashing_segment(record.code) + "/";
  add_geometry(division, record);
  tree.m_codes.add(division.code);
  tree.m_paths.add(division.path);
  tree.m_divisions.push_back(std::move(division));
  order.push_back(record_index);
}

base::Status TreeAssembly::order_breadth_first() {
  add_division(root_record, DivisionIndex::none(), 0);
  for (std::uint32_t i = 0; i < tree.m_divisions.size(); ++i) {
    const auto begin = static_cast<std::uint32_t>(tree.m_divisions.size());
    const std::uint32_t level = tree.m_divisions[i].level_index + 1;
    if (level > kLevelsMax && !children_of[order[i]].empty()) {
      return Error{ErrorCode::Malformed,
                   fmt::format("division '{}' lies {} levels below the root, at most {} are expected: look at its "
                               "parents",
                               spec.records[children_of[order[i]][0]].code, level, kLevelsMax)};
    }
    for (const std::size_t child : children_of[order[i]]) add_division(child, DivisionIndex{i}, level);
    tree.m_divisions[i].children = {begin, static_cast<std::uint32_t>(tree.m_divisions.size())};
  }
  if (tree.m_divisions.size() != spec.records.size()) {
    for (const auto& record : spec.records) {
      if (tree.find(record.code).valid()) continue;
      return Error{ErrorCode::Malformed,
                   fmt::format("division '{}' is its own ancestor; parents must lead to the root", record.code)};
    }
  }
  return {};
}

// A root that only holds others together still needs a place to fly to. Children stand behind their parents.
void TreeAssembly::fill_in_without_polygon() {
  for (std::size_t i = tree.m_divisions.size(); i-- > 0;) {
    Division& division = tree.m_divisions[i];
    if (division.rings.size() > 0 || division.children.size() == 0) continue;
    for (std::uint32_t c = division.children.begin; c < division.children.end; ++c) {
      division.extent_world.extend(tree.m_divisions[c].extent_world);
      division.area_m2 += tree.m_divisions[c].area_m2;
    }
    if (!division.extent_world.empty()) division.anchor_world = division.extent_world.center();
  }
}

void TreeAssembly::name_levels() {
  for (std::uint32_t i = 0; i < tree.m_divisions.size(); ++i) {
    const std::uint32_t level = tree.m_divisions[i].level_index;
    if (level >= tree.m_levels.size()) {
      DivisionLevel named;
      if (level < spec.level_names.size()) named = spec.level_names[level];
      if (named.name_zh.empty()) named.name_zh = fmt::format("{}级", level);
      if (named.name_en.empty()) named.name_en = fmt::format("Level {}", level);
      named.divisions = {i, i};
      tree.m_levels.push_back(std::move(named));
    }
    tree.m_levels[level].divisions.end = i + 1;
  }
}

void TreeAssembly::hash_content() {
  std::uint64_t hash = base::hash_bytes(tree.m_world_crs);
  for (const auto& division : tree.m_divisions) {
    hash = base::hash_bytes(division.path, hash);
    hash = base::hash_bytes(division.code, hash);
    hash = base::hash_bytes(division.name, hash);
  }
  const auto* bytes = reinterpret_cast<const char*>(tree.m_vertices.data());
  tree.m_content_hash =
      base::hash_bytes({bytes, tree.m_vertices.size() * sizeof(base::Vec2i)}, hash);
}

base::Result<DivisionTree> assemble_tree(TreeSpec spec) {
  TreeAssembly assembly;
  assembly.spec = std::move(spec);
  assembly.start();
  TRY(assembly.link());
  TRY(assembly.order_breadth_first());
  assembly.fill_in_without_polygon();
  assembly.name_levels();
  assembly.hash_content();
  return std::move(assembly.tree);
}

}  // namespace gridwall::model
