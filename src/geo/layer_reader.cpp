#include "geo/layer_reader.hpp"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <gdal.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <span>
#include <string_view>

#include "geo/gdal_session.hpp"

namespace gridwall::geo {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorCode;
using base::Result;

namespace {

struct DatasetCloser {
  void operator()(GDALDatasetH dataset) const { GDALClose(dataset); }
};
using Dataset = std::unique_ptr<void, DatasetCloser>;

struct FeatureCloser {
  void operator()(OGRFeatureH feature) const { OGR_F_Destroy(feature); }
};
using Feature = std::unique_ptr<std::remove_pointer_t<OGRFeatureH>, FeatureCloser>;

struct CplText {
  char* text = nullptr;
  ~CplText() { CPLFree(text); }
  CplText() = default;
  CplText(const CplText&) = delete;
  CplText& operator=(const CplText&) = delete;
};

// Usual spellings, the most telling first. Compared without regard to ASCII case.
constexpr std::string_view kCodeNames[] = {"code",     "grid_code", "gridcode", "adcode",       "geoid",    "网格编码",
                                           "网格代码", "编码",      "代码",     "行政区划代码", "区划代码", "区划编码",
                                           "pac",      "xzqdm",     "wgbm",     "bm",           "gb",       "id"};
constexpr std::string_view kNameNames[] = {"name",     "grid_name", "gridname", "网格名称", "名称",    "行政区名称",
                                           "区划名称", "xzqmc",     "wgmc",     "mc",       "name_zh", "name_1"};
constexpr std::string_view kParentNames[] = {"parent",   "parent_code", "parentcode", "parent_id",
                                             "上级编码", "上级代码",    "父级编码",   "上级网格编码",
                                             "sjbm",     "pcode",       "pid"};
constexpr std::string_view kLevelNames[] = {"level", "lvl", "级别", "层级", "网格级别", "cj"};
constexpr std::string_view kKindNames[] = {"kind"};

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const auto begin = text.find_first_not_of(kBlank);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlank) - begin + 1);
}

bool same_ignoring_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [&](char x, char y) { return lower(x) == lower(y); });
}

// GDAL hands a Shapefile's bytes over as they are when it is opened without recoding.
struct TextDecoder {
  bool guess_gbk = false;
  bool* met_gbk = nullptr;

  [[nodiscard]] std::string decode(const char* bytes) const {
    const std::string_view raw = trimmed(bytes);
    if (!guess_gbk || CPLIsUTF8(raw.data(), static_cast<int>(raw.size())) != 0) return std::string(raw);
    CplText utf8;
    utf8.text = CPLRecode(std::string(raw).c_str(), "CP936", CPL_ENC_UTF8);
    *met_gbk = true;
    return utf8.text != nullptr ? std::string(trimmed(utf8.text)) : std::string(raw);
  }
};

struct Fields {
  int code = -1, name = -1, parent = -1, level = -1, kind = -1, synthetic = -1;
};

struct LayerJob {
  const LayerQuery& query;
  GdalSession& session;
  OGRLayerH layer;
  TextDecoder decoder;
  RawLayer& out;
  Fields fields;
  std::vector<std::string> field_names;

  base::Status read();
  base::Status find_fields();
  base::Status find_crs();
  [[nodiscard]] int usual_field(std::span<const std::string_view> names) const;
  base::Status choose(const std::string& wanted, std::span<const std::string_view> names, std::string_view what,
                      int& index, std::string& found) const;
  [[nodiscard]] RawFeature take(OGRFeatureH feature);
  [[nodiscard]] std::string text_of(OGRFeatureH feature, int field) const;
  [[nodiscard]] Error failure(std::string_view what) const;
};

Error LayerJob::failure(std::string_view what) const {
  return Error{ErrorCode::Unreadable, fmt::format("{}: layer '{}': {}{}{}", query.source, out.layer, what,
                                                  session.message().empty() ? "" : ": ", session.message())};
}

int LayerJob::usual_field(std::span<const std::string_view> names) const {
  for (const std::string_view name : names) {
    for (std::size_t i = 0; i < field_names.size(); ++i) {
      if (same_ignoring_case(field_names[i], name)) return static_cast<int>(i);
    }
  }
  return -1;
}

