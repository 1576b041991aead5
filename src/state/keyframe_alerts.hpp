// The alert watches' part of a keyframe: what they have seen, which no case tells any more. Division by division, so
// that a wall of a town takes the town's: what a division alone was told of is written (its children's are sums away),
// and what follows from time and rules is worked out again. Bytes are judged before anything is restored: no byte can
// bring a watch into a state that it could not have come to itself.
// Test: tests/unit/state/world_walk_test.cpp, tests/fuzz/keyframe_fuzz.cpp.
#pragma once

#include <memory>
#include <vector>

#include "state/alert_desk.hpp"
#include "state/byte_stream.hpp"

namespace gridwall::state {

class AlertEncoder {
 public:
  AlertEncoder(const AlertDesk& desk, const model::DivisionTree& tree, base::UtcTime state_time);
  void put_head(ByteWriter& out) const;
  // Of the divisions of one part, in order.
  void put_part(ByteWriter& out, const std::vector<std::uint32_t>& divisions) const;

 private:
  void put_divisions(ByteWriter& out, const std::vector<std::uint32_t>& divisions) const;
  void put_bursts(ByteWriter& out, const std::vector<std::uint32_t>& divisions) const;
  void put_episodes(ByteWriter& out) const;
  void put_book(ByteWriter& out) const;
  [[nodiscard]] std::vector<BurstWatch::Quarter> own_quarters(std::uint32_t division) const;
  [[nodiscard]] bool here(model::DivisionIndex division) const { return m_is_here[division.value]; }

  const AlertDesk& m_desk;
  const model::DivisionTree& m_tree;
  base::UtcTime m_state_time;
  mutable std::vector<bool> m_is_here;  // of the part that is being written
};

// Reads the head, then parts in any order; bad bytes make the reader bad.
class AlertDecoder {
 public:
  AlertDecoder(const model::DivisionTree& tree, const model::AlertRules& rules) : m_tree(tree), m_rules(rules) {}
  void take_head(ByteReader& in, base::UtcTime state_time);
  void take_part(ByteReader& in);
  // Into a desk over the same tree that has seen nothing.
  void restore(AlertDesk& desk);

 private:
  struct DivisionTime {
    model::DivisionIndex division;
    base::UtcTime at{};
  };
  struct OwnQuarter {
    model::DivisionIndex division;
    BurstWatch::Quarter quarter;
  };
  model::DivisionIndex take_division(ByteReader& in) const;
  base::UtcTime take_past(ByteReader& in) const;  // a moment that is over
  std::uint16_t take_big_class(ByteReader& in, bool or_all) const;
  void take_divisions(ByteReader& in);
  void take_bursts(ByteReader& in);
  void take_episodes(ByteReader& in);
  void take_book(ByteReader& in);
  static Alert take_alert(ByteReader& in);
  void restore_divisions(DivisionWatch::Content& content) const;
  void restore_bursts(BurstWatch::Content& content);

  const model::DivisionTree& m_tree;
  const model::AlertRules& m_rules;
  base::UtcTime m_state_time{};
  AlertDesk::Content m_content;
  std::vector<DivisionTime> m_last_reports;
  std::vector<std::pair<model::DivisionIndex, std::int32_t>> m_busy_days;
  std::vector<OwnQuarter> m_quarters;
};

}  // namespace gridwall::state
