// How fast a point finds its division, in a district of six levels and 37,500 divisions like Lianyuan's, with the cost
// of building the table, its memory, and the distance to a border. Beside it in the same run: the floor (one look at
// the point's cell) and the way of a prepared geometry for each division behind an R-tree. Medians of seven rounds.
// Usage: locator_bench [POINTS [SEGMENTS_PER_SIDE]]
#include <geos_c.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <span>

#include "base/random.hpp"
#include "model/locator.hpp"
#include "support/mesh_tree.hpp"

namespace gridwall {
namespace {

using base::Vec2d;
using base::Vec2i;
constexpr int kRounds = 7;

// Nanoseconds per item: the median over the rounds of one call over all items. Sums keep the calls alive.
template <class Work>
double median_ns(std::size_t items, const Work& work) {
  std::array<double, kRounds> rounds{};
  static volatile std::uint64_t kept = 0;
  for (double& round : rounds) {
    const auto started = std::chrono::steady_clock::now();
    kept = kept + work();
    const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - started;
    round = took.count() / static_cast<double>(items);
  }
  std::sort(rounds.begin(), rounds.end());
  return rounds[kRounds / 2];
}

std::vector<Vec2d> random_points(const model::DivisionTree& tree, std::size_t count) {
  const base::Box2d extent = tree.at(tree.root()).extent_world;
  base::Random random(3);
  std::vector<Vec2d> points(count);
  for (Vec2d& p : points) {
    p = {random.next_between(extent.min.x, extent.max.x), random.next_between(extent.min.y, extent.max.y)};
  }
  return points;
}

// Prepared polygons of all divisions, found by their boxes; the deepest of those that contain the point.
class PreparedWay {
 public:
  explicit PreparedWay(const model::DivisionTree& tree) : m_tree(tree), m_geos(GEOS_init_r()) {
    m_boxes = GEOSSTRtree_create_r(m_geos, 16);
    for (const model::Division& division : tree.divisions()) m_items.push_back(make_item(division));
    for (Item& item : m_items) GEOSSTRtree_insert_r(m_geos, m_boxes, item.polygon, &item);
  }
  PreparedWay(const PreparedWay&) = delete;
  PreparedWay& operator=(const PreparedWay&) = delete;
  ~PreparedWay() {
    GEOSSTRtree_destroy_r(m_geos, m_boxes);
    for (const Item& item : m_items) {
      GEOSPreparedGeom_destroy_r(m_geos, item.prepared);
      GEOSGeom_destroy_r(m_geos, item.polygon);
    }
    GEOS_finish_r(m_geos);
  }

  [[nodiscard]] std::uint32_t locate(Vec2d point_world) const {
    const Vec2i p = m_tree.to_units(point_world);
    GEOSGeometry* point = GEOSGeom_createPointFromXY_r(m_geos, p.x, p.y);
    Query query{this, point, 0, 0};
    GEOSSTRtree_query_r(
        m_geos, m_boxes, point,
        [](void* found, void* user) {
          const Item& item = *static_cast<const Item*>(found);
          Query& asked = *static_cast<Query*>(user);
          if (item.level < asked.level || !GEOSPreparedContains_r(asked.way->m_geos, item.prepared, asked.point))
            return;
          asked.level = item.level;
          asked.division = item.division;
        },
        &query);
    GEOSGeom_destroy_r(m_geos, point);
    return query.division;
  }

 private:
  struct Item {
    GEOSGeometry* polygon;
    const GEOSPreparedGeometry* prepared;
    std::uint32_t division, level;
  };
  struct Query {
    const PreparedWay* way;
    GEOSGeometry* point;
    std::uint32_t division, level;
  };

