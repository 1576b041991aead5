// DivisionTree: the nested polygons of one district, read only once built. Rings, triangles, parents, levels,
// extents, stable codes. Divisions stand level by level from the root (breadth first), children of one parent side by
// side, so a level and a family are ranges. Positions are integers (`Vec2i`) of `unit_m` metres from `origin_world`:
// exact for shared borders, and no jitter at a door-step zoom.
// Built by model::assemble_tree (geo feeds it). Test: tests/unit/model/division_tree_test.cpp.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/geometry.hpp"
#include "base/result.hpp"
#include "base/strong_id.hpp"
#include "base/text_index.hpp"

namespace gridwall::model {

struct DivisionTag {};
using DivisionIndex = base::StrongId<DivisionTag>;

// [begin, end)
struct Range {
  std::uint32_t begin = 0, end = 0;
  [[nodiscard]] std::uint32_t size() const { return end - begin; }
  [[nodiscard]] bool contains(std::uint32_t i) const { return i >= begin && i < end; }
  bool operator==(const Range&) const = default;
};

struct DivisionLevel {
  std::string name_zh, name_en;
  Range divisions;
};

// Its texts live as long as the tree and its copies.
struct Division {
  std::string_view code;
  std::string_view name;
  std::string_view kind;  // admin, party, social_grid, unit_grid, special, micro
  std::string_view path;  // topic path, ends in '/': see model/path.hpp
  std::uint32_t level_index = 0;  // 0 is the root
  DivisionIndex parent;
  Range children;          // divisions
  Range rings;             // DivisionTree::rings
  Range triangle_indices;  // DivisionTree::triangle_indices, a multiple of 3
  Range vertices;          // DivisionTree::vertices, of all its rings
  // Extent, anchor and area of a division without own polygon are those of its children together.
  base::Box2d extent_world;
  base::Vec2d anchor_world;  // inside the largest part: where a label stands
  double area_m2 = 0;        // planar, of the rings in the display CRS
};

struct Ring {
  Range vertices;         // not closed: the last vertex is not the first again
  bool is_hole = false;   // a hole belongs to the nearest shell before it; a shell starts a part
};

class DivisionTree {
 public:
  [[nodiscard]] const std::vector<Division>& divisions() const { return m_divisions; }
  [[nodiscard]] const Division& at(DivisionIndex index) const { return m_divisions.at(index.value); }
  [[nodiscard]] const std::vector<DivisionLevel>& levels() const { return m_levels; }
  [[nodiscard]] DivisionIndex root() const { return DivisionIndex{0}; }
  // Division by its own code; none() when unknown.
  [[nodiscard]] DivisionIndex find(std::string_view code) const;
  // Division by its whole topic path ("320281/001/"); none() when unknown.
  [[nodiscard]] DivisionIndex find_path(std::string_view path) const;
  // `index` or its ancestor that stands at `level_index`; none() when `index` is above that level.
  [[nodiscard]] DivisionIndex ancestor_at_level(DivisionIndex index, std::uint32_t level_index) const;
  [[nodiscard]] bool is_within(DivisionIndex index, DivisionIndex ancestor) const;

  // They live as long as the tree and its copies.
  [[nodiscard]] std::span<const base::Vec2i> vertices() const { return m_vertices; }
  [[nodiscard]] std::span<const Ring> rings() const { return m_rings; }
  [[nodiscard]] std::span<const std::uint32_t> triangle_indices() const { return m_triangle_indices; }

  [[nodiscard]] base::Vec2d origin_world() const { return m_origin_world; }
  [[nodiscard]] double unit_m() const { return m_unit_m; }
  [[nodiscard]] base::Vec2d to_world(base::Vec2i p) const {
    return {m_origin_world.x + p.x * m_unit_m, m_origin_world.y + p.y * m_unit_m};
  }
  // Rounds to the nearest unit; positions outside int32 are clamped.
  [[nodiscard]] base::Vec2i to_units(base::Vec2d point_world) const;

  // CRS of world coordinates, a string PROJ understands ("EPSG:4549" or a PROJ string).
  [[nodiscard]] const std::string& world_crs() const { return m_world_crs; }
  // Made by the city generator, so the borders are not real: shown as 示意.
  [[nodiscard]] bool synthetic() const { return m_synthetic; }
  // Hash of codes, names, parents and vertices: two walls with the same layers agree.
  [[nodiscard]] std::uint64_t content_hash() const { return m_content_hash; }

 private:
  friend struct TreeAssembly;
  friend class TreeImage;
  std::vector<Division> m_divisions;
  std::vector<DivisionLevel> m_levels;
  std::shared_ptr<const void> m_owner;  // of what the views look at: a TreeStore, or a file in memory
  std::span<const base::Vec2i> m_vertices;
  std::span<const Ring> m_rings;
  std::span<const std::uint32_t> m_triangle_indices;
  base::TextTable m_codes, m_paths;  // numbered as the divisions are
  base::Vec2d m_origin_world;
  double m_unit_m = 0.001;
  std::string m_world_crs;
  bool m_synthetic = false;
  std::uint64_t m_content_hash = 0;
};

// The path of a division without children, else its own leaf: where what lies in it and in no child belongs.
std::string leaf_of(const Division& division);

// What geo (or a test) hands over for one division. Codes are unique; `parent_code` is empty for the root only.
struct DivisionRecord {
  std::string code, name, kind = "admin", parent_code;
  struct Part {
    std::vector<std::vector<base::Vec2i>> rings;  // shell first, then holes; not closed
    // Into the part's rings laid end to end; a multiple of 3.
    std::vector<std::uint32_t> triangle_indices;
  };
  std::vector<Part> parts;
  base::Vec2i anchor;  // inside a part
};

struct TreeSpec {
  static constexpr std::uint32_t kRoot = 0xffffffff;

  std::vector<DivisionRecord> records;           // any order
  std::vector<std::uint32_t> parents;            // records' numbers, kRoot for the root; empty: parent codes tell
  std::vector<DivisionLevel> level_names;        // ranges are ignored; missing names become the level's number
  base::Vec2d origin_world;
  double unit_m = 0.001;
  std::string world_crs;
  bool synthetic = false;
};

// Orders, links and indexes. Errors (all name the code): no root, two roots, an unknown parent, a cycle, a code
// twice. geo resolves orphans before it calls this.
// `division_of`: which division each record became.
base::Result<DivisionTree> assemble_tree(TreeSpec spec, std::vector<std::uint32_t>* division_of = nullptr);

}  // namespace gridwall::model
