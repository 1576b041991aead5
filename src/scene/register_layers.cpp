#include "scene/register_layers.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>

#include "scene/palette.hpp"

namespace gridwall::scene {

namespace {

constexpr float kSitePx = 7;
constexpr float kThinPx = 1.1f, kOutlinePx = 1.8f;
constexpr base::Color kSiteRing{142, 160, 176, 210};
constexpr base::Color kHollow{0, 0, 0, 0};
constexpr base::Color kCircleLine{126, 148, 166, 84};
constexpr base::Color kArcLine{126, 148, 166, 120};
constexpr base::Color kAreaLine{150, 176, 188, 190};
constexpr base::Color kDiscRing{126, 148, 166, 170};
constexpr int kCircleCorners = 48, kArcCorners = 14;
constexpr std::int32_t kWalkM = 1000;    // fifteen minutes on foot, where a site says no radius
constexpr std::int64_t kLeastShown = 5;  // people below it are not told apart

// So that kinds of sites differ without colour.
model::MarkerShape shape_of(const model::SiteSpec* site) {
  using model::MarkerShape;
  if (site == nullptr) return MarkerShape::Circle;
  if (site->kind == "command") return MarkerShape::Diamond;
  if (site->kind == "centre") return MarkerShape::Square;
  if (site->kind == "position" || site->kind == "demo") return MarkerShape::Triangle;
  if (site->kind == "estate" || site->kind == "space") return MarkerShape::Hexagon;
  return MarkerShape::Circle;
}

template <typename Row>
const Row* find_row(const std::vector<Row>& rows, std::string_view id) {
  const auto found = std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return row.id == id; });
  return found == rows.end() ? nullptr : &*found;
}

}  // namespace

bool is_abnormal_state(std::string_view state) {
  for (const std::string_view word : {"down", "late", "offline", "problem", "warned", "black", "closed"}) {
    if (state == word) return true;
  }
  return false;
}

struct RegisterLayers::Part {
  const state::WorldSnapshot& snapshot;
  const model::LayerSpec& layer;
  const model::SiteSpec* site;
  const model::ProfileTables& tables;
  float ui_scale;
  FrameScene& scene;

  [[nodiscard]] auto sites() const {
    return snapshot.registers->table(model::RegisterKind::Site, site != nullptr ? site->id : std::string());
  }
  // A place among the profile's states ("s2"), of which one that wants somebody ends in "!"; or a word.
  [[nodiscard]] bool is_abnormal(const state::RegisterEntry& entry) const {
    const std::string& word = entry.facts.state;
    if (site == nullptr || word.size() != 2 || word[0] != 's') return is_abnormal_state(word);
    const auto place = static_cast<std::size_t>(word[1] - '1');
    return place < site->states.size() && site->states[place].ends_with('!');
  }
  [[nodiscard]] auto metrics(std::string_view table) const {
    return snapshot.registers->table(model::RegisterKind::Metric, table);
  }
  [[nodiscard]] base::Vec2i place_of(const state::RegisterEntry& entry) const {
    return entry.located ? entry.point_units : snapshot.tree->to_units(snapshot.tree->at(entry.division).anchor_world);
  }
};

void RegisterLayers::build(const state::WorldSnapshot& snapshot, const model::ProfileTables& tables,
                           std::span<const std::string> layers, double ui_scale, FrameScene& scene) {
  m_legend.clear();
  for (const std::string& id : layers) {
    const model::LayerSpec* layer = find_row(tables.layers, id);
    if (layer == nullptr) continue;
    const Part part{snapshot, *layer, find_row(tables.sites, layer->site), tables, static_cast<float>(ui_scale), scene};
    LayerLegend legend;
    legend.id = id;
    legend.shape = shape_of(part.site);
    legend.stated = layer->count ? layer->count : part.site != nullptr ? part.site->count : std::nullopt;
    legend.assumed = part.site != nullptr && part.site->assumed;
    const bool homes = part.site != nullptr && part.site->counts_only;
    if (layer->kind == "density" || homes) {
      add_discs(part, legend);
    } else if (layer->kind == "points" || layer->kind == "lines") {  // the register has a place, not a course
      add_sites(part, legend);
    } else if (layer->kind == "buffers") {
      add_circles(part, legend);
      add_sites(part, legend);
    } else if (layer->kind == "arcs") {
      add_arcs(part, legend);
    } else if (layer->kind == "areas") {
      add_outlines(part, legend);
    } else if (layer->kind == "heat") {
      add_heat(part, legend);
    } else if (layer->kind == "choropleth") {
      legend.mark = LayerMark::Fill;
    }
    m_legend.push_back(std::move(legend));
  }
}

