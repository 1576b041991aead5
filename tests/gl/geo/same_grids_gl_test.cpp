// The same grids from three formats and coordinate systems make the same picture, within the limits of a golden.
#include <gtest/gtest.h>

#include "geo/tree_builder.hpp"
#include "render/map_renderer.hpp"
#include "support/gl_stage.hpp"
#include "support/image_compare.hpp"
#include "support/jagged_tree.hpp"
#include "support/layer_copies.hpp"
#include "support/map_scenes.hpp"
#include "unit/geo/layer_files.hpp"

namespace gridwall {
namespace {

constexpr base::Vec2i kSizePx{800, 500};

gfx::Image picture_of(std::shared_ptr<const model::DivisionTree> tree) {
  scene::FrameScene scene;
  scene.viewport = {{0, 0}, kSizePx, {test::kCopyCenter_world, 0.055}};
  scene.fill_level = 2;
  scene.division_colors.resize(tree->divisions().size());
  test::color_by_step(scene);
  test::add_borders(scene);
  scene.tree = std::move(tree);
  test::GlStage stage(kSizePx);
  auto renderer = render::MapRenderer::create(stage.context(), test::shader_folder(), {});
  EXPECT_TRUE(renderer.ok()) << renderer.error().message;
  stage.begin();
  EXPECT_TRUE((*renderer)->draw(scene, kSizePx, 0).ok());
  return stage.pixels();
}

TEST(SameGrids, make_the_same_picture_from_three_formats_and_systems) {
  const auto truth = test::jagged_tree();
  const test::TemporaryFolder folder;
  std::vector<gfx::Image> pictures;
  for (const test::NamedCopy& named : test::three_copies()) {
    test::LayerCopier(*truth, named.copy).write(folder / named.file);
    geo::LayerRequest request;
    request.sources = {(folder / named.file).string()};
    request.world_crs = test::kCopyWorldCrs;
    const auto loaded = geo::load_division_tree(request);
    ASSERT_TRUE(loaded.ok()) << loaded.error().message;
    pictures.push_back(picture_of(loaded->tree));
  }
  for (std::size_t i = 1; i < pictures.size(); ++i) {
    const auto compared = test::compare_images(pictures[i], pictures[0], {});
    EXPECT_TRUE(compared.same) << test::three_copies()[i].file << ": " << compared.text();
  }
}

}  // namespace
}  // namespace gridwall
