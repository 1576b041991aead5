#include "ui/layers_panel.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "scene/palette.hpp"
#include "ui/panel.hpp"
#include "ui/text_format.hpp"

namespace gridwall::ui {

namespace {

constexpr double kWidthEm = 15, kLayerRowEm = 1.4, kPadYEm = 0.35;
constexpr base::Color kGround{17, 21, 27, 232};

void draw_mark(Canvas& canvas, base::Vec2d at, const scene::LayerLegend& layer) {
  const double r = canvas.em(0.34), width_px = std::max(1.0, canvas.em(0.1));
  const auto ring = [&](int corners, double radius, double turn) {
    for (int i = 0; i < corners; ++i) {
      const double a = turn + 6.2831853 * i / corners, b = turn + 6.2831853 * (i + 1) / corners;
      canvas.line({at.x + radius * std::sin(a), at.y - radius * std::cos(a)},
                  {at.x + radius * std::sin(b), at.y - radius * std::cos(b)}, kTextQuiet, width_px);
    }
  };
  using scene::LayerMark;
  switch (layer.mark) {
    case LayerMark::Circle:
      ring(20, r * 1.3, 0);
      return;
    case LayerMark::Disc:
      canvas.disc(at, r * 1.2, kBar);
      return;
    case LayerMark::Arc:
      for (int i = 0; i < 4; ++i) {
        const auto y = [&](double t) { return at.y + r - 3.2 * r * t * (1 - t) * 2; };
        const double a = i / 4.0, b = (i + 1) / 4.0;
        canvas.line({at.x + (a * 2 - 1) * r * 1.4, y(a)}, {at.x + (b * 2 - 1) * r * 1.4, y(b)}, kTextQuiet, width_px);
      }
      return;
    case LayerMark::Outline:
      ring(5, r * 1.2, 0.3);
      return;
    case LayerMark::Fill: {
      const base::Box2d square = make_box(at.x - r, at.y - r, at.x + r, at.y + r);
      if (layer.painted) canvas.fill(square, scene::kFillClasses[3]);
      canvas.outline(square, kTextFaint);
      return;
    }
    case LayerMark::Heat:
      ring(6, r * 1.15, 0);
      return;
    case LayerMark::None:
      return;
    case LayerMark::Site:
      break;
  }
  switch (layer.shape) {
    case model::MarkerShape::Diamond:
      ring(4, r * 1.25, 0);
      return;
    case model::MarkerShape::Square:
      ring(4, r * 1.25, 0.785398);
      return;
    case model::MarkerShape::Triangle:
      ring(3, r * 1.3, 0);
      return;
    case model::MarkerShape::Hexagon:
      ring(6, r * 1.15, 0);
      return;
    default:
      ring(16, r, 0);
      return;
  }
}

// The colours of heat by the least count that has them.
void draw_heat_steps(Canvas& canvas, base::Box2d row, const Inputs& inputs) {
  const double step_width = row.width() / static_cast<double>(scene::kHeatSteps.size());
  for (const scene::HeatStep& step : scene::kHeatSteps) {
    base::Box2d place = take_left(row, step_width);
    const base::Box2d swatch = take_left(place, canvas.em(1.0));
    canvas.fill(make_box(swatch.min.x, swatch.center().y - canvas.em(0.35), swatch.min.x + canvas.em(0.7),
                         swatch.center().y + canvas.em(0.35)),
                step.color);
    canvas.text(place, FontRole::Small, kTextQuiet, inputs.words.fill("legend.heat_from", {grouped(step.count)}));
  }
}

}  // namespace

std::size_t layer_row_count(const model::ViewSpec& view, const model::ProfileTables& tables) {
  const auto is_heat = [&](const model::LayerSpec& layer) {
    return layer.kind == "heat" && std::ranges::find(view.layers, layer.id) != view.layers.end();
  };
  return view.layers.size() + static_cast<std::size_t>(std::ranges::count_if(tables.layers, is_heat));
}

base::Box2d layers_box(const base::Box2d& map, double em_px, double gap_px, std::size_t row_count) {
  const double width = std::min(kWidthEm * em_px, map.width() * 0.5);
  const double height = (kLayerRowEm * static_cast<double>(row_count) + 2 * kPadYEm) * em_px;
  const bool has_room = row_count > 0 && width > 8 * em_px && height < map.height() * 0.4;
  const double left = map.min.x + gap_px, bottom = map.max.y - gap_px;
  return has_room ? make_box(left, std::floor(bottom - height), std::floor(left + width), bottom) : base::Box2d{};
}

void LayersPanel::draw(const base::Box2d& box, const FontSet& fonts, const Inputs& inputs, CommandSink&,
                       std::vector<TextRun>* record) {
  const PanelWindow window("layers", box);
  Canvas canvas(fonts, record);
  canvas.fill(box, kGround, kRoundEm);
  base::Box2d rest = make_box(box.min.x + canvas.em(0.6), box.min.y + canvas.em(kPadYEm), box.max.x - canvas.em(0.6),
                              box.max.y - canvas.em(kPadYEm));
  const bool is_current = inputs.feed.figures_are_current();
  for (const scene::LayerLegend& layer : inputs.layers) {
    if (rest.height() < canvas.em(kLayerRowEm) * 0.9) return;
    base::Box2d row = take_top(rest, canvas.em(kLayerRowEm));
    const base::Box2d icon = take_left(row, canvas.em(1.2));
    draw_mark(canvas, {icon.min.x + canvas.em(0.45), icon.center().y}, layer);
    const auto& layers = inputs.profile.tables.layers;
    const auto spec = std::ranges::find_if(layers, [&](const auto& one) { return one.id == layer.id; });
    const auto at_right = [&](const std::string& text, base::Color color) {
      const double width = canvas.width(FontRole::Small, text) + 1;
      canvas.text(take_right(row, width), FontRole::Small, color, text, Align::Right);
      take_right(row, canvas.em(0.4));
    };
    if (layer.counted == 0) {
      at_right(inputs.words.get("legend.no_entries"), kTextFaint);
    } else {
      const std::string shown = grouped(layer.shown);
      at_right(
          layer.shown == layer.counted ? shown : inputs.words.fill("legend.layer_of", {shown, grouped(layer.counted)}),
          is_current ? kText : kStaleText);
    }
    if (layer.abnormal > 0) {
      at_right(grouped(layer.abnormal), is_current ? scene::kSeverity[1] : kStaleText);
      const base::Box2d dot = take_right(row, canvas.em(0.7));
      canvas.disc({dot.max.x - canvas.em(0.3), dot.center().y}, canvas.em(0.25),
                  is_current ? scene::kSeverity[1] : kStaleText);
    }
    if (layer.assumed) at_right(inputs.words.get("boards.assumed"), kWarn);
    if (spec != layers.end()) {
      std::string name = inputs.words.pick(spec->name_zh, spec->name_en);
      if (layer.mark == scene::LayerMark::Heat) {
        const auto hours = std::chrono::duration_cast<std::chrono::hours>(scene::kDensityWindow).count();
        name = inputs.words.fill("legend.heat_of_hours", {name, std::to_string(hours)});
      }
      canvas.text(row, FontRole::Small, layer.painted ? kTextQuiet : kTextFaint, name);
    }
    if (layer.mark == scene::LayerMark::Heat && rest.height() >= canvas.em(kLayerRowEm) * 0.9) {
      base::Box2d steps = take_top(rest, canvas.em(kLayerRowEm));
      take_left(steps, canvas.em(1.2));
      draw_heat_steps(canvas, steps, inputs);
    }
  }
}

}  // namespace gridwall::ui
