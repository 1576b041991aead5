#include "scene/measure_sketch.hpp"

#include <algorithm>
#include <cmath>

#include "scene/border_segments.hpp"
#include "scene/camera.hpp"
#include "scene/label_placement.hpp"
#include "scene/measure_text.hpp"
#include "scene/palette.hpp"

namespace gridwall::scene {

using base::Vec2d;

namespace {

// All px at ui_scale 1.
constexpr float kLinePx = 2, kCasingPx = 4.5f, kRingPx = 1.2f, kPointPx = 9;
constexpr float kMainTextPx = 19, kTextPx = 15, kHintPx = 13;
constexpr double kBesidePx = 16, kEdgePx = 8, kRowEm = 1.4;
constexpr double kDashPx = 9, kGapPx = 6;
constexpr double kClipMarginPx = 40;
constexpr double kAvoidStepPx = 12;  // of the boxes along a line
constexpr double kRingReach = 0.5;   // of the map's smaller side
// A chord of a circle so cut lies within 0.04 % of its radius.
constexpr int kRingCorners = 120;

struct Piece {
  Vec2d from, to;       // px
  double begin_px = 0;  // of the way from the course's start
};

// The parts of a course within the viewport and a little beyond, in order (Liang and Barsky).
std::vector<Piece> visible_pieces(const std::vector<Vec2d>& course_world, const Viewport& viewport) {
  const Vec2d low{viewport.offset_px.x - kClipMarginPx, viewport.offset_px.y - kClipMarginPx};
  const Vec2d high{viewport.offset_px.x + viewport.size_px.x + kClipMarginPx,
                   viewport.offset_px.y + viewport.size_px.y + kClipMarginPx};
  std::vector<Piece> pieces;
  double way_px = 0;
  for (std::size_t i = 0; i + 1 < course_world.size(); ++i) {
    const Vec2d a = px_from_world(viewport, course_world[i]), b = px_from_world(viewport, course_world[i + 1]);
    const Vec2d d = b - a;
    const double length_px = std::hypot(d.x, d.y);
    double enter = 0, leave = 1;
    const auto cut = [&](double speed, double room) {  // speed * t <= room
      if (speed == 0) leave = room < 0 ? -1 : leave;
      if (speed > 0) leave = std::min(leave, room / speed);
      if (speed < 0) enter = std::max(enter, room / speed);
    };
    cut(-d.x, a.x - low.x);
    cut(d.x, high.x - a.x);
    cut(-d.y, a.y - low.y);
    cut(d.y, high.y - a.y);
    if (enter < leave) pieces.push_back({a + d * enter, a + d * leave, way_px + enter * length_px});
    way_px += length_px;
  }
  return pieces;
}

class Pen {
 public:
  explicit Pen(const SketchSetting& setting) : m_setting(setting) {}

  void draw(const std::vector<Vec2d>& course_world, LineSet& into) const {
    for (const Piece& piece : visible_pieces(course_world, m_setting.viewport)) add(piece.from, piece.to, into);
  }

  // The dashes begin at the course's start, so that they move with the map.
  void dash(const std::vector<Vec2d>& course_world, LineSet& into) const {
    const double dash_px = kDashPx * m_setting.ui_scale, period_px = (kDashPx + kGapPx) * m_setting.ui_scale;
    for (const Piece& piece : visible_pieces(course_world, m_setting.viewport)) {
      const Vec2d d = piece.to - piece.from;
      const double length_px = std::hypot(d.x, d.y);
      const double end_px = piece.begin_px + length_px;
      for (double at = std::floor(piece.begin_px / period_px) * period_px; at < end_px; at += period_px) {
        const double from = std::max(at, piece.begin_px), to = std::min(at + dash_px, end_px);
        if (from >= to) continue;
        add(piece.from + d * ((from - piece.begin_px) / length_px),
            piece.from + d * ((to - piece.begin_px) / length_px), into);
      }
    }
  }

