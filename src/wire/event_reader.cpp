#include "wire/event_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "base/base64.hpp"
#include "base/time_text.hpp"
#include "model/path.hpp"
#include "wire/alert_codec.hpp"
#include "wire/constants.hpp"
#include "wire/register_codec.hpp"
#include "wire/step_facts.hpp"

namespace gridwall::wire {

namespace {

using Slot = std::optional<JsonView>;

constexpr std::string_view kIncidentPrefix = "incident.";

bool is_known_kind(std::string_view type) {
  return type.starts_with(kIncidentPrefix) || type.starts_with(kAlertPrefix) || type == model::kDerivedValue ||
         register_kind(type).has_value();
}

Fault fault(RefusalReason reason, std::string detail) {
  return {reason, std::move(detail)};
}

// Ids and codes are shown on walls and written to logs: no control characters.
bool has_control_characters(std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) return true;
  }
  return false;
}

}  // namespace

MaybeFault read_text(const Slot& slot, const TextRule& rule, std::string& out) {
  if (!slot) {
    if (!rule.required) return std::nullopt;
    return fault(RefusalReason::MissingMember, fmt::format("'{}' is missing; expected a text", rule.name));
  }
  const auto text = slot->text();
  if (!text) return fault(RefusalReason::WrongType, fmt::format("'{}' is no text", rule.name));
  if (text->size() > rule.bytes_max) {
    return fault(RefusalReason::TextTooLong,
                 fmt::format("'{}' has {} bytes; at most {} are allowed", rule.name, text->size(), rule.bytes_max));
  }
  if (rule.required && text->empty()) {
    return fault(RefusalReason::BadText, fmt::format("'{}' is empty", rule.name));
  }
  if (has_control_characters(*text)) {
    return fault(RefusalReason::BadText, fmt::format("'{}' has control characters", rule.name));
  }
  out = *text;
  return std::nullopt;
}

MaybeFault read_time(const Slot& slot, std::string_view name, bool required, std::optional<base::UtcTime>& out) {
  if (!slot && !required) return std::nullopt;
  std::string text;
  if (auto found = read_text(slot, {name, 64, true}, text)) return found;
  const auto time = base::parse_rfc3339(text);
  if (!time || *time < kTimeMin || *time >= kTimeMax) {
    return fault(RefusalReason::BadTime,
                 fmt::format("'{}' is no RFC 3339 time with offset between 1970 and 2200; expected for example "
                             "2026-11-22T09:30:00+08:00",
                             name));
  }
  out = *time;
  return std::nullopt;
}

namespace {

bool is_json_content(std::string_view type) {
  const std::string_view essence = type.substr(0, type.find(';'));
  return essence == "application/json" || essence == "text/json" || essence.ends_with("+json");
}

// Two finite numbers within bounds; a third (height) is allowed and left out.
bool read_position(const JsonView& view, base::Vec2d& out) {
  if (view.kind() != JsonKind::Array) return false;
  std::array<double, 3> numbers{};
  std::size_t count = 0;
  bool good = true;
  view.for_each_item([&](const JsonView& item) {
    const auto number = item.number();
    good = good && count < numbers.size() && number && std::isfinite(*number) && std::abs(*number) <= kCoordinateMax;
    if (good) numbers[count++] = *number;
  });
  if (!good || count < 2) return false;
  // Adding zero turns -0 into 0, which JSON integers cannot tell apart.
  out = {numbers[0] + 0.0, numbers[1] + 0.0};
  return true;
}

std::optional<base::Vec2i> read_units(const JsonView& view) {
  if (view.kind() != JsonKind::Array) return std::nullopt;
  std::array<std::int32_t, 2> numbers{};
  std::size_t count = 0;
  bool good = true;
  view.for_each_item([&](const JsonView& item) {
    const auto number = item.integer();
    good = good && count < numbers.size() && number && *number >= std::numeric_limits<std::int32_t>::min() &&
           *number <= std::numeric_limits<std::int32_t>::max();
    if (good) numbers[count++] = static_cast<std::int32_t>(*number);
  });
  if (!good || count != numbers.size()) return std::nullopt;
  return base::Vec2i{numbers[0], numbers[1]};
}

}  // namespace

