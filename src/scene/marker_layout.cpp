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
  std::erase_if(m_seen, [&](const auto& seen) { return now_utc - seen.second.at >= kPulse; });
  const bool is_first = snapshot.tree.get() != m_tree || snapshot.state_time < m_state_time;
  if (is_first) m_seen.clear();
  if (!is_first && snapshot.version != m_version) {
    for (const std::uint32_t number : snapshot.newest) {
      const state::Incident& incident = snapshot.incident(number);
      if (incident.first_seen_at > m_state_time) m_seen.try_emplace(std::string(incident.id), Seen{now_utc, number});
    }
  }
  m_tree = snapshot.tree.get();
  m_version = snapshot.version;
  m_state_time = snapshot.state_time;
}

float NewIncidents::pulse(const state::Incident& incident, base::UtcTime now_utc) const {
  if (m_seen.empty()) return 0;
  const auto seen = m_seen.find(incident.id);
  if (seen == m_seen.end() || now_utc - seen->second.at >= kPulse) return 0;
  const double age_s = std::chrono::duration<double>(now_utc - seen->second.at).count();
  const double phase = std::fmod(age_s, kPulsePeriodS) / kPulsePeriodS;
  return static_cast<float>(std::clamp(phase, 0.01, 1.0));
}

void NewIncidents::append_numbers(const state::WorldSnapshot& snapshot, std::vector<std::uint32_t>& numbers) const {
  for (const auto& [id, seen] : m_seen) {
    // A world that was fetched anew may have given them other numbers.
    if (seen.number < snapshot.incident_count() && snapshot.incident(seen.number).id == id) {
      numbers.push_back(seen.number);
    }
  }
}

void MarkerLayout::lay_out(const state::WorldSnapshot& snapshot, const model::Vocabulary& vocabulary,
                           const Viewport& viewport, const MarkerOptions& options, std::vector<MarkerInstance>& out) {
  m_new.note(snapshot, options.now_utc);
  m_index.follow(snapshot);
  m_drawn.clear();
  m_bubbles.clear();
  m_open.clear();
  const Pass pass{snapshot, viewport, options, out};
  collect_critical(pass);
  add_all(pass, m_index.at(model::DivisionIndex::none()));
  visit(pass, snapshot.tree->root().value);
  add_outstanding(pass);
  // Minor first, critical last; of equals the newest lies above.
  const auto order = [](const Open& open) {
    return std::tuple(-static_cast<int>(open.severity), open.first_seen_at, open.number);
  };
  std::ranges::sort(m_open, {}, order);
  const auto same = std::ranges::unique(m_open, {}, &Open::number);
  m_open.erase(same.begin(), same.end());
  for (const Open& open : m_open) {
    const state::Incident& incident = snapshot.incident(open.number);
    const bool is_selected = !options.selected_incident.empty() && incident.id == options.selected_incident;
    const float size_px = options.size_px * severity_size(open.severity) * (is_selected ? 1.5f : 1.0f);
    out.push_back({incident.point_units, size_px, shape_of(vocabulary, snapshot.class_code(incident)),
                   severity_color(open.severity), is_selected ? kMarkerRingSelected : kMarkerRing, open.pulse});
    m_drawn.push_back({open.number, open.position_px, size_px});
  }
}

bool MarkerLayout::may_be_seen(const Pass& pass, const PointBox& box) {
  if (box.min.x > box.max.x) return false;
  const model::DivisionTree& tree = *pass.snapshot.tree;
  const base::Vec2d low = px_from_world(pass.viewport, tree.to_world(box.min));
  const base::Vec2d high = px_from_world(pass.viewport, tree.to_world(box.max));
  const base::Vec2i from = pass.viewport.offset_px, size = pass.viewport.size_px;
  return low.x < from.x + size.x + 1.0 && high.x > from.x - 1.0 && high.y < from.y + size.y + 1.0 &&
         low.y > from.y - 1.0;
}

bool MarkerLayout::is_crowded(const Pass& pass, std::uint32_t division) const {
  const std::uint32_t count = m_index.count_below(model::DivisionIndex{division});
  const double px_per_m = pass.viewport.view.px_per_m;
  const double area_px2 = pass.snapshot.tree->divisions()[division].area_m2 * px_per_m * px_per_m;
  const double marker_area_px2 = std::pow(pass.options.size_px * kMarkerAirFactor, 2);
  return count > 2 && count * marker_area_px2 > kCoverMax * area_px2;
}

void MarkerLayout::collect_critical(const Pass& pass) {
  const model::DivisionTree& tree = *pass.snapshot.tree;
  m_critical.clear();
  for (const std::uint32_t number : m_index.critical()) {
    const state::Incident& incident = pass.snapshot.incident(number);
    const model::DivisionIndex group = incident.division.valid()
                                           ? tree.ancestor_at_level(incident.division, pass.options.gather_level)
                                           : model::DivisionIndex::none();
    if (!group.valid()) continue;
    m_critical.push_back({group.value, number, px_from_world(pass.viewport, tree.to_world(incident.point_units))});
  }
  std::ranges::sort(m_critical, {}, [](const Critical& one) { return std::pair(one.group, one.number); });
}

