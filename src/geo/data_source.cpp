#include "geo/data_source.hpp"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <filesystem>

namespace gridwall::geo {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorCode;
using base::Result;
using base::Status;

namespace {

// Drivers that read the file they are given and what lies beside it under its name, nothing else. Left out on purpose:
// VRT, WFS, CSW and OAPIF descriptions, GMLAS and the like, which go where the file tells them.
constexpr const char* kFileDrivers[] = {
    "GPKG",         "GeoJSON",     "GeoJSONSeq", "TopoJSON", "ESRIJSON", "ESRI Shapefile",
    "FlatGeobuf",   "CSV",         "GML",        "LIBKML",   "KML",      "GPX",
    "MapInfo File", "OpenFileGDB", "SQLite",     "MVT",      "MBTiles",  "DXF",
    "DGN",          "S57",         "OGR_GMT",    "JML",      "MapML",    "Geoconcept",
    "Selafin",      "SXF",         "Idrisi",     "WAsP",     "UK .NTF",  "Interlis 1",
    "AVCBin",       "AVCE00",      "EDIGEO",     "VFK",      "SOSI",     "OSM",
    "VDV",          "Parquet",     "Arrow",      nullptr};

// A file of theirs gets its own sentence.
constexpr const char* kWanderingDrivers[] = {"OGR_VRT", "WFS", "OAPIF", "CSW", "GMLAS", nullptr};

constexpr std::string_view kKnownFormats = "GeoPackage, GeoJSON, Shapefile, FlatGeobuf, TopoJSON, GML, KML, CSV ...";

constexpr int kArchiveEntriesMax = 5'000;
constexpr int kArchiveLayersMax = 500;

std::string upper(std::string text) {
  for (char& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return text;
}

std::string upper_extension(const std::string& file) {
  return upper(fs::path(file).extension().string());
}

// A zoom level's folder of vector tiles: numbered columns with numbered tiles.
bool is_tile_folder(const fs::path& folder) {
  const auto is_number = [](const std::string& text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  };
  if (!is_number(folder.filename().string())) return false;
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(folder, code)) {
    if (is_number(entry.path().filename().string())) return true;
  }
  return false;
}

Status check_content(const std::string& file, const std::string& shown, std::uintmax_t size) {
  if (size == 0) return Error{ErrorCode::Unreadable, fmt::format("{}: is empty (0 bytes)", shown)};
  VSILFILE* open = VSIFOpenL(file.c_str(), "rb");
  if (open == nullptr) {
    return Error{ErrorCode::Unreadable, fmt::format("{}: cannot be opened: {}", shown, VSIStrerror(errno))};
  }
  std::string head(4096, '\0');
  head.resize(VSIFReadL(head.data(), 1, head.size(), open));
  VSIFCloseL(open);
  if (head.find_first_not_of('\0') == std::string::npos) {
    return Error{ErrorCode::Unreadable,
                 fmt::format("{}: begins with nothing but zeros; it was never written, or not to its end", shown)};
  }
  // Their drivers build the whole document in memory.
  constexpr std::uintmax_t kDocumentBytesMax = std::uintmax_t{1} << 30;
  const std::string extension = upper_extension(file);
  const bool in_memory = extension == ".KML" || extension == ".KMZ" || extension == ".TOPOJSON";
  if (!in_memory || size <= kDocumentBytesMax) return {};
  return Error{ErrorCode::Unsupported, fmt::format("{}: {} MiB are too many for a format that is read in one piece; "
                                                   "convert it to a GeoPackage",
                                                   shown, size >> 20)};
}

Status check_file(const std::string& file, const std::string& shown) {
  std::error_code code;
  const fs::file_status status = fs::status(file, code);
  if (code && status.type() != fs::file_type::not_found) {
    return Error{ErrorCode::Unreadable, fmt::format("{}: cannot be looked at: {}", shown, code.message())};
  }
  if (!fs::exists(status)) {
    return Error{ErrorCode::NotFound, fmt::format("{}: is a link to a file that is not there", shown)};
  }
  if (fs::is_directory(status)) {
    if (upper_extension(file) == ".GDB" || is_tile_folder(file)) return {};
    return Error{ErrorCode::Unreadable,
                 fmt::format("{}: is a folder; name a layer file in it ({})", shown, kKnownFormats)};
  }
  // Opening a pipe or a device would wait for ever.
  if (!fs::is_regular_file(status)) return Error{ErrorCode::Unreadable, fmt::format("{}: is no ordinary file", shown)};
  return check_content(file, shown, fs::file_size(file, code));
}

bool is_layer_file(const std::string& name) {
  constexpr std::string_view kExtensions[] = {".SHP",      ".GEOJSON", ".JSON", ".GPKG", ".FGB", ".KML", ".GML",
                                              ".TOPOJSON", ".TAB",     ".MIF",  ".CSV",  ".GPX", ".DXF", ".GEOJSONL"};
  const std::string extension = upper_extension(name);
  return std::find(std::begin(kExtensions), std::end(kExtensions), extension) != std::end(kExtensions);
}

// One thing to open: GDAL's name of it and what people know it by.
struct Target {
  std::string opened, shown;
};

Result<std::vector<Target>> targets_in_archive(const SourceName& name, const std::string& root) {
  std::vector<Target> targets;
  VSIDIR* folder = VSIOpenDir(root.c_str(), -1, nullptr);
  if (folder == nullptr) {
    return Error{ErrorCode::Unreadable, fmt::format("{}: cannot be opened as an archive", name.shown)};
  }
  int entry_count = 0;
  std::string geodatabase;  // what is inside it is its own
  while (const VSIDIREntry* entry = VSIGetNextDirEntry(folder)) {
    const std::string path = entry->pszName;
    if (++entry_count > kArchiveEntriesMax || targets.size() >= kArchiveLayersMax) break;
    const bool is_folder = VSI_ISDIR(entry->nMode) != 0;
    const bool inside = !geodatabase.empty() && path.starts_with(geodatabase);
    if (is_folder && upper_extension(path) == ".GDB") {
      geodatabase = path + "/";
    } else if (inside || is_folder || !is_layer_file(path) || path.find("__MACOSX") != std::string::npos) {
      continue;
    }
    targets.push_back({root + "/" + path, fmt::format("{} ({} in it)", name.shown, path)});
  }
  VSICloseDir(folder);
  if (entry_count > kArchiveEntriesMax || targets.size() >= kArchiveLayersMax) {
    return Error{ErrorCode::Unsupported, fmt::format("{}: holds more than {} files or {} layer files; unpack it and "
                                                     "name those that are wanted",
                                                     name.shown, kArchiveEntriesMax, kArchiveLayersMax)};
  }
  if (targets.empty()) {
    return Error{ErrorCode::Unreadable,
                 fmt::format("{}: holds no layer file that is known by its ending ({})", name.shown, kKnownFormats)};
  }
  std::sort(targets.begin(), targets.end(), [](const Target& a, const Target& b) { return a.opened < b.opened; });
  return targets;
}

Result<std::vector<Target>> targets_of(const SourceName& name) {
  if (name.kind != SourceKind::File) return std::vector<Target>{{name.opened, name.shown}};
  TRY(check_file(name.opened, name.shown));
  const std::string extension = upper_extension(name.opened);
  const std::string absolute = fs::absolute(name.opened).string();
  if (extension == ".GZ") return std::vector<Target>{{"/vsigzip/" + absolute, name.shown}};
  if (extension == ".ZIP" || extension == ".SHZ") return targets_in_archive(name, "/vsizip/" + absolute);
  if (extension == ".TAR" || extension == ".TGZ") return targets_in_archive(name, "/vsitar/" + absolute);
  // Before the drivers look: what begins like a connection string or an address is a path here.
  const bool plain = name.opened.find(':') == std::string::npos;
  return std::vector<Target>{{plain ? name.opened : absolute, name.shown}};
}

struct CslList {
  char** list = nullptr;
  CslList() = default;
  ~CslList() { CSLDestroy(list); }
  CslList(const CslList&) = delete;
  CslList& operator=(const CslList&) = delete;
  void set(const char* key, const char* value) { list = CSLSetNameValue(list, key, value); }
};

void set_options(const std::string& opened, Wanted wanted, CslList& options) {
  const std::string extension = upper_extension(opened);
  if (extension == ".SHP" || extension == ".DBF") {
    // Without a .cpg GDAL takes the DBF's "ANSI" for Latin 1, which ruins Chinese: take the bytes and look ourselves.
    options.set("ENCODING", "");
  } else if (extension == ".CSV" || extension == ".TSV" || extension == ".GZ") {
    if (extension == ".GZ") return;
    options.set("GEOM_POSSIBLE_NAMES", "WKT,_WKT*,WKB,wkb_geometry,geom,geometry,the_geom,polygon,几何,图形,边界");
    if (wanted == Wanted::Points) {
      options.set("X_POSSIBLE_NAMES", "lon,lng,long,longitude,x,经度,东经,LON_*,*_lon,*_lng,*_long,*longitude,*经度*");
      options.set("Y_POSSIBLE_NAMES", "lat,latitude,y,纬度,北纬,LAT_*,*_lat,*latitude,*纬度*");
    }
  } else if (extension == ".GML" || extension == ".XML") {
    options.set("DOWNLOAD_SCHEMA", "NO");
    options.set("WRITE_GFS", "NO");
  }
}

Error cannot_open(const Target& target, const SourceName& name, const GdalSession& session) {
  if (name.kind == SourceKind::Service) {
    return Error{ErrorCode::Unavailable, fmt::format("{}: the service cannot be opened{}", target.shown,
                                                     session.message().empty() ? "; nobody answers, or not in its "
                                                                                 "protocol"
                                                                               : session.reason())};
  }
  if (GDALDriverH driver = GDALIdentifyDriverEx(target.opened.c_str(), GDAL_OF_VECTOR, kWanderingDrivers, nullptr)) {
    return Error{
        ErrorCode::Unsupported,
        fmt::format("{}: is a file of GDAL's driver {}, which may send the program to other files and servers; "
                    "name those themselves",
                    target.shown, GDALGetDriverShortName(driver))};
  }
  return Error{ErrorCode::Unreadable,
               fmt::format("{}: cannot be opened as a layer file{}", target.shown,
                           session.message().empty() ? fmt::format(" ({})", kKnownFormats) : session.reason())};
}

Result<OpenedDataset> open_target(const Target& target, const SourceName& name, Wanted wanted, GdalSession& session) {
  CslList options;
  set_options(target.opened, wanted, options);
  const char* const service[] = {name.service_driver.c_str(), nullptr};
  const char* const* drivers = name.kind == SourceKind::Service ? service : kFileDrivers;
  session.clear();
  OpenedDataset opened;
  opened.shown = target.shown;
  opened.dataset.reset(
      GDALOpenEx(target.opened.c_str(), GDAL_OF_VECTOR | GDAL_OF_READONLY, drivers, options.list, nullptr));
  if (opened.dataset == nullptr) return cannot_open(target, name, session);
  if (session.failed()) {
    return Error{ErrorCode::Unreadable,
                 fmt::format("{}: {} is cut or damaged{}", target.shown,
                             name.kind == SourceKind::Service ? "the service's answer" : "the file", session.reason())};
  }
  opened.driver = GDALGetDriverShortName(GDALGetDatasetDriver(opened.dataset.get()));
  opened.raw_text = opened.driver == "ESRI Shapefile" || opened.driver == "CSV";
  return opened;
}

Status choose_layers(DataSource& source, const model::SourceReading& reading) {
  std::vector<std::string> known;
  for (std::size_t d = 0; d < source.datasets.size(); ++d) {
    GDALDatasetH dataset = source.datasets[d].dataset.get();
    for (int i = 0; i < GDALDatasetGetLayerCount(dataset); ++i) {
      OGRLayerH layer = GDALDatasetGetLayer(dataset, i);
      if (layer == nullptr) continue;
      known.push_back(clean_utf8(OGR_L_GetName(layer)));
      const bool named = std::find(reading.layers.begin(), reading.layers.end(), known.back()) != reading.layers.end();
      if (named || (reading.layers.empty() && OGR_L_GetGeomType(layer) != wkbNone)) source.layers.push_back({layer, d});
    }
  }
  const std::string list = known.empty() ? "none" : fmt::format("{}", fmt::join(known, ", "));
  for (const std::string& name : reading.layers) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    return Error{ErrorCode::InvalidArgument,
                 fmt::format("{}: has no layer '{}'; it has: {}", source.name.shown, name, list)};
  }
  if (source.layers.empty()) {
    return Error{ErrorCode::Unreadable,
                 fmt::format("{}: has no layer with geometry{}; layers: {}", source.name.shown,
                             source.datasets[0].driver == "CSV" ? " (a CSV needs a column WKT)" : "", list)};
  }
  return {};
}

}  // namespace

