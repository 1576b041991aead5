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

Error code_twice(const std::string& code) {
  return {ErrorCode::Malformed, fmt::format("division code '{}' appears twice; codes must be unique", code)};
}

}  // namespace

// The steps of assemble_tree, in order; friend of the tree that it fills.
struct TreeAssembly {
  TreeSpec spec;
  DivisionTree tree;
  TreeArrays arrays;
  // Of each record: where its children begin among `children`; sorted by code.
  std::vector<std::uint32_t> children_begin, children;
  std::size_t root_record = 0;
  std::vector<std::size_t> order;  // record of each division, breadth first

  void start();
  base::Status find_parents();
  base::Status find_root();
  void collect_children();
  [[nodiscard]] std::span<const std::uint32_t> children_of(std::size_t record) const;
  base::Status order_breadth_first();
  base::Status add_division(std::size_t record_index, DivisionIndex parent, std::uint32_t level);
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

base::Status TreeAssembly::find_parents() {
  const auto& records = spec.records;
  if (!spec.parents.empty()) return {};
  std::unordered_map<std::string_view, std::uint32_t> record_by_code;  // views into the records
  record_by_code.reserve(records.size());
  for (std::uint32_t i = 0; i < records.size(); ++i) {
    if (!record_by_code.emplace(records[i].code, i).second) return code_twice(records[i].code);
  }
  for (const DivisionRecord& record : records) {
    if (record.parent_code.empty()) {
      spec.parents.push_back(TreeSpec::kRoot);
      continue;
    }
    const auto parent = record_by_code.find(record.parent_code);
    if (parent == record_by_code.end()) {
      return Error{ErrorCode::Malformed,
                   fmt::format("division '{}' names the unknown parent '{}'", record.code, record.parent_code)};
    }
    spec.parents.push_back(parent->second);
  }
  return {};
}

base::Status TreeAssembly::find_root() {
  bool has_root = false;
  for (std::size_t i = 0; i < spec.parents.size(); ++i) {
    if (spec.parents[i] != TreeSpec::kRoot) continue;
    if (has_root) {
      return Error{ErrorCode::Malformed,
                   fmt::format("divisions '{}' and '{}' both have no parent; one root is expected",
                               spec.records[root_record].code, spec.records[i].code)};
    }
    has_root = true;
    root_record = i;
  }
  if (!has_root) {
    return Error{ErrorCode::Malformed, "no division without parent: the tree has no root"};
  }
  return {};
}

void TreeAssembly::collect_children() {
  const auto& records = spec.records;
  children_begin.assign(records.size() + 1, 0);
  for (const std::uint32_t parent : spec.parents) {
    if (parent != TreeSpec::kRoot) ++children_begin[parent + 1];
  }
  for (std::size_t i = 0; i < records.size(); ++i) children_begin[i + 1] += children_begin[i];
  children.resize(children_begin.back());
  std::vector<std::uint32_t> next(children_begin.begin(), children_begin.end() - 1);
  for (std::uint32_t i = 0; i < records.size(); ++i) {
    if (spec.parents[i] != TreeSpec::kRoot) children[next[spec.parents[i]]++] = i;
  }
  const auto by_code = [&](std::uint32_t a, std::uint32_t b) { return records[a].code < records[b].code; };
  for (std::size_t i = 0; i < records.size(); ++i) {
    const auto begin = children.begin() + children_begin[i], end = children.begin() + children_begin[i + 1];
    // Most files have their divisions in order.
    if (!std::is_sorted(begin, end, by_code)) std::sort(begin, end, by_code);
  }
}

std::span<const std::uint32_t> TreeAssembly::children_of(std::size_t record) const {
  return std::span(children).subspan(children_begin[record], children_begin[record + 1] - children_begin[record]);
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

base::Status TreeAssembly::add_division(std::size_t record_index, DivisionIndex parent, std::uint32_t level) {
  DivisionRecord& record = spec.records[record_index];
  if (!tree.m_codes.try_add(record.code)) return code_twice(record.code);
  Division division;
  division.code = std::move(record.code);
  division.name = std::move(record.name);
  division.kind = std::move(record.kind);
  division.level_index = level;
  division.parent = parent;
  if (parent.valid()) division.path = tree.at(parent).path;
  const std::string_view above = parent.valid() ? std::string_view(tree.at(parent).code) : std::string_view();
  division.path += path_segment(division.code, above);
  division.path += '/';
  if (!tree.m_paths.try_add(division.path)) {
    // "B" and "DB" of "D" would both be "D/B/".
    division.path = tree.at(parent).path + clashing_segment(division.code) + "/";
    tree.m_paths.add(division.path);
  }
  add_ranges(division, record);
  tree.m_divisions.push_back(std::move(division));
  order.push_back(record_index);
  return {};
}

base::Status TreeAssembly::order_breadth_first() {
  tree.m_divisions.reserve(spec.records.size());
  tree.m_codes.reserve(spec.records.size());
  tree.m_paths.reserve(spec.records.size());
  order.reserve(spec.records.size());
  TRY(add_division(root_record, DivisionIndex::none(), 0));
  for (std::uint32_t i = 0; i < tree.m_divisions.size(); ++i) {
    const auto begin = static_cast<std::uint32_t>(tree.m_divisions.size());
    const std::uint32_t level = tree.m_divisions[i].level_index + 1;
    const std::span<const std::uint32_t> below = children_of(order[i]);
    if (level > kLevelsMax && !below.empty()) {
      return Error{ErrorCode::Malformed,
                   fmt::format("division '{}' lies {} levels below the root, at most {} are expected: look at its "
                               "parents",
                               spec.records[below[0]].code, level, kLevelsMax)};
    }
    for (const std::uint32_t child : below) TRY(add_division(child, DivisionIndex{i}, level));
    tree.m_divisions[i].children = {begin, static_cast<std::uint32_t>(tree.m_divisions.size())};
  }
  if (tree.m_divisions.size() != spec.records.size()) {
    std::vector<bool> reached(spec.records.size());
    for (const std::size_t record : order) reached[record] = true;
    const auto left = std::find(reached.begin(), reached.end(), false) - reached.begin();
    const DivisionRecord& record = spec.records[static_cast<std::size_t>(left)];
    return Error{ErrorCode::Malformed,
                 fmt::format("division '{}' is its own ancestor; parents must lead to the root", record.code)};
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

base::Result<DivisionTree> assemble_tree(TreeSpec spec, std::vector<std::uint32_t>* division_of) {
  TreeAssembly assembly;
  assembly.spec = std::move(spec);
  assembly.start();
  TRY(assembly.find_parents());
  TRY(assembly.find_root());
  assembly.collect_children();
  TRY(assembly.order_breadth_first());
  assembly.add_geometries();
  assembly.fill_in_without_polygon();
  assembly.name_levels();
  assembly.hash_content();
  if (division_of != nullptr) {
    division_of->resize(assembly.order.size());
    for (std::uint32_t d = 0; d < assembly.order.size(); ++d) (*division_of)[assembly.order[d]] = d;
  }
  return std::move(assembly.tree);
}

}  // namespace gridwall::model
