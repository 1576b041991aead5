#include "scene/class_breaks.hpp"

#include <algorithm>
#include <limits>

namespace gridwall::scene {

namespace {

constexpr std::size_t kValuesMax = 2000;

std::vector<double> kept_apart(std::vector<double> edges, double apart) {
  for (std::size_t i = 1; i < edges.size(); ++i) edges[i] = std::max(edges[i], edges[i - 1] + apart);
  return edges;
}

std::vector<double> thinned(const std::vector<double>& sorted) {
  if (sorted.size() <= kValuesMax) return sorted;
  std::vector<double> thin;
  for (std::size_t i = 0; i < kValuesMax; ++i) thin.push_back(sorted[i * (sorted.size() - 1) / (kValuesMax - 1)]);
  return thin;
}

// Sums of squares of differences from the mean, of stretches of sorted values.
class Spread {
 public:
  explicit Spread(const std::vector<double>& values) : m_sum(values.size() + 1), m_squares(values.size() + 1) {
    // From the first value, so that large numbers close together lose nothing.
    for (std::size_t i = 0; i < values.size(); ++i) {
      const double v = values[i] - values.front();
      m_sum[i + 1] = m_sum[i] + v;
      m_squares[i + 1] = m_squares[i] + v * v;
    }
  }
  [[nodiscard]] double of(std::size_t begin, std::size_t end) const {
    const double sum = m_sum[end] - m_sum[begin];
    return m_squares[end] - m_squares[begin] - sum * sum / static_cast<double>(end - begin);
  }

 private:
  std::vector<double> m_sum, m_squares;
};

}  // namespace

std::vector<double> quantile_edges(std::vector<double> values, std::size_t class_count, double apart) {
  std::ranges::sort(values);
  std::vector<double> edges;
  for (std::size_t k = 1; k < class_count; ++k) {
    edges.push_back(values[(values.size() * k + class_count - 1) / class_count - 1]);
  }
  return kept_apart(std::move(edges), apart);
}

std::vector<double> natural_edges(std::vector<double> values, std::size_t class_count, double apart) {
  std::ranges::sort(values);
  values = thinned(values);
  const std::size_t n = values.size();
  const Spread spread(values);
  // least[i]: of the first i values in k classes; cut[k][i]: where the last of these begins.
  std::vector<double> least(n + 1, std::numeric_limits<double>::infinity());
  for (std::size_t i = 1; i <= n; ++i) least[i] = spread.of(0, i);
  std::vector<std::vector<std::size_t>> cut(class_count, std::vector<std::size_t>(n + 1, 0));
  for (std::size_t k = 1; k < class_count; ++k) {
    std::vector<double> next(n + 1, std::numeric_limits<double>::infinity());
    // The best cut never goes back as i grows.
    std::size_t from = k;
    for (std::size_t i = k + 1; i <= n; ++i) {
      for (std::size_t j = from; j < i; ++j) {
        const double sum = least[j] + spread.of(j, i);
        if (sum < next[i]) {
          next[i] = sum;
          cut[k][i] = j;
        }
      }
      from = std::max(from, cut[k][i]);
    }
    least = std::move(next);
  }
  std::vector<double> edges(class_count - 1, values.back());
  std::size_t end = n;
  for (std::size_t k = class_count - 1; k > 0 && n > class_count; --k) {
    end = cut[k][end];
    edges[k - 1] = values[end - 1];
  }
  if (n <= class_count) return quantile_edges(values, class_count, apart);
  return kept_apart(std::move(edges), apart);
}

}  // namespace gridwall::scene
