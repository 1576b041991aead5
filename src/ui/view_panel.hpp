// ViewPanel: the profile's views as tabs above the map: which is on, by which key another comes, a click chooses.
#pragma once

#include "ui/canvas.hpp"
#include "ui/inputs.hpp"

namespace gridwall::ui {

inline constexpr std::uint32_t kFirstViewKey = 2;  // F2 is the first view; the last key is F9
inline constexpr std::uint32_t kViewsMax = 8;

struct ViewPanel {
  void draw(const base::Box2d& box_px, const FontSet& fonts, const Inputs& inputs, CommandSink& commands,
            std::vector<TextRun>* record = nullptr);
};

}  // namespace gridwall::ui
