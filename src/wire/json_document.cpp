#include "wire/json_document.hpp"

#include <simdjson.h>

#include <bit>
#include <cstring>

namespace gridwall::wire {

using simdjson::dom::element;
using simdjson::dom::element_type;

static_assert(sizeof(element) == sizeof(std::array<std::uint64_t, 2>) && std::is_trivially_copyable_v<element>,
              "JsonView keeps an element as two words");

struct JsonView::Access {
  static element get(const JsonView& view) {
    element out;
    std::memcpy(static_cast<void*>(&out), view.m_element.data(), sizeof(out));
    return out;
  }
  static JsonView make(const element& from) {
    JsonView view;
    std::memcpy(view.m_element.data(), static_cast<const void*>(&from), sizeof(from));
    return view;
  }
};

std::string_view describe(JsonFault fault) {
  switch (fault) {
    case JsonFault::None: return "no fault";
    case JsonFault::Empty: return "the message is empty; expected JSON";
    case JsonFault::TooLarge: return "the message is too long";
    case JsonFault::TooDeep: return "the JSON is nested too deep";
    case JsonFault::BadUtf8: return "the message is not valid UTF-8";
    case JsonFault::Malformed: return "the message is not valid JSON";
  }
  return "the message cannot be read";
}

JsonKind JsonView::kind() const {
  switch (Access::get(*this).type()) {
    case element_type::ARRAY: return JsonKind::Array;
    case element_type::OBJECT: return JsonKind::Object;
    case element_type::INT64:
    case element_type::UINT64: return JsonKind::Integer;
    case element_type::DOUBLE: return JsonKind::Number;
    case element_type::STRING: return JsonKind::Text;
    case element_type::BOOL: return JsonKind::Truth;
    case element_type::NULL_VALUE: return JsonKind::Null;
  }
  return JsonKind::Null;
}

std::optional<std::string_view> JsonView::text() const {
  std::string_view out;
  if (Access::get(*this).get(out) != simdjson::SUCCESS) return std::nullopt;
  return out;
}

std::optional<double> JsonView::number() const {
  double out = 0;
  if (Access::get(*this).get(out) != simdjson::SUCCESS) return std::nullopt;
  return out;
}

std::optional<std::int64_t> JsonView::integer() const {
  std::int64_t out = 0;
  if (Access::get(*this).get(out) != simdjson::SUCCESS) return std::nullopt;
  return out;
}

std::optional<std::uint64_t> JsonView::unsigned_integer() const {
  std::uint64_t out = 0;
  if (Access::get(*this).get(out) != simdjson::SUCCESS) return std::nullopt;
  return out;
}

std::optional<bool> JsonView::truth() const {
  bool out = false;
  if (Access::get(*this).get(out) != simdjson::SUCCESS) return std::nullopt;
  return out;
}

std::size_t JsonView::item_count() const {
  simdjson::dom::array array;
  if (Access::get(*this).get(array) != simdjson::SUCCESS) return 0;
  return array.size();
}

std::vector<JsonView> JsonView::items() const {
  std::vector<JsonView> out;
  simdjson::dom::array array;
  if (Access::get(*this).get(array) != simdjson::SUCCESS) return out;
  out.reserve(array.size());
  for (const element item : array) out.push_back(Access::make(item));
  return out;
}

std::vector<JsonMember> JsonView::members() const {
  std::vector<JsonMember> out;
  simdjson::dom::object object;
  if (Access::get(*this).get(object) != simdjson::SUCCESS) return out;
  out.reserve(object.size());
  for (const auto& [name, value] : object) out.push_back({name, Access::make(value)});
  return out;
}

void JsonView::visit_members(void (*visit)(void* to, std::string_view name, const JsonView& value), void* to) const {
  simdjson::dom::object object;
  if (Access::get(*this).get(object) != simdjson::SUCCESS) return;
  for (const auto& [name, value] : object) visit(to, name, Access::make(value));
}

void JsonView::visit_items(void (*visit)(void* to, const JsonView& value), void* to) const {
  simdjson::dom::array array;
  if (Access::get(*this).get(array) != simdjson::SUCCESS) return;
  for (const element item : array) visit(to, Access::make(item));
}

std::optional<JsonView> JsonView::find(std::string_view name) const {
  simdjson::dom::object object;
  if (Access::get(*this).get(object) != simdjson::SUCCESS) return std::nullopt;
  for (const auto& [key, value] : object) {
    if (key == name) return Access::make(value);
  }
  return std::nullopt;
}

bool is_valid_utf8(std::string_view text) { return simdjson::validate_utf8(text.data(), text.size()); }

struct JsonDocument::Impl {
  std::size_t bytes_max = 0;
  std::size_t depth_max = 0;
  simdjson::dom::parser parser;
  std::vector<std::uint8_t> padded;
};

JsonDocument::JsonDocument(std::size_t bytes_max, std::size_t depth_max) : m_impl(std::make_unique<Impl>()) {
  m_impl->bytes_max = bytes_max;
  m_impl->depth_max = depth_max;
}
JsonDocument::~JsonDocument() = default;
JsonDocument::JsonDocument(JsonDocument&&) noexcept = default;
JsonDocument& JsonDocument::operator=(JsonDocument&&) noexcept = default;

JsonFault JsonDocument::parse(std::string_view message) {
  Impl& impl = *m_impl;
  if (message.empty()) return JsonFault::Empty;
  if (message.size() > impl.bytes_max) return JsonFault::TooLarge;
  // The parser reads up to SIMDJSON_PADDING bytes behind the text; a socket's message has none.
  if (impl.padded.size() < message.size() + simdjson::SIMDJSON_PADDING) {
    impl.padded.resize(std::bit_ceil(message.size() + simdjson::SIMDJSON_PADDING));
  }
  std::memcpy(impl.padded.data(), message.data(), message.size());
  std::memset(impl.padded.data() + message.size(), 0, simdjson::SIMDJSON_PADDING);
  // Grown here and not by the parser, which would go back to its own depth limit of 1,024.
  if (impl.parser.capacity() < message.size() &&
      impl.parser.allocate(std::bit_ceil(message.size() + 1), impl.depth_max) != simdjson::SUCCESS) {
    return JsonFault::TooLarge;
  }
  element root;
  const auto fault = impl.parser.parse(impl.padded.data(), message.size(), false).get(root);
  switch (fault) {
    case simdjson::SUCCESS: m_root = JsonView::Access::make(root); return JsonFault::None;
    case simdjson::EMPTY: return JsonFault::Empty;
    case simdjson::CAPACITY: return JsonFault::TooLarge;
    case simdjson::DEPTH_ERROR: return JsonFault::TooDeep;
    case simdjson::UTF8_ERROR: return JsonFault::BadUtf8;
    default: return JsonFault::Malformed;
  }
}

}  // namespace gridwall::wire
