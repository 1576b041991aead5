// Measuring: the true size of the map's ground. How long its scale bar is, and what a person measures: scene's Measure
// with geo's geodesics, mouse and keys, as a sketch over the map. Main thread only.
// Test: tests/unit/app/measuring_test.cpp.
#pragma once

#include <memory>
#include <optional>
#include <span>

#include "geo/geodesy.hpp"
#include "model/division_tree.hpp"
#include "model/view.hpp"
#include "platform/input.hpp"
#include "scene/measure_sketch.hpp"

namespace gridwall::app {

class Measuring {
 public:
  // `words` and `metrics` outlive it. Error: the tree's reference system leads to no degrees.
  static base::Result<std::unique_ptr<Measuring>> create(std::shared_ptr<const model::DivisionTree> tree,
                                                         const model::Words& words, const model::GlyphMetrics& metrics);
  Measuring(const Measuring&) = delete;
  Measuring& operator=(const Measuring&) = delete;

  // Pixels a true metre eastward in the middle of the view; PROJ is asked when that moved only. Where the projection
  // ends, the projected metre's.
  double px_per_true_m(const model::MapView& view);

  // While on, clicks belong to it.
  [[nodiscard]] bool is_on() const { return m_measure.is_on(); }
  // M starts and ends; while on, Escape ends, Enter closes, Backspace takes back. False: not a key of its own.
  bool handle_key(const platform::KeyPress& press);
  void click(const scene::Viewport& viewport, base::Vec2d point_px);
  // nullopt: the pointer is not on the map.
  void point_at(std::optional<base::Vec2d> point_px) { m_pointer_px = point_px; }

  // A course of points as if clicked, for a picture without a mouse; the first one again at the end closes it.
  void measure(std::span<const base::Vec2d> points_world);

  // Empty while nothing is measured; no text lies on `covered_px`. The reference holds until the next call.
  const scene::MapSketch& sketch(const scene::Viewport& viewport, double ui_scale, const base::Box2d& covered_px = {});

 private:
  Measuring(std::shared_ptr<const model::DivisionTree> tree, geo::Geodesy geodesy, const model::Words& words,
            const model::GlyphMetrics& metrics);

  std::shared_ptr<const model::DivisionTree> m_tree;
  geo::Geodesy m_geodesy;
  const model::Words& m_words;
  const model::GlyphMetrics& m_metrics;
  std::optional<base::Vec2d> m_scaled_at_world;  // where m_true_m_per_m holds
  double m_true_m_per_m = 1;
  scene::Measure m_measure;  // asks m_geodesy
  scene::MeasureSketch m_sketch;
  std::optional<base::Vec2d> m_pointer_px;
};

}  // namespace gridwall::app