  void keep_clear(const std::vector<Vec2d>& course_world, std::vector<base::Box2d>& boxes_px) const {
    const double step_px = kAvoidStepPx * m_setting.ui_scale;
    const Vec2d half{step_px / 2, step_px / 2};
    for (const Piece& piece : visible_pieces(course_world, m_setting.viewport)) {
      const Vec2d d = piece.to - piece.from;
      const int count = 1 + static_cast<int>(std::hypot(d.x, d.y) / step_px);
      for (int i = 0; i <= count; ++i) {
        const Vec2d middle = piece.from + d * (static_cast<double>(i) / count);
        boxes_px.push_back({middle - half, middle + half});
      }
    }
  }

 private:
  void add(Vec2d from_px, Vec2d to_px, LineSet& into) const {
    const auto units = [&](Vec2d px) { return m_setting.tree.to_units(world_from_px(m_setting.viewport, px)); };
    if (const auto from = units(from_px), to = units(to_px); from != to) into.segments.push_back(segment(from, to));
  }

  const SketchSetting& m_setting;
};

// Texts that keep off each other and within the viewport.
class Writer {
 public:
  Writer(const SketchSetting& setting, std::vector<LabelInstance>& labels)
      : m_setting(setting),
        m_labels(labels),
        m_low{setting.viewport.offset_px.x + kEdgePx, setting.viewport.offset_px.y + kEdgePx},
        m_high{setting.viewport.offset_px.x + setting.viewport.size_px.x - kEdgePx,
               setting.viewport.offset_px.y + setting.viewport.size_px.y - kEdgePx} {
    if (!setting.covered_px.empty()) m_taken.push_back(setting.covered_px);
  }

  struct Row {
    std::string text;
    float size_px;  // at ui_scale 1
    base::Color color;
  };

  [[nodiscard]] base::Box2d box(Vec2d middle_px, const Row& row) const {
    return label_box_px(middle_px, row.text, scaled(row.size_px), m_setting.metrics);
  }

  // Where there is room; false: there is none.
  bool write(Vec2d middle_px, const Row& row) {
    const base::Box2d place = box(middle_px, row);
    const bool inside =
        place.min.x >= m_low.x && place.min.y >= m_low.y && place.max.x <= m_high.x && place.max.y <= m_high.y;
    if (!inside || std::ranges::any_of(m_taken, [&](const auto& other) { return other.intersects(place); })) {
      return false;
    }
    put(middle_px, place, row);
    return true;
  }

  // Rows above and to the right of a point, or where the viewport has room.
  void write_beside(Vec2d point_px, const std::vector<Row>& rows) {
    const Vec2d size = size_of(rows);
    const double beside = kBesidePx * m_setting.ui_scale;
    Vec2d corner{point_px.x + beside, point_px.y - beside / 2 - size.y};
    if (corner.x + size.x > m_high.x) corner.x = point_px.x - beside - size.x;
    if (corner.y < m_low.y) corner.y = point_px.y + beside / 2;
    write_rows(corner, size, rows, 0);
  }

  void write_about(Vec2d middle_px, const std::vector<Row>& rows) {
    const Vec2d size = size_of(rows);
    write_rows(middle_px - size * 0.5, size, rows, 0.5);
  }

 private:
  [[nodiscard]] double scaled(float px) const { return static_cast<double>(px) * m_setting.ui_scale; }

  [[nodiscard]] Vec2d size_of(const std::vector<Row>& rows) const {
    Vec2d size;
    for (const Row& row : rows) {
      size.x = std::max(size.x, box({0, 0}, row).width());
      size.y += kRowEm * scaled(row.size_px);
    }
    return size;
  }

  // `align` 0: left, 0.5: about the middle.
  void write_rows(Vec2d corner_px, Vec2d size_px, const std::vector<Row>& rows, double align) {
    corner_px.x = std::max(m_low.x, std::min(corner_px.x, m_high.x - size_px.x));
    corner_px.y = std::max(m_low.y, std::min(corner_px.y, m_high.y - size_px.y));
    for (const Row& row : rows) {
      const double width = box({0, 0}, row).width(), height = kRowEm * scaled(row.size_px);
      const Vec2d middle{corner_px.x + (size_px.x - width) * align + width / 2, corner_px.y + height / 2};
      put(middle, box(middle, row), row);
      corner_px.y += height;
    }
  }

