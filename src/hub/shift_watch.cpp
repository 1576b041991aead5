#include "hub/shift_watch.hpp"

#include <algorithm>
#include <utility>

#include "base/log.hpp"

namespace gridwall::hub {

using base::Vec2d;
using model::DivisionIndex;

namespace {

// A slow source is judged on what there is; each look is a millisecond or two, so there are only these three.
bool is_time_to_look(std::size_t point_count) {
  return point_count == kShiftSamplePoints / 4 || point_count == kShiftSamplePoints / 2 ||
         point_count == kShiftSamplePoints;
}

}  // namespace

void ShiftWatch::note(const model::DivisionTree& tree, std::string_view source, Vec2d lonlat, DivisionIndex claimed,
                      const Locate& locate) {
  auto found = m_samples.find(source);
  if (found == m_samples.end()) {
    if (m_samples.size() >= kShiftSources) return;
    found = m_samples.emplace(std::string(source), Sample{}).first;
  }
  Sample& sample = found->second;
  if (sample.done) return;
  // One incident tells its place with each of its events; told again it proves nothing more.
  const auto& points = sample.points_lonlat;
  if (std::find(points.begin(), points.end(), lonlat) != points.end()) return;
  sample.points_lonlat.push_back(lonlat);
  sample.claimed.push_back(claimed);
  if (is_time_to_look(points.size())) look(tree, found->first, sample, locate);
}

void ShiftWatch::look(const model::DivisionTree& tree, const std::string& source, Sample& sample,
                      const Locate& locate) {
  const auto belongs = [&](std::size_t index, Vec2d lonlat) {
    const DivisionIndex found = locate(lonlat);
    const DivisionIndex claimed = sample.claimed[index];
    return found.valid() && (!claimed.valid() || tree.is_within(found, claimed));
  };
  const geo::ShiftReport report = geo::shift_check(sample.points_lonlat, belongs);
  if (auto sentence = geo::shift_doubt(report, fmt::format("points of source '{}'", source),
                                       "lie where they should (in the division that their code names; without a code, "
                                       "in the district)")) {
    base::log_warning("hub", "{}", *sentence);
    m_doubts.push_back({source, std::move(*sentence), report});
    sample.done = true;
  }
  sample.done = sample.done || sample.points_lonlat.size() >= kShiftSamplePoints;
  if (!sample.done) return;
  sample.points_lonlat = {};
  sample.claimed = {};
}

}  // namespace gridwall::hub
