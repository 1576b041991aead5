// All panels are laid out without GL, and every text run is checked: it lies in a panel, overlaps no other, and its
// characters exist in the font. Sizes of the boxes are those of a desk and of a wall (wall itself is above this room).
#include "ui/wall_ui.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <imgui.h>

#include <algorithm>
#include <filesystem>

#include "support/small_world.hpp"
#include "ui/imgui_host.hpp"

namespace gridwall::ui {
namespace {

const std::filesystem::path kRoot = GRIDWALL_SOURCE_DIR;

base::Box2d box(double left, double top, double right, double bottom) {
  return make_box(left, top, right, bottom);
}

// 56 x 41.5 em, the least that the wall's layout gives, and a roomy desk.
PanelBoxes boxes(double em, double width_em, double height_em) {
  const double w = width_em * em, h = height_em * em;
  const double right = w - 20.2 * em, low = h - 2.4 * em;
  return {box(0, 0, w, 3.5 * em),
          box(0.7 * em, 4.2 * em, 18.2 * em, low),
          box(right, 4.2 * em, w - 0.7 * em, low - 20.2 * em),
          box(right, low - 19.5 * em, w - 0.7 * em, low - 12.3 * em),
          box(right, low - 11.6 * em, w - 0.7 * em, low),
          box(0, h - 1.7 * em, w, h),
          box(18.9 * em, low - 7.7 * em, right - 0.7 * em, low),
          {},
          {},
          {},
          {}};
}

struct Fixture {
  std::shared_ptr<const model::DivisionTree> tree = test::small_tree();
  state::WorldSnapshot snapshot;
  model::FeedStatus feed;
  model::Profile profile;
  model::Vocabulary vocabulary = std::move(model::load_vocabulary(kRoot / "config")).value();
  scene::Legend legend{model::Indicator::OpenCount, 1, {{0, 0, {}}, {0, 5, {}}, {5, 10, {}}, {10, 1e300, {}}}};
  std::unique_ptr<ImguiHost> host;
  WallUi wall;
  CommandSink commands;
  std::vector<TextRun> runs;
  model::HubView hub;
  bool health_shown = false;

  Fixture() {
    test::SmallWorld world(tree);
    for (int i = 0; i < 1300; ++i) {
      const auto severity = static_cast<model::Severity>(1 + i % 4);
      world.add({"c" + std::to_string(i),
                 i % 2 == 0 ? "R0101" : "R0304",
                 severity,
                 model::CaseState::Handling,
                 i % 3 != 0,
                 {},
                 {},
                 vocabulary.classes[static_cast<std::size_t>(i) % vocabulary.classes.size()].code});
    }
    snapshot = world.snapshot(base::UtcTime{std::chrono::hours(30)});
    snapshot.reported_today_by_channel.clear();
    for (const auto& channel : vocabulary.channels) snapshot.reported_today_by_channel.push_back({channel.id, 99});
    snapshot.reported_today_by_class.clear();
    for (const auto& big : vocabulary.big_classes) snapshot.reported_today_by_class.push_back({big.code, 1234});
    profile.system_zh = profile.name_zh = "江阴市网格化治理指挥中心";
    profile.system_en = profile.name_en = "Jiangyin grid governance command centre";
    profile.zone = base::TimeZone::fixed(std::chrono::hours(8));
    feed.clock_mode = model::ClockMode::Simulated;
    feed.clock_rate = 60;
    feed.state = model::FeedState::Live;
    feed.is_complete = true;
  }

