// FeatureIntake: one feature after another into a RawLayer, whichever way it was read, so that every way gives the
// same. Texts stay as the file's bytes until finish_text; geometries come as WKB and are made linear where they curve.
// Bounded: past kPointsMax or kFeaturesMax it refuses. Private to this room. Test:
// tests/unit/geo/layer_reader_test.cpp.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "geo/layer_reader.hpp"
#include "geo/text_encoding.hpp"
#include "geo/wkb_reader.hpp"

namespace gridwall::geo {

inline constexpr std::uint64_t kFeaturesMax = 20'000'000;  // of one source

// A number as a code is written: 3.20281e5 and 320281.0 are "320281".
std::string number_text(double value);
std::string number_text(std::int64_t value);

class FeatureIntake {
 public:
  // `taken_count` features and points of the source's other layers count towards the bounds.
  FeatureIntake(RawLayer& out, const model::SourceMapping& mapping, std::uint64_t taken_feature_count,
                std::uint64_t taken_point_count)
      : m_out(out), m_mapping(mapping), m_feature_count(taken_feature_count), m_point_count(taken_point_count) {}

  // How many features are to come, if the source says the truth, and the most points that its bytes can hold: memory
  // is then taken at once and not in steps. Neither is believed beyond that.
  void expect(std::uint64_t feature_count, std::uint64_t point_count_max);

  // From now on geometries come onto a grid: see read_wkb_polygons.
  void coarsen(double step) { m_step = step; }

  void begin(std::int64_t fid);
  // Of the feature begun. Empty: the layer has none.
  void code(std::string bytes) { m_feature.code = std::move(bytes); }
  void name(std::string bytes) { m_feature.name = std::move(bytes); }
  void parent(std::string bytes) { m_feature.parent_code = std::move(bytes); }
  void kind(std::string bytes) { m_feature.kind = std::move(bytes); }
  void level(std::string_view text);
  void area(std::string_view text);
  void synthetic(std::string_view text) { m_feature.synthetic = text == "1" || text == "true"; }
  void geometry(std::span<const std::uint8_t> wkb);
  // The geometry that GDAL itself could not read.
  void unreadable(const std::string& reason);
  // Fails when a bound is passed; the sentence is without the file.
  base::Status end();

  // Of the features that came, those whose geometry is damaged; and whether the last one is among them.
  [[nodiscard]] std::uint64_t unreadable_count() const { return m_unreadable_count; }
  [[nodiscard]] bool last_unreadable() const { return m_unreadable; }

 private:
  void note(const std::string& text);
  void reserve();
  WkbVerdict linear_geometry(std::span<const std::uint8_t> wkb);

  RawLayer& m_out;
  const model::SourceMapping& m_mapping;
  std::uint64_t m_feature_count, m_point_count;
  RawFeature m_feature;
  GeometryLosses m_losses;
  std::uint64_t m_unreadable_count = 0;
  std::uint64_t m_expected_features = 0, m_expected_points_max = 0;
  bool m_unreadable = false, m_too_many = false;
  double m_step = 0;  // of the grid; 0: geometries as they are
  std::vector<unsigned char> m_buffer;
};

// Decodes every text of the layer, says in layer.encoding how, and in layer.notes what was wrong with it.
void finish_text(RawLayer& layer, const StatedEncoding& stated, bool raw_text);

}  // namespace gridwall::geo
