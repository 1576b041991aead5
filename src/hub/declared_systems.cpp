#include "hub/declared_systems.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>
#include <utility>

#include "geo/map_shift.hpp"
#include "wire/constants.hpp"

namespace gridwall::hub {

using base::Error;
using base::ErrorCode;

namespace {

constexpr std::size_t kKnownMax = 32;
constexpr std::size_t kUselessMax = 64;
// Opening takes some 40 ms of the thread that also beats the heartbeats: a burst at the start of a day's work, then one
// a second, 4 % of the thread's time. The burst stays below kKnownMax, so it cannot drive out all that are in use.
constexpr RateLimit kOpenings{1, 24};

constexpr std::size_t kStepsMax = 12;
constexpr std::string_view kUse = "use for example \"EPSG:4326\", \"EPSG:4528\", \"GCJ-02\", \"BD-09\"";

constexpr std::array<std::string_view, 16> kOperations{
    "pipeline", "longlat", "latlong", "lonlat", "latlon",   "tmerc",       "utm",  "merc",
    "webmerc",  "lcc",     "helmert", "affine", "axisswap", "unitconvert", "cart", "noop"};
// Numbers, names of ellipsoids and units, flags. None makes PROJ open a file: no grids, no +init, no +file.
constexpr std::array<std::string_view, 55> kParameters{
    "proj",  "step",     "inv",        "type",  "no_defs", "lat_0",  "lon_0", "lat_1", "lat_2", "lat_ts", "k",
    "k_0",   "x_0",      "y_0",        "zone",  "south",   "ellps",  "a",     "b",     "rf",    "f",      "R",
    "units", "to_meter", "towgs84",    "datum", "x",       "y",      "z",     "rx",    "ry",    "rz",     "s",
    "theta", "exact",    "convention", "order", "xy_in",   "xy_out", "z_in",  "z_out", "xoff",  "yoff",   "zoff",
    "s11",   "s12",      "s13",        "s21",   "s22",     "s23",    "s31",   "s32",   "s33",   "wktext", "over"};

bool is_listed(const auto& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

std::string lowered(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

bool is_number(std::string_view text) {
  constexpr std::size_t kDigitsMax = 7;
  return !text.empty() && text.size() <= kDigitsMax &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_registered_name(const std::string& crs) {
  const std::string name = lowered(crs);
  for (const std::string_view front : {"epsg:", "urn:ogc:def:crs:epsg::", "http://www.opengis.net/def/crs/epsg/0/",
                                       "https://www.opengis.net/def/crs/epsg/0/"}) {
    if (name.starts_with(front)) return is_number(std::string_view(name).substr(front.size()));
  }
  return name == "ogc:crs84" || name == "urn:ogc:def:crs:ogc:1.3:crs84" ||
         name == "http://www.opengis.net/def/crs/ogc/1.3/crs84";
}

// One "+key=value" of a PROJ string.
bool is_harmless(std::string_view part) {
  if (part.size() < 2 || part[0] != '+') return false;
  const std::size_t equals = part.find('=');
  const std::string_view key = part.substr(1, equals == std::string_view::npos ? equals : equals - 1);
  const std::string_view value = equals == std::string_view::npos ? "" : part.substr(equals + 1);
  if (!is_listed(kParameters, key)) return false;
  const bool plain = std::all_of(value.begin(), value.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '.' || c == ',' || c == '-' || c == '+' || c == '_';
  });
  if (!plain) return false;
  if (key == "proj") return is_listed(kOperations, value);
  return key != "datum" || value == "WGS84";  // others have grid files
}

bool is_harmless_string(std::string_view crs) {
  std::size_t step_count = 0;
  while (!crs.empty()) {
    const std::size_t end = std::min(crs.find(' '), crs.size());
    const std::string_view part = crs.substr(0, end);
    if (!part.empty() && !is_harmless(part)) return false;
    step_count += part == "+step";
    crs.remove_prefix(std::min(end + 1, crs.size()));
  }
  return step_count <= kStepsMax;
}

Error unsupported(std::string sentence) {
  return {ErrorCode::Unsupported, std::move(sentence)};
}

}  // namespace

base::Status check_declared_system(const std::string& crs) {
  if (crs.size() > wire::kCrsBytesMax) {
    return unsupported(fmt::format("'crs' has more than {} bytes; {}", wire::kCrsBytesMax, kUse));
  }
  if (geo::shifted_system(crs) || is_registered_name(crs)) return {};
  if (geo::names_baidu_metres(crs)) {
    return unsupported(
        "'crs' means Baidu's metres, whose projection is not public; send degrees and say \"BD-09\", or "
        "send \"EPSG:4326\"");
  }
  if (crs.find("proj=") == std::string::npos) {
    return unsupported(fmt::format("'crs' names no coordinate system known here; {}, or a PROJ string", kUse));
  }
  if (is_harmless_string(crs)) return {};
  return unsupported(fmt::format(
      "'crs' is a PROJ string with a part that is not taken from publishers: at most {} steps of projections, "
      "+proj=helmert, affine, axisswap, unitconvert and cart, each part written +key=value, and no grids, "
      "files or +init; {}",
      kStepsMax, kUse));
}

DeclaredSystems::DeclaredSystems() : m_openings(kOpenings, 1) {}

base::Result<const geo::Transform*> DeclaredSystems::lonlat_from(const std::string& crs, base::MonoTime now) {
  ++m_call_count;
  if (const auto found = m_known.find(crs); found != m_known.end()) {
    found->second.used_at = m_call_count;
    return &found->second.transform;
  }
  if (const auto found = m_useless.find(crs); found != m_useless.end()) return found->second;
  TRY(check_declared_system(crs));
  if (!m_openings.admit("", 1, now)) {
    return Error{ErrorCode::Unavailable,
                 "'crs' names one coordinate system too many for now; send the same event again in some seconds, and "
                 "state the same few systems always"};
  }
  auto transform = geo::Transform::create(crs, geo::kLonLatCrs);
  if (!transform.ok()) {
    Error error = unsupported(
        crs.find("proj=pipeline") == std::string::npos
            ? fmt::format("'crs' names no coordinate system known here; {}", kUse)
            : fmt::format("'crs' is a PROJ pipeline that cannot be used; it must begin in degrees or metres and end in "
                          "degrees of longitude, latitude (+step +proj=unitconvert +xy_in=rad +xy_out=deg); or {}",
                          kUse));
    if (m_useless.size() >= kUselessMax) m_useless.clear();
    m_useless.emplace(crs, error);
    return error;
  }
  make_room();
  return &m_known.emplace(crs, Known{std::move(*transform), m_call_count}).first->second.transform;
}

// The one unused for longest goes: who sends many does not drive out those in use.
void DeclaredSystems::make_room() {
  if (m_known.size() < kKnownMax) return;
  m_known.erase(std::min_element(m_known.begin(), m_known.end(),
                                 [](const auto& a, const auto& b) { return a.second.used_at < b.second.used_at; }));
}

}  // namespace gridwall::hub
