// A wall driven by mouse and keys, as its window hands them on: everything can be reached, and each thing does what it
// should, in pictures without a display.
#include <gtest/gtest.h>

#include <cstdlib>
#include <set>

#include "app/event_file.hpp"
#include "app/output_options.hpp"
#include "app/stage.hpp"
#include "app/wall_data.hpp"
#include "app/wall_view.hpp"
#include "base/text_file.hpp"
#include "support/temp_folder.hpp"

namespace gridwall::app {
namespace {

using platform::Key;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr base::Vec2i kSizePx{960, 540};
constexpr base::UtcTime kNow{std::chrono::hours(500'000)};
constexpr base::Vec2d kMiddle{120.03, 31.05};  // of no border

// Two towns side by side, 0.1 degrees wide together.
constexpr const char* kDistrict = R"({"type": "FeatureCollection", "features": [
{"type": "Feature", "properties": {"code": "320281", "name": "District"}, "geometry": {"type": "Polygon",
 "coordinates": [[[120, 31], [120.1, 31], [120.1, 31.1], [120, 31.1], [120, 31]]]}},
{"type": "Feature", "properties": {"code": "320281001", "name": "West"}, "geometry": {"type": "Polygon",
 "coordinates": [[[120, 31], [120.05, 31], [120.05, 31.1], [120, 31.1], [120, 31]]]}},
{"type": "Feature", "properties": {"code": "320281002", "name": "East"}, "geometry": {"type": "Polygon",
 "coordinates": [[[120.05, 31], [120.1, 31], [120.1, 31.1], [120.05, 31.1], [120.05, 31]]]}}]})";

class DrivenWall : public testing::Test {
 protected:
  DrivenWall() {
    ::setenv("GRIDWALL_ROOT", GRIDWALL_SOURCE_DIR, 1);
    const auto file = folder.path() / "district.geojson";
    EXPECT_TRUE(base::write_text_file(file, kDistrict).ok());
    LayerOptions layers;
    layers.files = {file.string()};
    layers.not_cached = true;
    auto loaded = load_wall_data("", layers, model::Language::English);
    EXPECT_TRUE(loaded.ok()) << (loaded.ok() ? "" : loaded.error().message);
    data = std::move(loaded).value();
    auto made = Stage::create({.size_px = kSizePx, .headless = true});
    EXPECT_TRUE(made.ok()) << (made.ok() ? "" : made.error().message);
    stage = std::move(made).value();
    live.status.state = model::FeedState::Live;
    live.snapshot = state::World(data.tree, data.vocabulary, data.rules).freeze();
    open();
  }

  void open() {
    WallViewOptions options;
    options.wall = open_wall_profile(data.root, "desk").value();
    options.panels = false;
    options.state_folder = folder.path();
    auto made = WallView::create(*stage, data, std::move(options));
    ASSERT_TRUE(made.ok()) << made.error().message;
    view = std::move(made).value();
    draw();
  }
  void draw(base::Duration later = milliseconds(10)) {
    now += later;
    const auto drawn = view->draw(live, HubSight{}, {kNow, now});
    ASSERT_TRUE(drawn.ok()) << drawn.error().message;
  }
  // Of the cases reported so far; folded by fold().
  void report(const std::string& id, base::Vec2d lonlat, int severity = 4) {
    events +=
        fmt::format(R"({{"specversion":"1.0","id":"of-{0}","source":"test","type":"incident.reported",)"
                    R"("time":"2026-11-23T01:00:{1:02}Z","subject":"{0}","data":{{"type":"Feature",)"
                    R"("geometry":{{"type":"Point","coordinates":[{2},{3}]}},)"
                    R"("properties":{{"class":"E04.06","channel":"collector","crs":"EPSG:4326","severity":{4}}}}}}})"
                    "\n",
                    id, report_count++ % 60, lonlat.x, lonlat.y, severity);
  }
  void fold() {
    const auto file = folder.path() / "events.jsonl";
    ASSERT_TRUE(base::write_text_file(file, events).ok());
    auto folded = fold_event_file(file, data, std::nullopt);
    ASSERT_TRUE(folded.ok()) << folded.error().message;
    ASSERT_EQ(folded->refused_count, 0u) << folded->first_refusal;
    live.snapshot = folded->snapshot;
    draw();
  }
  void press(platform::KeyPress key) {
    platform::InputFrame input;
    input.keys = {key};
    view->handle(input, now);
    draw();
  }
  void press(char character) { press({.key = Key::Character, .character = character}); }
  model::MapView map() { return view->camera().viewport(now).view; }
  void wait_out_flight() { draw(seconds(2)); }
  // As a finger does: without the pointer having been there before.
  void click(base::Vec2d at_px) {
    platform::InputFrame input;
    input.mouse_px = {static_cast<float>(at_px.x), static_cast<float>(at_px.y)};
    input.mouse_inside = true;
    for (const bool pressed : {true, false}) {
      input.button_changes = {{platform::MouseButton::Left, pressed, input.mouse_px}};
      view->handle(input, now);
    }
    draw();
  }
  gfx::Image picture() {
    stage->capture_next();
    draw();
    return stage->captured();
  }

