// Sequencer: the hub's side of the feed's order. Gives each event its sequence and the chain values that let any
// subscriber see its gaps. Invariant: sequences go up by one, state_time never goes down.
// Pure, one thread. Tests: tests/unit/wire/sequencer_test.cpp, feed_simulation_test.cpp.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/text_index.hpp"
#include "wire/feed_header.hpp"

namespace gridwall::wire {

class Sequencer {
 public:
  // `last_sequence`: of a journal that goes on; 0 for a new one. Where it goes on, restore() every prefix too: a chain
  // that starts again at 0 would hide a loss before its first message.
  Sequencer(const JournalId& journal, std::uint64_t epoch, std::uint64_t last_sequence = 0);
  void restore(std::string_view prefix, std::uint64_t last_sequence);

  // The header of the next event. `topic` is a path or an own leaf (the hub made it, so anything else asserts).
  // `state_time` is raised to the last one when it lies below. `sent_at` is the hub's monotonic time.
  FeedHeader next(std::string_view topic, base::UtcTime state_time, base::Duration sent_at);

  // For heartbeats and beacons: moves state time on, never back, and returns it.
  base::UtcTime advance_state_time(base::UtcTime to);

  // All prefixes that anything was said under, in no order.
  template <typename Take>
  void for_each_prefix(const Take& take) const {
    for (std::uint32_t i = 0; i < m_chains.size(); ++i) {
      if (m_chains[i].last > 0) take(m_prefixes.at(i), m_chains[i].last);
    }
  }

  // The last sequence under "" (the whole feed), a path or an own leaf; 0: none yet.
  [[nodiscard]] std::uint64_t last_sequence(std::string_view prefix = {}) const;
  [[nodiscard]] base::UtcTime state_time() const { return m_state_time; }
  [[nodiscard]] std::uint64_t epoch() const { return m_epoch; }
  [[nodiscard]] const JournalId& journal() const { return m_journal; }

  // A message of the journal that goes on, or of a recording: it is counted as if it had just got its header. False:
  // its sequence does not follow the last.
  bool repeat(const FeedHeader& header, std::string_view topic);
  // Forgets all sequences: another journal's place, or this one's beginning.
  void start_at(std::uint64_t last_sequence, base::UtcTime state_time);

  // A jump of the clock: sequences go on, state time may start anywhere.
  void start_epoch(std::uint64_t epoch, base::UtcTime state_time);

 private:
  static constexpr std::uint32_t kNone = 0xffffffffu;
  struct Chain {
    std::uint64_t last = 0;
    std::uint32_t parent = kNone;  // the prefix around it
  };
  // Of an event's topic all prefixes are one look-up away: each knows the one around it.
  std::uint32_t number_of(std::string_view prefix);

  JournalId m_journal;
  std::uint64_t m_epoch;
  std::uint64_t m_last_sequence;
  base::UtcTime m_state_time = base::UtcTime::min();
  // At most two a division: its path and its own leaf.
  base::TextIndex m_prefixes;
  std::vector<Chain> m_chains;  // by prefix
};

}  // namespace gridwall::wire
