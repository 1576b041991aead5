#include "app/progress_line.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace gridwall::app {

namespace {

// What is done sooner leaves no lines in a log.
constexpr std::chrono::seconds kQuickWork{2};

}  // namespace

ProgressLine::ProgressLine() : m_terminal(::isatty(STDERR_FILENO) == 1) {}

void ProgressLine::tell(std::string_view step, double share) {
  const int percent = static_cast<int>(100 * std::clamp(share, 0.0, 1.0));
  if (step == m_step && percent == m_percent) return;
  const bool new_step = step != m_step;
  m_step = step;
  m_percent = percent;
  if (m_terminal) {
    std::fprintf(stderr, "\r\x1b[K%3d %% %s", percent, m_step.c_str());
    std::fflush(stderr);
  } else if (new_step && std::chrono::steady_clock::now() - m_started > kQuickWork) {
    std::fprintf(stderr, "%3d %% %s\n", percent, m_step.c_str());
  }
}

void ProgressLine::finish() {
  if (m_terminal && m_percent >= 0) std::fputs("\r\x1b[K", stderr);
  m_percent = -1;
  m_step.clear();
}

}  // namespace gridwall::app
