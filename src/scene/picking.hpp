// Picking: what lies under a pixel: incidents by distance to the markers that were drawn (gathered ones are not),
// bubbles by their disc, divisions through model::Locator. Test: tests/unit/scene/picking_test.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "model/locator.hpp"
#include "scene/frame_scene.hpp"
#include "scene/marker_layout.hpp"

namespace gridwall::scene {

// The number of the incident whose marker, widened by `slack_px` where none holds the pixel itself, lies on top there;
// nullopt: none.
std::optional<std::uint32_t> pick_top_incident(std::span<const DrawnIncident> drawn, base::Vec2d point_px,
                                               double slack_px = 3);

// The stack whose marker holds the pixel, unless something lies over it; null: none.
const MarkerStack* pick_stack(std::span<const MarkerStack> stacks, std::span<const DrawnIncident> drawn,
                              base::Vec2d point_px);

// The division whose bubble holds the pixel; none() when there is none. The last drawn wins.
model::DivisionIndex pick_bubble(std::span<const Bubble> bubbles, base::Vec2d point_px);

// The division of `level_index` under the pixel (of the tree that the locator was made for); none() outside the map or
// the district.
model::DivisionIndex pick_division(const model::Locator& locator, const Viewport& viewport, base::Vec2d point_px,
                                   std::uint32_t level_index);

}  // namespace gridwall::scene
