// Pictures of the panels of a profile's views, with registers put by hand over a small tree.
#include <gtest/gtest.h>

#include <cstdlib>

#include "support/gl_stage.hpp"
#include "support/image_compare.hpp"
#include "support/sample_views.hpp"
#include "ui/imgui_host.hpp"
#include "ui/wall_ui.hpp"

namespace gridwall {
namespace {

// The panels' text depends on the font's outlines: WenQuanYi Micro Hei is small and always the same.
ui::FontFace small_font() { return {"/usr/share/fonts/truetype/wqy/wqy-microhei.ttc", 0}; }

gfx::Image boards_of(const test::SampleViews& sample, std::string_view view, model::Language language,
                     base::Vec2i size_px, double em) {
  test::GlStage stage(size_px);
  const auto words = sample.words(language);
  const ui::FontTexts texts =
      ui::font_texts(words, sample.profile, sample.vocabulary, *sample.tree, sample.department_names());
  auto host = ui::ImguiHost::create({ui::Backend::Headless, nullptr, small_font(), em, texts});
  EXPECT_TRUE(host.ok()) << host.error().message;
  const ui::Inputs inputs = sample.inputs(words, view);
  ui::CommandSink commands;
  ui::BoardPanel boards;
  ui::ViewPanel tabs;
  const double gap = 0.5 * em, tabs_bottom = gap + 2 * em;
  stage.begin({11, 14, 18, 255});
  (*host)->begin_frame(size_px, std::chrono::milliseconds(16));
  tabs.draw(ui::make_box(gap, gap, size_px.x - gap, tabs_bottom), (*host)->fonts(), inputs, commands);
  boards.draw(ui::make_box(gap, tabs_bottom + gap, size_px.x - gap, size_px.y - gap), (*host)->fonts(), inputs,
              commands);
  (*host)->end_frame();
  stage.context().forget_state();
  return stage.pixels();
}

TEST(PanelGolden, boards_of_a_command_view_with_late_tasks_and_a_whistle) {
  const test::SampleViews sample("qingjiangpu");
  test::expect_golden(boards_of(sample, "command", model::Language::Chinese, {960, 260}, 13), "panels/command");
}

TEST(PanelGolden, figures_in_conflict_stand_side_by_side_with_a_ranking_that_has_trends) {
  const test::SampleViews sample("lufeng");
  test::expect_golden(boards_of(sample, "overview", model::Language::English, {960, 260}, 13), "panels/conflict");
}

}  // namespace
}  // namespace gridwall
