// ProjectionPatches: a smooth Transform from longitude and latitude by polynomials over small cells, many times quicker
// than PROJ. Each cell's polynomial is measured against PROJ where it errs most, and a cell that misses by more than a
// tenth of the bound is left to PROJ.
// Invariant: a point that is taken lies within kPatchError_m of PROJ's and rounds to the same whole or half millimetre
// as PROJ's does, so a tree of millimetres is the same either way; what would be near to rounding otherwise is not
// taken. A pure function of the point: neighbours and other layers get equal vertices.
// Read only once fitted, any thread. Private to this room. Test: tests/unit/geo/projection_patches_test.cpp.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "geo/transform.hpp"

namespace gridwall::geo {

inline constexpr double kPatchError_m = 1e-7;

class ProjectionPatches {
 public:
  // For the cells in which the points lie. nullopt: not smooth, too large, or too few points for the work.
  static std::optional<ProjectionPatches> fit(const Transform& exact, std::span<const base::Vec2d> points_lonlat,
                                              const base::Box2d& extent_lonlat);

  // False: not taken, the point is as it was and PROJ has to be asked.
  bool project(base::Vec2d& point) const;

  [[nodiscard]] double error_m_max() const { return m_error_m_max; }  // as measured, of the cells that are used

 private:
  static constexpr std::size_t kTerms = 4;  // powers 0 to 3 each way
  using Pair = double __attribute__((vector_size(2 * sizeof(double))));
  struct Patch {
    Pair offset{};
    std::array<Pair, kTerms * kTerms> terms{};
  };

  [[nodiscard]] std::size_t cell_of(base::Vec2d point, double& u, double& v) const;
  bool fit_cell(const Transform& exact, std::size_t column, std::size_t row, Patch& patch);
  static Pair value_at(const Patch& patch, double u, double v);

  base::Vec2d m_first_cell;  // the south-western one's number
  std::size_t m_columns = 0, m_rows = 0;
  std::vector<std::uint32_t> m_patch_of_cell;  // kNoPatch: PROJ is asked
  std::vector<Patch> m_patches;
  double m_error_m_max = 0;
};

}  // namespace gridwall::geo
