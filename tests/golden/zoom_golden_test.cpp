// One district from afar to the street, at eight zooms: its real outline divided by the city generator, with borders
// and names. Besides each picture: no ground shows between neighbours, no two names overlap, a fluent map ends as the
// same picture, and what it costs is pinned in expected.metrics.json.
#include <gtest/gtest.h>

#include <cmath>

#include "base/json_writer.hpp"
#include "base/text_file.hpp"
#include "geo/city_generator.hpp"
#include "geo/tree_builder.hpp"
#include "model/locator.hpp"
#include "render/map_renderer.hpp"
#include "scene/camera.hpp"
#include "scene/label_placement.hpp"
#include "scene/scene_builder.hpp"
#include "support/gl_stage.hpp"
#include "support/image_compare.hpp"
#include "support/map_scenes.hpp"
#include "support/small_world.hpp"
#include "support/temp_folder.hpp"

namespace gridwall {
namespace {

constexpr base::Vec2i kSizePx{640, 400};
constexpr double kCloser[] = {1, 1.9, 4, 9, 20, 50, 140, 400};
constexpr base::Color kMagenta{255, 0, 255, 255};

std::shared_ptr<const model::DivisionTree> make_city() {
  const std::filesystem::path root = GRIDWALL_SOURCE_DIR;
  auto profile = model::load_profile(root / "config/profiles/lianyuan.toml");
  EXPECT_TRUE(profile.ok()) << profile.error().message;
  const std::filesystem::path district = root / "assets/districts" / profile->district;
  auto plan = geo::generate_city({*profile, district, 1}, nullptr);
  EXPECT_TRUE(plan.ok()) << plan.error().message;
  const test::TempFolder folder;
  EXPECT_TRUE(geo::write_city(*plan, folder.path() / "city.gpkg").ok());
  geo::LayerRequest request;
  request.sources = {(folder.path() / "city.gpkg").string()};
  request.levels = profile->levels;
  auto loaded = geo::load_division_tree(request);
  EXPECT_TRUE(loaded.ok()) << loaded.error().message;
  return loaded->tree;
}

class ZoomGolden : public testing::TestWithParam<int> {
 protected:
  static void SetUpTestSuite() { s_tree = make_city(); }
  static void TearDownTestSuite() { s_tree = nullptr; }

  void SetUp() override {
    const auto font = render::Font::open({});
    ASSERT_TRUE(font.ok()) << font.error().message;
    for (const auto& path : (*font)->files()) {
      if (path.filename() == "wqy-microhei.ttc") m_font = path;
    }
    ASSERT_FALSE(m_font.empty()) << "install the package fonts-wqy-microhei";
    m_renderer = make_renderer(render::Pace::AtOnce);
    m_builder = std::make_unique<scene::SceneBuilder>(m_renderer->glyph_metrics());
    m_scene = scene_at(kCloser[GetParam()]);
  }

  std::unique_ptr<render::MapRenderer> make_renderer(render::Pace pace) {
    auto made = render::MapRenderer::create(m_stage.context(), test::shader_folder(), {.file = m_font});
    EXPECT_TRUE(made.ok()) << made.error().message;
    (*made)->set_pace(pace);
    return std::move(made).value();
  }
  scene::FrameScene scene_at(double closer) {
    const model::Division& root = s_tree->at(s_tree->root());
    scene::Viewport viewport{{0, 0}, kSizePx, scene::fit(root.extent_world, kSizePx, 12)};
    if (closer > 1.5) {
      // Towards a place where several of the smallest meet.
      const model::Range deepest = s_tree->levels().back().divisions;
      viewport.view.center_world = s_tree->divisions()[deepest.begin + deepest.size() / 3].extent_world.min;
    }
    viewport.view.px_per_m *= closer;
    viewport.view = scene::on_pixels(viewport.view);
    scene::SceneOptions options;
    options.ui_scale = 0.7;
    scene::FrameScene scene =
        m_builder->build(test::SmallWorld(s_tree).snapshot(), model::Vocabulary{}, viewport, options);
    test::color_by_step(scene);
    return scene;
  }
  gfx::Image draw(render::MapRenderer& renderer, const scene::FrameScene& scene) {
    m_stage.begin();
    EXPECT_TRUE(renderer.draw(scene, kSizePx, 0).ok());
    return m_stage.pixels();
  }
  [[nodiscard]] std::string metrics() {
    const gfx::FrameStats& frame = m_stage.context().frame_stats();
    base::JsonWriter json;
    json.begin_object().field("draws", frame.draws).field("triangles", frame.triangles);
    json.field("bytes_uploaded", frame.bytes_uploaded).field("state_changes", frame.state_changes);
    json.field("buffer_bytes", m_stage.context().live_stats().buffer_bytes).end_object();
    return json.text() + "\n";
  }
  [[nodiscard]] std::string name() const { return fmt::format("zooms/{}", GetParam() + 1); }

