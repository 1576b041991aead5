// LayersPanel: what lies on the map beside cases: the view's layers by name and mark, with how many lie there of how
// many there are, how many want somebody, and that nobody reported any. In a corner of the map; labels keep off it.
#pragma once

#include "ui/canvas.hpp"
#include "ui/inputs.hpp"

namespace gridwall::ui {

// How many rows the layers of a view take: heat has one for its colours too.
std::size_t layer_row_count(const model::ViewSpec& view, const model::ProfileTables& tables);
// Where it lies; empty without rows or where the map has no room for it.
base::Box2d layers_box(const base::Box2d& map_px, double em_px, double gap_px, std::size_t row_count);

struct LayersPanel {
  void draw(const base::Box2d& box_px, const FontSet& fonts, const Inputs& inputs, CommandSink& commands,
            std::vector<TextRun>* record = nullptr);
};

}  // namespace gridwall::ui
