// Fields that several control messages share: exact times, hashes and monotonic times as text, the clock's state.
// Private to wire.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/json_writer.hpp"
#include "base/result.hpp"
#include "wire/heartbeat.hpp"
#include "wire/json_document.hpp"

namespace gridwall::wire {

// RFC 3339 in UTC with as many digits as the time needs: none, three or nine.
std::string exact_time_text(base::UtcTime time);

// 16 lower-case hexadecimal digits: JSON numbers above 2^53 are changed by some readers.
std::string hex_text(std::uint64_t number);
// Decimal text of nanoseconds.
std::string nanoseconds_text(base::Duration duration);

void write_clock(base::JsonWriter& json, const ClockState& clock);

// Reads members of one small message; keeps the first error, so a decoder reads all and asks once.
class FieldReader {
 public:
  FieldReader(const JsonView& object, std::string_view what) : m_object(object), m_what(what) {}

  std::string text(std::string_view name);
  std::string text_or_empty(std::string_view name);
  std::uint64_t count(std::string_view name);  // a JSON integer from 0
  std::uint64_t count_or_zero(std::string_view name);  // a member that older hubs do not send
  double number(std::string_view name);
  bool truth(std::string_view name);
  std::uint64_t hex(std::string_view name);
  std::uint64_t hex_or_zero(std::string_view name);
  base::Duration nanoseconds(std::string_view name);
  base::UtcTime time(std::string_view name);
  JournalId journal(std::string_view name);
  ClockState clock();

  void fail(std::string_view name, std::string_view expected);
  [[nodiscard]] const base::Status& status() const { return m_status; }

 private:
  JsonView m_object;
  std::string_view m_what;
  base::Status m_status;
};

// Error: Refused, an answer {"error":...}, with the hub's words.
base::Status refusal_of(const JsonView& answer);

// Parses a small message that must be an object.
base::Result<JsonView> parse_object(JsonDocument& document, std::string_view message, std::string_view what);

inline constexpr std::size_t kControlBytesMax = 16 * 1024;
inline constexpr std::size_t kControlDepthMax = 8;

}  // namespace gridwall::wire