// Down to the gather level, where what is crowded becomes a bubble and what is not stands for itself.
void MarkerLayout::visit(const Pass& pass, std::uint32_t index) {
  const model::Division& division = pass.snapshot.tree->divisions()[index];
  if (m_index.count_below(model::DivisionIndex{index}) == 0) return;
  if (division.level_index == pass.options.gather_level) {
    if (is_crowded(pass, index)) {
      gather(pass, index);
    } else {
      open_up(pass, index);
    }
    return;
  }
  add_all(pass, m_index.at(model::DivisionIndex{index}));
  for (std::uint32_t child = division.children.begin; child < division.children.end; ++child) visit(pass, child);
}

// All of a division, down to its leaves, as far as it may be seen.
void MarkerLayout::open_up(const Pass& pass, std::uint32_t index) {
  if (!may_be_seen(pass, m_index.box_below(model::DivisionIndex{index}))) return;
  add_all(pass, m_index.at(model::DivisionIndex{index}));
  const model::Range children = pass.snapshot.tree->divisions()[index].children;
  for (std::uint32_t child = children.begin; child < children.end; ++child) open_up(pass, child);
}

void MarkerLayout::add_all(const Pass& pass, std::span<const std::uint32_t> numbers) {
  const model::DivisionTree& tree = *pass.snapshot.tree;
  for (const std::uint32_t number : numbers) {
    const state::Incident& incident = pass.snapshot.incident(number);
    const base::Vec2d position_px = px_from_world(pass.viewport, tree.to_world(incident.point_units));
    if (!is_inside(pass.viewport, position_px)) continue;
    m_open.push_back(
        {number, position_px, m_new.pulse(incident, pass.options.now_utc), incident.severity, incident.first_seen_at});
  }
}

std::uint32_t MarkerLayout::number_of_selected(const Pass& pass) {
  constexpr std::uint32_t kUnknown = 0xffffffff;
  const std::string_view id = pass.options.selected_incident;
  if (id.empty()) return kUnknown;
  const state::WorldSnapshot& snapshot = pass.snapshot;
  const auto is = [&](std::uint32_t number) {
    return number < snapshot.incident_count() && snapshot.incident(number).id == id;
  };
  if (m_selected == id && (is(m_selected_number) || m_selected_version == snapshot.version)) return m_selected_number;
  m_selected = id;
  m_selected_version = snapshot.version;
  m_selected_number = kUnknown;
  for (std::uint32_t number = 0; number < snapshot.incident_count(); ++number) {
    if (is(number)) m_selected_number = number;
  }
  return m_selected_number;
}

// What stays visible beside its bubble: what is critical, new or selected. What stands for itself is there twice now.
void MarkerLayout::add_outstanding(const Pass& pass) {
  std::vector<std::uint32_t> numbers;
  for (const Critical& critical : m_critical) numbers.push_back(critical.number);
  m_new.append_numbers(pass.snapshot, numbers);
  if (const std::uint32_t selected = number_of_selected(pass); selected < pass.snapshot.incident_count()) {
    numbers.push_back(selected);
  }
  std::erase_if(numbers,
                [&](std::uint32_t number) { return !IncidentIndex::is_shown(pass.snapshot.incident(number)); });
  add_all(pass, numbers);
}

// A bubble stands for a whole division and may step aside; a critical case stands where it is. Without a way out within
// reach it stays where it was.
base::Vec2d MarkerLayout::clear_of_critical(std::uint32_t group, base::Vec2d position_px, double radius_px,
                                            double marker_px) const {
  constexpr int kSteps = 4;
  const auto own = std::ranges::equal_range(m_critical, group, {}, &Critical::group);
  const double apart_px = radius_px + marker_px / 2 + 2;
  base::Vec2d at = position_px;
  for (int step = 0; step < kSteps; ++step) {
    const Critical* nearest = nullptr;
    double nearest_px = apart_px;
    for (const Critical& critical : own) {
      const double distance = std::hypot(critical.position_px.x - at.x, critical.position_px.y - at.y);
      if (distance < nearest_px) {
        nearest = &critical;
        nearest_px = distance;
      }
    }
    if (nearest == nullptr) return at;
    const base::Vec2d away = nearest_px > 0 ? (at - nearest->position_px) * (1 / nearest_px) : base::Vec2d{0, -1};
    at = nearest->position_px + away * (apart_px + 0.5);
  }
  return position_px;
}

void MarkerLayout::gather(const Pass& pass, std::uint32_t index) {
  const model::DivisionTree& tree = *pass.snapshot.tree;
  base::Vec2d position_px = px_from_world(pass.viewport, tree.divisions()[index].anchor_world);
  if (!is_inside(pass.viewport, position_px)) return;
  const state::CaseCounts& counts = pass.snapshot.total->at(index);
  const float size_px = bubble_size_px(counts.open, pass.options.size_px);
  if (worst(counts) == model::Severity::Critical) {
    const float marker_px = pass.options.size_px * severity_size(model::Severity::Critical);
    position_px = clear_of_critical(index, position_px, size_px / 2, marker_px);
  }
  pass.out.push_back({tree.to_units(world_from_px(pass.viewport, position_px)), size_px, model::MarkerShape::Circle,
                      kBubbleFill, severity_color(worst(counts)), 0});
  m_bubbles.push_back({model::DivisionIndex{index}, position_px, size_px, counts.open});
}

}  // namespace gridwall::scene
