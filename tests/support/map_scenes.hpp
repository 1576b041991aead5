// Scenes of small and jagged trees for gl and golden tests: a level filled, a view of so many metres.
#pragma once

#include <memory>

#include "scene/frame_scene.hpp"

namespace gridwall::test {

struct MapSceneSpec {
  base::Vec2i size_px{320, 200};
  double px_per_m = 0.02;
  base::Vec2d center_offset_m{};  // from the middle of the tree
  std::uint32_t fill_level = 2;
  base::Color fill{40, 90, 140, 255};
};

inline scene::FrameScene map_scene(std::shared_ptr<const model::DivisionTree> tree, const MapSceneSpec& spec = {}) {
  scene::FrameScene scene;
  scene.viewport = {{0, 0}, spec.size_px, {tree->origin_world() + spec.center_offset_m, spec.px_per_m}};
  scene.fill_level = spec.fill_level;
  scene.division_colors.assign(tree->divisions().size(), spec.fill);
  scene.colors_version = 1;
  scene.tree = std::move(tree);
  return scene;
}

// Blues of five steps, by a number that looks random and is not.
inline void color_by_step(scene::FrameScene& scene) {
  constexpr base::Color kSteps[] = {
      {20, 38, 58, 255}, {24, 58, 88, 255}, {30, 86, 122, 255}, {40, 118, 152, 255}, {78, 156, 178, 255}};
  for (std::size_t i = 0; i < scene.division_colors.size(); ++i) {
    scene.division_colors[i] = kSteps[(i * 2654435761u >> 7) % 5];
  }
  ++scene.colors_version;
}

inline void add_borders(scene::FrameScene& scene) {
  scene.borders = {{0, 4.0f, {214, 232, 246, 255}}, {1, 2.4f, {150, 190, 216, 235}}, {2, 1.0f, {120, 160, 190, 130}}};
}

}  // namespace gridwall::test
