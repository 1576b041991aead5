#include "ui/timeline_panel.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "base/percentile.hpp"
#include "base/time_text.hpp"
#include "ui/panel.hpp"
#include "ui/text_format.hpp"

namespace gridwall::ui {

using model::ReplayAction;
using model::ReplayOrder;

namespace {

constexpr base::Color kPlayedBar = kBarStrong;
constexpr base::Color kComingBar{70, 88, 100, 255};
constexpr base::Color kLoopSpan{232, 168, 76, 34};
constexpr double kMarkReachEm = 0.6;  // as near to a bookmark a click means it

std::string short_time(base::UtcTime time, const Inputs& inputs) {
  const base::LocalTime local = base::to_local(time, inputs.profile.zone);
  return fmt::format("{:02}-{:02} {:02}:{:02}:{:02}", local.month, local.day, local.hour, local.minute, local.second);
}

ReplayOrder plain(ReplayAction action) {
  ReplayOrder order;
  order.action = action;
  return order;
}

ReplayOrder seek_to(base::UtcTime time) {
  ReplayOrder order = plain(ReplayAction::Seek);
  order.time = time;
  return order;
}

ReplayOrder step_by(std::int64_t events) {
  ReplayOrder order = plain(ReplayAction::Step);
  order.events = events;
  return order;
}

ReplayOrder rate_of(double rate) {
  ReplayOrder order = plain(ReplayAction::Rate);
  order.rate = rate;
  return order;
}

ReplayOrder bookmark_at(base::UtcTime at, const model::Words& words, const base::TimeZone& zone) {
  ReplayOrder order = plain(ReplayAction::Bookmark);
  order.name = words.fill("timeline.bookmark_name", {base::format_hms(at, zone)});
  return order;
}

}  // namespace

double next_replay_rate(double rate, bool faster) {
  constexpr double kSame = 1e-9;
  double below = kReplayRates[0];
  for (const double one : kReplayRates) {
    if (faster && one > rate + kSame) return one;
    if (one < rate - kSame) below = one;
  }
  return faster ? std::max(rate, kReplayRates[std::size(kReplayRates) - 1]) : below;
}

std::optional<ReplayOrder> replay_order_of_key(char key, const model::ReplayStatus& replay, base::UtcTime at,
                                               const model::Words& words, const base::TimeZone& zone) {
  switch (key) {
    case ' ':
      return plain(replay.playing ? ReplayAction::Pause : ReplayAction::Play);
    case ',':
      return step_by(-1);
    case '.':
      return step_by(1);
    case '[':
      return rate_of(next_replay_rate(replay.rate, false));
    case ']':
      return rate_of(next_replay_rate(replay.rate, true));
    case 'B':
      return bookmark_at(at, words, zone);
    default:
      return std::nullopt;
  }
}

std::vector<std::uint64_t> density_bars(const std::vector<std::uint64_t>& counts, std::size_t bar_count_max) {
  if (counts.empty() || bar_count_max == 0) return {};
  // Bars of unlike widths would make a pattern that is not in the recording.
  const std::size_t together = (counts.size() + bar_count_max - 1) / bar_count_max;
  std::vector<std::uint64_t> bars((counts.size() + together - 1) / together, 0);
  for (std::size_t i = 0; i < counts.size(); ++i) bars[i / together] += counts[i];
  return bars;
}

std::uint64_t full_bar(const std::vector<std::uint64_t>& bars) {
  constexpr double kShare = 0.98;
  constexpr std::uint64_t kFarAbove = 2;
  std::vector<std::uint64_t> filled;
  std::copy_if(bars.begin(), bars.end(), std::back_inserter(filled), [](std::uint64_t bar) { return bar > 0; });
  if (filled.empty()) return 0;
  const std::uint64_t most = *std::max_element(filled.begin(), filled.end());
  const std::uint64_t usual_most = base::percentile(filled, kShare);
  return most > kFarAbove * usual_most ? usual_most : most;
}

std::vector<std::optional<double>> place_names(const std::vector<MarkedName>& marks, double left_px, double right_px,
                                               double em_px) {
  std::vector<std::optional<double>> places(marks.size());
  double free_from = left_px;
  for (std::size_t i = 0; i < marks.size(); ++i) {
    const auto [x, width] = marks[i];
    const double at = std::clamp(x + 0.45 * em_px, left_px, std::max(left_px, right_px - width - 1));
    const bool hides_a_mark = std::any_of(marks.begin(), marks.end(), [&](const MarkedName& other) {
      return other.x_px > x + 1 && other.x_px < at + width + 0.5 * em_px;
    });
    if (at < free_from || at + width > right_px || hides_a_mark) continue;
    places[i] = at;
    free_from = at + width + 1.2 * em_px;
  }
  return places;
}

// What all parts of one picture need.
struct TimelinePanel::Frame {
  Canvas& canvas;
  const Inputs& inputs;
  CommandSink& commands;
  const model::ReplayStatus& replay;
  base::UtcTime at;  // of the picture, within the recording
  int next_id = 1;

