// LabelPlacer: which names are shown, and where near their anchor, so that none overlaps another, a bubble, a marker or
// the edge of the map. A name keeps the place that it had in the last picture as long as that is free.
// Candidates are decided in the order of (priority, key) over an area wider than the viewport, and only then cut to
// it: a label's fate depends on its neighbours in the world, not on where the edge is, so nothing flickers on a pan.
// Invariant (tests/unit/scene/label_placement_test.cpp): boxes of placed labels never intersect.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/geometry.hpp"
#include "model/glyph_metrics.hpp"
#include "scene/frame_scene.hpp"

namespace gridwall::scene {

struct LabelCandidate {
  base::Vec2d anchor_px;         // of the output; the middle of the text
  std::string text;
  float size_px = 16;
  std::uint32_t priority = 0;    // lower is placed first
  std::uint32_t key = 0;         // breaks ties and remembers the place; the division's index
  base::Color color;
  base::Color halo;
  float roam_px = 0;             // how far it may step aside: within its own division, or it names the wrong one
  bool is_needed = false;        // where no place is free of markers, the one with the fewest; else it is left out
};

// Width of UTF-8 text in em; malformed bytes count as one unknown character each.
double text_width_em(std::string_view text, const model::GlyphMetrics& metrics);
base::Box2d label_box_px(base::Vec2d anchor_px, std::string_view text, double size_px,
                         const model::GlyphMetrics& metrics);

class LabelPlacer {
 public:
  // Starts a picture. Candidates further than `reach_px()` outside the viewport need not be offered.
  void begin(const Viewport& viewport);
  [[nodiscard]] double reach_px() const;
  // Keeps labels away from a bubble.
  void block(const base::Box2d& box_px);
  // Keeps labels away from a marker, where that is possible.
  void avoid(const base::Box2d& box_px);
  void offer(LabelCandidate candidate) { m_candidates.push_back(std::move(candidate)); }
  void place(const model::GlyphMetrics& metrics, std::vector<LabelInstance>& out);

 private:
  // Boxes by square cells.
  struct BoxIndex {
    std::vector<base::Box2d> boxes;
    std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> cells;
    void clear();
    void add(const base::Box2d& box_px);
    [[nodiscard]] std::uint32_t count_hits(const base::Box2d& box_px, std::uint32_t enough) const;
  };
  // The number of the best place around the anchor, by kPlaces; kNowhere when there is none.
  [[nodiscard]] std::uint8_t choose_place(const LabelCandidate& label, const base::Box2d& box_px) const;

  base::Box2d m_viewport_px;
  std::vector<LabelCandidate> m_candidates;
  BoxIndex m_taken, m_markers;
  std::unordered_map<std::uint32_t, std::uint8_t> m_last_place;  // by key
};

}  // namespace gridwall::scene