  void draw(model::Language language, const PanelBoxes& panels, double body_px, base::Vec2f pointer = {-1, -1},
            bool pressed = false) {
    const auto words = std::move(model::Words::load(kRoot / "assets" / "words", language)).value();
    const FontTexts texts = font_texts(words, profile, vocabulary, *tree);
    if (host == nullptr) {
      auto created = ImguiHost::create({Backend::None, nullptr, find_chinese_font().value(), body_px, texts});
      ASSERT_TRUE(created.ok()) << created.error().message;
      host = std::move(created).value();
    }
    ASSERT_TRUE(host->set_fonts(body_px, texts).ok());
    const Inputs inputs{snapshot,    feed, profile, vocabulary, words,   legend, {}, 0.02,
                        {},          {},   {},      "demo",     "0.1.0", &hub,   {}, std::chrono::seconds(1),
                        health_shown};
    host->set_pointer(pointer, pressed);
    runs.clear();
    host->begin_frame({static_cast<int>(panels.footer.max.x), static_cast<int>(panels.footer.max.y)},
                      std::chrono::milliseconds(16));
    wall.draw(panels, host->fonts(), inputs, commands, &runs);
    host->end_frame();
  }
};

bool holds(const base::Box2d& outer, const base::Box2d& inner) {
  return inner.min.x >= outer.min.x - 1 && inner.max.x <= outer.max.x + 1 && inner.min.y >= outer.min.y - 1 &&
         inner.max.y <= outer.max.y + 1;
}

void expect_tidy(const Fixture& f, const PanelBoxes& panels, const std::string& what) {
  const base::Box2d all[] = {panels.header, panels.figures, panels.incidents, panels.detail,
                             panels.legend, panels.footer,  panels.timeline,  panels.health};
  EXPECT_GT(f.runs.size(), 50u) << what;
  for (std::size_t i = 0; i < f.runs.size(); ++i) {
    const TextRun& run = f.runs[i];
    EXPECT_TRUE(std::any_of(std::begin(all), std::end(all), [&](const auto& b) { return holds(b, run.box_px); }))
        << what << ": outside its panel: " << run.text;
    for (std::size_t j = 0; j < i; ++j) {
      const base::Box2d& a = run.box_px;
      const base::Box2d& b = f.runs[j].box_px;
      // An em box has air above and below the strokes: an eighth may be shared.
      const double slack_y = std::min(a.height(), b.height()) * 0.125;
      const bool apart = a.max.x <= b.min.x + 1 || b.max.x <= a.min.x + 1 || a.max.y <= b.min.y + slack_y ||
                         b.max.y <= a.min.y + slack_y;
      EXPECT_TRUE(apart) << what << ": '" << run.text << "' over '" << f.runs[j].text << "'";
    }
  }
}

TEST(WallUi, no_text_leaves_its_panel_or_overlaps_another_at_any_size_and_language) {
  Fixture f;
  const struct {
    double em, width_em, height_em;
  } sizes[] = {{10, 128, 72}, {16, 120, 67.5}, {26, 73.8, 41.5}, {52, 73.8, 41.5}, {14, 57, 90}};
  for (const auto& size : sizes) {
    for (const auto language : {model::Language::Chinese, model::Language::English}) {
      for (const auto state : {model::FeedState::Live, model::FeedState::Stale, model::FeedState::Mismatch}) {
        f.feed.state = state;
        const PanelBoxes panels = boxes(size.em, size.width_em, size.height_em);
        f.draw(language, panels, size.em);
        expect_tidy(f, panels, fmt::format("em {} language {}", size.em, static_cast<int>(language)));
      }
    }
  }
}

// A recording of a day with bookmarks near and far, and a loop.
model::HubView replay_of_a_day() {
  model::HubView hub;
  hub.health.emplace();
  hub.health->last_sequence = 1'234'567'890;
  hub.health->state_ahead_s = 40 * 86'400;
  hub.health->journal = model::HubHealth::Journal{1'234'567'890, 12'345, 12.5, 1234.5, "disk full"};
  model::ReplayStatus& replay = hub.replay.emplace();
  replay.first = base::UtcTime{std::chrono::hours(20)};
  replay.last = base::UtcTime{std::chrono::hours(44)};
  replay.position = base::UtcTime{std::chrono::hours(30)};
  replay.rate = 3600;
  replay.loop = model::TimeSpan{replay.first + std::chrono::hours(2), replay.first + std::chrono::hours(3)};
  for (const int minute : {0, 3, 100, 700, 720, 1439}) {
    replay.bookmarks.push_back(
        {1, replay.first + std::chrono::minutes(minute), "a bookmark with a name " + std::to_string(minute)});
  }
  hub.density = model::ReplayDensity{replay.first, replay.last, std::vector<std::uint64_t>(480, 1'234)};
  return hub;
}

TEST(WallUi, a_replays_timeline_and_the_health_panel_are_tidy_at_any_size_and_language) {
  Fixture f;
  f.hub = replay_of_a_day();
  const struct {
    double em, width_em, height_em;
  } sizes[] = {{10, 128, 72}, {16, 120, 67.5}, {26, 73.8, 41.5}, {14, 57, 90}, {20, 56, 41.5}};
  for (const auto& size : sizes) {
    for (const auto language : {model::Language::Chinese, model::Language::English}) {
      PanelBoxes panels = boxes(size.em, size.width_em, size.height_em);
      const std::string what = fmt::format("em {} language {}", size.em, static_cast<int>(language));
      f.feed.clock_mode = model::ClockMode::Replay;
      f.health_shown = false;
      f.draw(language, panels, size.em);
      expect_tidy(f, panels, what + " timeline");
      f.feed.clock_mode = model::ClockMode::Live;
      f.health_shown = true;
      const base::Box2d map = box(18.9 * size.em, 4.2 * size.em, panels.timeline.max.x, panels.timeline.max.y);
      panels.health = health_box(map, size.em, 0.7 * size.em);
      f.draw(language, panels, size.em);
      expect_tidy(f, panels, what + " health");
    }
  }
}

TEST(WallUi, the_health_panel_says_that_the_hubs_state_is_ahead_of_its_clock_only_when_it_is) {
  Fixture f;
  f.hub = replay_of_a_day();
  f.hub.replay.reset();
  f.health_shown = true;
  PanelBoxes panels = boxes(16, 120, 67.5);
  panels.health = health_box(box(300, 68, panels.timeline.max.x, panels.timeline.max.y), 16, 11);
  const auto shown = [&](std::string_view text) {
    f.draw(model::Language::English, panels, 16);
    return std::any_of(f.runs.begin(), f.runs.end(),
                       [&](const TextRun& run) { return run.text.find(text) != std::string::npos; });
  };
  EXPECT_TRUE(shown("State ahead of clock") && shown("40 d"));
  f.hub.health->state_ahead_s = 30;
  EXPECT_TRUE(shown("State ahead of clock") && shown("30 s"));
  f.hub.health->state_ahead_s = 0;
  EXPECT_FALSE(shown("State ahead of clock"));
  EXPECT_TRUE(shown("Events refused"));
}

TEST(WallUi, a_click_on_the_strip_seeks_there_and_a_click_on_a_bookmark_seeks_to_it) {
  Fixture f;
  f.hub = replay_of_a_day();
  f.feed.clock_mode = model::ClockMode::Replay;
  const PanelBoxes panels = boxes(16, 120, 67.5);
  const auto click = [&](double x, double y) {
    const base::Vec2f at{static_cast<float>(x), static_cast<float>(y)};
    for (const bool pressed : {false, false, true, false}) f.draw(model::Language::English, panels, 16, at, pressed);
    return f.commands.take();
  };
  const double left = panels.timeline.min.x + kPadEm * 16, right = panels.timeline.max.x - kPadEm * 16;
  const double strip_y = panels.timeline.min.y + (0.35 + 2.1 + 1.35 + 1.0) * 16;
  auto commands = click(left + (right - left) * 0.25, strip_y);
  ASSERT_EQ(commands.size(), 1u) << "once, however long it is held";
  const auto* order = std::get_if<model::ReplayOrder>(&commands[0]);
  ASSERT_NE(order, nullptr);
  EXPECT_EQ(order->action, model::ReplayAction::Seek);
  EXPECT_NEAR(static_cast<double>((*order->time - f.hub.replay->first) / std::chrono::minutes(1)), 360, 2);
  commands = click(left + (right - left) * 100.5 / 1440, strip_y);
  ASSERT_EQ(commands.size(), 1u);
  order = std::get_if<model::ReplayOrder>(&commands[0]);
  ASSERT_NE(order, nullptr);
  EXPECT_EQ(order->time, f.hub.replay->bookmarks[2].time);
}

TEST(WallUi, the_first_button_of_the_timeline_plays_or_pauses) {
  Fixture f;
  f.hub = replay_of_a_day();
  f.feed.clock_mode = model::ClockMode::Replay;
  const PanelBoxes panels = boxes(16, 120, 67.5);
  const base::Vec2f at{static_cast<float>(panels.timeline.min.x + (kPadEm + 0.9) * 16),
                       static_cast<float>(panels.timeline.min.y + (0.35 + 1.05) * 16)};
  for (const bool playing : {false, true}) {
    f.hub.replay->playing = playing;
    for (const bool pressed : {false, false, true, false}) f.draw(model::Language::English, panels, 16, at, pressed);
    const auto commands = f.commands.take();
    ASSERT_EQ(commands.size(), 1u);
    const auto* order = std::get_if<model::ReplayOrder>(&commands[0]);
    ASSERT_NE(order, nullptr);
    EXPECT_EQ(order->action, playing ? model::ReplayAction::Pause : model::ReplayAction::Play);
  }
}

TEST(WallUi, every_character_shown_is_in_the_font) {
  Fixture f;
  f.draw(model::Language::Chinese, boxes(16, 120, 67.5), 16);
  for (const TextRun& run : f.runs) {
    const ImFont* font = f.host->fonts().font(run.role);
    for (const char* at = run.text.c_str(); *at != 0;) {
      const auto lead = static_cast<unsigned char>(*at);
      unsigned code = lead < 0x80 ? lead : lead < 0xe0 ? lead & 0x1fu : lead & 0x0fu;
      const int more = lead < 0x80 ? 0 : lead < 0xe0 ? 1 : 2;
      ++at;
      for (int i = 0; i < more; ++i) code = code << 6u | (static_cast<unsigned char>(*at++) & 0x3fu);
      EXPECT_NE(font->FindGlyphNoFallback(static_cast<ImWchar>(code)), nullptr) << run.text;
    }
  }
}

TEST(WallUi, digits_are_tabular_and_an_em_is_the_size_asked_for) {
  Fixture f;
  f.draw(model::Language::Chinese, boxes(20, 100, 60), 20);
  for (std::size_t i = 0; i < kFontRoleCount; ++i) {
    const ImFont* font = f.host->fonts().font(static_cast<FontRole>(i));
    for (char digit = '1'; digit <= '9'; ++digit) {
      EXPECT_EQ(font->FindGlyph(static_cast<ImWchar>(digit))->AdvanceX, font->FindGlyph('0')->AdvanceX);
    }
  }
  EXPECT_NEAR(f.host->fonts().font(FontRole::Body)->FindGlyph(0x56fd)->AdvanceX, 20, 1);
}

// Of a wall of 15360 pixels: letters of half a thousand pixels.
TEST(WallUi, letters_of_the_largest_walls_are_as_large_as_asked_and_stay_in_their_panels) {
  Fixture f;
  const double em = 170;
  const PanelBoxes panels = boxes(em, 73.8, 41.5);
  f.draw(model::Language::Chinese, panels, em);
  expect_tidy(f, panels, "em 170");
  const FontSet& fonts = f.host->fonts();
  for (const FontRole role : {FontRole::Small, FontRole::Body, FontRole::Clock, FontRole::Hero}) {
    const ImFont* font = fonts.font(role);
    const float wide = font->CalcTextSizeA(static_cast<float>(fonts.line_px(role)), 1e9f, 0, "0000000000").x;
    EXPECT_NEAR(wide, 10 * 0.555 * fonts.size_px(role), 0.06 * 10 * fonts.size_px(role)) << "ten digits";
    EXPECT_LE(font->FontSize, 160);
  }
}

TEST(WallUi, figures_are_those_of_the_snapshot_with_period_and_both_sides_of_the_rate) {
  Fixture f;
  f.draw(model::Language::English, boxes(16, 120, 67.5), 16);
  const auto shows = [&](const std::string& text) {
    return std::any_of(f.runs.begin(), f.runs.end(), [&](const auto& run) { return run.text == text; });
  };
  EXPECT_TRUE(shows("1,300"));
  EXPECT_TRUE(shows("434 without a place"));
  EXPECT_TRUE(shows("closed 0 of 1,300 reported"));
  EXPECT_TRUE(shows("0.0%"));
  EXPECT_TRUE(shows("01-02 00:00–14:00"));
  EXPECT_TRUE(shows("own 0 + below 1,300 = 1,300"));
  EXPECT_TRUE(shows("SIMULATED ×60"));
}

TEST(WallUi, figures_of_a_wall_that_joined_late_say_since_when) {
  Fixture f;
  f.feed.is_complete = false;
  f.feed.heard_since = base::UtcTime{std::chrono::hours(29)};
  f.draw(model::Language::English, boxes(16, 120, 67.5), 16);
  const auto shows = [&](const std::string& text) {
    return std::any_of(f.runs.begin(), f.runs.end(), [&](const auto& run) { return run.text == text; });
  };
  EXPECT_TRUE(shows("heard since 13:00:00 only"));
  EXPECT_FALSE(shows("01-02 00:00–14:00"));
}

TEST(WallUi, before_anything_told_the_time_no_time_and_no_period_are_shown) {
  Fixture f;
  f.snapshot.state_time = {};
  f.draw(model::Language::English, boxes(16, 120, 67.5), 16);
  const auto shows = [&](const std::string& part) {
    return std::any_of(f.runs.begin(), f.runs.end(),
                       [&](const auto& run) { return run.text.find(part) != std::string::npos; });
  };
  EXPECT_TRUE(shows("--:--:--"));
  EXPECT_TRUE(shows("No data yet"));
  EXPECT_FALSE(shows("1970"));
  EXPECT_FALSE(shows("01-01"));
}

TEST(WallUi, simulated_cases_are_told_on_a_live_clock_too_and_real_ones_are_not) {
  Fixture f;
  const auto shows = [&](const std::string& text) {
    return std::any_of(f.runs.begin(), f.runs.end(), [&](const auto& run) { return run.text == text; });
  };
  f.feed.clock_mode = model::ClockMode::Live;
  f.draw(model::Language::English, boxes(16, 120, 67.5), 16);
  EXPECT_FALSE(shows("SIMULATED CASES"));
  f.snapshot.simulated_event_count = 1;
  f.draw(model::Language::English, boxes(16, 120, 67.5), 16);
  EXPECT_TRUE(shows("SIMULATED CASES"));
  f.feed.state = model::FeedState::Static;
  f.draw(model::Language::English, boxes(16, 120, 67.5), 16);
  EXPECT_TRUE(shows("SIMULATED CASES"));
}

TEST(WallUi, a_stale_feed_is_said_in_the_header_and_on_the_figures) {
  Fixture f;
  f.feed.state = model::FeedState::Stale;
  f.feed.stale_since = base::UtcTime{std::chrono::hours(1)};
  f.draw(model::Language::English, boxes(16, 120, 67.5), 16);
  const auto shows = [&](const std::string& text) {
    return std::any_of(f.runs.begin(), f.runs.end(), [&](const auto& run) { return run.text == text; });
  };
  EXPECT_TRUE(shows("Stale since 09:00:00"));
  EXPECT_TRUE(shows("Not current · as of 14:00"));
  EXPECT_FALSE(shows("Lag 0.0 s")) << "silence is no lag of zero";
  f.feed.state = model::FeedState::Live;
  f.draw(model::Language::English, boxes(16, 120, 67.5), 16);
  EXPECT_TRUE(shows("Lag 0.0 s"));
}

TEST(WallUi, a_click_on_a_case_selects_it) {
  Fixture f;
  const PanelBoxes panels = boxes(16, 120, 67.5);
  const base::Vec2f first{static_cast<float>(panels.incidents.center().x),
                          static_cast<float>(panels.incidents.min.y + 16 * 4)};
  f.draw(model::Language::Chinese, panels, 16, first, false);
  f.draw(model::Language::Chinese, panels, 16, first, false);
  f.draw(model::Language::Chinese, panels, 16, first, true);
  EXPECT_TRUE(f.host->wants_mouse());
  f.draw(model::Language::Chinese, panels, 16, first, false);
  const auto commands = f.commands.take();
  ASSERT_EQ(commands.size(), 1u);
  ASSERT_TRUE(std::holds_alternative<model::SelectIncident>(commands[0]));
  EXPECT_EQ(std::get<model::SelectIncident>(commands[0]).incident_id, "c1299");
}

TEST(WallUi, the_map_keeps_the_mouse_between_the_panels) {
  Fixture f;
  const base::Vec2f map{900, 500};
  f.draw(model::Language::Chinese, boxes(16, 120, 67.5), 16, map, false);
  f.draw(model::Language::Chinese, boxes(16, 120, 67.5), 16, map, false);
  EXPECT_FALSE(f.host->wants_mouse());
}

TEST(WallUi, a_file_that_is_no_font_is_named) {
  const auto host = ImguiHost::create({Backend::None, nullptr, {kRoot / "LICENSE", 0}, 16, {}});
  ASSERT_FALSE(host.ok());
  EXPECT_NE(host.error().message.find("LICENSE"), std::string::npos) << host.error().message;
}

}  // namespace
}  // namespace gridwall::ui
