#include "wire/alert_codec.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>

#include "wire/constants.hpp"
#include "wire/message_fields.hpp"

namespace gridwall::wire {

namespace {

using Slot = std::optional<JsonView>;
using model::AlertArea;
using model::AlertFacts;
using model::AlertStatus;
using Ring = std::vector<base::Vec2d>;

constexpr std::array<std::string_view, 3> kStatusWords{"actual", "exercise", "test"};

enum Member : std::size_t {
  kStatus,
  kCategory,
  kName,
  kSeverity,
  kUrgency,
  kCertainty,
  kEffective,
  kOnset,
  kExpires,
  kHeadline,
  kDescription,
  kInstruction,
  kCircles,
  kCodes,
  kResolved
};
constexpr std::array<std::string_view, 15> kNames{"status",      "category",    "name",    "severity", "urgency",
                                                  "certainty",   "effective",   "onset",   "expires",  "headline",
                                                  "description", "instruction", "circles", "codes",    "resolved"};
static_assert(kResolved + 1 == kNames.size());

Fault geometry_fault(std::string_view what) {
  return {RefusalReason::BadGeometry, fmt::format("'data.geometry' {}", what)};
}

// Longitude and latitude in degrees; a third number (height) is allowed and left out.
bool read_lonlat(const JsonView& view, base::Vec2d& out) {
  const std::vector<JsonView> items = view.items();
  if (items.size() < 2 || items.size() > 3) return false;
  const auto lon = items[0].number(), lat = items[1].number();
  if (!lon || !lat || !(std::abs(*lon) <= 180) || !(std::abs(*lat) <= 90)) return false;
  out = {*lon + 0.0, *lat + 0.0};
  return true;
}

class AreaReader {
 public:
  explicit AreaReader(AlertArea& area) : m_area(area) {}

  MaybeFault read_geometry(const JsonView& geometry, std::uint64_t& dropped_count) {
    if (geometry.kind() != JsonKind::Object) return Fault{RefusalReason::WrongType, "'data.geometry' is no object"};
    static constexpr std::array<std::string_view, 2> kParts{"type", "coordinates"};
    std::array<Slot, kParts.size()> slots;
    if (auto found = pick_members(geometry, "data.geometry", kParts, slots, dropped_count)) return found;
    const auto type = slots[0] ? slots[0]->text() : std::nullopt;
    if (type != "Polygon" && type != "MultiPolygon") return geometry_fault("is no Polygon, MultiPolygon or null");
    if (!slots[1] || slots[1]->kind() != JsonKind::Array) return geometry_fault("has no coordinates");
    if (type == "Polygon") return read_polygon(*slots[1]);
    const std::vector<JsonView> polygons = slots[1]->items();
    if (polygons.empty()) return geometry_fault("has no polygon");
    for (const JsonView& polygon : polygons) {
      if (auto found = read_polygon(polygon)) return found;
    }
    return std::nullopt;
  }

  MaybeFault read_circles(const Slot& slot) {
    if (!slot) return std::nullopt;
    const std::vector<JsonView> circles = slot->items();
    if (slot->kind() != JsonKind::Array || circles.size() > kAlertCirclesMax) {
      return Fault{RefusalReason::BadGeometry, fmt::format("'circles' is no array of at most {}", kAlertCirclesMax)};
    }
    for (const JsonView& view : circles) {
      const std::vector<JsonView> numbers = view.items();
      AlertArea::Circle circle;
      const auto radius = numbers.size() == 3 ? numbers[2].number() : std::nullopt;
      if (!radius || !(*radius >= 0) || *radius > kAlertRadiusKmMax || !read_lonlat(view, circle.center_lonlat)) {
        return Fault{RefusalReason::BadCoordinates, "'circles' holds something else than [longitude, latitude, km]"};
      }
      circle.radius_km = *radius + 0.0;
      m_area.circles.push_back(circle);
    }
    return std::nullopt;
  }

  MaybeFault read_codes(const Slot& slot) {
    if (!slot) return std::nullopt;
    const std::vector<JsonView> codes = slot->items();
    if (slot->kind() != JsonKind::Array || codes.size() > kAlertCodesMax) {
      return Fault{RefusalReason::WrongType, fmt::format("'codes' is no array of at most {}", kAlertCodesMax)};
    }
    for (const JsonView& code : codes) {
      std::string text;
      if (auto found = read_text(Slot(code), {"codes", kCodeBytesMax, true}, text)) return found;
      m_area.codes.push_back(std::move(text));
    }
    return std::nullopt;
  }

