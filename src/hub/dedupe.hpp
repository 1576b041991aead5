// Dedupe: remembers what was accepted by (source, id), so that a publisher may send again after a lost answer. Keys
// live for the window, by the event's own time; memory is bounded: above the capacity the oldest are forgotten early
// and counted. Refusals are not remembered. One thread. Test: tests/unit/hub/dedupe_test.cpp.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"

namespace gridwall::hub {

class Dedupe {
 public:
  // 128 bits of hash stand for the texts: a false match is less likely than a broken disk.
  struct Key {
    std::uint64_t low = 0, high = 0;
    bool operator==(const Key&) const = default;
  };
  static Key key_of(std::string_view source, std::string_view id);

  Dedupe(base::Duration window, std::size_t capacity_keys) : m_window(window), m_capacity_keys(capacity_keys) {}

  // The sequence that the event got when it was accepted.
  [[nodiscard]] std::optional<std::uint64_t> find(std::string_view source, std::string_view id) const;
  void remember(std::string_view source, std::string_view id, base::UtcTime occurred_at, std::uint64_t sequence);
  // The same by its key: of a journal that goes on.
  [[nodiscard]] std::optional<std::uint64_t> find(const Key& key) const;
  void remember(const Key& key, base::UtcTime occurred_at, std::uint64_t sequence);
  // What was said after `sequence` never became durable: its keys are forgotten, so that a retry is accepted.
  void forget_after(std::uint64_t sequence);
  // Forgets what lies further behind `now` than the window: such an event would be refused as too old.
  void expire(base::UtcTime now);

  [[nodiscard]] std::size_t size() const { return m_sequences.size(); }
  [[nodiscard]] std::uint64_t forgotten_early_count() const { return m_forgotten_early_count; }

 private:
  struct KeyHash {
    std::size_t operator()(const Key& key) const { return key.low; }
  };
  void forget_oldest();

  base::Duration m_window;
  std::size_t m_capacity_keys;
  std::unordered_map<Key, std::uint64_t, KeyHash> m_sequences;
  std::map<std::int64_t, std::vector<Key>> m_keys_by_hour;  // hours since 1970 of occurred_at
  std::uint64_t m_forgotten_early_count = 0;
};

}  // namespace gridwall::hub
