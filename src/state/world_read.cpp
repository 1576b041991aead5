// What the fold is asked: snapshots for the screen, figures by division and period. World's third part.
#include <algorithm>
#include <map>

#include "base/time_text.hpp"
#include "state/world.hpp"

namespace gridwall::state {

namespace {

constexpr std::uint32_t kNewestCount = 64;

// "E04" of "E04.06"; the whole of a code of another edition up to its first dot.
std::string_view big_class_of(std::string_view class_code) {
  return class_code.substr(0, class_code.find('.'));
}

std::vector<NamedCount> largest_first(const std::map<std::string, std::uint32_t, std::less<>>& counts) {
  std::vector<NamedCount> sorted;
  for (const auto& [key, count] : counts) {
    if (count > 0) sorted.push_back({key, count});
  }
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const NamedCount& a, const NamedCount& b) { return a.count > b.count; });
  return sorted;
}

}  // namespace

void World::list_today(WorldSnapshot& snapshot) const {
  const base::Period today = base::period_of(m_state_time, base::PeriodKind::Day, m_rules->zone);
  std::map<std::string, std::uint32_t, std::less<>> by_channel, by_class;
  for (const auto& [key, figures] : m_figures.figures_by(m_tree->root(), today, Dimension::Channel)) {
    by_channel[m_channels.text(key)] += figures.of(model::Count::Report);
  }
  for (const auto& [key, figures] : m_figures.figures_by(m_tree->root(), today, Dimension::Class)) {
    by_class[std::string(big_class_of(m_classes.text(key)))] += figures.of(model::Count::Report);
  }
  snapshot.reported_today_by_channel = largest_first(by_channel);
  snapshot.reported_today_by_class = largest_first(by_class);
  for (int hour = 0; hour < 24; ++hour) {
    const base::Period period{base::PeriodKind::Hour, today.index * 24 + hour};
    snapshot.reported_today_by_hour[static_cast<std::size_t>(hour)] =
        m_figures.figures(m_tree->root(), period).of(model::Count::Report);
  }
}

void World::list_alerts(WorldSnapshot& snapshot) {
  const AlertBook& book = m_alerts.book();
  snapshot.alert_count = book.counts().live;
  if (m_last && m_last->alerts && m_alerts_version == book.version()) {
    snapshot.alerts = m_last->alerts;
    return;
  }
  auto shown = std::make_shared<std::vector<Alert>>();
  for (const Alert* alert : book.list()) {
    if (shown->size() == kAlertsShown) break;
    if (alert->live()) shown->push_back(*alert);
  }
  m_alerts_version = book.version();
  snapshot.alerts = std::move(shown);
}

std::shared_ptr<const WorldSnapshot> World::freeze() {
  if (!m_changed && m_last) return m_last;
  auto snapshot = std::make_shared<WorldSnapshot>();
  snapshot->tree = m_tree;
  snapshot->state_time = m_state_time;
  snapshot->sequence = m_sequence;
  snapshot->version = ++m_version;
  snapshot->digest = m_digests.total(m_tree->root());
  m_counts.freeze_into(*snapshot);
  m_cases.freeze_into(*snapshot);
  for (std::uint32_t number = m_cases.count(); number > 0 && snapshot->newest.size() < kNewestCount; --number) {
    if (!m_cases.incident(number - 1).moved_away) snapshot->newest.push_back(number - 1);
  }
  snapshot->class_codes = m_classes.names();
  snapshot->channels = m_channels.names();
  snapshot->departments = m_departments.names();
  list_today(*snapshot);
  const auto month = base::period_of(m_state_time, base::PeriodKind::Month, m_rules->zone);
  const Figures figures = m_figures.figures(m_tree->root(), month);
  for (std::size_t level = 0; level < snapshot->solved_by_level.size(); ++level) {
    const auto solved = static_cast<std::size_t>(model::Count::Solved0) + level;
    snapshot->solved_by_level[level] = figures.of(static_cast<model::Count>(solved));
  }
  list_alerts(*snapshot);
  snapshot->registers = m_register.freeze();
  snapshot->event_count = m_event_count;
  snapshot->simulated_event_count = m_simulated_event_count;
  snapshot->out_of_order_count = m_out_of_order_count;
  snapshot->unknown_class_count = m_unknown_class_count;
  snapshot->joined_late_count = m_joined_late_count;
  m_changed = false;
  m_last = std::move(snapshot);
  return m_last;
}

Figures World::figures(model::DivisionIndex division, base::Period period) const {
  return m_figures.figures(division, period);
}

Figures World::own_figures(model::DivisionIndex division, base::Period period) const {
  return m_figures.own_figures(division, period);
}

std::vector<KeyedFigures> World::figures_by(model::DivisionIndex division, base::Period period,
                                            Dimension dimension) const {
  std::vector<KeyedFigures> keyed;
  for (auto& [key, figures] : m_figures.figures_by(division, period, dimension)) {
    switch (dimension) {
      case Dimension::Department:
        keyed.push_back({m_departments.text(key), figures});
        break;
      case Dimension::Channel:
        keyed.push_back({m_channels.text(key), figures});
        break;
      case Dimension::Class:
        keyed.push_back({m_classes.text(key), figures});
        break;
      case Dimension::Severity:
        keyed.push_back({std::to_string(key), figures});
        break;
    }
  }
  std::sort(keyed.begin(), keyed.end(), [](const KeyedFigures& a, const KeyedFigures& b) { return a.key < b.key; });
  return keyed;
}

const Incident* World::find_incident(std::string_view incident_id) const {
  const auto found = m_cases.find(incident_id);
  return found && !m_cases.incident(*found).moved_away ? &m_cases.incident(*found) : nullptr;
}

const model::CaseRecord* World::find_record(std::string_view incident_id) const {
  const auto number = m_cases.find(incident_id);
  return number ? &m_cases.folded(*number).record : nullptr;
}

WorldMemory World::memory() const {
  return {m_cases.bytes(), m_timers.bytes(), m_figures.bytes(), m_counts.bytes(), m_register.bytes()};
}

void World::clear() {
  m_cases.clear();
  m_counts.clear();
  m_figures.clear();
  m_shares.clear();
  m_digests.clear();
  m_timers.clear();
  m_alerts.clear();
  m_register.clear();
  m_today = {};
  m_state_time = {};
  m_sequence = m_event_count = m_simulated_event_count = 0;
  m_out_of_order_count = m_unknown_class_count = m_joined_late_count = 0;
  m_changed = true;
}

}  // namespace gridwall::state
