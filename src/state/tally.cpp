#include "state/tally.hpp"

#include <algorithm>

#include "base/time_text.hpp"

namespace gridwall::state {

CaseCounts& CaseCounts::operator+=(const CaseCounts& other) {
  open += other.open;
  reported_today += other.reported_today;
  closed_today += other.closed_today;
  unlocated_open += other.unlocated_open;
  for (std::size_t i = 0; i < open_by_severity.size(); ++i) open_by_severity[i] += other.open_by_severity[i];
  return *this;
}

CaseCounts& CaseCounts::operator-=(const CaseCounts& other) {
  ASSERT(open >= other.open && reported_today >= other.reported_today && closed_today >= other.closed_today,
         "open {} - {}, reported {} - {}, closed {} - {}", open, other.open, reported_today, other.reported_today,
         closed_today, other.closed_today);
  open -= other.open;
  reported_today -= other.reported_today;
  closed_today -= other.closed_today;
  unlocated_open -= other.unlocated_open;
  for (std::size_t i = 0; i < open_by_severity.size(); ++i) open_by_severity[i] -= other.open_by_severity[i];
  return *this;
}

Day local_day(base::UtcTime at, std::chrono::minutes utc_offset) {
  const base::UtcTime begin = base::start_of_local_day(at, utc_offset);
  return {begin, begin + std::chrono::hours(24)};
}

CaseCounts contribution(const Incident& incident, const Day& today) {
  CaseCounts counts;
  if (!model::is_settled(incident.state)) {
    counts.open = 1;
    counts.unlocated_open = incident.located ? 0 : 1;
    counts.open_by_severity[model::severity_index(incident.severity)] = 1;
  }
  counts.reported_today = today.contains(incident.reported_at) ? 1 : 0;
  counts.closed_today = model::is_closed(incident.state) && today.contains(incident.closed_at) ? 1 : 0;
  return counts;
}

std::string_view big_class_key(const Incident& incident) {
  return std::string_view(incident.class_code).substr(0, incident.class_code.find('.'));
}

Tally::Tally(std::shared_ptr<const model::DivisionTree> tree, std::chrono::minutes utc_offset)
    : m_tree(std::move(tree)),
      m_utc_offset(utc_offset),
      m_own(std::make_shared<Counts>(m_tree->divisions().size())),
      m_total(std::make_shared<Counts>(m_tree->divisions().size())) {}

void Tally::thaw() {
  if (!m_given_out) return;
  m_own = std::make_shared<Counts>(*m_own);
  m_total = std::make_shared<Counts>(*m_total);
  m_given_out = false;
}

void Tally::apply(const Incident& incident, Sign sign) {
  const CaseCounts counts = contribution(incident, m_today);
  if (counts == CaseCounts{}) return;
  thaw();
  const auto shift = [&](CaseCounts& target) { sign == Sign::Plus ? target += counts : target -= counts; };
  shift((*m_own)[incident.division.value]);
  for (auto at = incident.division; at.valid(); at = m_tree->at(at).parent) shift((*m_total)[at.value]);
  if (counts.reported_today == 0) return;

  const auto shift_named = [&](auto& counts_by_key, std::string_view key) {
    auto found = counts_by_key.find(key);
    if (found == counts_by_key.end()) found = counts_by_key.emplace(std::string(key), 0u).first;
    found->second += sign == Sign::Plus ? 1u : ~0u;  // ~0u: one less
    if (found->second == 0) counts_by_key.erase(found);
  };
  shift_named(m_by_channel, incident.channel);
  shift_named(m_by_class, big_class_key(incident));
  const auto hour = static_cast<std::size_t>(base::to_local(incident.reported_at, m_utc_offset).hour);
  m_by_hour[hour] += sign == Sign::Plus ? 1u : ~0u;
}

void Tally::add(const Incident& incident) { apply(incident, Sign::Plus); }
void Tally::subtract(const Incident& incident) { apply(incident, Sign::Minus); }

void Tally::restart(const Day& today) {
  m_own = std::make_shared<Counts>(m_tree->divisions().size());
  m_total = std::make_shared<Counts>(m_tree->divisions().size());
  m_given_out = false;
  m_by_channel.clear();
  m_by_class.clear();
  m_by_hour = {};
  m_today = today;
}

void Tally::freeze_into(WorldSnapshot& snapshot) {
  snapshot.own = m_own;
  snapshot.total = m_total;
  m_given_out = true;
  const auto largest_first = [](const auto& counts_by_key) {
    std::vector<NamedCount> sorted;
    sorted.reserve(counts_by_key.size());
    for (const auto& [key, count] : counts_by_key) sorted.push_back({key, count});
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const NamedCount& a, const NamedCount& b) { return a.count > b.count; });
    return sorted;
  };
  snapshot.reported_today_by_channel = largest_first(m_by_channel);
  snapshot.reported_today_by_class = largest_first(m_by_class);
  snapshot.reported_today_by_hour = m_by_hour;
}

}  // namespace gridwall::state
