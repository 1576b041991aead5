#include "scene/picking.hpp"

#include <algorithm>
#include <cmath>

#include "scene/camera.hpp"

namespace gridwall::scene {

namespace {

double distance_px(base::Vec2d a, base::Vec2d b) {
  return std::hypot(a.x - b.x, a.y - b.y);
}

const DrawnIncident* top_at(std::span<const DrawnIncident> drawn, base::Vec2d point_px, double slack_px) {
  // The middles that are nearer than any edge win over the slack about others.
  for (const double slack : {0.0, slack_px}) {
    for (std::size_t i = drawn.size(); i-- > 0;) {
      if (distance_px(drawn[i].position_px, point_px) <= drawn[i].size_px / 2 + slack) return &drawn[i];
    }
  }
  return nullptr;
}

}  // namespace

std::optional<std::uint32_t> pick_top_incident(std::span<const DrawnIncident> drawn, base::Vec2d point_px,
                                               double slack_px) {
  const DrawnIncident* top = top_at(drawn, point_px, slack_px);
  return top != nullptr ? std::optional(top->number) : std::nullopt;
}

const MarkerStack* pick_stack(std::span<const MarkerStack> stacks, std::span<const DrawnIncident> drawn,
                              base::Vec2d point_px) {
  const DrawnIncident* top = top_at(drawn, point_px, 3);
  if (top == nullptr) return nullptr;
  // Members in a fan are elsewhere.
  const auto found = std::ranges::find_if(stacks, [&](const MarkerStack& stack) {
    return stack.members.front() == top->number && stack.position_px == top->position_px;
  });
  return found != stacks.end() ? &*found : nullptr;
}

model::DivisionIndex pick_bubble(std::span<const Bubble> bubbles, base::Vec2d point_px) {
  for (std::size_t i = bubbles.size(); i-- > 0;) {
    if (distance_px(bubbles[i].position_px, point_px) <= bubbles[i].size_px / 2) return bubbles[i].division;
  }
  return model::DivisionIndex::none();
}

model::DivisionIndex pick_division(const model::Locator& locator, const Viewport& viewport, base::Vec2d point_px,
                                   std::uint32_t level_index) {
  if (!is_inside(viewport, point_px)) return model::DivisionIndex::none();
  return locator.locate_at_level(world_from_px(viewport, point_px), level_index);
}

}  // namespace gridwall::scene
