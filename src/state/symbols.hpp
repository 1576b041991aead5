// Symbols: short texts (class codes, channels, departments) as small numbers in the order in which they were first
// seen, with the hash of each text, so that no digest depends on that order. At kSymbolsMax every further text becomes
// "…" (kOtherSymbol) and is counted: a feed that sends a new department with each event must not eat the wall's memory.
// One thread; names() may go to any. Test: tests/unit/state/symbols_test.cpp.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace gridwall::state {

using Symbol = std::uint16_t;
inline constexpr Symbol kNoSymbol = 0;     // the empty text
inline constexpr Symbol kOtherSymbol = 1;  // "…"
inline constexpr std::size_t kSymbolsMax = 20'000;

// Lookup by string_view without building a string.
struct StringHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};
template <typename T>
using StringMap = std::unordered_map<std::string, T, StringHash, std::equal_to<>>;

class Symbols {
 public:
  Symbols();

  Symbol intern(std::string_view text);
  // kNoSymbol for one that was never interned.
  [[nodiscard]] Symbol find(std::string_view text) const;
  [[nodiscard]] const std::string& text(Symbol symbol) const { return m_texts->at(symbol); }
  [[nodiscard]] std::uint64_t hash(Symbol symbol) const { return m_hashes[symbol]; }
  [[nodiscard]] std::size_t count() const { return m_hashes.size(); }
  [[nodiscard]] std::uint64_t overflow_count() const { return m_overflow_count; }

  // The texts by symbol; the same pointer until a new one comes.
  [[nodiscard]] std::shared_ptr<const std::vector<std::string>> names() const {
    m_given_out = true;
    return m_texts;
  }

 private:
  std::shared_ptr<std::vector<std::string>> m_texts;
  mutable bool m_given_out = false;
  std::vector<std::uint64_t> m_hashes;
  StringMap<Symbol> m_symbols;
  std::uint64_t m_overflow_count = 0;
};

}  // namespace gridwall::state
