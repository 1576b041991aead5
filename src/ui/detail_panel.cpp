#include "ui/detail_panel.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "scene/palette.hpp"
#include "ui/panel.hpp"
#include "ui/text_format.hpp"

namespace gridwall::ui {

namespace {

std::string level_name(const Inputs& inputs, std::uint32_t level_index) {
  const model::DivisionLevel& level = inputs.snapshot.tree->levels().at(level_index);
  return inputs.words.pick(level.name_zh, level.name_en);
}

}  // namespace

void DetailPanel::draw(const base::Box2d& box, const FontSet& fonts, const Inputs& inputs, CommandSink& commands,
                       std::vector<TextRun>* record) {
  const PanelWindow window("detail", box);
  Canvas canvas(fonts, record);
  base::Box2d rest = begin_card(canvas, box);
  const model::DivisionTree& tree = *inputs.snapshot.tree;
  model::DivisionIndex shown = inputs.hovered.valid() ? inputs.hovered : inputs.selected;
  if (!shown.valid() || shown.value >= tree.divisions().size()) shown = tree.root();
  const model::Division& division = tree.at(shown);
  const state::CaseCounts& counts = inputs.snapshot.total->at(shown.value);
  if (row_input(box, 0).clicked) commands.emit(model::FlyToDivision{shown});

  base::Box2d title = take_top(rest, canvas.em(kTitleRowEm));
  std::string note = fmt::format("{} {}", level_name(inputs, division.level_index), division.code);
  const double note_width = std::min(canvas.width(FontRole::Small, note) + 1, title.width() * 0.6);
  canvas.text(take_right(title, note_width), FontRole::Small, kTextFaint, note, Align::Right);
  take_right(title, canvas.em(0.5));
  canvas.text(title, FontRole::Body, kText, division.name);

  const base::Color figure = inputs.feed.figures_are_current() ? kText : kStaleText;
  base::Box2d tiles = take_top(rest, canvas.em(3.2));
  struct Tile {
    const char* key;
    std::uint32_t count;
    bool is_alarm;
  };
  const Tile all[] = {{"detail.open", counts.open, false},
                      {"detail.critical", counts.open_by_severity[0], counts.open_by_severity[0] > 0},
                      {"detail.reported", counts.reported_today, false},
                      {"detail.closed", counts.closed_today, false}};
  // Columns as wide as what they hold; what is left goes between them.
  const auto column_px = [&](const Tile& tile) {
    return 1 + std::max(canvas.width(FontRole::Small, inputs.words.get(tile.key)),
                        canvas.width(FontRole::Title, grouped(tile.count)));
  };
  double left_px = tiles.width();
  for (const Tile& tile : all) left_px -= column_px(tile);
  for (const Tile& tile : all) {
    base::Box2d column = take_left(tiles, column_px(tile));
    take_left(tiles, std::max(0.0, left_px / 3));
    canvas.text(take_top(column, canvas.em(1.9)), FontRole::Title,
                tile.is_alarm && inputs.feed.figures_are_current() ? scene::kSeverity[0] : figure,
                grouped(tile.count));
    canvas.text(take_top(column, canvas.em(1.3)), FontRole::Small, kTextQuiet, inputs.words.get(tile.key));
  }
  // The proof that the boards add up, in figures: own + children's = total.
  std::uint32_t below = 0;
  for (std::uint32_t i = division.children.begin; i < division.children.end; ++i) {
    below += inputs.snapshot.total->at(i).open;
  }
  const std::string sum = inputs.words.fill(
      "detail.own", {grouped(inputs.snapshot.own(shown).open), grouped(below), grouped(counts.open)});
  base::Box2d row = take_top(rest, canvas.em(1.5));
  const std::size_t below_level = division.level_index + 1;
  const bool is_assumed = below_level < inputs.profile.levels.size() && inputs.profile.levels[below_level].assumed;
  const std::string children = inputs.words.fill(is_assumed ? "detail.children_assumed" : "detail.children",
                                                 {grouped(division.children.size())});
  const double sum_width = canvas.text(row, FontRole::Small, kTextFaint, sum);
  take_left(row, sum_width + canvas.em(0.5));
  if (division.children.size() > 0) canvas.text(row, FontRole::Small, kTextFaint, children, Align::Right);
}

}  // namespace gridwall::ui
