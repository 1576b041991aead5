#include "app/measuring.hpp"

#include "scene/camera.hpp"

namespace gridwall::app {

using base::Vec2d;

namespace {

constexpr double kClickSlackPx = 9;  // about a point: its picture's reach

scene::GroundTools tools_of(const geo::Geodesy& geodesy) {
  return {[&](Vec2d from_world, Vec2d to_world) -> std::optional<scene::Measured> {
            const auto leg = geodesy.leg(from_world, to_world);
            if (!leg) return std::nullopt;
            return scene::Measured{leg->length_m, leg->azimuth_deg};
          },
          [&](std::span<const Vec2d> ring_world) { return geodesy.area_m2(ring_world); },
          [&](Vec2d from_world, Vec2d to_world, int part_count) {
            return geodesy.course(from_world, to_world, part_count);
          },
          [&](Vec2d center_world, double radius_m, int corner_count) {
            return geodesy.ring(center_world, radius_m, corner_count);
          }};
}

}  // namespace

base::Result<std::unique_ptr<Measuring>> Measuring::create(std::shared_ptr<const model::DivisionTree> tree,
                                                           const model::Words& words,
                                                           const model::GlyphMetrics& metrics) {
  TRY_ASSIGN(auto geodesy, geo::Geodesy::create(tree->world_crs()));
  return std::unique_ptr<Measuring>(new Measuring(std::move(tree), std::move(geodesy), words, metrics));
}

Measuring::Measuring(std::shared_ptr<const model::DivisionTree> tree, geo::Geodesy geodesy, const model::Words& words,
                     const model::GlyphMetrics& metrics)
    : m_tree(std::move(tree)),
      m_geodesy(std::move(geodesy)),
      m_words(words),
      m_metrics(metrics),
      m_measure(tools_of(m_geodesy)) {}

double Measuring::px_per_true_m(const model::MapView& view) {
  if (m_scaled_at_world != view.center_world) {
    m_scaled_at_world = view.center_world;
    m_true_m_per_m = m_geodesy.local_scale(view.center_world).value_or(1);
  }
  return view.px_per_m / m_true_m_per_m;
}

bool Measuring::handle_key(const platform::KeyPress& press) {
  using platform::Key;
  if (press.key == Key::Character && press.character == 'M') {
    m_measure.toggle();
    return true;
  }
  if (!is_on()) return false;
  switch (press.key) {
    case Key::Escape:
      m_measure.end();
      return true;
    case Key::Enter:
      m_measure.close();
      return true;
    case Key::Backspace:
      m_measure.undo();
      return true;
    default:
      return false;
  }
}

void Measuring::click(const scene::Viewport& viewport, Vec2d point_px) {
  m_measure.click(scene::world_from_px(viewport, point_px), kClickSlackPx / viewport.view.px_per_m);
}

void Measuring::measure(std::span<const Vec2d> points_world) {
  m_measure.end();
  m_measure.toggle();
  for (const Vec2d point_world : points_world) m_measure.click(point_world, 0);
}

const scene::MapSketch& Measuring::sketch(const scene::Viewport& viewport, double ui_scale,
                                          const base::Box2d& covered_px) {
  // Anew each time: the map may have moved below a resting pointer.
  std::optional<Vec2d> pointer_world;
  if (m_pointer_px) pointer_world = scene::world_from_px(viewport, *m_pointer_px);
  m_measure.point_at(pointer_world);
  return m_sketch.draw(m_measure,
                       {*m_tree, m_words, m_metrics, viewport, px_per_true_m(viewport.view), ui_scale, covered_px});
}

}  // namespace gridwall::app
