// Camera: which part of the world the map shows, and how it gets there. All free functions are pure; Camera adds the
// limits (never lost, never closer than 5 cm a pixel) and an eased flight that depends on the given time alone.
// Invariant (tests/unit/scene/camera_test.cpp): the world point under the cursor stays there while zooming.
#pragma once

#include "base/clock.hpp"
#include "base/geometry.hpp"
#include "model/view.hpp"
#include "scene/frame_scene.hpp"

namespace gridwall::scene {

// Output pixels (from the top left of the output, y down) and world metres (y up).
base::Vec2d px_from_world(const Viewport& viewport, base::Vec2d point_world);
base::Vec2d world_from_px(const Viewport& viewport, base::Vec2d point_px);
// Clip space of the viewport's own rectangle: -1..1, y up.
base::Vec2d clip_from_world(const Viewport& viewport, base::Vec2d point_world);
base::Box2d visible_world(const Viewport& viewport);
// The view moved by less than a pixel, so that its middle lies a whole number of pixels from the world's origin: two
// such views of one scale show the same pixels, moved.
model::MapView on_pixels(const model::MapView& view);
bool is_inside(const Viewport& viewport, base::Vec2d point_px);

// The view that shows the whole box in `size_px` with `padding_px` on each side.
model::MapView fit(const base::Box2d& box_world, base::Vec2i size_px, double padding_px);

struct ScaleLimits {
  double px_per_m_min = 1e-6;
  double px_per_m_max = 20;  // 5 cm a pixel
};

// `viewport.view` after a zoom by `factor` (2: twice as close) about a point of the output.
model::MapView zoomed_about(const Viewport& viewport, base::Vec2d point_px, double factor, const ScaleLimits& limits);
// `viewport.view` after the map was dragged by `delta_px`.
model::MapView panned(const Viewport& viewport, base::Vec2d delta_px);
// On the way from one view to another; `progress` 0..1 is eased here. The scale changes evenly to the eye.
model::MapView between(const model::MapView& from, const model::MapView& to, double progress);

class Camera {
 public:
  static constexpr base::Duration kFlight = std::chrono::milliseconds(900);

  Camera() = default;
  // Starts at home. `home_world` is the extent of the district.
  Camera(const base::Box2d& home_world, base::Vec2i offset_px, base::Vec2i size_px, double padding_px);

  // A new place or size in the output: the view keeps its middle, and home stays home.
  void resize(base::Vec2i offset_px, base::Vec2i size_px);
  // Ends a flight at `now` first, so that the hand on the mouse always wins.
  void zoom_about(base::Vec2d point_px, double factor, base::MonoTime now);
  void pan_by(base::Vec2d delta_px, base::MonoTime now);
  void jump_to(const model::MapView& view);
  void fly_to(const model::MapView& view, base::MonoTime now, base::Duration duration = kFlight);
  void fly_home(base::MonoTime now) { fly_to(home(), now); }
  void fly_to_box(const base::Box2d& box_world, base::MonoTime now);

  [[nodiscard]] bool is_flying(base::MonoTime now) const;
  [[nodiscard]] Viewport viewport(base::MonoTime now) const;
  [[nodiscard]] model::MapView home() const;
  [[nodiscard]] ScaleLimits limits() const;

 private:
  [[nodiscard]] model::MapView clamped(model::MapView view) const;
  [[nodiscard]] model::MapView view_at(base::MonoTime now) const;
  void settle(base::MonoTime now);

  base::Box2d m_home_world;
  base::Vec2i m_offset_px;
  base::Vec2i m_size_px{1, 1};
  double m_padding_px = 0;
  model::MapView m_from, m_to;
  base::MonoTime m_departed_at{};
  base::Duration m_duration{};
};

}  // namespace gridwall::scene