MaybeFault pick_members(const JsonView& object, std::string_view where, std::span<const std::string_view> names,
                        std::span<Slot> slots, std::uint64_t& dropped_count) {
  std::uint32_t seen = 0;
  MaybeFault found;
  std::size_t next = 0;  // whoever writes members writes them in the same order: the next name is likely meant
  object.for_each_member([&](std::string_view name, const JsonView& value) {
    std::size_t i = next, tried = 0;
    while (tried < names.size() && names[i] != name) {
      ++tried;
      i = i + 1 == names.size() ? 0 : i + 1;
    }
    if (tried == names.size()) {
      ++dropped_count;
      return;
    }
    next = i + 1 == names.size() ? 0 : i + 1;
    if ((seen >> i & 1u) != 0) {
      // Goes on: what else stands there may name the event.
      found = fault(RefusalReason::DuplicateMember, fmt::format("'{}' stands twice in {}", names[i], where));
      return;
    }
    seen |= 1u << i;
    if (value.kind() != JsonKind::Null) slots[i] = value;
  });
  return found;
}

MaybeFault EventReader::pick(const JsonView& object, std::string_view where, std::span<const std::string_view> names,
                             std::span<Slot> slots) {
  return pick_members(object, where, names, slots, m_dropped_member_count);
}

MaybeFault EventReader::read_envelope(const JsonView& element, model::Event& event, Slot& data) {
  static constexpr std::array<std::string_view, 8> kNames{"id",      "source",          "type", "specversion", "time",
                                                          "subject", "datacontenttype", "data"};
  std::array<Slot, kNames.size()> slots;
  const auto picked = pick(element, "the event", kNames, slots);
  // Id and source first, so that every later refusal can name the event.
  if (auto found = read_text(slots[0], {"id", kIdBytesMax, true}, event.id)) return found;
  if (auto found = read_text(slots[1], {"source", kIdBytesMax, true}, event.source)) return found;
  if (picked) return picked;
  if (auto found = read_text(slots[2], {"type", kIdBytesMax, true}, event.type)) return found;
  std::string specversion, content_type;
  if (auto found = read_text(slots[3], {"specversion", 16, true}, specversion)) return found;
  if (specversion != "1.0") {
    return fault(RefusalReason::BadSpecversion, "'specversion' is not \"1.0\", the only version understood");
  }
  if (!is_known_kind(event.type)) return std::nullopt;
  std::optional<base::UtcTime> time;
  if (auto found = read_time(slots[4], "time", true, time)) return found;
  event.occurred_at = *time;
  if (auto found = read_text(slots[5], {"subject", kSubjectBytesMax, true}, event.incident.incident_id)) return found;
  if (auto found = read_text(slots[6], {"datacontenttype", kIdBytesMax, false}, content_type)) return found;
  if (!content_type.empty() && !is_json_content(content_type)) {
    return fault(RefusalReason::BadContentType, "'datacontenttype' is not application/json");
  }
  if (event.type.starts_with(kAlertPrefix)) event.alert.emplace().alert_id = event.incident.incident_id;
  if (const auto kind = register_kind(event.type)) event.entry.emplace().kind = *kind;
  data = slots[7];
  return std::nullopt;
}

MaybeFault EventReader::read_alert_data(const JsonView& data, model::Event& event) {
  Slot resolved;
  if (auto found = read_alert(data, *event.alert, resolved, m_dropped_member_count)) return found;
  if (!resolved) return std::nullopt;
  if (m_side == Side::Feed) return read_resolved(*resolved, event);
  ++m_dropped_member_count;  // only the hub says where an alert belongs
  return std::nullopt;
}

MaybeFault EventReader::read_data(const JsonView& data, model::Event& event) {
  if (data.kind() != JsonKind::Object) return fault(RefusalReason::WrongType, "'data' is no object");
  static constexpr std::array<std::string_view, 3> kNames{"type", "geometry", "properties"};
  std::array<Slot, kNames.size()> slots;
  if (auto found = pick(data, "data", kNames, slots)) return found;
  if (!slots[0] || slots[0]->text() != "Feature") {
    return fault(RefusalReason::BadGeometry, "'data.type' is not \"Feature\"");
  }
  if (slots[1]) {
    if (auto found = read_geometry(*slots[1], event)) return found;
  }
  if (slots[2]) {
    if (auto found = event.entry ? read_entry_properties(*slots[2], event) : read_properties(*slots[2], event)) {
      return found;
    }
  }
  if (event.entry && event.entry->table.empty()) {
    return fault(RefusalReason::MissingMember, "'table' is missing; expected the id of a row of the profile");
  }
  if (event.incident.point && event.incident.crs.empty()) {
    return fault(RefusalReason::CrsMissing,
                 "a point is given without 'data.properties.crs'; say for example \"EPSG:4326\"");
  }
  return std::nullopt;
}

