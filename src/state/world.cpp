#include "state/world.hpp"

#include <algorithm>
#include <map>

#include "base/hash.hpp"

namespace gridwall::state {

namespace {

// Before how many events memory is asked for: the event, the case's place in the table, where the case is, the case and
// what its division counts, its entry, what that counts in. Soon enough is two events; what is asked for too early is
// gone again.
constexpr std::size_t kEventAhead = 14, kTableAhead = 10, kPlaceAhead = 8, kCaseAhead = 6, kEntryAhead = 4,
                      kFiguresAhead = 2;

// The watches look at one figure at a time.
class FiguresOfBook final : public FigureSource {
 public:
  FiguresOfBook(const FigureBook& book, const ShareBook& shares) : m_book(book), m_shares(shares) {}
  const Figures* find(model::DivisionIndex division, const base::Period& period) const override {
    m_found = m_book.figures(division, period);
    return &m_found;
  }
  ShareCounts shares(model::DivisionIndex division, const base::Period& month) const override {
    return month == m_shares.month() ? m_shares.of(division) : share_counts(m_book.figures(division, month));
  }

  std::int64_t reports(model::DivisionIndex division, const base::Period& period) const override {
    return m_book.reports(division, period);
  }

 private:
  const FigureBook& m_book;
  const ShareBook& m_shares;
  mutable Figures m_found;
};

Day local_day(base::UtcTime at, const base::TimeZone& zone) {
  const base::Period day = base::period_of(at, base::PeriodKind::Day, zone);
  return {base::period_begin(day, zone), base::period_end(day, zone)};
}

}  // namespace

World::World(std::shared_ptr<const model::DivisionTree> tree, std::shared_ptr<const model::Vocabulary> vocabulary,
             std::shared_ptr<const model::DistrictRules> rules, Retention retention)
    : m_tree(std::move(tree)),
      m_vocabulary(std::move(vocabulary)),
      m_rules(std::move(rules)),
      m_ancestry(std::make_shared<const Ancestry>(*m_tree)),
      m_case_rules(m_rules->case_rules()),
      m_counts(m_ancestry),
      m_figures(m_ancestry, m_rules->zone, retention),
      m_shares(m_ancestry),
      m_digests(m_ancestry),
      m_alerts(m_tree, m_rules->zone, m_rules->alerts) {
  ASSERT(!m_tree->divisions().empty(), "a world needs a root division");
  for (const auto& row : m_vocabulary->lifecycle) m_rows.emplace(row.type, &row);
  m_division_hashes.reserve(m_tree->divisions().size());
  for (const auto& division : m_tree->divisions()) m_division_hashes.push_back(base::hash_bytes(division.code));
}

void World::look_at_table(const model::SequencedEvent& event, Lookahead& ahead) const {
  // Longer texts lie elsewhere.
  prefetch_line(event.event.type.data());
  prefetch_line(event.event.incident.class_set.data());
  ahead.id_hash = CaseStore::hash_of(event.event.incident.incident_id);
  m_cases.prefetch(ahead.id_hash);
}

void World::look_at_place(Lookahead& ahead) const {
  ahead.guess = m_cases.guess(ahead.id_hash);
  if (ahead.guess) m_cases.prefetch_place(*ahead.guess);
}

void World::look_at_case(const model::SequencedEvent& event, const Lookahead& ahead) const {
  if (ahead.guess && *ahead.guess < m_cases.count()) m_cases.prefetch_case(*ahead.guess);
  if (!known(event.division)) return;
  prefetch_line(&m_division_hashes[event.division.value]);
  m_counts.prefetch(event.division);
  m_digests.prefetch(event.division);
  m_shares.prefetch(event.division);
  if (ahead.guess) return;
  m_figures.prefetch_newest(event.division);
  m_alerts.prefetch(event.division, 0);
}

// By now the case itself is near: what it counts in can be asked for. Of a new one, what it will count in.
void World::look_at_entry(const model::SequencedEvent& event, const Lookahead& ahead) const {
  if (ahead.guess && *ahead.guess < m_cases.count()) return look_at_entry(*ahead.guess);
  if (ahead.guess || !known(event.division)) return;
  m_figures.prefetch_newest_cells(event.division);
  m_alerts.prefetch(event.division, 1);
}

void World::look_at_entry(std::uint32_t number) const {
  prefetch_line(m_cases.incident(number).id.data());
  const std::uint32_t entry = m_cases.folded(number).entry;
  if (entry != kNoEntry) m_figures.prefetch(entry);
}

void World::look_at_figures(const Lookahead& ahead) const {
  if (!ahead.guess || *ahead.guess >= m_cases.count()) return;
  const std::uint32_t entry = m_cases.folded(*ahead.guess).entry;
  if (entry != kNoEntry) m_figures.prefetch_counts(entry);
}

// Each event is looked at six times before its turn, each time one step further into what it will need.
void World::look_ahead(std::span<const model::SequencedEvent* const> events, std::size_t now) {
  const auto is_there = [&](std::size_t ahead) { return now + ahead < events.size(); };
  if (is_there(kEventAhead)) prefetch_bytes(events[now + kEventAhead], sizeof(model::SequencedEvent));
  if (is_there(kTableAhead)) look_at_table(*events[now + kTableAhead], m_ahead[now + kTableAhead]);
  if (is_there(kPlaceAhead)) look_at_place(m_ahead[now + kPlaceAhead]);
  if (is_there(kCaseAhead)) look_at_case(*events[now + kCaseAhead], m_ahead[now + kCaseAhead]);
  if (is_there(kEntryAhead)) look_at_entry(*events[now + kEntryAhead], m_ahead[now + kEntryAhead]);
  if (is_there(kFiguresAhead)) look_at_figures(m_ahead[now + kFiguresAhead]);
}

void World::apply(std::span<const model::SequencedEvent> events) {
  std::vector<const model::SequencedEvent*> places(events.size());
  for (std::size_t i = 0; i < events.size(); ++i) places[i] = &events[i];
  apply(std::span<const model::SequencedEvent* const>(places));
}

void World::apply(std::span<const model::SequencedEvent* const> events) {
  m_ahead.assign(events.size(), {});
  for (std::size_t i = 0; i < std::min(kTableAhead, events.size()); ++i) look_at_table(*events[i], m_ahead[i]);
  for (std::size_t i = 0; i < std::min(kPlaceAhead, events.size()); ++i) look_at_place(m_ahead[i]);
  for (std::size_t i = 0; i < events.size(); ++i) {
    look_ahead(events, i);
    advance_to(events[i]->state_time);
    apply_one(*events[i], m_ahead[i]);
  }
}

void World::apply_one(const model::SequencedEvent& event, const Lookahead& ahead) {
  m_sequence = std::max(m_sequence, event.sequence);
  // What sources said; not what the hub adds to it.
  if (!model::is_hub_type(event.event.type)) {
    ++m_event_count;
    if (event.event.source.starts_with(model::kSimulatorSource)) ++m_simulated_event_count;
  }
  m_changed = true;
  if (event.event.incident.incident_id.empty()) return;
  if (event.event.type == model::kMovedOut) {
    move_out(event);
  } else if (event.event.type == model::kMovedIn) {
    move_in(event);
  } else if (event.event.type.starts_with("incident.")) {
    fold(event, ahead);
  } else if (event.event.alert) {
    sweep_alerts(m_state_time);
    m_alerts.take(event.event, known(event.division) ? event.division : m_tree->root(), m_state_time);
  } else if (event.event.entry) {
    fold_entry(event);
  } else if (!event.event.derived_name.empty()) {
    fold_derived(event);
  }
}

void World::advance_to(base::UtcTime state_time) {
  if (state_time <= m_state_time) return;
  m_changed = true;
  // Midnights first come to what is due before them; a jump over many days begins only the last.
  if (!m_today.contains(state_time)) {
    if (m_today.end != base::UtcTime{} && m_today.end <= state_time) pass_time(m_today.end - base::Duration(1));
    begin_day(state_time);
  }
  pass_time(state_time);
  m_state_time = state_time;
}

// Figures that are too old to be kept: a case that is still in the store counts in none from now on, and of one that is
// not, nothing is left.
void World::forget_figures(base::UtcTime state_time) {
  auto gone = m_figures.forget_before(state_time);
  if (gone.empty()) return;
  std::map<std::uint32_t, std::uint32_t> case_of;  // by entry
  for (std::uint32_t number = 0; number < m_cases.count(); ++number) case_of[m_cases.folded(number).entry] = number;
  for (const auto& [entry, counted] : gone) {
    if (const auto found = case_of.find(entry); found != case_of.end()) {
      m_cases.folded(found->second).entry = kNoEntry;
      m_cases.folded(found->second).forgotten = true;
    } else if (counted.measure.flags != 0) {  // else it moved away
      m_digests.change(counted.division, hash_counted(counted, texts_of(counted)), 0);
    }
  }
}

// Timers and watches in their order: what a watch sees at a minute is how it was at that minute, however long a step
// is.
void World::pass_time(base::UtcTime until) {
  while (true) {
    const auto due = m_alerts.next_due();
    const base::UtcTime step_end = due ? std::min(*due, until) : until;
    if (m_timers.any_until(step_end)) {
      // A timer may give the watches something to look at by the next whole minute: no further than that.
      fire_timers(std::min(step_end, base::UtcTime(std::chrono::ceil<std::chrono::minutes>(m_timers.earliest()))));
      continue;
    }
    if (!due || *due > until) return;
    sweep_alerts(*due);
    if (m_alerts.next_due() == due) return;  // nothing moves it on
  }
}

void World::sweep_alerts(base::UtcTime state_time) {
  m_alerts.sweep(state_time, FiguresOfBook(m_figures, m_shares));
}

// Cases may have been reported in it already: clocks run ahead.
void World::begin_month(base::UtcTime state_time) {
  const base::Period month = base::period_of(state_time, base::PeriodKind::Month, m_rules->zone);
  if (month == m_shares.month()) return;
  m_shares.begin(month, m_rules->zone);
  m_figures.for_each_entry([&](std::uint32_t, const CountedCase& counted) {
    m_shares.change(counted.division, counted.reported_at, 0, counted.measure.flags);
  });
}

void World::begin_day(base::UtcTime state_time) {
  m_today = local_day(state_time, m_rules->zone);
  forget_figures(state_time);
  begin_month(state_time);
  const base::UtcTime oldest = m_today.begin - kSettledKept;
  m_cases.compact([&](std::uint32_t number) {
    const Incident& incident = m_cases.incident(number);
    if (incident.moved_away) return false;
    if (!model::is_settled(incident.state) || incident.changed_at >= oldest || incident.reported_at >= oldest)
      return true;
    // Its figures stay, and stand for it in the digest.
    const FoldedCase& folded = m_cases.folded(number);
    m_counts.change(incident.division, folded.now_bits, 0);
    m_digests.change(incident.division, folded.digest, 0);
    if (folded.entry != kNoEntry) {
      const CountedCase& counted = m_figures.at(folded.entry);
      m_digests.change(incident.division, 0, hash_counted(counted, texts_of(counted)));
    }
    return false;
  });
  m_counts.restart_today();
  m_timers.clear();
  for (std::uint32_t number = 0; number < m_cases.count(); ++number) {
    FoldedCase& folded = m_cases.folded(number);
    const Incident& incident = m_cases.incident(number);
    const NowBits now = now_bits(incident, m_today);
    m_counts.change(incident.division, folded.now_bits & ~kTodayBits, now);
    folded.now_bits = now;
    if (folded.timer_at != base::UtcTime{}) m_timers.set({folded.timer_at, number});
  }
}

}  // namespace gridwall::state
