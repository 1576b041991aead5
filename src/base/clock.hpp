// Time comes in through a Clock: the system's in the product, a manual one in tests and renders.
// UtcTime is int64 nanoseconds since 1970 UTC; MonoTime never jumps and is only good for differences.
#pragma once

#include <chrono>
#include <cstdint>

namespace gridwall::base {

using Duration = std::chrono::nanoseconds;
using UtcTime = std::chrono::sys_time<std::chrono::nanoseconds>;
using MonoTime = std::chrono::steady_clock::time_point;

class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual UtcTime now_utc() const = 0;
  [[nodiscard]] virtual MonoTime now_mono() const = 0;
};

class SystemClock final : public Clock {
 public:
  [[nodiscard]] UtcTime now_utc() const override {
    return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  }
  [[nodiscard]] MonoTime now_mono() const override { return std::chrono::steady_clock::now(); }
};

// Both times move together, by hand. One thread.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(UtcTime start) : m_utc(start) {}
  [[nodiscard]] UtcTime now_utc() const override { return m_utc; }
  [[nodiscard]] MonoTime now_mono() const override { return m_mono; }
  void advance(Duration by) {
    m_utc += by;
    m_mono += by;
  }

 private:
  UtcTime m_utc;
  MonoTime m_mono{};
};

// Runs `rate` times faster than `base` from the moment of construction, starting at `start`. The hub's clock in
// simulated mode; monotonic time stays the machine's. Thread-safe when `base` is.
class ScaledClock final : public Clock {
 public:
  ScaledClock(const Clock& base, UtcTime start, double rate)
      : m_base(base), m_base_start(base.now_mono()), m_start(start), m_rate(rate) {}
  [[nodiscard]] UtcTime now_utc() const override {
    const auto elapsed = std::chrono::duration<double, std::nano>(m_base.now_mono() - m_base_start);
    return m_start + Duration(static_cast<std::int64_t>(elapsed.count() * m_rate));
  }
  [[nodiscard]] MonoTime now_mono() const override { return m_base.now_mono(); }

 private:
  const Clock& m_base;
  MonoTime m_base_start;
  UtcTime m_start;
  double m_rate;
};

}  // namespace gridwall::base
