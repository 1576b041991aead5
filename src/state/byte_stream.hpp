// ByteWriter and ByteReader: little-endian integers and short texts, one after the other. A reader that runs out of
// bytes or is asked for more than there is goes bad and gives zeros from then on; the caller looks once, at the end.
// Test: tests/unit/state/world_walk_test.cpp, tests/fuzz/keyframe_fuzz.cpp.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/clock.hpp"

namespace gridwall::state {

class ByteWriter {
 public:
  template <typename Integer>
  void put(Integer value) {
    static_assert(std::is_integral_v<Integer> || std::is_enum_v<Integer>);
    char bytes[sizeof(Integer)];
    std::memcpy(bytes, &value, sizeof(Integer));
    m_bytes.append(bytes, sizeof(Integer));
  }
  void put(base::UtcTime time) { put(time.time_since_epoch().count()); }
  void put_text(std::string_view text) {
    put(static_cast<std::uint32_t>(text.size()));
    m_bytes += text;
  }
  [[nodiscard]] std::string& bytes() { return m_bytes; }

 private:
  std::string m_bytes;
};

class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : m_rest(bytes) {}

  template <typename Integer>
  Integer take() {
    Integer value{};
    if (m_rest.size() < sizeof(Integer)) {
      fail();
      return value;
    }
    std::memcpy(&value, m_rest.data(), sizeof(Integer));
    m_rest.remove_prefix(sizeof(Integer));
    return value;
  }
  base::UtcTime take_time() { return base::UtcTime(base::Duration(take<std::int64_t>())); }
  // A truth is one byte, 0 or 1.
  bool take_truth() {
    const auto byte = take<std::uint8_t>();
    if (byte > 1) fail();
    return byte == 1;
  }
  std::string_view take_text(std::size_t bytes_max) {
    const auto size = take<std::uint32_t>();
    if (size > bytes_max || size > m_rest.size()) {
      fail();
      return {};
    }
    const std::string_view text = m_rest.substr(0, size);
    m_rest.remove_prefix(size);
    return text;
  }
  // How many entries of at least `entry_bytes` follow; more than there can be is a fault.
  std::uint32_t take_count(std::size_t entry_bytes) {
    const auto count = take<std::uint32_t>();
    if (count > m_rest.size() / entry_bytes) {
      fail();
      return 0;
    }
    return count;
  }
  void fail() {
    m_bad = true;
    m_rest = {};
  }
  [[nodiscard]] bool bad() const { return m_bad; }
  [[nodiscard]] bool at_end() const { return m_rest.empty(); }

 private:
  std::string_view m_rest;
  bool m_bad = false;
};

}  // namespace gridwall::state
