// GpuTimer: how long the device worked on what was submitted between begin() and end(), told some frames later and
// without ever waiting for it. Main thread; dies before its context. Test: tests/gl/gfx/context_gl_test.cpp.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>

#include "gfx/context.hpp"

namespace gridwall::gfx {

class GpuTimer {
 public:
  explicit GpuTimer(Context& context);
  ~GpuTimer();
  GpuTimer(const GpuTimer&) = delete;
  GpuTimer& operator=(const GpuTimer&) = delete;

  void begin();
  void end();
  // Milliseconds of the oldest frame that is done and was not taken yet; nothing: none is.
  std::optional<double> take_ms();

 private:
  static constexpr std::size_t kFramesMax = 4;  // under way at once; a frame beyond is not measured

  using Clock = std::chrono::steady_clock;

  Context& m_context;
  std::array<std::uint32_t, kFramesMax> m_queries{};
  std::array<Clock::time_point, kFramesMax> m_begun_at{};
  std::size_t m_oldest = 0, m_count = 0;  // ended and not taken
  bool m_runs = false;
};

}  // namespace gridwall::gfx
