#include "ui/figures_panel.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/time_text.hpp"
#include "scene/palette.hpp"
#include "ui/panel.hpp"
#include "ui/text_format.hpp"

namespace gridwall::ui {

namespace {

// What all sections need.
struct Section {
  Canvas& canvas;
  const Inputs& inputs;
  const state::CaseCounts& counts;
  bool is_current;

  [[nodiscard]] base::Color figure() const { return is_current ? kText : kStaleText; }
  [[nodiscard]] base::Color bar() const { return is_current ? kBar : kStaleBar; }
  [[nodiscard]] base::Color severity(std::size_t i) const { return is_current ? scene::kSeverity[i] : kStaleBar; }
  [[nodiscard]] const std::string& word(std::string_view key) const { return inputs.words.get(key); }
};

void draw_title(const Section& s, base::Box2d& rest) {
  base::Box2d row = take_top(rest, s.canvas.em(kTitleRowEm));
  const base::LocalTime local = base::to_local(s.inputs.snapshot.state_time, s.inputs.profile.zone);
  const std::string clock = fmt::format("{:02}:{:02}", local.hour, local.minute);
  const std::string day = fmt::format("{:02}-{:02}", local.month, local.day);
  // A wall that joined late, or missed something, counts what it heard: that is its period then.
  const bool is_whole = s.is_current && s.inputs.feed.is_complete;
  const std::string heard_since = base::format_hms(s.inputs.feed.heard_since, s.inputs.profile.zone);
  const bool has_time = s.inputs.snapshot.state_time != base::UtcTime{};
  const std::string note = !has_time      ? s.word("figures.no_time")
                           : is_whole     ? s.inputs.words.fill("figures.period", {day, clock})
                           : s.is_current ? s.inputs.words.fill("figures.heard_since", {heard_since})
                                          : s.inputs.words.fill("figures.not_current", {clock});
  const double title = s.canvas.text(row, FontRole::Body, kText, s.word("figures.title"));
  take_left(row, title + s.canvas.em(0.5));
  s.canvas.text(row, FontRole::Small, is_whole ? kTextFaint : kWarn, note, Align::Right);
}

void draw_heading(const Section& s, base::Box2d& rest, std::string_view key, std::string_view note) {
  take_top(rest, s.canvas.em(kSectionGapEm));
  base::Box2d row = take_top(rest, s.canvas.em(1.7));
  s.canvas.line(row.min, {row.max.x, row.min.y}, kPanelEdge);
  const double width = s.canvas.text(row, FontRole::Small, kTextQuiet, s.word(key));
  take_left(row, width + s.canvas.em(0.5));
  s.canvas.text(row, FontRole::Small, kTextFaint, note, Align::Right);
}

// A figure that is cut says another number: it is written smaller instead.
FontRole largest_that_fits(const Canvas& canvas, const std::string& text, double room_px) {
  for (const FontRole role : {FontRole::Hero, FontRole::Figure, FontRole::Body}) {
    if (canvas.width(role, text) <= room_px) return role;
  }
  return FontRole::Small;
}

// Open cases large, and beside them how grave they are.
void draw_open(const Section& s, base::Box2d& rest) {
  base::Box2d tile = take_top(rest, s.canvas.em(6.9));
  base::Box2d left = take_left(tile, tile.width() * 0.46);
  s.canvas.text(take_top(left, s.canvas.em(1.5)), FontRole::Small, kTextQuiet, s.word("figures.open"));
  const std::string open = grouped(s.counts.open);
  const FontRole role = largest_that_fits(s.canvas, open, left.width());
  s.canvas.text(take_top(left, s.canvas.em(3.6)), role, s.figure(), open);
  s.canvas.text(take_top(left, s.canvas.em(1.5)), FontRole::Small, kTextFaint,
                s.inputs.words.fill("figures.unlocated", {grouped(s.counts.unlocated_open)}));
  const std::uint32_t most =
      std::max(1u, *std::max_element(s.counts.open_by_severity.begin(), s.counts.open_by_severity.end()));
  take_top(tile, s.canvas.em(0.2));
  double name_px = 0, count_px = s.canvas.em(2.3);
  for (std::size_t i = 0; i < model::kSeverityCount; ++i) {
    name_px = std::max(name_px, s.canvas.width(FontRole::Small, s.word("severity." + std::to_string(i + 1))));
    const std::string count = grouped(s.counts.open_by_severity[i]);
    count_px = std::max(count_px, s.canvas.width(FontRole::Body, count) + s.canvas.em(0.4));
  }
  for (std::size_t i = 0; i < model::kSeverityCount; ++i) {
    base::Box2d row = take_top(tile, s.canvas.em(1.6));
    const std::uint32_t count = s.counts.open_by_severity[i];
    const bool is_quiet = count == 0;
    const double mark = s.canvas.em(0.72);
    const base::Box2d icon = take_left(row, s.canvas.em(1.05));
    s.canvas.disc({icon.min.x + mark / 2, icon.center().y}, mark / 2, is_quiet ? kTrack : s.severity(i));
    s.canvas.text(take_left(row, name_px + s.canvas.em(0.6)), FontRole::Small, kTextQuiet,
                  s.word("severity." + std::to_string(i + 1)));
    s.canvas.text(take_right(row, count_px), FontRole::Body, is_quiet ? kTextFaint : s.figure(), grouped(count),
                  Align::Right);
    const double middle = row.center().y;
    const base::Box2d track = make_box(row.min.x, middle - s.canvas.em(0.16), row.max.x, middle + s.canvas.em(0.16));
    s.canvas.fill(track, kTrack);
    s.canvas.fill(make_box(track.min.x, track.min.y, track.min.x + track.width() * count / most, track.max.y),
                  s.severity(i));
  }
}

void draw_flow(const Section& s, base::Box2d& rest) {
  take_top(rest, s.canvas.em(kSectionGapEm));
  base::Box2d tiles = take_top(rest, s.canvas.em(4.0));
  s.canvas.line(tiles.min, {tiles.max.x, tiles.min.y}, kPanelEdge);
  take_top(tiles, s.canvas.em(0.3));
  const auto tile = [&](base::Box2d box, std::string_view key, std::uint32_t count) {
    s.canvas.text(take_top(box, s.canvas.em(1.5)), FontRole::Small, kTextQuiet, s.word(key));
    s.canvas.text(take_top(box, s.canvas.em(2.1)), FontRole::Figure, s.figure(), grouped(count));
  };
  tile(take_left(tiles, tiles.width() * 0.46), "figures.reported", s.counts.reported_today);
  tile(tiles, "figures.closed", s.counts.closed_today);

  base::Box2d rate = take_top(rest, s.canvas.em(4.1));
  s.canvas.text(take_top(rate, s.canvas.em(1.5)), FontRole::Small, kTextQuiet, s.word("figures.rate"));
  base::Box2d row = take_top(rate, s.canvas.em(1.9));
  take_top(rate, s.canvas.em(0.35));
  const bool has_rate = s.counts.reported_today > 0;
  const std::string share_text = percent(s.counts.closed_of_reported_today, s.counts.reported_today);
  s.canvas.text(take_left(row, s.canvas.width(FontRole::Figure, share_text) + 1), FontRole::Figure, s.figure(),
                share_text);
  take_left(row, s.canvas.em(0.8));
  s.canvas.text(row, FontRole::Small, kTextFaint,
                has_rate ? s.inputs.words.fill("figures.rate_basis", {grouped(s.counts.closed_of_reported_today),
                                                                      grouped(s.counts.reported_today)})
                         : s.word("figures.rate_none"),
                Align::Right);
  const base::Box2d track = take_top(rate, s.canvas.em(0.25));
  const double share =
      has_rate ? std::min(1.0, static_cast<double>(s.counts.closed_of_reported_today) / s.counts.reported_today) : 0;
  s.canvas.fill(track, kTrack);
  s.canvas.fill(make_box(track.min.x, track.min.y, track.min.x + track.width() * share, track.max.y), s.bar());
}

void draw_hours(const Section& s, base::Box2d& rest, double height_px) {
  const auto& hours = s.inputs.snapshot.reported_today_by_hour;
  const std::uint32_t most = *std::max_element(hours.begin(), hours.end());
  draw_heading(s, rest, "figures.per_hour", s.inputs.words.fill("figures.per_hour_top", {grouped(most)}));
  base::Box2d chart = take_top(rest, height_px);
  base::Box2d axis = make_box(chart.min.x, chart.max.y - s.canvas.em(1.3), chart.max.x, chart.max.y);
  chart.max.y = axis.min.y;
  const int hour_now = base::to_local(s.inputs.snapshot.state_time, s.inputs.profile.zone).hour;
  const double step = chart.width() / 24;
  const double width = std::max(1.0, std::floor(step * 0.7));
  for (int hour = 0; hour < 24; ++hour) {
    const double left = std::round(chart.min.x + hour * step);
    const std::uint32_t count = hours[static_cast<std::size_t>(hour)];
    const double height = most > 0 ? chart.height() * 0.94 * count / most : 0;
    const bool is_now = hour == hour_now && s.is_current;
    // What has not come yet is empty, not zero.
    if (hour <= hour_now) s.canvas.fill(make_box(left, chart.max.y - 1, left + width, chart.max.y), s.bar());
    s.canvas.fill(make_box(left, std::round(chart.max.y - height), left + width, chart.max.y),
                  is_now ? kBarStrong : s.bar());
  }
  s.canvas.line({chart.min.x, chart.max.y}, {chart.max.x, chart.max.y}, kPanelEdge);
  for (const int hour : {0, 6, 12, 18, 24}) {
    const double at = axis.min.x + hour * step;
    const Align align = hour == 0 ? Align::Left : hour == 24 ? Align::Right : Align::Center;
    const double half = s.canvas.em(1);
    const base::Box2d box = hour == 0    ? make_box(at, axis.min.y, at + 2 * half, axis.max.y)
                            : hour == 24 ? make_box(at - 2 * half, axis.min.y, at, axis.max.y)
                                         : make_box(at - half, axis.min.y, at + half, axis.max.y);
    s.canvas.text(box, FontRole::Small, kTextFaint, std::to_string(hour), align);
  }
}

template <typename NameOf>
void draw_list(const Section& s, base::Box2d& rest, std::string_view heading,
               const std::vector<state::NamedCount>& list, const NameOf& name_of) {
  const double heading_px = s.canvas.em(kSectionGapEm + 1.7);
  const double row_px = s.canvas.em(kRowEm);
  const auto room = static_cast<std::size_t>(std::max(0.0, (rest.height() - heading_px) / row_px));
  if (room < 2) return;
  draw_heading(s, rest, heading, "");
  if (list.empty()) {
    s.canvas.text(take_top(rest, row_px), FontRole::Small, kTextFaint, s.word("figures.none"));
    return;
  }
  const std::uint32_t most = std::max(1u, list.front().count);
  for (std::size_t i = 0; i < std::min(room, list.size()); ++i) {
    base::Box2d row = take_top(rest, row_px);
    s.canvas.text(take_left(row, row.width() * 0.46 - s.canvas.em(0.4)), FontRole::Small, kTextQuiet,
                  name_of(list[i].key));
    take_left(row, s.canvas.em(0.4));
    s.canvas.text(take_right(row, s.canvas.em(2.6)), FontRole::Small, s.figure(), grouped(list[i].count), Align::Right);
    const double middle = row.center().y;
    const double half = s.canvas.em(0.16);
    s.canvas.fill(make_box(row.min.x, middle - half, row.max.x, middle + half), kTrack);
    s.canvas.fill(make_box(row.min.x, middle - half, row.min.x + row.width() * list[i].count / most, middle + half),
                  s.bar());
  }
}

}  // namespace

void FiguresPanel::draw(const base::Box2d& box, const FontSet& fonts, const Inputs& inputs, CommandSink&,
                        std::vector<TextRun>* record) {
  const PanelWindow window("figures", box);
  Canvas canvas(fonts, record);
  base::Box2d rest = begin_card(canvas, box);
  const state::WorldSnapshot& snapshot = inputs.snapshot;
  const Section section{canvas, inputs, snapshot.total->at(snapshot.tree->root().value),
                        inputs.feed.figures_are_current()};
  draw_title(section, rest);
  draw_open(section, rest);
  draw_flow(section, rest);
  // On a tall panel the chart may breathe.
  const double chart_px = canvas.em(std::clamp(rest.height() / canvas.em() * 0.22, 3.8, 7.5));
  draw_hours(section, rest, chart_px);
  draw_list(section, rest, "figures.per_channel", snapshot.reported_today_by_channel, [&](const std::string& id) {
    const model::Channel* channel = inputs.vocabulary.find_channel(id);
    return channel != nullptr ? inputs.words.pick(channel->name_zh, channel->name_en) : id;
  });
  draw_list(section, rest, "figures.per_class", snapshot.reported_today_by_class, [&](const std::string& code) {
    const model::BigClass* big = inputs.vocabulary.find_big_class(code);
    return big != nullptr ? inputs.words.pick(big->name_zh, big->name_en) : code;
  });
}

}  // namespace gridwall::ui
