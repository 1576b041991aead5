// The locator against GDAL's own containment: prepared OGR geometries of all divisions whose box holds the point. They
// work in metres with doubles, the locator on integers, so a point closer to a border than one unit may differ.
#include <gtest/gtest.h>
#include <ogr_api.h>
#include <ogr_geometry.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include "base/random.hpp"
#include "model/locator.hpp"
#include "support/mesh_tree.hpp"

namespace gridwall {
namespace {

using base::Vec2d;
using model::DivisionIndex;

std::unique_ptr<OGRMultiPolygon> ogr_polygon(const model::DivisionTree& tree, const model::Division& division) {
  auto parts = std::make_unique<OGRMultiPolygon>();
  std::unique_ptr<OGRPolygon> part;
  for (std::uint32_t r = division.rings.begin; r < division.rings.end; ++r) {
    const model::Ring& ring = tree.rings()[r];
    if (!ring.is_hole && part) parts->addGeometryDirectly(part.release());
    if (!part) part = std::make_unique<OGRPolygon>();
    auto line = std::make_unique<OGRLinearRing>();
    for (std::uint32_t v = ring.vertices.begin; v < ring.vertices.end; ++v) {
      const Vec2d p = tree.to_world(tree.vertices()[v]);
      line->addPoint(p.x, p.y);
    }
    line->closeRings();
    part->addRingDirectly(line.release());
  }
  if (part) parts->addGeometryDirectly(part.release());
  return parts;
}

class OgrLocator {
 public:
  explicit OgrLocator(const model::DivisionTree& tree) : m_tree(tree), m_extent(tree.at(tree.root()).extent_world) {
    m_bins.resize(kBins * kBins);
    for (std::uint32_t i = 0; i < tree.divisions().size(); ++i) {
      m_polygons.push_back(ogr_polygon(tree, tree.divisions()[i]));
      m_prepared.emplace_back(OGRCreatePreparedGeometry(OGRGeometry::ToHandle(m_polygons.back().get())));
      const base::Box2d& box = tree.divisions()[i].extent_world;
      for (std::size_t y = bin_y(box.min.y); y <= bin_y(box.max.y); ++y) {
        for (std::size_t x = bin_x(box.min.x); x <= bin_x(box.max.x); ++x) m_bins[y * kBins + x].push_back(i);
      }
    }
    m_contains.assign(tree.divisions().size(), false);
  }

  // The deepest division that contains the point together with all its ancestors.
  [[nodiscard]] DivisionIndex locate(Vec2d p) {
    OGRPoint point(p.x, p.y);
    DivisionIndex deepest;
    const auto& bin = m_bins[bin_y(p.y) * kBins + bin_x(p.x)];
    for (const std::uint32_t i : bin) {  // parents first
      const model::Division& division = m_tree.divisions()[i];
      m_contains[i] = (!division.parent.valid() || m_contains[division.parent.value]) &&
                      division.extent_world.contains(p) &&
                      OGRPreparedGeometryContains(m_prepared[i].get(), OGRGeometry::ToHandle(&point)) != 0;
      if (!m_contains[i]) continue;
      if (!deepest.valid() || division.level_index > m_tree.at(deepest).level_index) deepest = {i};
    }
    for (const std::uint32_t i : bin) m_contains[i] = false;
    return deepest;
  }

  [[nodiscard]] bool valid(DivisionIndex index) const { return m_polygons[index.value]->IsValid(); }

 private:
  static constexpr std::size_t kBins = 96;
  static std::size_t bin_of(double at, double low, double extent) {
    return static_cast<std::size_t>(std::clamp((at - low) / extent * kBins, 0.0, kBins - 1.0));
  }
  [[nodiscard]] std::size_t bin_x(double x) const { return bin_of(x, m_extent.min.x, m_extent.width()); }
  [[nodiscard]] std::size_t bin_y(double y) const { return bin_of(y, m_extent.min.y, m_extent.height()); }