MaybeFault EventReader::read_geometry(const JsonView& geometry, model::Event& event) {
  if (geometry.kind() != JsonKind::Object) return fault(RefusalReason::WrongType, "'data.geometry' is no object");
  static constexpr std::array<std::string_view, 2> kNames{"type", "coordinates"};
  std::array<Slot, kNames.size()> slots;
  if (auto found = pick(geometry, "data.geometry", kNames, slots)) return found;
  if (!slots[0] || slots[0]->text() != "Point") {
    return fault(RefusalReason::BadGeometry, "'data.geometry.type' is not \"Point\"; send a point or null");
  }
  base::Vec2d point;
  if (!slots[1] || !read_position(*slots[1], point)) {
    return fault(RefusalReason::BadCoordinates, "'data.geometry.coordinates' are not two finite numbers");
  }
  event.incident.point = point;
  return std::nullopt;
}

MaybeFault EventReader::read_properties(const JsonView& properties, model::Event& event) {
  if (properties.kind() != JsonKind::Object) {
    return fault(RefusalReason::WrongType, "'data.properties' is no object");
  }
  static constexpr std::array<std::string_view, 7> kPlain{"crs",      "class_set", "class",     "channel",
                                                          "division", "severity",  "department"};
  static constexpr auto kNames = [] {
    std::array<std::string_view, kPlain.size() + kStepNames.size() + kHubNames.size()> names;
    std::copy(kPlain.begin(), kPlain.end(), names.begin());
    std::copy(kStepNames.begin(), kStepNames.end(), names.begin() + kPlain.size());
    std::copy(kHubNames.begin(), kHubNames.end(), names.end() - kHubNames.size());
    return names;
  }();
  std::array<Slot, kNames.size()> slots;
  // What the hub adds is an unknown member to a publisher.
  const std::size_t count = m_side == Side::Feed ? kNames.size() : kNames.size() - kHubNames.size();
  if (auto found = pick(properties, "data.properties", std::span(kNames).first(count), slots)) return found;
  model::IncidentFacts& facts = event.incident;
  if (auto found = read_text(slots[0], {"crs", kCrsBytesMax, false}, facts.crs)) return found;
  if (auto found = read_text(slots[1], {"class_set", kCodeBytesMax, false}, facts.class_set)) return found;
  if (auto found = read_text(slots[2], {"class", kCodeBytesMax, false}, facts.class_code)) return found;
  if (auto found = read_text(slots[3], {"channel", kCodeBytesMax, false}, facts.channel)) return found;
  if (auto found = read_text(slots[4], {"division", kCodeBytesMax, false}, facts.division_code)) return found;
  if (slots[5]) {
    const auto severity = slots[5]->integer();
    if (!severity || *severity < 1 || *severity > static_cast<std::int64_t>(model::kSeverityCount)) {
      return fault(RefusalReason::BadSeverity, "'severity' is no integer from 1 (critical) to 4 (minor)");
    }
    facts.severity = static_cast<model::Severity>(*severity);
  }
  if (auto found = read_text(slots[6], {"department", kDepartmentBytesMax, false}, facts.department)) return found;
  const auto step_slots = std::span(slots).subspan<kPlain.size(), kStepNames.size()>();
  if (auto found = read_step_facts(step_slots, facts)) return found;
  if (m_side == Side::Intake) return std::nullopt;
  if (auto found = read_hub_facts(std::span(slots).last<kHubNames.size()>(), event)) return found;
  return slots[kPlain.size() + kStepNames.size()] ? read_resolved(*slots[kPlain.size() + kStepNames.size()], event)
                                                  : std::nullopt;
}

MaybeFault EventReader::read_entry_properties(const JsonView& properties, model::Event& event) {
  if (properties.kind() != JsonKind::Object) {
    return fault(RefusalReason::WrongType, "'data.properties' is no object");
  }
  static constexpr std::array<std::string_view, 3> kPlain{"crs", "division", "department"};
  static constexpr auto kNames = [] {
    std::array<std::string_view, kPlain.size() + kEntryNames.size() + 1> names;
    std::copy(kPlain.begin(), kPlain.end(), names.begin());
    std::copy(kEntryNames.begin(), kEntryNames.end(), names.begin() + kPlain.size());
    names.back() = kHubNames.front();
    return names;
  }();
  std::array<Slot, kNames.size()> slots;
  const std::size_t count = m_side == Side::Feed ? kNames.size() : kNames.size() - 1;
  if (auto found = pick(properties, "data.properties", std::span(kNames).first(count), slots)) return found;
  model::IncidentFacts& facts = event.incident;
  if (auto found = read_text(slots[0], {"crs", kCrsBytesMax, false}, facts.crs)) return found;
  if (auto found = read_text(slots[1], {"division", kCodeBytesMax, false}, facts.division_code)) return found;
  if (auto found = read_text(slots[2], {"department", kDepartmentBytesMax, false}, facts.department)) return found;
  if (auto found = read_entry(std::span(slots).subspan<kPlain.size(), kEntryNames.size()>(), *event.entry)) {
    return found;
  }
  return slots.back() ? read_resolved(*slots.back(), event) : std::nullopt;
}

