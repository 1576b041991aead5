#include "geo/basemap_source.hpp"

#include <cpl_vsi.h>
#include <fmt/format.h>
#include <gdal.h>
#include <ogr_srs_api.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <optional>

#include "geo/data_source.hpp"
#include "geo/layer_crs.hpp"
#include "geo/map_shift.hpp"
#include "geo/raster_bands.hpp"
#include "geo/transform.hpp"

namespace gridwall::geo {

namespace fs = std::filesystem;
using base::Box2d;
using base::Error;
using base::ErrorCode;
using base::Result;
using base::Status;
using base::Vec2d;
using base::Vec2i;
using model::kTileGutterPx;
using model::kTileStoredPx;

namespace {

// Drivers that read the file they are given and what lies beside it, nothing else (decisions/0003).
constexpr const char* kFileDrivers[] = {"GTiff",   "MBTiles", "GPKG", "PNG",    "JPEG", "JP2OpenJPEG", "WEBP",
                                        "GIF",     "BMP",     "HFA",  "ENVI",   "EHdr", "ERS",         "AAIGrid",
                                        "SRTMHGT", "DTED",    "NITF", "PCIDSK", "SAGA", nullptr};
// Descriptions of services: naming a server is what they are for, and the operator named them.
constexpr const char* kServiceDrivers[] = {"WMS", "WMTS", nullptr};
constexpr std::string_view kKnownRasters =
    "GeoTIFF, MBTiles, GeoPackage tiles, PNG or JPEG with a world file, or "
    "GDAL's XML description of a WMTS, XYZ or TMS service";

// Positions are transformed at each kNodeStepPx pixels and taken between them on straight lines. Between nodes that
// bends by less than 0.001 px: a projection by (step m)²/8R, GCJ-02 by (step m)² x 4e-7 /8, for any pixel below 1 km.
constexpr std::int32_t kNodeStepPx = 6;
constexpr std::int32_t kNodes = kTileStoredPx / kNodeStepPx + 1;
static_assert(kTileStoredPx % kNodeStepPx == 0);

// A raster without overviews above this many pixels is slow from afar: said once.
constexpr double kManyPixels = 6e7;
constexpr int kExtentNodes = 33;

struct Opened {
  Dataset dataset;
  std::string shown;
  std::vector<std::string> secrets;
  bool is_service = false;
};

bool begins_as_service(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  if (begin == std::string_view::npos) return false;
  text.remove_prefix(begin);
  return text.starts_with("<GDAL_WMS") || text.starts_with("<GDAL_WMTS") || text.starts_with("WMTS:") ||
         text.starts_with("WMS:");
}

std::string first_bytes(const std::string& file) {
  constexpr std::size_t kDescriptionBytesMax = 65536;
  std::string head(kDescriptionBytesMax, '\0');
  VSILFILE* open = VSIFOpenL(file.c_str(), "rb");
  head.resize(open != nullptr ? VSIFReadL(head.data(), 1, head.size(), open) : 0);
  if (open != nullptr) VSIFCloseL(open);
  return head;
}

void restrain(GdalSession& session, const Opened& opened) {
  for (const std::string& secret : opened.secrets) session.hide(secret);
  if (opened.is_service) {
    session.shorten_patience();
  } else {
    session.forbid_network();
  }
}

Error cannot_open(const Opened& opened, const std::string& name, const GdalSession& session) {
  if (opened.is_service) {
    return Error{ErrorCode::Unavailable,
                 fmt::format("{}: the map service cannot be opened{}", opened.shown,
                             session.message().empty() ? "; nobody answers, or not as described" : session.reason())};
  }
  if (GDALDriverH driver = GDALIdentifyDriverEx(name.c_str(), GDAL_OF_RASTER, nullptr, nullptr)) {
    const std::string_view driver_name = GDALGetDriverShortName(driver);
    const bool is_known =
        std::ranges::any_of(kFileDrivers, [&](const char* known) { return known != nullptr && driver_name == known; });
    if (!is_known) {
      return Error{ErrorCode::Unsupported,
                   fmt::format("{}: is a file of GDAL's driver {}, which is not read as a basemap; convert it to a "
                               "GeoTIFF with gdal_translate",
                               opened.shown, driver_name)};
    }
  }
  return Error{ErrorCode::Unreadable, fmt::format("{}: cannot be opened as a raster{}; expected {}", opened.shown,
                                                  session.message().empty() ? "" : session.reason(), kKnownRasters)};
}

Result<Opened> open_raster(const std::string& source, GdalSession& session) {
  Opened opened;
  if (begins_as_service(source)) {
    opened.is_service = true;
    opened.secrets = secrets_of(source);
    opened.shown = source.starts_with("<") ? "the service described in the configuration" : name_source(source).shown;
    session.hide(source, opened.shown);
  } else {
    const SourceName name = name_source(source);
    opened.shown = name.shown;
    opened.secrets = name.secrets;
    opened.is_service = source.starts_with("/vsicurl/") || source.starts_with("/vsis3/");
    std::error_code code;
    if (name.kind == SourceKind::Service || name.kind == SourceKind::Absent) {
      return Error{ErrorCode::NotFound,
                   fmt::format("{}: there is no such file; expected {}", name.shown, kKnownRasters)};
    }
    if (name.kind == SourceKind::File && !fs::is_regular_file(source, code)) {
      return Error{ErrorCode::Unreadable, fmt::format("{}: is no file; name a raster ({})", name.shown, kKnownRasters)};
    }
    if (const std::string head = first_bytes(source); begins_as_service(head)) {
      opened.is_service = true;
      const auto described = secrets_of(head);
      opened.secrets.insert(opened.secrets.end(), described.begin(), described.end());
    }
  }
  restrain(session, opened);
  // A path that looks like a connection string is a path.
  const bool is_file = !begins_as_service(source) && !source.starts_with("/vsi");
  const std::string name = is_file ? fs::absolute(source).string() : source;
  const char* const* drivers = opened.is_service && !source.starts_with("/vsi") ? kServiceDrivers : kFileDrivers;
  session.clear();
  opened.dataset.reset(GDALOpenEx(name.c_str(), GDAL_OF_RASTER | GDAL_OF_READONLY, drivers, nullptr, nullptr));
  if (opened.dataset == nullptr) return cannot_open(opened, name, session);
  return opened;
}

// Pixels of the raster (fractions, from the top left) from the system that it states, and back.
struct Placement {
  std::array<double, 6> px_from_source{}, source_from_px{};

