// ProgressLine: one line on stderr that long work rewrites when a person watches (a terminal), and a line per step
// when nobody does. One thread.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace gridwall::app {

class ProgressLine {
 public:
  ProgressLine();
  ~ProgressLine() { finish(); }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void tell(std::string_view step, double share);
  // Clears the line.
  void finish();

 private:
  bool m_terminal;
  std::string m_step;
  std::chrono::steady_clock::time_point m_started = std::chrono::steady_clock::now();
  int m_percent = -1;
};

}  // namespace gridwall::app
