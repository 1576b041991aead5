// FrameScene: everything one picture of the map needs, as plain arrays without GL: scene builds it from a snapshot and
// a view, render draws it. Map positions are DivisionTree units (int32), so that render can subtract the view's
// origin in integers and nothing jitters.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/geometry.hpp"
#include "model/basemap_spec.hpp"
#include "model/division_tree.hpp"
#include "model/map_tile.hpp"
#include "model/view.hpp"
#include "model/vocabulary.hpp"
#include "scene/border_segments.hpp"

namespace gridwall::scene {

// Where the map is drawn and how much of the world it shows. y grows downward in output pixels, upward in the world.
struct Viewport {
  base::Vec2i offset_px;   // top left corner in the output
  base::Vec2i size_px;
  model::MapView view;     // what stands in the middle
  bool operator==(const Viewport&) const = default;
};

struct BorderStyle {
  std::uint32_t level_index = 0;
  float width_px = 1;
  base::Color color;
  bool is_dashed = false;  // nobody has decided it: generated, or disputed
  bool operator==(const BorderStyle&) const = default;
};

// A marker for one incident.
struct MarkerInstance {
  base::Vec2i position_units;
  float size_px = 12;           // across
  model::MarkerShape shape = model::MarkerShape::Circle;
  base::Color fill;
  base::Color ring;             // alpha 0: none
  float pulse = 0;              // 0: none; 0..1: phase of an expanding ring for what is new
};

// Thin lines of one look: circles about sites, arcs between divisions, outlines of chosen ones. Below all markers.
struct LineSet {
  std::vector<BorderSegment> segments;
  float width_px = 1;
  base::Color color;
  bool operator==(const LineSet&) const = default;
};

// One line of text, its middle at `anchor_px` (output pixels, from the top left of the output).
struct LabelInstance {
  base::Vec2f anchor_px;
  std::string text;             // UTF-8
  float size_px = 18;
  base::Color color;
  base::Color halo;
};

// A tile of the basemap, or the part of it that lies in `box_world` and stands in for another.
struct BasemapPatch {
  model::TileKey tile;
  std::shared_ptr<const model::TilePixels> pixels;  // not null, not empty
  base::Box2d box_world;                            // within the tile's own
  bool operator==(const BasemapPatch& other) const {
    return tile == other.tile && pixels == other.pixels && box_world.min == other.box_world.min &&
           box_world.max == other.box_world.max;
  }
};

// The picture below the divisions; its patches do not overlap.
struct Basemap {
  std::vector<BasemapPatch> patches;
  model::BasemapStyle style;
  bool operator==(const Basemap&) const = default;
};

struct FrameScene {
  std::shared_ptr<const model::DivisionTree> tree;
  Viewport viewport;
  base::Color background{10, 14, 20, 255};

  Basemap basemap;
  float fill_opacity = 1;               // of the fills, so that a basemap shows through them

  // Fills: the divisions of one level, each by `division_colors[index]` (as long as the tree's divisions). The
  // version changes with the content, so that render uploads only then.
  std::uint32_t fill_level = 0;
  std::vector<base::Color> division_colors;
  std::uint64_t colors_version = 0;
  std::vector<std::uint8_t> division_hatched;  // 1: no data; same length, or empty

  // Borders: drawn from the last (lightest, deepest) to the first (heaviest, highest level).
  std::vector<BorderStyle> borders;

  model::DivisionIndex hovered;
  model::DivisionIndex selected;

  std::vector<LineSet> lines;           // of layers; below the markers
  std::vector<MarkerInstance> markers;  // later ones lie above
  std::vector<LabelInstance> labels;

  float stale_strength = 0;             // 0: as it is; 1: colours of fills and markers go to grey
};

}  // namespace gridwall::scene
