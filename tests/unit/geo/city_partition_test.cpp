// Shares that add up, and parts that hang together.
#include "geo/city_partition.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <set>

namespace gridwall::geo {
namespace {

using base::Vec2i;

struct Country {
  CityMesh mesh;
  CityGraph graph;
};

// A square of 31 x 31 points, all alike.
void make_country(Country& country) {
  std::vector<Vec2i> lattice;
  for (int x = 0; x <= 30; ++x) {
    for (int y = 0; y <= 30; ++y) lattice.push_back({x * 1000, y * 1000});
  }
  country.mesh = triangulate({{{0, 0}, {30'000, 0}, {30'000, 30'000}, {0, 30'000}}}, lattice);
  country.graph.mesh = &country.mesh;
  country.graph.edge_costs.assign(country.mesh.adjacency.size(), 1.0);
  country.graph.weights.assign(country.mesh.points.size(), 1.0);
}

PartitionRequest request_for(const Country& country, std::vector<double> targets) {
  PartitionRequest request;
  request.members.resize(country.mesh.points.size());
  std::iota(request.members.begin(), request.members.end(), 0u);
  request.targets = std::move(targets);
  request.land_size_mm = 8'000;
  request.seed = 3;
  return request;
}

// How many points can be reached from the first point of `part` without leaving it.
std::size_t reach(const CityMesh& mesh, const std::vector<std::uint32_t>& parts, std::uint32_t part) {
  std::vector<std::uint32_t> queue;
  std::set<std::uint32_t> seen;
  for (std::uint32_t p = 0; p < parts.size() && queue.empty(); ++p) {
    if (parts[p] == part) queue.push_back(p);
  }
  seen.insert(queue.begin(), queue.end());
  while (!queue.empty()) {
    const std::uint32_t p = queue.back();
    queue.pop_back();
    for (std::uint32_t k = mesh.first[p]; k < mesh.first[p + 1]; ++k) {
      const std::uint32_t q = mesh.adjacency[k];
      if (parts[q] == part && seen.insert(q).second) queue.push_back(q);
    }
  }
  return seen.size();
}

TEST(Partition, makes_connected_parts_that_are_larger_where_more_is_wanted) {
  Country country;
  make_country(country);
  std::size_t wanted_large = 0, others = 0;
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    PartitionRequest request = request_for(country, {1, 1, 1, 1, 1, 1, 2});
    request.seed = seed;
    const auto parts = partition(country.graph, request);
    std::vector<std::size_t> sizes(7, 0);
    for (const std::uint32_t part : parts) ++sizes.at(part);
    for (std::uint32_t part = 0; part < 7; ++part) {
      EXPECT_EQ(reach(country.mesh, parts, part), sizes[part]) << "seed " << seed;
      EXPECT_GT(sizes[part], 961u / 8 / 4) << "seed " << seed;
    }
    wanted_large += sizes[6];
    others += 961 - sizes[6];
  }
  EXPECT_GT(wanted_large * 6 * 2, others * 3);  // half as large again as the mean of the others, at least
}

TEST(Partition, gives_every_point_its_own_part_when_as_many_are_asked_for) {
  Country country;
  make_country(country);
  PartitionRequest request = request_for(country, {1, 1, 1});
  request.members = {0, country.mesh.adjacency[0], country.mesh.adjacency[1]};
  const auto parts = partition(country.graph, request);
  EXPECT_EQ(std::set<std::uint32_t>(parts.begin(), parts.end()).size(), 3u);
}

TEST(Partition, is_the_same_for_the_same_seed_only) {
  Country country;
  make_country(country);
  PartitionRequest request = request_for(country, std::vector<double>(9, 1.0));
  const auto first = partition(country.graph, request);
  EXPECT_EQ(first, partition(country.graph, request));
  request.seed = 4;
  EXPECT_NE(first, partition(country.graph, request));
}

TEST(ShareOut, adds_up_within_the_limits) {
  struct Case {
    std::uint32_t total;
    std::vector<double> shares;
    std::vector<std::uint32_t> limits, expected;
  };
  const Case cases[] = {
      {10, {1, 1, 3}, {99, 99, 99}, {2, 2, 6}},
      {10, {1, 1, 3}, {99, 99, 4}, {3, 3, 4}},     // the limit's rest goes to the others
      {5, {100, 0.001, 0.001}, {9, 9, 9}, {3, 1, 1}},  // nobody goes without
      {3, {0, 0, 0}, {9, 9, 9}, {1, 1, 1}},
  };
  for (const Case& c : cases) EXPECT_EQ(share_out(c.total, c.shares, c.limits), c.expected) << c.total;
}

}  // namespace
}  // namespace gridwall::geo
