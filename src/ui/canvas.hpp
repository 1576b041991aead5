// Canvas: what panels draw with: text by role that never leaves its box, bars, cards and the marker shapes. Positions
// are output pixels; text stands by the middle of a Chinese character, so that scripts and sizes line up.
// Every text run can be recorded, which is how tests prove that nothing overlaps and nothing is cut by a panel.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/geometry.hpp"
#include "model/vocabulary.hpp"
#include "ui/font_set.hpp"
#include "ui/theme.hpp"

struct ImDrawList;

namespace gridwall::ui {

enum class Align { Left, Center, Right };

struct TextRun {
  base::Box2d box_px;  // as wide as the text, one em high
  FontRole role = FontRole::Body;
  std::string text;
  bool shortened = false;
};

class Canvas {
 public:
  // Draws on the current ImGui window. `record`, when given, gets every text run.
  Canvas(const FontSet& fonts, std::vector<TextRun>* record);

  [[nodiscard]] double em(double ems = 1) const { return m_em_px * ems; }
  [[nodiscard]] double width(FontRole role, std::string_view text) const;
  [[nodiscard]] double size(FontRole role) const { return m_fonts.size_px(role); }

  // One line in the middle of the box's height; shortened with an ellipsis where it does not fit. Returns its width.
  double text(const base::Box2d& box_px, FontRole role, base::Color color, std::string_view text,
              Align align = Align::Left);
  void fill(const base::Box2d& box_px, base::Color color, double round_em = 0);
  void outline(const base::Box2d& box_px, base::Color color, double round_em = 0);
  void line(base::Vec2d from_px, base::Vec2d to_px, base::Color color, double width_px = 1);
  // A marker as on the map: shape for the class, colour for the severity.
  void shape(model::MarkerShape shape, base::Vec2d center_px, double across_px, base::Color color);
  void triangle(base::Vec2d a_px, base::Vec2d b_px, base::Vec2d c_px, base::Color color);
  void disc(base::Vec2d center_px, double radius_px, base::Color color);

 private:
  [[nodiscard]] std::string shortened(FontRole role, std::string_view text, double room_px) const;

  const FontSet& m_fonts;
  ImDrawList* m_list;
  std::vector<TextRun>* m_record;
  double m_em_px;
};

base::Box2d make_box(double left, double top, double right, double bottom);
base::Box2d inset(const base::Box2d& box_px, double by_px);

// Takes a strip of `height_px` from the top of `rest`.
base::Box2d take_top(base::Box2d& rest, double height_px);
// Takes a strip of `width_px` from the left or right of `rest`.
base::Box2d take_left(base::Box2d& rest, double width_px);
base::Box2d take_right(base::Box2d& rest, double width_px);

}  // namespace gridwall::ui
