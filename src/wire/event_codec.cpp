#include "wire/event_codec.hpp"

#include <fmt/format.h>

#include "base/base64.hpp"
#include "base/json_writer.hpp"
#include "wire/alert_codec.hpp"
#include "wire/constants.hpp"
#include "wire/event_reader.hpp"
#include "wire/json_document.hpp"
#include "wire/message_fields.hpp"
#include "wire/plain_event_reader.hpp"
#include "wire/register_codec.hpp"
#include "wire/step_facts.hpp"

namespace gridwall::wire {

namespace {

RefusalReason reason_of(JsonFault fault) {
  switch (fault) {
    case JsonFault::Empty:
      return RefusalReason::Empty;
    case JsonFault::TooLarge:
      return RefusalReason::TooLarge;
    case JsonFault::TooDeep:
      return RefusalReason::TooDeep;
    case JsonFault::BadUtf8:
      return RefusalReason::BadUtf8;
    case JsonFault::None:
    case JsonFault::Malformed:
      break;
  }
  return RefusalReason::MalformedJson;
}

DecodedBatch refuse_all(RefusalReason reason, std::string detail) {
  DecodedBatch batch;
  batch.elements.push_back(Refusal{reason, {}, {}, std::move(detail)});
  return batch;
}

void write_position(base::JsonWriter& json, base::Vec2d position) {
  json.begin_array().value(position.x).value(position.y).end_array();
}

void write_text(base::JsonWriter& json, std::string_view name, const std::string& text) {
  if (!text.empty()) json.field(name, text);
}

void write_resolved(base::JsonWriter& json, const model::Event& event) {
  json.key("resolved").begin_object().field("path", event.division_path);
  write_text(json, "claimed_code", event.claimed_code);
  if (event.point_lonlat) write_position(json.key("lonlat"), *event.point_lonlat);
  if (event.point_units) {
    json.key("units").begin_array().value(event.point_units->x).value(event.point_units->y).end_array();
  }
  if (event.out_of_order) json.field("out_of_order", true);
  json.end_object();
}

// The members of `data` behind "type", up to the open object of properties.
void write_place(base::JsonWriter& json, const model::IncidentFacts& facts) {
  json.key("geometry");
  if (facts.point) {
    json.begin_object().field("type", "Point").key("coordinates");
    write_position(json, *facts.point);
    json.end_object();
  } else {
    json.null();
  }
  json.key("properties").begin_object();
  write_text(json, "crs", facts.crs);
}

void write_incident(base::JsonWriter& json, const model::IncidentFacts& facts) {
  write_place(json, facts);
  write_text(json, "class_set", facts.class_set);
  write_text(json, "class", facts.class_code);
  if (facts.severity) json.field("severity", static_cast<int>(*facts.severity));
  write_text(json, "channel", facts.channel);
  write_text(json, "division", facts.division_code);
  write_text(json, "department", facts.department);
  write_step_facts(json, facts);
}

void write_standing(base::JsonWriter& json, const model::Event& event) {
  write_place(json, event.incident);
  write_text(json, "division", event.incident.division_code);
  write_text(json, "department", event.incident.department);
  write_entry(json, *event.entry);
}

void write_facts(base::JsonWriter& json, const model::Event& event) {
  if (event.alert) return write_alert(json, *event.alert);
  if (event.entry) return write_standing(json, event);
  write_incident(json, event.incident);
}

std::string encode(const model::Event& event, bool with_resolved) {
  base::JsonWriter json;
  json.begin_object().field("specversion", "1.0").field("id", event.id).field("source", event.source);
  json.field("type", event.type).field("time", exact_time_text(event.occurred_at));
  json.field("subject", event.incident.incident_id).field("datacontenttype", "application/json");
  json.key("data").begin_object().field("type", "Feature");
  write_facts(json, event);
  if (event.type == model::kDerivedValue) json.field("name", event.derived_name).field("value", event.derived_value);
  if (event.type == model::kMovedIn) json.field("case", base::to_base64(event.moved_case));
  if (with_resolved && !event.division_path.empty()) write_resolved(json, event);
  json.end_object().end_object().end_object();
  return json.take();
}

}  // namespace

std::string_view reason_word(RefusalReason reason) {
  switch (reason) {
    case RefusalReason::TooLarge:
      return "too_large";
    case RefusalReason::TooManyElements:
      return "too_many_elements";
    case RefusalReason::Empty:
      return "empty";
    case RefusalReason::MalformedJson:
      return "malformed_json";
    case RefusalReason::BadUtf8:
      return "bad_utf8";
    case RefusalReason::TooDeep:
      return "too_deep";
    case RefusalReason::NotAnObject:
      return "not_an_object";
    case RefusalReason::DuplicateMember:
      return "duplicate_member";
    case RefusalReason::MissingMember:
      return "missing_member";
    case RefusalReason::WrongType:
      return "wrong_type";
    case RefusalReason::BadText:
      return "bad_text";
    case RefusalReason::TextTooLong:
      return "text_too_long";
    case RefusalReason::BadSpecversion:
      return "bad_specversion";
    case RefusalReason::BadTime:
      return "bad_time";
    case RefusalReason::BadContentType:
      return "bad_content_type";
    case RefusalReason::BadGeometry:
      return "bad_geometry";
    case RefusalReason::BadCoordinates:
      return "bad_coordinates";
    case RefusalReason::CrsMissing:
      return "crs_missing";
    case RefusalReason::BadSeverity:
      return "bad_severity";
    case RefusalReason::BadResolved:
      return "bad_resolved";
  }
  return "malformed_json";
}

struct EventDecoder::Impl {
  JsonDocument document{kMessageBytesMax, kMessageDepthMax};
};

EventDecoder::EventDecoder() : m_impl(std::make_unique<Impl>()) {}
EventDecoder::~EventDecoder() = default;
EventDecoder::EventDecoder(EventDecoder&&) noexcept = default;
EventDecoder& EventDecoder::operator=(EventDecoder&&) noexcept = default;

DecodedBatch EventDecoder::decode_intake(std::string_view message) {
  const JsonFault fault = m_impl->document.parse(message);
  if (fault == JsonFault::TooLarge) {
    return refuse_all(RefusalReason::TooLarge, fmt::format("the message has {} bytes; at most {} are allowed",
                                                           message.size(), kMessageBytesMax));
  }
  if (fault != JsonFault::None) return refuse_all(reason_of(fault), std::string(describe(fault)));
  const JsonView root = m_impl->document.root();
  const bool is_array = root.kind() == JsonKind::Array;
  const std::size_t count = root.item_count();
  if (is_array && count == 0) return refuse_all(RefusalReason::Empty, "the array has no events");
  if (count > kMessageElementsMax) {
    return refuse_all(RefusalReason::TooManyElements,
                      fmt::format("the array has {} events; at most {} are allowed", count, kMessageElementsMax));
  }
  DecodedBatch batch;
  EventReader reader(Side::Intake);
  if (is_array) {
    batch.elements.reserve(count);
    for (const JsonView& item : root.items()) batch.elements.push_back(reader.read(item));
  } else {
    batch.elements.push_back(reader.read(root));
  }
  batch.dropped_member_count = reader.dropped_member_count();
  for (const Element& element : batch.elements) {
    if (std::holds_alternative<UnknownType>(element)) ++batch.unknown_type_count;
  }
  return batch;
}

base::Result<model::Event> EventDecoder::decode_feed_event(std::string_view message) {
  model::Event event;
  TRY(decode_feed_event(message, event));
  return event;
}

base::Status EventDecoder::decode_feed_event(std::string_view message, model::Event& out) {
  if (read_plain_event(message, out)) return {};
  out = {};
  const JsonFault fault = m_impl->document.parse(message);
  if (fault != JsonFault::None) {
    return base::Error{base::ErrorCode::Malformed, fmt::format("feed event: {}", describe(fault))};
  }
  EventReader reader(Side::Feed);
  const auto other = reader.read_into(m_impl->document.root(), out);
  if (!other) return {};
  if (const auto* refusal = std::get_if<Refusal>(&*other)) {
    return base::Error{base::ErrorCode::Malformed, fmt::format("feed event: {}", refusal->detail)};
  }
  return base::Error{base::ErrorCode::Unsupported, "feed event: a type that this version does not know"};
}

DecodedBatch decode_events(std::string_view message) {
  return EventDecoder().decode_intake(message);
}

base::Result<model::Event> decode_feed_event(std::string_view message) {
  return EventDecoder().decode_feed_event(message);
}

std::string encode_event(const model::Event& event) {
  return encode(event, true);
}

std::string encode_intake_event(const model::Event& event) {
  return encode(event, false);
}

}  // namespace gridwall::wire