  test::TempFolder folder;
  WallData data;
  std::unique_ptr<Stage> stage;
  std::string events;
  int report_count = 0;
  Live live;
  std::unique_ptr<WallView> view;
  base::MonoTime now{seconds(1000)};
};

bool differ(const gfx::Image& a, const gfx::Image& b) {
  return a.rgba != b.rgba;
}

TEST_F(DrivenWall, keys_move_the_map_and_home_brings_it_back) {
  const model::MapView home = map();
  press({.key = Key::PageUp});
  EXPECT_GT(map().px_per_m, home.px_per_m);
  press({.key = Key::Right});
  EXPECT_GT(map().center_world.x, home.center_world.x);
  press('-');
  press({.key = Key::Up});
  EXPECT_GT(map().center_world.y, home.center_world.y);
  press({.key = Key::Home});
  wait_out_flight();
  EXPECT_EQ(map(), home);
}

TEST_F(DrivenWall, a_saved_view_is_there_after_a_restart) {
  press({.key = Key::PageUp});
  press({.key = Key::Left});
  const model::MapView saved = map();
  press({.key = Key::Character, .character = '3', .control = true});
  press({.key = Key::Home});
  wait_out_flight();
  EXPECT_NE(map(), saved);
  open();
  press({.key = Key::Character, .character = '3', .alt = true});
  wait_out_flight();
  EXPECT_NEAR(map().center_world.x, saved.center_world.x, 0.01);
  EXPECT_NEAR(map().px_per_m, saved.px_per_m, 1e-9);
  const model::MapView there = map();
  press({.key = Key::Character, .character = '4', .alt = true});
  wait_out_flight();
  EXPECT_EQ(map(), there) << "there is no view 4, and it says so";
}

TEST_F(DrivenWall, cases_at_one_place_are_fanned_out_and_every_one_is_reached_by_key) {
  for (int i = 0; i < 70; ++i) report(fmt::format("case-{}", i), kMiddle);
  fold();
  const auto place = geo::Transform::create(geo::kLonLatCrs, data.tree->world_crs())->forward(kMiddle);
  view->camera().jump_to({*place, 5});
  draw();
  ASSERT_EQ(view->stacks().size(), 1u);
  EXPECT_EQ(view->stacks()[0].members.size(), 70u);
  click(view->stacks()[0].position_px);
  EXPECT_EQ(view->fan().members.size(), 70u);
  std::set<std::string> reached;
  for (int i = 0; i < 70; ++i) {
    press({.key = Key::Tab});
    reached.insert(view->selected_incident());
    EXPECT_EQ(view->fan().page, i < 50 ? 0u : 1u);
  }
  EXPECT_EQ(reached.size(), 70u);
  press({.key = Key::Tab, .shift = true});
  press({.key = Key::Escape});
  EXPECT_TRUE(view->fan().members.empty());
  EXPECT_FALSE(view->selected_incident().empty()) << "the first Escape closes the fan alone";
  // A second click on the stack opens it, a third closes it again.
  click(view->stacks()[0].position_px);
  EXPECT_FALSE(view->fan().members.empty());
  click(view->stacks()[0].position_px);
  EXPECT_TRUE(view->fan().members.empty());
}

TEST_F(DrivenWall, following_flies_to_what_becomes_critical_and_a_hand_pauses_it) {
  report("calm", kMiddle);
  fold();
  press('F');
  const model::MapView home = map();
  report("grave", {120.08, 31.02}, 1);
  fold();
  wait_out_flight();
  EXPECT_EQ(view->selected_incident(), "grave");
  EXPECT_GT(map().px_per_m, home.px_per_m);
  press({.key = Key::Home});
  wait_out_flight();
  report("graver", {120.02, 31.08}, 1);
  fold();
  draw(scene::Follow::kApart);
  wait_out_flight();
  EXPECT_EQ(map(), home) << "a hand was on the map just now";
  draw(scene::Follow::kPause);
  wait_out_flight();
  EXPECT_EQ(view->selected_incident(), "graver");
  draw(scene::Follow::kStay);
  wait_out_flight();
  EXPECT_EQ(map(), home) << "and home again when nothing else comes";
}

TEST_F(DrivenWall, measuring_takes_the_clicks_while_it_is_on) {
  report("case", kMiddle);
  fold();
  press('M');
  const gfx::Image before = picture();
  click({400, 200});
  click({500, 300});
  EXPECT_TRUE(view->selected_incident().empty());
  EXPECT_TRUE(differ(picture(), before)) << "a measured line is seen";
  press({.key = Key::Escape});
  EXPECT_FALSE(view->measuring().is_on());
}

}  // namespace
}  // namespace gridwall::app
