#include "ui/header_panel.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/time_text.hpp"
#include "ui/panel.hpp"
#include "ui/text_format.hpp"

namespace gridwall::ui {

namespace {

struct Chip {
  model::MarkerShape shape;
  base::Color color;
  std::string text;
};

Chip feed_chip(const Inputs& inputs) {
  using model::MarkerShape;
  const model::FeedStatus& feed = inputs.feed;
  const model::Words& words = inputs.words;
  const auto hms = [&](base::UtcTime time) { return base::format_hms(time, inputs.profile.zone); };
  switch (feed.state) {
    case model::FeedState::Live: {
      // A replay that is in step is not live.
      const bool replayed = feed.clock_mode == model::ClockMode::Replay;
      return {MarkerShape::Circle, replayed ? kTextQuiet : kLive,
              words.fill(replayed ? "header.in_step" : "header.live", {hms(feed.heard_since)})};
    }
    case model::FeedState::Behind: {
      const double behind_s = std::chrono::duration<double>(feed.behind).count();
      return {MarkerShape::Triangle, kWarn, words.fill("header.behind", {fmt::format("{:.0f}", behind_s)})};
    }
    case model::FeedState::Recovering:
      return {MarkerShape::Triangle, kWarn, words.get("header.recovering")};
    case model::FeedState::Stale:
      return {MarkerShape::Square, kAlarm, words.fill("header.stale", {hms(feed.stale_since)})};
    case model::FeedState::Refused:
      return {MarkerShape::Cross, kAlarm, words.get("header.refused")};
    case model::FeedState::Mismatch:
      return {MarkerShape::Diamond, kAlarm, words.get("header.mismatch")};
    case model::FeedState::Static:
      return {MarkerShape::Square, kTextFaint, words.get("header.static")};
    case model::FeedState::Connecting:
      break;
  }
  return {MarkerShape::Hexagon, kWarn, words.get("header.connecting")};
}

// Draws the chip at the right end of `rest` and takes it off, gap included.
void draw_chip(Canvas& canvas, base::Box2d& rest, const Chip& chip, bool filled) {
  const double height = canvas.em(1.75);
  const double icon = canvas.em(0.7);
  const double width =
      canvas.em(0.75) + icon + canvas.em(0.45) + canvas.width(FontRole::Body, chip.text) + canvas.em(0.8);
  if (rest.width() < width) return;
  const base::Box2d strip = take_right(rest, width);
  take_right(rest, canvas.em(0.6));
  const double middle = strip.center().y;
  const base::Box2d box = make_box(strip.min.x, middle - height / 2, strip.max.x, middle + height / 2);
  base::Color ground = chip.color;
  ground.a = filled ? 44 : 0;
  canvas.fill(box, ground, kRoundEm);
  canvas.outline(box, {chip.color.r, chip.color.g, chip.color.b, 130}, kRoundEm);
  canvas.shape(chip.shape, {box.min.x + canvas.em(0.75) + icon / 2, middle}, icon, chip.color);
  canvas.text(make_box(box.min.x + canvas.em(1.2) + icon, box.min.y, box.max.x, box.max.y), FontRole::Body,
              filled ? kText : kTextQuiet, chip.text);
}

std::string date_text(const base::LocalTime& local, const model::Words& words) {
  return words.fill("header.date",
                    {std::to_string(local.year), fmt::format("{:02}", local.month), fmt::format("{:02}", local.day)});
}

void draw_clock(Canvas& canvas, base::Box2d& rest, const Inputs& inputs) {
  const base::LocalTime local = base::to_local(inputs.snapshot.state_time, inputs.profile.zone);
  // The tick follows our own clock: it goes on when the feed has stopped.
  const auto second = std::chrono::duration_cast<std::chrono::seconds>(inputs.now_utc.time_since_epoch()).count();
  const base::Box2d tick = take_right(rest, canvas.em(0.5));
  canvas.disc(tick.center(), canvas.em(0.17), second % 2 == 0 ? kBarStrong : kTrack);
  take_right(rest, canvas.em(0.45));

  const bool is_current = inputs.feed.figures_are_current();
  const bool is_known = inputs.snapshot.state_time != base::UtcTime{};  // nothing told the time yet
  const std::string clock =
      is_known ? fmt::format("{:02}:{:02}:{:02}", local.hour, local.minute, local.second) : "--:--:--";
  const base::Box2d face = take_right(rest, canvas.width(FontRole::Clock, "00:00:00") + canvas.em(0.1));
  canvas.text(face, FontRole::Clock, is_current ? kText : kStaleText, clock, Align::Right);
  take_right(rest, canvas.em(0.9));
  if (!is_known) return;

  const char* basis = "header.time_live";
  if (inputs.feed.clock_mode == model::ClockMode::Simulated) basis = "header.time_simulated";
  if (inputs.feed.clock_mode == model::ClockMode::Replay) basis = "header.time_replay";
  const std::string date = date_text(local, inputs.words);
  const std::string day =
      fmt::format("{} · {}", inputs.words.get("weekday." + std::to_string(local.weekday)), inputs.words.get(basis));
  const double width = std::max(canvas.width(FontRole::Small, date), canvas.width(FontRole::Small, day));
  const base::Box2d stack = take_right(rest, width + 1);
  const double middle = stack.center().y;
  const double line = canvas.em(1.15);
  canvas.text(make_box(stack.min.x, middle - line, stack.max.x, middle), FontRole::Small, kTextQuiet, date,
              Align::Right);
  canvas.text(make_box(stack.min.x, middle, stack.max.x, middle + line), FontRole::Small, kTextQuiet, day,
              Align::Right);
  take_right(rest, canvas.em(1.2));
}

}  // namespace

void HeaderPanel::draw(const base::Box2d& box, const FontSet& fonts, const Inputs& inputs, CommandSink&,
                       std::vector<TextRun>* record) {
  const PanelWindow window("header", box);
  Canvas canvas(fonts, record);
  canvas.fill(box, kPanel);
  canvas.line({box.min.x, box.max.y - 1}, {box.max.x, box.max.y - 1}, kPanelEdge, 1);
  base::Box2d rest = make_box(box.min.x + canvas.em(1.4), box.min.y, box.max.x - canvas.em(1.1), box.max.y);
  draw_clock(canvas, rest, inputs);

  draw_chip(canvas, rest, feed_chip(inputs), true);
  const std::string rate = plain_number(inputs.feed.clock_rate);
  using model::MarkerShape;
  if (inputs.feed.clock_mode == model::ClockMode::Simulated) {
    draw_chip(canvas, rest, {MarkerShape::Diamond, kWarn, inputs.words.fill("header.simulated", {rate})}, true);
  } else if (inputs.feed.clock_mode == model::ClockMode::Replay) {
    const bool plays = inputs.feed.clock_rate > 0;
    const std::string text =
        plays ? inputs.words.fill("header.replay", {rate}) : std::string(inputs.words.get("header.replay_paused"));
    draw_chip(canvas, rest, {MarkerShape::Diamond, kWarn, text}, true);
  }
  // Simulated cases on a real clock, or in a picture from a file.
  if (inputs.snapshot.simulated_event_count > 0 && inputs.feed.clock_mode != model::ClockMode::Simulated) {
    draw_chip(canvas, rest, {MarkerShape::Diamond, kWarn, inputs.words.get("header.simulated_cases")}, true);
  }
  if (inputs.snapshot.tree->synthetic()) {
    draw_chip(canvas, rest, {MarkerShape::Hexagon, kTextFaint, inputs.words.get("header.synthetic")}, false);
  }
  const std::string& title = inputs.words.pick(inputs.profile.system_zh, inputs.profile.system_en);
  const std::string& place = inputs.words.pick(inputs.profile.name_zh, inputs.profile.name_en);
  // The whole name, if need be smaller; never half of one.
  const bool fits = canvas.width(FontRole::Title, title) <= rest.width();
  const bool fits_small = canvas.width(FontRole::Body, title) <= rest.width();
  canvas.text(rest, fits || !fits_small ? FontRole::Title : FontRole::Body, kText,
              !title.empty() && (fits || fits_small) ? title : place);
}

}  // namespace gridwall::ui
