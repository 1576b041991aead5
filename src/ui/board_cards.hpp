// The cards that BoardPanel is made of: a table, workflows, stated figures. Drawing only.
#pragma once

#include <vector>

#include "model/words.hpp"
#include "ui/board_rows.hpp"
#include "ui/canvas.hpp"

namespace gridwall::ui {

struct CardStyle {
  Canvas& canvas;
  const model::Words& words;
  bool is_current = true;  // false: nothing on the wall may be believed
};

void draw_table(const CardStyle& style, const base::Box2d& box_px, const BoardTable& table);
void draw_workflows(const CardStyle& style, const base::Box2d& box_px, const std::vector<WorkflowStrip>& strips);
void draw_figures(const CardStyle& style, const base::Box2d& box_px, const std::vector<FigureRow>& figures);

}  // namespace gridwall::ui