  [[nodiscard]] static Vec2d apply(const std::array<double, 6>& a, Vec2d p) {
    return {a[0] + p.x * a[1] + p.y * a[2], a[3] + p.x * a[4] + p.y * a[5]};
  }
};

Result<Placement> place_of(GDALDatasetH dataset, const std::string& shown) {
  Placement placement;
  if (GDALGetGeoTransform(dataset, placement.source_from_px.data()) != CE_None) {
    return Error{ErrorCode::Unreadable,
                 fmt::format("{}: does not say where it lies ({}); {}", shown,
                             GDALGetGCPCount(dataset) > 0 ? "control points only" : "no georeference",
                             GDALGetGCPCount(dataset) > 0 ? "straighten it with gdalwarp"
                                                          : "give it a world file, or gdal_translate -a_ullr -a_srs")};
  }
  if (GDALInvGeoTransform(placement.source_from_px.data(), placement.px_from_source.data()) == 0) {
    return Error{ErrorCode::Unreadable,
                 fmt::format("{}: its georeference is broken (pixels without a size); write it anew with "
                             "gdal_translate -a_ullr",
                             shown)};
  }
  return placement;
}

// The way from the world to the system that the raster's pixels count in: one step, or two where a shifted web map is
// projected.
struct Way {
  std::optional<Transform> first, second;

