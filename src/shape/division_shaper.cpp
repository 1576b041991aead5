#include "shape/division_shaper.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "shape/crossing_estimate.hpp"
#include "shape/geos_shapes.hpp"
#include "shape/pole_search.hpp"
#include "shape/second_triangulation.hpp"

namespace gridwall::shape {

using base::Vec2i;

namespace {

// Rounding a repair's crossing points to integers may cross something again; from the second round on it does not.
constexpr int kRepairRoundsMax = 4;
constexpr double kAreaErrorMax = 1e-6;
// GEOS computes every crossing before it repairs. Real faults are a handful; a ring of random points has a square of
// them, and gigabytes with it.
constexpr std::uint64_t kCrossingsMax = 20'000;

void drop_repeats(IntRing& ring) {
  ring.erase(std::unique(ring.begin(), ring.end()), ring.end());
  while (ring.size() > 1 && ring.front() == ring.back()) ring.pop_back();
}

// All points on one line. The signed area alone would not do: a bow tie's is zero as well.
bool is_flat(const IntRing& ring) {
  if (ring.size() < 3) return true;
  for (std::size_t i = 2; i < ring.size(); ++i) {
    const auto dx1 = static_cast<std::int64_t>(ring[1].x) - ring[0].x;
    const auto dy1 = static_cast<std::int64_t>(ring[1].y) - ring[0].y;
    const auto dx2 = static_cast<std::int64_t>(ring[i].x) - ring[0].x;
    const auto dy2 = static_cast<std::int64_t>(ring[i].y) - ring[0].y;
    if (static_cast<__int128>(dx1) * dy2 != static_cast<__int128>(dy1) * dx2) return false;
  }
  return true;
}

// The parts still there and which of the division's parts each was.
struct Parts {
  std::vector<IntPolygon> polygons;
  std::vector<std::uint32_t> indices;
};

void add_sentence(std::string& text, const std::string& sentence) {
  if (!text.empty() && !sentence.empty()) text += "; ";
  text += sentence;
}

// Rings that rounding left without area go, and with a shell its holes. What went, empty when nothing.
std::string drop_empty(Parts& parts) {
  const std::size_t given = parts.polygons.size();
  std::size_t holes_gone = 0, kept = 0;
  for (std::size_t i = 0; i < given; ++i) {
    IntPolygon& polygon = parts.polygons[i];
    for (IntRing& ring : polygon) drop_repeats(ring);
    if (polygon.empty() || is_flat(polygon[0])) continue;
    holes_gone += std::erase_if(polygon, is_flat);
    if (kept != i) parts.polygons[kept] = std::move(polygon);
    parts.indices[kept++] = parts.indices[i];
  }
  parts.polygons.resize(kept);
  parts.indices.resize(kept);
  std::string text;
  if (kept < given) text = fmt::format("{} of {} parts have no area", given - kept, given);
  if (holes_gone > 0) add_sentence(text, fmt::format("{} holes have no area", holes_gone));
  return text;
}

bool is_valid(GeosContext& geos, const std::vector<IntPolygon>& polygons) {
  const GeosContext::Geometry built = polygons.size() == 1 ? geos.polygon(polygons[0]) : geos.multi_polygon(polygons);
  return built && GEOSisValid_r(geos.handle(), built.get()) == 1;
}

std::uint64_t crossings_of(const std::vector<IntPolygon>& polygons) {
  std::vector<IntSegment> segments;
  for (const IntPolygon& polygon : polygons) {
    for (const IntRing& ring : polygon) append_segments(ring, segments);
  }
  return estimate_crossings(segments);
}

// Parts with too many crossings to be repaired go; what went, empty when nothing.
std::string drop_tangles(Parts& parts) {
  const auto told = [](const std::string& what, std::uint64_t crossings) {
    return fmt::format("{} left out: its borders cross about {} times, more than the {} that are repaired", what,
                       crossings, kCrossingsMax);
  };
  std::string text;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < parts.polygons.size(); ++i) {
    const std::uint64_t crossings = crossings_of({parts.polygons[i]});
    if (crossings > kCrossingsMax) {
      add_sentence(text, told(fmt::format("part {}", parts.indices[i] + 1), crossings));
      continue;
    }
    if (kept != i) parts.polygons[kept] = std::move(parts.polygons[i]);
    parts.indices[kept++] = parts.indices[i];
  }
  parts.polygons.resize(kept);
  parts.indices.resize(kept);
  const std::uint64_t together = kept > 1 ? crossings_of(parts.polygons) : 0;
  if (together > kCrossingsMax) {
    add_sentence(text, told("the whole division", together));
    parts = {};
  }
  return text;
}

// What could not be repaired, empty when all is valid. `polygons` are valid afterwards or what came nearest.
std::string make_valid(GeosContext& geos, std::vector<IntPolygon>& polygons) {
  for (int round = 0; round < kRepairRoundsMax && !polygons.empty(); ++round) {
    if (round > 0 && is_valid(geos, polygons)) return {};
    const GeosContext::Geometry built = geos.multi_polygon(polygons);
    if (!built) return "not repaired: " + geos.message();
    GEOSMakeValidParams* params = GEOSMakeValidParams_create_r(geos.handle());
    // By structure: parts that overlap are united; by line work they would become a hole.
    GEOSMakeValidParams_setMethod_r(geos.handle(), params, GEOS_MAKE_VALID_STRUCTURE);
    GEOSMakeValidParams_setKeepCollapsed_r(geos.handle(), params, 0);
    GeosContext::Geometry valid = geos.own(GEOSMakeValidWithParams_r(geos.handle(), built.get(), params));
    GEOSMakeValidParams_destroy_r(geos.handle(), params);
    // Whole units by snap rounding: it moves more vertices than plain rounding, and crosses nothing.
    if (valid && round > 0) valid = geos.own(GEOSGeom_setPrecision_r(geos.handle(), valid.get(), 1, 0));
    if (!valid) return "not repaired: " + geos.message();
    Parts parts;
    geos.collect(valid.get(), parts.polygons);
    parts.indices.resize(parts.polygons.size());
    drop_empty(parts);
    polygons = std::move(parts.polygons);
  }
  return polygons.empty() || is_valid(geos, polygons) ? "" : "still not valid after repair";
}

void repair(GeosContext& geos, Parts& parts, ShapedDivision& shaped) {
  if (parts.polygons.empty() || is_valid(geos, parts.polygons)) return;
  find_ring_faults(geos, parts.polygons, parts.indices, shaped.ring_faults);
  add_sentence(shaped.repair, describe(shaped.ring_faults));
  const auto& listed = shaped.ring_faults.listed;
  const auto placed = std::find_if(listed.begin(), listed.end(), [](const RingFault& fault) { return !!fault.at; });
  if (placed != listed.end()) shaped.repair_at = placed->at;
  add_sentence(shaped.repair, drop_tangles(parts));
  add_sentence(shaped.repair, make_valid(geos, parts.polygons));
}

Vec2i rounded(base::Vec2d p) {
  return {static_cast<std::int32_t>(std::lround(p.x)), static_cast<std::int32_t>(std::lround(p.y))};
}

double area_error(const IntPolygon& polygon, const std::vector<std::uint32_t>& indices, double area) {
  return std::abs(twice_triangle_area(polygon, indices) - area);
}

}  // namespace

