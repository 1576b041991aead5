// BoardPanel: what the chosen view shows beside the map: the figures that the system's material states, its boards and
// its workflows, as cards side by side. Rows come from ui/board_rows.hpp; they are built anew when the snapshot, the
// view or the language is another. What does not fit is left out from the bottom, and the card says how many there are.
#pragma once

#include <memory>
#include <vector>

#include "ui/board_rows.hpp"
#include "ui/canvas.hpp"
#include "ui/inputs.hpp"

namespace gridwall::ui {

class BoardPanel {
 public:
  void draw(const base::Box2d& box_px, const FontSet& fonts, const Inputs& inputs, CommandSink& commands,
            std::vector<TextRun>* record = nullptr);

 private:
  void refresh(const Inputs& inputs, const model::ViewSpec& view);

  std::shared_ptr<const state::RegisterSnapshot> m_registers;  // of the rows below
  std::uint64_t m_version = 0;
  std::uint32_t m_view_index = 0;
  model::Language m_language = model::Language::Chinese;
  base::UtcTime m_heard_since{};
  bool m_built = false;
  std::vector<BoardTable> m_tables;
  std::vector<WorkflowStrip> m_strips;
  std::vector<FigureRow> m_figures;
};

}  // namespace gridwall::ui