base::Status LayerJob::choose(const std::string& wanted, std::span<const std::string_view> names, std::string_view what,
                              int& index, std::string& found) const {
  if (wanted.empty()) {
    index = usual_field(names);
  } else {
    const std::array<std::string_view, 1> only{wanted};
    index = usual_field(only);
    if (index < 0) {
      return Error{ErrorCode::InvalidArgument,
                   fmt::format("{}: layer '{}' has no {} field '{}'; it has: {}", query.source, out.layer, what, wanted,
                               field_names.empty() ? "none" : fmt::format("{}", fmt::join(field_names, ", ")))};
    }
  }
  if (index >= 0) found = field_names[static_cast<std::size_t>(index)];
  return {};
}

base::Status LayerJob::find_fields() {
  OGRFeatureDefnH definition = OGR_L_GetLayerDefn(layer);
  for (int i = 0; i < OGR_FD_GetFieldCount(definition); ++i) {
    field_names.push_back(decoder.decode(OGR_Fld_GetNameRef(OGR_FD_GetFieldDefn(definition, i))));
  }
  const model::SourceMapping& mapping = query.mapping;
  TRY(choose(mapping.code_field, kCodeNames, "code", fields.code, out.code_field));
  TRY(choose(mapping.name_field, kNameNames, "name", fields.name, out.name_field));
  TRY(choose(mapping.parent_field, kParentNames, "parent", fields.parent, out.parent_field));
  TRY(choose(mapping.level_field, kLevelNames, "level", fields.level, out.level_field));
  TRY(choose(mapping.kind_field, kKindNames, "kind", fields.kind, out.kind_field));
  constexpr std::array<std::string_view, 1> kSynthetic{"synthetic"};
  fields.synthetic = usual_field(kSynthetic);
  return {};
}

base::Status LayerJob::find_crs() {
  if (!query.reading.crs.empty()) {
    out.crs = out.crs_name = query.reading.crs;
    out.crs_known_by = "given by the caller";
    return {};
  }
  OGRSpatialReferenceH srs = OGR_L_GetSpatialRef(layer);
  const char* name = srs != nullptr ? OSRGetName(srs) : nullptr;
  const std::string_view label = name != nullptr ? name : "";
  if (srs == nullptr || label.starts_with("Undefined") || same_ignoring_case(label, "unknown")) {
    return Error{
        ErrorCode::Unreadable,
        fmt::format("{}: layer '{}' does not state its coordinate system, and it is never guessed; say it with "
                    "--crs, for example --crs EPSG:4490 (CGCS2000 degrees) or --crs EPSG:4528",
                    query.source, out.layer)};
  }
  const char* authority = OSRGetAuthorityName(srs, nullptr);
  const char* code = OSRGetAuthorityCode(srs, nullptr);
  if (authority != nullptr && code != nullptr) {
    out.crs = fmt::format("{}:{}", authority, code);
    out.crs_name = fmt::format("{} ({})", label, out.crs);
  } else {
    CplText wkt;
    const std::array<const char*, 2> options{"FORMAT=WKT2_2018", nullptr};
    if (OSRExportToWktEx(srs, &wkt.text, options.data()) != OGRERR_NONE || wkt.text == nullptr) {
      return failure("its coordinate system cannot be written as WKT; say it with --crs");
    }
    out.crs = wkt.text;
    out.crs_name = label;
  }
  const bool by_rule = out.driver.starts_with("GeoJSON") && out.crs == "EPSG:4326";
  out.crs_known_by = by_rule ? "GeoJSON is WGS 84 (RFC 7946)" : "stated by the file";
  return {};
}

std::string LayerJob::text_of(OGRFeatureH feature, int field) const {
  if (field < 0 || OGR_F_IsFieldSetAndNotNull(feature, field) == 0) return {};
  return decoder.decode(OGR_F_GetFieldAsString(feature, field));
}

// Widely used outlines have the parent as an object, {"adcode":320200}: its number is meant.
std::string plain_parent(std::string text) {
  const auto key = text.find("\"adcode\"");
  if (!text.starts_with("{") || key == std::string::npos) return text;
  constexpr std::string_view kDigits = "0123456789";
  const auto begin = text.find_first_of(kDigits, key);
  if (begin == std::string::npos) return {};
  const auto end = text.find_first_not_of(kDigits, begin);
  return text.substr(begin, end == std::string::npos ? end : end - begin);
}

// Adds the ring to the layer; false when fewer than three points are left of it.
bool take_ring(OGRGeometryH ring, bool is_hole, RawLayer& out) {
  const int count = std::max(0, OGR_G_GetPointCount(ring));
  const std::size_t begin = out.points.size();
  out.points.resize(begin + static_cast<std::size_t>(count));
  if (count > 0) {
    constexpr int kStride = static_cast<int>(sizeof(base::Vec2d));
    OGR_G_GetPoints(ring, &out.points[begin].x, kStride, &out.points[begin].y, kStride, nullptr, 0);
  }
  if (count > 1 && out.points.back() == out.points[begin]) out.points.pop_back();
  if (out.points.size() - begin < 3) {
    out.points.resize(begin);
    return false;
  }
  out.rings.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(out.points.size()), is_hole});
  return true;
}

