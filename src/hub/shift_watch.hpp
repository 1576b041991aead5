// ShiftWatch: whether a source's points are in the system that it states. Of each source's first points a small sample
// is kept, looked at by geo::shift_check, and thrown away; a clear verdict is logged once and kept for the health
// panel. Only a warning: no event is moved or refused on it. Memory is bounded whatever the sources do. One thread.
// Test: tests/unit/hub/shift_watch_test.cpp.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/geometry.hpp"
#include "geo/shift_check.hpp"
#include "model/division_tree.hpp"

namespace gridwall::hub {

inline constexpr std::size_t kShiftSamplePoints = 200;  // of a source: different ones
inline constexpr std::size_t kShiftSources = 256;       // watched at most, the first ones

struct SourceDoubt {
  std::string source;
  std::string sentence;  // with count and figures
  geo::ShiftReport report;
};

class ShiftWatch {
 public:
  // The deepest division at longitude and latitude of the tree; none outside.
  using Locate = std::function<model::DivisionIndex(base::Vec2d lonlat)>;

  // A located point as the source's stated system has it, in longitude and latitude, and the division that its code
  // names (none: only whether it lies in the tree can be asked).
  void note(const model::DivisionTree& tree, std::string_view source, base::Vec2d lonlat, model::DivisionIndex claimed,
            const Locate& locate);

  // In the order in which they were found; at most one a source.
  [[nodiscard]] const std::vector<SourceDoubt>& doubts() const { return m_doubts; }
  [[nodiscard]] std::size_t source_count() const { return m_samples.size(); }

 private:
  struct Sample {
    std::vector<base::Vec2d> points_lonlat;
    std::vector<model::DivisionIndex> claimed;
    bool done = false;
  };
  void look(const model::DivisionTree& tree, const std::string& source, Sample& sample, const Locate& locate);

  std::map<std::string, Sample, std::less<>> m_samples;
  std::vector<SourceDoubt> m_doubts;
};

}  // namespace gridwall::hub
