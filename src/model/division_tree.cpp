#include "model/division_tree.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>

#include "base/hash.hpp"
#include "base/parallel.hpp"
#include "base/unset_vector.hpp"
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
  return {clamp((point_world.x - m_origin_world.x) / m_unit_m), clamp((point_world.y - m_origin_world.y) / m_unit_m)};
}

std::string leaf_of(const Division& division) {
  return division.children.size() == 0 ? std::string(division.path) : own_leaf(division.path);
}

namespace {

constexpr std::uint32_t kLevelsMax = 64;  // paths grow with the depth: a chain of thousands would fill the memory
constexpr std::size_t kDivisionsPerChunk = 256, kDivisionsPerWorkerMin = 4096;

// What a tree's views look at.
struct TreeStore {
  base::UnsetVector<base::Vec2i> vertices;
  std::vector<Ring> rings;  // zeros between its members: files hold its bytes
  base::UnsetVector<std::uint32_t> triangle_indices;
  base::TextIndex codes, paths;  // numbered as the divisions are
  std::vector<char> names;       // and kinds, end to end; never grows beyond what was reserved
};

Error code_twice(std::string_view code) {
  return {ErrorCode::Malformed, fmt::format("division code '{}' appears twice; codes must be unique", code)};
}

}  // namespace

// The steps of assemble_tree, in order; friend of the tree that it fills.
struct TreeAssembly {
  TreeSpec spec;
  DivisionTree tree;
  std::shared_ptr<TreeStore> store = std::make_shared<TreeStore>();
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
  void add_division(std::size_t record_index, DivisionIndex parent, std::uint32_t level);
  void add_ranges(Division& division, const DivisionRecord& record);
  base::Status add_texts();
  base::Status add_codes_and_names();
  bool add_paths();
  void add_geometry(Division& division, DivisionRecord& record);
  void add_geometries();
  void keep();
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
  std::uint32_t* triangles = store->triangle_indices.data() + division.triangle_indices.begin;
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
        store->vertices[vertex++] = p;
      }
      area_units += (r == 0 ? 0.5 : -0.5) * std::abs(twice_area);
      store->rings[ring_index++] = {{begin, vertex}, r > 0};
    }
    for (const std::uint32_t index : part.triangle_indices) *triangles++ = base_vertex + index;
  }
  division.area_m2 = area_units * tree.m_unit_m * tree.m_unit_m;
  division.anchor_world = tree.to_world(record.anchor);
  record.parts = {};
}

void TreeAssembly::add_geometries() {
  const Division& last = tree.m_divisions.back();
  store->vertices.resize(last.vertices.end);
  store->rings.resize(last.rings.end);
  store->triangle_indices.resize(last.triangle_indices.end);
  const std::size_t count = tree.m_divisions.size();
  base::parallel_for(
      count, kDivisionsPerChunk, base::worker_count_for(count, kDivisionsPerWorkerMin),
      [this](std::size_t, std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) add_geometry(tree.m_divisions[i], spec.records[order[i]]);
      },
      [](std::size_t) {});
}

void TreeAssembly::add_division(std::size_t record_index, DivisionIndex parent, std::uint32_t level) {
  Division division;
  division.level_index = level;
  division.parent = parent;
  add_ranges(division, spec.records[record_index]);
  tree.m_divisions.push_back(division);
  order.push_back(record_index);
}

base::Status TreeAssembly::order_breadth_first() {
  tree.m_divisions.reserve(spec.records.size());
  order.reserve(spec.records.size());
  add_division(root_record, DivisionIndex::none(), 0);
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
    for (const std::uint32_t child : below) add_division(child, DivisionIndex{i}, level);
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

base::Status TreeAssembly::add_codes_and_names() {
  base::TextIndex& codes = store->codes;
  std::vector<char>& names = store->names;
  codes.reserve(order.size());
  std::size_t bytes = 0;
  for (const DivisionRecord& record : spec.records) bytes += record.name.size() + record.kind.size();
  names.reserve(bytes);
  const auto put = [&](std::string_view text) {
    const std::size_t begin = names.size();
    names.insert(names.end(), text.begin(), text.end());
    return std::string_view(names.data() + begin, text.size());
  };
  std::string_view kind;
  for (std::size_t d = 0; d < order.size(); ++d) {
    const DivisionRecord& record = spec.records[order[d]];
    if (!codes.try_add(record.code)) return code_twice(record.code);
    tree.m_divisions[d].name = put(record.name);
    if (kind != record.kind) kind = put(record.kind);  // mostly that of the one before
    tree.m_divisions[d].kind = kind;
  }
  return {};
}

// False where a code stands twice: add_codes_and_names() tells.
bool TreeAssembly::add_paths() {
  base::TextIndex& paths = store->paths;
  paths.reserve(order.size());
  std::string path;
  for (std::size_t d = 0; d < order.size(); ++d) {
    const std::string& code = spec.records[order[d]].code;
    const DivisionIndex parent = tree.m_divisions[d].parent;
    path = parent.valid() ? paths.at(parent.value) : std::string_view();
    const std::size_t above_size = path.size();
    path += path_segment(code, parent.valid() ? std::string_view(spec.records[order[parent.value]].code) : "");
    path += '/';
    if (paths.try_add(path)) continue;
    // "B" and "DB" of "D" would both be "D/B/".
    path.resize(above_size);
    path += clashing_segment(code);
    path += '/';
    if (!paths.try_add(path)) return false;
  }
  return true;
}

// The divisions' order stands. Two threads, which write different things.
base::Status TreeAssembly::add_texts() {
  const std::size_t workers = std::min<std::size_t>(2, base::worker_count_for(order.size(), kDivisionsPerWorkerMin));
  base::Status named;
  bool have_paths = false;
  base::parallel_for(
      2, 1, workers,
      [&](std::size_t, std::size_t begin, std::size_t end) {
        for (std::size_t task = begin; task < end; ++task) {
          if (task == 0) have_paths = add_paths();
          if (task == 1) named = add_codes_and_names();
        }
      },
      [](std::size_t) {});
  TRY(std::move(named));
  ASSERT(have_paths, "paths of different codes are one");
  return {};
}

// The texts and arrays do not move any more.
void TreeAssembly::keep() {
  tree.m_vertices = store->vertices;
  tree.m_rings = store->rings;
  tree.m_triangle_indices = store->triangle_indices;
  tree.m_codes = store->codes.table();
  tree.m_paths = store->paths.table();
  for (std::uint32_t d = 0; d < tree.m_divisions.size(); ++d) {
    tree.m_divisions[d].code = tree.m_codes.at(d);
    tree.m_divisions[d].path = tree.m_paths.at(d);
  }
  tree.m_owner = store;
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
  tree.m_content_hash = base::hash_bytes({bytes, tree.m_vertices.size() * sizeof(base::Vec2i)}, hash);
}

base::Result<DivisionTree> assemble_tree(TreeSpec spec, std::vector<std::uint32_t>* division_of) {
  TreeAssembly assembly;
  assembly.spec = std::move(spec);
  assembly.start();
  TRY(assembly.find_parents());
  TRY(assembly.find_root());
  assembly.collect_children();
  TRY(assembly.order_breadth_first());
  TRY(assembly.add_texts());
  assembly.add_geometries();
  assembly.keep();
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
