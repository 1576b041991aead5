#include "state/alert_desk.hpp"

#include <algorithm>

namespace gridwall::state {

AlertDesk::AlertDesk(std::shared_ptr<const model::DivisionTree> tree, const base::TimeZone& zone,
                     const model::AlertRules& rules)
    : m_tree(std::move(tree)),
      m_rules(rules),
      m_bursts(m_tree, zone, m_rules.burst),
      m_divisions(m_tree, zone, m_rules),
      m_book(m_rules) {}

void AlertDesk::clear() {
  m_big_classes = Symbols();
  m_bursts.clear();
  m_divisions.clear();
  m_book.clear();
  m_due_known = false;
}

void AlertDesk::restore(Content content) {
  m_big_classes = Symbols();
  for (const std::string& big_class : content.big_classes) m_big_classes.intern(big_class);
  m_bursts.restore(std::move(content.bursts), std::move(content.burst_episodes));
  m_divisions.restore(std::move(content.divisions));
  m_book.restore(std::move(content.book));
  m_due_known = false;
  note_storm();
}

void AlertDesk::report(model::DivisionIndex division, std::string_view class_code, base::UtcTime state_time) {
  const Symbol big_class = m_big_classes.intern(class_code.substr(0, class_code.find('.')));
  m_bursts.report(division, big_class, state_time);
  m_divisions.report(division, class_code, state_time);
  m_due_known = false;
}

void AlertDesk::take(const model::Event& event, model::DivisionIndex division, base::UtcTime state_time) {
  if (!event.alert) return;
  m_due_known = false;
  if (event.type == "alert.raised") m_book.raise_outside(*event.alert, division, state_time);
  if (event.type == "alert.cleared") m_book.clear_outside(event.alert->alert_id, state_time);
  note_storm();
}

void AlertDesk::note_storm() {
  m_divisions.set_outside_storm(m_book.outside_live(m_rules.storm.outside_category, m_rules.storm.outside_severity));
}

void AlertDesk::work_out_due() const {
  m_due_known = true;
  m_due.reset();
  for (const auto& one : {m_bursts.next_due(), m_divisions.next_due(), m_book.next_due()}) {
    if (one && (!m_due || *one < *m_due)) m_due = one;
  }
}

void AlertDesk::sweep(base::UtcTime state_time, const FigureSource& figures) {
  m_due_known = false;
  m_book.advance_to(state_time);
  note_storm();
  for (const BurstChange& change : m_bursts.sweep(state_time)) {
    if (!m_rules.spec(model::AlertRule::Burst).enabled) continue;
    std::string subject = subject_of(change.key.division);
    if (change.key.big_class != kAllBigClasses) subject += "/" + m_big_classes.text(change.key.big_class);
    const BurstEpisode& episode = change.episode;
    if (change.begun) {
      m_book.raise(model::AlertRule::Burst, change.key.division, std::move(subject), episode.since, episode.count,
                   episode.threshold);
    } else {
      m_book.resolve(model::AlertRule::Burst, subject, episode.since, change.at);
    }
  }
  for (const DivisionChange& change : m_divisions.sweep(state_time, figures)) {
    if (change.key.rule == model::AlertRule::SilentGrid) continue;
    const DivisionEpisode& episode = change.episode;
    if (change.begun) {
      m_book.raise(change.key.rule, change.key.division, subject_of(change.key.division), episode.since, episode.value,
                   episode.threshold);
    } else {
      m_book.resolve(change.key.rule, subject_of(change.key.division), episode.since, change.at);
    }
  }
}

std::vector<std::pair<model::DivisionIndex, base::UtcTime>> AlertDesk::silent() const {
  std::vector<std::pair<model::DivisionIndex, base::UtcTime>> silent;
  for (const auto& [key, episode] : m_divisions.active()) {
    if (key.rule == model::AlertRule::SilentGrid) silent.emplace_back(key.division, episode.since);
  }
  return silent;
}

}  // namespace gridwall::state
