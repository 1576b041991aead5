// HeaderPanel: which wall this is, what time it is, and how far it can be believed: the feed's state by icon, colour
// and words; SIMULATED and 示意 where so; a dot that ticks every second of our own clock, so that calm is never frozen.
#pragma once

#include "ui/canvas.hpp"
#include "ui/inputs.hpp"

namespace gridwall::ui {

struct HeaderPanel {
  void draw(const base::Box2d& box_px, const FontSet& fonts, const Inputs& inputs, CommandSink& commands,
            std::vector<TextRun>* record = nullptr);
};

}  // namespace gridwall::ui
