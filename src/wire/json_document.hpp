// JsonDocument: the only door to simdjson. Parses a whole message before anything is looked at, so invalid UTF-8, depth
// and truncation are found first; views are read-only and live until the next parse or the document's end.
// Private to wire. Tests: through the codecs, and tests/fuzz.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <type_traits>
#include <vector>

namespace gridwall::wire {

enum class JsonKind : std::uint8_t { Null, Truth, Integer, Number, Text, Array, Object };
enum class JsonFault : std::uint8_t { None, Empty, TooLarge, TooDeep, BadUtf8, Malformed };
// One sentence for the fault.
std::string_view describe(JsonFault fault);

struct JsonMember;

class JsonView {
 public:
  [[nodiscard]] JsonKind kind() const;
  // Nothing when the value is of another kind.
  [[nodiscard]] std::optional<std::string_view> text() const;
  [[nodiscard]] std::optional<double> number() const;              // integers too
  [[nodiscard]] std::optional<std::int64_t> integer() const;
  [[nodiscard]] std::optional<std::uint64_t> unsigned_integer() const;
  [[nodiscard]] std::optional<bool> truth() const;
  [[nodiscard]] std::size_t item_count() const;                    // of an array; 0 else
  [[nodiscard]] std::vector<JsonView> items() const;               // of an array; empty else
  [[nodiscard]] std::vector<JsonMember> members() const;           // of an object; empty else
  // The same without a vector, for what is read with every event: f(name, value) of each member, f(value) of each item.
  template <typename F>
  void for_each_member(F&& f) const {
    visit_members([](void* to, std::string_view name, const JsonView& value) {
      (*static_cast<std::remove_reference_t<F>*>(to))(name, value);
    }, &f);
  }
  template <typename F>
  void for_each_item(F&& f) const {
    visit_items([](void* to, const JsonView& value) { (*static_cast<std::remove_reference_t<F>*>(to))(value); }, &f);
  }
  // The first member of that name.
  [[nodiscard]] std::optional<JsonView> find(std::string_view name) const;

 private:
  friend class JsonDocument;
  struct Access;
  void visit_members(void (*visit)(void* to, std::string_view name, const JsonView& value), void* to) const;
  void visit_items(void (*visit)(void* to, const JsonView& value), void* to) const;
  std::array<std::uint64_t, 2> m_element{};  // a simdjson element, which is two words
};

struct JsonMember {
  std::string_view name;
  JsonView value;
};

bool is_valid_utf8(std::string_view text);

class JsonDocument {
 public:
  // Refuses longer messages and deeper nesting.
  JsonDocument(std::size_t bytes_max, std::size_t depth_max);
  ~JsonDocument();
  JsonDocument(JsonDocument&&) noexcept;
  JsonDocument& operator=(JsonDocument&&) noexcept;

  // Copies the message into a padded buffer that is kept for the next one.
  JsonFault parse(std::string_view message);
  // The last successful parse's value.
  [[nodiscard]] JsonView root() const { return m_root; }

 private:
  struct Impl;
  std::unique_ptr<Impl> m_impl;
  JsonView m_root;
};

}  // namespace gridwall::wire
