#include "gfx/gpu_timer.hpp"

#include <glad/gl.h>

namespace gridwall::gfx {

GpuTimer::GpuTimer(Context& context) : m_context(context) {
  glCreateQueries(GL_TIME_ELAPSED, static_cast<GLsizei>(kFramesMax), m_queries.data());
}

GpuTimer::~GpuTimer() {
  m_context.check_thread();
  if (m_runs) glEndQuery(GL_TIME_ELAPSED);
  glDeleteQueries(static_cast<GLsizei>(kFramesMax), m_queries.data());
}

void GpuTimer::begin() {
  m_context.check_thread();
  if (m_runs || m_count == kFramesMax) return;
  const std::size_t slot = (m_oldest + m_count) % kFramesMax;
  glBeginQuery(GL_TIME_ELAPSED, m_queries[slot]);
  m_begun_at[slot] = Clock::now();
  m_runs = true;
}

void GpuTimer::end() {
  if (!m_runs) return;
  glEndQuery(GL_TIME_ELAPSED);
  m_runs = false;
  ++m_count;
}

std::optional<double> GpuTimer::take_ms() {
  if (m_count == 0) return std::nullopt;
  const std::uint32_t query = m_queries[m_oldest];
  GLuint done = 0;
  glGetQueryObjectuiv(query, GL_QUERY_RESULT_AVAILABLE, &done);
  if (done == 0) return std::nullopt;
  GLuint64 elapsed_ns = 0;
  glGetQueryObjectui64v(query, GL_QUERY_RESULT, &elapsed_ns);
  const std::chrono::duration<double, std::milli> since_begin = Clock::now() - m_begun_at[m_oldest];
  m_oldest = (m_oldest + 1) % kFramesMax;
  --m_count;
  // Drivers have been seen to tell hours for a first frame: nothing takes longer than the time that passed.
  const double took_ms = static_cast<double>(elapsed_ns) * 1e-6;
  return took_ms <= since_begin.count() ? std::optional(took_ms) : std::nullopt;
}

}  // namespace gridwall::gfx
