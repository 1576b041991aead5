// IncidentsPanel: the newest open cases, two lines each; a click selects. Severity by colour, class by shape and name.
#pragma once

#include "ui/canvas.hpp"
#include "ui/inputs.hpp"

namespace gridwall::ui {

struct IncidentsPanel {
  void draw(const base::Box2d& box_px, const FontSet& fonts, const Inputs& inputs, CommandSink& commands,
            std::vector<TextRun>* record = nullptr);
};

}  // namespace gridwall::ui
