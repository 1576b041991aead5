#include "ui/canvas.hpp"

#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace gridwall::ui {

namespace {

// The middle of a Chinese character above the baseline, in em.
constexpr double kMiddleEm = 0.38;

ImVec2 vec(double x, double y) { return {static_cast<float>(x), static_cast<float>(y)}; }
ImU32 packed(base::Color c) { return IM_COL32(c.r, c.g, c.b, c.a); }

std::string_view without_last_character(std::string_view text) {
  while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xc0u) == 0x80u) text.remove_suffix(1);
  if (!text.empty()) text.remove_suffix(1);
  return text;
}

}  // namespace

base::Box2d make_box(double left, double top, double right, double bottom) {
  return {{left, top}, {std::max(left, right), std::max(top, bottom)}};
}

base::Box2d inset(const base::Box2d& box, double by) {
  return make_box(box.min.x + by, box.min.y + by, box.max.x - by, box.max.y - by);
}

base::Box2d take_top(base::Box2d& rest, double height_px) {
  const double edge = std::min(rest.max.y, rest.min.y + height_px);
  const base::Box2d strip = make_box(rest.min.x, rest.min.y, rest.max.x, edge);
  rest.min.y = edge;
  return strip;
}

base::Box2d take_left(base::Box2d& rest, double width_px) {
  const double edge = std::min(rest.max.x, rest.min.x + width_px);
  const base::Box2d strip = make_box(rest.min.x, rest.min.y, edge, rest.max.y);
  rest.min.x = edge;
  return strip;
}

base::Box2d take_right(base::Box2d& rest, double width_px) {
  const double edge = std::max(rest.min.x, rest.max.x - width_px);
  const base::Box2d strip = make_box(edge, rest.min.y, rest.max.x, rest.max.y);
  rest.max.x = edge;
  return strip;
}

Canvas::Canvas(const FontSet& fonts, std::vector<TextRun>* record)
    : m_fonts(fonts), m_list(ImGui::GetWindowDrawList()), m_record(record), m_em_px(fonts.size_px(FontRole::Body)) {}

double Canvas::width(FontRole role, std::string_view text) const {
  const ImFont* font = m_fonts.font(role);
  const auto line_px = static_cast<float>(m_fonts.line_px(role));
  return font->CalcTextSizeA(line_px, 1e9f, 0, text.data(), text.data() + text.size()).x;
}

std::string Canvas::shortened(FontRole role, std::string_view text, double room_px) const {
  static constexpr std::string_view kEllipsis = "…";
  const double room_for_text_px = room_px - width(role, kEllipsis);
  while (!text.empty() && width(role, text) > room_for_text_px) text = without_last_character(text);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text.empty() ? std::string() : std::string(text) + std::string(kEllipsis);
}

double Canvas::text(const base::Box2d& box, FontRole role, base::Color color, std::string_view text, Align align) {
  // One pixel of grace: widths of boxes are rounded.
  std::string shown(text);
  const bool too_wide = width(role, text) > box.width() + 1;
  if (too_wide) shown = shortened(role, text, box.width());
  const double width_px = width(role, shown);
  if (shown.empty()) return 0;
  double left = box.min.x;
  if (align == Align::Center) left = box.center().x - width_px / 2;
  if (align == Align::Right) left = box.max.x - width_px;
  const ImFont* font = m_fonts.font(role);
  const double size_px = m_fonts.size_px(role);
  const double middle = box.center().y;
  const double line_px = m_fonts.line_px(role);
  const double ascent_px = static_cast<double>(font->Ascent) * line_px / static_cast<double>(font->FontSize);
  const double top = std::round(middle + kMiddleEm * size_px - ascent_px);
  m_list->AddText(font, static_cast<float>(line_px), vec(std::round(left), top), packed(color), shown.data(),
                  shown.data() + shown.size());
  if (m_record != nullptr) {
    m_record->push_back({make_box(left, middle - size_px / 2, left + width_px, middle + size_px / 2), role,
                         std::string(text), too_wide});
  }
  return width_px;
}

void Canvas::fill(const base::Box2d& box, base::Color color, double round_em) {
  if (box.width() <= 0 || box.height() <= 0) return;
  m_list->AddRectFilled(vec(box.min.x, box.min.y), vec(box.max.x, box.max.y), packed(color),
                        static_cast<float>(em(round_em)));
}

void Canvas::outline(const base::Box2d& box, base::Color color, double round_em) {
  m_list->AddRect(vec(box.min.x, box.min.y), vec(box.max.x, box.max.y), packed(color),
                  static_cast<float>(em(round_em)), 0, static_cast<float>(std::max(1.0, std::round(em(0.06)))));
}

void Canvas::line(base::Vec2d from, base::Vec2d to, base::Color color, double width_px) {
  m_list->AddLine(vec(from.x, from.y), vec(to.x, to.y), packed(color), static_cast<float>(width_px));
}

void Canvas::triangle(base::Vec2d a, base::Vec2d b, base::Vec2d c, base::Color color) {
  m_list->AddTriangleFilled(vec(a.x, a.y), vec(b.x, b.y), vec(c.x, c.y), packed(color));
}

void Canvas::disc(base::Vec2d center, double radius_px, base::Color color) {
  m_list->AddCircleFilled(vec(center.x, center.y), static_cast<float>(radius_px), packed(color), 32);
}

void Canvas::shape(model::MarkerShape shape, base::Vec2d center, double across_px, base::Color color) {
  const double r = across_px / 2;
  const ImU32 c = packed(color);
  // Equal areas look equal; equal widths do not.
  const auto polygon = [&](int corners, double radius, double turn) {
    ImVec2 points[6];
    for (int i = 0; i < corners; ++i) {
      const double angle = turn + 2 * std::numbers::pi * i / corners;
      points[i] = vec(center.x + radius * std::sin(angle), center.y - radius * std::cos(angle));
    }
    m_list->AddConvexPolyFilled(points, corners, c);
  };
  switch (shape) {
    case model::MarkerShape::Circle: disc(center, r, color); return;
    case model::MarkerShape::Square: polygon(4, r * 1.22, std::numbers::pi / 4); return;
    case model::MarkerShape::Diamond: polygon(4, r * 1.22, 0); return;
    case model::MarkerShape::Triangle:
      center.y += r * 0.15;
      polygon(3, r * 1.3, 0);
      return;
    case model::MarkerShape::Hexagon: polygon(6, r * 1.08, 0); return;
    case model::MarkerShape::Cross: {
      const double arm = r * 0.38;
      m_list->AddRectFilled(vec(center.x - arm, center.y - r), vec(center.x + arm, center.y + r), c);
      m_list->AddRectFilled(vec(center.x - r, center.y - arm), vec(center.x + r, center.y + arm), c);
      return;
    }
  }
}

}  // namespace gridwall::ui
