// Ground: the map's ground as it can be shown now. A new scale or level is drawn into a second layer, as far as a
// frame's budget reaches, from the middle of the map on; until that is done the last complete one stands in, scaled and
// moved. So a frame is never late, and what stands still is always exact. Main thread. Test:
// tests/gl/render/ground_gl_test.cpp.
#pragma once

#include "render/ground_layer.hpp"

namespace gridwall::render {

// A part of the picture that comes from one layer. Layer pixel = view pixel * scale + shift, both from the lower left.
struct GroundPiece {
  const GroundLayer* layer = nullptr;
  std::vector<gfx::PixelRect> rects;  // of the view
  float scale = 1;
  base::Vec2f shift_px;
};

class Ground {
 public:
  // Draws what is worth drawing. Leaves framebuffer, viewport and frame block changed. Error: pictures of this size
  // cannot be made.
  base::Status update(const GroundTools& tools, const GroundLook& look, const model::MapView& view,
                      GroundBudget budget);

  // No two hold the same pixel; one of no piece shows nothing.
  [[nodiscard]] std::vector<GroundPiece> pieces() const;
  // Another number: the pieces hold other pixels, not only moved ones.
  [[nodiscard]] std::uint64_t version() const { return m_version; }
  // What is shown is not yet what was asked for.
  [[nodiscard]] bool is_refining() const { return !m_exact; }
  void forget();

 private:
  base::Status refine(const GroundTools& tools, const GroundLook& look, const model::MapView& view,
                      GroundBudget& budget);
  [[nodiscard]] bool next_is_worth(const GroundLook& look, const model::MapView& view) const;
  [[nodiscard]] GroundPiece piece(const GroundLayer& layer) const;

  GroundLayer m_shown;  // complete, or nothing
  GroundLayer m_next;   // being drawn, or nothing
  model::MapView m_view;
  std::uint64_t m_version = 0;
  bool m_exact = false;
};

}  // namespace gridwall::render
