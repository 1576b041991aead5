#include "wire/plain_event_reader.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>

#include "base/time_text.hpp"
#include "model/path.hpp"
#include "wire/constants.hpp"
#include "wire/json_document.hpp"

namespace gridwall::wire {

namespace {

constexpr std::string_view kIncidentPrefix = "incident.";
constexpr std::size_t kBlockBytes = 32;
// More could not be told apart from what only a document's reader judges: integers of 64 bits and above.
constexpr std::size_t kDigitsMax = 18;

bool is_unplain(unsigned char byte) {
  return (byte < 0x20) | (byte == 0x7f) | (byte == '\\');
}

// Escapes and control characters are for the general way. In blocks, which a compiler makes vectors of.
bool has_unplain_bytes(std::string_view text) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  std::size_t at = 0;
  for (; at + kBlockBytes <= text.size(); at += kBlockBytes) {
    unsigned char any = 0;
    for (std::size_t i = 0; i < kBlockBytes; ++i) any |= static_cast<unsigned char>(is_unplain(bytes[at + i]));
    if (any != 0) return true;
  }
  return std::any_of(bytes + at, bytes + text.size(), is_unplain);
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Steps through a message. What returns false leaves the rest to somebody else.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : m_rest(text) {}

  // Of a length known here, so that comparing is a load or two.
  template <std::size_t kSize>
  bool take(const char (&literal)[kSize]) {
    constexpr std::size_t kLength = kSize - 1;
    if (m_rest.size() < kLength || std::memcmp(m_rest.data(), literal, kLength) != 0) return false;
    m_rest.remove_prefix(kLength);
    return true;
  }
  // Up to the closing quote, which is taken too; behind the opening one.
  bool take_text(std::size_t bytes_max, std::string_view& out) {
    const std::size_t end = m_rest.find('"');
    if (end == std::string_view::npos || end > bytes_max) return false;
    out = m_rest.substr(0, end);
    m_rest.remove_prefix(end + 1);
    return true;
  }
  bool take_text(std::size_t bytes_max, std::string& out) {
    std::string_view text;
    if (!take_text(bytes_max, text)) return false;
    out = text;
    return true;
  }
  bool take_needed_text(std::size_t bytes_max, std::string& out) { return take_text(bytes_max, out) && !out.empty(); }
  bool take_time(base::UtcTime& out) {
    std::string_view text;
    if (!take_text(64, text)) return false;
    const auto time = base::parse_rfc3339(text);
    if (!time.ok() || *time < kTimeMin || *time >= kTimeMax) return false;
    out = *time;
    return true;
  }
  bool take_truth(bool& out) {
    out = m_rest.starts_with('t');
    return out ? take("true") : take("false");
  }
  bool take_integer(std::int64_t& out) {
    const std::size_t length = whole_number_length();
    if (length == 0 || length > kDigitsMax || !ends_number(length)) return false;
    std::from_chars(m_rest.data(), m_rest.data() + length, out);
    m_rest.remove_prefix(length);
    return true;
  }
  // A coordinate as JSON writes numbers.
  bool take_number(double& out) {
    std::size_t length = whole_number_length();
    if (length == 0 || length > kDigitsMax) return false;
    if (length < m_rest.size() && m_rest[length] == '.' && !step_over_digits(++length)) return false;
    if (length < m_rest.size() && (m_rest[length] == 'e' || m_rest[length] == 'E')) {
      ++length;
      if (length < m_rest.size() && (m_rest[length] == '+' || m_rest[length] == '-')) ++length;
      if (!step_over_digits(length)) return false;
    }
    if (!ends_number(length)) return false;
    const auto [end, fault] = std::from_chars(m_rest.data(), m_rest.data() + length, out);
    if (fault != std::errc() || end != m_rest.data() + length || std::abs(out) > kCoordinateMax) return false;
    out += 0.0;  // -0 becomes 0, as integers of JSON have it
    m_rest.remove_prefix(length);
    return true;
  }
  bool take_position(base::Vec2d& out) {
    return take("[") && take_number(out.x) && take(",") && take_number(out.y) && take("]");
  }
  [[nodiscard]] bool at_end() const { return m_rest.empty(); }

 private:
  // A minus and digits, none of which is a zero too many; 0: no number.
  [[nodiscard]] std::size_t whole_number_length() const {
    std::size_t length = m_rest.starts_with('-') ? 1 : 0;
    const std::size_t first = length;
    if (!step_over_digits(length) || (m_rest[first] == '0' && length > first + 1)) return 0;
    return length;
  }
  bool step_over_digits(std::size_t& at) const {
    const std::size_t first = at;
    while (at < m_rest.size() && is_digit(m_rest[at])) ++at;
    return at > first;
  }
  [[nodiscard]] bool ends_number(std::size_t at) const {
    return at < m_rest.size() && (m_rest[at] == ',' || m_rest[at] == ']' || m_rest[at] == '}');
  }

  std::string_view m_rest;
};

bool take_envelope(Cursor& in, model::Event& event) {
  return in.take(R"({"specversion":"1.0","id":")") && in.take_needed_text(kIdBytesMax, event.id) &&
         in.take(R"(,"source":")") && in.take_needed_text(kIdBytesMax, event.source) && in.take(R"(,"type":")") &&
         in.take_needed_text(kIdBytesMax, event.type) && event.type.starts_with(kIncidentPrefix) &&
         event.type != model::kMovedIn && in.take(R"(,"time":")") && in.take_time(event.occurred_at) &&
         in.take(R"(,"subject":")") && in.take_needed_text(kSubjectBytesMax, event.incident.incident_id) &&
         in.take(R"(,"datacontenttype":"application/json","data":{"type":"Feature","geometry":)");
}

bool take_geometry(Cursor& in, model::IncidentFacts& facts) {
  if (in.take("null")) return true;
  return in.take(R"({"type":"Point","coordinates":)") && in.take_position(facts.point.emplace()) && in.take("}");
}

// The members of properties, each or not, in the order in which they are written. A comma stands behind each, since
// `resolved` is always the last.
class Properties {
 public:
  explicit Properties(Cursor& in) : m_in(in) {}

