// Random: a small seeded generator (SplitMix64) whose sequence is the same on every machine and library, unlike the
// distributions of <random>. For generators and simulations, not for keys.
#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>

namespace gridwall::base {

class Random {
 public:
  explicit Random(std::uint64_t seed) : m_state(seed) {}

  std::uint64_t next_u64() {
    m_state += 0x9e3779b97f4a7c15ull;
    std::uint64_t z = m_state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return z ^ (z >> 31);
  }

  // [0, 1)
  double next_unit() { return static_cast<double>(next_u64() >> 11) * 0x1.0p-53; }
  double next_between(double low, double high) { return low + (high - low) * next_unit(); }
  // [0, count); count > 0. The bias of the modulus is below 2^-32 for the counts used here.
  std::uint64_t next_below(std::uint64_t count) { return next_u64() % count; }

  // Normal with mean 0 and deviation 1 (Box-Muller, one of the pair).
  double next_normal() {
    const double u = 1.0 - next_unit();
    const double v = next_unit();
    return std::sqrt(-2.0 * std::log(u)) * std::cos(2.0 * std::numbers::pi * v);
  }
  double next_exponential(double mean) { return -mean * std::log(1.0 - next_unit()); }

  // An independent stream, for a part that must not shift when another part draws more numbers.
  [[nodiscard]] Random fork(std::uint64_t stream) const {
    return Random(Random(m_state ^ (stream * 0xd1342543de82ef95ull)).next_u64());
  }

 private:
  std::uint64_t m_state;
};

}  // namespace gridwall::base
