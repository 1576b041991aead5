#include "wire/control.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/json_writer.hpp"
#include "wire/message_fields.hpp"
#include "wire/replay_fields.hpp"

namespace gridwall::wire {

using base::Error;
using base::ErrorCode;
using base::Result;

namespace {

constexpr std::array<std::string_view, 9> kWords{"play", "pause", "rate", "max",     "seek",
                                                 "step", "loop",  "skip", "bookmark"};
constexpr std::size_t kRequestBytesMax = 1024;
constexpr std::size_t kStatusBytesMax = std::size_t{2} << 20;  // a thousand bookmarks with every byte escaped

std::optional<ControlAction> action_by_word(std::string_view word) {
  const auto found = std::find(kWords.begin(), kWords.end(), word);
  if (found == kWords.end()) return std::nullopt;
  return static_cast<ControlAction>(found - kWords.begin());
}

std::optional<TimeSpan> read_span(FieldReader& fields) {
  const TimeSpan span{fields.time("from"), fields.time("to")};
  if (span.from >= span.to) fields.fail("to", "behind 'from'");
  return span;
}

void read_seek(const JsonView& object, FieldReader& fields, ControlRequest& request) {
  const bool by_time = object.find("time").has_value();
  if (by_time == object.find("sequence").has_value()) return fields.fail("time", "alone: either it or 'sequence'");
  if (by_time) {
    request.time = fields.time("time");
  } else {
    request.sequence = fields.count("sequence");
  }
}

void read_step(const JsonView& object, FieldReader& fields, ControlRequest& request) {
  const auto member = object.find("events");
  const auto events = member ? member->integer() : std::nullopt;
  if (!events || *events == 0 || *events > kControlStepEventsMax || *events < -kControlStepEventsMax) {
    return fields.fail("events", "a count of events, at most a million; negative: back");
  }
  request.events = *events;
}

void read_name(FieldReader& fields, ControlRequest& request) {
  request.name = fields.text("name");
  if (request.name.empty() || request.name.size() > kControlNameBytesMax) {
    fields.fail("name", "a text of 1 to 256 bytes");
  }
}

void write_span(base::JsonWriter& json, const TimeSpan& span) {
  json.field("from", exact_time_text(span.from)).field("to", exact_time_text(span.to));
}

}  // namespace

std::string_view control_action_word(ControlAction action) {
  return kWords[static_cast<std::size_t>(action)];
}

std::string encode_control(const ControlRequest& request) {
  base::JsonWriter json;
  json.begin_object().field("op", "control").field("do", control_action_word(request.action));
  switch (request.action) {
    case ControlAction::Play:
    case ControlAction::Pause:
    case ControlAction::Max:
      break;
    case ControlAction::Rate:
      json.field("value", request.rate);
      break;
    case ControlAction::Seek:
      if (request.time) {
        json.field("time", exact_time_text(*request.time));
      } else {
        json.field("sequence", request.sequence);
      }
      break;
    case ControlAction::Step:
      json.field("events", request.events);
      break;
    case ControlAction::Loop:
      if (request.loop) write_span(json, *request.loop);
      break;
    case ControlAction::Skip:
      json.field("value", request.skip);
      break;
    case ControlAction::Bookmark:
      json.field("name", request.name);
      break;
  }
  json.end_object();
  return json.take();
}

Result<ControlRequest> decode_control(std::string_view message) {
  JsonDocument document(kRequestBytesMax, kControlDepthMax);
  TRY_ASSIGN(const JsonView object, parse_object(document, message, "control"));
  FieldReader fields(object, "control");
  const auto action = action_by_word(fields.text("do"));
  if (!action) fields.fail("do", "play, pause, rate, max, seek, step, loop, skip or bookmark");
  TRY(fields.status());
  ControlRequest request;
  request.action = *action;
  switch (*action) {
    case ControlAction::Play:
    case ControlAction::Pause:
    case ControlAction::Max:
      break;
    case ControlAction::Rate:
      request.rate = fields.number("value");
      break;
    case ControlAction::Seek:
      read_seek(object, fields, request);
      break;
    case ControlAction::Step:
      read_step(object, fields, request);
      break;
    case ControlAction::Loop:
      if (object.find("from") || object.find("to")) request.loop = read_span(fields);
      break;
    case ControlAction::Skip:
      request.skip = fields.truth("value");
      break;
    case ControlAction::Bookmark:
      read_name(fields, request);
      break;
  }
  TRY(fields.status());
  return request;
}

std::string encode_replay_status(const ReplayStatus& status) {
  base::JsonWriter json;
  json.begin_object().field("ok", true).key("clock").begin_object();
  write_clock(json, status.clock);
  json.end_object();
  json.field("position", exact_time_text(status.position)).field("playing", status.playing);
  json.field("rate", status.rate).field("max", status.is_max).field("skip", status.skips_idle);
  json.field("ended", status.ended);
  if (status.loop) {
    json.key("loop").begin_object();
    write_span(json, *status.loop);
    json.end_object();
  }
  json.field("first", exact_time_text(status.first)).field("last", exact_time_text(status.last));
  json.field("first_sequence", status.first_sequence).field("last_sequence", status.last_sequence);
  json.field("sequence", status.sequence).key("bookmarks").begin_array();
  const std::size_t count = std::min(status.bookmarks.size(), kReplayStatusBookmarksMax);
  for (std::size_t i = 0; i < count; ++i) {
    const ReplayStatus::Mark& mark = status.bookmarks[i];
    json.begin_object().field("sequence", mark.sequence).field("time", exact_time_text(mark.time));
    json.field("name", mark.name).end_object();
  }
  json.end_array().end_object();
  return json.take();
}

Result<ReplayStatus> decode_replay_status(std::string_view message) {
  JsonDocument document(kStatusBytesMax, kControlDepthMax);
  TRY_ASSIGN(const JsonView object, parse_object(document, message, "replay status"));
  TRY(refusal_of(object));
  return read_replay_status(object);
}

Result<ReplayStatus> read_replay_status(const JsonView& object) {
  FieldReader fields(object, "replay status");
  ReplayStatus status;
  const auto clock = object.find("clock");
  if (!clock) fields.fail("clock", "an object");
  TRY(fields.status());
  FieldReader clock_fields(*clock, "replay status, clock");
  status.clock = clock_fields.clock();
  TRY(clock_fields.status());
  status.position = fields.time("position");
  status.playing = fields.truth("playing");
  status.rate = fields.number("rate");
  status.is_max = fields.truth("max");
  status.skips_idle = fields.truth("skip");
  status.ended = fields.truth("ended");
  if (const auto loop = object.find("loop")) {
    FieldReader loop_fields(*loop, "replay status, loop");
    status.loop = read_span(loop_fields);
    TRY(loop_fields.status());
  }
  status.first = fields.time("first");
  status.last = fields.time("last");
  status.first_sequence = fields.count("first_sequence");
  status.last_sequence = fields.count("last_sequence");
  status.sequence = fields.count("sequence");
  const auto bookmarks = object.find("bookmarks");
  if (bookmarks && bookmarks->item_count() > kReplayStatusBookmarksMax) fields.fail("bookmarks", "at most 1000");
  TRY(fields.status());
  if (!bookmarks) return status;
  for (const JsonView& item : bookmarks->items()) {
    FieldReader mark_fields(item, "replay status, bookmark");
    ReplayStatus::Mark mark{mark_fields.count("sequence"), mark_fields.time("time"), mark_fields.text("name")};
    TRY(mark_fields.status());
    status.bookmarks.push_back(std::move(mark));
  }
  return status;
}

std::string encode_kept_bookmark(const ReplayStatus::Mark& mark) {
  base::JsonWriter json;
  json.begin_object().field("ok", true).key("bookmark").begin_object().field("sequence", mark.sequence);
  json.field("time", exact_time_text(mark.time)).field("name", mark.name).end_object().end_object();
  return json.take();
}

Result<ReplayStatus::Mark> decode_kept_bookmark(std::string_view message) {
  JsonDocument document(kControlBytesMax, kControlDepthMax);
  TRY_ASSIGN(const JsonView object, parse_object(document, message, "bookmark"));
  TRY(refusal_of(object));
  const auto bookmark = object.find("bookmark");
  FieldReader whole(object, "bookmark");
  if (!bookmark) whole.fail("bookmark", "an object");
  TRY(whole.status());
  FieldReader fields(*bookmark, "bookmark");
  ReplayStatus::Mark mark{fields.count("sequence"), fields.time("time"), fields.text("name")};
  TRY(fields.status());
  return mark;
}

std::string encode_density_request(std::size_t bucket_count) {
  base::JsonWriter json;
  json.begin_object().field("op", "density").field("buckets", bucket_count).end_object();
  return json.take();
}

std::string encode_density(const model::ReplayDensity& density) {
  base::JsonWriter json;
  json.begin_object().field("ok", true).field("first", exact_time_text(density.first));
  json.field("last", exact_time_text(density.last)).key("counts").begin_array();
  for (const std::uint64_t count : density.counts) json.value(count);
  json.end_array().end_object();
  return json.take();
}

Result<model::ReplayDensity> decode_density(std::string_view message) {
  JsonDocument document(kStatusBytesMax, kControlDepthMax);
  TRY_ASSIGN(const JsonView object, parse_object(document, message, "density"));
  TRY(refusal_of(object));
  FieldReader fields(object, "density");
  model::ReplayDensity density{fields.time("first"), fields.time("last"), {}};
  const auto counts = object.find("counts");
  if (!counts || counts->kind() != JsonKind::Array) fields.fail("counts", "an array of counts");
  TRY(fields.status());
  if (counts->item_count() > kDensityBucketsMax) fields.fail("counts", "at most 2000");
  TRY(fields.status());
  for (const JsonView& item : counts->items()) {
    const auto count = item.unsigned_integer();
    if (!count) fields.fail("counts", "counts from 0");
    TRY(fields.status());
    density.counts.push_back(*count);
  }
  return density;
}

}  // namespace gridwall::wire