void take_polygons(OGRGeometryH geometry, RawLayer& out, int depth = 0) {
  constexpr int kDepthMax = 16;  // collections of collections; a file may nest them without end
  const OGRwkbGeometryType type = wkbFlatten(OGR_G_GetGeometryType(geometry));
  const int count = OGR_G_GetGeometryCount(geometry);
  if (type == wkbPolygon || type == wkbTriangle) {
    for (int r = 0; r < count; ++r) {
      if (!take_ring(OGR_G_GetGeometryRef(geometry, r), r > 0, out) && r == 0) return;
    }
    out.polygon_count += count > 0;
    return;
  }
  if (type == wkbPoint || type == wkbLineString || depth >= kDepthMax) return;
  for (int i = 0; i < count; ++i) take_polygons(OGR_G_GetGeometryRef(geometry, i), out, depth + 1);
}

RawFeature LayerJob::take(OGRFeatureH feature) {
  RawFeature raw;
  raw.fid = OGR_F_GetFID(feature);
  raw.code = text_of(feature, fields.code);
  raw.name = text_of(feature, fields.name);
  raw.parent_code = plain_parent(text_of(feature, fields.parent));
  raw.kind = text_of(feature, fields.kind);
  const std::string level = text_of(feature, fields.level);
  int number = 0;
  if (std::from_chars(level.data(), level.data() + level.size(), number).ec == std::errc{}) raw.level = number;
  raw.synthetic = fields.synthetic >= 0 && OGR_F_GetFieldAsInteger(feature, fields.synthetic) == 1;
  raw.ring_begin = static_cast<std::uint32_t>(out.rings.size());
  if (OGRGeometryH geometry = OGR_F_GetGeometryRef(feature); geometry != nullptr) {
    if (OGR_G_HasCurveGeometry(geometry, 1) != 0) {
      OGRGeometryH linear = OGR_G_GetLinearGeometry(geometry, 0, nullptr);
      if (linear != nullptr) take_polygons(linear, out);
      OGR_G_DestroyGeometry(linear);
    } else {
      take_polygons(geometry, out);
    }
  }
  raw.ring_end = static_cast<std::uint32_t>(out.rings.size());
  return raw;
}

base::Status LayerJob::read() {
  TRY(find_fields());
  session.clear();
  OGR_L_ResetReading(layer);
  while (true) {
    const Feature feature(OGR_L_GetNextFeature(layer));
    if (session.failed()) return failure("it cannot be read to its end; the file is cut or damaged");
    if (feature == nullptr) break;
    RawFeature raw = take(feature.get());
    out.without_polygon_count += raw.ring_begin == raw.ring_end;
    out.features.push_back(std::move(raw));
  }
  // A cut GeoPackage may end early without a word; its own count then says more.
  const auto promised = OGR_L_GetFeatureCount(layer, 0);
  if (promised > 0 && static_cast<std::uint64_t>(promised) > out.features.size()) {
    return failure(
        fmt::format("it promises {} features and gives {}; the file is cut or damaged", promised, out.features.size()));
  }
  if (out.without_polygon_count == out.features.size()) return {};
  return find_crs();
}

base::Status check_file(const fs::path& file) {
  std::error_code code;
  const fs::file_status status = fs::status(file, code);
  if (!fs::exists(status)) {
    return Error{ErrorCode::NotFound, fmt::format("{}: there is no such file", file.string())};
  }
  if (fs::is_directory(status)) {
    if (file.extension() == ".gdb") return {};
    return Error{ErrorCode::Unreadable, fmt::format("{}: is a folder; name a layer file in it (GeoPackage, GeoJSON, "
                                                    "Shapefile, FlatGeobuf)",
                                                    file.string())};
  }
  // Opening a pipe or a device would wait for ever.
  if (!fs::is_regular_file(status)) {
    return Error{ErrorCode::Unreadable, fmt::format("{}: is no ordinary file", file.string())};
  }
  if (fs::file_size(file, code) == 0) {
    return Error{ErrorCode::Unreadable, fmt::format("{}: is empty (0 bytes)", file.string())};
  }
  return {};
}

