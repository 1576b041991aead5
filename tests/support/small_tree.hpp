// small_tree: a square district cut into nested squares, for tests that need a tree and no layer file.
// Each division of a level has columns * rows children. Units are 1 mm, the origin is (500000, 3500000) and the whole
// is `size_m` wide; codes are "R", "R01", "R0101" ...
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "model/division_tree.hpp"

namespace gridwall::test {

struct SmallTreeSpec {
  std::vector<int> splits{2, 2};  // columns and rows at each level below the root
  double size_m = 8000;
  std::string world_crs = "EPSG:4549";
  bool synthetic = false;
};

inline void add_square(std::vector<model::DivisionRecord>& records, const std::string& code,
                       const std::string& parent, base::Vec2i low, std::int32_t size,
                       const std::vector<int>& splits, std::size_t depth) {
  model::DivisionRecord record;
  record.code = code;
  record.name = "区" + code;
  record.parent_code = parent;
  model::DivisionRecord::Part part;
  part.rings.push_back({low, {low.x + size, low.y}, {low.x + size, low.y + size}, {low.x, low.y + size}});
  part.triangle_indices = {0, 1, 2, 0, 2, 3};
  record.parts.push_back(std::move(part));
  record.anchor = {low.x + size / 2, low.y + size / 2};
  records.push_back(std::move(record));
  if (depth >= splits.size()) return;
  const int n = splits[depth];
  for (int i = 0; i < n * n; ++i) {
    const std::string digits = std::to_string(i + 1);
    const std::string child = code + (digits.size() < 2 ? "0" : "") + digits;
    const base::Vec2i child_low{low.x + i % n * (size / n), low.y + i / n * (size / n)};
    add_square(records, child, code, child_low, size / n, splits, depth + 1);
  }
}

inline std::shared_ptr<const model::DivisionTree> small_tree(const SmallTreeSpec& spec = {}) {
  model::TreeSpec tree;
  tree.origin_world = {500000, 3500000};
  tree.unit_m = 0.001;
  tree.world_crs = spec.world_crs;
  tree.synthetic = spec.synthetic;
  const auto size = static_cast<std::int32_t>(spec.size_m * 1000);
  add_square(tree.records, "R", "", {-size / 2, -size / 2}, size, spec.splits, 0);
  auto built = model::assemble_tree(std::move(tree));
  ASSERT(built.ok(), "small_tree: {}", built.error().message);
  return std::make_shared<const model::DivisionTree>(std::move(built).value());
}

}  // namespace gridwall::test