Result<DataSource> DataSource::open(const LayerQuery& query, Wanted wanted, GdalSession& session) {
  DataSource source;
  source.name = name_source(query.source);
  if (source.name.kind == SourceKind::Absent) {
    return Error{ErrorCode::NotFound, fmt::format("{}: there is no such file", source.name.shown)};
  }
  if (!source.name.secrets.empty()) {
    session.hide(query.source, source.name.shown);
    for (const std::string& secret : source.name.secrets) session.hide(secret);
  }
  const bool asks_network = source.name.kind == SourceKind::Service ||
                            (source.name.kind == SourceKind::Virtual && query.source.find("/vsi") == 0 &&
                             !query.source.starts_with("/vsizip/") && !query.source.starts_with("/vsigzip/") &&
                             !query.source.starts_with("/vsitar/") && !query.source.starts_with("/vsimem/"));
  if (!asks_network) session.forbid_network();
  TRY_ASSIGN(const std::vector<Target> targets, targets_of(source.name));
  for (const Target& target : targets) {
    TRY_ASSIGN(OpenedDataset opened, open_target(target, source.name, wanted, session));
    source.datasets.push_back(std::move(opened));
  }
  TRY(choose_layers(source, query.reading));
  return source;
}

Result<StatedEncoding> stated_encoding(const OpenedDataset& dataset, OGRLayerH layer,
                                       const model::SourceReading& reading) {
  if (!reading.encoding.empty()) {
    auto found = find_encoding(reading.encoding);
    if (found) return StatedEncoding{std::move(found), StatedBy::Caller, {}};
    return Error{ErrorCode::InvalidArgument,
                 fmt::format("{}: there is no encoding '{}'; known are UTF-8, GBK, GB18030, Big5 and what iconv knows",
                             dataset.shown, reading.encoding)};
  }
  if (!dataset.raw_text) return StatedEncoding{find_encoding("UTF-8"), StatedBy::Format, {}};
  const auto item = [layer](const char* key) {
    const char* value = GDALGetMetadataItem(layer, key, "SHAPEFILE");
    return std::string(value != nullptr ? value : "");
  };
  if (const std::string cpg = item("CPG_VALUE"); !cpg.empty()) {
    if (auto found = find_encoding(cpg)) return StatedEncoding{std::move(found), StatedBy::Cpg, ".cpg"};
  }
  // GDAL writes "LDID/77" where a .cpg says nothing.
  const std::string text = item("LDID_VALUE");
  unsigned ldid = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), ldid);
  if (error == std::errc{} && ldid <= 0xFF) {
    if (auto found = encoding_of_ldid(static_cast<std::uint8_t>(ldid))) {
      return StatedEncoding{std::move(found), StatedBy::Ldid, fmt::format("the DBF's LDID 0x{:02X}", ldid)};
    }
  }
  return StatedEncoding{};
}

}  // namespace gridwall::geo
