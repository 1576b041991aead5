// MarkerLayout: markers of open incidents, and the bubbles into which they gather where they would overlap. Gathering
// is by grid: a bubble stands for one division and its count is that division's count on the boards, unlocated ones
// included. What is critical or new stays visible beside its bubble, and a bubble steps aside for what is critical.
// Where markers lie on each other the heaviest stands for all with a count; an opened one fans out.
// Invariant (tests/unit/scene/marker_layout_test.cpp): an open located incident is drawn, stacked or lies in a bubble.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "model/vocabulary.hpp"
#include "scene/frame_scene.hpp"
#include "scene/incident_index.hpp"
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
  [[nodiscard]] bool any() const { return !m_seen.empty(); }
  // Numbers of those that pulse, as far as `snapshot` still knows them by these.
  void append_numbers(const state::WorldSnapshot& snapshot, std::vector<std::uint32_t>& numbers) const;

 private:
  const model::DivisionTree* m_tree = nullptr;
  std::uint64_t m_version = 0;
  base::UtcTime m_state_time{};
  struct Seen {
    base::UtcTime at{};
    std::uint32_t number = 0;
  };
  std::map<std::string, Seen, std::less<>> m_seen;  // by id: few
};

// Markers that lie on each other; drawn as the first.
struct MarkerStack {
  base::Vec2d position_px;
  float size_px = 0;
  std::vector<std::uint32_t> members;  // numbers; the heaviest first, of equals the newest
};

// A stack that somebody opened.
struct OpenFan {
  std::vector<std::uint32_t> members;  // all of the stack, in its order; empty: none is open
  std::size_t page = 0;                // that is shown, kFanPage a page
  base::Vec2d place_px, center_px;     // of the stack, and of what is shown of it
  float size_px = 0;
  [[nodiscard]] std::size_t page_count() const;
};

struct MarkerOptions {
  std::uint32_t gather_level = 0;
  float size_px = 13;  // of a minor incident
  std::string_view selected_incident;
  base::UtcTime now_utc{};
  std::string_view fan_of{};  // an incident: the stack that it lies in is open; empty: none
  std::size_t fan_page = 0;
};

class MarkerLayout {
 public:
  void lay_out(const state::WorldSnapshot& snapshot, const model::Vocabulary& vocabulary, const Viewport& viewport,
               const MarkerOptions& options, std::vector<MarkerInstance>& out);
  [[nodiscard]] const std::vector<DrawnIncident>& drawn() const { return m_drawn; }
  [[nodiscard]] const std::vector<Bubble>& bubbles() const { return m_bubbles; }
  [[nodiscard]] const std::vector<MarkerStack>& stacks() const { return m_stacks; }
  [[nodiscard]] const OpenFan& fan() const { return m_fan; }
  // Numbers of all open located critical cases, in sight or not.
  [[nodiscard]] std::span<const std::uint32_t> critical() const { return m_index.critical(); }
  [[nodiscard]] bool animates() const { return m_new.any(); }

 private:
  struct Open {
    std::uint32_t number;
    base::Vec2d position_px;
    float pulse;
    model::Severity severity;
    base::UtcTime first_seen_at;
  };
  struct Pass;
  // Those of m_open with the same `head` lie on each other.
  void collect_stacks(const Pass& pass);
  void draw(const Pass& pass, const model::Vocabulary& vocabulary);
  void draw_one(const Pass& pass, const model::Vocabulary& vocabulary, const Open& open, base::Vec2d position_px,
                float size_px, bool is_selected);
  // Null: none has it.
  [[nodiscard]] const MarkerStack* stack_of(const Pass& pass, std::string_view incident_id) const;
  void draw_fan(const Pass& pass, const model::Vocabulary& vocabulary, const MarkerStack& stack);
  // What one layout looks at.
  struct Pass {
    const state::WorldSnapshot& snapshot;
    const Viewport& viewport;
    const MarkerOptions& options;
    std::vector<MarkerInstance>& out;
  };
  // A critical case of a division of the gather level, or the one that is selected.
  struct Critical {
    std::uint32_t group;
    std::uint32_t number;
    base::Vec2d position_px;
  };
  [[nodiscard]] static bool may_be_seen(const Pass& pass, const PointBox& box);
  [[nodiscard]] bool is_crowded(const Pass& pass, std::uint32_t division) const;
  void collect_critical(const Pass& pass);
  void visit(const Pass& pass, std::uint32_t division);
  void gather(const Pass& pass, std::uint32_t division);
  void draw_bubbles(const Pass& pass);
  void open_up(const Pass& pass, std::uint32_t division);
  void add_all(const Pass& pass, std::span<const std::uint32_t> numbers);
  void add_outstanding(const Pass& pass);
  [[nodiscard]] std::uint32_t number_of_selected(const Pass& pass);
  [[nodiscard]] base::Vec2d clear_of_critical(std::uint32_t group, base::Vec2d position_px, double radius_px,
                                              double marker_px) const;

  NewIncidents m_new;
  IncidentIndex m_index;
  std::vector<Open> m_open;            // to be drawn
  std::vector<Critical> m_critical;    // by group
  std::vector<std::uint32_t> m_heads;  // of each of m_open, from the heaviest on: the one it lies on
  std::vector<DrawnIncident> m_drawn;
  struct Gathered {
    model::Severity worst;
    Bubble bubble;
  };
  std::vector<Gathered> m_gathered;
  std::vector<Bubble> m_bubbles;
  std::vector<MarkerStack> m_stacks;
  OpenFan m_fan;

  // Of the selected one, found once.
  std::string m_selected;
  std::uint32_t m_selected_number = 0;
  std::uint64_t m_selected_version = 0;
};

}  // namespace gridwall::scene