// Behind `resolved`: what a derived value and a moved incident carry.
MaybeFault EventReader::read_hub_facts(std::span<const Slot, kHubNames.size()> slots, model::Event& event) {
  if (event.type == model::kDerivedValue) {
    if (auto found = read_text(slots[1], {"name", kDerivedNameBytesMax, true}, event.derived_name)) return found;
    const auto value = slots[2] ? slots[2]->integer() : std::nullopt;
    if (!value) return fault(RefusalReason::WrongType, "'value' is no integer");
    event.derived_value = *value;
  }
  if (event.type == model::kMovedIn) {
    std::string text;
    if (auto found = read_text(slots[3], {"case", kMovedCaseBytesMax * 4 / 3 + 4, true}, text)) return found;
    auto bytes = base::from_base64(text);
    if (!bytes) return fault(RefusalReason::BadText, "'case' is no base64");
    event.moved_case = std::move(*bytes);
  }
  return std::nullopt;
}

MaybeFault EventReader::read_resolved(const JsonView& resolved, model::Event& event) {
  if (resolved.kind() != JsonKind::Object) return fault(RefusalReason::BadResolved, "'resolved' is no object");
  static constexpr std::array<std::string_view, 5> kNames{"path", "claimed_code", "lonlat", "out_of_order", "units"};
  std::array<Slot, kNames.size()> slots;
  if (auto found = pick(resolved, "resolved", kNames, slots)) return found;
  if (auto found = read_text(slots[0], {"path", kPathBytesMax, true}, event.division_path)) return found;
  if (!model::is_path(event.division_path) && !model::is_own_leaf(event.division_path)) {
    return fault(RefusalReason::BadResolved, "'resolved.path' is no path");
  }
  if (auto found = read_text(slots[1], {"claimed_code", kCodeBytesMax, false}, event.claimed_code)) return found;
  if (slots[2]) {
    base::Vec2d lonlat;
    if (!read_position(*slots[2], lonlat) || std::abs(lonlat.x) > 180 || std::abs(lonlat.y) > 90) {
      return fault(RefusalReason::BadResolved, "'resolved.lonlat' is no longitude and latitude in degrees");
    }
    event.point_lonlat = lonlat;
  }
  if (slots[3]) {
    const auto out_of_order = slots[3]->truth();
    if (!out_of_order) return fault(RefusalReason::WrongType, "'resolved.out_of_order' is neither true nor false");
    event.out_of_order = *out_of_order;
  }
  if (slots[4]) {
    event.point_units = read_units(*slots[4]);
    if (!event.point_units) return fault(RefusalReason::BadResolved, "'resolved.units' are not two 32-bit integers");
  }
  return std::nullopt;
}

Element EventReader::read(const JsonView& element) {
  model::Event event;
  if (auto other = read_into(element, event)) return std::move(*other);
  return event;
}

std::optional<Element> EventReader::read_into(const JsonView& element, model::Event& event) {
  if (element.kind() != JsonKind::Object) {
    return Refusal{RefusalReason::NotAnObject, {}, {}, "the element is no object; expected a CloudEvents object"};
  }
  Slot data;
  const auto stranger = [&] {
    return !is_known_kind(event.type) || (m_side == Side::Intake && event.type == model::kDerivedValue);
  };
  auto found = read_envelope(element, event, data);
  if (!found && event.entry && !data) found = fault(RefusalReason::MissingMember, "'data' is missing");
  if (!found && data) found = event.alert ? read_alert_data(*data, event) : read_data(*data, event);
  if (!found && m_side == Side::Feed && is_known_kind(event.type) && event.division_path.empty()) {
    found = fault(RefusalReason::BadResolved, "'data.properties.resolved' is missing");
  }
  if (found) return Refusal{found->reason, event.id, event.source, std::move(found->detail)};
  if (stranger()) return UnknownType{event.id, event.source, event.type};
  return std::nullopt;
}

}  // namespace gridwall::wire
