// Whole numbers in one to ten bytes, seven bits each, the lowest first. A reader that runs out of bytes goes bad and
// gives zeros from then on; the caller looks once. Test: tests/unit/base/varint_test.cpp.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace gridwall::base {

inline void put_varint(std::string& out, std::uint64_t number) {
  while (number >= 0x80) {
    out += static_cast<char>(number | 0x80);
    number >>= 7;
  }
  out += static_cast<char>(number);
}
// Small numbers of either sign stay short.
inline void put_signed_varint(std::string& out, std::int64_t number) {
  put_varint(out, static_cast<std::uint64_t>(number) << 1 ^ static_cast<std::uint64_t>(number >> 63));
}

template <typename T>
void put_fixed(std::string& out, T number) {
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    out += static_cast<char>(static_cast<std::uint64_t>(number) >> (8 * i) & 0xff);
  }
}

class NumberReader {
 public:
  explicit NumberReader(std::string_view bytes) : m_rest(bytes) {}

  std::uint64_t varint() {
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < 10 && i < m_rest.size(); ++i) {
      const auto byte = static_cast<unsigned char>(m_rest[i]);
      if (i == 9 && byte > 1) break;
      number |= std::uint64_t{byte & 0x7fu} << (7 * i);
      if (byte < 0x80) {
        m_rest.remove_prefix(i + 1);
        return number;
      }
    }
    fail();
    return 0;
  }
  std::int64_t signed_varint() {
    const std::uint64_t number = varint();
    return static_cast<std::int64_t>(number >> 1 ^ (~(number & 1) + 1));
  }
  template <typename T>
  T fixed() {
    if (m_rest.size() < sizeof(T)) {
      fail();
      return T{};
    }
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i) {
      number |= std::uint64_t{static_cast<unsigned char>(m_rest[i])} << (8 * i);
    }
    m_rest.remove_prefix(sizeof(T));
    return static_cast<T>(number);
  }
  std::string_view bytes(std::size_t count) {
    if (count > m_rest.size()) {
      fail();
      return {};
    }
    const std::string_view taken = m_rest.substr(0, count);
    m_rest.remove_prefix(count);
    return taken;
  }
  [[nodiscard]] std::string_view rest() const { return m_rest; }
  [[nodiscard]] bool bad() const { return m_bad; }

 private:
  void fail() {
    m_bad = true;
    m_rest = {};
  }
  std::string_view m_rest;
  bool m_bad = false;
};

}  // namespace gridwall::base