  Item make_item(const model::Division& division) {
    std::vector<GEOSGeometry*> shells;
    for (std::uint32_t r = division.rings.begin; r < division.rings.end; ++r) {
      if (m_tree.rings()[r].is_hole) continue;  // rare here, and of no weight in a measurement
      const model::Range range = m_tree.rings()[r].vertices;
      GEOSCoordSequence* points = GEOSCoordSeq_create_r(m_geos, range.size() + 1, 2);
      for (std::uint32_t i = 0; i <= range.size(); ++i) {
        const Vec2i p = m_tree.vertices()[range.begin + i % range.size()];
        GEOSCoordSeq_setXY_r(m_geos, points, i, p.x, p.y);
      }
      shells.push_back(GEOSGeom_createPolygon_r(m_geos, GEOSGeom_createLinearRing_r(m_geos, points), nullptr, 0));
    }
    Item item{};
    item.polygon =
        GEOSGeom_createCollection_r(m_geos, GEOS_MULTIPOLYGON, shells.data(), static_cast<unsigned>(shells.size()));
    item.prepared = GEOSPrepare_r(m_geos, item.polygon);
    item.division = static_cast<std::uint32_t>(m_items.size());
    item.level = division.level_index;
    return item;
  }

  const model::DivisionTree& m_tree;
  GEOSContextHandle_t m_geos;
  GEOSSTRtree* m_boxes;
  std::vector<Item> m_items;
};

constexpr double kBorderToleranceM = 5;  // of the hub, which asks for no more

double distance_ns(const model::Locator& locator, std::span<const Vec2d> points,
                   std::span<const model::DivisionIndex> divisions, double limit_m) {
  return median_ns(points.size(), [&] {
    std::uint64_t within = 0;
    for (std::size_t i = 0; i < points.size(); ++i) {
      within += locator.distance_to_border_m(points[i], divisions[i], limit_m) <= kBorderToleranceM ? 1 : 0;
    }
    return within;
  });
}

void measure_distances(const model::Locator& locator, std::span<const Vec2d> all_points) {
  const model::DivisionTree& tree = locator.tree();
  const auto points = all_points.first(std::min<std::size_t>(all_points.size(), 100'000));
  const std::uint32_t levels = static_cast<std::uint32_t>(tree.levels().size());
  for (const std::uint32_t level : {levels - 1, 1U, 0U}) {
    std::vector<model::DivisionIndex> divisions;
    double vertices = 0;
    for (const Vec2d p : points) {
      const model::DivisionIndex found = locator.locate_at_level(p, level);
      divisions.push_back(found.valid() ? found : tree.root());
      vertices += tree.at(divisions.back()).vertices.size();
    }
    const double exact = distance_ns(locator, points, divisions, std::numeric_limits<double>::infinity());
    const double limited = distance_ns(locator, points, divisions, kBorderToleranceM);
    std::printf(
        "distance to the border of the point's division of level %u (%.0f vertices): %.0f ns; whether within "
        "%.0f m: %.0f ns\n",
        level, vertices / static_cast<double>(points.size()), exact, kBorderToleranceM, limited);
  }
}

// Leaves of a decimetre in the middle and of half a kilometre around, and as many points in each.
void measure_crowded(std::size_t point_count) {
  const auto tree =
      test::mesh_tree({.level_counts = {1, 20, 506, 2381, 9449, 25143}, .segments_per_side = 13, .crowding = 1.5});
  const double build_ms = 1e-6 * median_ns(1, [&] { return model::LocatorCells::build(*tree).memory_bytes(); });
  const model::Locator locator(tree);
  base::Random random(4);
  const model::Range leaves = tree->levels().back().divisions;
  std::vector<Vec2d> points(point_count);
  for (Vec2d& p : points) {
    const base::Box2d box =
        tree->at({leaves.begin + static_cast<std::uint32_t>(random.next_below(leaves.size()))}).extent_world;
    p = {random.next_between(box.min.x, box.max.x), random.next_between(box.min.y, box.max.y)};
  }
  const double locate_ns = median_ns(points.size(), [&] {
    std::uint64_t sum = 0;
    for (const Vec2d p : points) sum += locator.locate(p).value;
    return sum;
  });
  std::printf(
      "crowded in the middle (leaves of a decimetre to half a kilometre), as many points in each leaf: locate %.1f "
      "ns a point, building %.0f ms, memory %.1f MB\n",
      locate_ns, build_ms, 1e-6 * static_cast<double>(locator.memory_bytes()));
}

// Outlines as long as a coast's.
void measure_long_outlines(std::size_t point_count) {
  const auto tree = test::mesh_tree({.level_counts = {1, 6, 100}, .segments_per_side = 2500, .leaf_size_m = 5000});
  const model::Locator locator(tree);
  const std::vector<Vec2d> points = random_points(*tree, std::min<std::size_t>(point_count, 100'000));
  const double locate_ns = median_ns(points.size(), [&] {
    std::uint64_t sum = 0;
    for (const Vec2d p : points) sum += locator.locate(p).value;
    return sum;
  });
  std::printf("leaves of 10,000 vertices: locate %.1f ns a point, memory %.1f MB\n", locate_ns,
              1e-6 * static_cast<double>(locator.memory_bytes()));
  measure_distances(locator, points);
}

void measure(std::size_t point_count, int segments_per_side) {
  const auto tree =
      test::mesh_tree({.level_counts = {1, 20, 506, 2381, 9449, 25143}, .segments_per_side = segments_per_side});
  std::printf("%zu divisions in %zu levels, %zu edges of %d a leaf\n", tree->divisions().size(), tree->levels().size(),
              tree->vertices().size(), 4 * segments_per_side);
  const double cells_ms = 1e-6 * median_ns(1, [&] { return model::LocatorCells::build(*tree).memory_bytes(); });
  const double boxes_ms = 1e-6 * median_ns(1, [&] { return model::BorderBoxes(*tree).memory_bytes(); });
  const model::Locator locator(tree);
  std::printf("building: %.0f ms for the cells, %.0f ms for the boxes of borders; memory %.1f MB (cells %.1f MB)\n",
              cells_ms, boxes_ms, 1e-6 * static_cast<double>(locator.memory_bytes()),
              1e-6 * static_cast<double>(locator.cells().memory_bytes()));

  const std::vector<Vec2d> points = random_points(*tree, point_count);
  const double floor_ns = median_ns(points.size(), [&] {
    std::uint64_t sum = 0;
    for (const Vec2d p : points) sum += locator.cells().touch(tree->to_units(p));
    return sum;
  });
  const double locate_ns = median_ns(points.size(), [&] {
    std::uint64_t sum = 0;
    for (const Vec2d p : points) sum += locator.locate(p).value;
    return sum;
  });
  // Each point waits for the last one's answer, as events of a feed do: nothing overlaps.
  const double alone_ns = median_ns(points.size(), [&] {
    std::uint64_t sum = 0;
    for (const Vec2d p : points) sum += locator.locate({p.x + static_cast<double>(sum & 1) * 1e-9, p.y}).value;
    return sum;
  });
  std::printf(
      "locate: %.1f ns a point, %.1f ns when each waits for the last; floor (one look at the point's cell) "
      "%.1f ns, ratio %.1f\n",
      locate_ns, alone_ns, floor_ns, locate_ns / floor_ns);
  measure_distances(locator, points);

  const PreparedWay prepared(*tree);
  const auto some = std::span(points).first(std::min<std::size_t>(points.size(), 20'000));
  (void)prepared.locate(points[0]);
  const double prepared_ns = median_ns(some.size(), [&] {
    std::uint64_t sum = 0;
    for (const Vec2d p : some) sum += prepared.locate(p);
    return sum;
  });
  std::printf("prepared geometries behind an R-tree (GEOS): %.0f ns a point, %.0f times as long\n", prepared_ns,
              prepared_ns / locate_ns);
}

}  // namespace
}  // namespace gridwall

int main(int argc, char** argv) {
  const std::size_t points = argc > 1 ? static_cast<std::size_t>(std::strtoull(argv[1], nullptr, 10)) : 1'000'000;
  const int segments = argc > 2 ? std::atoi(argv[2]) : 13;
  gridwall::measure(std::max<std::size_t>(points, 1), std::clamp(segments, 1, 1000));
  gridwall::measure_crowded(std::max<std::size_t>(points, 1));
  gridwall::measure_long_outlines(std::max<std::size_t>(points, 1));
  return 0;
}