  void forward(std::span<Vec2d> points) const {
    first->forward(points);
    if (second) second->forward(points);
  }
  [[nodiscard]] std::optional<Vec2d> inverse(Vec2d point) const {
    if (second) {
      const auto between = second->inverse(point);
      return between ? first->inverse(*between) : std::nullopt;
    }
    return first->inverse(point);
  }
};

Result<Way> find_way(GDALDatasetH dataset, const BasemapRequest& request, const std::string& shown) {
  Way way;
  const auto stated = name_crs(GDALGetSpatialRef(dataset));
  if (request.crs.empty() && !stated) {
    return Error{ErrorCode::Unreadable,
                 fmt::format("{}: does not state its coordinate system, and it is never guessed; say it with crs (or "
                             "--basemap-crs), for example EPSG:4490 or EPSG:3857",
                             shown)};
  }
  const std::string crs = request.crs.empty() ? stated->crs : request.crs;
  const auto name_source_of = [&](const Error& error) {
    return Error{error.code, fmt::format("{}: {}", shown, error.message)};
  };
  auto first = Transform::create(request.world_crs, crs);
  if (!first.ok()) return name_source_of(first.error());
  way.first = std::move(*first);
  if (!request.crs.empty() && shifted_system(request.crs) && stated) {
    auto second = Transform::create(kLonLatCrs, stated->crs);
    if (!second.ok()) return name_source_of(second.error());
    if (!second->to_degrees()) way.second = std::move(*second);
  }
  return way;
}

// The positions of a tile's nodes in the raster's pixels; those that the systems do not reach are not finite.
using Nodes = std::vector<Vec2d>;

bool is_finite(Vec2d p) {
  return std::isfinite(p.x) && std::isfinite(p.y);
}

struct Sample {
  float r = 0, g = 0, b = 0, a = 0;
};

// The four samples about `at_px`, by their nearness. Nothing outside the raster.
void add_sample(const RasterWindow& window, Vec2d at_px, Vec2i raster_px, Sample& sum) {
  if (at_px.x < 0 || at_px.y < 0 || at_px.x > raster_px.x || at_px.y > raster_px.y) return;
  const double x = (at_px.x - window.corner_px.x) * window.samples_per_px.x - 0.5;
  const double y = (at_px.y - window.corner_px.y) * window.samples_per_px.y - 0.5;
  const double x0 = std::floor(x), y0 = std::floor(y);
  const auto fx = static_cast<float>(x - x0), fy = static_cast<float>(y - y0);
  const auto column = [&](double c) { return std::clamp(static_cast<int>(c), 0, window.size.x - 1); };
  const auto row = [&](double r) { return std::clamp(static_cast<int>(r), 0, window.size.y - 1); };
  const auto add = [&](int cx, int cy, float weight) {
    const std::uint8_t* p = &window.rgba[4 * (static_cast<std::size_t>(cy) * static_cast<std::size_t>(window.size.x) +
                                              static_cast<std::size_t>(cx))];
    sum.r += weight * static_cast<float>(p[0]);
    sum.g += weight * static_cast<float>(p[1]);
    sum.b += weight * static_cast<float>(p[2]);
    sum.a += weight * static_cast<float>(p[3]);
  };
  const int c0 = column(x0), c1 = column(x0 + 1), r0 = row(y0), r1 = row(y0 + 1);
  add(c0, r0, (1 - fx) * (1 - fy));
  add(c1, r0, fx * (1 - fy));
  add(c0, r1, (1 - fx) * fy);
  add(c1, r1, fx * fy);
}

Vec2d between(Vec2d a, Vec2d b, double share) {
  return a + (b - a) * share;
}

// Each pixel of the tile as the mean of `across` x `across` samples within it.
void resample(const Nodes& nodes, const RasterWindow& window, Vec2i raster_px, int across, std::uint8_t* rgba) {
  const float share = 1.0f / static_cast<float>(across * across);
  const auto byte = [&](float v) { return static_cast<std::uint8_t>(std::lround(std::min(v * share, 255.0f))); };
  for (std::int32_t row = 0; row < kTileStoredPx; ++row) {
    for (std::int32_t column = 0; column < kTileStoredPx; ++column, rgba += 4) {
      const std::int32_t i = row / kNodeStepPx * kNodes + column / kNodeStepPx;
      const auto node = [&](std::int32_t offset) { return nodes[static_cast<std::size_t>(i + offset)]; };
      const Vec2d nw = node(0), ne = node(1), sw = node(kNodes), se = node(kNodes + 1);
      if (!is_finite(nw) || !is_finite(ne) || !is_finite(sw) || !is_finite(se)) continue;
      Sample sum;
      for (int s = 0; s < across * across; ++s) {
        const double fx = (column % kNodeStepPx + (s % across + 0.5) / across) / kNodeStepPx;
        const double fy = (row % kNodeStepPx + (s / across + 0.5) / across) / kNodeStepPx;
        add_sample(window, between(between(nw, ne, fx), between(sw, se, fx), fy), raster_px, sum);
      }
      rgba[0] = byte(sum.r);
      rgba[1] = byte(sum.g);
      rgba[2] = byte(sum.b);
      rgba[3] = byte(sum.a);
    }
  }
}

}  // namespace

struct BasemapSource::Raster {
  Opened opened;
  Placement placement;
  Way way;
  std::optional<RasterBands> bands;
  model::BasemapExtent extent;
  std::vector<std::string> warnings;