  const model::DivisionTree& m_tree;
  base::Box2d m_extent;
  std::vector<std::unique_ptr<OGRMultiPolygon>> m_polygons;
  std::vector<OGRPreparedGeometryUniquePtr> m_prepared;
  std::vector<std::vector<std::uint32_t>> m_bins;  // divisions whose box touches the bin, in order of index
  std::vector<bool> m_contains;                    // of the present point
};

struct Comparison {
  std::size_t differ_near = 0, differ_far = 0, in_leaves = 0, in_parents = 0, outside = 0;
  Vec2d first_far;
};

template <class Draw>
Comparison compare(const model::Locator& locator, OgrLocator& ogr, std::size_t point_count, const Draw& draw) {
  const model::DivisionTree& tree = locator.tree();
  Comparison seen;
  for (std::size_t i = 0; i < point_count; ++i) {
    const Vec2d p = draw();
    const DivisionIndex found = locator.locate(p), expected = ogr.locate(p);
    const bool leaf = found.valid() && tree.at(found).children.size() == 0;
    ++(leaf ? seen.in_leaves : found.valid() ? seen.in_parents : seen.outside);
    if (found == expected) continue;
    const auto near = [&](DivisionIndex index) {
      return index.valid() && locator.distance_to_border_m(p, index) < tree.unit_m();
    };
    if (near(found) || near(expected)) {
      ++seen.differ_near;
    } else if (seen.differ_far++ == 0) {
      seen.first_far = p;
    }
  }
  return seen;
}

class locator_agrees : public testing::Test {
 protected:
  // 64 vertices a leaf, parents of up to some thousands, some in parts; every eleventh leaf's ground is its parent's.
  const std::shared_ptr<const model::DivisionTree> m_tree =
      test::mesh_tree({.level_counts = {1, 12, 90, 700}, .segments_per_side = 16, .left_out_every = 11});
  const model::Locator m_locator{m_tree};
  OgrLocator m_ogr{*m_tree};
  base::Random m_random{21};
};

TEST_F(locator_agrees, with_prepared_geometries_on_a_million_random_points) {
  const base::Box2d extent = m_tree->at(m_tree->root()).extent_world;
  const double beside = 0.02 * extent.width();
  const Comparison seen = compare(m_locator, m_ogr, 1'000'000, [&] {
    const double x = m_random.next_between(extent.min.x - beside, extent.max.x + beside);
    return Vec2d{x, m_random.next_between(extent.min.y - beside, extent.max.y + beside)};
  });
  EXPECT_EQ(seen.differ_far, 0U) << "first at " << seen.first_far.x << " " << seen.first_far.y;
  EXPECT_LT(seen.differ_near, 200U);  // a border of a millimetre's width covers a few of a million
  EXPECT_GT(seen.in_leaves, 700'000U);
  EXPECT_GT(seen.in_parents, 20'000U);
  EXPECT_GT(seen.outside, 20'000U);
}

TEST_F(locator_agrees, with_prepared_geometries_within_centimetres_of_borders) {
  const auto& vertices = m_tree->vertices();
  const Comparison seen = compare(m_locator, m_ogr, 100'000, [&] {
    const std::size_t i = m_random.next_below(vertices.size() - 1);
    const Vec2d a = m_tree->to_world(vertices[i]), b = m_tree->to_world(vertices[i + 1]);
    const Vec2d on_border = a + (b - a) * m_random.next_unit();
    return on_border + Vec2d{m_random.next_between(-0.01, 0.01), m_random.next_between(-0.01, 0.01)};
  });
  EXPECT_EQ(seen.differ_far, 0U) << "first at " << seen.first_far.x << " " << seen.first_far.y;
  EXPECT_GT(seen.differ_near, 0U);  // it does reach the borders
}

TEST_F(locator_agrees, on_polygons_that_gdal_calls_valid) {
  std::size_t valid_count = 0;
  for (std::uint32_t i = 0; i < m_tree->divisions().size(); ++i) valid_count += m_ogr.valid({i});
  EXPECT_GT(valid_count, m_tree->divisions().size() * 98 / 100);
}

}  // namespace
}  // namespace gridwall
