#include "scene/marker_layout.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "scene/camera.hpp"
#include "scene/marker_fan.hpp"
#include "scene/palette.hpp"

namespace gridwall::scene {

namespace {

// Markers gather when they would cover more than this share of their division.
constexpr double kCoverMax = 0.10;
constexpr double kMarkerAirFactor = 1.6;  // a marker's box with the air around it
constexpr float kTogether = 0.5f;         // of a marker: nearer ones cannot be told apart
constexpr float kSelectedFactor = 1.5f;
constexpr std::uint32_t kNobody = 0xffffffff;
constexpr double kPulsePeriodS = 1.5;  // 0.7 Hz, below the 3 Hz that flicker must not reach

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
  m_gathered.clear();
  m_stacks.clear();
  m_fan = {};
  m_open.clear();
  const Pass pass{snapshot, viewport, options, out};
  collect_critical(pass);
  add_all(pass, m_index.at(model::DivisionIndex::none()));
  visit(pass, snapshot.tree->root().value);
  draw_bubbles(pass);
  add_outstanding(pass);
  // The heaviest first, of equals the newest.
  const auto order = [](const Open& open) {
    return std::tuple(static_cast<int>(open.severity), -open.first_seen_at.time_since_epoch().count(), ~open.number);
  };
  std::ranges::sort(m_open, {}, order);
  const auto same = std::ranges::unique(m_open, {}, &Open::number);
  m_open.erase(same.begin(), same.end());
  collect_stacks(pass);
  draw(pass, vocabulary);
}

// The gravest on top, where they meet.
void MarkerLayout::draw_bubbles(const Pass& pass) {
  const auto lightest_first = [](const Gathered& one) { return -static_cast<int>(one.worst); };
  std::ranges::stable_sort(m_gathered, {}, lightest_first);
  for (const auto& [severity, bubble] : m_gathered) {
    const base::Vec2i units = pass.snapshot.tree->to_units(world_from_px(pass.viewport, bubble.position_px));
    pass.out.push_back({units, bubble.size_px, model::MarkerShape::Circle, kBubbleFill, severity_color(severity), 0});
    m_bubbles.push_back(bubble);
  }
}

void MarkerLayout::collect_stacks(const Pass& pass) {
  std::vector<base::Vec2d> points_px;
  points_px.reserve(m_open.size());
  for (const Open& open : m_open) points_px.push_back(open.position_px);
  m_heads = stack_points(points_px, static_cast<double>(kTogether * pass.options.size_px));
  std::map<std::uint32_t, std::uint32_t> stack_of;  // by head
  for (std::uint32_t i = 0; i < m_open.size(); ++i) {
    const std::uint32_t head = m_heads[i];
    if (head == i) continue;
    const auto [at, is_new] = stack_of.emplace(head, static_cast<std::uint32_t>(m_stacks.size()));
    if (is_new) {
      const float size_px = pass.options.size_px * severity_size(m_open[head].severity);
      m_stacks.push_back({m_open[head].position_px, size_px, {m_open[head].number}});
    }
    m_stacks[at->second].members.push_back(m_open[i].number);
    m_open[head].pulse = std::max(m_open[head].pulse, m_open[i].pulse);
  }
}

// Minor first, critical last, and over all of them an open fan.
void MarkerLayout::draw(const Pass& pass, const model::Vocabulary& vocabulary) {
  // What is selected is seen to be so, be it on top or below; in a fan it is seen by itself.
  std::uint32_t selected_head = kNobody;
  for (std::uint32_t i = 0; i < m_open.size() && !pass.options.selected_incident.empty(); ++i) {
    if (pass.snapshot.incident(m_open[i].number).id == pass.options.selected_incident) selected_head = m_heads[i];
  }
  const MarkerStack* open_stack = stack_of(pass, pass.options.fan_of);
  if (open_stack != nullptr && selected_head != kNobody &&
      m_open[selected_head].number == open_stack->members.front()) {
    selected_head = kNobody;
  }
  for (std::uint32_t i = static_cast<std::uint32_t>(m_open.size()); i-- > 0;) {
    if (m_heads[i] != i) continue;
    const float factor = i == selected_head ? kSelectedFactor : 1.0f;
    const float size_px = pass.options.size_px * severity_size(m_open[i].severity) * factor;
    draw_one(pass, vocabulary, m_open[i], m_open[i].position_px, size_px, i == selected_head);
  }
  if (open_stack != nullptr) draw_fan(pass, vocabulary, *open_stack);
}

void MarkerLayout::draw_one(const Pass& pass, const model::Vocabulary& vocabulary, const Open& open,
                            base::Vec2d position_px, float size_px, bool is_selected) {
  const state::Incident& incident = pass.snapshot.incident(open.number);
  const bool in_place = position_px == open.position_px;
  const base::Vec2i units =
      in_place ? incident.point_units : pass.snapshot.tree->to_units(world_from_px(pass.viewport, position_px));
  pass.out.push_back({units, size_px, shape_of(vocabulary, pass.snapshot.class_code(incident)),
                      severity_color(open.severity), is_selected ? kMarkerRingSelected : kMarkerRing, open.pulse});
  m_drawn.push_back({open.number, position_px, size_px});
}

std::size_t OpenFan::page_count() const {
  return (members.size() + kFanPage - 1) / kFanPage;
}

const MarkerStack* MarkerLayout::stack_of(const Pass& pass, std::string_view incident_id) const {
  if (incident_id.empty()) return nullptr;
  const auto is_it = [&](std::uint32_t number) { return pass.snapshot.incident(number).id == incident_id; };
  const auto stack =
      std::ranges::find_if(m_stacks, [&](const MarkerStack& one) { return std::ranges::any_of(one.members, is_it); });
  return stack != m_stacks.end() ? &*stack : nullptr;
}

void MarkerLayout::draw_fan(const Pass& pass, const model::Vocabulary& vocabulary, const MarkerStack& stack) {
  m_fan.members = stack.members;
  m_fan.page = std::min(pass.options.fan_page, m_fan.page_count() - 1);
  m_fan.place_px = stack.position_px;
  const std::size_t first = m_fan.page * kFanPage, count = std::min(kFanPage, m_fan.members.size() - first);
  const base::Vec2i from = pass.viewport.offset_px, size = pass.viewport.size_px;
  base::Box2d room;
  room.extend(base::Vec2d{static_cast<double>(from.x), static_cast<double>(from.y)});
  room.extend(base::Vec2d{static_cast<double>(from.x) + size.x, static_cast<double>(from.y) + size.y});
  const Fan fan = fan_out(stack.position_px, count, static_cast<double>(pass.options.size_px), room);
  m_fan.center_px = fan.center_px;
  m_fan.size_px = static_cast<float>(fan.marker_px);
  for (std::size_t i = count; i-- > 0;) {
    const std::uint32_t number = m_fan.members[first + i];
    const auto open = std::ranges::find(m_open, number, &Open::number);
    const bool is_selected = pass.snapshot.incident(number).id == pass.options.selected_incident;
    draw_one(pass, vocabulary, *open, fan.positions_px[i],
             static_cast<float>(fan.marker_px) * severity_size(open->severity), is_selected);
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
  std::vector<std::uint32_t> numbers(m_index.critical().begin(), m_index.critical().end());
  if (const std::uint32_t selected = number_of_selected(pass); selected < pass.snapshot.incident_count()) {
    if (IncidentIndex::is_shown(pass.snapshot.incident(selected))) numbers.push_back(selected);
  }
  for (const std::uint32_t number : numbers) {
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
  if (std::ranges::binary_search(m_critical, index, {}, &Critical::group)) {
    const float marker_px = pass.options.size_px * severity_size(model::Severity::Critical);
    position_px = clear_of_critical(index, position_px, size_px / 2, marker_px);
  }
  m_gathered.push_back({worst(counts), {model::DivisionIndex{index}, position_px, size_px, counts.open}});
}

}  // namespace gridwall::scene