// Into the legend, and where its place is known onto the map.
void RegisterLayers::count_site(const Part& part, const state::RegisterEntry& entry, LayerLegend& legend) {
  const bool abnormal = part.is_abnormal(entry);
  ++legend.counted;
  legend.abnormal += abnormal ? 1u : 0u;
  if (!entry.located) return;
  ++legend.shown;
  MarkerInstance mark;
  mark.position_units = entry.point_units;
  mark.size_px = kSitePx * part.ui_scale;
  mark.shape = legend.shape;
  mark.fill = abnormal ? kSeverity[1] : kHollow;
  mark.ring = abnormal ? kSeverity[1] : kSiteRing;
  part.scene.markers.push_back(mark);
}

void RegisterLayers::add_sites(const Part& part, LayerLegend& legend) {
  if (part.site == nullptr) return;
  legend.mark = legend.mark == LayerMark::None ? LayerMark::Site : legend.mark;
  legend.counted = legend.shown = 0;
  for (const auto& entry : part.sites()) {
    // A place that nobody told is not invented: it counts, and that is all.
    count_site(part, *entry, legend);
  }
}

void RegisterLayers::add_circles(const Part& part, LayerLegend& legend) {
  legend.mark = LayerMark::Circle;
  LineSet lines;
  lines.width_px = kThinPx * part.ui_scale;
  lines.color = kCircleLine;
  const double unit_m = part.snapshot.tree->unit_m();
  for (const auto& entry : part.sites()) {
    if (!entry->located) continue;
    const double radius = entry->facts.radius_m.value_or(kWalkM) / unit_m;
    const auto corner = [&](int i) {
      const double angle = 2 * std::numbers::pi * i / kCircleCorners;
      return base::Vec2i{static_cast<std::int32_t>(entry->point_units.x + radius * std::cos(angle)),
                         static_cast<std::int32_t>(entry->point_units.y + radius * std::sin(angle))};
    };
    for (int i = 0; i < kCircleCorners; ++i) lines.segments.push_back(segment(corner(i), corner(i + 1)));
  }
  if (!lines.segments.empty()) part.scene.lines.push_back(std::move(lines));
}

// Departments have no place of their own: their arcs start in the middle of the district.
void RegisterLayers::add_arcs(const Part& part, LayerLegend& legend) {
  legend.mark = LayerMark::Arc;
  auto pairs = part.metrics(part.layer.id);
  if (pairs.empty()) pairs = part.metrics("pairs");
  std::map<std::string, std::vector<const state::RegisterEntry*>> by_department;
  for (const auto& entry : pairs) {
    auto& entries = by_department[entry->facts.entity.empty() ? entry->department : entry->facts.entity];
    // Each column of a list is an entry; together they are one pair.
    const auto same = [&](const state::RegisterEntry* known) { return known->division == entry->division; };
    if (std::ranges::any_of(entries, same)) continue;
    ++legend.counted;
    entries.push_back(entry.get());
  }
  LineSet lines;
  lines.width_px = kThinPx * part.ui_scale;
  lines.color = kArcLine;
  const base::Vec2i home =
      part.snapshot.tree->to_units(part.snapshot.tree->at(part.snapshot.tree->root()).anchor_world);
  for (const auto& [department, entries] : by_department) {
    for (const state::RegisterEntry* entry : entries) {
      const base::Vec2i end = part.place_of(*entry);
      const double dx = end.x - home.x, dy = end.y - home.y;
      // Bent to one side, so that two ways between neighbours stay apart.
      const auto at = [&](double t) {
        const double bend = 0.18 * 4 * t * (1 - t);
        return base::Vec2i{static_cast<std::int32_t>(home.x + dx * t - dy * bend),
                           static_cast<std::int32_t>(home.y + dy * t + dx * bend)};
      };
      for (int i = 0; i < kArcCorners; ++i) {
        lines.segments.push_back(
            segment(at(static_cast<double>(i) / kArcCorners), at(static_cast<double>(i + 1) / kArcCorners)));
      }
      ++legend.shown;
    }
  }
  if (!lines.segments.empty()) part.scene.lines.push_back(std::move(lines));
}

