// EventRow: events that are gathered and folded again and again: those of the last time are made empty and used anew,
// so that their texts are not allocated each time. Test: tests/unit/hub/event_row_test.cpp.
#pragma once

#include <span>
#include <utility>
#include <vector>

#include "model/event.hpp"

namespace gridwall::hub {

class EventRow {
 public:
  [[nodiscard]] std::size_t size() const { return m_count; }
  [[nodiscard]] bool empty() const { return m_count == 0; }
  [[nodiscard]] const model::SequencedEvent& back() const { return m_events[m_count - 1]; }
  [[nodiscard]] std::span<const model::SequencedEvent> all() const { return {m_events.data(), m_count}; }

  // A new one at the end, empty. Valid until the next.
  model::SequencedEvent& add() {
    if (m_count == m_events.size()) return m_events.emplace_back(), m_events[m_count++];
    model::SequencedEvent& used = m_events[m_count++];
    model::make_empty(used.event);
    used.sequence = 0;
    used.state_time = used.received_at = {};
    used.division = used.unlocated_in = {};
    used.point_world.reset();
    return used;
  }
  void drop_last() { --m_count; }
  void clear() { m_count = 0; }
  // For who keeps them; the row is empty.
  std::vector<model::SequencedEvent> release() {
    m_events.resize(std::exchange(m_count, 0));
    return std::exchange(m_events, {});
  }

 private:
  std::vector<model::SequencedEvent> m_events;  // beyond m_count: of earlier times
  std::size_t m_count = 0;
};

}  // namespace gridwall::hub
