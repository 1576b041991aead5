#include "geo/layer_crs.hpp"

#include <cpl_conv.h>
#include <fmt/format.h>
#include <ogr_srs_api.h>

#include <array>
#include <string_view>

namespace gridwall::geo {

using base::Error;
using base::ErrorCode;

namespace {

bool says_nothing(OGRSpatialReferenceH srs) {
  if (srs == nullptr || OSRIsLocal(srs) != 0) return true;
  const char* name = OSRGetName(srs);
  const std::string_view label = name != nullptr ? name : "";
  return label.starts_with("Undefined") || EQUAL(std::string(label).c_str(), "unknown");
}

std::string known_by(const std::string& driver, const std::string& crs) {
  if (driver.starts_with("GeoJSON") && crs == "EPSG:4326") return "GeoJSON is WGS 84 (RFC 7946)";
  if (driver == "LIBKML" || driver == "KML") return "KML is WGS 84 (OGC 07-147)";
  if (driver == "GPX") return "GPX is WGS 84";
  if (driver == "MVT") return "vector tiles are Web Mercator";
  const bool is_service =
      driver == "PostgreSQL" || driver == "WFS" || driver == "OAPIF" || driver == "MySQL" || driver == "MSSQLSpatial";
  return is_service ? "stated by the service" : "stated by the file";
}

}  // namespace

std::optional<NamedCrs> name_crs(OGRSpatialReferenceH srs) {
  if (says_nothing(srs)) return std::nullopt;
  const char* name = OSRGetName(srs);
  const std::string label = name != nullptr ? name : "";
  const char* authority = OSRGetAuthorityName(srs, nullptr);
  const char* code = OSRGetAuthorityCode(srs, nullptr);
  if (authority != nullptr && code != nullptr) {
    const std::string crs = fmt::format("{}:{}", authority, code);
    return NamedCrs{crs, fmt::format("{} ({})", label, crs)};
  }
  char* wkt = nullptr;
  const std::array<const char*, 2> options{"FORMAT=WKT2_2018", nullptr};
  const bool written = OSRExportToWktEx(srs, &wkt, options.data()) == OGRERR_NONE && wkt != nullptr;
  NamedCrs named{written ? wkt : "", clean_utf8(label)};
  CPLFree(wkt);
  return written ? std::optional(named) : std::nullopt;
}

base::Result<LayerCrs> find_crs(const OpenedDataset& dataset, OGRLayerH layer, const model::SourceReading& reading) {
  if (!reading.crs.empty()) return LayerCrs{reading.crs, reading.crs, "given by the caller"};
  const std::string layer_name = clean_utf8(OGR_L_GetName(layer));
  OGRSpatialReferenceH srs = OGR_L_GetSpatialRef(layer);
  if (says_nothing(srs)) {
    const bool is_topojson = dataset.driver == "TopoJSON";
    return Error{
        ErrorCode::Unreadable,
        fmt::format("{}: layer '{}' does not state its coordinate system{}, and it is never guessed; say it with "
                    "--crs, for example --crs EPSG:4490 (CGCS2000 degrees) or --crs EPSG:4528",
                    dataset.shown, layer_name, is_topojson ? " (TopoJSON has no place for it)" : "")};
  }
  const auto named = name_crs(srs);
  if (!named) {
    return Error{ErrorCode::Unreadable, fmt::format("{}: layer '{}': its coordinate system cannot be written as WKT; "
                                                    "say it with --crs",
                                                    dataset.shown, layer_name)};
  }
  LayerCrs found{named->crs, named->name, {}};
  found.crs_known_by = known_by(dataset.driver, found.crs);
  return found;
}

}  // namespace gridwall::geo
