#include "wall/layout.hpp"

#include <algorithm>
#include <cmath>

namespace gridwall::wall {

namespace {

// All in body sizes ("em").
constexpr double kHeaderEm = 3.5;
constexpr double kFooterEm = 1.7;
constexpr double kGapEm = 0.7;
constexpr double kFiguresWidthEm = 17.5;
constexpr double kIncidentsWidthEm = 19.5;
constexpr double kTimelineEm = 7.7;
constexpr double kTabsEm = 2.0;
constexpr double kBoardsEm = 11.6, kBoardsEmMax = 16.5;  // a title, column heads and five rows; no more than ten
constexpr double kLeastMapEm = 15;                       // below it a map tells nothing: boards give way
constexpr double kDetailEm = 7.2;
constexpr double kLegendEm = 11.6;
// The smallest output that holds it: the columns and as much map between them; four incidents above the other cards.
constexpr double kLeastWidthEm = 56;
constexpr double kLeastHeightEm = 41.5;
constexpr double kDeskBodyPx = 16;

base::Box2d box(double left, double top, double right, double bottom) {
  return {{left, top}, {std::max(left, right), std::max(top, bottom)}};
}

}  // namespace

base::Vec2i Layout::map_offset_px() const {
  return {static_cast<std::int32_t>(map.min.x), static_cast<std::int32_t>(map.min.y)};
}

base::Vec2i Layout::map_size_px() const {
  return {static_cast<std::int32_t>(map.width()), static_cast<std::int32_t>(map.height())};
}

Layout make_layout(const WallProfile& profile, base::Vec2i size_px, bool with_timeline) {
  return make_layout(profile, size_px, LayoutParts{.timeline = with_timeline});
}

Layout make_layout(const WallProfile& profile, base::Vec2i size_px, const LayoutParts& parts) {
  Layout layout;
  layout.size_px = {std::max(1, size_px.x), std::max(1, size_px.y)};
  const double width = layout.size_px.x;
  const double height = layout.size_px.y;
  const double wanted = font_size_px(profile, layout.size_px, profile.body_arc_minutes);
  const double em = std::max(1.0, std::floor(std::min({wanted, width / kLeastWidthEm, height / kLeastHeightEm})));
  layout.body_px = em;
  layout.ui_scale = em / kDeskBodyPx;
  // Rounding down to whole pixels may cost up to one; that is no fault of the layout.
  layout.body_is_legible = arc_minutes_of(profile, layout.size_px, em + 1) >= kLeastArcMinutes;

  const auto px = [em](double ems) { return std::floor(ems * em); };
  const auto within = [](double value, double limit) { return std::clamp(value, 0.0, limit); };
  const double gap = px(kGapEm);
  layout.gap_px = gap;
  const double header_bottom = within(px(kHeaderEm), height);
  const double footer_top = std::max(header_bottom, height - px(kFooterEm));
  const double top = within(header_bottom + gap, footer_top);
  const double bottom = std::max(top, footer_top - gap);
  const double left_end = within(gap + px(kFiguresWidthEm), width);
  const double right_start = std::max(left_end, width - gap - px(kIncidentsWidthEm));
  const double right_end = std::max(right_start, width - gap);

  layout.header = box(0, 0, width, header_bottom);
  layout.footer = box(0, footer_top, width, height);
  const double map_left = within(left_end + gap, right_start);
  const double map_right = std::max(map_left, right_start - gap);
  const double tabs_bottom = parts.tabs ? std::min(bottom, top + px(kTabsEm)) : top;
  layout.tabs = box(map_left, top, parts.tabs ? map_right : map_left, tabs_bottom);
  const double map_top = parts.tabs ? std::min(bottom, tabs_bottom + std::floor(gap / 2)) : top;
  const double timeline_px = parts.timeline ? px(kTimelineEm) + gap : 0;
  const double boards_px = std::min(px(kBoardsEmMax), std::max(px(kBoardsEm), std::floor((bottom - top) * 0.27)));
  const bool has_boards = parts.boards && bottom - map_top - timeline_px - boards_px - gap >= px(kLeastMapEm);
  const double boards_top = has_boards ? bottom - boards_px : bottom;
  const double upper_bottom = has_boards ? boards_top - gap : bottom;
  layout.boards = box(std::min(gap, left_end), boards_top, has_boards ? map_right : std::min(gap, left_end), bottom);
  layout.figures = box(std::min(gap, left_end), top, left_end, upper_bottom);
  const double timeline_top = parts.timeline ? std::max(map_top, upper_bottom - px(kTimelineEm)) : upper_bottom;
  const double map_bottom = parts.timeline ? std::max(map_top, timeline_top - gap) : upper_bottom;
  layout.map = box(map_left, map_top, map_right, map_bottom);
  layout.timeline = box(map_left, timeline_top, parts.timeline ? map_right : map_left, upper_bottom);
  const double legend_top = std::max(top, bottom - px(kLegendEm));
  const double detail_bottom = std::max(top, legend_top - gap);
  const double detail_top = std::max(top, detail_bottom - px(kDetailEm));
  const double incidents_bottom = std::max(top, detail_top - gap);
  layout.incidents = box(right_start, top, right_end, incidents_bottom);
  layout.detail = box(right_start, detail_top, right_end, detail_bottom);
  layout.legend = box(right_start, legend_top, right_end, bottom);
  return layout;
}

}  // namespace gridwall::wall