  [[nodiscard]] const std::string& word(std::string_view key) const { return inputs.words.get(key); }
  void order(ReplayOrder order) { commands.emit(std::move(order)); }
  [[nodiscard]] double x_of(base::UtcTime time, const base::Box2d& strip) const {
    const auto span = static_cast<double>((replay.last - replay.first).count());
    const auto part = static_cast<double>((time - replay.first).count());
    return strip.min.x + (span > 0 ? std::clamp(part / span, 0.0, 1.0) : 0.0) * strip.width();
  }
  [[nodiscard]] base::UtcTime time_at(double x_px, const base::Box2d& strip) const {
    const double part = strip.width() > 0 ? std::clamp((x_px - strip.min.x) / strip.width(), 0.0, 1.0) : 0;
    const auto span = static_cast<double>((replay.last - replay.first).count());
    return replay.first + base::Duration(static_cast<std::int64_t>(part * span));
  }

  // Takes a button off the left of `rest`; empty where there is no room. `is_on`: it stands pressed.
  std::optional<base::Box2d> button(base::Box2d& rest, double width_px, bool is_on, bool& clicked) {
    clicked = false;
    if (rest.width() < width_px) return std::nullopt;
    const base::Box2d strip = take_left(rest, width_px);
    take_left(rest, std::min(rest.width(), canvas.em(0.35)));
    const double middle = strip.center().y;
    const base::Box2d box = make_box(strip.min.x, middle - canvas.em(0.85), strip.max.x, middle + canvas.em(0.85));
    const RowInput input = row_input(box, next_id++);
    canvas.fill(box, is_on ? kSelected : input.hovered ? kHover : kPage, kRoundEm);
    canvas.outline(box, is_on ? kBarStrong : kPanelEdge, kRoundEm);
    clicked = input.clicked;
    return box;
  }
  // With a text in it. True: it was clicked.
  bool text_button(base::Box2d& rest, const std::string& text, bool is_on) {
    bool clicked = false;
    const double width_px = std::max(canvas.em(1.9), canvas.width(FontRole::Small, text) + canvas.em(1.1));
    if (const auto box = button(rest, width_px, is_on, clicked)) {
      canvas.text(*box, FontRole::Small, is_on ? kText : kTextQuiet, text, Align::Center);
    }
    return clicked;
  }
};

namespace {

// To the left: `turn` -1; the bar stands before its tip.
void draw_step_sign(Canvas& canvas, base::Vec2d middle, double turn) {
  const double r = canvas.em(0.34);
  const double bar = canvas.em(0.12);
  canvas.triangle({middle.x - turn * r, middle.y - r}, {middle.x - turn * r, middle.y + r},
                  {middle.x + turn * r * 0.7, middle.y}, kTextQuiet);
  const double x = middle.x + turn * r * 0.85;
  canvas.fill(make_box(x - bar / 2, middle.y - r, x + bar / 2, middle.y + r), kTextQuiet);
}

void draw_rate_sign(Canvas& canvas, base::Vec2d middle, bool faster) {
  const double r = canvas.em(0.32), half = canvas.em(0.055);
  canvas.fill(make_box(middle.x - r, middle.y - half, middle.x + r, middle.y + half), kTextQuiet);
  if (faster) canvas.fill(make_box(middle.x - half, middle.y - r, middle.x + half, middle.y + r), kTextQuiet);
}

void draw_play_sign(Canvas& canvas, base::Vec2d middle, bool playing) {
  const double r = canvas.em(0.42);
  if (!playing) {
    canvas.triangle({middle.x - r * 0.7, middle.y - r}, {middle.x - r * 0.7, middle.y + r}, {middle.x + r, middle.y},
                    kText);
    return;
  }
  for (const double side : {-1.0, 1.0}) {
    const double x = middle.x + side * r * 0.5;
    canvas.fill(make_box(x - r * 0.26, middle.y - r, x + r * 0.26, middle.y + r), kText);
  }
}

}  // namespace

void TimelinePanel::draw(const base::Box2d& box, const FontSet& fonts, const Inputs& inputs, CommandSink& commands,
                         std::vector<TextRun>* record) {
  if (box.width() < 1 || box.height() < 1) return;
  const PanelWindow window("timeline", box);
  Canvas canvas(fonts, record);
  base::Box2d rest = begin_card(canvas, box);
  if (inputs.hub == nullptr || !inputs.hub->replay) {
    canvas.text(take_top(rest, canvas.em(2)), FontRole::Small, kTextFaint, inputs.words.get("timeline.waiting"));
    return;
  }
  const model::ReplayStatus& replay = *inputs.hub->replay;
  const bool is_known = inputs.snapshot.state_time != base::UtcTime{};
  const base::UtcTime at = std::clamp(is_known ? inputs.snapshot.state_time : replay.position, replay.first,
                                      std::max(replay.first, replay.last));
  Frame frame{canvas, inputs, commands, replay, at};
  draw_controls(frame, take_top(rest, canvas.em(2.1)));
  const base::Box2d names = take_top(rest, canvas.em(1.35));
  const base::Box2d strip = take_top(rest, canvas.em(2.0));
  draw_strip(frame, names, strip, take_top(rest, canvas.em(1.35)));
}

void TimelinePanel::draw_controls(Frame& frame, base::Box2d row) {
  Canvas& canvas = frame.canvas;
  const model::ReplayStatus& replay = frame.replay;
  // Both clocks: of what is shown, and of the room.
  const std::string shown = frame.inputs.words.fill("timeline.shown", {short_time(frame.at, frame.inputs)});
  const std::string now = frame.inputs.words.fill("timeline.now", {short_time(frame.inputs.now_utc, frame.inputs)});
  const double clocks_px = std::max(canvas.width(FontRole::Small, shown), canvas.width(FontRole::Small, now)) + 1;
  const base::Box2d clocks = take_right(row, std::min(row.width(), clocks_px));
  const double middle = clocks.center().y, line = canvas.em(1.05);
  canvas.text(make_box(clocks.min.x, middle - line, clocks.max.x, middle), FontRole::Small, kText, shown, Align::Right);
  canvas.text(make_box(clocks.min.x, middle, clocks.max.x, middle + line), FontRole::Small, kTextQuiet, now,
              Align::Right);
  take_right(row, std::min(row.width(), canvas.em(0.8)));

  bool clicked = false;
  const double square = canvas.em(1.9);
  const auto sign = [&](auto&& draw_sign, ReplayOrder order) {
    const auto box = frame.button(row, square, false, clicked);
    if (box) draw_sign(box->center());
    if (clicked) frame.order(std::move(order));
  };
  sign([&](base::Vec2d at) { draw_play_sign(canvas, at, replay.playing); },
       plain(replay.playing ? ReplayAction::Pause : ReplayAction::Play));
  sign([&](base::Vec2d at) { draw_step_sign(canvas, at, -1); }, step_by(-1));
  sign([&](base::Vec2d at) { draw_step_sign(canvas, at, 1); }, step_by(1));
  take_left(row, std::min(row.width(), canvas.em(0.5)));
  sign([&](base::Vec2d at) { draw_rate_sign(canvas, at, false); }, rate_of(next_replay_rate(replay.rate, false)));
  const std::string rate = frame.inputs.words.fill("timeline.rate", {plain_number(replay.rate)});
  const double rate_px = canvas.width(FontRole::Body, frame.inputs.words.fill("timeline.rate", {"3600"}));
  if (row.width() >= rate_px) {
    canvas.text(take_left(row, rate_px), FontRole::Body, replay.is_max ? kTextFaint : kText, rate, Align::Center);
    take_left(row, std::min(row.width(), canvas.em(0.35)));
  }
  sign([&](base::Vec2d at) { draw_rate_sign(canvas, at, true); }, rate_of(next_replay_rate(replay.rate, true)));
  if (frame.text_button(row, frame.word("timeline.max"), replay.is_max)) {
    frame.order(replay.is_max ? rate_of(replay.rate) : plain(ReplayAction::Max));
  }
  take_left(row, std::min(row.width(), canvas.em(0.5)));
  if (frame.text_button(row, frame.word("timeline.bookmark"), false)) {
    frame.order(bookmark_at(frame.at, frame.inputs.words, frame.inputs.profile.zone));
  }
  draw_loop_button(frame, row);
  if (frame.text_button(row, frame.word("timeline.skip"), replay.skips_idle)) {
    ReplayOrder order = plain(ReplayAction::Skip);
    order.skip = !replay.skips_idle;
    frame.order(std::move(order));
  }
}

// First click: from here. Second: to here. Third: no loop.
void TimelinePanel::draw_loop_button(Frame& frame, base::Box2d& rest) {
  const bool has_loop = frame.replay.loop.has_value();
  const char* key = has_loop ? "timeline.loop_off" : m_loop_from ? "timeline.loop_to" : "timeline.loop_from";
  if (!frame.text_button(rest, frame.word(key), has_loop || m_loop_from)) return;
  if (has_loop || m_loop_from) {
    ReplayOrder order = plain(ReplayAction::Loop);
    if (m_loop_from && *m_loop_from != frame.at) {
      order.loop = model::TimeSpan{std::min(*m_loop_from, frame.at), std::max(*m_loop_from, frame.at)};
    }
    if (has_loop) order.loop.reset();
    m_loop_from.reset();
    frame.order(std::move(order));
  } else {
    m_loop_from = frame.at;
  }
}

namespace {

void draw_bars(Canvas& canvas, const base::Box2d& strip, const std::vector<std::uint64_t>& bars, double here_px) {
  const std::uint64_t full = full_bar(bars);
  if (full == 0) return;
  const double step = strip.width() / static_cast<double>(bars.size());
  for (std::size_t i = 0; i < bars.size(); ++i) {
    if (bars[i] == 0) continue;
    const double left = strip.min.x + std::floor(static_cast<double>(i) * step);
    const double right = std::max(left + 1, strip.min.x + std::floor(static_cast<double>(i + 1) * step) - 1);
    // What happened once is seen, beside what happened a thousand times.
    const double share = std::min(1.0, static_cast<double>(bars[i]) / static_cast<double>(full));
    const double height = std::max(1.0, std::round(strip.height() * 0.92 * share));
    if (bars[i] > full) canvas.fill(make_box(left, strip.min.y, right, strip.min.y + canvas.em(0.12)), kText);
    canvas.fill(make_box(left, strip.max.y - height, right, strip.max.y), right <= here_px ? kPlayedBar : kComingBar);
  }
}

void draw_names(Canvas& canvas, const base::Box2d& names,
                const std::vector<std::pair<double, const std::string*>>& all) {
  std::vector<MarkedName> marks;
  for (const auto& [x, name] : all) marks.push_back({x, canvas.width(FontRole::Small, *name)});
  const auto places = place_names(marks, names.min.x, names.max.x, canvas.em());
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!places[i]) continue;
    const base::Box2d box = make_box(*places[i], names.min.y, *places[i] + marks[i].width_px + 1, names.max.y);
    canvas.text(box, FontRole::Small, kTextQuiet, *all[i].second);
  }
}

}  // namespace

