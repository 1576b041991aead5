#include "shape/family_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <optional>
#include <tuple>

#include "shape/border_loops.hpp"
#include "shape/box_grid.hpp"
#include "shape/crossing_estimate.hpp"
#include "shape/geos_shapes.hpp"
#include "shape/ring_index.hpp"

namespace gridwall::shape {

using base::Vec2d;
using base::Vec2i;
using model::Division;
using model::DivisionIndex;
using model::DivisionTree;

namespace {

// Of so many children over one point each pair is told apart; of more only the pairs among the first.
constexpr std::size_t kStackedMax = 64;
constexpr std::size_t kPairsMax = 200'000;
// There are thousands of families, so each is asked less closely than a single broken polygon.
constexpr std::size_t kCrossingPairsMax = 3'000'000;

// A piece of the plane between left-over borders.
struct Face {
  double area_m2 = 0;
  Vec2d inside;  // units
  base::Box2d box;
};

struct Told {
  double area_m2 = 0, largest_m2 = 0;
  Vec2d at;  // units, inside the largest piece

  void add(const Face& face) {
    area_m2 += face.area_m2;
    if (face.area_m2 <= largest_m2) return;
    largest_m2 = face.area_m2;
    at = face.inside;
  }
};

// One parent and its children.
class Family {
 public:
  Family(const DivisionTree& tree, const FamilyTolerance& tolerance, GeosContext& geos, DivisionIndex parent)
      : m_tree(tree), m_tolerance(tolerance), m_geos(geos), m_parent(tree.at(parent)) {
    m_fault.parent = parent;
  }
  // Takes the edges that go to GEOS off `edges_left`.
  FamilyFault check(std::size_t& edges_left);

 private:
  template <typename Visit>
  void each_ring(std::uint32_t division, Visit&& visit) const;
  [[nodiscard]] RingIndex index_rings(std::uint32_t division) const;
  [[nodiscard]] bool is_sliver(double area_m2, double length_m) const;
  [[nodiscard]] std::vector<IntRing> left_over_loops();
  [[nodiscard]] std::optional<std::vector<Face>> faces_between(const GeosContext::Geometry& lines);
  [[nodiscard]] bool measure(const std::vector<IntRing>& loops);
  [[nodiscard]] bool is_crowded(const Face& face);
  [[nodiscard]] std::vector<IntSegment> borders_near(const std::vector<Face>& faces) const;
  [[nodiscard]] bool lies_in_parent(Vec2d point);
  void keep_faces(const GEOSGeometry* polygons, std::vector<Face>& faces);
  void index_children();
  [[nodiscard]] std::vector<std::uint32_t> children_at(Vec2d point);
  void judge(const Face& face);
  void list();
  void not_measured(std::string why);
  [[nodiscard]] Vec2d to_world(Vec2d units) const { return m_tree.origin_world() + units * m_tree.unit_m(); }
  [[nodiscard]] bool has_polygon() const { return m_parent.rings.size() > 0; }