  template <std::size_t kSize>
  void text(const char (&key)[kSize], std::size_t bytes_max, std::string& out) {
    if (m_good && m_in.take(key)) m_good = m_in.take("\"") && m_in.take_needed_text(bytes_max, out) && m_in.take(",");
  }
  template <std::size_t kSize>
  void time(const char (&key)[kSize], std::optional<base::UtcTime>& out) {
    if (m_good && m_in.take(key)) m_good = m_in.take("\"") && m_in.take_time(out.emplace()) && m_in.take(",");
  }
  template <std::size_t kSize>
  void truth(const char (&key)[kSize], std::optional<bool>& out) {
    if (m_good && m_in.take(key)) m_good = m_in.take_truth(out.emplace()) && m_in.take(",");
  }
  // Within [least, most]; true when it is there.
  template <std::size_t kSize>
  bool integer(const char (&key)[kSize], std::int64_t least, std::int64_t most, std::int64_t& out) {
    if (!m_good || !m_in.take(key)) return false;
    m_good = m_in.take_integer(out) && m_in.take(",") && out >= least && out <= most;
    return m_good;
  }
  [[nodiscard]] bool good() const { return m_good; }

 private:
  Cursor& m_in;
  bool m_good = true;
};

bool is_word(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || is_digit(c) || c == '_'; });
}

bool take_properties(Cursor& in, model::IncidentFacts& facts) {
  Properties properties(in);
  std::int64_t number = 0;
  properties.text(R"("crs":)", kCrsBytesMax, facts.crs);
  properties.text(R"("class_set":)", kCodeBytesMax, facts.class_set);
  properties.text(R"("class":)", kCodeBytesMax, facts.class_code);
  if (properties.integer(R"("severity":)", 1, model::kSeverityCount, number)) {
    facts.severity = static_cast<model::Severity>(number);
  }
  properties.text(R"("channel":)", kCodeBytesMax, facts.channel);
  properties.text(R"("division":)", kCodeBytesMax, facts.division_code);
  properties.text(R"("department":)", kDepartmentBytesMax, facts.department);
  properties.text(R"("condition":)", kCodeBytesMax, facts.condition);
  properties.text(R"("limit":)", kLimitBytesMax, facts.limit);
  properties.time(R"("deadline":)", facts.deadline);
  properties.text(R"("reason":)", kReasonBytesMax, facts.reason);
  properties.truth(R"("approved":)", facts.approved);
  properties.time(R"("resume_at":)", facts.resume_at);
  properties.text(R"("duplicate_of":)", kSubjectBytesMax, facts.duplicate_of);
  if (properties.integer(R"("solved_level":)", 0, kSolvedLevelMax, number)) {
    facts.solved_level = static_cast<int>(number);
  }
  properties.truth(R"("satisfied":)", facts.satisfied);
  std::optional<bool> command;
  properties.truth(R"("command":)", command);
  facts.command = command.value_or(false);
  if (properties.integer(R"("if_version":)", 0, std::numeric_limits<std::int64_t>::max(), number)) {
    facts.if_version = static_cast<std::uint64_t>(number);
  }
  return properties.good() && is_word(facts.reason) && (!facts.point || !facts.crs.empty());
}

bool take_units(Cursor& in, std::optional<base::Vec2i>& out) {
  std::int64_t x = 0, y = 0;
  const bool read = in.take("[") && in.take_integer(x) && in.take(",") && in.take_integer(y) && in.take("]");
  out = base::Vec2i{static_cast<std::int32_t>(x), static_cast<std::int32_t>(y)};
  return read && out->x == x && out->y == y;
}

bool take_resolved(Cursor& in, model::Event& event) {
  if (!in.take(R"("resolved":{"path":")") || !in.take_needed_text(kPathBytesMax, event.division_path)) return false;
  if (!model::is_path(event.division_path) && !model::is_own_leaf(event.division_path)) return false;
  if (in.take(R"(,"claimed_code":")") && !in.take_text(kCodeBytesMax, event.claimed_code)) return false;
  if (in.take(R"(,"lonlat":)")) {
    base::Vec2d& lonlat = event.point_lonlat.emplace();
    if (!in.take_position(lonlat) || std::abs(lonlat.x) > 180 || std::abs(lonlat.y) > 90) return false;
  }
  if (in.take(R"(,"units":)") && !take_units(in, event.point_units)) return false;
  event.out_of_order = in.take(R"(,"out_of_order":true)");
  return in.take("}");
}

}  // namespace

bool read_plain_event(std::string_view message, model::Event& event) {
  if (message.size() > kMessageBytesMax || has_unplain_bytes(message) || !is_valid_utf8(message)) return false;
  Cursor in(message);
  return take_envelope(in, event) && take_geometry(in, event.incident) && in.take(R"(,"properties":{)") &&
         take_properties(in, event.incident) && take_resolved(in, event) && in.take("}}}") && in.at_end();
}

}  // namespace gridwall::wire
