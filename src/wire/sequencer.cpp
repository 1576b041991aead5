#include "wire/sequencer.hpp"

#include <algorithm>
#include <utility>

#include "base/assert.hpp"
#include "wire/topics.hpp"

namespace gridwall::wire {

Sequencer::Sequencer(const JournalId& journal, std::uint64_t epoch, std::uint64_t last_sequence)
    : m_journal(journal), m_epoch(epoch), m_last_sequence(last_sequence) {}

std::uint32_t Sequencer::number_of(std::string_view prefix) {
  if (const auto found = m_prefixes.find(prefix)) return *found;
  Chain chain;
  const std::size_t slash = prefix.find_last_of('/', prefix.size() - 2);
  if (slash != std::string_view::npos) chain.parent = number_of(prefix.substr(0, slash + 1));
  m_chains.push_back(chain);
  return m_prefixes.add(prefix);
}

void Sequencer::restore(std::string_view prefix, std::uint64_t last_sequence) {
  ASSERT(is_prefix(prefix) && last_sequence <= m_last_sequence, "'{}' at {}", prefix, last_sequence);
  m_chains[number_of(prefix)].last = last_sequence;
}

FeedHeader Sequencer::next(std::string_view topic, base::UtcTime state_time, base::Duration sent_at) {
  ASSERT(is_prefix(topic), "'{}' is no topic", topic);
  FeedHeader header;
  header.journal = m_journal;
  header.epoch = m_epoch;
  header.previous.resize(chain_length(topic));
  header.previous.front() = m_last_sequence;
  header.sequence = ++m_last_sequence;
  auto previous = header.previous.end();
  for (std::uint32_t at = number_of(topic); at != kNone; at = m_chains[at].parent) {
    *--previous = std::exchange(m_chains[at].last, m_last_sequence);
  }
  header.state_time = advance_state_time(state_time);
  header.sent_at = sent_at;
  return header;
}

base::UtcTime Sequencer::advance_state_time(base::UtcTime to) {
  m_state_time = std::max(m_state_time, to);
  return m_state_time;
}

std::uint64_t Sequencer::last_sequence(std::string_view prefix) const {
  if (prefix.empty()) return m_last_sequence;
  const auto found = m_prefixes.find(prefix);
  return found ? m_chains[*found].last : 0;
}

bool Sequencer::repeat(const FeedHeader& header, std::string_view topic) {
  if (!is_prefix(topic) || header.sequence != m_last_sequence + 1) return false;
  m_last_sequence = header.sequence;
  for (std::uint32_t at = number_of(topic); at != kNone; at = m_chains[at].parent) m_chains[at].last = m_last_sequence;
  advance_state_time(header.state_time);
  return true;
}

void Sequencer::start_at(std::uint64_t last_sequence, base::UtcTime state_time) {
  for (Chain& chain : m_chains) chain.last = 0;
  m_last_sequence = last_sequence;
  m_state_time = state_time;
}

void Sequencer::start_epoch(std::uint64_t epoch, base::UtcTime state_time) {
  m_epoch = epoch;
  m_state_time = state_time;
}

}  // namespace gridwall::wire
