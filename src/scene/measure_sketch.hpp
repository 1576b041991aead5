// MeasureSketch: what is measured as lines, points and texts of the map: legs with their lengths, the sum and the last
// direction beside the pointer, an area in its middle, and about a first point alone the rings of round distances.
// Lines are cut to the viewport, texts lie within it and not on each other. Main thread only; no GL, no PROJ.
// Test: tests/unit/scene/measure_sketch_test.cpp.
#pragma once

#include <string>
#include <vector>

#include "model/division_tree.hpp"
#include "model/glyph_metrics.hpp"
#include "model/words.hpp"
#include "scene/frame_scene.hpp"
#include "scene/measure.hpp"

namespace gridwall::scene {

// What lies over a picture's layers and names.
struct MapSketch {
  std::vector<LineSet> lines;  // the first on top
  std::vector<MarkerInstance> markers;
  std::vector<LabelInstance> labels;
  std::vector<base::Box2d> avoided_px;  // along lines and on points: where names rather do not lie
};

struct SketchSetting {
  const model::DivisionTree& tree;
  const model::Words& words;
  const model::GlyphMetrics& metrics;
  Viewport viewport;
  double px_per_true_m = 1;  // in the middle of the viewport
  double ui_scale = 1;
  base::Box2d covered_px{};  // by a panel; empty: nothing
};

class MeasureSketch {
 public:
  // The reference holds until the next call. Empty while nothing is measured.
  const MapSketch& draw(const Measure& measure, const SketchSetting& setting);

 private:
  struct Ring {
    double radius_m = 0;
    std::vector<base::Vec2d> corners_world;  // closed: the first is the last too
  };
  void find_rings(const Measure& measure, const SketchSetting& setting);

  MapSketch m_sketch;
  base::Vec2d m_rings_center;
  std::vector<double> m_ring_radii_m;
  std::vector<Ring> m_rings;  // of the two above
};

}  // namespace gridwall::scene
