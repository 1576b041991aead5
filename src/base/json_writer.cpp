#include "base/json_writer.hpp"

#include <fmt/format.h>

#include <cmath>
#include <iterator>

#include "base/assert.hpp"

namespace gridwall::base {

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  // Most texts have nothing to escape: what lies between two such characters is copied at once.
  std::size_t copied = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    out.append(text, copied, i - copied);
    copied = i + 1;
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default: fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
    }
  }
  out.append(text, copied, text.size() - copied);
  out += '"';
}

void JsonWriter::before_value() {
  if (m_after_key) {
    m_after_key = false;
    return;
  }
  if (m_has_items.empty()) return;
  if (m_has_items.back()) m_text += ',';
  m_has_items.back() = true;
}

JsonWriter& JsonWriter::begin_object() {
  before_value();
  m_text += '{';
  m_has_items.push_back(false);
  return *this;
}

JsonWriter& JsonWriter::end_object() {
  ASSERT(!m_has_items.empty(), "end_object without begin_object");
  m_has_items.pop_back();
  m_text += '}';
  return *this;
}

JsonWriter& JsonWriter::begin_array() {
  before_value();
  m_text += '[';
  m_has_items.push_back(false);
  return *this;
}

JsonWriter& JsonWriter::end_array() {
  ASSERT(!m_has_items.empty(), "end_array without begin_array");
  m_has_items.pop_back();
  m_text += ']';
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  ASSERT(!m_after_key, "key '{}' follows a key without value", name);
  before_value();
  append_json_string(m_text, name);
  m_text += ':';
  m_after_key = true;
  return *this;
}

JsonWriter& JsonWriter::value(std::string_view text) {
  before_value();
  append_json_string(m_text, text);
  return *this;
}

JsonWriter& JsonWriter::value(bool truth) {
  before_value();
  m_text += truth ? "true" : "false";
  return *this;
}

JsonWriter& JsonWriter::value(double number) {
  before_value();
  if (std::isfinite(number)) {
    fmt::format_to(std::back_inserter(m_text), "{}", number);
  } else {
    m_text += "null";
  }
  return *this;
}

JsonWriter& JsonWriter::null() {
  before_value();
  m_text += "null";
  return *this;
}

JsonWriter& JsonWriter::integer(std::int64_t number) {
  before_value();
  fmt::format_to(std::back_inserter(m_text), "{}", number);
  return *this;
}

JsonWriter& JsonWriter::unsigned_integer(std::uint64_t number) {
  before_value();
  fmt::format_to(std::back_inserter(m_text), "{}", number);
  return *this;
}

JsonWriter& JsonWriter::raw(std::string_view json) {
  before_value();
  m_text += json;
  return *this;
}

}  // namespace gridwall::base
