// Geometry bytes: no crash, no more points than bytes can hold, every ring well-formed, nothing left behind on failure.
#include <cmath>

#include "base/assert.hpp"
#include "fuzz_entry.hpp"
#include "geo/wkb_reader.hpp"

namespace gridwall {
namespace {

void check(const std::uint8_t* data, std::size_t size, double step) {
  geo::RawLayer layer;
  geo::GeometryLosses losses;
  const geo::WkbVerdict verdict = geo::read_wkb_polygons({data, size}, layer, losses, step);
  constexpr std::size_t kPointBytes = 16;
  ASSERT(layer.points.size() <= size / kPointBytes, "{} points of {} bytes", layer.points.size(), size);
  if (verdict != geo::WkbVerdict::Read) {
    ASSERT(layer.points.empty() && layer.rings.empty() && layer.polygon_count == 0, "left behind");
    return;
  }
  std::uint32_t end = 0;
  std::uint64_t shell_count = 0;
  for (const geo::RawRing& ring : layer.rings) {
    ASSERT(ring.begin == end, "a gap between rings");
    ASSERT(ring.end >= ring.begin + 3, "a ring of {} points", ring.end - ring.begin);
    end = ring.end;
    shell_count += !ring.is_hole;
  }
  ASSERT(end == layer.points.size(), "points outside of rings");
  ASSERT(shell_count == layer.polygon_count, "{} shells, {} polygons", shell_count, layer.polygon_count);
  ASSERT(layer.rings.empty() || !layer.rings[0].is_hole, "a hole first");
  const double reach = geo::kCoordinateMax + step;
  for (const base::Vec2d p : layer.points) {
    ASSERT(std::abs(p.x) <= reach && std::abs(p.y) <= reach, "{} {}", p.x, p.y);
  }
}

}  // namespace
}  // namespace gridwall

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  for (const double step : {0.0, 1e-9, 0.75, 1e9}) gridwall::check(data, size, step);
  return 0;
}
