#include "ui/legend_panel.hpp"

#include <algorithm>

#include "model/suppression.hpp"
#include "scene/palette.hpp"
#include "ui/panel.hpp"
#include "ui/text_format.hpp"

namespace gridwall::ui {

namespace {

// Takes the scale bar off the right end of the row.
void draw_scale(Canvas& canvas, base::Box2d& row, const Inputs& inputs) {
  const ScaleBar bar = scale_bar(inputs.px_per_m, canvas.em(4));
  const std::string length = length_text(bar.length_m, inputs.words);
  canvas.text(take_right(row, canvas.width(FontRole::Small, length) + 1), FontRole::Small, kTextQuiet, length,
              Align::Right);
  take_right(row, canvas.em(0.5));
  const base::Box2d place = take_right(row, bar.length_px);
  const double y = row.center().y + canvas.em(0.15);
  const double tooth_px = canvas.em(0.3);
  const double width_px = std::max(1.0, canvas.em(0.09));
  canvas.line({place.min.x, y}, {place.max.x, y}, kTextQuiet, width_px);
  for (const double x : {place.min.x, place.max.x}) canvas.line({x, y - tooth_px}, {x, y}, kTextQuiet, width_px);
  take_right(row, canvas.em(0.6));
}

const char* indicator_key(model::Indicator indicator) {
  switch (indicator) {
    case model::Indicator::OpenCount: return "legend.open_count";
    case model::Indicator::ReportedToday: return "legend.reported_today";
    case model::Indicator::OpenPerKm2: return "legend.open_per_km2";
  }
  return "legend.open_count";
}

// A swatch of each class, its text below it.
struct Swatch {
  base::Color color;
  std::string text;
  bool is_hatched = false;
};

void draw_hatch(Canvas& canvas, const base::Box2d& box) {
  const double step = canvas.em(0.4), width_px = std::max(1.0, canvas.em(0.08));
  for (double x = box.min.x + step; x < box.max.x; x += step) {
    const double run = std::min(box.height(), x - box.min.x);
    canvas.line({x, box.min.y}, {x - run, box.min.y + run}, kPanelEdge, width_px);
  }
}

void draw_swatches(Canvas& canvas, base::Box2d& rest, const std::vector<Swatch>& swatches) {
  base::Box2d colors = take_top(rest, canvas.em(0.85));
  base::Box2d texts = take_top(rest, canvas.em(1.4));
  if (swatches.empty()) return;
  const double column = colors.width() / static_cast<double>(swatches.size());
  for (const Swatch& one : swatches) {
    base::Box2d box = take_left(colors, column);
    box.max.x -= canvas.em(0.12);
    canvas.fill(box, one.color);
    if (one.is_hatched) draw_hatch(canvas, box);
    canvas.outline(box, kPanelEdge);
    canvas.text(take_left(texts, column), FontRole::Small, kTextQuiet, one.text, Align::Center);
  }
}

const std::string& level_name(const Inputs& inputs) {
  const auto& levels = inputs.snapshot.tree->levels();
  const auto level = std::min<std::size_t>(inputs.legend.level_index, levels.size() - 1);
  return inputs.words.pick(levels[level].name_zh, levels[level].name_en);
}

void draw_classes(Canvas& canvas, base::Box2d& rest, const Inputs& inputs, CommandSink& commands) {
  base::Box2d heading = take_top(rest, canvas.em(kTitleRowEm));
  draw_scale(canvas, heading, inputs);
  // A click on the heading goes to the next indicator.
  if (row_input(heading, 1).clicked) {
    const int next = (static_cast<int>(inputs.legend.indicator) + 1) % 3;
    commands.emit(model::SetIndicator{static_cast<model::Indicator>(next)});
  }
  canvas.text(heading, FontRole::Body, kText,
              inputs.words.fill(indicator_key(inputs.legend.indicator), {level_name(inputs)}));
  const bool whole = scene::indicator_is_count(inputs.legend.indicator);
  std::vector<Swatch> swatches;
  for (const scene::LegendEntry& entry : inputs.legend.entries) {
    swatches.push_back({entry.color, class_text(entry, whole, inputs.words)});
  }
  draw_swatches(canvas, rest, swatches);
}

// What the numbers are: "% of ≥18 per 10,000 residents", "% · all heads", "households".
std::string unit_text(const scene::LayerNumbers& numbers, const model::FigureSpec* figure, const model::Words& words) {
  if (figure == nullptr) return numbers.is_share ? "%" : words.get("boards.value");
  if (!numbers.is_share) return translated(words, "unit", figure->unit);
  if (figure->unit == "%" || !figure->number) return "% · " + translated(words, "scope", figure->scope);
  const std::string norm = stated_with_unit(*figure->number, figure->unit, words);
  return words.fill("legend.share_of", {figure->at_least ? "≥" + norm : norm});
}

// The numbers of a layer: its name, classes, unit, and of how many divisions there is one.
void draw_layer(Canvas& canvas, base::Box2d& rest, const Inputs& inputs, const scene::LayerNumbers& numbers) {
  const model::ProfileTables& tables = inputs.profile.tables;
  const auto layer = std::ranges::find(tables.layers, numbers.layer_id, &model::LayerSpec::id);
  if (layer == tables.layers.end()) return;
  base::Box2d heading = take_top(rest, canvas.em(kTitleRowEm));
  draw_scale(canvas, heading, inputs);
  const std::string& name = inputs.words.pick(layer->name_zh, layer->name_en);
  const bool fits = canvas.width(FontRole::Body, name) <= heading.width();
  canvas.text(heading, fits ? FontRole::Body : FontRole::Small, kText, name);
  std::vector<Swatch> swatches;
  for (const scene::LegendEntry& entry : inputs.legend.entries) {
    swatches.push_back({entry.color, numbers.is_share ? share_text(entry, inputs.words)
                                                      : class_text(entry, true, inputs.words)});
  }
  if (numbers.small_count > 0) {
    // Among counts it has a place; beside shares it stands apart.
    const auto place = std::ranges::find_if(inputs.legend.entries, [](const auto& one) { return one.up_to > 0; });
    const auto before = numbers.is_share ? std::ssize(swatches) : place - inputs.legend.entries.begin();
    swatches.insert(swatches.begin() + before, {scene::kFillSmall, model::cell_text(1, model::CellShown::Small)});
  }
  if (numbers.valued_count < numbers.division_count) {
    swatches.push_back({scene::kFillNoData, inputs.words.get("legend.no_entries"), true});
  }
  draw_swatches(canvas, rest, swatches);
  const auto figure = std::ranges::find(tables.figures, layer->figure, &model::FigureSpec::id);
  const model::FigureSpec* norm = figure == tables.figures.end() ? nullptr : &*figure;
  base::Box2d row = take_top(rest, canvas.em(1.3));
  const auto mark = [&](const char* key) {
    const std::string& word = inputs.words.get(key);
    canvas.text(take_right(row, canvas.width(FontRole::Small, word) + 1), FontRole::Small, kWarn, word, Align::Right);
    take_right(row, canvas.em(0.5));
  };
  if (numbers.simulated) mark("legend.simulated");
  if (numbers.exercise) mark("boards.exercise");
  if (numbers.assumed) mark("boards.assumed");
  canvas.text(row, FontRole::Small, kTextQuiet, unit_text(numbers, norm, inputs.words));
  canvas.text(take_top(rest, canvas.em(1.3)), FontRole::Small, kTextFaint,
              inputs.words.fill("legend.valued", {grouped(numbers.valued_count), grouped(numbers.division_count),
                                                  level_name(inputs)}));
}

void draw_severities(Canvas& canvas, base::Box2d& rest, const Inputs& inputs) {
  take_top(rest, canvas.em(0.35));
  base::Box2d row = take_top(rest, canvas.em(1.5));
  canvas.line(row.min, {row.max.x, row.min.y}, kPanelEdge);
  const double mark_px = canvas.em(0.72);
  const double icon_px = canvas.em(1.05);
  const auto name = [&](std::size_t i) -> const std::string& {
    return inputs.words.get("severity." + std::to_string(i + 1));
  };
  double left_px = row.width();
  for (std::size_t i = 0; i < model::kSeverityCount; ++i) {
    left_px -= icon_px + canvas.width(FontRole::Small, name(i)) + 1;
  }
  for (std::size_t i = 0; i < model::kSeverityCount; ++i) {
    const base::Box2d icon = take_left(row, icon_px);
    canvas.disc({icon.min.x + mark_px / 2, icon.center().y}, mark_px / 2, scene::kSeverity[i]);
    canvas.text(take_left(row, canvas.width(FontRole::Small, name(i)) + 1), FontRole::Small, kTextQuiet, name(i));
    take_left(row, std::max(0.0, left_px / static_cast<double>(model::kSeverityCount - 1)));
  }
}

// Shapes in the order of the classes, each once: the first class that has it names it.
void draw_shapes(Canvas& canvas, base::Box2d& rest, const Inputs& inputs) {
  std::vector<const model::BigClass*> shown;
  for (const model::BigClass& big : inputs.vocabulary.big_classes) {
    const bool is_known = std::any_of(shown.begin(), shown.end(), [&](const auto* s) { return s->shape == big.shape; });
    if (!is_known) shown.push_back(&big);
  }
  const bool is_wide = inputs.words.language() == model::Language::English;
  const std::size_t columns = is_wide ? 2 : 3;
  base::Box2d row;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    if (i % columns == 0) {
      if (rest.height() < canvas.em(1.2)) return;
      row = take_top(rest, canvas.em(1.4));
    }
    const double left = rest.min.x + rest.width() * static_cast<double>(i % columns) / static_cast<double>(columns);
    const double right = left + rest.width() / static_cast<double>(columns) - canvas.em(0.3);
    const double mark = canvas.em(0.72);
    canvas.shape(shown[i]->shape, {left + mark / 2, row.center().y}, mark, kTextQuiet);
    canvas.text(make_box(left + canvas.em(1.05), row.min.y, right, row.max.y), FontRole::Small, kTextQuiet,
                inputs.words.pick(shown[i]->name_zh, shown[i]->name_en));
  }
}

}  // namespace

void LegendPanel::draw(const base::Box2d& box, const FontSet& fonts, const Inputs& inputs, CommandSink& commands,
                       std::vector<TextRun>* record) {
  const PanelWindow window("legend", box);
  Canvas canvas(fonts, record);
  base::Box2d rest = begin_card(canvas, box);
  if (inputs.legend.layer) {
    draw_layer(canvas, rest, inputs, *inputs.legend.layer);
  } else {
    draw_classes(canvas, rest, inputs, commands);
  }
  draw_severities(canvas, rest, inputs);
  draw_shapes(canvas, rest, inputs);
}

}  // namespace gridwall::ui
