// HealthPanel: how the wall and its hub do, over the map while it is asked for: rates, lags, queues, gaps, refusals,
// the journal. Calm figures are grey, what somebody must look at is amber. An old answer of the hub says how old it is.
// Test: tests/unit/ui/health_panel_test.cpp.
#pragma once

#include <vector>

#include "ui/canvas.hpp"
#include "ui/inputs.hpp"

namespace gridwall::ui {

// Where it lies over the map: two columns where there is room for them.
base::Box2d health_box(const base::Box2d& map_px, double em_px, double gap_px);
// The hub is asked every two seconds; an answer older than this is no news.
inline constexpr base::Duration kHubAnswerOld = std::chrono::seconds(6);

class HealthPanel {
 public:
  void draw(const base::Box2d& box, const FontSet& fonts, const Inputs& inputs, CommandSink& commands,
            std::vector<TextRun>* record);
};

}  // namespace gridwall::ui
