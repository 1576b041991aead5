#include "scene/marker_layout.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "scene/camera.hpp"
#include "scene/palette.hpp"

namespace gridwall::scene {

namespace {

// Markers gather when they would cover more than this share of their division.
constexpr double kCoverMax = 0.10;
constexpr double kMarkerAirFactor = 1.6;  // a marker's box with the air around it
constexpr double kPulsePeriodS = 1.5;     // 0.7 Hz, below the 3 Hz that flicker must not reach

float severity_size(model::Severity severity) {
  switch (severity) {
    case model::Severity::Critical:
      return 1.6f;
    case model::Severity::Major:
      return 1.3f;
    case model::Severity::Moderate:
      return 1.1f;
    case model::Severity::Minor:
      return 1.0f;
  }
  return 1.0f;
}

model::MarkerShape shape_of(const model::Vocabulary& vocabulary, std::string_view class_code) {
  const model::BigClass* big = vocabulary.find_big_class(class_code);
  return big != nullptr ? big->shape : model::MarkerShape::Circle;
}

// Grows with the figure, slowly: the figure says how many.
float bubble_size_px(std::uint32_t count, float marker_px) {
  const float digits = count < 10 ? 1.0f : count < 100 ? 1.25f : count < 1000 ? 1.6f : 2.0f;
  return 2.1f * marker_px * digits;
}

model::Severity worst(const state::CaseCounts& counts) {
  for (std::size_t i = 0; i < model::kSeverityCount; ++i) {
    if (counts.open_by_severity[i] > 0) return static_cast<model::Severity>(i + 1);
  }
  return model::Severity::Minor;
}

}  // namespace

void NewIncidents::note(const state::WorldSnapshot& snapshot, base::UtcTime now_utc) {
  std::erase_if(m_seen_at, [&](const auto& seen) { return now_utc - seen.second >= kPulse; });
  const bool is_first = snapshot.tree.get() != m_tree || snapshot.state_time < m_state_time;
  if (is_first) m_seen_at.clear();
  if (!is_first && snapshot.version != m_version) {
    for (const std::uint32_t number : snapshot.newest) {
      const state::Incident& incident = snapshot.incident(number);
      if (incident.first_seen_at > m_state_time) m_seen_at.try_emplace(std::string(incident.id), now_utc);
    }
  }
  m_tree = snapshot.tree.get();
  m_version = snapshot.version;
  m_state_time = snapshot.state_time;
}

float NewIncidents::pulse(const state::Incident& incident, base::UtcTime now_utc) const {
  const auto seen = m_seen_at.find(std::string(incident.id));
  if (seen == m_seen_at.end() || now_utc - seen->second >= kPulse) return 0;
  const double age_s = std::chrono::duration<double>(now_utc - seen->second).count();
  const double phase = std::fmod(age_s, kPulsePeriodS) / kPulsePeriodS;
  return static_cast<float>(std::clamp(phase, 0.01, 1.0));
}

void MarkerLayout::lay_out(const state::WorldSnapshot& snapshot, const model::Vocabulary& vocabulary,
                           const Viewport& viewport, const MarkerOptions& options, std::vector<MarkerInstance>& out) {
  m_new.note(snapshot, options.now_utc);
  m_drawn.clear();
  m_bubbles.clear();
  collect(snapshot, viewport, options);
  gather(snapshot, viewport, options, out);
  // Minor first, critical last; of equals the newest lies above.
  std::sort(m_open.begin(), m_open.end(), [](const Open& a, const Open& b) {
    return std::tuple(-static_cast<int>(a.severity), a.first_seen_at, a.number) <
           std::tuple(-static_cast<int>(b.severity), b.first_seen_at, b.number);
  });
  for (const Open& open : m_open) {
    const state::Incident& incident = snapshot.incident(open.number);
    const bool is_selected = !options.selected_incident.empty() && incident.id == options.selected_incident;
    const bool is_gathered = open.group.valid() && m_gathered[open.group.value];
    const bool stands_out = open.severity == model::Severity::Critical || open.pulse > 0 || is_selected;
    if ((is_gathered && !stands_out) || !is_inside(viewport, open.position_px)) continue;
    const float size_px = options.size_px * severity_size(open.severity) * (is_selected ? 1.5f : 1.0f);
    out.push_back({incident.point_units, size_px, shape_of(vocabulary, snapshot.class_code(incident)),
                   severity_color(open.severity), is_selected ? kMarkerRingSelected : kMarkerRing, open.pulse});
    m_drawn.push_back({open.number, open.position_px, size_px});
  }
}

void MarkerLayout::collect(const state::WorldSnapshot& snapshot, const Viewport& viewport,
                           const MarkerOptions& options) {
  const model::DivisionTree& tree = *snapshot.tree;
  m_open.clear();
  m_open_of_group.assign(tree.divisions().size(), 0);
  for (std::uint32_t number = 0; number < snapshot.incident_count(); ++number) {
    const state::Incident& incident = snapshot.incident(number);
    if (model::is_settled(incident.state) || !incident.located || incident.moved_away) continue;
    const model::DivisionIndex group = incident.division.valid()
                                           ? tree.ancestor_at_level(incident.division, options.gather_level)
                                           : model::DivisionIndex::none();
    if (group.valid()) ++m_open_of_group[group.value];
    m_open.push_back({number, group, px_from_world(viewport, tree.to_world(incident.point_units)),
                      m_new.pulse(incident, options.now_utc), incident.severity, incident.first_seen_at});
  }
}

// A bubble stands for a whole division and may step aside; a critical case stands where it is. Without a way out within
// reach it stays where it was.
base::Vec2d MarkerLayout::clear_of_critical(model::DivisionIndex group, base::Vec2d position_px, double radius_px,
                                            double marker_px) const {
  constexpr int kSteps = 4;
  const double apart_px = radius_px + marker_px / 2 + 2;
  base::Vec2d at = position_px;
  for (int step = 0; step < kSteps; ++step) {
    const Open* nearest = nullptr;
    double nearest_px = apart_px;
    for (const Open& open : m_open) {
      if (open.severity != model::Severity::Critical || open.group != group) continue;
      const double distance = std::hypot(open.position_px.x - at.x, open.position_px.y - at.y);
      if (distance < nearest_px) {
        nearest = &open;
        nearest_px = distance;
      }
    }
    if (nearest == nullptr) return at;
    const base::Vec2d away = nearest_px > 0 ? (at - nearest->position_px) * (1 / nearest_px) : base::Vec2d{0, -1};
    at = nearest->position_px + away * (apart_px + 0.5);
  }
  return position_px;
}

void MarkerLayout::gather(const state::WorldSnapshot& snapshot, const Viewport& viewport, const MarkerOptions& options,
                          std::vector<MarkerInstance>& out) {
  const model::DivisionTree& tree = *snapshot.tree;
  m_gathered.assign(tree.divisions().size(), false);
  const model::Range range = tree.levels().at(options.gather_level).divisions;
  const double px_per_m = viewport.view.px_per_m;
  const double marker_area_px2 = std::pow(options.size_px * kMarkerAirFactor, 2);
  for (std::uint32_t i = range.begin; i < range.end; ++i) {
    const model::Division& division = tree.divisions()[i];
    const double area_px2 = division.area_m2 * px_per_m * px_per_m;
    const bool is_crowded = m_open_of_group[i] > 2 && m_open_of_group[i] * marker_area_px2 > kCoverMax * area_px2;
    if (!is_crowded) continue;
    m_gathered[i] = true;
    base::Vec2d position_px = px_from_world(viewport, division.anchor_world);
    if (!is_inside(viewport, position_px)) continue;
    const state::CaseCounts& counts = snapshot.total->at(i);
    const float size_px = bubble_size_px(counts.open, options.size_px);
    if (worst(counts) == model::Severity::Critical) {
      const float marker_px = options.size_px * severity_size(model::Severity::Critical);
      position_px = clear_of_critical(model::DivisionIndex{i}, position_px, size_px / 2, marker_px);
    }
    out.push_back({tree.to_units(world_from_px(viewport, position_px)), size_px, model::MarkerShape::Circle,
                   kBubbleFill, severity_color(worst(counts)), 0});
    m_bubbles.push_back({model::DivisionIndex{i}, position_px, size_px, counts.open});
  }
}

}  // namespace gridwall::scene