void RegisterLayers::add_discs(const Part& part, LayerLegend& legend) {
  legend.mark = LayerMark::Disc;
  std::map<std::uint32_t, std::int64_t> by_division;
  for (const auto& entry : part.sites()) {
    const std::int64_t count = entry->facts.value_milli ? *entry->facts.value_milli / 1000 : 1;
    by_division[entry->division.value] += count;
    legend.counted += static_cast<std::uint32_t>(std::max<std::int64_t>(0, count));
  }
  for (const std::string& table : {part.layer.site, part.layer.id}) {
    if (!by_division.empty() || table.empty()) break;
    for (const auto& entry : part.metrics(table)) {
      if (!entry->facts.value_milli) continue;
      by_division[entry->division.value] += *entry->facts.value_milli / 1000;
      legend.counted += static_cast<std::uint32_t>(std::max<std::int64_t>(0, *entry->facts.value_milli / 1000));
    }
  }
  const model::DivisionTree& tree = *part.snapshot.tree;
  for (const auto& [division, count] : by_division) {
    if (count < kLeastShown) continue;
    MarkerInstance disc;
    disc.position_units = tree.to_units(tree.divisions().at(division).anchor_world);
    disc.size_px = std::min(26.0f, 3.0f * std::sqrt(static_cast<float>(count))) * part.ui_scale;
    disc.fill = with_alpha(kDiscRing, 40);
    disc.ring = kHollow;
    part.scene.markers.push_back(disc);
    ++legend.shown;
  }
}

// Below everything else that is a mark, so before it in the list.
void RegisterLayers::add_heat(const Part& part, LayerLegend& legend) {
  constexpr double kLeastPx = 24;
  constexpr double kMarkerShare = 0.92;  // of a hexagon's marker, from side to side
  legend.mark = LayerMark::Heat;
  const double px_per_m = part.scene.viewport.view.px_per_m;
  const Density& density = m_density.update(part.snapshot, density_width_m(px_per_m, kLeastPx * part.ui_scale));
  std::vector<MarkerInstance> bins;
  for (const DensityBin& bin : density.bins) {
    MarkerInstance mark;
    mark.position_units = part.snapshot.tree->to_units(bin.center_world);
    mark.size_px = static_cast<float>(density.width_m * px_per_m / kMarkerShare) - 1;
    mark.shape = model::MarkerShape::Hexagon;
    for (const HeatStep& step : kHeatSteps) mark.fill = bin.count >= step.count ? step.color : mark.fill;
    mark.ring = kHollow;
    bins.push_back(mark);
  }
  part.scene.markers.insert(part.scene.markers.begin(), bins.begin(), bins.end());
  legend.shown = density.shown;
  legend.counted = density.counted;
}

void RegisterLayers::tell_fills(std::span<const LayerFill::Cover> covers) {
  for (LayerLegend& layer : m_legend) {
    const auto cover = std::ranges::find(covers, layer.id, &LayerFill::Cover::layer_id);
    if (cover == covers.end()) continue;
    layer.shown = cover->valued_count;
    layer.counted = cover->valued_count > 0 ? cover->division_count : 0;  // nobody told a number: no data
    layer.assumed = cover->assumed;
    layer.painted = cover->painted;
  }
}

void RegisterLayers::add_outlines(const Part& part, LayerLegend& legend) {
  legend.mark = LayerMark::Outline;
  LineSet lines;
  lines.width_px = kOutlinePx * part.ui_scale;
  lines.color = kAreaLine;
  std::vector<model::DivisionIndex> divisions;
  for (const auto& entry : part.sites()) {
    // Of a site's area the register has the place alone: a mark stands for it.
    count_site(part, *entry, legend);
    if (!entry->located && entry->division.valid()) divisions.push_back(entry->division);
  }
  std::ranges::sort(divisions, {}, &model::DivisionIndex::value);
  const auto repeated = std::ranges::unique(divisions);
  divisions.erase(repeated.begin(), repeated.end());
  for (const model::DivisionIndex division : divisions) {
    const auto outline = outline_segments(*part.snapshot.tree, division);
    lines.segments.insert(lines.segments.end(), outline.begin(), outline.end());
  }
  legend.shown += static_cast<std::uint32_t>(divisions.size());
  if (!lines.segments.empty()) part.scene.lines.push_back(std::move(lines));
}

}  // namespace gridwall::scene
