// Tally: the additive figures of every division and of the whole district. What an incident adds is a pure function of
// its stored fields and of the day, so a change subtracts the old and adds the new, up the chain of ancestors.
// Invariant: total[d] = own[d] + the children's totals, at any moment. Test: tests/unit/state/tally_test.cpp.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "state/world_snapshot.hpp"

namespace gridwall::state {

// A local day in UTC: [begin, end).
struct Day {
  base::UtcTime begin{}, end{};
  [[nodiscard]] bool contains(base::UtcTime at) const { return at >= begin && at < end; }
  bool operator==(const Day&) const = default;
};
Day local_day(base::UtcTime at, std::chrono::minutes utc_offset);

// What one incident adds to its division.
CaseCounts contribution(const Incident& incident, const Day& today);

// "E04" of "E04.06"; empty for an incident without class.
std::string_view big_class_key(const Incident& incident);

// One thread.
class Tally {
 public:
  Tally(std::shared_ptr<const model::DivisionTree> tree, std::chrono::minutes utc_offset);

  void add(const Incident& incident);
  void subtract(const Incident& incident);
  // All figures to zero, and `today` as the day from now on.
  void restart(const Day& today);
  [[nodiscard]] const Day& today() const { return m_today; }

  // Puts the figures into the snapshot; vectors that did not change since the last call are the same pointers.
  void freeze_into(WorldSnapshot& snapshot);

 private:
  using Counts = std::vector<CaseCounts>;
  enum class Sign { Plus, Minus };
  void apply(const Incident& incident, Sign sign);
  void thaw();

  std::shared_ptr<const model::DivisionTree> m_tree;
  std::chrono::minutes m_utc_offset;
  Day m_today;
  std::shared_ptr<Counts> m_own, m_total;  // never written while `m_given_out`
  bool m_given_out = false;
  // Today's reports of the whole tree.
  std::map<std::string, std::uint32_t, std::less<>> m_by_channel, m_by_class;
  std::array<std::uint32_t, 24> m_by_hour{};
};

}  // namespace gridwall::state
