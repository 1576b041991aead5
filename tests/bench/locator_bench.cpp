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

void measure_distances(const model::Locator& locator, std::span<const Vec2d> points) {
  const model::DivisionTree& tree = locator.tree();
  const auto some = points.first(std::min<std::size_t>(points.size(), 100'000));
  const auto ns = [&](const auto& division_of) {
    return median_ns(some.size(), [&] {
      double sum = 0;
      for (const Vec2d p : some) sum += locator.distance_to_border_m(p, division_of(p));
      return static_cast<std::uint64_t>(sum);
    });
  };
  const double leaf = ns([&](Vec2d p) {
    const model::DivisionIndex found = locator.locate(p);
    return found.valid() ? found : tree.root();
  });
  const double town = ns([&](Vec2d p) {
    const model::DivisionIndex found = locator.locate_at_level(p, 1);
    return found.valid() ? found : tree.root();
  });
  const double root = ns([&](Vec2d) { return tree.root(); });
  std::printf(
      "distance to the border: %.0f ns of the point's leaf, %.0f ns of its town, %.0f ns of the root "
      "(%u vertices); the first two with finding it\n",
      leaf, town, root, tree.at(tree.root()).vertices.size());
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
  return 0;
}
