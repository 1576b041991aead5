// FiguresPanel: today's figures of the whole district. Each says its period and its count; a rate says numerator and
// denominator. Grey, and said so, when the feed is not current. What does not fit is left out from the bottom.
#pragma once

#include "ui/canvas.hpp"
#include "ui/inputs.hpp"

namespace gridwall::ui {

struct FiguresPanel {
  void draw(const base::Box2d& box_px, const FontSet& fonts, const Inputs& inputs, CommandSink& commands,
            std::vector<TextRun>* record = nullptr);
};

}  // namespace gridwall::ui
