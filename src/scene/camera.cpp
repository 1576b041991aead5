#include "scene/camera.hpp"

#include <algorithm>
#include <cmath>

namespace gridwall::scene {

namespace {

base::Vec2d middle_px(const Viewport& viewport) {
  return {viewport.offset_px.x + viewport.size_px.x / 2.0, viewport.offset_px.y + viewport.size_px.y / 2.0};
}

double clamp_scale(double px_per_m, const ScaleLimits& limits) {
  return std::clamp(px_per_m, limits.px_per_m_min, std::max(limits.px_per_m_min, limits.px_per_m_max));
}

// The whole district may be shown at a third of its fitting size, not smaller: nobody gets lost.
constexpr double kSmallestOfHome = 1.0 / 3.0;

}  // namespace

base::Vec2d px_from_world(const Viewport& viewport, base::Vec2d point_world) {
  const base::Vec2d middle = middle_px(viewport);
  const base::Vec2d from_center = point_world - viewport.view.center_world;
  return {middle.x + from_center.x * viewport.view.px_per_m, middle.y - from_center.y * viewport.view.px_per_m};
}

base::Vec2d world_from_px(const Viewport& viewport, base::Vec2d point_px) {
  const base::Vec2d from_middle = point_px - middle_px(viewport);
  return {viewport.view.center_world.x + from_middle.x / viewport.view.px_per_m,
          viewport.view.center_world.y - from_middle.y / viewport.view.px_per_m};
}

base::Vec2d clip_from_world(const Viewport& viewport, base::Vec2d point_world) {
  const base::Vec2d from_center = point_world - viewport.view.center_world;
  return {from_center.x * viewport.view.px_per_m * 2.0 / std::max(1, viewport.size_px.x),
          from_center.y * viewport.view.px_per_m * 2.0 / std::max(1, viewport.size_px.y)};
}

model::MapView on_pixels(const model::MapView& view) {
  model::MapView snapped = view;
  snapped.center_world = {std::round(view.center_world.x * view.px_per_m) / view.px_per_m,
                          std::round(view.center_world.y * view.px_per_m) / view.px_per_m};
  return snapped;
}

base::Box2d visible_world(const Viewport& viewport) {
  base::Box2d box;
  box.extend(world_from_px(viewport, {static_cast<double>(viewport.offset_px.x),
                                      static_cast<double>(viewport.offset_px.y)}));
  box.extend(world_from_px(viewport, {static_cast<double>(viewport.offset_px.x + viewport.size_px.x),
                                      static_cast<double>(viewport.offset_px.y + viewport.size_px.y)}));
  return box;
}

bool is_inside(const Viewport& viewport, base::Vec2d point_px) {
  return point_px.x >= viewport.offset_px.x && point_px.x < viewport.offset_px.x + viewport.size_px.x &&
         point_px.y >= viewport.offset_px.y && point_px.y < viewport.offset_px.y + viewport.size_px.y;
}

model::MapView fit(const base::Box2d& box_world, base::Vec2i size_px, double padding_px) {
  if (box_world.empty()) return {};
  const double width_px = std::max(1.0, size_px.x - 2 * padding_px);
  const double height_px = std::max(1.0, size_px.y - 2 * padding_px);
  // A box without extent (one point) gets a street's width.
  constexpr double kExtentMinM = 100;
  return {box_world.center(), std::min(width_px / std::max(kExtentMinM, box_world.width()),
                                       height_px / std::max(kExtentMinM, box_world.height()))};
}

model::MapView zoomed_about(const Viewport& viewport, base::Vec2d point_px, double factor, const ScaleLimits& limits) {
  const base::Vec2d pinned_world = world_from_px(viewport, point_px);
  model::MapView view;
  view.px_per_m = clamp_scale(viewport.view.px_per_m * factor, limits);
  const base::Vec2d from_middle = point_px - middle_px(viewport);
  view.center_world = {pinned_world.x - from_middle.x / view.px_per_m, pinned_world.y + from_middle.y / view.px_per_m};
  return view;
}

model::MapView panned(const Viewport& viewport, base::Vec2d delta_px) {
  model::MapView view = viewport.view;
  view.center_world.x -= delta_px.x / view.px_per_m;
  view.center_world.y += delta_px.y / view.px_per_m;
  return view;
}

model::MapView between(const model::MapView& from, const model::MapView& to, double progress) {
  const double t = std::clamp(progress, 0.0, 1.0);
  if (t >= 1) return to;
  const double eased = t * t * t * (t * (6 * t - 15) + 10);
  const double ratio = to.px_per_m / from.px_per_m;
  model::MapView view;
  view.px_per_m = from.px_per_m * std::pow(ratio, eased);
  // Where the scales differ, both views share one fixed point; moving along it keeps the flight straight on screen.
  const bool zooms = std::abs(std::log(ratio)) > 1e-3;
  const double along = zooms ? (1 / view.px_per_m - 1 / from.px_per_m) / (1 / to.px_per_m - 1 / from.px_per_m) : eased;
  view.center_world = from.center_world + (to.center_world - from.center_world) * along;
  return view;
}

Camera::Camera(const base::Box2d& home_world, base::Vec2i offset_px, base::Vec2i size_px, double padding_px)
    : m_home_world(home_world), m_offset_px(offset_px), m_size_px(size_px), m_padding_px(padding_px) {
  m_from = m_to = home();
}

model::MapView Camera::home() const { return fit(m_home_world, m_size_px, m_padding_px); }

ScaleLimits Camera::limits() const {
  ScaleLimits limits;
  limits.px_per_m_min = std::min(home().px_per_m * kSmallestOfHome, limits.px_per_m_max);
  return limits;
}

model::MapView Camera::clamped(model::MapView view) const {
  view.px_per_m = clamp_scale(view.px_per_m, limits());
  if (!m_home_world.empty()) {
    view.center_world.x = std::clamp(view.center_world.x, m_home_world.min.x, m_home_world.max.x);
    view.center_world.y = std::clamp(view.center_world.y, m_home_world.min.y, m_home_world.max.y);
  }
  return view;
}

void Camera::resize(base::Vec2i offset_px, base::Vec2i size_px) {
  m_offset_px = offset_px;
  if (size_px == m_size_px) return;
  const model::MapView home_before = home();
  const bool was_home = m_to.center_world == home_before.center_world && m_to.px_per_m == home_before.px_per_m;
  m_size_px = size_px;
  m_to = was_home ? home() : clamped(m_to);
  m_from = m_to;
  m_duration = {};
}

void Camera::settle(base::MonoTime now) {
  m_from = m_to = view_at(now);
  m_duration = {};
}

void Camera::zoom_about(base::Vec2d point_px, double factor, base::MonoTime now) {
  settle(now);
  m_from = m_to = clamped(zoomed_about(viewport(now), point_px, factor, limits()));
}

void Camera::pan_by(base::Vec2d delta_px, base::MonoTime now) {
  settle(now);
  m_from = m_to = clamped(panned(viewport(now), delta_px));
}

void Camera::jump_to(const model::MapView& view) {
  m_from = m_to = clamped(view);
  m_duration = {};
}

void Camera::fly_to(const model::MapView& view, base::MonoTime now, base::Duration duration) {
  m_from = view_at(now);
  m_to = clamped(view);
  m_departed_at = now;
  m_duration = duration;
}

void Camera::fly_to_box(const base::Box2d& box_world, base::MonoTime now) {
  fly_to(fit(box_world, m_size_px, m_padding_px), now);
}

bool Camera::is_flying(base::MonoTime now) const { return now < m_departed_at + m_duration; }

model::MapView Camera::view_at(base::MonoTime now) const {
  if (!is_flying(now)) return m_to;
  const std::chrono::duration<double> elapsed = now - m_departed_at;
  return between(m_from, m_to, elapsed / std::chrono::duration<double>(m_duration));
}

Viewport Camera::viewport(base::MonoTime now) const { return {m_offset_px, m_size_px, on_pixels(view_at(now))}; }

}  // namespace gridwall::scene
