// What benchmarks print: one JSON object a line, times as medians and 95th percentiles, ratios to the floor of the run.
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "base/json_writer.hpp"

namespace gridwall::bench {

inline double ms_since(std::chrono::steady_clock::time_point begun) {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begun).count();
}

struct Times {
  std::vector<double> ms;
  [[nodiscard]] double at(double share) const {
    std::vector<double> sorted = ms;
    std::ranges::sort(sorted);
    return sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))];
  }
};

[[noreturn]] inline void give_up(const std::string& why) {
  std::fprintf(stderr, "bench: %s\n", why.c_str());
  std::exit(1);
}

// One line of results.
class Line {
 public:
  Line(const char* name, const char* what, std::size_t count) {
    m_json.begin_object().field("case", name).field(what, static_cast<std::uint64_t>(count));
  }
  ~Line() {
    m_json.end_object();
    std::printf("%s\n", m_json.text().c_str());
    std::fflush(stdout);
  }
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  Line& number(const std::string& key, double value) {
    m_json.field(key, std::round(value * 1000) / 1000);
    return *this;
  }
  Line& times(const std::string& key, const Times& times) {
    return number(key + "_median_ms", times.at(0.5)).number(key + "_p95_ms", times.at(0.95));
  }
  Line& ratio(const std::string& key, const Times& ours, const Times& floor) {
    return number(key + "_median", ours.at(0.5) / floor.at(0.5)).number(key + "_p95", ours.at(0.95) / floor.at(0.95));
  }

 private:
  base::JsonWriter m_json;
};

}  // namespace gridwall::bench