void TimelinePanel::draw_strip(Frame& frame, const base::Box2d& names, const base::Box2d& strip,
                               const base::Box2d& axis) {
  Canvas& canvas = frame.canvas;
  const model::ReplayStatus& replay = frame.replay;
  const double here = frame.x_of(frame.at, strip);
  canvas.fill(strip, kPage);
  if (replay.loop) {
    const base::Box2d span =
        make_box(frame.x_of(replay.loop->from, strip), strip.min.y, frame.x_of(replay.loop->to, strip), strip.max.y);
    canvas.fill(span, kLoopSpan);
    for (const double x : {span.min.x, span.max.x}) canvas.line({x, strip.min.y}, {x, strip.max.y}, kWarn);
  }
  const auto bar_count = static_cast<std::size_t>(std::max(1.0, strip.width() / std::max(3.0, canvas.em(0.22))));
  std::vector<std::uint64_t> bars;
  if (frame.inputs.hub->density) bars = density_bars(frame.inputs.hub->density->counts, bar_count);
  draw_bars(canvas, strip, bars, here);
  canvas.line({strip.min.x, strip.max.y}, {strip.max.x, strip.max.y}, kPanelEdge);

  std::vector<std::pair<double, const std::string*>> marks;
  for (const auto& mark : replay.bookmarks) marks.emplace_back(frame.x_of(mark.time, strip), &mark.name);
  if (m_loop_from)
    canvas.line({frame.x_of(*m_loop_from, strip), strip.min.y}, {frame.x_of(*m_loop_from, strip), strip.max.y}, kWarn);

  const base::Box2d reach = make_box(strip.min.x, names.min.y, strip.max.x, strip.max.y);
  const StripInput input = strip_input(reach, frame.next_id++);
  std::size_t near = marks.size();
  for (std::size_t i = 0; i < marks.size() && (input.hovered || input.held); ++i) {
    const double distance = std::abs(marks[i].first - input.x_px);
    if (distance > canvas.em(kMarkReachEm)) continue;
    if (near == marks.size() || distance < std::abs(marks[near].first - input.x_px)) near = i;
  }
  if (input.held && m_sought_x_px != input.x_px) {
    ReplayOrder order = seek_to(frame.time_at(input.x_px, strip));
    if (near < marks.size() && !m_sought_x_px) order = seek_to(replay.bookmarks[near].time);
    m_sought_x_px = input.x_px;
    frame.order(std::move(order));
  }
  if (!input.held) m_sought_x_px.reset();

  if (input.hovered) {
    const bool on_mark = near < marks.size();
    const base::UtcTime time = on_mark ? replay.bookmarks[near].time : frame.time_at(input.x_px, strip);
    const std::string text = on_mark ? fmt::format("{} · {}", short_time(time, frame.inputs), *marks[near].second)
                                     : short_time(time, frame.inputs);
    canvas.line({input.x_px, strip.min.y}, {input.x_px, strip.max.y}, kTextQuiet);
    draw_names(canvas, names, {{frame.x_of(time, strip) - canvas.em(0.45), &text}});
  } else {
    draw_names(canvas, names, marks);
  }
  for (const auto& [x, name] : marks) {
    canvas.line({x, names.center().y}, {x, strip.max.y}, {kWarn.r, kWarn.g, kWarn.b, 110});
    canvas.shape(model::MarkerShape::Diamond, {x, names.center().y}, canvas.em(0.55), kWarn);
  }
  canvas.line({here, strip.min.y - canvas.em(0.2)}, {here, strip.max.y}, kText, std::max(2.0, canvas.em(0.11)));

  draw_axis(frame, axis, bars);
}

