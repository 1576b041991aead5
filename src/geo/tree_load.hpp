// The steps of load_division_tree and what they hand on. Private to this room. Test:
// tests/unit/geo/tree_builder_test.cpp.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "geo/layer_reader.hpp"
#include "geo/transform.hpp"
#include "geo/tree_builder.hpp"
#include "shape/division_shaper.hpp"
#include "shape/parent_rules.hpp"

namespace gridwall::geo {

struct Entry {
  std::size_t layer = 0, feature = 0;  // indices
  double area_m2 = 0;                  // geodesic
  bool uncoded = false;                // its code is its feature number
};

// What shaping says of one entry; kept apart from the report because threads fill it.
struct Shaped {
  shape::ShapedDivision division;
  std::size_t lost_polygons = 0;  // with coordinates outside their system
};

// The steps of load_division_tree, in order.
struct TreeLoad {
  const LayerRequest& request;
  const ProgressCallback& progress;
  std::vector<RawLayer> layers;
  std::vector<Entry> entries;
  LayerReport report;
  model::TreeSpec spec;
  shape::ParentLinks links;
  base::Box2d extent_lonlat;
  std::optional<Transform> world_from_lonlat;
  double label_units = 0;  // what is narrower in a preview carries no label

  void tell(std::string_view step, double share) const {
    if (progress) progress(step, share);
  }
  [[nodiscard]] RawFeature& feature_of(const Entry& entry) { return layers[entry.layer].features[entry.feature]; }
  [[nodiscard]] DivisionNote note(const Entry& entry, std::string reason) {
    const RawFeature& feature = feature_of(entry);
    return {feature.code, std::move(reason), entry.layer, feature.fid, {}, 0};
  }
  [[nodiscard]] base::Vec2d to_world_m(base::Vec2i units) const {
    return spec.origin_world + base::Vec2d{static_cast<double>(units.x), static_cast<double>(units.y)} * spec.unit_m;
  }
  base::Status read();
  [[nodiscard]] base::Status check_stop() const;
  void name_features();
  void drop_duplicates();
  base::Status measure();
  void measure_areas();
  void compare_areas();
  base::Status choose_world();
  base::Status project();
  void choose_units(const base::Box2d& extent_world);
  [[nodiscard]] Shaped shape(const Entry& entry, shape::DivisionShaper& shaper);
  void shape_all();
  void take_shape(Entry& entry, Shaped shaped);
  model::ParentBy choose_parent_rule();
  void link_by_codes(const std::vector<shape::CodedDivision>& divisions, shape::ParentRule rule);
  void link_by_containment(const std::vector<shape::CodedDivision>& divisions);
  void link();
  void add_parents();
  [[nodiscard]] std::vector<std::uint32_t> depths() const;
  base::Status check_placing(std::size_t layer, const std::shared_ptr<const model::DivisionTree>& tree,
                             const std::vector<std::size_t>& source_of);
  void report_levels(const model::DivisionTree& tree, const std::vector<std::uint32_t>& division_of);
  base::Result<LoadedTree> finish();
};

}  // namespace gridwall::geo