 private:
  MaybeFault read_polygon(const JsonView& polygon) {
    const std::vector<JsonView> rings = polygon.items();
    if (rings.size() != 1) return geometry_fault("has a polygon with holes or without a ring; an alert's has one ring");
    if (m_area.polygons_lonlat.size() == kAlertPolygonsMax) {
      return geometry_fault(fmt::format("has more than {} polygons", kAlertPolygonsMax));
    }
    m_point_count += rings[0].item_count();
    if (m_point_count > kAlertPointsMax) {
      return geometry_fault(fmt::format("has more than {} points", kAlertPointsMax));
    }
    Ring ring;
    for (const JsonView& position : rings[0].items()) {
      base::Vec2d point;
      if (!read_lonlat(position, point)) {
        return Fault{RefusalReason::BadCoordinates,
                     "'data.geometry.coordinates' hold something else than longitude and latitude in degrees"};
      }
      ring.push_back(point);
    }
    if (ring.size() < 4 || !(ring.front() == ring.back())) return geometry_fault("has a ring that is not closed");
    m_area.polygons_lonlat.push_back(std::move(ring));
    return std::nullopt;
  }

  AlertArea& m_area;
  std::size_t m_point_count = 0;
};

// Lines are allowed, other control characters are not.
MaybeFault read_lines(const Slot& slot, Member member, std::string& out) {
  if (!slot) return std::nullopt;
  const auto text = slot->text();
  if (!text) return Fault{RefusalReason::WrongType, fmt::format("'{}' is no text", kNames[member])};
  if (text->size() > kAlertTextBytesMax) {
    return Fault{RefusalReason::TextTooLong, fmt::format("'{}' has {} bytes; at most {} are allowed", kNames[member],
                                                         text->size(), kAlertTextBytesMax)};
  }
  for (const char c : *text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\n') || byte == 0x7f) {
      return Fault{RefusalReason::BadText, fmt::format("'{}' has control characters", kNames[member])};
    }
  }
  out = *text;
  return std::nullopt;
}

MaybeFault read_status(const Slot& slot, AlertStatus& out) {
  if (!slot) return std::nullopt;
  const auto word = slot->text();
  for (std::size_t i = 0; i < kStatusWords.size(); ++i) {
    if (word != kStatusWords[i]) continue;
    out = static_cast<AlertStatus>(i);
    return std::nullopt;
  }
  return Fault{RefusalReason::BadText, "'status' is none of actual, exercise, test"};
}

MaybeFault read_severity(const Slot& slot, model::Severity& out) {
  if (!slot) return std::nullopt;
  const auto severity = slot->integer();
  if (!severity || *severity < 1 || *severity > static_cast<std::int64_t>(model::kSeverityCount)) {
    return Fault{RefusalReason::BadSeverity, "'severity' is no integer from 1 (critical) to 4 (minor)"};
  }
  out = static_cast<model::Severity>(*severity);
  return std::nullopt;
}

using Slots = std::array<Slot, kNames.size()>;

MaybeFault read_words(const Slots& slots, AlertFacts& alert) {
  const struct {
    Member member;
    std::size_t bytes_max;
    std::string& out;
  } kWords[] = {{kCategory, kAlertWordBytesMax, alert.category},
                {kName, kAlertNameBytesMax, alert.name},
                {kUrgency, kAlertWordBytesMax, alert.urgency},
                {kCertainty, kAlertWordBytesMax, alert.certainty},
                {kHeadline, kHeadlineBytesMax, alert.headline}};
  for (const auto& word : kWords) {
    if (auto found = read_text(slots[word.member], {kNames[word.member], word.bytes_max, false}, word.out)) {
      return found;
    }
  }
  if (auto found = read_lines(slots[kDescription], kDescription, alert.description)) return found;
  return read_lines(slots[kInstruction], kInstruction, alert.instruction);
}

MaybeFault read_properties(const Slots& slots, AlertFacts& alert, AreaReader& area) {
  if (auto found = read_status(slots[kStatus], alert.status)) return found;
  if (auto found = read_severity(slots[kSeverity], alert.severity)) return found;
  if (auto found = read_words(slots, alert)) return found;
  if (auto found = read_time(slots[kEffective], kNames[kEffective], false, alert.effective_at)) return found;
  if (auto found = read_time(slots[kOnset], kNames[kOnset], false, alert.onset_at)) return found;
  if (auto found = read_time(slots[kExpires], kNames[kExpires], false, alert.expires_at)) return found;
  if (auto found = area.read_circles(slots[kCircles])) return found;
  return area.read_codes(slots[kCodes]);
}

void write_text(base::JsonWriter& json, Member member, const std::string& text) {
  if (!text.empty()) json.field(kNames[member], text);
}

void write_time(base::JsonWriter& json, Member member, const std::optional<base::UtcTime>& time) {
  if (time) json.field(kNames[member], exact_time_text(*time));
}

void write_polygon(base::JsonWriter& json, const Ring& ring) {
  json.begin_array().begin_array();
  for (const base::Vec2d point : ring) json.begin_array().value(point.x).value(point.y).end_array();
  json.end_array().end_array();
}

void write_geometry(base::JsonWriter& json, const AlertArea& area) {
  json.key("geometry");
  if (area.polygons_lonlat.empty()) {
    json.null();
    return;
  }
  const bool single = area.polygons_lonlat.size() == 1;
  json.begin_object().field("type", single ? "Polygon" : "MultiPolygon").key("coordinates");
  if (!single) json.begin_array();
  for (const Ring& ring : area.polygons_lonlat) write_polygon(json, ring);
  if (!single) json.end_array();
  json.end_object();
}

void write_area_lists(base::JsonWriter& json, const AlertArea& area) {
  if (!area.circles.empty()) {
    json.key(kNames[kCircles]).begin_array();
    for (const AlertArea::Circle& circle : area.circles) {
      json.begin_array()
          .value(circle.center_lonlat.x)
          .value(circle.center_lonlat.y)
          .value(circle.radius_km)
          .end_array();
    }
    json.end_array();
  }
  if (!area.codes.empty()) {
    json.key(kNames[kCodes]).begin_array();
    for (const std::string& code : area.codes) json.value(code);
    json.end_array();
  }
}

}  // namespace

