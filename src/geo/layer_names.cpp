#include "geo/layer_names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace gridwall::geo {

using base::Error;
using base::ErrorCode;
using base::Status;

namespace {

constexpr std::size_t kDbfNameBytesMax = 10;

// What the text of the first features looks like: enough for names and filters; values are judged by all of them.
void sample_text(OGRLayerH layer, TextEvidence& seen) {
  constexpr int kFeaturesMax = 500;
  const int field_count = OGR_FD_GetFieldCount(OGR_L_GetLayerDefn(layer));
  OGR_L_ResetReading(layer);
  for (int i = 0; i < kFeaturesMax; ++i) {
    const Feature feature(OGR_L_GetNextFeature(layer));
    if (feature == nullptr) break;
    for (int f = 0; f < field_count; ++f) {
      const bool text = OGR_Fld_GetType(OGR_F_GetFieldDefnRef(feature.get(), f)) == OFTString;
      if (text && OGR_F_IsFieldSetAndNotNull(feature.get(), f) != 0) {
        seen.add(OGR_F_GetFieldAsString(feature.get(), f));
      }
    }
  }
  OGR_L_ResetReading(layer);
}

}  // namespace

LayerNames read_names(const OpenedDataset& dataset, OGRLayerH layer, const StatedEncoding& stated) {
  OGRFeatureDefnH definition = OGR_L_GetLayerDefn(layer);
  std::vector<std::string> raw;
  TextEvidence seen;
  for (int i = 0; i < OGR_FD_GetFieldCount(definition); ++i) {
    raw.emplace_back(OGR_Fld_GetNameRef(OGR_FD_GetFieldDefn(definition, i)));
    seen.add(raw.back());
  }
  if (dataset.raw_text) sample_text(layer, seen);
  LayerNames names;
  // A JSON file may be in GBK although its format knows UTF-8 only.
  const StatedEncoding by_format{find_encoding("UTF-8"), StatedBy::Format, "the format"};
  ChosenEncoding chosen = choose_encoding(dataset.raw_text ? stated : by_format, seen);
  names.encoding = std::move(chosen.encoding);
  names.told = std::move(chosen.told);
  TextDecoder decoder(names.encoding);
  for (const std::string& bytes : raw) {
    FieldName field;
    field.cut = dataset.driver == "ESRI Shapefile" && bytes.size() + 1 >= kDbfNameBytesMax;
    field.name = decoder.decode(bytes);
    // The character that the cut went through.
    constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
    while (field.cut && field.name.ends_with(kReplacement)) field.name.resize(field.name.size() - kReplacement.size());
    names.fields.push_back(std::move(field));
  }
  return names;
}

Status set_filter(const OpenedDataset& dataset, OGRLayerH layer, const LayerNames& names, const std::string& where,
                  GdalSession& session) {
  if (where.empty()) return {};
  const std::string layer_name = clean_utf8(OGR_L_GetName(layer));
  std::optional<std::string> bytes = where;
  if (dataset.raw_text) bytes = TextDecoder(names.encoding).encode(where);
  if (!bytes) {
    return Error{ErrorCode::InvalidArgument,
                 fmt::format("{}: layer '{}': the filter \"{}\" has characters that its text in {} cannot have",
                             dataset.shown, layer_name, where, names.encoding.shown)};
  }
  session.clear();
  if (OGR_L_SetAttributeFilter(layer, bytes->c_str()) == OGRERR_NONE && !session.failed()) {
    // Databases look at it only when they are asked for features.
    OGR_L_ResetReading(layer);
    const Feature first(OGR_L_GetNextFeature(layer));
    if (first != nullptr || !session.failed()) return {};
  }
  const bool plain =
      std::all_of(where.begin(), where.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  return Error{
      ErrorCode::InvalidArgument,
      fmt::format("{}: layer '{}': the filter \"{}\" is not understood{}{}", dataset.shown, layer_name, where,
                  session.reason(), plain ? "" : "; a field name that is not of plain letters goes in double quotes")};
}

void ignore_other_fields(OGRLayerH layer, const FieldChoice& fields) {
  if (OGR_L_TestCapability(layer, OLCIgnoreFields) == 0) return;
  const std::array<int, 7> used{fields.code, fields.name, fields.parent,   fields.level,
                                fields.kind, fields.area, fields.synthetic};
  OGRFeatureDefnH definition = OGR_L_GetLayerDefn(layer);
  std::vector<const char*> ignored{"OGR_STYLE"};
  for (int i = 0; i < OGR_FD_GetFieldCount(definition); ++i) {
    if (std::find(used.begin(), used.end(), i) != used.end()) continue;
    ignored.push_back(OGR_Fld_GetNameRef(OGR_FD_GetFieldDefn(definition, i)));
  }
  ignored.push_back(nullptr);
  OGR_L_SetIgnoredFields(layer, ignored.data());
}

}  // namespace gridwall::geo
