// Events as bytes: CloudEvents 1.0 in JSON, one object or an array, decoded element by element into model::Event.
// Invariant: nothing gets through that is not on the allow-list, and no bytes make it crash; a refusal names the member
// and what was expected, never the content. Tests: tests/unit/wire/event_codec_test.cpp, tests/fuzz. Form: README.md.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "model/event.hpp"

namespace gridwall::wire {

enum class RefusalReason : std::uint8_t {
  // of the whole message
  TooLarge, TooManyElements, Empty, MalformedJson, BadUtf8, TooDeep,
  // of one element
  NotAnObject, DuplicateMember, MissingMember, WrongType, BadText, TextTooLong, BadSpecversion, BadTime,
  BadContentType, BadGeometry, BadCoordinates, CrsMissing, BadSeverity, BadResolved,
};
// "crs_missing": the word in an answer.
std::string_view reason_word(RefusalReason reason);

struct Refusal {
  RefusalReason reason = RefusalReason::MalformedJson;
  std::string id, source;  // of the event, where they could be read; else empty
  std::string detail;      // one sentence: which member, what was expected
};

// A valid envelope of a type that this version does not know. No refusal: counted and answered as accepted.
struct UnknownType {
  std::string id, source, type;
};

using Element = std::variant<model::Event, Refusal, UnknownType>;

struct DecodedBatch {
  std::vector<Element> elements;            // in the message's order; one Refusal when the whole is refused
  std::uint64_t dropped_member_count = 0;   // members that are not on the allow-list
  std::uint64_t unknown_type_count = 0;
};

// Keeps its buffers from message to message. One thread.
class EventDecoder {
 public:
  EventDecoder();
  ~EventDecoder();
  EventDecoder(EventDecoder&&) noexcept;
  EventDecoder& operator=(EventDecoder&&) noexcept;

  // A publisher's message. What only the hub may add is dropped like any unknown member. Every type that starts with
  // "incident." or "alert.", and those of the register, becomes an Event; whether the lifecycle knows it is the hub's
  // question.
  DecodedBatch decode_intake(std::string_view message);
  // The third part of a feed message: one event with what the hub resolved; `division_path` is always there.
  base::Result<model::Event> decode_feed_event(std::string_view message);
  // The same into an event that is empty; after an error it holds anything.
  base::Status decode_feed_event(std::string_view message, model::Event& out);

 private:
  struct Impl;
  std::unique_ptr<Impl> m_impl;
};

// The same for a caller with a message or two.
DecodedBatch decode_events(std::string_view message);
base::Result<model::Event> decode_feed_event(std::string_view message);

// Canonical JSON: members in one order, empty ones left out, time in UTC with as many digits as it needs. Writes
// `resolved` when the event has a division_path. Any event that decodes is encoded to bytes that decode to it again.
std::string encode_event(const model::Event& event);
// Without `resolved`: what a publisher sends.
std::string encode_intake_event(const model::Event& event);

}  // namespace gridwall::wire