DivisionShaper::DivisionShaper(Triangulator first) : m_geos(std::make_unique<GeosContext>()), m_first(first) {}
DivisionShaper::~DivisionShaper() = default;

ShapedDivision DivisionShaper::shape(std::vector<IntPolygon> polygons) {
  ShapedDivision shaped;
  Parts given{std::move(polygons), {}};
  given.indices.resize(given.polygons.size());
  std::iota(given.indices.begin(), given.indices.end(), 0u);
  shaped.repair = drop_empty(given);
  if (!m_plain.hold(given.polygons)) repair(*m_geos, given, shaped);
  double rings_area = 0, error_area = 0, largest_area = -1;
  std::size_t second_count = 0;
  for (IntPolygon& polygon : given.polygons) {
    model::DivisionRecord::Part part;
    part.triangle_indices = m_first(polygon);
    const double area = twice_ring_area(polygon);
    double error = area_error(polygon, part.triangle_indices, area);
    if (error > kAreaErrorMax * area) {
      std::vector<std::uint32_t> second = triangulate_by_geos(*m_geos, polygon);
      const double second_error = area_error(polygon, second, area);
      if (second_error < error) {
        error = second_error;
        part.triangle_indices = std::move(second);
        ++second_count;
      }
    }
    rings_area += area;
    error_area += error;
    if (area > largest_area) {
      largest_area = area;
      shaped.anchor = find_pole(polygon, part.triangle_indices);
    }
    for (const IntRing& ring : polygon) shaped.vertex_count += ring.size();
    shaped.triangle_count += part.triangle_indices.size() / 3;
    part.rings = std::move(polygon);
    shaped.parts.push_back(std::move(part));
  }
  shaped.relative_area_error = rings_area > 0 ? error_area / rings_area : 0;
  if (second_count > 0) {
    shaped.triangulation = fmt::format("triangulated by GEOS: {} of {} parts, whose ears did not fill their rings",
                                       second_count, shaped.parts.size());
  }
  return shaped;
}

ShapedDivision DivisionShaper::shape_for_preview(std::vector<IntPolygon> polygons, double anchored_from) {
  ShapedDivision shaped;
  double largest_area = -1;
  for (IntPolygon& polygon : polygons) {
    for (IntRing& ring : polygon) drop_repeats(ring);
    if (polygon.empty() || polygon[0].size() < 3) continue;
    std::erase_if(polygon, [](const IntRing& ring) { return ring.size() < 3; });
    model::DivisionRecord::Part part;
    part.triangle_indices = m_first(polygon);
    if (part.triangle_indices.empty()) continue;
    const double area = twice_ring_area(polygon);
    if (area > largest_area) {
      largest_area = area;
      base::Box2d box;
      for (const Vec2i p : polygon[0]) box.extend(base::Vec2d{static_cast<double>(p.x), static_cast<double>(p.y)});
      const bool searched = std::min(box.width(), box.height()) >= anchored_from;
      shaped.anchor = searched ? find_pole(polygon, part.triangle_indices) : rounded(box.center());
    }
    for (const IntRing& ring : polygon) shaped.vertex_count += ring.size();
    shaped.triangle_count += part.triangle_indices.size() / 3;
    part.rings = std::move(polygon);
    shaped.parts.push_back(std::move(part));
  }
  return shaped;
}

std::string geos_version() {
  return GEOSversion();
}

}  // namespace gridwall::shape