std::string upper_extension(const fs::path& file) {
  std::string text = file.extension().string();
  for (char& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return text;
}

bool is_shapefile_without_encoding(const fs::path& file) {
  if (upper_extension(file) != ".SHP") return false;
  for (const char* extension : {".cpg", ".CPG"}) {
    if (fs::exists(fs::path(file).replace_extension(extension))) return false;
  }
  return true;
}

struct Opened {
  Dataset dataset;
  bool guess_gbk = false;
};

Result<Opened> open_dataset(const fs::path& file, GdalSession& session) {
  TRY(check_file(file));
  Opened opened;
  opened.guess_gbk = is_shapefile_without_encoding(file);
  // Without a .cpg GDAL takes the DBF's "ANSI" for Latin 1, which ruins Chinese: take the bytes and look ourselves.
  const std::array<const char*, 2> raw_bytes{"ENCODING=", nullptr};
  opened.dataset.reset(GDALOpenEx(file.c_str(), GDAL_OF_VECTOR | GDAL_OF_READONLY, nullptr,
                                  opened.guess_gbk ? raw_bytes.data() : nullptr, nullptr));
  if (opened.dataset == nullptr) {
    return Error{ErrorCode::Unreadable,
                 fmt::format("{}: cannot be opened as a layer file (GeoPackage, GeoJSON, Shapefile, FlatGeobuf){}{}",
                             file.string(), session.message().empty() ? "" : ": ", session.message())};
  }
  if (session.failed()) {
    return Error{ErrorCode::Unreadable,
                 fmt::format("{}: the file is cut or damaged: {}", file.string(), session.message())};
  }
  return opened;
}

Result<std::vector<OGRLayerH>> wanted_layers(GDALDatasetH dataset, const LayerQuery& query) {
  std::vector<OGRLayerH> layers;
  std::vector<std::string> known;
  for (int i = 0; i < GDALDatasetGetLayerCount(dataset); ++i) {
    OGRLayerH layer = GDALDatasetGetLayer(dataset, i);
    known.emplace_back(OGR_L_GetName(layer));
    const bool named =
        std::find(query.reading.layers.begin(), query.reading.layers.end(), known.back()) != query.reading.layers.end();
    if (named || (query.reading.layers.empty() && OGR_L_GetGeomType(layer) != wkbNone)) layers.push_back(layer);
  }
  const std::string list = known.empty() ? "none" : fmt::format("{}", fmt::join(known, ", "));
  for (const std::string& name : query.reading.layers) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    return Error{ErrorCode::InvalidArgument,
                 fmt::format("{}: has no layer '{}'; it has: {}", query.source, name, list)};
  }
  if (layers.empty()) {
    return Error{ErrorCode::Unreadable, fmt::format("{}: has no layer with geometry; layers: {}", query.source, list)};
  }
  return layers;
}

std::string encoding_of(OGRLayerH layer, bool guess_gbk, bool met_gbk) {
  if (guess_gbk) return met_gbk ? "GBK (guessed: not UTF-8 and no .cpg)" : "UTF-8";
  const char* stated = GDALGetMetadataItem(layer, "SOURCE_ENCODING", "SHAPEFILE");
  return stated != nullptr && *stated != '\0' ? stated : "UTF-8";
}

}  // namespace

Result<std::vector<RawLayer>> read_layers(const LayerQuery& query) {
  GdalSession session;
  TRY_ASSIGN(const Opened opened, open_dataset(query.source, session));
  TRY_ASSIGN(const auto layers, wanted_layers(opened.dataset.get(), query));
  std::vector<RawLayer> out;
  std::uint64_t feature_count = 0;
  for (OGRLayerH layer : layers) {
    RawLayer raw;
    raw.source = query.source;
    raw.layer = OGR_L_GetName(layer);
    raw.driver = GDALGetDriverShortName(GDALGetDatasetDriver(opened.dataset.get()));
    bool met_gbk = false;
    LayerJob job{query, session, layer, {opened.guess_gbk, &met_gbk}, raw, {}, {}};
    TRY(job.read());
    raw.encoding = encoding_of(layer, opened.guess_gbk, met_gbk);
    feature_count += raw.features.size();
    if (raw.without_polygon_count < raw.features.size()) out.push_back(std::move(raw));
  }
  if (out.empty()) {
    return Error{ErrorCode::Unreadable,
                 fmt::format("{}: holds no polygons ({} features in {} layers); divisions are polygons", query.source,
                             feature_count, layers.size())};
  }
  return out;
}

}  // namespace gridwall::geo
