// The nearest-rank percentile: the smallest value that at least `share` of all do not exceed; 0 of none.
// Test: tests/unit/base/percentile_test.cpp.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace gridwall::base {

// `share` from 0 to 1.
template <typename Number>
Number percentile(std::vector<Number> values, double share) {
  if (values.empty()) return 0;
  const double rank = std::ceil(share * static_cast<double>(values.size()));
  const auto last = static_cast<double>(values.size() - 1);
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(std::clamp(rank - 1, 0.0, last));
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

}  // namespace gridwall::base
