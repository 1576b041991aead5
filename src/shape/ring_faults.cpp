#include "shape/ring_faults.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string_view>

namespace gridwall::shape {

using base::Vec2i;

namespace {

// Holes tried one by one against their shell: each try reads the whole shell again.
constexpr std::uint64_t kPairVerticesMax = 5'000'000;

struct Validity {
  std::string reason;  // empty: valid
  std::optional<Vec2i> at;
};

std::string plain_words(std::string_view reason) {
  const std::pair<std::string_view, std::string_view> kWords[] = {
      {"Ring Self-intersection", "touches itself"},
      {"Self-intersection", "crosses itself or another ring"},
      {"Hole lies outside shell", "lies outside its shell"},
      {"Holes are nested", "lies inside another hole"},
      {"Nested shells", "lies inside another part"},
      {"Duplicate Rings", "is there twice"},
      {"Interior is disconnected", "cuts its part in two"},
      {"Too few points", "has too few points"},
      {"Invalid Coordinate", "has a coordinate that is no number"},
  };
  for (const auto& [begin, words] : kWords) {
    if (reason.starts_with(begin)) return fmt::format("{} ({})", words, begin);
  }
  return reason.empty() ? std::string("is invalid") : std::string(reason);
}

Validity validity_of(GeosContext& geos, const GEOSGeometry* geometry) {
  if (geometry == nullptr) return {"GEOS refuses it: " + geos.message(), std::nullopt};
  char* reason = nullptr;
  GEOSGeometry* place = nullptr;
  const char valid = GEOSisValidDetail_r(geos.handle(), geometry, 0, &reason, &place);
  const GeosContext::Geometry place_owned = geos.own(place);
  Validity found;
  if (valid != 1) {
    found.reason = plain_words(reason != nullptr ? reason : geos.message());
    double x = 0, y = 0;
    if (place != nullptr && GEOSGeomGetX_r(geos.handle(), place, &x) == 1 &&
        GEOSGeomGetY_r(geos.handle(), place, &y) == 1 && std::isfinite(x) && std::isfinite(y)) {
      found.at = Vec2i{static_cast<std::int32_t>(std::lround(x)), static_cast<std::int32_t>(std::lround(y))};
    }
  }
  GEOSFree_r(geos.handle(), reason);
  return found;
}

double squared_distance(Vec2i a, Vec2i b, Vec2i p) {
  const double dx = static_cast<double>(b.x) - a.x, dy = static_cast<double>(b.y) - a.y;
  const double px = static_cast<double>(p.x) - a.x, py = static_cast<double>(p.y) - a.y;
  const double length2 = dx * dx + dy * dy;
  const double t = length2 > 0 ? std::clamp((px * dx + py * dy) / length2, 0.0, 1.0) : 0;
  return (px - t * dx) * (px - t * dx) + (py - t * dy) * (py - t * dy);
}

double squared_distance(const IntRing& ring, Vec2i p) {
  double best = squared_distance(ring[0], ring[0], p);
  for (std::size_t i = 0, j = ring.size() - 1; i < ring.size(); j = i++) {
    best = std::min(best, squared_distance(ring[j], ring[i], p));
  }
  return best;
}

// Which ring a fault of several rings together is told of: the last one that runs through its place, because parts
// and holes come after the shell that they are at odds with.
std::pair<std::uint32_t, std::uint32_t> last_ring_near(const std::vector<IntPolygon>& polygons, Vec2i at) {
  std::pair<std::uint32_t, std::uint32_t> best{0, 0};
  double best_distance2 = squared_distance(polygons[0][0], at);
  for (std::uint32_t part = 0; part < polygons.size(); ++part) {
    for (std::uint32_t r = 0; r < polygons[part].size(); ++r) {
      const double distance2 = squared_distance(polygons[part][r], at);
      if (distance2 > std::max(best_distance2, 2.0)) continue;
      best_distance2 = distance2;
      best = {part, r};
    }
  }
  return best;
}

// False when the polygon's own rings are at fault, so that it says nothing about its neighbours.
bool check_part(GeosContext& geos, const IntPolygon& polygon, std::uint32_t part_index, RingFaults& faults) {
  const std::uint64_t before = faults.count;
  std::vector<bool> is_sound(polygon.size());
  for (std::uint32_t r = 0; r < polygon.size(); ++r) {
    const Validity alone = validity_of(geos, geos.polygon({polygon[r]}).get());
    is_sound[r] = alone.reason.empty();
    if (!is_sound[r]) faults.add({part_index, r, alone.reason, alone.at});
  }
  std::uint64_t vertices_read = 0;
  for (std::uint32_t r = 1; r < polygon.size() && is_sound[0] && vertices_read < kPairVerticesMax; ++r) {
    vertices_read += polygon[0].size() + polygon[r].size();
    if (!is_sound[r]) continue;
    const Validity pair = validity_of(geos, geos.polygon({polygon[0], polygon[r]}).get());
    if (!pair.reason.empty()) faults.add({part_index, r, pair.reason, pair.at});
  }
  if (faults.count > before) return false;
  // Holes at odds with each other: the later one of each clash is taken out and the rest tried again.
  IntPolygon rest = polygon;
  std::vector<std::uint32_t> numbers(polygon.size());
  std::iota(numbers.begin(), numbers.end(), 0u);
  for (std::size_t round = 0; round < kRingFaultsListedMax; ++round) {
    const Validity whole = validity_of(geos, geos.polygon(rest).get());
    if (whole.reason.empty()) break;
    const std::uint32_t ring = whole.at ? last_ring_near({rest}, *whole.at).second : 0;
    faults.add({part_index, numbers[ring], whole.reason, whole.at});
    if (ring == 0) break;
    rest.erase(rest.begin() + ring);
    numbers.erase(numbers.begin() + ring);
  }
  return faults.count == before;
}

}  // namespace

void RingFaults::add(RingFault fault) {
  ++count;
  if (listed.size() < kRingFaultsListedMax) listed.push_back(std::move(fault));
}

std::string describe(const RingFaults& faults) {
  std::string text;
  for (const RingFault& fault : faults.listed) {
    if (!text.empty()) text += "; ";
    text += fault.ring_index == 0 ? fmt::format("part {}: the shell ", fault.part_index + 1)
                                  : fmt::format("part {}: hole {} ", fault.part_index + 1, fault.ring_index);
    text += fault.reason;
  }
  if (faults.count > faults.listed.size()) text += fmt::format("; and {} more", faults.count - faults.listed.size());
  return text;
}

void find_ring_faults(GeosContext& geos, const std::vector<IntPolygon>& polygons,
                      const std::vector<std::uint32_t>& part_indices, RingFaults& faults) {
  std::vector<IntPolygon> sound;
  std::vector<std::uint32_t> sound_indices;
  for (std::size_t i = 0; i < polygons.size(); ++i) {
    if (!check_part(geos, polygons[i], part_indices[i], faults)) continue;
    sound.push_back(polygons[i]);
    sound_indices.push_back(part_indices[i]);
  }
  for (std::size_t round = 0; round < kRingFaultsListedMax && !sound.empty(); ++round) {
    const Validity together = validity_of(geos, geos.multi_polygon(sound).get());
    if (together.reason.empty()) return;
    const auto [part, ring] = together.at ? last_ring_near(sound, *together.at) : std::pair{0u, 0u};
    faults.add({sound_indices[part], ring, together.reason, together.at});
    if (!together.at) return;
    sound.erase(sound.begin() + part);
    sound_indices.erase(sound_indices.begin() + part);
  }
}

}  // namespace gridwall::shape
