#include "scene/border_segments.hpp"

namespace gridwall::scene {

BorderSegment segment(base::Vec2i a, base::Vec2i b) {
  const bool in_order = a.x < b.x || (a.x == b.x && a.y <= b.y);
  return in_order ? BorderSegment{a, b} : BorderSegment{b, a};
}

std::vector<BorderSegment> outline_segments(const model::DivisionTree& tree, model::DivisionIndex division) {
  std::vector<BorderSegment> segments;
  const model::Division& of = tree.at(division);
  for (std::uint32_t r = of.rings.begin; r < of.rings.end; ++r) {
    const model::Range ring = tree.rings()[r].vertices;
    for (std::uint32_t v = ring.begin; v < ring.end; ++v) {
      const base::Vec2i a = tree.vertices()[v];
      const base::Vec2i b = tree.vertices()[v + 1 < ring.end ? v + 1 : ring.begin];
      if (a != b) segments.push_back(segment(a, b));
    }
  }
  return segments;
}

}  // namespace gridwall::scene
