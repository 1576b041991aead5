#include "geo/city_generator.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/log.hpp"
#include "base/random.hpp"
#include "geo/city_borders.hpp"
#include "geo/city_density.hpp"
#include "geo/city_mesh.hpp"
#include "geo/city_names.hpp"
#include "geo/city_partition.hpp"

namespace gridwall::geo {

using base::Error;
using base::ErrorCode;
using base::Random;
using base::Result;
using base::Status;
using base::Vec2d;
using base::Vec2i;

namespace {

constexpr std::uint32_t kPointsPerCell = 15;   // gives a finest cell about thirty corners
constexpr std::uint32_t kPointsMin = 3000;
constexpr std::size_t kSerialDigits = 3;       // of towns and villages, as in the national codes

Vec2d to_double(Vec2i p) { return {static_cast<double>(p.x), static_cast<double>(p.y)}; }

struct Level {
  std::vector<std::uint32_t> parent;   // of each division, in the level above
  std::vector<std::uint32_t> of_point; // the division of each point of the mesh
  std::vector<CityName> names;
};

class Builder {
 public:
  Builder(const CityRequest& request, const ProgressCallback& progress) : m_request(request), m_progress(progress) {}

  Result<CityPlan> run() {
    tell("reading the outline", 0);
    const auto& profile = m_request.profile;
    TRY_ASSIGN(m_outline, read_city_outline(m_request.district_folder / "boundary.geojson", profile.outline_crs,
                                            profile.world_crs));
    TRY_ASSIGN(m_towns, read_city_names(m_request.district_folder / "divisions.csv"));
    if (profile.levels.size() < 2) {
      return Error{ErrorCode::InvalidArgument, fmt::format("profile {}: needs a level below the root", profile.id)};
    }
    TRY(build_mesh());
    m_levels.resize(profile.levels.size());
    m_levels[0] = {{kNoIndex}, std::vector<std::uint32_t>(m_mesh.points.size(), 0),
                   {{profile.county_code, profile.name_zh}}};
    for (std::uint32_t level = 1; level < profile.levels.size(); ++level) divide(level);
    TRY_ASSIGN(auto plan, draw());
    tell("done", 1);
    return plan;
  }

 private:
  void tell(std::string_view step, double share) const {
    if (m_progress) m_progress(step, share);
  }

  Status build_mesh() {
    const auto& levels = m_request.profile.levels;
    const std::uint32_t town_count = levels[1].count;
    if (m_towns.size() > town_count) m_towns.resize(town_count);
    // Streets are the urban towns: they take the centres nearest to the main one.
    std::stable_partition(m_towns.begin(), m_towns.end(), [](const CityTown& town) { return town.street; });
    const auto street_count = static_cast<std::uint32_t>(
        std::count_if(m_towns.begin(), m_towns.end(), [](const CityTown& town) { return town.street; }));
    tell("placing towns", 0.02);
    const CityDensity density(m_outline.mainland, street_count, town_count, m_request.seed);
    const std::uint32_t point_count = std::max(kPointsMin, levels.back().count * kPointsPerCell);
    const CityPoints scattered = scatter_points(m_outline.mainland, density, point_count, m_request.seed);
    tell("triangulating", 0.2);
    m_mesh = triangulate(m_outline.mainland, scattered.points);
    if (m_mesh.points.size() < levels.back().count) {
      return Error{ErrorCode::InvalidArgument,
                   fmt::format("profile {}: the outline has no room for {} divisions of level {}",
                               m_request.profile.id, levels.back().count, levels.size() - 1)};
    }
    m_town_centres = density.town_centres();
    weigh(density, scattered.spacing_mm);
    return {};
  }