  void put(Vec2d middle_px, const base::Box2d& place, const Row& row) {
    m_taken.push_back(place);
    m_labels.push_back({{static_cast<float>(middle_px.x), static_cast<float>(middle_px.y)},
                        row.text,
                        static_cast<float>(scaled(row.size_px)),
                        row.color,
                        kHalo});
  }

  const SketchSetting& m_setting;
  std::vector<LabelInstance>& m_labels;
  Vec2d m_low, m_high;
  std::vector<base::Box2d> m_taken;
};

// At the lower edge, or where a panel lies there at the upper one.
void write_hint(const SketchSetting& setting, Writer& writer) {
  const Viewport& viewport = setting.viewport;
  const Writer::Row row{setting.words.get("measure.hint"), kHintPx, kLabelQuiet};
  const double x = viewport.offset_px.x + viewport.size_px.x / 2.0;
  const double edge_px = kEdgePx + static_cast<double>(2 * kHintPx) * setting.ui_scale;
  if (writer.write({x, viewport.offset_px.y + viewport.size_px.y - edge_px}, row)) return;
  writer.write({x, viewport.offset_px.y + edge_px}, row);
}

// Beside the middle of what is seen of the leg, where it is long enough to carry its text.
void write_leg(const MeasureLeg& leg, const SketchSetting& setting, Writer& writer) {
  const auto pieces = visible_pieces(leg.course_world, setting.viewport);
  double seen_px = 0;
  for (const Piece& piece : pieces) seen_px += std::hypot(piece.to.x - piece.from.x, piece.to.y - piece.from.y);
  const Writer::Row row{length_text(leg.measured.length_m, setting.words), kTextPx, kLabel};
  const base::Box2d box = writer.box({0, 0}, row);
  if (seen_px < box.width() * 0.8) return;
  double left_px = seen_px / 2;
  for (const Piece& piece : pieces) {
    const Vec2d d = piece.to - piece.from;
    const double length_px = std::hypot(d.x, d.y);
    if (left_px > length_px || length_px == 0) {
      left_px -= length_px;
      continue;
    }
    // Across the line and upward, as far as the text's box reaches in that direction.
    Vec2d across{d.y / length_px, -d.x / length_px};
    if (across.y > 0) across = across * -1;
    const double reach_px = std::abs(across.x) * box.width() / 2 + std::abs(across.y) * box.height() / 2;
    const Vec2d middle = piece.from + d * (left_px / length_px);
    const double off_px = reach_px + static_cast<double>(kCasingPx) * setting.ui_scale;
    if (!writer.write(middle + across * off_px, row)) writer.write(middle - across * off_px, row);
    return;
  }
}

void write_open(const Measure& measure, const SketchSetting& setting, Writer& writer) {
  if (measure.legs().empty() && !measure.open_leg()) return;
  const MeasureLeg& last = measure.open_leg() ? *measure.open_leg() : measure.legs().back();
  const model::Words& words = setting.words;
  const std::string azimuth = azimuth_text(last.measured.azimuth_deg);
  const std::string total = length_text(measure.total_m(), words);
  const bool is_only = measure.legs().size() + (measure.open_leg() ? 1 : 0) == 1;
  const std::string length = length_text(last.measured.length_m, words);
  writer.write_beside(
      px_from_world(setting.viewport, last.course_world.back()),
      {{is_only ? total : words.fill("measure.sum", {total}), kMainTextPx, kLabel},
       {is_only ? words.fill("measure.azimuth", {azimuth}) : words.fill("measure.last_leg", {length, azimuth}), kTextPx,
        kLabel}});
}

void write_closed(const Measure& measure, const SketchSetting& setting, Writer& writer) {
  Vec2d middle;
  for (const Vec2d point : measure.points()) middle = middle + px_from_world(setting.viewport, point);
  std::vector<Writer::Row> rows;
  if (measure.is_crossing()) rows.push_back({setting.words.get("measure.crossing"), kTextPx, kLabel});
  if (measure.area_m2()) {
    rows.push_back(
        {setting.words.fill("measure.area", {area_text(*measure.area_m2(), setting.words)}), kMainTextPx, kLabel});
  }
  rows.push_back(
      {setting.words.fill("measure.perimeter", {length_text(measure.total_m(), setting.words)}), kTextPx, kLabel});
  writer.write_about(middle * (1.0 / static_cast<double>(measure.points().size())), rows);
}

}  // namespace

void MeasureSketch::find_rings(const Measure& measure, const SketchSetting& setting) {
  const double side_px = std::min(setting.viewport.size_px.x, setting.viewport.size_px.y);
  auto radii = ring_radii_m(kRingReach * side_px / setting.px_per_true_m);
  const Vec2d center = measure.points().front();
  if (radii == m_ring_radii_m && center == m_rings_center) return;
  m_rings.clear();
  for (const double radius_m : radii) {
    Ring ring{radius_m, measure.tools().ring(center, radius_m, kRingCorners)};
    if (ring.corners_world.empty()) continue;
    ring.corners_world.push_back(ring.corners_world.front());
    m_rings.push_back(std::move(ring));
  }
  m_ring_radii_m = std::move(radii);
  m_rings_center = center;
}

const MapSketch& MeasureSketch::draw(const Measure& measure, const SketchSetting& setting) {
  m_sketch = {};
  if (!measure.is_on()) return m_sketch;
  const auto scale = static_cast<float>(setting.ui_scale);
  const Pen pen(setting);
  Writer writer(setting, m_sketch.labels);
  write_hint(setting, writer);
  if (measure.is_closed()) {
    write_closed(measure, setting, writer);
  } else {
    write_open(measure, setting, writer);
  }

  LineSet line{{}, kLinePx * scale, kSketchLine}, casing{{}, kCasingPx * scale, kSketchCasing};
  for (const MeasureLeg& leg : measure.legs()) {
    pen.draw(leg.course_world, line);
    pen.keep_clear(leg.course_world, m_sketch.avoided_px);
    // The last one of an open line says it beside its end.
    const bool is_told = !measure.is_closed() && !measure.open_leg() && &leg == &measure.legs().back();
    if (!is_told) write_leg(leg, setting, writer);
  }
  casing.segments = line.segments;
  if (measure.open_leg()) {
    pen.dash(measure.open_leg()->course_world, line);
    pen.draw(measure.open_leg()->course_world, casing);
  }
  m_sketch.lines.push_back(std::move(line));
  m_sketch.lines.push_back(std::move(casing));

  if (measure.points().size() == 1) {
    find_rings(measure, setting);
    LineSet rings{{}, kRingPx * scale, kSketchRing};
    for (const Ring& ring : m_rings) {
      pen.draw(ring.corners_world, rings);
      // On the ring, in the north or where else the map has room for it.
      for (const int corner : {0, kRingCorners / 2, kRingCorners / 4, kRingCorners * 3 / 4, kRingCorners / 8}) {
        const Vec2d at = px_from_world(setting.viewport, ring.corners_world[static_cast<std::size_t>(corner)]);
        if (writer.write(at, {length_text(ring.radius_m, setting.words), kTextPx, kLabelQuiet})) break;
      }
    }
    m_sketch.lines.push_back(std::move(rings));
  }
  for (const Vec2d point : measure.points()) {
    m_sketch.markers.push_back(
        {setting.tree.to_units(point), kPointPx * scale, model::MarkerShape::Circle, kSketchLine, kMarkerRing, 0});
    const Vec2d middle = px_from_world(setting.viewport, point);
    const Vec2d half = Vec2d{1, 1} * (static_cast<double>(kPointPx) * setting.ui_scale * 0.75);
    m_sketch.avoided_px.push_back({middle - half, middle + half});
  }
  return m_sketch;
}

}  // namespace gridwall::scene
