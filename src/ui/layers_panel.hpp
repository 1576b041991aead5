// LayersPanel: what lies on the map beside cases: the view's layers by name and mark, with how many lie there of how
// many there are, how many want somebody, and that nobody reported any. In a corner of the map; labels keep off it.
#pragma once

#include "ui/canvas.hpp"
#include "ui/inputs.hpp"

namespace gridwall::ui {

// Where it lies; empty without layers or where the map has no room for it.
base::Box2d layers_box(const base::Box2d& map_px, double em_px, double gap_px, std::size_t layer_count);

struct LayersPanel {
  void draw(const base::Box2d& box_px, const FontSet& fonts, const Inputs& inputs, CommandSink& commands,
            std::vector<TextRun>* record = nullptr);
};

}  // namespace gridwall::ui