  void weigh(const CityDensity& density, double spacing_mm) {
    std::vector<double> field;
    for (const Vec2i p : m_mesh.points) field.push_back(density.at(to_double(p)));
    m_graph.mesh = &m_mesh;
    m_graph.weights.assign(m_mesh.points.size(), 0);
    m_areas.assign(m_mesh.points.size(), 0);
    for (const auto& triangle : m_mesh.triangles) {
      const auto& [a, b, c] = triangle.points;
      const double area =
          static_cast<double>(doubled_area_mm2({m_mesh.points[a], m_mesh.points[b], m_mesh.points[c]})) / 6;
      for (const std::uint32_t point : triangle.points) {
        m_areas[point] += area;
        m_graph.weights[point] += area * field[point];
      }
    }
    m_graph.edge_costs.reserve(m_mesh.adjacency.size());
    for (std::uint32_t from = 0; from < m_mesh.points.size(); ++from) {
      for (std::uint32_t k = m_mesh.first[from]; k < m_mesh.first[from + 1]; ++k) {
        const std::uint32_t to = m_mesh.adjacency[k];
        const Vec2d apart = to_double(m_mesh.points[to]) - to_double(m_mesh.points[from]);
        const std::uint64_t key = (std::uint64_t{std::min(from, to)} << 32) | std::max(from, to);
        const double rough = 0.7 + 0.6 * Random(m_request.seed ^ (key * 0x9e3779b97f4a7c15ull)).next_unit();
        const double length = std::hypot(apart.x, apart.y) / spacing_mm;
        m_graph.edge_costs.push_back(length * std::pow(field[from] * field[to], 0.25) * rough);
      }
    }
  }

  struct Family {  // one parent on the way to its children
    std::vector<std::uint32_t> members;
    double weight = 0, area_mm2 = 0;
  };

  [[nodiscard]] std::vector<Family> families(std::uint32_t parent_level) const {
    const Level& above = m_levels[parent_level];
    std::vector<Family> result(above.parent.size());
    for (std::uint32_t point = 0; point < m_mesh.points.size(); ++point) {
      Family& family = result[above.of_point[point]];
      family.members.push_back(point);
      family.weight += m_graph.weights[point];
      family.area_mm2 += m_areas[point];
    }
    return result;
  }

  // How many children each parent gets: towns as many as they really have, others by the people in them.
  [[nodiscard]] std::vector<std::uint32_t> child_counts(std::uint32_t level, const std::vector<Family>& parents) const {
    Random random = Random(m_request.seed).fork(100 + level);
    std::vector<double> shares;
    std::vector<std::uint32_t> limits;
    for (std::uint32_t i = 0; i < parents.size(); ++i) {
      shares.push_back(level == 2 ? town_share(i) : parents[i].weight * std::exp(0.22 * random.next_normal()));
      limits.push_back(static_cast<std::uint32_t>(parents[i].members.size()));
    }
    return share_out(m_request.profile.levels[level].count, shares, limits);
  }

  // A town's part of the villages; a town without real ones counts like the mean.
  [[nodiscard]] double town_share(std::uint32_t town) const {
    if (town < m_towns.size() && !m_towns[town].villages.empty()) {
      return static_cast<double>(m_towns[town].villages.size());
    }
    double sum = 0, known = 0;
    for (const CityTown& other : m_towns) {
      sum += static_cast<double>(other.villages.size());
      known += other.villages.empty() ? 0 : 1;
    }
    return known > 0 ? sum / known : 1;
  }

  void divide(std::uint32_t level) {
    const auto parents = families(level - 1);
    const auto counts = child_counts(level, parents);
    const std::uint32_t children_max = *std::max_element(counts.begin(), counts.end());
    const std::size_t digits = level <= 2 || children_max >= 100 ? kSerialDigits : 2;
    Level& own = m_levels[level];
    own.of_point.assign(m_mesh.points.size(), kNoIndex);
    for (std::uint32_t i = 0; i < parents.size(); ++i) {
      const double done = level - 1 + static_cast<double>(i) / static_cast<double>(parents.size());
      const double share = done / static_cast<double>(m_levels.size() - 1);
      if (i % 64 == 0) tell(fmt::format("dividing level {}", level), 0.3 + 0.55 * share);
      const auto begin = static_cast<std::uint32_t>(own.parent.size());
      const auto part = divide_one(level, i, parents[i], counts[i]);
      for (std::size_t m = 0; m < part.size(); ++m) own.of_point[parents[i].members[m]] = begin + part[m];
      own.parent.insert(own.parent.end(), counts[i], i);
      const auto names = name_children(level, i, counts[i], digits);
      own.names.insert(own.names.end(), names.begin(), names.end());
    }
  }

