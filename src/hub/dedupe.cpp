#include "hub/dedupe.hpp"

#include <string>

#include "base/hash.hpp"

namespace gridwall::hub {

namespace {

std::int64_t hour_of(base::UtcTime time) {
  return std::chrono::floor<std::chrono::hours>(time).time_since_epoch().count();
}

}  // namespace

Dedupe::Key Dedupe::key_of(std::string_view source, std::string_view id) {
  // The source's length keeps ("ab", "c") and ("a", "bc") apart.
  const std::uint64_t source_hash = base::hash_bytes(source, source.size());
  return {base::hash_bytes(id, source_hash), base::hash_bytes(id, ~source_hash)};
}

std::optional<std::uint64_t> Dedupe::find(std::string_view source, std::string_view id) const {
  return find(key_of(source, id));
}

std::optional<std::uint64_t> Dedupe::find(const Key& key) const {
  const auto found = m_sequences.find(key);
  if (found == m_sequences.end()) return std::nullopt;
  return found->second;
}

void Dedupe::remember(std::string_view source, std::string_view id, base::UtcTime occurred_at, std::uint64_t sequence) {
  remember(key_of(source, id), occurred_at, sequence);
}

void Dedupe::remember(const Key& key, base::UtcTime occurred_at, std::uint64_t sequence) {
  if (!m_sequences.emplace(key, sequence).second) return;
  m_keys_by_hour[hour_of(occurred_at)].push_back(key);
  while (m_sequences.size() > m_capacity_keys) forget_oldest();
}

void Dedupe::forget_oldest() {
  const auto oldest = m_keys_by_hour.begin();
  m_sequences.erase(oldest->second.back());
  oldest->second.pop_back();
  if (oldest->second.empty()) m_keys_by_hour.erase(oldest);
  ++m_forgotten_early_count;
}

void Dedupe::forget_after(std::uint64_t sequence) {
  for (auto hour = m_keys_by_hour.begin(); hour != m_keys_by_hour.end();) {
    std::erase_if(hour->second, [&](const Key& key) {
      const auto found = m_sequences.find(key);
      if (found->second <= sequence) return false;
      m_sequences.erase(found);
      return true;
    });
    hour = hour->second.empty() ? m_keys_by_hour.erase(hour) : std::next(hour);
  }
}

void Dedupe::expire(base::UtcTime now) {
  const std::int64_t first_kept = hour_of(now - m_window);
  while (!m_keys_by_hour.empty() && m_keys_by_hour.begin()->first < first_kept) {
    for (const Key& key : m_keys_by_hour.begin()->second) m_sequences.erase(key);
    m_keys_by_hour.erase(m_keys_by_hour.begin());
  }
}

}  // namespace gridwall::hub
