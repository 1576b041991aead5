// OwnWays: what comes in, or is handled, as only this system does it: couriers who report, a whistle, one centre's four
// platforms. By [simulation] way of the profile. Immutable after create(). Test: tests/unit/sim/own_ways_test.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/random.hpp"
#include "base/result.hpp"
#include "model/departments.hpp"
#include "model/division_tree.hpp"
#include "model/profile.hpp"
#include "model/vocabulary.hpp"

namespace gridwall::sim {

struct OwnWay {
  double share = 0;
  std::optional<std::uint32_t> channel_index;  // Vocabulary::channels; none: as usual
  std::vector<std::uint32_t> classes;          // indices of Vocabulary::classes; none: as usual
  std::vector<std::uint16_t> departments;      // indices of Departments::all; none: by the class
  std::optional<std::size_t> level_index;      // reported of a division of that level, without a place
};

class OwnWays {
 public:
  OwnWays() = default;
  // Error: a channel, class, department or level that is not known, by its word.
  static base::Result<OwnWays> create(const std::vector<model::SimulatedWay>& ways,
                                      const std::vector<model::LevelSpec>& levels, const model::Vocabulary& vocabulary,
                                      const model::Departments& departments);

  // Null: the usual way.
  [[nodiscard]] const OwnWay* draw(base::Random& random) const;
  [[nodiscard]] bool empty() const { return m_ways.empty(); }
  // Of the channel, whose weight elsewhere is 0: a list's own share.
  [[nodiscard]] const std::vector<OwnWay>& all() const { return m_ways; }

 private:
  std::vector<OwnWay> m_ways;
};

}  // namespace gridwall::sim