  std::vector<std::uint32_t> divide_one(std::uint32_t level, std::uint32_t index, const Family& parent,
                                        std::uint32_t count) {
    PartitionRequest request;
    request.members = parent.members;
    request.land_size_mm = 0.8 * std::sqrt(parent.area_mm2 / count);
    request.seed = Random(m_request.seed).fork(1000 + level).fork(index).next_u64();
    Random random(request.seed);
    for (std::uint32_t i = 0; i < count; ++i) {
      request.targets.push_back(level == 1 ? town_share(i) : std::exp(0.3 * random.next_normal()));
    }
    if (level == 1) request.first_seeds = points_at_town_centres();
    auto part = partition(m_graph, request);
    if (level > 1) put_in_order(level, parent, count, part);
    return part;
  }

  // A point of its own for each town centre, the nearest.
  [[nodiscard]] std::vector<std::uint32_t> points_at_town_centres() const {
    std::vector<std::uint32_t> seeds;
    for (const Vec2d centre : m_town_centres) {
      std::uint32_t nearest = kNoIndex;
      double best = INFINITY;
      for (std::uint32_t i = 0; i < m_mesh.points.size(); ++i) {
        const Vec2d apart = to_double(m_mesh.points[i]) - centre;
        const double distance = std::hypot(apart.x, apart.y);
        if (distance < best && std::find(seeds.begin(), seeds.end(), i) == seeds.end()) nearest = i, best = distance;
      }
      seeds.push_back(nearest);
    }
    return seeds;
  }

  // Serial numbers run as on maps: villages from the densest outwards (communities have the low codes), smaller
  // divisions from north to south in bands, west to east in each.
  void put_in_order(std::uint32_t level, const Family& parent, std::uint32_t count,
                    std::vector<std::uint32_t>& part) const {
    struct Place {
      double x = 0, y = 0, weight = 0, area = 0;
    };
    std::vector<Place> places(count);
    double north = -INFINITY;
    for (std::size_t m = 0; m < part.size(); ++m) {
      const std::uint32_t point = parent.members[m];
      const Vec2d p = to_double(m_mesh.points[point]);
      Place& place = places[part[m]];
      place.x += p.x * m_areas[point];
      place.y += p.y * m_areas[point];
      place.area += m_areas[point];
      place.weight += m_graph.weights[point];
      north = std::max(north, p.y);
    }
    const double band = 1.2 * std::sqrt(parent.area_mm2 / count);
    std::vector<std::pair<double, double>> keys;
    for (const Place& place : places) {
      if (level == 2) {
        keys.emplace_back(-place.weight / place.area, 0);
      } else {
        keys.emplace_back(std::floor((north - place.y / place.area) / band), place.x / place.area);
      }
    }
    std::vector<std::uint32_t> order(count), rank(count);
    std::iota(order.begin(), order.end(), 0u);
    std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
      return keys[a] != keys[b] ? keys[a] < keys[b] : a < b;
    });
    for (std::uint32_t i = 0; i < count; ++i) rank[order[i]] = i;
    for (std::uint32_t& p : part) p = rank[p];
  }

  [[nodiscard]] std::vector<CityName> name_children(std::uint32_t level, std::uint32_t parent, std::uint32_t count,
                                                    std::size_t digits) const {
    std::vector<CityName> known;
    if (level == 1) {
      for (const CityTown& town : m_towns) known.push_back(town.own);
    } else if (level == 2 && parent < m_towns.size()) {
      known = m_towns[parent].villages;
    }
    return complete_names(known, count, m_levels[level - 1].names[parent].code,
                          m_request.profile.levels[level].name_zh, digits);
  }

  // Borders as smooth as they can be; straighter ones should GEOS ever find fault with a polygon.
  Result<CityPlan> draw() {
    std::string reason;
    for (const double smoothing : {0.75, 0.3, 0.0}) {
      tell("drawing borders", 0.88);
      CityPlan plan = make_plan(draw_borders(m_mesh, m_levels.back().of_point, smoothing));
      tell("checking polygons", 0.95);
      reason = first_fault(plan);
      if (reason.empty()) return plan;
      base::log_warning("geo", "city profile={} smoothing={} fault={}", m_request.profile.id, smoothing, reason);
    }
    return Error{ErrorCode::Internal, fmt::format("profile {}: no valid borders with seed {} ({}); try another --seed",
                                                  m_request.profile.id, m_request.seed, reason)};
  }

