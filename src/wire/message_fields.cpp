#include "wire/message_fields.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "base/time_text.hpp"
#include "wire/constants.hpp"

namespace gridwall::wire {

namespace {

template <typename T>
bool parse_whole(std::string_view text, T& out, int radix) {
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, out, radix);
  return error == std::errc() && stopped == end && !text.empty();
}

}  // namespace

std::string exact_time_text(base::UtcTime time) {
  const auto second = std::chrono::floor<std::chrono::seconds>(time);
  const auto within = (time - second).count();
  if (within % 1'000'000 == 0) return base::format_rfc3339(time);
  std::string text = base::format_rfc3339(second);
  text.pop_back();
  return fmt::format("{}.{:09}Z", text, within);
}

std::string hex_text(std::uint64_t number) { return fmt::format("{:016x}", number); }

std::string nanoseconds_text(base::Duration duration) { return fmt::format("{}", duration.count()); }

void write_clock(base::JsonWriter& json, const ClockState& clock) {
  json.field("mode", clock_mode_word(clock.mode)).field("rate", clock.rate);
  json.field("state_time", exact_time_text(clock.state_time));
  json.field("sent_at", nanoseconds_text(clock.sent_at));
}

void FieldReader::fail(std::string_view name, std::string_view expected) {
  if (!m_status.ok()) return;
  m_status = base::Error{base::ErrorCode::Malformed, fmt::format("{}: '{}' is not {}", m_what, name, expected)};
}

std::string FieldReader::text(std::string_view name) {
  const auto member = m_object.find(name);
  const auto found = member ? member->text() : std::nullopt;
  if (!found) fail(name, "a text");
  return std::string(found.value_or(""));
}

std::string FieldReader::text_or_empty(std::string_view name) {
  return m_object.find(name) ? text(name) : std::string();
}

std::uint64_t FieldReader::count(std::string_view name) {
  const auto member = m_object.find(name);
  const auto found = member ? member->unsigned_integer() : std::nullopt;
  if (!found) fail(name, "an integer from 0");
  return found.value_or(0);
}

std::uint64_t FieldReader::count_or_zero(std::string_view name) { return m_object.find(name) ? count(name) : 0; }

double FieldReader::number(std::string_view name) {
  const auto member = m_object.find(name);
  const auto found = member ? member->number() : std::nullopt;
  if (!found || !std::isfinite(*found)) fail(name, "a number");
  return found.value_or(0);
}

bool FieldReader::truth(std::string_view name) {
  const auto member = m_object.find(name);
  const auto found = member ? member->truth() : std::nullopt;
  if (!found) fail(name, "true or false");
  return found.value_or(false);
}

std::uint64_t FieldReader::hex(std::string_view name) {
  std::uint64_t out = 0;
  const std::string digits = text(name);
  if (digits.size() != 16 || !parse_whole(digits, out, 16)) fail(name, "a text of 16 hexadecimal digits");
  return out;
}

std::uint64_t FieldReader::hex_or_zero(std::string_view name) { return m_object.find(name) ? hex(name) : 0; }

base::Duration FieldReader::nanoseconds(std::string_view name) {
  std::int64_t out = 0;
  if (!parse_whole(text(name), out, 10) || out > kMonotonicNanosecondsMax || out < -kMonotonicNanosecondsMax) {
    fail(name, "a text with a count of nanoseconds");
    out = 0;
  }
  return base::Duration(out);
}

base::UtcTime FieldReader::time(std::string_view name) {
  const auto parsed = base::parse_rfc3339(text(name));
  const bool good = parsed.ok() && *parsed >= kTimeMin && *parsed < kTimeMax;
  if (!good) fail(name, "an RFC 3339 time between 1970 and 2200");
  return good ? *parsed : base::UtcTime{};
}

JournalId FieldReader::journal(std::string_view name) {
  const auto parsed = parse_journal(text(name));
  if (!parsed) fail(name, "a text of 32 hexadecimal digits");
  return parsed ? *parsed : JournalId{};
}

ClockState FieldReader::clock() {
  ClockState clock;
  const std::string mode = text("mode");
  if (mode == "live") {
    clock.mode = model::ClockMode::Live;
  } else if (mode == "simulated") {
    clock.mode = model::ClockMode::Simulated;
  } else if (mode == "replay") {
    clock.mode = model::ClockMode::Replay;
  } else {
    fail("mode", "live, simulated or replay");
  }
  clock.rate = number("rate");
  clock.state_time = time("state_time");
  clock.sent_at = nanoseconds("sent_at");
  return clock;
}

base::Result<JsonView> parse_object(JsonDocument& document, std::string_view message, std::string_view what) {
  const JsonFault fault = document.parse(message);
  if (fault != JsonFault::None) {
    return base::Error{base::ErrorCode::Malformed, fmt::format("{}: {}", what, describe(fault))};
  }
  if (document.root().kind() != JsonKind::Object) {
    return base::Error{base::ErrorCode::Malformed, fmt::format("{}: expected a JSON object", what)};
  }
  return document.root();
}

base::Status refusal_of(const JsonView& answer) {
  const auto error = answer.find("error");
  if (!error) return {};
  return base::Error{base::ErrorCode::Refused,
                     fmt::format("the hub answered: {}", error->text().value_or("an error without text"))};
}

}  // namespace gridwall::wire
