// DetailPanel: the division under the pointer, else the selected one, else the whole district: its figures, and how
// they add up from its own and its children's.
#pragma once

#include "ui/canvas.hpp"
#include "ui/inputs.hpp"

namespace gridwall::ui {

struct DetailPanel {
  void draw(const base::Box2d& box_px, const FontSet& fonts, const Inputs& inputs, CommandSink& commands,
            std::vector<TextRun>* record = nullptr);
};

}  // namespace gridwall::ui
