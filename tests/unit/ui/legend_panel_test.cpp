// The legend of a layer's numbers, laid out without GL, for every choropleth of the shipped profiles: it names the
// layer, says of how many divisions there is a number, and no text of it leaves the panel or lies over another.
#include "ui/legend_panel.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "support/sample_views.hpp"
#include "ui/imgui_host.hpp"
#include "ui/wall_ui.hpp"

namespace gridwall::ui {
namespace {

constexpr const char* kProfiles[] = {"wujin", "jiangyin-2019", "qingjiangpu", "jiangyin", "lianyuan"};

// Every mark and every class there can be.
scene::Legend crowded(const std::string& layer_id, bool is_share) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  scene::Legend legend;
  legend.level_index = 1;
  if (!is_share) legend.entries.push_back({0, 0, {}});
  for (int k = 0; k < 5; ++k) {
    const double low = is_share ? (k == 0 ? 0 : 0.5 + 0.125 * k) : 10'000.0 * k;
    legend.entries.push_back({low, k == 4 ? kInfinity : is_share ? 0.625 + 0.125 * k : 10'000.0 * (k + 1), {}});
  }
  legend.layer = {layer_id, is_share, true, true, true, 1'234, 25'173, 17};
  return legend;
}

struct Screen {
  const test::SampleViews& sample;
  std::unique_ptr<ImguiHost> host;
  LegendPanel panel;
  CommandSink commands;
  std::vector<TextRun> runs;
  base::Box2d box;

  void draw(const scene::Legend& legend, const model::Words& words, double em) {
    const FontTexts texts =
        font_texts(words, sample.profile, sample.vocabulary, *sample.tree, sample.department_names());
    if (host == nullptr) {
      host = std::move(ImguiHost::create({Backend::None, nullptr, find_chinese_font().value(), em, texts})).value();
    }
    ASSERT_TRUE(host->set_fonts(em, texts).ok());
    const test::SampleViews& from = sample;
    const Inputs inputs{from.snapshot, from.feed, from.profile, from.vocabulary, words, legend, {}, 0.02, {}, {}, {},
                        "demo",        "0.1.0"};
    box = make_box(10, 10, 10 + 19.5 * em, 10 + 11.5 * em);
    runs.clear();
    host->begin_frame({static_cast<int>(box.max.x + 20), static_cast<int>(box.max.y + 20)},
                      std::chrono::milliseconds(16));
    panel.draw(box, host->fonts(), inputs, commands, &runs);
    host->end_frame();
  }
  [[nodiscard]] bool shows(const std::string& text) const {
    return std::ranges::any_of(runs, [&](const TextRun& run) { return run.text.find(text) != std::string::npos; });
  }
};

void expect_tidy(const Screen& screen, const std::string& what) {
  for (std::size_t i = 0; i < screen.runs.size(); ++i) {
    const base::Box2d& a = screen.runs[i].box_px;
    EXPECT_TRUE(a.min.x >= screen.box.min.x - 1 && a.max.x <= screen.box.max.x + 1 && a.min.y >= screen.box.min.y - 1 &&
                a.max.y <= screen.box.max.y + 1)
        << what << ": outside: " << screen.runs[i].text;
    for (std::size_t j = 0; j < i; ++j) {
      const base::Box2d& b = screen.runs[j].box_px;
      const double slack_y = std::min(a.height(), b.height()) * 0.125;
      const bool apart = a.max.x <= b.min.x + 1 || b.max.x <= a.min.x + 1 || a.max.y <= b.min.y + slack_y ||
                         b.max.y <= a.min.y + slack_y;
      EXPECT_TRUE(apart) << what << ": '" << screen.runs[i].text << "' over '" << screen.runs[j].text << "'";
    }
  }
}

TEST(LegendPanel, a_layers_numbers_are_told_with_name_unit_and_of_how_many_divisions) {
  for (const char* profile : kProfiles) {
    const test::SampleViews sample(profile, false);
    Screen screen{sample, nullptr, {}, {}, {}, {}};
    for (const model::LayerSpec& layer : sample.profile.tables.layers) {
      if (layer.kind != "choropleth") continue;
      for (const auto language : {model::Language::Chinese, model::Language::English}) {
        const auto words = sample.words(language);
        for (const bool is_share : {true, false}) {
          screen.draw(crowded(layer.id, is_share), words, 16);
          expect_tidy(screen, fmt::format("{} {} language {}", profile, layer.id, static_cast<int>(language)));
          EXPECT_TRUE(screen.shows(words.fill("legend.valued", {"1,234", "25,173", ""}).substr(0, 14)));
          EXPECT_TRUE(screen.shows(words.get("legend.simulated")));
          EXPECT_TRUE(screen.shows(words.get("boards.assumed")));
          EXPECT_TRUE(screen.shows(words.get("legend.no_entries")));
          EXPECT_TRUE(screen.shows("‹5"));
        }
      }
    }
  }
}

TEST(LegendPanel, the_norm_is_told_as_the_figure_states_it) {
  const test::SampleViews sample("qingjiangpu", false);
  Screen screen{sample, nullptr, {}, {}, {}, {}};
  scene::Legend legend = crowded("staffing", true);
  legend.layer->assumed = legend.layer->exercise = false;
  screen.draw(legend, sample.words(model::Language::English), 16);
  EXPECT_TRUE(screen.shows("Staffing against the norm"));
  EXPECT_TRUE(screen.shows("% of ≥18 per 10,000 residents"));
  EXPECT_TRUE(screen.shows("<62%") || screen.shows("<63%"));
}

}  // namespace
}  // namespace gridwall::ui
