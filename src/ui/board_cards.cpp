#include "ui/board_cards.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>

#include "ui/panel.hpp"
#include "ui/text_format.hpp"

namespace gridwall::ui {

namespace {

constexpr double kRow = 1.42, kHeadRow = 1.25, kTitleRow = 1.9;  // em
constexpr double kRoomyFigureEm = 2.9;
constexpr double kBetweenEm = 0.7, kTrendEm = 3.2, kLeastNameEm = 4.2;

constexpr std::string_view kBeforeDate = " · ";

base::Color color_of(const CardStyle& style, Tone tone) {
  if (!style.is_current) return kStaleText;
  switch (tone) {
    case Tone::Plain:
      return kText;
    case Tone::Quiet:
      return kTextFaint;
    case Tone::Good:
      return kLive;
    case Tone::Warn:
      return kWarn;
    case Tone::Bad:
      return kAlarm;
  }
  return kText;
}

// The title, and beside it what it is based on; below it where there is no room beside.
void draw_title(const CardStyle& style, base::Box2d& rest, const std::string& title, const std::string& basis,
                bool has_exercise, base::Color basis_color = kTextFaint) {
  Canvas& canvas = style.canvas;
  base::Box2d row = take_top(rest, canvas.em(kTitleRow));
  double used = canvas.text(row, FontRole::Body, kText, title);
  take_left(row, used + canvas.em(0.5));
  if (has_exercise) {
    const std::string& word = style.words.get("boards.exercise");
    const double width = canvas.width(FontRole::Small, word) + 1;
    canvas.text(take_left(row, width), FontRole::Small, kWarn, word);
    take_left(row, canvas.em(0.5));
  }
  if (basis.empty()) return;
  if (canvas.width(FontRole::Small, basis) <= row.width()) {
    canvas.text(row, FontRole::Small, basis_color, basis, Align::Right);
  } else {
    canvas.text(take_top(rest, canvas.em(kHeadRow)), FontRole::Small, basis_color, basis);
  }
}

void draw_trend(Canvas& canvas, const base::Box2d& box, const std::vector<double>& values, base::Color color) {
  if (values.size() < 3) return;
  const auto [low, high] = std::ranges::minmax(values);
  const double span = high > low ? high - low : 1;
  const double top = box.center().y - canvas.em(0.45), height = canvas.em(0.9);
  const auto at = [&](std::size_t i) {
    const double x = box.min.x + box.width() * static_cast<double>(i) / static_cast<double>(values.size() - 1);
    return base::Vec2d{x, top + height * (1 - (values[i] - low) / span)};
  };
  const double width_px = std::max(1.0, canvas.em(0.07));
  for (std::size_t i = 1; i < values.size(); ++i) canvas.line(at(i - 1), at(i), color, width_px);
  canvas.disc(at(values.size() - 1), canvas.em(0.13), color);
}

std::string change_text(const BoardChange& change) {
  return fmt::format("{:.0f}%", std::min(999.0, std::abs(change.ratio) * 100));
}

// An arrow and by how much; coloured only when it is more than usual.
void draw_change(const CardStyle& style, base::Box2d box, const BoardChange& change) {
  Canvas& canvas = style.canvas;
  const base::Color color = !style.is_current ? kStaleText : change.is_abnormal ? kWarn : kTextFaint;
  const base::Box2d text = take_right(box, canvas.width(FontRole::Small, change_text(change)) + 1);
  canvas.text(text, FontRole::Small, color, change_text(change), Align::Right);
  const double half = canvas.em(0.22), x = text.min.x - canvas.em(0.42), y = text.center().y;
  const double tip = change.ratio > 0 ? -half : half;
  if (change_text(change) == "0%") {
    canvas.line({x - half, y}, {x + half, y}, color, std::max(1.0, canvas.em(0.08)));
  } else {
    // Clockwise on the screen either way: the edges of a triangle turned round are not smoothed.
    const double left = tip < 0 ? x - half : x + half, right = 2 * x - left;
    canvas.triangle({left, y - tip * 0.8}, {x, y + tip * 0.8}, {right, y - tip * 0.8}, color);
  }
}

// Which columns there is room for, and how wide each is.
struct Columns {
  std::vector<double> cells_px;
  double change_px = 0, year_px = 0, trend_px = 0;
};

double cell_width(const Canvas& canvas, const BoardCell& cell) {
  const double note = cell.note.empty() ? 0 : canvas.width(FontRole::Small, cell.note) + canvas.em(0.4);
  return canvas.width(FontRole::Small, cell.text) + note + 1;
}

// Of the heads over the changes.
struct ChangeHeads {
  double change = 0, year = 0;
};

ChangeHeads change_heads(const CardStyle& style) {
  const auto width = [&](const char* key) { return style.canvas.width(FontRole::Small, style.words.get(key)) + 1; };
  return {width("boards.last"), width("boards.year")};
}

Columns measure(const Canvas& canvas, const BoardTable& table, std::size_t row_count, double room_px,
                ChangeHeads heads = {}) {
  Columns columns;
  const double between = canvas.em(kBetweenEm);
  double change = 0, year = 0;
  bool has_trend = false;
  for (std::size_t i = 0; i < row_count; ++i) {
    const BoardRow& row = table.rows[i];
    const auto width = [&](const auto& one) {
      return one ? canvas.width(FontRole::Small, change_text(*one)) + canvas.em(0.75) : 0.0;
    };
    change = std::max(change, width(row.last_period));
    year = std::max(year, width(row.last_year));
    has_trend = has_trend || row.trend.size() >= 3;
  }
  if (change > 0) change = std::max({change, canvas.width(FontRole::Small, "100%") + canvas.em(0.75), heads.change});
  if (year > 0) year = std::max(year, heads.year);
  room_px -= canvas.em(kLeastNameEm);
  for (std::size_t c = 0; c < table.heads.size(); ++c) {
    double width = std::min(canvas.width(FontRole::Small, table.heads[c]) + 1, canvas.em(5));
    for (const BoardRow& row : table.rows) {
      const bool is_shown = row.is_total || &row < table.rows.data() + row_count;
      if (is_shown && c < row.cells.size()) width = std::max(width, cell_width(canvas, row.cells[c]));
    }
    if (c > 0 && width + between > room_px) break;
    width = std::min(width, std::max(canvas.em(2), room_px - between));
    columns.cells_px.push_back(width);
    room_px -= width + between;
  }
  const auto take = [&](double wanted) {
    if (wanted <= 0 || wanted + between > room_px) return 0.0;
    room_px -= wanted + between;
    return wanted;
  };
  columns.change_px = take(change);
  columns.trend_px = take(has_trend ? canvas.em(kTrendEm) : 0);
  columns.year_px = take(year);
  return columns;
}

void draw_heads(const CardStyle& style, base::Box2d row, const BoardTable& table, const Columns& columns) {
  Canvas& canvas = style.canvas;
  const double between = canvas.em(kBetweenEm);
  const auto head = [&](double width_px, const std::string& text) {
    if (width_px <= 0) return;
    canvas.text(take_right(row, width_px), FontRole::Small, kTextFaint, text, Align::Right);
    take_right(row, between);
  };
  head(columns.year_px, style.words.get("boards.year"));
  head(columns.change_px, style.words.get("boards.last"));
  if (columns.trend_px > 0) {
    take_right(row, columns.trend_px + between);
  }
  for (std::size_t c = columns.cells_px.size(); c-- > 0;) head(columns.cells_px[c], table.heads[c]);
}

void draw_row(const CardStyle& style, base::Box2d row, const BoardRow& one, const Columns& columns) {
  Canvas& canvas = style.canvas;
  const double between = canvas.em(kBetweenEm);
  const auto change = [&](double width_px, const std::optional<BoardChange>& value) {
    if (width_px <= 0) return;
    const base::Box2d place = take_right(row, width_px);
    if (value) draw_change(style, place, *value);
    take_right(row, between);
  };
  change(columns.year_px, one.last_year);
  change(columns.change_px, one.last_period);
  if (columns.trend_px > 0) {
    draw_trend(canvas, take_right(row, columns.trend_px), one.trend, style.is_current ? kBar : kStaleBar);
    take_right(row, between);
  }
  for (std::size_t c = columns.cells_px.size(); c-- > 0;) {
    base::Box2d place = take_right(row, columns.cells_px[c]);
    take_right(row, between);
    if (c >= one.cells.size() || one.cells[c].text.empty()) continue;
    const BoardCell& cell = one.cells[c];
    if (!cell.note.empty()) {
      canvas.text(take_right(place, canvas.width(FontRole::Small, cell.note) + 1), FontRole::Small, kTextFaint,
                  cell.note, Align::Right);
      take_right(place, canvas.em(0.4));
    }
    canvas.text(place, FontRole::Small, one.is_stale ? kStaleText : color_of(style, cell.tone), cell.text,
                Align::Right);
  }
  canvas.text(row, FontRole::Small, one.is_stale ? kStaleText : one.is_total ? kText : kTextQuiet, one.name);
}

double step_width(const WorkflowStrip& strip, double room_px) {
  return room_px / static_cast<double>(std::max<std::size_t>(1, strip.steps.size()));
}

// Long names of many steps stand on two lines in turn.
bool needs_two_lines(const Canvas& canvas, const WorkflowStrip& strip, double room_px) {
  const double width_px = step_width(strip, room_px) - canvas.em(0.7);
  return std::ranges::any_of(
      strip.steps, [&](const StepCount& step) { return canvas.width(FontRole::Small, step.name) > width_px + 1; });
}

// Steps side by side, each with what stands there, and the way between them.
void draw_steps(const CardStyle& style, base::Box2d row, const WorkflowStrip& strip, bool names_alternate) {
  Canvas& canvas = style.canvas;
  const double width_px = step_width(strip, row.width());
  for (std::size_t i = 0; i < strip.steps.size(); ++i) {
    base::Box2d step = take_left(row, width_px);
    const double middle = step.min.y + canvas.em(0.68);
    if (i > 0) {
      const double x = step.min.x - canvas.em(0.35), half = canvas.em(0.22);
      canvas.triangle({x - half * 0.7, middle - half}, {x + half * 0.7, middle}, {x - half * 0.7, middle + half},
                      kTextFaint);
    }
    const double after_px = i + 1 < strip.steps.size() && names_alternate ? width_px : 0;
    base::Box2d name = make_box(step.min.x, step.min.y + canvas.em(1.35), step.max.x + after_px - canvas.em(0.7),
                                step.min.y + canvas.em(2.55));
    const base::Vec2d lower{0, names_alternate && i % 2 == 1 ? canvas.em(1.1) : 0};
    name = {name.min + lower, name.max + lower};
    step.max.x -= canvas.em(0.7);
    const std::string count = strip.has_data ? grouped(strip.steps[i].count) : "–";
    const bool is_some = strip.has_data && strip.steps[i].count > 0;
    canvas.text(take_top(step, canvas.em(1.35)), FontRole::Body,
                !style.is_current ? kStaleText
                : is_some         ? kText
                                  : kTextFaint,
                count);
    canvas.text(name, FontRole::Small, kTextQuiet, strip.steps[i].name);
  }
}

}  // namespace

void draw_table(const CardStyle& style, const base::Box2d& box, const BoardTable& table) {
  Canvas& canvas = style.canvas;
  base::Box2d rest = begin_card(canvas, box);
  draw_title(style, rest, table.title, table.basis, table.has_exercise);
  if (table.rows.empty()) {
    canvas.text(take_top(rest, canvas.em(kRow)), FontRole::Small, kTextFaint, table.empty);
    return;
  }
  const bool has_total = table.rows.back().is_total;
  const auto fitting = [&](double height_px) {
    return static_cast<std::size_t>(std::max(0.0, height_px / canvas.em(kRow)));
  };
  const std::size_t own_rows = table.rows.size() - (has_total ? 1u : 0u);
  const std::size_t room = fitting(rest.height() - canvas.em(kHeadRow));
  const std::size_t shown = std::min(own_rows, room > 0 && has_total ? room - 1 : room);
  const Columns columns = measure(canvas, table, shown, rest.width(), change_heads(style));
  draw_heads(style, take_top(rest, canvas.em(kHeadRow)), table, columns);
  for (std::size_t i = 0; i < shown; ++i) {
    const base::Box2d row = take_top(rest, canvas.em(kRow));
    canvas.line(row.min, {row.max.x, row.min.y}, kPanelEdge);
    draw_row(style, row, table.rows[i], columns);
  }
  if (has_total && room > 0) {
    const base::Box2d row = take_top(rest, canvas.em(kRow));
    canvas.line(row.min, {row.max.x, row.min.y}, kTextFaint);
    draw_row(style, row, table.rows.back(), columns);
  }
}

void draw_workflows(const CardStyle& style, const base::Box2d& box, const std::vector<WorkflowStrip>& strips) {
  Canvas& canvas = style.canvas;
  base::Box2d rest = begin_card(canvas, box);
  const double least_px = canvas.em(1.5 + 2.55);
  const double share_px = rest.height() / static_cast<double>(std::max<std::size_t>(1, strips.size()));
  for (std::size_t i = 0; i < strips.size(); ++i) {
    const WorkflowStrip& strip = strips[i];
    if (rest.height() < least_px) return;
    base::Box2d part = take_top(rest, std::max(share_px, least_px));
    if (i > 0) canvas.line(part.min, {part.max.x, part.min.y}, kPanelEdge);
    // Level with the titles of the other cards where there is room.
    const bool is_roomy = i == 0 && share_px >= canvas.em(6.2);
    base::Box2d title = take_top(part, canvas.em(is_roomy ? kTitleRow : 1.5));
    const double used = canvas.text(title, FontRole::Body, kText, strip.title);
    take_left(title, used + canvas.em(0.5));
    if (strip.overdue_count > 0) {
      const std::string late = style.words.fill("boards.overdue", {grouped(strip.overdue_count)});
      canvas.text(title, FontRole::Small, style.is_current ? kAlarm : kStaleText, late, Align::Right);
      take_right(title, canvas.width(FontRole::Small, late) + canvas.em(0.5));
    }
    if (strip.has_exercise) canvas.text(title, FontRole::Small, kWarn, style.words.get("boards.exercise"));
    const bool two_lines = part.height() >= canvas.em(2.55 + 1.1) && needs_two_lines(canvas, strip, part.width());
    draw_steps(style, take_top(part, canvas.em(two_lines ? 2.55 + 1.1 : 2.55)), strip, two_lines);
    if (part.height() >= canvas.em(1.1)) {
      canvas.text(take_top(part, canvas.em(1.2)), FontRole::Small, kTextFaint, strip.basis);
    }
    BoardTable late;
    late.heads = {"", ""};
    late.rows = strip.overdue;
    const auto room = static_cast<std::size_t>(std::max(0.0, part.height() / canvas.em(kRow)));
    const std::size_t shown = std::min(room, late.rows.size());
    const Columns columns = measure(canvas, late, shown, part.width());
    for (std::size_t k = 0; k < shown; ++k) {
      const base::Box2d row = take_top(part, canvas.em(kRow));
      canvas.line(row.min, {row.max.x, row.min.y}, kPanelEdge);
      draw_row(style, row, late.rows[k], columns);
    }
  }
}

void draw_figures(const CardStyle& style, const base::Box2d& box, const std::vector<FigureRow>& figures) {
  Canvas& canvas = style.canvas;
  base::Box2d rest = begin_card(canvas, box);
  const bool has_conflict = std::ranges::any_of(figures, &FigureRow::is_in_conflict);
  draw_title(style, rest, style.words.get("boards.figures"), has_conflict ? style.words.get("boards.conflict") : "",
             false);
  // Few figures stand large, for who looks from afar; many stand close.
  const double share_em = rest.height() / canvas.em(1) / static_cast<double>(std::max<std::size_t>(1, figures.size()));
  const bool is_roomy = share_em >= kRoomyFigureEm;
  const double both_px = canvas.em(is_roomy ? kRoomyFigureEm : 2.12);
  const FontRole value_role = is_roomy ? FontRole::Body : FontRole::Small;
  for (const FigureRow& figure : figures) {
    if (rest.height() < both_px) return;
    base::Box2d row = take_top(rest, both_px);
    canvas.line(row.min, {row.max.x, row.min.y}, kPanelEdge);
    if (is_roomy) take_top(row, canvas.em(0.15));
    base::Box2d upper = take_top(row, canvas.em(is_roomy ? 1.45 : 1.17));
    const bool is_number = figure.value != style.words.get("boards.not_stated");
    const base::Color color = figure.is_reported && !style.is_current ? kStaleText : is_number ? kText : kTextFaint;
    const double value_px = std::min(canvas.width(value_role, figure.value) + 1, upper.width() * 0.62);
    canvas.text(take_right(upper, value_px), value_role, color, figure.value, Align::Right);
    take_right(upper, canvas.em(0.4));
    if (figure.is_assumed) {
      const std::string& word = style.words.get("boards.assumed");
      canvas.text(take_right(upper, canvas.width(FontRole::Small, word) + 1), FontRole::Small, kWarn, word);
      take_right(upper, canvas.em(0.4));
    }
    if (figure.is_in_conflict) {
      const base::Box2d mark = take_left(upper, canvas.em(0.9));
      canvas.shape(model::MarkerShape::Diamond, {mark.min.x + canvas.em(0.3), mark.center().y}, canvas.em(0.5), kWarn);
    }
    canvas.text(upper, FontRole::Small, kTextQuiet, figure.name);
    // The date stands at the end of the scope and is never what is shortened.
    const std::size_t end = figure.scope.rfind(kBeforeDate);
    if (end != std::string::npos) {
      const std::string date = figure.scope.substr(end + kBeforeDate.size());
      canvas.text(take_right(row, canvas.width(FontRole::Small, date) + 1), FontRole::Small, kTextFaint, date,
                  Align::Right);
      take_right(row, canvas.em(0.4));
    }
    canvas.text(row, FontRole::Small, kTextFaint, figure.scope.substr(0, end));
  }
}

}  // namespace gridwall::ui