  const DivisionTree& m_tree;
  const FamilyTolerance& m_tolerance;
  GeosContext& m_geos;
  const Division& m_parent;
  FamilyFault m_fault;
  double m_face_slivers_m2 = 0;
  double m_reference_m2 = 0;  // what area_share is a share of
  std::optional<RingIndex> m_parent_rings;
  BoxGrid m_child_boxes;
  std::vector<base::Box2d> m_boxes;  // by child, units
  std::vector<std::unique_ptr<RingIndex>> m_child_rings;
  std::map<std::pair<std::uint32_t, std::uint32_t>, Told> m_pairs;
  std::map<std::uint32_t, Told> m_outside;
  Told m_gaps;
};

// Rings of a division, or of those below it when it has no polygon of its own.
template <typename Visit>
void Family::each_ring(std::uint32_t division, Visit&& visit) const {
  std::vector<std::uint32_t> open{division};
  while (!open.empty()) {
    const Division& at = m_tree.divisions()[open.back()];
    open.pop_back();
    for (std::uint32_t r = at.rings.begin; r < at.rings.end; ++r) visit(m_tree.rings()[r]);
    if (at.rings.size() > 0) continue;
    for (std::uint32_t c = at.children.end; c-- > at.children.begin;) open.push_back(c);
  }
}

RingIndex Family::index_rings(std::uint32_t division) const {
  std::vector<RingIndex::Edge> edges;
  each_ring(division, [&](const model::Ring& ring) {
    const auto& v = m_tree.vertices();
    for (std::uint32_t i = ring.vertices.begin, j = ring.vertices.end - 1; i < ring.vertices.end; j = i++) {
      edges.push_back({v[j], v[i]});
    }
  });
  return RingIndex(std::move(edges));
}

bool Family::is_sliver(double area_m2, double length_m) const {
  if (area_m2 < m_tolerance.area_m2 && area_m2 < m_tolerance.area_share * m_reference_m2) return true;
  // A thin piece is half its border long.
  return area_m2 <= m_tolerance.width_units * m_tree.unit_m() * length_m / 2;
}

// Where the sum of the children's areas is not the parent's: every fault lies within these loops.
std::vector<IntRing> Family::left_over_loops() {
  BorderSum borders;
  const auto add = [&](const model::Ring& ring, int sign) {
    borders.add_ring(m_tree.vertices().data() + ring.vertices.begin, ring.vertices.size(), ring.is_hole, sign);
  };
  for (std::uint32_t c = m_parent.children.begin; c < m_parent.children.end; ++c) {
    each_ring(c, [&](const model::Ring& ring) { add(ring, 1); });
  }
  for (std::uint32_t r = m_parent.rings.begin; r < m_parent.rings.end; ++r) add(m_tree.rings()[r], -1);
  std::vector<IntRing> loops = borders.take_loops();
  const double unit_m = m_tree.unit_m();
  std::erase_if(loops, [&](const IntRing& loop) {
    const double area_m2 = area_bound(loop) * unit_m * unit_m;
    if (!is_sliver(area_m2, length_of(loop) * unit_m)) return false;
    m_fault.sliver_m2 += area_m2;
    return true;
  });
  return loops;
}

void Family::keep_faces(const GEOSGeometry* polygons, std::vector<Face>& faces) {
  const GEOSContextHandle_t handle = m_geos.handle();
  const double unit_m = m_tree.unit_m();
  for (int i = 0; i < GEOSGetNumGeometries_r(handle, polygons); ++i) {
    const GEOSGeometry* polygon = GEOSGetGeometryN_r(handle, polygons, i);
    double area = 0, length = 0;
    GEOSArea_r(handle, polygon, &area);
    GEOSLength_r(handle, polygon, &length);
    Face face;
    face.area_m2 = area * unit_m * unit_m;
    if (is_sliver(face.area_m2, length * unit_m)) {
      m_face_slivers_m2 += face.area_m2;
      continue;
    }
    const GeosContext::Geometry point = m_geos.own(GEOSPointOnSurface_r(handle, polygon));
    if (!point || GEOSGeomGetX_r(handle, point.get(), &face.inside.x) != 1 ||
        GEOSGeomGetY_r(handle, point.get(), &face.inside.y) != 1) {
      continue;
    }
    GEOSGeom_getExtent_r(handle, polygon, &face.box.min.x, &face.box.min.y, &face.box.max.x, &face.box.max.y);
    faces.push_back(face);
  }
}

// nullopt when GEOS gives up; its message says why.
std::optional<std::vector<Face>> Family::faces_between(const GeosContext::Geometry& lines) {
  if (!lines) return std::nullopt;
  m_face_slivers_m2 = 0;
  const GEOSContextHandle_t handle = m_geos.handle();
  const GeosContext::Geometry noded = m_geos.own(GEOSUnaryUnion_r(handle, lines.get()));
  if (!noded) return std::nullopt;
  const GEOSGeometry* const parts[] = {noded.get()};
  const GeosContext::Geometry polygons = m_geos.own(GEOSPolygonize_r(handle, parts, 1));
  if (!polygons) return std::nullopt;
  std::vector<Face> faces;
  keep_faces(polygons.get(), faces);
  return faces;
}

// Left-over borders bound areas where the count of children is wrong by the same number all over. Where it is too low
// that is a gap, and all of it is told. Where it is too high, which children are there may change within such an area,
// across borders that cancelled; so there all borders are drawn again.
bool Family::measure(const std::vector<IntRing>& loops) {
  auto faces = faces_between(m_geos.closed_lines(loops));
  if (!faces) return false;
  index_children();
  std::vector<Face> crowded;
  std::copy_if(faces->begin(), faces->end(), std::back_inserter(crowded),
               [this](const Face& f) { return is_crowded(f); });
  if (!crowded.empty()) {
    std::vector<IntSegment> borders = borders_near(crowded);
    for (const IntRing& loop : loops) append_segments(loop, borders);
    if (borders.size() > m_tolerance.left_over_edges_max ||
        estimate_crossings(borders, kCrossingPairsMax) > m_tolerance.crossings_max) {
      m_fault.approximate = true;
    } else {
      faces = faces_between(m_geos.lines(borders));
      if (!faces) return false;
    }
  }
  m_fault.sliver_m2 += m_face_slivers_m2;
  for (const Face& face : *faces) judge(face);
  return true;
}

bool Family::lies_in_parent(Vec2d point) {
  if (!has_polygon()) return true;
  if (!m_parent_rings) m_parent_rings = index_rings(m_fault.parent.value);
  return m_parent_rings->contains(point);
}

bool Family::is_crowded(const Face& face) {
  return children_at(face.inside).size() > (lies_in_parent(face.inside) ? 1u : 0u);
}

// Edges of the parent and its children whose box meets the box of one of `faces`, each once.
std::vector<IntSegment> Family::borders_near(const std::vector<Face>& faces) const {
  BoxGrid face_boxes;
  for (std::uint32_t f = 0; f < faces.size(); ++f) face_boxes.insert(faces[f].box, f);
  std::vector<IntSegment> found;
  BoxGrid::Lists lists;
  const auto meets_any = [&](const base::Box2d& box) {
    face_boxes.find(box, BoxGrid::kSizeClasses, lists);
    return std::any_of(lists.begin(), lists.end(), [&](const auto* list) {
      return std::any_of(list->begin(), list->end(), [&](std::uint32_t f) { return faces[f].box.intersects(box); });
    });
  };
  const auto add_ring = [&](const model::Ring& ring) {
    const auto& v = m_tree.vertices();
    for (std::uint32_t i = ring.vertices.begin, j = ring.vertices.end - 1; i < ring.vertices.end; j = i++) {
      base::Box2d box;
      box.extend(Vec2d{static_cast<double>(v[i].x), static_cast<double>(v[i].y)});
      box.extend(Vec2d{static_cast<double>(v[j].x), static_cast<double>(v[j].y)});
      if (meets_any(box))
        found.push_back(v[i].x != v[j].x ? (v[i].x < v[j].x ? IntSegment{v[i], v[j]} : IntSegment{v[j], v[i]})
                                         : (v[i].y < v[j].y ? IntSegment{v[i], v[j]} : IntSegment{v[j], v[i]}));
    }
  };
  for (std::uint32_t r = m_parent.rings.begin; r < m_parent.rings.end; ++r) add_ring(m_tree.rings()[r]);
  for (std::uint32_t c = m_parent.children.begin; c < m_parent.children.end; ++c) {
    const base::Box2d& box = m_boxes[c - m_parent.children.begin];
    if (!box.empty() && meets_any(box)) each_ring(c, add_ring);
  }
  const auto key = [](const IntSegment& s) { return std::tuple(s.a.x, s.a.y, s.b.x, s.b.y); };
  std::sort(found.begin(), found.end(), [&](const auto& s, const auto& t) { return key(s) < key(t); });
  found.erase(std::unique(found.begin(), found.end(), [&](const auto& s, const auto& t) { return key(s) == key(t); }),
              found.end());
  return found;
}

void Family::index_children() {
  const std::uint32_t begin = m_parent.children.begin;
  m_child_rings.resize(m_parent.children.size());
  m_boxes.resize(m_parent.children.size());
  for (std::uint32_t c = begin; c < m_parent.children.end; ++c) {
    base::Box2d& box = m_boxes[c - begin];
    each_ring(c, [&](const model::Ring& ring) {
      for (std::uint32_t i = ring.vertices.begin; i < ring.vertices.end; ++i) {
        const Vec2i p = m_tree.vertices()[i];
        box.extend(Vec2d{static_cast<double>(p.x), static_cast<double>(p.y)});
      }
    });
    if (!box.empty()) m_child_boxes.insert(box, c);
  }
}

std::vector<std::uint32_t> Family::children_at(Vec2d point) {
  base::Box2d spot;
  spot.extend(point);
  BoxGrid::Lists lists;
  m_child_boxes.find(spot, 0, lists);
  std::vector<std::uint32_t> found;
  for (const auto* list : lists) {
    for (const std::uint32_t c : *list) {
      const std::uint32_t k = c - m_parent.children.begin;
      if (!m_boxes[k].contains(point)) continue;
      if (!m_child_rings[k]) m_child_rings[k] = std::make_unique<RingIndex>(index_rings(c));
      if (m_child_rings[k]->contains(point)) found.push_back(c);
    }
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

void Family::judge(const Face& face) {
  const std::vector<std::uint32_t> over = children_at(face.inside);
  const bool inside = lies_in_parent(face.inside);
  if (inside && over.empty() && has_polygon()) {
    ++m_fault.gap_count;
    m_gaps.add(face);
  }
  if (!inside) {
    for (const std::uint32_t c : over) m_outside[c].add(face);
  }
  if (over.size() < 2) return;
  const auto stacked = static_cast<double>(over.size());
  m_fault.overlap_m2 += face.area_m2 * stacked * (stacked - 1) / 2;
  for (std::size_t i = 0; i < std::min(over.size(), kStackedMax); ++i) {
    for (std::size_t j = i + 1; j < std::min(over.size(), kStackedMax) && m_pairs.size() < kPairsMax; ++j) {
      m_pairs[{over[i], over[j]}].add(face);
    }
  }
}

void Family::list() {
  for (const auto& [pair, told] : m_pairs) {
    m_fault.overlaps.push_back(
        {DivisionIndex{pair.first}, DivisionIndex{pair.second}, told.area_m2, to_world(told.at)});
  }
  for (const auto& [child, told] : m_outside) {
    m_fault.outside.push_back({DivisionIndex{child}, told.area_m2, to_world(told.at)});
    m_fault.outside_m2 += told.area_m2;
  }
  m_fault.overlap_count = m_fault.overlaps.size();
  m_fault.outside_count = m_fault.outside.size();
  const auto keep_largest = [&](auto& listed) {
    std::stable_sort(listed.begin(), listed.end(), [](const auto& a, const auto& b) { return a.area_m2 > b.area_m2; });
    if (listed.size() > m_tolerance.listed_max) listed.resize(m_tolerance.listed_max);
  };
  keep_largest(m_fault.overlaps);
  keep_largest(m_fault.outside);
  m_fault.gap_m2 = m_gaps.area_m2;
  m_fault.gap_largest_m2 = m_gaps.largest_m2;
  if (m_fault.gap_count > 0) m_fault.gap_at_world = to_world(m_gaps.at);
  if (has_polygon()) m_fault.covered_share = 1 - m_gaps.area_m2 / m_parent.area_m2;
}

void Family::not_measured(std::string why) {
  m_fault.not_measured = std::move(why);
  if (has_polygon()) m_fault.covered_share = std::min(1.0, m_fault.children_m2 / m_parent.area_m2);
}

FamilyFault Family::check(std::size_t& edges_left) {
  for (std::uint32_t c = m_parent.children.begin; c < m_parent.children.end; ++c) {
    m_fault.children_m2 += m_tree.divisions()[c].area_m2;
  }
  m_reference_m2 = has_polygon() ? m_parent.area_m2 : m_fault.children_m2;
  const std::vector<IntRing> loops = left_over_loops();
  if (loops.empty()) {
    list();
    return std::move(m_fault);
  }
  std::vector<IntSegment> segments;
  for (const IntRing& loop : loops) append_segments(loop, segments);
  if (segments.size() > m_tolerance.left_over_edges_max) {
    not_measured(fmt::format("{} border edges are not shared vertex for vertex; up to {} are compared", segments.size(),
                             m_tolerance.left_over_edges_max));
    return std::move(m_fault);
  }
  if (segments.size() > edges_left) {
    not_measured(fmt::format("{} border edges are not shared vertex for vertex, after as many as are compared in all",
                             segments.size()));
    return std::move(m_fault);
  }
  edges_left -= segments.size();
  const std::uint64_t crossings = estimate_crossings(segments, kCrossingPairsMax);
  if (crossings > m_tolerance.crossings_max) {
    not_measured(fmt::format("the children's borders cross about {} times; up to {} are compared", crossings,
                             m_tolerance.crossings_max));
    return std::move(m_fault);
  }
  if (measure(loops)) {
    list();
  } else {
    not_measured("GEOS gave up: " + m_geos.message());
  }
  return std::move(m_fault);
}

}  // namespace

std::vector<FamilyFault> check_families(const DivisionTree& tree, const FamilyTolerance& tolerance) {
  std::vector<FamilyFault> faults;
  GeosContext geos;
  std::size_t edges_left = tolerance.left_over_edges_total_max;
  for (std::uint32_t i = 0; i < tree.divisions().size(); ++i) {
    if (tree.divisions()[i].children.size() == 0) continue;
    faults.push_back(Family(tree, tolerance, geos, DivisionIndex{i}).check(edges_left));
  }
  return faults;
}

}  // namespace gridwall::shape
