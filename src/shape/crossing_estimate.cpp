#include "shape/crossing_estimate.hpp"

#include <algorithm>

#include "base/random.hpp"
#include "shape/exact_turn.hpp"

namespace gridwall::shape {

namespace {

constexpr std::size_t kSamplesMin = 64;

struct Box {
  std::int32_t x_min, y_min, x_max, y_max;
};

Box box_of(const IntSegment& s) {
  return {std::min(s.a.x, s.b.x), std::min(s.a.y, s.b.y), std::max(s.a.x, s.b.x), std::max(s.a.y, s.b.y)};
}

}  // namespace

std::uint64_t estimate_crossings(const std::vector<IntSegment>& segments, std::size_t pairs_max) {
  const std::size_t count = segments.size();
  if (count < 2) return 0;
  std::vector<Box> boxes;
  boxes.reserve(count);
  for (const IntSegment& segment : segments) boxes.push_back(box_of(segment));
  const std::size_t samples = std::min(count, std::max(kSamplesMin, pairs_max / count));
  base::Random random(count);
  std::uint64_t hits = 0;
  for (std::size_t k = 0; k < samples; ++k) {
    // One from each of as many equal runs, so that no stretch of a border is left out.
    const std::size_t begin = k * count / samples, end = (k + 1) * count / samples;
    const std::size_t i = begin + random.next_below(end - begin);
    const Box own = boxes[i];
    for (std::size_t j = 0; j < count; ++j) {
      const Box& other = boxes[j];
      if (other.x_min > own.x_max || other.x_max < own.x_min || other.y_min > own.y_max || other.y_max < own.y_min) {
        continue;
      }
      hits += j != i && segments_cross(segments[i].a, segments[i].b, segments[j].a, segments[j].b) ? 1 : 0;
    }
  }
  // Each pair is met from both its sides.
  return static_cast<std::uint64_t>(
      static_cast<double>(hits) * static_cast<double>(count) / static_cast<double>(samples) / 2 + 0.5);
}

void append_segments(const IntRing& ring, std::vector<IntSegment>& segments) {
  for (std::size_t i = 0, j = ring.size() - 1; i < ring.size(); j = i++) segments.push_back({ring[j], ring[i]});
}

}  // namespace gridwall::shape
