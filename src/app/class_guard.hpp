// ClassGuard: which rows of a breakdown by class may be told, for counts of sensitive classes (disputes, minors) are
// counts of people. A row whose reports are 1 to 4 is hidden, of one with another count of 1 to 4 the reports alone are
// told. What is hidden in one division is hidden in all that share its parent and below them, and with another class
// beside it, so that it follows neither from a total nor from the neighbours. Totals and other dimensions are
// untouched. Not covered: two questions at two moments, and periods of which one lies within the other. Test:
// tests/unit/app/class_guard_test.cpp.
#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "model/suppression.hpp"
#include "model/vocabulary.hpp"
#include "state/world.hpp"

namespace gridwall::app {

enum class RowShown : std::uint8_t { Whole, ReportsOnly, Nothing };

struct HiddenRows {
  std::map<std::string, RowShown> rows;  // classes that are not here are told
  bool all = false;                      // there is nothing to hide behind: no class is told
  [[nodiscard]] RowShown of(const std::string& class_code) const;
  // Whether a hidden row of these may be said to be small: only where all hidden ones together leave room for each of 1
  // to 4 beside another that is not small. Else whoever takes the told rows off the total would know it.
  [[nodiscard]] bool tells_small(const std::vector<state::KeyedFigures>& rows) const;
};

using ClassRows = std::vector<state::KeyedFigures>;
// For the parts of a whole that stand beside each other: what is hidden of the whole, and what the parts need. Pure.
HiddenRows hide_rows(HiddenRows of_whole, const ClassRows& whole, std::span<const ClassRows> parts,
                     const std::function<bool(const std::string&)>& is_sensitive);

// One thread; remembers what it was asked.
class ClassGuard {
 public:
  // Both outlive it.
  ClassGuard(const state::World& world, const model::DivisionTree& tree, const model::Vocabulary& vocabulary)
      : m_world(world), m_tree(tree), m_vocabulary(vocabulary) {}
  const HiddenRows& hidden(model::DivisionIndex division, base::Period period);

 private:
  [[nodiscard]] ClassRows rows(model::DivisionIndex division, base::Period period) const;
  [[nodiscard]] bool is_sensitive(const std::string& class_code) const;

  const state::World& m_world;
  const model::DivisionTree& m_tree;
  const model::Vocabulary& m_vocabulary;
  // By the division that stands above those it is about, and the period; the root's own under no division.
  std::map<std::tuple<std::uint32_t, std::string>, HiddenRows> m_known;
};

}  // namespace gridwall::app
