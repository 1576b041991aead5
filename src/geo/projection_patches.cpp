#include "geo/projection_patches.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace gridwall::geo {

using base::Vec2d;

namespace {

constexpr double kCellsPerDegree = 32;          // some 3.5 km: cubic polynomials err by a nanometre there
constexpr double kExtentMax_deg = 6;            // as far as a tree has units of a millimetre
constexpr std::size_t kPointsPerCellMin = 200;  // fitting one asks PROJ 41 times
constexpr double kCellError_m = kPatchError_m / 10;
constexpr std::uint32_t kNoPatch = std::numeric_limits<std::uint32_t>::max(), kWanted = kNoPatch - 1;

// Chebyshev's nodes, and where the first term that is left out is largest.
double node(std::size_t k) {
  return std::cos(std::numbers::pi * (2 * static_cast<double>(k) + 1) / 8);
}
double control(std::size_t k) {
  return std::cos(std::numbers::pi * static_cast<double>(k) / 4);
}

// Four values at the nodes into powers 0 to 3.
template <typename Value>
std::array<Value, 4> powers_of(const std::array<Value, 4>& at_nodes) {
  std::array<Value, 4> c{};
  for (std::size_t j = 0; j < 4; ++j) {
    for (std::size_t k = 0; k < 4; ++k) {
      const double angle = std::numbers::pi * static_cast<double>(j) * (2 * static_cast<double>(k) + 1) / 8;
      c[j] += at_nodes[k] * ((j == 0 ? 0.25 : 0.5) * std::cos(angle));
    }
  }
  return {c[0] - c[2], c[1] - c[3] * 3.0, c[2] * 2.0, c[3] * 4.0};
}

// Could a point so near be rounded the other way? Whole and half millimetres are where units of a tree begin and end.
bool near_rounding(double metres) {
  const double half_mm = metres * 2000;
  return std::abs(half_mm - std::nearbyint(half_mm)) < kPatchError_m * 2000;
}

}  // namespace

std::size_t ProjectionPatches::cell_of(Vec2d point, double& u, double& v) const {
  const double x = point.x * kCellsPerDegree - m_first_cell.x, y = point.y * kCellsPerDegree - m_first_cell.y;
  if (!(x >= 0 && y >= 0 && x < static_cast<double>(m_columns) && y < static_cast<double>(m_rows))) return kNoPatch;
  const auto column = static_cast<std::size_t>(x), row = static_cast<std::size_t>(y);
  u = 2 * (x - static_cast<double>(column)) - 1;
  v = 2 * (y - static_cast<double>(row)) - 1;
  return row * m_columns + column;
}

ProjectionPatches::Pair ProjectionPatches::value_at(const Patch& patch, double u, double v) {
  Pair value{};
  for (std::size_t i = kTerms; i-- > 0;) {
    const Pair* row = &patch.terms[i * kTerms];
    value = value * u + (row[0] + v * (row[1] + v * (row[2] + v * row[3])));
  }
  return patch.offset + value;
}

bool ProjectionPatches::fit_cell(const Transform& exact, std::size_t column, std::size_t row, Patch& patch) {
  const auto lonlat_at = [&](double u, double v) {
    return Vec2d{(m_first_cell.x + static_cast<double>(column) + (u + 1) / 2) / kCellsPerDegree,
                 (m_first_cell.y + static_cast<double>(row) + (v + 1) / 2) / kCellsPerDegree};
  };
  const auto middle = exact.forward(lonlat_at(0, 0));
  if (!middle) return false;
  patch.offset = Pair{middle->x, middle->y};
  std::array<std::array<Pair, kTerms>, kTerms> by_v;  // powers of v at each node of u
  for (std::size_t i = 0; i < kTerms; ++i) {
    std::array<Pair, kTerms> at_nodes;
    for (std::size_t k = 0; k < kTerms; ++k) {
      const auto world = exact.forward(lonlat_at(node(i), node(k)));
      if (!world) return false;
      at_nodes[k] = Pair{world->x, world->y} - patch.offset;
    }
    by_v[i] = powers_of(at_nodes);
  }
  for (std::size_t power = 0; power < kTerms; ++power) {
    const auto by_u = powers_of(std::array{by_v[0][power], by_v[1][power], by_v[2][power], by_v[3][power]});
    for (std::size_t i = 0; i < kTerms; ++i) patch.terms[i * kTerms + power] = by_u[i];
  }
  double error_m = 0;
  for (std::size_t i = 0; i <= kTerms; ++i) {
    for (std::size_t k = 0; k <= kTerms; ++k) {
      const auto world = exact.forward(lonlat_at(control(i), control(k)));
      if (!world) return false;
      const Pair value = value_at(patch, control(i), control(k));
      error_m = std::max({error_m, std::abs(value[0] - world->x), std::abs(value[1] - world->y)});
    }
  }
  if (!(error_m <= kCellError_m)) return false;
  m_error_m_max = std::max(m_error_m_max, error_m);
  return true;
}

std::optional<ProjectionPatches> ProjectionPatches::fit(const Transform& exact, std::span<const Vec2d> points_lonlat,
                                                        const base::Box2d& extent_lonlat) {
  if (!exact.is_smooth() || exact.to_degrees() || extent_lonlat.empty()) return std::nullopt;
  if (!(extent_lonlat.width() < kExtentMax_deg && extent_lonlat.height() < kExtentMax_deg)) return std::nullopt;
  ProjectionPatches made;
  made.m_first_cell = {std::floor(extent_lonlat.min.x * kCellsPerDegree),
                       std::floor(extent_lonlat.min.y * kCellsPerDegree)};
  const auto cells_to = [](double degrees, double first) {
    return static_cast<std::size_t>(std::floor(degrees * kCellsPerDegree) - first) + 1;
  };
  made.m_columns = cells_to(extent_lonlat.max.x, made.m_first_cell.x);
  made.m_rows = cells_to(extent_lonlat.max.y, made.m_first_cell.y);
  made.m_patch_of_cell.assign(made.m_columns * made.m_rows, kNoPatch);
  for (const Vec2d p : points_lonlat) {
    double u = 0, v = 0;
    const std::size_t cell = made.cell_of(p, u, v);
    if (cell != kNoPatch) made.m_patch_of_cell[cell] = kWanted;
  }
  const auto wanted =
      static_cast<std::size_t>(std::count(made.m_patch_of_cell.begin(), made.m_patch_of_cell.end(), kWanted));
  if (wanted == 0 || points_lonlat.size() / wanted < kPointsPerCellMin) return std::nullopt;
  for (std::size_t cell = 0; cell < made.m_patch_of_cell.size(); ++cell) {
    if (made.m_patch_of_cell[cell] != kWanted) continue;
    made.m_patch_of_cell[cell] = kNoPatch;
    Patch patch;
    if (!made.fit_cell(exact, cell % made.m_columns, cell / made.m_columns, patch)) continue;
    made.m_patch_of_cell[cell] = static_cast<std::uint32_t>(made.m_patches.size());
    made.m_patches.push_back(patch);
  }
  return made;
}

bool ProjectionPatches::project(Vec2d& point) const {
  double u = 0, v = 0;
  const std::size_t cell = cell_of(point, u, v);
  if (cell == kNoPatch || m_patch_of_cell[cell] == kNoPatch) return false;
  const Pair value = value_at(m_patches[m_patch_of_cell[cell]], u, v);
  if (near_rounding(value[0]) || near_rounding(value[1])) return false;
  point = {value[0], value[1]};
  return true;
}

}  // namespace gridwall::geo
