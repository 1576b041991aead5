// A run of dedupe keys as bytes, in the order they were accepted; and a filter that tells in no time of most keys that
// they were never seen. Test: tests/unit/journal/key_run_test.cpp, tests/fuzz/journal_fuzz.cpp.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "journal/record.hpp"

namespace gridwall::journal {

inline constexpr std::size_t kKeyRunKeysMax = std::size_t{1} << 20;

std::string encode_key_run(std::span<const DedupeKey> keys);
// Replaces `keys`. Error: Malformed.
base::Status decode_key_run(std::string_view bytes, std::vector<DedupeKey>& keys);

// A Bloom filter of 32 bits a key: at most one in several thousand keys that are not in it is said to be.
class KeyFilter {
 public:
  static constexpr std::size_t kKeysMax = std::size_t{1} << 16;

  void add(std::uint64_t low, std::uint64_t high);
  [[nodiscard]] bool may_hold(std::uint64_t low, std::uint64_t high) const;
  [[nodiscard]] std::size_t count() const { return m_count; }

 private:
  static constexpr std::size_t kBits = kKeysMax * 32;  // a power of two: 256 KiB
  std::vector<std::uint64_t> m_words = std::vector<std::uint64_t>(kBits / 64);
  std::size_t m_count = 0;
};

}  // namespace gridwall::journal
