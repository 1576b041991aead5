// The two shifted map systems of China, GCJ-02 (AMap, Tencent, most phones) and BD-09 (Baidu), to and from WGS 84.
// No official text exists: formulas and constants are the publicly known ones.
// Pure, any thread; what is not finite comes back as it went in. Test: tests/unit/geo/map_shift_test.cpp.
#pragma once

#include <optional>
#include <string_view>

#include "base/geometry.hpp"

namespace gridwall::geo {

// All points are x = longitude, y = latitude in degrees; WGS 84 and CGCS2000 are the same here (below 1 m).
// Inside this box, edges included, the systems shift; outside they are WGS 84. It covers parts of the neighbouring
// countries, where the true services do not shift: a known limit of every such formula.
[[nodiscard]] bool in_shift_box(base::Vec2d lonlat);

[[nodiscard]] base::Vec2d gcj02_from_wgs84(base::Vec2d lonlat);
[[nodiscard]] base::Vec2d bd09_from_gcj02(base::Vec2d lonlat);
[[nodiscard]] base::Vec2d bd09_from_wgs84(base::Vec2d lonlat);

// The exact inverses, by iteration: the point of the box that the functions above carry here, to 2e-12 degrees (0.2
// µm); a point that none of the box is carried to comes back as it is. So every point of the box goes there and back; a
// point within a shift (700 m, BD-09 1.4 km) outside an edge of the box may be taken for one inside.
[[nodiscard]] base::Vec2d wgs84_from_gcj02(base::Vec2d lonlat);
[[nodiscard]] base::Vec2d gcj02_from_bd09(base::Vec2d lonlat);
[[nodiscard]] base::Vec2d wgs84_from_bd09(base::Vec2d lonlat);

// What most others' software does instead of gcj02_from_bd09: one step, 0.05 to 0.12 m beside the exact inverse. For
// comparison with their figures only.
[[nodiscard]] base::Vec2d gcj02_from_bd09_in_one_step(base::Vec2d lonlat);

enum class ShiftedSystem { Gcj02, Bd09 };

// By the names in use: "GCJ-02", "gcj02", "BD_09", "bd 09", "BD09LL" (Baidu's name for its degrees). BD09MC, Baidu's
// metres, is none of them.
[[nodiscard]] std::optional<ShiftedSystem> shifted_system(std::string_view name);
[[nodiscard]] bool names_baidu_metres(std::string_view name);

[[nodiscard]] base::Vec2d wgs84_from(ShiftedSystem system, base::Vec2d lonlat);
[[nodiscard]] base::Vec2d shifted_from_wgs84(ShiftedSystem system, base::Vec2d lonlat);

}  // namespace gridwall::geo