void TimelinePanel::draw_axis(Frame& frame, base::Box2d row, const std::vector<std::uint64_t>& bars) {
  Canvas& canvas = frame.canvas;
  const model::ReplayStatus& replay = frame.replay;
  const std::string first = short_time(replay.first, frame.inputs), last = short_time(replay.last, frame.inputs);
  const double end_px = canvas.width(FontRole::Small, first) + canvas.em(0.8);
  canvas.text(take_left(row, std::min(row.width(), end_px)), FontRole::Small, kTextFaint, first);
  canvas.text(take_right(row, std::min(row.width(), end_px)), FontRole::Small, kTextFaint, last, Align::Right);
  if (!frame.inputs.hub->problem.empty()) {
    canvas.text(row, FontRole::Small, kWarn, frame.inputs.hub->problem, Align::Center);
  } else if (!bars.empty()) {
    const double bar_s =
        std::chrono::duration<double>(replay.last - replay.first).count() / static_cast<double>(bars.size());
    const std::uint64_t most = *std::max_element(bars.begin(), bars.end()), full = full_bar(bars);
    std::string scale =
        frame.inputs.words.fill(bar_s >= 60 ? "timeline.scale_minutes" : "timeline.scale_seconds",
                                {fmt::format("{:.1f}", bar_s >= 60 ? bar_s / 60 : bar_s), grouped(full)});
    if (most > full) scale += frame.inputs.words.fill("timeline.scale_most", {grouped(most)});
    if (canvas.width(FontRole::Small, scale) <= row.width()) {
      canvas.text(row, FontRole::Small, kTextFaint, scale, Align::Center);
    }
  }
}

}  // namespace gridwall::ui
