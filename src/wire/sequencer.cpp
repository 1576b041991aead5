#include "wire/sequencer.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "model/path.hpp"
#include "wire/topics.hpp"

namespace gridwall::wire {

Sequencer::Sequencer(const JournalId& journal, std::uint64_t epoch, std::uint64_t last_sequence)
    : m_journal(journal), m_epoch(epoch), m_last_sequence(last_sequence) {}

void Sequencer::restore(std::string_view prefix, std::uint64_t last_sequence) {
  ASSERT(is_prefix(prefix) && last_sequence <= m_last_sequence, "'{}' at {}", prefix, last_sequence);
  m_last_by_prefix.insert_or_assign(std::string(prefix), last_sequence);
}

std::uint64_t Sequencer::exchange_last(std::string_view prefix) {
  const auto found = m_last_by_prefix.find(prefix);
  if (found != m_last_by_prefix.end()) return std::exchange(found->second, m_last_sequence);
  m_last_by_prefix.emplace(std::string(prefix), m_last_sequence);
  return 0;
}

FeedHeader Sequencer::next(std::string_view topic, base::UtcTime state_time, base::Duration sent_at) {
  ASSERT(is_prefix(topic), "'{}' is no topic", topic);
  FeedHeader header;
  header.journal = m_journal;
  header.epoch = m_epoch;
  header.previous.reserve(chain_length(topic));
  header.previous.push_back(m_last_sequence);
  header.sequence = ++m_last_sequence;
  for (const std::string_view prefix : model::path_prefixes(topic)) header.previous.push_back(exchange_last(prefix));
  if (topic.ends_with('~')) header.previous.push_back(exchange_last(topic));
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
  const auto found = m_last_by_prefix.find(prefix);
  return found == m_last_by_prefix.end() ? 0 : found->second;
}

bool Sequencer::repeat(const FeedHeader& header, std::string_view topic) {
  if (!is_prefix(topic) || header.sequence != m_last_sequence + 1) return false;
  m_last_sequence = header.sequence;
  for (const std::string_view prefix : model::path_prefixes(topic)) exchange_last(prefix);
  if (topic.ends_with('~')) exchange_last(topic);
  advance_state_time(header.state_time);
  return true;
}

void Sequencer::start_at(std::uint64_t last_sequence, base::UtcTime state_time) {
  m_last_by_prefix.clear();
  m_last_sequence = last_sequence;
  m_state_time = state_time;
}

void Sequencer::start_epoch(std::uint64_t epoch, base::UtcTime state_time) {
  m_epoch = epoch;
  m_state_time = state_time;
}

}  // namespace gridwall::wire
