// Divides the points of a mesh into connected districts of wanted sizes, level by level: regions grow from seeds along
// the mesh at a pace that varies with the land, and the seeds move until the sizes are about right.
// Every part is connected and has at least one point. Private to this room. Test: city_partition_test.cpp.
#pragma once

#include <cstdint>
#include <vector>

#include "geo/city_mesh.hpp"

namespace gridwall::geo {

// What growing needs to know of the mesh.
struct CityGraph {
  const CityMesh* mesh = nullptr;
  std::vector<double> edge_costs;  // beside mesh->adjacency: length in local spacings, roughened
  std::vector<double> weights;     // of each point: how many people live around it
};

struct PartitionRequest {
  std::vector<std::uint32_t> members;        // points of the parent: one connected piece
  std::vector<double> targets;               // wanted weight of each part, in any unit; at most as many as members
  std::vector<std::uint32_t> first_seeds;    // a member for each part to start from; empty: they are found
  double land_size_mm = 1;                   // size of the features that borders follow at this level
  std::uint64_t seed = 0;
};

// The part of each member, beside `members`.
std::vector<std::uint32_t> partition(const CityGraph& graph, const PartitionRequest& request);

// `total` shared out in proportion to `shares`, each at least 1 and at most its limit; the sum is exact.
// The limits' sum is at least `total`, and `total` at least the number of shares.
std::vector<std::uint32_t> share_out(std::uint32_t total, const std::vector<double>& shares,
                                     const std::vector<std::uint32_t>& limits);

}  // namespace gridwall::geo
