#include "ui/incidents_panel.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "scene/palette.hpp"
#include "ui/panel.hpp"
#include "ui/text_format.hpp"

namespace gridwall::ui {

namespace {

constexpr double kCaseRowEm = 2.85;

std::string class_name(const Inputs& inputs, const std::string& code) {
  const model::IncidentClass* found = inputs.vocabulary.find_class(code);
  return found != nullptr ? inputs.words.pick(found->name_zh, found->name_en) : code;
}

std::string channel_name(const Inputs& inputs, const std::string& id) {
  const model::Channel* found = inputs.vocabulary.find_channel(id);
  return found != nullptr ? inputs.words.pick(found->name_zh, found->name_en) : id;
}

void draw_case(Canvas& canvas, base::Box2d row, const Inputs& inputs, const state::Incident& incident,
               bool is_current) {
  const model::BigClass* big = inputs.vocabulary.find_big_class(inputs.snapshot.class_code(incident));
  const base::Box2d icon = take_left(row, canvas.em(1.75));
  canvas.shape(big != nullptr ? big->shape : model::MarkerShape::Circle,
               {icon.min.x + canvas.em(0.62), icon.center().y}, canvas.em(0.95),
               is_current ? scene::severity_color(incident.severity) : kStaleText);
  take_right(row, canvas.em(0.3));
  base::Box2d upper = take_top(row, row.height() / 2 + canvas.em(0.08));
  base::Box2d lower = row;
  upper.min.y += canvas.em(0.22);
  lower.max.y -= canvas.em(0.22);

  const std::string& state = inputs.words.get("state." + std::to_string(static_cast<int>(incident.state)));
  const double state_width = std::min(canvas.width(FontRole::Small, state) + 1, upper.width() * 0.45);
  canvas.text(take_right(upper, state_width), FontRole::Small, kTextQuiet, state, Align::Right);
  take_right(upper, canvas.em(0.5));
  canvas.text(upper, FontRole::Body, is_current ? kText : kStaleText,
              class_name(inputs, inputs.snapshot.class_code(incident)));

  const std::string age = age_text(inputs.snapshot.state_time - incident.reported_at, inputs.words);
  canvas.text(take_right(lower, canvas.width(FontRole::Small, age) + 1), FontRole::Small, kTextFaint, age,
              Align::Right);
  take_right(lower, canvas.em(0.5));
  const std::string channel = channel_name(inputs, inputs.snapshot.channel(incident));
  std::string place = place_text(inputs.snapshot, incident, inputs.words);
  if (!incident.located) place += fmt::format(" ({})", inputs.words.get("incidents.unlocated"));
  canvas.text(take_left(lower, canvas.width(FontRole::Small, place) + 1), FontRole::Small, kTextQuiet, place);
  take_left(lower, canvas.em(0.7));
  // The place matters more: the channel has what is left, if that can still be read.
  if (lower.width() > canvas.em(2.5)) canvas.text(lower, FontRole::Small, kTextFaint, channel);
}

}  // namespace

void IncidentsPanel::draw(const base::Box2d& box, const FontSet& fonts, const Inputs& inputs, CommandSink& commands,
                          std::vector<TextRun>* record) {
  const PanelWindow window("incidents", box);
  Canvas canvas(fonts, record);
  base::Box2d rest = begin_card(canvas, box);
  const state::WorldSnapshot& snapshot = inputs.snapshot;
  const bool is_current = inputs.feed.figures_are_current();
  base::Box2d title = take_top(rest, canvas.em(kTitleRowEm));
  const double width = canvas.text(title, FontRole::Body, kText, inputs.words.get("incidents.title"));
  take_left(title, width + canvas.em(0.5));
  canvas.text(title, FontRole::Small, kTextFaint,
              inputs.words.fill("incidents.count", {grouped(snapshot.total->at(snapshot.tree->root().value).open)}),
              Align::Right);
  rest.min.x -= canvas.em(0.3);  // the marks hang into the padding, so that text lines up with the title
  rest.max.x += canvas.em(0.3);
  int shown = 0;
  for (const std::uint32_t number : snapshot.newest) {
    const state::Incident& incident = snapshot.incident(number);
    if (model::is_settled(incident.state)) continue;
    if (rest.height() < canvas.em(kCaseRowEm)) break;
    const base::Box2d row = take_top(rest, canvas.em(kCaseRowEm));
    const RowInput input = row_input(row, shown);
    if (input.clicked) commands.emit(model::SelectIncident{std::string(incident.id)});
    const bool is_selected = !inputs.selected_incident.empty() && incident.id == inputs.selected_incident;
    if (is_selected || input.hovered) canvas.fill(row, is_selected ? kSelected : kHover, kRoundEm);
    if (shown > 0) canvas.line({row.min.x + canvas.em(0.3), row.min.y}, {row.max.x - canvas.em(0.3), row.min.y},
                               kPanelEdge);
    draw_case(canvas, row, inputs, incident, is_current);
    ++shown;
  }
  if (shown == 0) {
    canvas.text(take_top(rest, canvas.em(kRowEm)), FontRole::Small, kTextFaint, inputs.words.get("incidents.none"));
  }
}

}  // namespace gridwall::ui
