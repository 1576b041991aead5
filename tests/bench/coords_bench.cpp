// How fast batches of points go from one coordinate system to another, best of three; the first line, which only looks
// at each point, is the floor. Usage: coords_bench
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <limits>
#include <vector>

#include "base/random.hpp"
#include "geo/transform.hpp"

namespace gridwall {
namespace {

void measure(const char* from, const char* to) {
  constexpr std::size_t kPoints = 500'000;
  auto transform = geo::Transform::create(from, to);
  if (!transform.ok()) return (void)std::printf("%s\n", transform.error().message.c_str());
  base::Random random(1);
  std::vector<base::Vec2d> points(kPoints);
  for (base::Vec2d& p : points) p = {random.next_between(119, 121), random.next_between(31, 33)};
  double best_s = std::numeric_limits<double>::infinity();
  std::size_t failed_count = 0;
  for (int i = 0; i < 3; ++i) {
    std::vector<base::Vec2d> batch = points;
    const auto started = std::chrono::steady_clock::now();
    failed_count = transform->forward(batch);
    best_s = std::min(best_s, std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count());
  }
  std::printf("from=%s to=%s points_per_s=%.0f failed=%zu\n", from, to, static_cast<double>(kPoints) / best_s,
              failed_count);
}

}  // namespace
}  // namespace gridwall

int main() {
  const char* pairs[][2] = {{"EPSG:4326", "EPSG:4326"}, {"EPSG:4490", "EPSG:4528"}, {"EPSG:4326", "GCJ-02"},
                            {"EPSG:4326", "BD-09"},     {"GCJ-02", "EPSG:4326"},    {"BD-09", "EPSG:4326"},
                            {"GCJ-02", "EPSG:4528"}};
  for (const auto& pair : pairs) gridwall::measure(pair[0], pair[1]);
}
