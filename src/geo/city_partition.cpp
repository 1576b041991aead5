#include "geo/city_partition.hpp"

#include <algorithm>
#include <cmath>
#include <queue>

#include "base/assert.hpp"
#include "base/random.hpp"
#include "geo/city_density.hpp"

namespace gridwall::geo {

using base::Random;
using base::Vec2d;
using base::Vec2i;

namespace {

constexpr int kRounds = 10;
// How much quicker a part may grow than its fair pace: more would meet its size better and wrap it around others.
constexpr double kPaceMin = 0.6, kPaceMax = 1.7;

// A part below this share of what it should have is a sliver: then another land is tried.
constexpr double kShareMin = 0.3;
constexpr int kAttempts = 6;

class Growth {
 public:
  Growth(const CityGraph& graph, const PartitionRequest& request) : m_graph(graph), m_request(request) {
    const std::size_t size = request.members.size();
    for (std::uint32_t i = 0; i < size; ++i) m_local.emplace_back(request.members[i], i);
    std::sort(m_local.begin(), m_local.end());
    copy_edges();
    m_part.resize(size);
    m_cost.resize(size);
    double target_sum = 0, weight_sum = 0;
    for (const double target : request.targets) target_sum += target;
    for (const std::uint32_t member : request.members) weight_sum += graph.weights[member];
    const double fair = target_sum / static_cast<double>(request.targets.size());
    for (const double target : request.targets) {
      m_wanted.push_back(target / target_sum * weight_sum);
      m_pace.push_back(std::clamp(std::sqrt(fair / target), kPaceMin, kPaceMax));  // an area is a radius squared
    }
  }

  std::vector<std::uint32_t> run() {
    choose_seeds();
    for (int round = 0; round < kRounds; ++round) {
      grow();
      if (round + 1 == kRounds) break;
      adjust_paces();
      move_seeds();
    }
    return m_part;
  }

  // Of all parts after run(): the least of what a part has to what it should have.
  [[nodiscard]] double smallest_share() const {
    const std::vector<double> size = sizes();
    double smallest = INFINITY;
    for (std::size_t part = 0; part < size.size(); ++part) smallest = std::min(smallest, size[part] / m_wanted[part]);
    return smallest;
  }

 private:
  struct Edge {
    std::uint32_t to;
    double cost;
  };

  [[nodiscard]] std::uint32_t local(std::uint32_t point) const {
    const auto found = std::lower_bound(m_local.begin(), m_local.end(), std::pair{point, 0u});
    return found != m_local.end() && found->first == point ? found->second : kNoIndex;
  }
  [[nodiscard]] Vec2d position(std::uint32_t member) const {
    const Vec2i p = m_graph.mesh->points[m_request.members[member]];
    return {static_cast<double>(p.x), static_cast<double>(p.y)};
  }

  void copy_edges() {
    m_first.push_back(0);
    for (std::uint32_t i = 0; i < m_request.members.size(); ++i) {
      const std::uint32_t point = m_request.members[i];
      const Vec2d at = position(i);
      // Slow land and quick land: borders come to lie along the slow.
      const double land = std::exp(0.9 * smooth_noise(m_request.seed, at.x, at.y, m_request.land_size_mm) +
                                   0.9 * smooth_noise(m_request.seed ^ 1, at.x, at.y, m_request.land_size_mm / 3));
      for (std::uint32_t k = m_graph.mesh->first[point]; k < m_graph.mesh->first[point + 1]; ++k) {
        const std::uint32_t to = local(m_graph.mesh->adjacency[k]);
        if (to != kNoIndex) m_edges.push_back({to, m_graph.edge_costs[k] * land});
      }
      m_first.push_back(static_cast<std::uint32_t>(m_edges.size()));
    }
  }

  // Each next seed is the candidate farthest from those before it, counted in local spacings.
  void choose_seeds() {
    if (!m_request.first_seeds.empty()) {
      for (const std::uint32_t point : m_request.first_seeds) m_seeds.push_back(local(point));
      return;
    }
    Random random(m_request.seed);
    std::vector<bool> taken(m_request.members.size(), false);
    for (std::size_t part = 0; part < m_request.targets.size(); ++part) {
      std::uint32_t chosen = kNoIndex;
      double farthest = -1;
      for (int candidate = 0; candidate < 12; ++candidate) {
        auto i = static_cast<std::uint32_t>(random.next_below(m_request.members.size()));
        while (taken[i]) i = i + 1 == taken.size() ? 0 : i + 1;
        double nearest = 1e30;
        for (const std::uint32_t seed : m_seeds) {
          const Vec2d apart = position(i) - position(seed);
          nearest = std::min(nearest, std::hypot(apart.x, apart.y));
        }
        const double spacing = std::sqrt(m_graph.weights[m_request.members[i]]);
        if (m_seeds.empty()) nearest = 1 + random.next_unit();
        if (nearest * spacing > farthest) chosen = i, farthest = nearest * spacing;
      }
      taken[chosen] = true;
      m_seeds.push_back(chosen);
    }
  }

