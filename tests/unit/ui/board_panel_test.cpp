// The views of all shipped profiles, filled and empty, laid out without GL: no text leaves its panel or lies over
// another at any size and in either language; a click on a tab chooses its view.
#include "ui/board_panel.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "support/sample_views.hpp"
#include "ui/imgui_host.hpp"
#include "ui/layers_panel.hpp"
#include "ui/wall_ui.hpp"

namespace gridwall::ui {
namespace {

constexpr const char* kProfiles[] = {"wujin", "lufeng", "jiangyin-2019", "qingjiangpu", "jiangyin", "lianyuan"};

struct Screen {
  const test::SampleViews& sample;
  std::unique_ptr<ImguiHost> host;
  std::vector<scene::LayerLegend> layers;
  CommandSink commands;
  std::vector<TextRun> runs;
  BoardPanel boards;
  ViewPanel tabs;
  LayersPanel legend;
  base::Box2d tabs_px, boards_px, layers_px;

  explicit Screen(const test::SampleViews& shown) : sample(shown) {}

  void draw(const model::ViewSpec& view, model::Language language, double em, double width_em, double height_em,
            base::Vec2f pointer = {-1, -1}, bool pressed = false) {
    const auto words = sample.words(language);
    const FontTexts texts =
        font_texts(words, sample.profile, sample.vocabulary, *sample.tree, sample.department_names());
    if (host == nullptr) {
      host = std::move(ImguiHost::create({Backend::None, nullptr, find_chinese_font().value(), em, texts})).value();
    }
    ASSERT_TRUE(host->set_fonts(em, texts).ok());
    layers.clear();
    for (const std::string& id : view.layers) {
      layers.push_back({id, scene::LayerMark::Site, model::MarkerShape::Circle, 128, 1310, 3, 131u, true});
    }
    Inputs inputs = sample.inputs(words, view.id);
    inputs.layers = layers;
    tabs_px = make_box(10, 10, 10 + width_em * em * 0.65, 10 + 2 * em);
    boards_px = make_box(10, 40 + 20 * em, 10 + width_em * em, 40 + (20 + height_em) * em);
    layers_px = layers_box(make_box(10, 20 + 2 * em, 10 + width_em * em, 30 + 19 * em), em, 0.7 * em, layers.size());
    host->set_pointer(pointer, pressed);
    runs.clear();
    host->begin_frame({static_cast<int>(boards_px.max.x + 20), static_cast<int>(boards_px.max.y + 20)},
                      std::chrono::milliseconds(16));
    tabs.draw(tabs_px, host->fonts(), inputs, commands, &runs);
    boards.draw(boards_px, host->fonts(), inputs, commands, &runs);
    if (layers_px.width() > 0) legend.draw(layers_px, host->fonts(), inputs, commands, &runs);
    host->end_frame();
  }
};

bool holds(const base::Box2d& outer, const base::Box2d& inner) {
  return inner.min.x >= outer.min.x - 1 && inner.max.x <= outer.max.x + 1 && inner.min.y >= outer.min.y - 1 &&
         inner.max.y <= outer.max.y + 1;
}

void expect_tidy(const Screen& screen, const std::string& what) {
  for (std::size_t i = 0; i < screen.runs.size(); ++i) {
    const TextRun& run = screen.runs[i];
    EXPECT_TRUE(holds(screen.tabs_px, run.box_px) || holds(screen.boards_px, run.box_px) ||
                holds(screen.layers_px, run.box_px))
        << what << ": outside: " << run.text;
    for (std::size_t j = 0; j < i; ++j) {
      const base::Box2d& a = run.box_px;
      const base::Box2d& b = screen.runs[j].box_px;
      const double slack_y = std::min(a.height(), b.height()) * 0.125;
      const bool apart = a.max.x <= b.min.x + 1 || b.max.x <= a.min.x + 1 || a.max.y <= b.min.y + slack_y ||
                         b.max.y <= a.min.y + slack_y;
      EXPECT_TRUE(apart) << what << ": '" << run.text << "' over '" << screen.runs[j].text << "'";
    }
  }
}

TEST(BoardPanel, no_text_of_any_view_leaves_its_card_or_overlaps_another) {
  const struct {
    double em, width_em, height_em;
  } sizes[] = {{16, 99, 16}, {26, 53, 11.6}};
  for (const char* profile : kProfiles) {
    for (const bool filled : {true, false}) {
      const test::SampleViews sample(profile, filled);
      Screen screen(sample);
      for (const auto& size : sizes) {
        for (const auto language : {model::Language::Chinese, model::Language::English}) {
          // Fonts cost most of this test: English is the wider, a wall's cards are the narrower.
          const bool is_wall = size.em > 20, is_chinese = language == model::Language::Chinese;
          if (!is_wall && (is_chinese || !filled)) continue;
          for (const model::ViewSpec& view : sample.profile.tables.views) {
            screen.draw(view, language, size.em, size.width_em, size.height_em);
            EXPECT_GT(screen.runs.size(), sample.profile.tables.views.size());
            expect_tidy(screen, fmt::format("{} {} em {} language {}", profile, view.id, size.em,
                                            static_cast<int>(language)));
          }
        }
      }
    }
  }
}

TEST(BoardPanel, a_click_on_a_tab_chooses_its_view) {
  const test::SampleViews sample("wujin");
  Screen screen(sample);
  const model::ViewSpec& first = sample.profile.tables.views.at(0);
  screen.draw(first, model::Language::English, 16, 99, 16);
  const auto run = std::ranges::find_if(screen.runs, [](const TextRun& one) { return one.text == "Points"; });
  ASSERT_NE(run, screen.runs.end());
  const base::Vec2f at{static_cast<float>(run->box_px.center().x), static_cast<float>(run->box_px.center().y)};
  for (const bool pressed : {false, false, true, false}) {
    screen.draw(first, model::Language::English, 16, 99, 16, at, pressed);
  }
  const auto commands = screen.commands.take();
  ASSERT_EQ(commands.size(), 1u);
  const auto* show = std::get_if<model::ShowView>(&commands[0]);
  ASSERT_NE(show, nullptr);
  EXPECT_EQ(sample.profile.tables.views.at(show->index).id, "points");
}

TEST(BoardPanel, figures_and_workflows_share_a_column_rather_than_push_a_board_out) {
  const test::SampleViews sample("qingjiangpu");
  Screen screen(sample);
  const auto& views = sample.profile.tables.views;
  const auto view = std::ranges::find_if(views, [](const auto& one) { return one.id == "tasks"; });
  ASSERT_NE(view, views.end());
  screen.draw(*view, model::Language::English, 26, 53, 11.6);
  for (const char* title : {"Key tasks", "Ten actions", "Three lists", "Stated figures"}) {
    EXPECT_TRUE(std::ranges::any_of(screen.runs, [&](const TextRun& run) { return run.text == title; })) << title;
  }
}

}  // namespace
}  // namespace gridwall::ui
