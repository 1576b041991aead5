#include "model/division_tree.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>

#include "base/hash.hpp"
#include "base/parallel.hpp"
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
constexpr std::size_t kDivisionsPerChunk = 256, kDivisionsPerWorkerMin = 4096;

struct TreeArrays {
  std::vector<base::Vec2i> vertices;
  std::vector<Ring> rings;
  std::vector<std::uint32_t> triangle_indices;
};

}  // namespace

// The steps of assemble_tree, in order; friend of the tree that it fills.
struct TreeAssembly {
  TreeSpec spec;
  DivisionTree tree;
  TreeArrays arrays;
  std::unordered_map<std::string_view, std::size_t> record_by_code;  // views into the records
  std::vector<std::vector<std::size_t>> children_of;  // by record, sorted by code
  std::size_t root_record = 0;
  std::vector<std::size_t> order;  // record of each division, breadth first

  void start();
  base::Status link();
  base::Status order_breadth_first();
  void add_division(std::size_t record_index, DivisionIndex parent, std::uint32_t level);
  void add_ranges(Division& division, const DivisionRecord& record);
  void add_geometry(Division& division, DivisionRecord& record);
  void add_geometries();
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
  record_by_code.reserve(records.size());
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
  const auto by_code = [&](std::size_t a, std::size_t b) { return records[a].code < records[b].code; };
  for (auto& children : children_of) {
    // Most files have their divisions in order.
    if (!std::is_sorted(children.begin(), children.end(), by_code)) {
      std::sort(children.begin(), children.end(), by_code);
    }
  }
  return {};
}

// Where its rings, vertices and triangles will stand: behind those of the division before.
void TreeAssembly::add_ranges(Division& division, const DivisionRecord& record) {
  std::size_t ring_count = 0, vertex_count = 0, index_count = 0;
  for (const auto& part : record.parts) {
    ring_count += part.rings.size();
    index_count += part.triangle_indices.size();
    for (const auto& ring : part.rings) vertex_count += ring.size();
  }
  const auto behind = [](Range before, std::size_t count) {
    return Range{before.end, before.end + static_cast<std::uint32_t>(count)};
  };
  const bool is_first = tree.m_divisions.empty();
  division.rings = behind(is_first ? Range{} : tree.m_divisions.back().rings, ring_count);
  division.vertices = behind(is_first ? Range{} : tree.m_divisions.back().vertices, vertex_count);
  division.triangle_indices = behind(is_first ? Range{} : tree.m_divisions.back().triangle_indices, index_count);
}

// Takes the parts out of the record. Any thread: divisions have places of their own.
void TreeAssembly::add_geometry(Division& division, DivisionRecord& record) {
  std::uint32_t vertex = division.vertices.begin, ring_index = division.rings.begin;
  std::uint32_t* triangles = arrays.triangle_indices.data() + division.triangle_indices.begin;
  double area_units = 0;
  for (const auto& part : record.parts) {
    const std::uint32_t base_vertex = vertex;
    for (std::size_t r = 0; r < part.rings.size(); ++r) {
      const auto& ring = part.rings[r];
      const std::uint32_t begin = vertex;
      double twice_area = 0;
      for (std::size_t i = 0; i < ring.size(); ++i) {
        const base::Vec2i p = ring[i], q = ring[i + 1 < ring.size() ? i + 1 : 0];
        twice_area += static_cast<double>(p.x) * q.y - static_cast<double>(q.x) * p.y;
        division.extent_world.extend(tree.to_world(p));
        arrays.vertices[vertex++] = p;
      }
      area_units += (r == 0 ? 0.5 : -0.5) * std::abs(twice_area);
      arrays.rings[ring_index++] = {{begin, vertex}, r > 0};
    }
    for (const std::uint32_t index : part.triangle_indices) *triangles++ = base_vertex + index;
  }
  division.area_m2 = area_units * tree.m_unit_m * tree.m_unit_m;
  division.anchor_world = tree.to_world(record.anchor);
  record.parts = {};
}

void TreeAssembly::add_geometries() {
  const Division& last = tree.m_divisions.back();
  arrays.vertices.resize(last.vertices.end);
  arrays.rings.resize(last.rings.end);
  arrays.triangle_indices.resize(last.triangle_indices.end);
  const std::size_t count = tree.m_divisions.size();
  base::parallel_for(
      count, kDivisionsPerChunk, base::worker_count_for(count, kDivisionsPerWorkerMin),
      [this](std::size_t, std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) add_geometry(tree.m_divisions[i], spec.records[order[i]]);
      },
      [](std::size_t) {});
  const auto kept = std::make_shared<const TreeArrays>(std::move(arrays));
  tree.m_vertices = kept->vertices;
  tree.m_rings = kept->rings;
  tree.m_triangle_indices = kept->triangle_indices;
  tree.m_arrays = kept;
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
  add_ranges(division, record);
  tree.m_codes.add(division.code);
  tree.m_paths.add(division.path);
  tree.m_divisions.push_back(std::move(division));
  order.push_back(record_index);
}

base::Status TreeAssembly::order_breadth_first() {
  tree.m_divisions.reserve(spec.records.size());
  tree.m_codes.reserve(spec.records.size());
  tree.m_paths.reserve(spec.records.size());
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
  assembly.add_geometries();
  assembly.fill_in_without_polygon();
  assembly.name_levels();
  assembly.hash_content();
  return std::move(assembly.tree);
}

}  // namespace gridwall::model