  void grow() {
    struct Front {
      double cost;
      std::uint32_t member, part;
      bool operator>(const Front& other) const {
        return cost != other.cost ? cost > other.cost
                                  : std::pair(member, part) > std::pair(other.member, other.part);
      }
    };
    std::fill(m_part.begin(), m_part.end(), kNoIndex);
    std::fill(m_cost.begin(), m_cost.end(), INFINITY);
    std::priority_queue<Front, std::vector<Front>, std::greater<>> fronts;
    for (std::uint32_t part = 0; part < m_seeds.size(); ++part) {
      m_cost[m_seeds[part]] = -1;  // a seed is its own part's before anything can reach it
      fronts.push({-1, m_seeds[part], part});
    }
    while (!fronts.empty()) {
      const Front front = fronts.top();
      fronts.pop();
      if (m_part[front.member] != kNoIndex) continue;
      m_part[front.member] = front.part;
      for (std::uint32_t k = m_first[front.member]; k < m_first[front.member + 1]; ++k) {
        const Edge& edge = m_edges[k];
        const double cost = std::max(0.0, front.cost) + edge.cost * m_pace[front.part];
        if (m_part[edge.to] != kNoIndex || cost >= m_cost[edge.to]) continue;
        m_cost[edge.to] = cost;
        fronts.push({cost, edge.to, front.part});
      }
    }
  }

  [[nodiscard]] std::vector<double> sizes() const {
    std::vector<double> size(m_seeds.size(), 0);
    for (std::uint32_t i = 0; i < m_part.size(); ++i) {
      ASSERT(m_part[i] != kNoIndex, "the members of a parent are not connected");
      size[m_part[i]] += m_graph.weights[m_request.members[i]];
    }
    return size;
  }

  void adjust_paces() {
    const std::vector<double> size = sizes();
    for (std::size_t part = 0; part < size.size(); ++part) {
      m_pace[part] = std::clamp(m_pace[part] * std::pow(size[part] / m_wanted[part], 0.35), kPaceMin, kPaceMax);
    }
  }

  // To the member nearest to the middle of its part.
  void move_seeds() {
    std::vector<Vec2d> sum(m_seeds.size());
    std::vector<double> weight(m_seeds.size(), 0);
    for (std::uint32_t i = 0; i < m_part.size(); ++i) {
      const double w = m_graph.weights[m_request.members[i]];
      sum[m_part[i]] = sum[m_part[i]] + position(i) * w;
      weight[m_part[i]] += w;
    }
    std::vector<double> nearest(m_seeds.size(), INFINITY);
    for (std::uint32_t i = 0; i < m_part.size(); ++i) {
      const std::uint32_t part = m_part[i];
      const Vec2d apart = position(i) - sum[part] * (1 / weight[part]);
      const double distance = std::hypot(apart.x, apart.y);
      if (distance < nearest[part]) nearest[part] = distance, m_seeds[part] = i;
    }
  }

  const CityGraph& m_graph;
  const PartitionRequest& m_request;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> m_local;  // point, member; sorted
  std::vector<std::uint32_t> m_first;
  std::vector<Edge> m_edges;
  std::vector<std::uint32_t> m_seeds, m_part;
  std::vector<double> m_cost, m_pace, m_wanted;
};

}  // namespace

std::vector<std::uint32_t> partition(const CityGraph& graph, const PartitionRequest& request) {
  ASSERT(!request.targets.empty() && request.targets.size() <= request.members.size(), "{} parts of {} points",
         request.targets.size(), request.members.size());
  if (request.targets.size() == 1) return std::vector<std::uint32_t>(request.members.size(), 0);
  std::vector<std::uint32_t> best;
  double best_share = -1;
  PartitionRequest attempt = request;
  for (int i = 0; i < kAttempts && best_share < kShareMin; ++i) {
    Growth growth(graph, attempt);
    auto parts = growth.run();
    if (const double share = growth.smallest_share(); share > best_share) best = std::move(parts), best_share = share;
    attempt.seed = Random(attempt.seed).next_u64();
  }
  return best;
}

std::vector<std::uint32_t> share_out(std::uint32_t total, const std::vector<double>& shares,
                                     const std::vector<std::uint32_t>& limits) {
  double sum = 0;
  for (const double share : shares) sum += share;
  std::vector<std::uint32_t> counts;
  std::uint32_t given = 0;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const double exact = sum > 0 ? shares[i] / sum * total : 0;
    counts.push_back(std::clamp<std::uint32_t>(static_cast<std::uint32_t>(exact), 1, std::max(1u, limits[i])));
    given += counts.back();
  }
  // One by one to (or from) whoever is farthest below (or above) what is due; ties go to the first.
  using Entry = std::pair<double, std::size_t>;
  const bool add = given < total;
  const auto due = [&](std::size_t i) {
    const double share = std::max(shares[i], 1e-12);
    return add ? counts[i] / share : -(counts[i] / share);
  };
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> queue;
  for (std::size_t i = 0; i < counts.size(); ++i) queue.emplace(due(i), i);
  while (given != total) {
    ASSERT(!queue.empty(), "{} cannot be shared out within the limits", total);
    const std::size_t i = queue.top().second;
    queue.pop();
    if (add ? counts[i] >= limits[i] : counts[i] <= 1) continue;
    counts[i] = add ? counts[i] + 1 : counts[i] - 1;
    given = add ? given + 1 : given - 1;
    queue.emplace(due(i), i);
  }
  return counts;
}

}  // namespace gridwall::geo