MaybeFault read_alert(const JsonView& data, AlertFacts& alert, Slot& resolved, std::uint64_t& dropped_count) {
  if (data.kind() != JsonKind::Object) return Fault{RefusalReason::WrongType, "'data' is no object"};
  static constexpr std::array<std::string_view, 3> kParts{"type", "geometry", "properties"};
  std::array<Slot, kParts.size()> parts;
  if (auto found = pick_members(data, "data", kParts, parts, dropped_count)) return found;
  if (!parts[0] || parts[0]->text() != "Feature") {
    return Fault{RefusalReason::BadGeometry, "'data.type' is not \"Feature\""};
  }
  AreaReader area(alert.area);
  if (parts[1]) {
    if (auto found = area.read_geometry(*parts[1], dropped_count)) return found;
  }
  if (!parts[2]) return std::nullopt;
  if (parts[2]->kind() != JsonKind::Object) return Fault{RefusalReason::WrongType, "'data.properties' is no object"};
  Slots slots;
  if (auto found = pick_members(*parts[2], "data.properties", kNames, slots, dropped_count)) return found;
  resolved = slots[kResolved];
  return read_properties(slots, alert, area);
}

void write_alert(base::JsonWriter& json, const AlertFacts& alert) {
  write_geometry(json, alert.area);
  json.key("properties").begin_object();
  json.field(kNames[kStatus], kStatusWords[static_cast<std::size_t>(alert.status)]);
  write_text(json, kCategory, alert.category);
  write_text(json, kName, alert.name);
  json.field(kNames[kSeverity], static_cast<int>(alert.severity));
  write_text(json, kUrgency, alert.urgency);
  write_text(json, kCertainty, alert.certainty);
  write_time(json, kEffective, alert.effective_at);
  write_time(json, kOnset, alert.onset_at);
  write_time(json, kExpires, alert.expires_at);
  write_text(json, kHeadline, alert.headline);
  write_text(json, kDescription, alert.description);
  write_text(json, kInstruction, alert.instruction);
  write_area_lists(json, alert.area);
}

}  // namespace gridwall::wire
