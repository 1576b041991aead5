// Ancestry: who is above whom, in four bytes a division: what each change of a case climbs. Immutable.
#pragma once

#include <cstdint>
#include <vector>

#include "model/division_tree.hpp"

namespace gridwall::state {

class Ancestry {
 public:
  explicit Ancestry(const model::DivisionTree& tree) {
    m_parents.reserve(tree.divisions().size());
    for (const model::Division& division : tree.divisions()) {
      m_parents.push_back(division.parent.valid() ? division.parent.value : kNone);
      m_has_children.push_back(division.children.size() > 0);
    }
  }
  [[nodiscard]] std::size_t size() const { return m_parents.size(); }
  [[nodiscard]] bool is_leaf(model::DivisionIndex division) const { return !m_has_children[division.value]; }
  [[nodiscard]] model::DivisionIndex parent(model::DivisionIndex division) const {
    const std::uint32_t parent = m_parents[division.value];
    return parent == kNone ? model::DivisionIndex::none() : model::DivisionIndex{parent};
  }
  // The division itself first, the root last.
  template <typename Visit>
  void for_each_up(model::DivisionIndex division, const Visit& visit) const {
    for (std::uint32_t at = division.value; at != kNone; at = m_parents[at]) visit(at);
  }
  // The division and the one above: whose memory may be far. What stands higher is written so often that it is near.
  template <typename Visit>
  void for_each_far(model::DivisionIndex division, const Visit& visit) const {
    visit(division.value);
    if (m_parents[division.value] != kNone) visit(m_parents[division.value]);
  }

 private:
  static constexpr std::uint32_t kNone = 0xffffffffu;
  std::vector<std::uint32_t> m_parents;
  std::vector<bool> m_has_children;
};

}  // namespace gridwall::state
