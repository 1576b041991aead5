#include "render/distance_field.hpp"

#include <algorithm>
#include <cmath>

namespace gridwall::render {

namespace {

constexpr float kFar = 1e12f;

// One row or column: the lower envelope of the parabolas that stand on `values`.
class Envelope {
 public:
  explicit Envelope(std::size_t length) : m_in(length), m_apex(length), m_start(length + 1) {}

  void run(float* values, std::size_t length, std::size_t stride) {
    for (std::size_t i = 0; i < length; ++i) m_in[i] = values[i * stride];
    std::size_t last = 0;
    m_apex[0] = 0;
    m_start[0] = -kFar;
    m_start[1] = kFar;
    for (std::size_t q = 1; q < length; ++q) {
      float crossing = crossing_of(q, m_apex[last]);
      while (crossing <= m_start[last]) crossing = crossing_of(q, m_apex[--last]);
      m_apex[++last] = q;
      m_start[last] = crossing;
      m_start[last + 1] = kFar;
    }
    std::size_t k = 0;
    for (std::size_t q = 0; q < length; ++q) {
      const auto x = static_cast<float>(q);
      while (m_start[k + 1] < x) ++k;
      const float from_apex = x - static_cast<float>(m_apex[k]);
      values[q * stride] = std::min(from_apex * from_apex + m_in[m_apex[k]], kFar);
    }
  }

 private:
  // Where the parabola of `q` comes below that of `p` < q. Far values stay finite, so that no NaN arises.
  [[nodiscard]] float crossing_of(std::size_t q, std::size_t p) const {
    const auto fq = static_cast<double>(q);
    const auto fp = static_cast<double>(p);
    const double crossing = ((m_in[q] + fq * fq) - (m_in[p] + fp * fp)) / (2 * (fq - fp));
    return static_cast<float>(std::clamp(crossing, -double{kFar} / 2, double{kFar} / 2));
  }

  std::vector<float> m_in;
  std::vector<std::size_t> m_apex;
  std::vector<float> m_start;
};

template <typename IsSet>
std::vector<float> distances_to(base::Vec2i size, std::size_t count, IsSet is_set) {
  std::vector<float> field(count);
  for (std::size_t i = 0; i < count; ++i) field[i] = is_set(i) ? 0.0f : kFar;
  const auto width = static_cast<std::size_t>(size.x);
  const auto height = static_cast<std::size_t>(size.y);
  Envelope envelope(std::max(width, height));
  for (std::size_t x = 0; x < width; ++x) envelope.run(field.data() + x, height, width);
  for (std::size_t y = 0; y < height; ++y) envelope.run(field.data() + y * width, width, 1);
  return field;
}

}  // namespace

std::vector<float> squared_distances(std::span<const std::uint8_t> set, base::Vec2i size) {
  return distances_to(size, set.size(), [&](std::size_t i) { return set[i] != 0; });
}

std::vector<float> signed_distances(std::span<const std::uint8_t> coverage, base::Vec2i size) {
  const auto to_inside = distances_to(size, coverage.size(), [&](std::size_t i) { return coverage[i] >= 128; });
  const auto to_outside = distances_to(size, coverage.size(), [&](std::size_t i) { return coverage[i] < 128; });
  std::vector<float> field(coverage.size());
  for (std::size_t i = 0; i < field.size(); ++i) {
    // The outline runs half a pixel before the nearest pixel of the other kind.
    field[i] = coverage[i] >= 128 ? std::sqrt(to_outside[i]) - 0.5f : 0.5f - std::sqrt(to_inside[i]);
  }
  return field;
}

std::vector<std::uint8_t> distance_cell(std::span<const std::uint8_t> coverage, int side, int oversampling,
                                        int spread) {
  const int large = side * oversampling;
  const std::vector<float> field = signed_distances(coverage, {large, large});
  std::vector<std::uint8_t> cell(static_cast<std::size_t>(side) * static_cast<std::size_t>(side));
  const auto scale = 127.5f / static_cast<float>(spread * oversampling);
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side; ++x) {
      const int large_index = (y * oversampling + oversampling / 2) * large + x * oversampling + oversampling / 2;
      const float value = 127.5f + field[static_cast<std::size_t>(large_index)] * scale;
      cell[static_cast<std::size_t>(y * side + x)] = static_cast<std::uint8_t>(std::clamp(value + 0.5f, 0.0f, 255.0f));
    }
  }
  return cell;
}

}  // namespace gridwall::render
