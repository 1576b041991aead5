#include "render/frame_constants.hpp"

#include <cmath>

namespace gridwall::render {

namespace {

float wrapped(double value, double period) {
  return static_cast<float>(value - std::floor(value / period) * period);
}

}  // namespace

gfx::PixelRect map_rect(const scene::Viewport& viewport, base::Vec2i output_size_px) {
  return {viewport.offset_px.x, output_size_px.y - viewport.offset_px.y - viewport.size_px.y, viewport.size_px.x,
          viewport.size_px.y};
}

FrameBlock frame_constants(const scene::FrameScene& scene, base::Vec2i output_size_px, float time_s) {
  const gfx::PixelRect rect = map_rect(scene.viewport, output_size_px);
  const model::MapView& view = scene.viewport.view;
  FrameBlock frame;
  frame.map_size_px = {static_cast<float>(rect.width), static_cast<float>(rect.height)};
  frame.map_corner_px = {static_cast<float>(rect.x), static_cast<float>(rect.y)};
  frame.output_size_px = {static_cast<float>(output_size_px.x), static_cast<float>(output_size_px.y)};
  frame.stale_strength = std::clamp(scene.stale_strength, 0.0f, 1.0f);
  frame.time_s = time_s;
  base::Vec2d remainder_px;
  if (scene.tree != nullptr) {
    // The whole units of the middle are subtracted as integers; only what is left of it becomes a float.
    frame.view_origin_units = scene.tree->to_units(view.center_world);
    remainder_px = (view.center_world - scene.tree->to_world(frame.view_origin_units)) * view.px_per_m;
    frame.px_per_unit = static_cast<float>(view.px_per_m * scene.tree->unit_m());
  }
  frame.view_origin_map_px = {static_cast<float>(rect.width * 0.5 - remainder_px.x),
                              static_cast<float>(rect.height * 0.5 - remainder_px.y)};
  // Where the world's origin stands, as far as hatches and dashes repeat.
  const auto repeating = [&](double middle_px, double center_m) {
    return wrapped(middle_px - center_m * view.px_per_m, double{kHatchRepeatPx});
  };
  frame.hatch_origin_px = {repeating(rect.x + rect.width * 0.5, view.center_world.x),
                           repeating(rect.y + rect.height * 0.5, view.center_world.y)};
  return frame;
}

UnitBox visible_units(const FrameBlock& frame, float margin_px) {
  const auto whole = [](float px) { return static_cast<std::int32_t>(std::ceil(px)); };
  return visible_units(frame,
                       {whole(frame.map_corner_px.x), whole(frame.map_corner_px.y), whole(frame.map_size_px.x),
                        whole(frame.map_size_px.y)},
                       margin_px);
}

UnitBox visible_units(const FrameBlock& frame, gfx::PixelRect part, float margin_px) {
  const double per_px = 1.0 / static_cast<double>(frame.px_per_unit);
  const auto reach = [&](float px) { return static_cast<std::int64_t>(std::ceil(static_cast<double>(px) * per_px)); };
  const float x = static_cast<float>(part.x) - frame.map_corner_px.x,
              y = static_cast<float>(part.y) - frame.map_corner_px.y;
  const base::Vec2f origin = frame.view_origin_map_px;
  UnitBox box;
  box.min_x = frame.view_origin_units.x - reach(origin.x - x + margin_px);
  box.min_y = frame.view_origin_units.y - reach(origin.y - y + margin_px);
  box.max_x = frame.view_origin_units.x + reach(x + static_cast<float>(part.width) - origin.x + margin_px);
  box.max_y = frame.view_origin_units.y + reach(y + static_cast<float>(part.height) - origin.y + margin_px);
  return box;
}

}  // namespace gridwall::render
