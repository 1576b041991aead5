#include "app/measuring.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "scene/camera.hpp"
#include "support/small_world.hpp"
#include "ui/text_format.hpp"

namespace gridwall::app {
namespace {

using base::Vec2d;

constexpr const char* kWebMercator = "EPSG:3857";

struct Ground {
  std::shared_ptr<const model::DivisionTree> tree = test::small_tree({{2, 2}, 8000, kWebMercator});
  std::unique_ptr<Measuring> measuring = Measuring::create(tree).value();
  geo::Geodesy geodesy = geo::Geodesy::create(kWebMercator).value();
  geo::Transform world_from_lonlat = geo::Transform::create(geo::kLonLatCrs, kWebMercator).value();

  [[nodiscard]] Vec2d at(double longitude, double latitude) const {
    return *world_from_lonlat.forward({longitude, latitude});
  }
};

TEST(Measuring, the_scale_bar_is_as_long_as_it_says) {
  Ground ground;
  for (const double latitude : {0.0, 36.0, 53.0}) {
    for (const double px_per_m : {0.002, 0.02, 0.5}) {
      const scene::Viewport viewport{{0, 0}, {1200, 800}, {ground.at(120.2, latitude), px_per_m}};
      const ui::ScaleBar bar = ui::scale_bar(ground.measuring->px_per_true_m(viewport.view), 100);
      const Vec2d left = scene::world_from_px(viewport, {600 - bar.length_px / 2, 400});
      const Vec2d right = scene::world_from_px(viewport, {600 + bar.length_px / 2, 400});
      EXPECT_NEAR(ground.geodesy.leg(left, right)->length_m / bar.length_m, 1, 0.001) << latitude << " " << px_per_m;
    }
  }
}

TEST(Measuring, where_the_projection_ends_a_metre_is_its_own) {
  Ground ground;
  EXPECT_EQ(ground.measuring->px_per_true_m({{std::nan(""), 0}, 0.25}), 0.25);
  EXPECT_GT(ground.measuring->px_per_true_m({ground.at(120.2, 36), 0.25}), 0.3);
}

}  // namespace
}  // namespace gridwall::app
