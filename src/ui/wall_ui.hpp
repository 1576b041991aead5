// WallUi: all panels of the wall, drawn into the boxes of its layout. Main thread, between the host's begin_frame and
// end_frame. Invariant (tests/unit/ui/wall_ui_test.cpp): at every size and in both languages no text leaves its panel
// and no two texts overlap.
#pragma once

#include "ui/board_panel.hpp"
#include "ui/detail_panel.hpp"
#include "ui/figures_panel.hpp"
#include "ui/footer_panel.hpp"
#include "ui/header_panel.hpp"
#include "ui/health_panel.hpp"
#include "ui/incidents_panel.hpp"
#include "ui/layers_panel.hpp"
#include "ui/legend_panel.hpp"
#include "ui/timeline_panel.hpp"
#include "ui/view_panel.hpp"

namespace gridwall::ui {

class WallUi {
 public:
  void draw(const PanelBoxes& boxes, const FontSet& fonts, const Inputs& inputs, CommandSink& commands,
            std::vector<TextRun>* record = nullptr);

 private:
  HeaderPanel m_header;
  FiguresPanel m_figures;
  IncidentsPanel m_incidents;
  DetailPanel m_detail;
  LegendPanel m_legend;
  FooterPanel m_footer;
  TimelinePanel m_timeline;
  HealthPanel m_health;
  ViewPanel m_views;
  LayersPanel m_layers;
  BoardPanel m_boards;
};

// Every text that may appear: what the fonts must have. `more`: the data source and other texts of this run.
FontTexts font_texts(const model::Words& words, const model::Profile& profile, const model::Vocabulary& vocabulary,
                     const model::DivisionTree& tree, std::string_view more = {});

}  // namespace gridwall::ui
