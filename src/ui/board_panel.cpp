#include "ui/board_panel.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "ui/board_cards.hpp"
#include "ui/panel.hpp"

namespace gridwall::ui {

namespace {

constexpr double kLeastCardEm = 12.2;
constexpr double kCardGapEm = 0.7;

// The ids of a view that name a row, in the view's order.
template <typename Row>
std::vector<const Row*> rows_of(const std::vector<Row>& rows, const std::vector<std::string>& ids) {
  std::vector<const Row*> found;
  for (const std::string& id : ids) {
    const auto row = std::ranges::find_if(rows, [&](const Row& one) { return one.id == id; });
    if (row != rows.end()) found.push_back(&*row);
  }
  return found;
}

}  // namespace

void BoardPanel::refresh(const Inputs& inputs, const model::ViewSpec& view) {
  const bool same = m_built && m_registers == inputs.snapshot.registers && m_version == inputs.snapshot.version &&
                    m_view_index == inputs.view_index && m_language == inputs.words.language() &&
                    m_heard_since == inputs.feed.heard_since;
  if (same) return;
  m_built = true;
  m_registers = inputs.snapshot.registers;
  m_version = inputs.snapshot.version;
  m_view_index = inputs.view_index;
  m_language = inputs.words.language();
  m_heard_since = inputs.feed.heard_since;
  const BoardContext context{inputs.snapshot,    inputs.profile, inputs.words,
                             inputs.departments, inputs.stages,  inputs.feed.heard_since};
  const model::ProfileTables& tables = inputs.profile.tables;
  m_tables.clear();
  m_strips.clear();
  for (const model::BoardSpec* board : rows_of(tables.boards, view.boards)) {
    m_tables.push_back(build_board(*board, context));
  }
  for (const model::WorkflowSpec* workflow : rows_of(tables.workflows, view.workflows)) {
    m_strips.push_back(build_workflow(*workflow, context));
  }
  m_figures = build_figures(view.figures, context);
}

void BoardPanel::draw(const base::Box2d& box, const FontSet& fonts, const Inputs& inputs, CommandSink&,
                      std::vector<TextRun>* record) {
  const auto& views = inputs.profile.tables.views;
  if (inputs.view_index >= views.size() || box.width() < 1) return;
  refresh(inputs, views[inputs.view_index]);
  const PanelWindow window("boards", box);
  Canvas canvas(fonts, record);
  const CardStyle style{canvas, inputs.words, inputs.feed.figures_are_current()};
  const double gap_px = canvas.em(kCardGapEm);
  const bool has_figures = !m_figures.empty(), has_strips = !m_strips.empty();
  std::size_t columns = m_tables.size() + (has_figures ? 1u : 0u) + (has_strips ? 1u : 0u);
  const auto room = static_cast<std::size_t>(
      std::max(1.0, std::floor((box.width() + gap_px) / (canvas.em(kLeastCardEm) + gap_px))));
  // Where there is too little room, stated figures and workflows share a column.
  const bool is_stacked = columns > room && has_figures && has_strips;
  if (is_stacked) --columns;
  columns = std::min(columns, room);
  if (columns == 0) return;
  const double width_px = std::floor((box.width() - gap_px * static_cast<double>(columns - 1)) /
                                     static_cast<double>(columns));
  base::Box2d rest = box;
  std::size_t taken = 0;
  const auto next_card = [&] {
    base::Box2d card = take_left(rest, ++taken == columns ? rest.width() : width_px);
    take_left(rest, gap_px);
    return card;
  };
  if (has_figures && !is_stacked) draw_figures(style, next_card(), m_figures);
  const std::size_t for_tables = columns - taken - (has_strips ? 1u : 0u);
  for (std::size_t i = 0; i < std::min(for_tables, m_tables.size()); ++i) draw_table(style, next_card(), m_tables[i]);
  if (!has_strips) return;
  base::Box2d card = next_card();
  if (is_stacked) {
    draw_figures(style, take_top(card, (card.height() - gap_px) / 2), m_figures);
    take_top(card, gap_px);
  }
  draw_workflows(style, card, m_strips);
}

}  // namespace gridwall::ui