  static inline std::shared_ptr<const model::DivisionTree> s_tree;
  test::GlStage m_stage{kSizePx};
  std::filesystem::path m_font;
  std::unique_ptr<render::MapRenderer> m_renderer;
  std::unique_ptr<scene::SceneBuilder> m_builder;
  scene::FrameScene m_scene;
};

TEST_P(ZoomGolden, picture_and_cost) {
  const gfx::Image picture = draw(*m_renderer, m_scene);
  test::expect_golden_text(metrics(), name() + "/expected.metrics.json");
  test::expect_golden(picture, name());
}

TEST_P(ZoomGolden, no_ground_shows_between_neighbours) {
  m_scene.borders.clear();
  m_scene.labels.clear();
  m_scene.background = kMagenta;
  const gfx::Image picture = draw(*m_renderer, m_scene);
  const model::Locator locator(s_tree);
  const auto inside = [&](double x, double y) {
    const base::Vec2d at = scene::world_from_px(m_scene.viewport, {x, y});
    return locator.locate_at_level(at, m_scene.fill_level).valid();
  };
  int open = 0, looked_at = 0;
  for (int y = 0; y < kSizePx.y; ++y) {
    for (int x = 0; x < kSizePx.x; ++x) {
      if (picture.at(x, y) != kMagenta) {
        ++looked_at;
        continue;
      }
      // More than a pixel and a half inside: not the outer border's own width.
      bool all = true;
      for (const double dx : {-1.5, 0.0, 1.5}) {
        for (const double dy : {-1.5, 0.0, 1.5}) all = all && inside(x + 0.5 + dx, y + 0.5 + dy);
      }
      open += all ? 1 : 0;
    }
  }
  EXPECT_EQ(open, 0);
  EXPECT_GT(looked_at, 20'000);
}

TEST_P(ZoomGolden, no_two_names_overlap) {
  std::vector<base::Box2d> boxes;
  for (const scene::LabelInstance& label : m_scene.labels) {
    const base::Vec2d anchor{static_cast<double>(label.anchor_px.x), static_cast<double>(label.anchor_px.y)};
    boxes.push_back(
        scene::label_box_px(anchor, label.text, static_cast<double>(label.size_px), m_renderer->glyph_metrics()));
  }
  for (std::size_t a = 0; a < boxes.size(); ++a) {
    for (std::size_t b = a + 1; b < boxes.size(); ++b) {
      constexpr double kRounding = 1e-3;  // anchors are floats
      const bool apart = boxes[a].max.x <= boxes[b].min.x + kRounding || boxes[b].max.x <= boxes[a].min.x + kRounding ||
                         boxes[a].max.y <= boxes[b].min.y + kRounding || boxes[b].max.y <= boxes[a].min.y + kRounding;
      EXPECT_TRUE(apart) << m_scene.labels[a].text << " and " << m_scene.labels[b].text;
    }
  }
}

TEST_P(ZoomGolden, a_fluent_map_ends_as_the_same_picture) {
  const gfx::Image at_once = draw(*m_renderer, m_scene);
  const auto fluent = make_renderer(render::Pace::Fluent);
  // From another zoom, so that something stood in.
  draw(*fluent, scene_at(kCloser[GetParam()] * 0.7));
  gfx::Image last = draw(*fluent, m_scene);
  for (int i = 0; i < 200 && fluent->is_refining(); ++i) last = draw(*fluent, m_scene);
  EXPECT_FALSE(fluent->is_refining());
  const auto compared = test::compare_images(last, at_once, {});
  // A driver may round a line's distance otherwise where a tile cuts it: one step of 255 or so, in a pixel or two.
  EXPECT_TRUE(compared.same_size);
  EXPECT_LE(compared.worst, 4) << compared.text();
  EXPECT_LE(compared.differing, 1e-4) << compared.text();
}

INSTANTIATE_TEST_SUITE_P(EightZooms, ZoomGolden, testing::Range(0, 8));

}  // namespace
}  // namespace gridwall