  [[nodiscard]] std::optional<Vec2d> px_from_world(Vec2d point_world) const {
    way.forward({&point_world, 1});
    if (!is_finite(point_world)) return std::nullopt;
    return Placement::apply(placement.px_from_source, point_world);
  }
  void find_extent();
  void find_finest_level(Vec2d focus_world);
  void look_for_doubts(const Box2d& focus_world);
  [[nodiscard]] Nodes nodes_of(model::TileKey key) const;
};

// By a grid over the raster: of a world map the far side is nowhere in a district's projection.
void BasemapSource::Raster::find_extent() {
  const Vec2i size = bands->size_px();
  for (int row = 0; row < kExtentNodes; ++row) {
    for (int column = 0; column < kExtentNodes; ++column) {
      const Vec2d px{size.x * (column / (kExtentNodes - 1.0)), size.y * (row / (kExtentNodes - 1.0))};
      const auto world = way.inverse(Placement::apply(placement.source_from_px, px));
      if (world) extent.world.extend(*world);
    }
  }
  // An edge between two nodes may bend outward.
  const double bend = std::max(extent.world.width(), extent.world.height()) / kExtentNodes;
  if (extent.world.empty()) return;
  extent.world.extend(extent.world.min - Vec2d{bend, bend});
  extent.world.extend(extent.world.max + Vec2d{bend, bend});
}

void BasemapSource::Raster::find_finest_level(Vec2d focus_world) {
  constexpr double kReachM = 10;
  const auto here = px_from_world(focus_world), east = px_from_world(focus_world + Vec2d{kReachM, 0}),
             north = px_from_world(focus_world + Vec2d{0, kReachM});
  if (!here || !east || !north) return;
  const Vec2d e = *east - *here, n = *north - *here;
  const double px_per_m = std::sqrt(std::abs(e.x * n.y - e.y * n.x)) / kReachM;
  // A level that is coarser by a hundredth is fine enough.
  const double level = std::ceil(std::log2(model::tile_px_m(0) * px_per_m) - 0.015);
  if (std::isfinite(level)) {
    extent.finest_level = static_cast<std::int32_t>(std::clamp<double>(level, 0, model::kTileLevelMax));
  }
}

void BasemapSource::Raster::look_for_doubts(const Box2d& focus_world) {
  const Vec2i size = bands->size_px();
  if (!opened.is_service && bands->overview_count() == 0 && static_cast<double>(size.x) * size.y > kManyPixels) {
    warnings.push_back(
        fmt::format("{}: {} x {} pixels without overviews are slow to show from afar; add them with "
                    "gdaladdo -r average",
                    opened.shown, size.x, size.y));
  }
  if (!focus_world.empty() && !extent.world.intersects(focus_world)) {
    warnings.push_back(
        fmt::format("{}: lies beside the district, nothing of it will be seen; is its coordinate system "
                    "the one it states?",
                    opened.shown));
  }
}

Nodes BasemapSource::Raster::nodes_of(model::TileKey key) const {
  const Box2d box = model::tile_box_world(key);
  const double px_m = model::tile_px_m(key.level);
  Nodes nodes;
  nodes.reserve(static_cast<std::size_t>(kNodes) * kNodes);
  for (std::int32_t row = 0; row < kNodes; ++row) {
    for (std::int32_t column = 0; column < kNodes; ++column) {
      nodes.push_back({box.min.x + (column * kNodeStepPx - kTileGutterPx) * px_m,
                       box.max.y - (row * kNodeStepPx - kTileGutterPx) * px_m});
    }
  }
  way.forward(nodes);
  for (Vec2d& node : nodes) {
    if (is_finite(node)) node = Placement::apply(placement.px_from_source, node);
  }
  return nodes;
}

BasemapSource::BasemapSource(std::unique_ptr<Raster> raster) : m_raster(std::move(raster)) {}
BasemapSource::~BasemapSource() {
  const GdalSession session;  // closing too leaves nothing beside the file, and says nothing on stderr
  m_raster.reset();
}

const model::BasemapExtent& BasemapSource::extent() const {
  return m_raster->extent;
}
const std::string& BasemapSource::shown() const {
  return m_raster->opened.shown;
}
bool BasemapSource::is_service() const {
  return m_raster->opened.is_service;
}
const std::vector<std::string>& BasemapSource::warnings() const {
  return m_raster->warnings;
}

Result<std::unique_ptr<BasemapSource>> BasemapSource::open(const BasemapRequest& request) {
  GdalSession session;
  auto raster = std::make_unique<Raster>();
  TRY_ASSIGN(raster->opened, open_raster(request.source, session));
  GDALDatasetH dataset = raster->opened.dataset.get();
  const std::string& shown = raster->opened.shown;
  TRY_ASSIGN(raster->bands, RasterBands::understand(dataset, shown));
  TRY_ASSIGN(raster->placement, place_of(dataset, shown));
  TRY_ASSIGN(raster->way, find_way(dataset, request, shown));
  raster->find_extent();
  if (raster->extent.world.empty()) {
    return Error{ErrorCode::Unreadable,
                 fmt::format("{}: lies nowhere in the wall's system {}; is its coordinate system the one it states?",
                             shown, request.world_crs)};
  }
  const bool is_focused = !request.focus_world.empty() && raster->extent.world.intersects(request.focus_world);
  raster->find_finest_level(is_focused ? request.focus_world.center() : raster->extent.world.center());
  raster->look_for_doubts(request.focus_world);
  return std::unique_ptr<BasemapSource>(new BasemapSource(std::move(raster)));
}

Result<model::TilePixels> BasemapSource::read(model::TileKey key) const {
  model::TilePixels tile;
  const Nodes nodes = m_raster->nodes_of(key);
  Box2d box_px;
  double finest_step = HUGE_VAL, widest_step = 0;
  for (std::int32_t row = 0; row < kNodes; ++row) {
    for (std::int32_t column = 0; column < kNodes; ++column) {
      const std::size_t i = static_cast<std::size_t>(row * kNodes + column);
      if (!is_finite(nodes[i])) continue;
      box_px.extend(nodes[i]);
      if (column + 1 == kNodes || row + 1 == kNodes) continue;
      const Vec2d e = nodes[i + 1] - nodes[i], s = nodes[i + kNodes] - nodes[i];
      if (!is_finite(e) || !is_finite(s)) continue;
      // Along the raster's own columns and rows.
      const double across = std::hypot(e.x, s.x) / kNodeStepPx, down = std::hypot(e.y, s.y) / kNodeStepPx;
      finest_step = std::min({finest_step, across, down});
      widest_step = std::max({widest_step, across, down});
    }
  }
  const Vec2i raster_px = m_raster->bands->size_px();
  const Box2d whole{{0, 0}, {static_cast<double>(raster_px.x), static_cast<double>(raster_px.y)}};
  if (box_px.empty() || !box_px.intersects(whole) || !std::isfinite(finest_step)) return tile;
  // Far from its district a projection folds: wherever its nodes fall, a tile never asks for more than it can show.
  constexpr double kWindowTiles = 3;
  const double window_px = std::max(box_px.width(), box_px.height());
  finest_step = std::max(finest_step, window_px / (kWindowTiles * kTileStoredPx));
  GdalSession session;
  restrain(session, m_raster->opened);
  TRY_ASSIGN(const RasterWindow window, m_raster->bands->read(box_px, finest_step, session));
  if (window.size.x == 0) return tile;
  tile.rgba.assign(model::kTileBytes, 0);
  const double samples = widest_step * std::max(window.samples_per_px.x, window.samples_per_px.y);
  constexpr double kSmoothTo = 1.3;  // of one sample a pixel: four about it are enough
  const int across = std::clamp(static_cast<int>(std::ceil(samples / kSmoothTo)), 1, 4);
  resample(nodes, window, raster_px, across, tile.rgba.data());
  if (std::ranges::all_of(tile.rgba, [](std::uint8_t byte) { return byte == 0; })) tile.rgba.clear();
  return tile;
}

bool is_basemap_service(const std::string& source) {
  if (begins_as_service(source) || source.starts_with("/vsicurl/") || source.starts_with("/vsis3/")) return true;
  std::error_code code;
  return fs::is_regular_file(source, code) && begins_as_service(first_bytes(source));
}

}  // namespace gridwall::geo
