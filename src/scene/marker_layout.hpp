// MarkerLayout: markers of open incidents, and the bubbles into which they gather where they would overlap. Gathering
// is by grid: a bubble stands for one division and its count is that division's count on the boards, unlocated ones
// included. What is critical or new stays visible beside its bubble, and a bubble steps aside for what is critical.
// Invariant (tests/unit/scene/marker_layout_test.cpp): an open located incident is drawn or lies in a bubble.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "model/vocabulary.hpp"
#include "scene/frame_scene.hpp"
#include "state/world_snapshot.hpp"

namespace gridwall::scene {

// A marker that a pointer can hit.
struct DrawnIncident {
  std::uint32_t number = 0;  // of the snapshot
  base::Vec2d position_px;
  float size_px = 0;
};

struct Bubble {
  model::DivisionIndex division;
  base::Vec2d position_px;
  float size_px = 0;
  std::uint32_t count = 0;
};

// Remembers by our own clock when incidents were first seen, since state time may run at another rate or stand still.
class NewIncidents {
 public:
  static constexpr base::Duration kPulse = std::chrono::seconds(6);
  // What the first snapshot holds is not new.
  void note(const state::WorldSnapshot& snapshot, base::UtcTime now_utc);
  // Phase 0..1 of the expanding ring, above 0 while new; 0 afterwards.
  [[nodiscard]] float pulse(const state::Incident& incident, base::UtcTime now_utc) const;
  [[nodiscard]] bool any() const { return !m_seen_at.empty(); }

 private:
  const model::DivisionTree* m_tree = nullptr;
  std::uint64_t m_version = 0;
  base::UtcTime m_state_time{};
  std::unordered_map<std::string, base::UtcTime> m_seen_at;
};

struct MarkerOptions {
  std::uint32_t gather_level = 0;
  float size_px = 13;  // of a minor incident
  std::string_view selected_incident;
  base::UtcTime now_utc{};
};

class MarkerLayout {
 public:
  void lay_out(const state::WorldSnapshot& snapshot, const model::Vocabulary& vocabulary, const Viewport& viewport,
               const MarkerOptions& options, std::vector<MarkerInstance>& out);
  [[nodiscard]] const std::vector<DrawnIncident>& drawn() const { return m_drawn; }
  [[nodiscard]] const std::vector<Bubble>& bubbles() const { return m_bubbles; }
  [[nodiscard]] bool animates() const { return m_new.any(); }

 private:
  struct Open {
    std::uint32_t number;
    model::DivisionIndex group;  // division of the gather level, none() above it
    base::Vec2d position_px;
    float pulse;
    model::Severity severity;
    base::UtcTime first_seen_at;
  };
  void collect(const state::WorldSnapshot& snapshot, const Viewport& viewport, const MarkerOptions& options);
  void gather(const state::WorldSnapshot& snapshot, const Viewport& viewport, const MarkerOptions& options,
              std::vector<MarkerInstance>& out);
  [[nodiscard]] base::Vec2d clear_of_critical(model::DivisionIndex group, base::Vec2d position_px, double radius_px,
                                              double marker_px) const;

  NewIncidents m_new;
  std::vector<Open> m_open;
  std::vector<std::uint32_t> m_open_of_group;  // by division
  std::vector<bool> m_gathered;                // by division
  std::vector<DrawnIncident> m_drawn;
  std::vector<Bubble> m_bubbles;
};

}  // namespace gridwall::scene
