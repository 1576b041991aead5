// Rings of any points: ear clipping ends with indices in range, and what the shaper makes of them is valid by GEOS with
// triangles that fill its rings.
// Input: one byte of flags (1: coordinates of two bytes instead of one, times 65,521; 2: no shaper), then a ring after
// the other: its number of points, its points; a count of 255 starts the next part.
#include <algorithm>

#include "base/assert.hpp"
#include "fuzz_entry.hpp"
#include "shape/division_shaper.hpp"
#include "shape/geos_shapes.hpp"

namespace gridwall {
namespace {

constexpr std::size_t kPointsMax = 120;  // the search for diagonals is cubic in a tangle
constexpr std::uint8_t kNextPart = 255;

struct Bytes {
  const std::uint8_t* at;
  const std::uint8_t* end;

  std::uint8_t take() { return at == end ? std::uint8_t{0} : *at++; }
  std::int32_t take_coordinate(bool wide) {
    const auto low = static_cast<std::int8_t>(take());
    return wide ? (low * 256 + take()) * 65521 : low;
  }
};

std::vector<shape::IntPolygon> read_polygons(Bytes bytes, bool wide) {
  std::vector<shape::IntPolygon> polygons(1);
  std::size_t left = kPointsMax;
  while (bytes.at != bytes.end && left > 0) {
    const std::uint8_t count = bytes.take();
    if (count == kNextPart) {
      polygons.emplace_back();
      --left;
      continue;
    }
    shape::IntRing& ring = polygons.back().emplace_back();
    for (std::size_t i = 0; i < std::min<std::size_t>(count, left); ++i) {
      const std::int32_t x = bytes.take_coordinate(wide);
      ring.push_back({x, bytes.take_coordinate(wide)});
    }
    left -= std::min<std::size_t>(std::max<std::size_t>(ring.size(), 1), left);
  }
  return polygons;
}

// For the message of a failure: the polygons as they can be pasted into a test.
std::string as_text(const std::vector<shape::IntPolygon>& polygons) {
  std::string text;
  for (const shape::IntPolygon& polygon : polygons) {
    text += "{";
    for (const shape::IntRing& ring : polygon) {
      text += "{";
      for (const base::Vec2i p : ring) text += fmt::format("{{{},{}}},", p.x, p.y);
      text += "},";
    }
    text += "},";
  }
  return text;
}

void check_triangles(const shape::IntPolygon& rings, const std::vector<std::uint32_t>& indices) {
  std::size_t count = 0;
  for (const shape::IntRing& ring : rings) count += ring.size();
  ASSERT(indices.size() % 3 == 0, "{} indices", indices.size());
  for (const std::uint32_t index : indices) ASSERT(index < count, "index {} of {}", index, count);
}

void check_shaped(const shape::ShapedDivision& shaped, std::size_t part_count) {
  shape::GeosContext geos;
  std::vector<shape::IntPolygon> polygons;
  for (const auto& part : shaped.parts) {
    check_triangles(part.rings, part.triangle_indices);
    polygons.push_back(part.rings);
  }
  ASSERT(shaped.ring_faults.listed.size() <= shaped.ring_faults.count, "{} faults listed", shaped.ring_faults.count);
  for (const shape::RingFault& fault : shaped.ring_faults.listed) ASSERT(fault.part_index < part_count, "no such part");
  ASSERT(shaped.ring_faults.count == 0 || !shaped.repair.empty(), "a fault that is not told");
  if (polygons.empty()) return;
  ASSERT(GEOSisValid_r(geos.handle(), geos.multi_polygon(polygons).get()) == 1, "not valid; {}; {}", shaped.repair,
         as_text(polygons));
  ASSERT(shaped.relative_area_error <= 1e-6, "triangles miss their rings by {}: {}", shaped.relative_area_error,
         as_text(polygons));
}

}  // namespace
}  // namespace gridwall

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace gridwall;
  if (size == 0) return 0;
  const auto polygons = read_polygons({data + 1, data + size}, (data[0] & 1) != 0);
  for (const shape::IntPolygon& polygon : polygons) check_triangles(polygon, shape::clip_ears(polygon));
  if ((data[0] & 2) != 0) return 0;
  check_shaped(shape::DivisionShaper().shape(polygons), polygons.size());
  return 0;
}
