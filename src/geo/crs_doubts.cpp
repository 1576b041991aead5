#include "geo/crs_doubts.hpp"

#include <fmt/format.h>
#include <proj.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <numbers>
#include <optional>
#include <string_view>

#include "geo/map_shift.hpp"
#include "geo/transform.hpp"

namespace gridwall::geo {

using base::Box2d;
using base::Vec2d;

namespace {

constexpr double kDegreesMax = 360;  // above it, figures are no degrees
// Mainland and islands: latitudes 16.8 (Yongxing) to 53.6 as northings, with room.
constexpr double kNorthingMin_m = 1.8e6, kNorthingMax_m = 6.5e6;
// 300 km on either side of the central meridian: 3-degree zones need 180, 6-degree zones 335 in the far south.
constexpr double kEastingMin_m = 2e5, kEastingMax_m = 8e5;
constexpr double kFalseEasting_m = 500'000, kZoneStep_m = 1e6;
constexpr int kZone3Min = 25, kZone3Max = 45, kZone6Min = 13, kZone6Max = 23;
constexpr double kAreaSlack_deg = 1.5;  // half a zone: data beside a zone's edge may keep the zone

enum class Datum { Cgcs2000, Xian1980, Beijing1954, Other };

// How a Chinese Gauss-Krüger system counts eastings.
struct Zone {
  Datum datum = Datum::Other;
  int central_meridian = 0;
  int prefix = 0;     // 0: none
  int width_deg = 3;  // 0: not told by the system (no prefix)
};

// What is known of the stated system.
struct StatedSystem {
  bool degrees = false;
  bool chinese = false;        // a Chinese datum, or GCJ-02, BD-09
  bool old_ellipsoid = false;  // neither that of WGS 84 nor of CGCS2000: positions differ by up to some 100 m
  std::optional<Zone> zone;
  std::optional<Box2d> area_lonlat;  // where the authority means it to be used
  std::string area_name;
  std::string label;
};

struct Closer {
  void operator()(PJ_CONTEXT* context) const { proj_context_destroy(context); }
  void operator()(PJ* object) const { proj_destroy(object); }
};
using Object = std::unique_ptr<PJ, Closer>;
using Context = std::unique_ptr<PJ_CONTEXT, Closer>;

// --- Registry numbers -------------------------------------------------------------------------------------------

struct Family {
  Datum datum;
  int width_deg;
  bool prefixed;
  int first_code;  // of zone 25 (3 degrees) or 13 (6 degrees); one number a zone
};
// The EPSG registry; the test asks PROJ for each of them.
constexpr Family kFamilies[] = {
    {Datum::Cgcs2000, 3, true, 4513},     {Datum::Cgcs2000, 3, false, 4534},    {Datum::Cgcs2000, 6, true, 4491},
    {Datum::Cgcs2000, 6, false, 4502},    {Datum::Xian1980, 3, true, 2349},     {Datum::Xian1980, 3, false, 2370},
    {Datum::Xian1980, 6, true, 2327},     {Datum::Xian1980, 6, false, 2338},    {Datum::Beijing1954, 3, true, 2401},
    {Datum::Beijing1954, 3, false, 2422}, {Datum::Beijing1954, 6, true, 21413}, {Datum::Beijing1954, 6, false, 21453},
};

bool is_zone(int zone, int width_deg) {
  return width_deg == 3 ? zone >= kZone3Min && zone <= kZone3Max : zone >= kZone6Min && zone <= kZone6Max;
}
int meridian_of(int zone, int width_deg) {
  return width_deg == 3 ? 3 * zone : 6 * zone - 3;
}

// 0: there is none.
int epsg_of(Datum datum, int zone, int width_deg, bool prefixed) {
  if (!is_zone(zone, width_deg)) return 0;
  for (const Family& family : kFamilies) {
    if (family.datum != datum || family.width_deg != width_deg || family.prefixed != prefixed) continue;
    return family.first_code + zone - (width_deg == 3 ? kZone3Min : kZone6Min);
  }
  return 0;
}

// --- Patterns of figures ----------------------------------------------------------------------------------------

// Of an axis of the extent.
struct Span {
  double low, high;
  [[nodiscard]] bool within(double min, double max) const { return low >= min && high <= max; }
};

bool is_northing(Span s) {
  return s.within(kNorthingMin_m, kNorthingMax_m);
}
bool is_plain_easting(Span s) {
  return s.within(kEastingMin_m, kEastingMax_m);
}

// The zone that all eastings name in front, 3 or 6 degrees wide; 0: none, or not one.
int prefix_of(Span s) {
  const int zone = static_cast<int>(std::clamp(std::floor(s.low / kZoneStep_m), 0.0, 99.0));
  if (!is_zone(zone, 3) && !is_zone(zone, 6)) return 0;
  const double front = zone * kZoneStep_m;
  return s.within(front + kEastingMin_m, front + kEastingMax_m) ? zone : 0;
}
bool is_easting(Span s) {
  return is_plain_easting(s) || prefix_of(s) != 0;
}

bool is_chinese_longitude(Span s) {
  return s.within(70, 140);
}
bool is_chinese_latitude(Span s) {
  return s.within(3, 55);
}

std::string figures(const Box2d& box) {
  constexpr double kSenseless = 1e10;  // no metres of the earth; written short
  const double most = std::max({std::abs(box.min.x), std::abs(box.min.y), std::abs(box.max.x), std::abs(box.max.y)});
  const auto text = [most](double value) {
    if (most > kSenseless) return fmt::format("{:.4g}", value);
    return most > kDegreesMax ? fmt::format("{:.0f}", value) : fmt::format("{:.5f}", value);
  };
  return fmt::format("x {} to {}, y {} to {}", text(box.min.x), text(box.max.x), text(box.min.y), text(box.max.y));
}

constexpr const char* kSwapSetting = "--axes yx";

// --- Figures without a fitting system ---------------------------------------------------------------------------

struct Look {
  std::string words;    // "3-degree Gauss-Krüger eastings that begin with zone 40"
  std::string setting;  // "--crs EPSG:4528"
};

std::string web_mercator_too(Span x) {
  return x.low >= 8.1e6 && x.high <= 15.1e6 ? " (or like Web Mercator: --crs EPSG:3857)" : "";
}

std::optional<Look> metric_look(Span x, Span y) {
  const bool swapped = is_northing(x) && is_easting(y);
  if (swapped) std::swap(x, y);
  if (!is_northing(y)) return std::nullopt;
  const std::string also = swapped ? fmt::format(" {}", kSwapSetting) : "";
  const char* order = swapped ? ", with northing before easting" : "";
  if (const int prefix = prefix_of(x); prefix != 0) {
    const int width = is_zone(prefix, 3) ? 3 : 6;
    return Look{fmt::format("CGCS2000 metres of {}-degree zone {} with the zone's number in front{}{}", width, prefix,
                            order, swapped ? "" : web_mercator_too(x)),
                fmt::format("--crs EPSG:{}{}", epsg_of(Datum::Cgcs2000, prefix, width, true), also)};
  }
  if (is_plain_easting(x)) {
    return Look{
        fmt::format("metres of a 3-degree zone without the zone's number{}, so the zone must be known", order),
        fmt::format("--crs EPSG:n with n from 4534 (central meridian 75) to 4554 (135), 4534 + zone - 25{}", also)};
  }
  if (!swapped && !web_mercator_too(x).empty()) return Look{"Web Mercator metres", "--crs EPSG:3857"};
  return std::nullopt;
}

std::optional<Look> degree_look(Span x, Span y) {
  constexpr const char* kSystems = "--crs EPSG:4490 (CGCS2000), EPSG:4326, GCJ-02 or BD-09, whichever it is";
  if (is_chinese_longitude(x) && is_chinese_latitude(y)) return Look{"degrees of longitude and latitude", kSystems};
  if (is_chinese_longitude(y) && is_chinese_latitude(x)) {
    return Look{"degrees with latitude before longitude", fmt::format("{}, and {}", kSystems, kSwapSetting)};
  }
  return std::nullopt;
}

std::optional<Look> look_of(const Box2d& box) {
  const Span x{box.min.x, box.max.x}, y{box.min.y, box.max.y};
  if (auto look = degree_look(x, y)) return look;
  return metric_look(x, y);
}

// --- The stated system ------------------------------------------------------------------------------------------

Datum datum_of(PJ_CONTEXT* context, const PJ* crs) {
  const Object datum(proj_crs_get_datum_forced(context, crs));
  const char* name = datum != nullptr ? proj_get_name(datum.get()) : nullptr;
  const std::string_view text = name != nullptr ? name : "";
  const auto has = [text](std::string_view word) { return text.find(word) != std::string_view::npos; };
  // The registry's names, and those that ESRI's .prj files use.
  if (has("China 2000") || has("China_2000") || has("CGCS2000") || has("China_Geodetic_Coordinate_System_2000")) {
    return Datum::Cgcs2000;
  }
  if (has("Xian 1980") || has("Xian_1980")) return Datum::Xian1980;
  if (has("Beijing 1954") || has("Beijing_1954")) return Datum::Beijing1954;
  return Datum::Other;
}

std::optional<double> parameter(PJ_CONTEXT* context, const PJ* conversion, const char* name, bool angle) {
  const int index = proj_coordoperation_get_param_index(context, conversion, name);
  double value = 0, factor = 1;
  if (index < 0 || proj_coordoperation_get_param(context, conversion, index, nullptr, nullptr, nullptr, &value, nullptr,
                                                 &factor, nullptr, nullptr, nullptr, nullptr) == 0) {
    return std::nullopt;
  }
  return value * factor * (angle ? 180 / std::numbers::pi : 1);
}

// A zone by its figures, whatever its name or code: transverse Mercator on a whole Chinese meridian, scale 1, false
// easting 500 km with the zone's number in front or without.
std::optional<Zone> zone_of(PJ_CONTEXT* context, const PJ* crs) {
  const Object conversion(proj_crs_get_coordoperation(context, crs));
  if (conversion == nullptr) return std::nullopt;
  const auto meridian = parameter(context, conversion.get(), "Longitude of natural origin", true);
  const auto scale = parameter(context, conversion.get(), "Scale factor at natural origin", false);
  const auto easting_m = parameter(context, conversion.get(), "False easting", false);
  const auto northing_m = parameter(context, conversion.get(), "False northing", false);
  if (!meridian || !scale || !easting_m || !northing_m) return std::nullopt;
  Zone zone;
  zone.central_meridian = static_cast<int>(std::lround(std::clamp(*meridian, -180.0, 180.0)));
  if (std::abs(*meridian - zone.central_meridian) > 1e-6 || zone.central_meridian % 3 != 0) return std::nullopt;
  if (zone.central_meridian < 75 || zone.central_meridian > 135) return std::nullopt;
  if (std::abs(*scale - 1) > 1e-9 || std::abs(*northing_m) > 0.5) return std::nullopt;
  if (std::abs(*easting_m - kFalseEasting_m) > 0.5) {
    const double number = (*easting_m - kFalseEasting_m) / kZoneStep_m;
    zone.prefix = static_cast<int>(std::lround(std::clamp(number, 0.0, 99.0)));
    if (std::abs(number - zone.prefix) > 1e-6) return std::nullopt;
    if (!is_zone(zone.prefix, 3) && !is_zone(zone.prefix, 6)) return std::nullopt;
    zone.width_deg = is_zone(zone.prefix, 3) ? 3 : 6;
  }
  zone.datum = datum_of(context, crs);
  return zone;
}

void read_area(PJ_CONTEXT* context, const PJ* crs, StatedSystem& out) {
  double west = 0, south = 0, east = 0, north = 0;
  const char* name = nullptr;
  if (proj_get_area_of_use(context, crs, &west, &south, &east, &north, &name) == 0) return;
  if (west < -180 || east < west) return;  // not known, or across the antimeridian, where no box tells
  out.area_lonlat = Box2d{{west, south}, {east, north}};
  out.area_name = name != nullptr ? name : "";
}

bool has_old_ellipsoid(PJ_CONTEXT* context, const PJ* crs) {
  constexpr double kSemiMajor_m = 6378137;
  const Object ellipsoid(proj_get_ellipsoid(context, crs));
  double semi_major_m = kSemiMajor_m;
  return ellipsoid != nullptr &&
         proj_ellipsoid_get_parameters(context, ellipsoid.get(), &semi_major_m, nullptr, nullptr, nullptr) != 0 &&
         std::abs(semi_major_m - kSemiMajor_m) > 0.5;
}

bool is_degrees(PJ_TYPE type) {
  return type == PJ_TYPE_GEOGRAPHIC_2D_CRS || type == PJ_TYPE_GEOGRAPHIC_3D_CRS;
}

// The horizontal system inside; null: as it is.
Object inner_system(PJ_CONTEXT* context, const PJ* crs) {
  const PJ_TYPE type = proj_get_type(crs);
  if (type == PJ_TYPE_BOUND_CRS) return Object(proj_get_source_crs(context, crs));
  return type == PJ_TYPE_COMPOUND_CRS ? Object(proj_crs_get_sub_crs(context, crs, 0)) : nullptr;
}

std::optional<StatedSystem> understood(const std::string& crs) {
  StatedSystem out;
  constexpr std::size_t kShown = 60;
  out.label = crs.size() <= kShown ? crs : crs.substr(0, kShown) + "...";
  if (shifted_system(crs)) {
    out.degrees = out.chinese = true;
    out.area_lonlat = Box2d{{72.004, 0.8293}, {137.8347, 55.8271}};
    out.area_name = "the box in which the system is defined";
    return out;
  }
  const Context context(proj_context_create());
  proj_log_level(context.get(), PJ_LOG_NONE);
  proj_context_set_enable_network(context.get(), 0);
  const bool bare = crs.find("+proj=") != std::string::npos && crs.find("+type=crs") == std::string::npos &&
                    crs.find("pipeline") == std::string::npos;
  Object system(proj_create(context.get(), (bare ? crs + " +type=crs" : crs).c_str()));
  if (system == nullptr) return std::nullopt;
  if (proj_is_crs(system.get()) == 0) {  // a deployer's pipeline: only its unit is known
    out.degrees = proj_degree_input(system.get(), PJ_FWD) != 0;
    return out.degrees ? std::optional(out) : std::nullopt;
  }
  read_area(context.get(), system.get(), out);
  for (Object inner = inner_system(context.get(), system.get()); inner != nullptr;
       inner = inner_system(context.get(), system.get())) {
    system = std::move(inner);
  }
  if (const char* name = proj_get_name(system.get()); name != nullptr && std::string_view(name) != "unknown") {
    out.label = crs.size() <= kShown && crs != name ? fmt::format("{} ({})", crs, name) : std::string(name);
  }
  out.degrees = is_degrees(proj_get_type(system.get()));
  out.chinese = datum_of(context.get(), system.get()) != Datum::Other;
  out.old_ellipsoid = has_old_ellipsoid(context.get(), system.get());
  if (!out.degrees) out.zone = zone_of(context.get(), system.get());
  return out;
}

// --- Doubts -----------------------------------------------------------------------------------------------------

bool beyond_degrees(const Box2d& box) {
  return std::max({std::abs(box.min.x), std::abs(box.max.x), std::abs(box.min.y), std::abs(box.max.y)}) > kDegreesMax;
}

void doubt_degrees(const StatedSystem& stated, const Box2d& box, std::vector<std::string>& out) {
  const Span x{box.min.x, box.max.x}, y{box.min.y, box.max.y};
  if (beyond_degrees(box)) {
    const auto look = metric_look(x, y);
    out.push_back(fmt::format("{} counts degrees, but the coordinates are {}, so metres or another unit: {}",
                              stated.label, figures(box),
                              look ? fmt::format("they look like {}; say {}", look->words, look->setting)
                                   : "say the system that they are in with --crs"));
    return;
  }
  // Latitudes above 90 do not exist. Below, latitudes of 73 to 90 at longitudes of 27 to 49 are Barents Sea, so unless
  // the system is a Chinese one only what can hardly be elsewhere is told.
  const bool impossible = y.high > 90 && x.within(-90, 90);
  const bool china_swapped =
      stated.chinese ? x.within(15, 55) && y.within(70, 140) : x.within(27, 49.5) && y.within(73.4, 140);
  if (impossible || china_swapped) {
    out.push_back(
        fmt::format("the coordinates are {}: y goes up to {:.5f}, no latitude of China{}; longitude and latitude "
                    "look swapped; say {}",
                    figures(box), y.high, y.high > 90 ? " or of the earth" : "", kSwapSetting));
  } else if (stated.chinese && (y.high > 60 || x.low < 60)) {
    out.push_back(
        fmt::format("{} is a system of China, but the coordinates are {}, which is not there; say the right "
                    "system with --crs, or {} where the axes are swapped",
                    stated.label, figures(box), kSwapSetting));
  }
}

std::string zone_setting(const Zone& zone, int number, int width_deg, bool prefixed) {
  const Datum datum = zone.datum == Datum::Other ? Datum::Cgcs2000 : zone.datum;
  const int code = epsg_of(datum, number, width_deg, prefixed);
  return code == 0 ? "the right system with --crs" : fmt::format("--crs EPSG:{}", code);
}

// `easting`: of the axis that holds eastings, whichever it is.
void doubt_prefix(const StatedSystem& stated, Span easting, std::vector<std::string>& out) {
  const Zone& zone = *stated.zone;
  const int prefix = prefix_of(easting);
  const std::string range = fmt::format("eastings are {:.0f} to {:.0f}", easting.low, easting.high);
  if (prefix != 0 && prefix != zone.prefix) {
    const int width = is_zone(prefix, 3) ? 3 : 6;
    const int meridian = meridian_of(prefix, width);
    const std::string expected = zone.prefix == 0 ? "counts eastings without a zone's number"
                                                  : fmt::format("has eastings that begin with {}", zone.prefix);
    out.push_back(
        fmt::format("{} {}, but the {}, so they begin with zone {} ({} degrees wide, central meridian {}{}); say {}",
                    stated.label, expected, range, prefix, width, meridian,
                    meridian == zone.central_meridian ? ", the same" : fmt::format(", not {}", zone.central_meridian),
                    zone_setting(zone, prefix, width, true)));
  } else if (prefix == 0 && zone.prefix != 0 && is_plain_easting(easting)) {
    out.push_back(
        fmt::format("{} has eastings that begin with zone {}, but the {}, so without the zone's number; if the "
                    "central meridian {} is right, say {}",
                    stated.label, zone.prefix, range, zone.central_meridian,
                    zone_setting(zone, zone.prefix, zone.width_deg, false)));
  }
}

void doubt_metres(const StatedSystem& stated, const Box2d& box, std::vector<std::string>& out) {
  Span x{box.min.x, box.max.x}, y{box.min.y, box.max.y};
  if (!beyond_degrees(box)) {
    const auto look = degree_look(x, y);
    out.push_back(fmt::format("{} counts metres, but the coordinates are {}: {}", stated.label, figures(box),
                              look ? fmt::format("they look like {}; say {}", look->words, look->setting)
                                   : "they look like degrees; say the system with --crs, for example EPSG:4326"));
    return;
  }
  if (!stated.zone) return;
  if (is_northing(x) && is_easting(y)) {
    out.push_back(fmt::format("{}: the coordinates are {}, so x looks like a northing and y like an easting; say {}",
                              stated.label, figures(box), kSwapSetting));
    std::swap(x, y);
  }
  doubt_prefix(stated, x, out);
}

// Corners, edges' middles and the middle: enough to see where on earth it lies.
std::array<Vec2d, 9> samples(const Box2d& box) {
  std::array<Vec2d, 9> out;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto column = static_cast<double>(i % 3), row = static_cast<double>(i / 3);
    out[i] = {box.min.x + box.width() * column / 2, box.min.y + box.height() * row / 2};
  }
  return out;
}

Box2d extent_lonlat(const std::string& crs, const Box2d& box) {
  Box2d out;
  const auto transform = Transform::create(crs, kLonLatCrs);
  if (!transform.ok()) return out;
  for (const Vec2d at : samples(box)) {
    if (const auto lonlat = transform->forward(at)) out.extend(*lonlat);
  }
  return out;
}

std::string degrees_of(const Box2d& box) {
  return fmt::format("longitude {:.2f} to {:.2f}, latitude {:.2f} to {:.2f}", box.min.x, box.max.x, box.min.y,
                     box.max.y);
}

// Far outside only: surveys keep a zone beyond its edge, and the registry's boxes are drawn tightly.
void doubt_area(const std::string& crs, const StatedSystem& stated, const Box2d& box, std::vector<std::string>& out) {
  if (!stated.area_lonlat) return;
  const Box2d lonlat = extent_lonlat(crs, box);
  const Box2d& area = *stated.area_lonlat;
  if (lonlat.empty()) {
    out.push_back(
        fmt::format("the coordinates are {}, which {} cannot carry to any longitude and latitude; say the right "
                    "system with --crs",
                    figures(box), stated.label));
    return;
  }
  const Box2d wide{area.min - Vec2d{kAreaSlack_deg, kAreaSlack_deg}, area.max + Vec2d{kAreaSlack_deg, kAreaSlack_deg}};
  if (wide.contains(lonlat.center())) return;
  out.push_back(
      fmt::format("by {} the layer lies at {}, far outside the area that the system is meant for ({}); say the "
                  "right system with --crs",
                  stated.label, degrees_of(lonlat), degrees_of(area)));
}

// PROJ carries a datum that it has no transformation for as if it were WGS 84, and tells only who asks.
void doubt_datum(const std::string& crs, const StatedSystem& stated, const Box2d& box, std::vector<std::string>& out) {
  if (!stated.old_ellipsoid) return;
  const Context context(proj_context_create());
  proj_log_level(context.get(), PJ_LOG_NONE);
  proj_context_set_enable_network(context.get(), 0);
  const Object raw(proj_create_crs_to_crs(context.get(), crs.c_str(), kLonLatCrs, nullptr));
  const Object way(raw != nullptr ? proj_normalize_for_visualization(context.get(), raw.get()) : nullptr);
  if (way == nullptr) return;
  std::size_t carried_count = 0, ballpark_count = 0;
  double accuracy_m = 0;
  for (const Vec2d at : samples(box)) {
    const PJ_COORD lonlat = proj_trans(way.get(), PJ_FWD, proj_coord(at.x, at.y, 0, 0));
    if (!std::isfinite(lonlat.xy.x)) continue;
    const Object used(proj_trans_get_last_used_operation(way.get()));
    const PJ* operation = used != nullptr ? used.get() : way.get();
    ++carried_count;
    ballpark_count += proj_coordoperation_has_ballpark_transformation(context.get(), operation) != 0;
    accuracy_m = std::max(accuracy_m, proj_coordoperation_get_accuracy(context.get(), operation));
  }
  constexpr double kWorthTelling_m = 10;
  constexpr const char* kMend =
      "where the city's own parameters are known, give them as a PROJ pipeline: --crs "
      "\"+proj=pipeline +step ...\"";
  if (ballpark_count > 0) {
    out.push_back(
        fmt::format("{}: PROJ knows no transformation from its datum to WGS 84 {}, so positions are taken over "
                    "as they are and may be some 100 m off; {}",
                    stated.label, ballpark_count == carried_count ? "here" : "for a part of the layer", kMend));
  } else if (accuracy_m >= kWorthTelling_m) {
    out.push_back(fmt::format("{}: PROJ's transformation from its datum to WGS 84 is good to {:.0f} m only; {}",
                              stated.label, accuracy_m, kMend));
  }
}

bool is_usable(const Box2d& box) {
  return !box.empty() && std::isfinite(box.min.x) && std::isfinite(box.min.y) && std::isfinite(box.max.x) &&
         std::isfinite(box.max.y);
}

}  // namespace

std::vector<std::string> crs_doubts(const std::string& crs, const Box2d& extent_source) {
  std::vector<std::string> out;
  if (!is_usable(extent_source)) return out;
  const auto stated = understood(crs);
  if (!stated) return out;
  if (stated->degrees) {
    doubt_degrees(*stated, extent_source, out);
  } else {
    doubt_metres(*stated, extent_source, out);
  }
  // Figures that have been explained would only be found in some other wrong place.
  if (out.empty()) doubt_area(crs, *stated, extent_source, out);
  if (out.empty()) doubt_datum(crs, *stated, extent_source, out);
  return out;
}

std::string crs_hint(const Box2d& extent_source) {
  if (!is_usable(extent_source)) return "";
  const auto look = look_of(extent_source);
  if (!look) return "";
  return fmt::format("the coordinates are {} and look like {}; if so, say {}", figures(extent_source), look->words,
                     look->setting);
}

}  // namespace gridwall::geo