  CityPlan make_plan(const CityBorders& borders) const {
    CityPlan plan{m_request.profile.id, m_request.profile.world_crs, m_request.seed, m_outline.origin_x_mm,
                  m_outline.origin_y_mm, {}, {}};
    const auto hosts = island_hosts();
    std::uint32_t parent_begin = 0;
    for (std::uint32_t level = 0; level < m_levels.size(); ++level) {
      const Level& own = m_levels[level];
      const auto begin = static_cast<std::uint32_t>(plan.divisions.size());
      const auto ancestor = ancestors_of_finest(level);
      auto polygons = trace_polygons(borders, ancestor, static_cast<std::uint32_t>(own.parent.size()));
      for (std::size_t i = 0; i < hosts.size(); ++i) polygons[ancestor[hosts[i]]].push_back(m_outline.islands[i]);
      for (std::uint32_t i = 0; i < own.parent.size(); ++i) {
        plan.divisions.push_back({own.names[i].code, own.names[i].name, m_request.profile.levels[level].kind, level,
                                  level == 0 ? UINT32_MAX : parent_begin + own.parent[i], std::move(polygons[i])});
      }
      plan.level_counts.push_back(static_cast<std::uint32_t>(own.parent.size()));
      parent_begin = begin;
    }
    return plan;
  }

  // The division of `level` that holds each finest one.
  [[nodiscard]] std::vector<std::uint32_t> ancestors_of_finest(std::uint32_t level) const {
    std::vector<std::uint32_t> ancestor(m_levels.back().parent.size());
    std::iota(ancestor.begin(), ancestor.end(), 0u);
    for (std::size_t at = m_levels.size() - 1; at > level; --at) {
      for (std::uint32_t& index : ancestor) index = m_levels[at].parent[index];
    }
    return ancestor;
  }

  // The finest division on the mainland that is nearest to each island.
  [[nodiscard]] std::vector<std::uint32_t> island_hosts() const {
    std::vector<std::uint32_t> hosts;
    for (const CityPolygon& island : m_outline.islands) {
      std::uint32_t nearest = 0;
      double best = INFINITY;
      for (std::uint32_t i = 0; i < m_mesh.points.size(); ++i) {
        const Vec2d p = to_double(m_mesh.points[i]);
        for (const Vec2i q : island.front()) {
          const double distance = std::hypot(p.x - q.x, p.y - q.y);
          if (distance < best) nearest = i, best = distance;
        }
      }
      hosts.push_back(m_levels.back().of_point[nearest]);
    }
    return hosts;
  }

  [[nodiscard]] static std::string first_fault(const CityPlan& plan) {
    std::vector<std::int64_t> own(plan.divisions.size(), 0), of_children(plan.divisions.size(), 0);
    const std::size_t leaves_begin = plan.divisions.size() - plan.level_counts.back();
    for (std::size_t i = 0; i < plan.divisions.size(); ++i) {
      const CityDivision& division = plan.divisions[i];
      const std::string reason = division.parts.empty() ? "no area" : first_invalid(division.parts);
      if (!reason.empty()) return fmt::format("{}: {}", division.code, reason);
      for (const auto& part : division.parts) own[i] += doubled_area_mm2(part);
      if (division.parent != UINT32_MAX) of_children[division.parent] += own[i];
    }
    for (std::size_t i = 0; i < leaves_begin; ++i) {
      if (own[i] != of_children[i]) return fmt::format("{}: its children do not cover it", plan.divisions[i].code);
    }
    return {};
  }

  const CityRequest& m_request;
  const ProgressCallback& m_progress;
  CityOutline m_outline;
  std::vector<CityTown> m_towns;
  std::vector<Vec2d> m_town_centres;
  CityMesh m_mesh;
  CityGraph m_graph;
  std::vector<double> m_areas;  // of the land around each point, mm²
  std::vector<Level> m_levels;
};

}  // namespace

Result<CityPlan> generate_city(const CityRequest& request, const ProgressCallback& progress) {
  return Builder(request, progress).run();
}

}  // namespace gridwall::geo
