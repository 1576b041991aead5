// IncidentIndex: which open incidents can be shown, by division, kept up with the snapshots: a new snapshot costs what
// changed in it, a look at a part of the map what lies there, however many there are elsewhere.
// Test: tests/unit/scene/incident_index_test.cpp (against a count of everything).
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "state/world_snapshot.hpp"

namespace gridwall::scene {

// Tree units. Empty until extended.
struct PointBox {
  base::Vec2i min{INT32_MAX, INT32_MAX}, max{INT32_MIN, INT32_MIN};
  void extend(base::Vec2i p) {
    min = {std::min(min.x, p.x), std::min(min.y, p.y)};
    max = {std::max(max.x, p.x), std::max(max.y, p.y)};
  }
};

class IncidentIndex {
 public:
  // Open, with a place of its own, ours.
  static bool is_shown(const state::Incident& incident) {
    return !model::is_settled(incident.state) && incident.located && !incident.moved_away;
  }

  void follow(const state::WorldSnapshot& snapshot);

  // Numbers of the shown incidents whose division is this one itself; of none() those of no division. In no order.
  [[nodiscard]] std::span<const std::uint32_t> at(model::DivisionIndex division) const;
  // How many are shown in a division and all below it.
  [[nodiscard]] std::uint32_t count_below(model::DivisionIndex division) const { return m_counts[division.value]; }
  // Where they lie; may be wider than need be.
  [[nodiscard]] const PointBox& box_below(model::DivisionIndex division) const { return m_boxes[division.value]; }
  // Numbers of the shown ones that are critical. In no order.
  [[nodiscard]] std::span<const std::uint32_t> critical() const { return m_critical; }

  [[nodiscard]] std::size_t memory_bytes() const;

 private:
  static constexpr std::uint32_t kNowhere = 0xffffffff;
  struct Entry {
    std::uint32_t list = kNowhere;            // into m_lists
    std::uint32_t place = 0;                  // in that list
    std::uint32_t critical_place = kNowhere;  // in m_critical
  };
  void begin(const state::WorldSnapshot& snapshot);
  void update(std::uint32_t number, const state::Incident& incident);
  void take_out(std::uint32_t number);
  void count(std::uint32_t list, std::int32_t by, const base::Vec2i* point);

  std::shared_ptr<const model::DivisionTree> m_tree;
  state::FrozenIncidents m_incidents;               // as they were
  std::vector<Entry> m_entries;                     // by number
  std::vector<std::vector<std::uint32_t>> m_lists;  // by division; the last: of no division
  std::vector<std::uint32_t> m_counts;              // by division, with all below
  std::vector<PointBox> m_boxes;                    // by division, with all below
  std::vector<std::uint32_t> m_critical;
};

}  // namespace gridwall::scene
