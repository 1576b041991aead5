// The way of one event through the fold: World's other half.
#include <algorithm>

#include "state/world.hpp"

namespace gridwall::state {

namespace {

bool breaks_order(const model::LifecycleRow& row, const model::CaseRecord& record) {
  return !row.leads_from(record.state);
}

}  // namespace

void World::fold(const model::SequencedEvent& event, const Lookahead& ahead) {
  const model::IncidentFacts& facts = event.event.incident;
  // The guess may be of another id; or the events in between created the case, or a midnight gave it another number.
  const bool guessed =
      ahead.guess && *ahead.guess < m_cases.count() && m_cases.incident(*ahead.guess).id == facts.incident_id;
  const auto found = guessed ? ahead.guess : m_cases.find(facts.incident_id, ahead.id_hash);
  const bool is_new = !found || m_cases.incident(*found).moved_away;
  const std::uint32_t number = found ? *found : m_cases.add(facts.incident_id, ahead.id_hash);
  Incident& incident = m_cases.edit(number);
  FoldedCase& folded = m_cases.folded(number);
  if (found && is_new) {
    // It moved away, and is told of all the same: as of one that nobody has heard of.
    const std::string_view id = incident.id;
    const std::uint32_t entry = folded.entry;
    incident = Incident{};
    incident.id = id;
    folded = FoldedCase{};
    folded.entry = entry;
  }
  if (is_new) {
    incident.first_seen_at = event.state_time;
    folded.first_sequence = event.sequence;
    incident.division = m_tree->root();
    incident.simulated = event.event.source.starts_with(model::kSimulatorSource);
  }
  const model::DivisionIndex division_before = incident.division;
  const auto keys = [&] {
    return std::array{incident.class_symbol, incident.channel_symbol, incident.department_symbol,
                      static_cast<Symbol>(incident.severity)};
  };
  const auto keys_before = keys();
  change_class(incident, folded, facts, is_new);
  change_symbol(incident.channel_symbol, m_channels, facts.channel);
  change_symbol(incident.department_symbol, m_departments, facts.department);
  change_place(incident, event, is_new);
  run_lifecycle(number, event, is_new);
  incident.changed_at = event.state_time;
  incident.last_sequence = event.sequence;
  settle(number, division_before, keys_before != keys());
  if (is_new) {
    sweep_alerts(m_state_time);
    m_alerts.report(incident.division, m_classes.text(incident.class_symbol), m_state_time);
  }
}

void World::run_lifecycle(std::uint32_t number, const model::SequencedEvent& event, bool is_new) {
  FoldedCase& folded = m_cases.folded(number);
  model::CaseRecord& record = folded.record;
  const auto found_row = m_rows.find(event.event.type);
  if (found_row == m_rows.end()) {
    // A step of a newer table: it counts as heard of, and no more.
    if (is_new) {
      ++m_joined_late_count;
      record.stamps[static_cast<std::size_t>(model::Stamp::Reported)] = event.event.occurred_at;
    }
  } else {
    const model::LifecycleRow& row = *found_row->second;
    // The feed was joined after the incident began, or its beginning was lost: it counts all the same.
    if (is_new && !row.creates()) ++m_joined_late_count;
    // The hub's verdict counts for what we did not see ourselves.
    if (event.event.out_of_order || (!is_new && breaks_order(row, record))) ++m_out_of_order_count;
    if (event.event.out_of_order) record.flaws |= static_cast<std::uint16_t>(model::Flaw::OutOfOrder);
    const model::IncidentFacts& facts = event.event.incident;
    const model::ClassLimit* limit = m_class_infos[m_cases.incident(number).class_symbol].limit;
    if (!facts.condition.empty()) folded.condition = m_conditions.intern(facts.condition);
    if (folded.condition != kNoSymbol) {
      limit = m_rules->limits.find(m_classes.text(m_cases.incident(number).class_symbol),
                                   m_conditions.text(folded.condition));
    }
    model::apply_event(record, is_new, row, event.event, limit, m_case_rules);
  }
  // A suspension whose end lies in the past already ends right after the event that said so.
  while (record.paused_at != base::UtcTime{} && record.resume_due_at != base::UtcTime{} &&
         record.resume_due_at <= m_state_time && model::apply_timer(record, record.resume_due_at, m_case_rules)) {
  }
}

// All that it added here is taken away again; its place in the store stays empty until midnight.
void World::move_out(const model::SequencedEvent& event) {
  const auto found = m_cases.find(event.event.incident.incident_id);
  if (!found || m_cases.incident(*found).moved_away) return;
  Incident& incident = m_cases.edit(*found);
  FoldedCase& folded = m_cases.folded(*found);
  incident.moved_away = true;
  m_counts.change(incident.division, folded.now_bits, 0);
  m_digests.change(incident.division, folded.digest, 0);
  folded.now_bits = 0;
  folded.digest = 0;
  folded.timer_at = {};
  if (folded.entry == kNoEntry) return;
  CountedCase nothing = m_figures.at(folded.entry);
  nothing.measure = {};
  change_shares(&m_figures.at(folded.entry), nothing);
  m_figures.change(folded.entry, nothing.measure);
}

void World::fold_derived(const model::SequencedEvent& event) {
  const auto found = m_cases.find(event.event.incident.incident_id);
  if (!found || m_cases.incident(*found).moved_away) return;
  Incident& incident = m_cases.edit(*found);
  const bool value = event.event.derived_value != 0;
  if (event.event.derived_name == "recurrence") incident.recurrent = value;
  if (event.event.derived_name == "suspected_duplicate") incident.suspected_duplicate = value;
  settle(*found, incident.division, false);
}

void World::fold_entry(const model::SequencedEvent& event) {
  EntryPlace place;
  place.division = known(event.division) ? event.division : event.unlocated_in;
  if (!known(place.division)) place.division = m_tree->root();
  if (known(event.division) && event.point_world) {
    place.located = true;
    place.point_units = m_tree->to_units(*event.point_world);
  }
  const EntryChange change = m_register.take(event, place);
  m_digests.change(change.division_before, change.hash_before, 0);
  m_digests.change(change.division_after, 0, change.hash_after);
}

// A new class brings its own severity with it, unless the event says which.
void World::change_class(Incident& incident, FoldedCase& folded, const model::IncidentFacts& facts, bool is_new) {
  if (is_new && facts.class_code.empty()) static_cast<void>(class_info(kNoSymbol));
  if (!facts.class_code.empty()) {
    const bool foreign = !facts.class_set.empty() && facts.class_set != m_vocabulary->class_set;
    // The same number means another thing in another edition: its code must never meet our table.
    const std::string foreign_code = foreign ? facts.class_set + ":" + facts.class_code : std::string();
    const std::string& code = foreign ? foreign_code : facts.class_code;
    if (is_new || code != m_classes.text(incident.class_symbol)) {
      incident.class_symbol = m_classes.intern(code);
      const ClassInfo& info = class_info(incident.class_symbol);
      if (!info.known) ++m_unknown_class_count;
      incident.severity = info.severity;
    }
  }
  if (facts.severity) incident.severity = *facts.severity;
  folded.record.severity = incident.severity;
}

const World::ClassInfo& World::class_info(Symbol symbol) {
  while (m_class_infos.size() <= symbol) {
    const std::string& code = m_classes.text(static_cast<Symbol>(m_class_infos.size()));
    const model::IncidentClass* entry = m_vocabulary->find_class(code);
    ClassInfo info;
    info.known = entry != nullptr;
    if (entry != nullptr) info.severity = entry->severity;
    if (!code.empty()) info.limit = m_rules->limits.find(code, "");
    m_class_infos.push_back(info);
  }
  return m_class_infos[symbol];
}

void World::change_symbol(Symbol& symbol, Symbols& symbols, const std::string& text) const {
  if (!text.empty() && text != symbols.text(symbol)) symbol = symbols.intern(text);
}

bool World::known(model::DivisionIndex division) const {
  return division.valid() && division.value < m_ancestry->size();
}

// An event that tells no place leaves the incident where it is; a place once known is not forgotten.
void World::change_place(Incident& incident, const model::SequencedEvent& event, bool is_new) const {
  if (known(event.division)) {
    const bool moved = is_new || event.division != incident.division;
    incident.division = event.division;
    if (event.point_world) {
      incident.located = true;
      incident.point_units = m_tree->to_units(*event.point_world);
    } else if (moved) {
      incident.located = false;
      incident.point_units = {};
    }
    return;
  }
  const bool tells_tray = known(event.unlocated_in) && (is_new || !event.event.incident.division_code.empty());
  if (!incident.located && tells_tray) incident.division = event.unlocated_in;
}

void World::settle(std::uint32_t number, model::DivisionIndex division_before, bool keys_changed) {
  FoldedCase& folded = m_cases.folded(number);
  Incident& incident = m_cases.edit(number);
  const model::CaseRecord& record = folded.record;
  incident.state = record.state;
  incident.reported_at = record.stamp(model::Stamp::Reported);
  incident.closed_at = record.stamp(model::Stamp::Closed);
  incident.deadline_at = record.deadline_at;
  incident.marks = record.marks;
  incident.flaws = record.flaws;
  incident.return_count = record.return_count;
  incident.rework_count = record.rework_count;
  incident.standing = model::standing_at(record, m_state_time, m_case_rules);

  const bool moved = division_before != incident.division;
  const NowBits now = now_bits(incident, m_today);
  CaseTexts texts = texts_of(incident);
  texts.condition = m_conditions.hash(folded.condition);
  const std::uint64_t digest = hash_case(incident, record, texts);
  if (moved) {
    m_counts.change(division_before, folded.now_bits, 0);
    m_digests.change(division_before, folded.digest, 0);
    folded.now_bits = 0;
    folded.digest = 0;
  }
  m_counts.change(incident.division, folded.now_bits, now);
  m_digests.change(incident.division, folded.digest, digest);
  folded.now_bits = now;
  folded.digest = digest;
  count_figures(number, keys_changed || moved);
  set_timer(number);
}

// Time alone has passed: the record is what it was, and so is its digest.
void World::settle_standing(std::uint32_t number) {
  FoldedCase& folded = m_cases.folded(number);
  const model::CaseStanding standing = model::standing_at(folded.record, m_state_time, m_case_rules);
  if (!(standing == m_cases.incident(number).standing)) {
    Incident& incident = m_cases.edit(number);
    incident.standing = standing;
    const NowBits now = now_bits(incident, m_today);
    m_counts.change(incident.division, folded.now_bits, now);
    folded.now_bits = now;
    count_figures(number, false);
  }
  set_timer(number);
}

CountedCase World::counted_case(std::uint32_t number) const {
  const Incident& incident = m_cases.incident(number);
  CountedCase counted;
  counted.measure = model::measure(m_cases.folded(number).record, incident.standing,
                                   {.located = incident.located,
                                    .reported_by_public = m_channel_is_public[incident.channel_symbol],
                                    .recurrent = incident.recurrent,
                                    .suspected_duplicate = incident.suspected_duplicate},
                                   m_case_rules);
  counted.reported_at = incident.reported_at;
  counted.division = incident.division;
  counted.keys = {incident.department_symbol, incident.channel_symbol, incident.class_symbol,
                  static_cast<Symbol>(incident.severity)};
  return counted;
}

void World::count_figures(std::uint32_t number, bool keys_changed) {
  FoldedCase& folded = m_cases.folded(number);
  while (m_channel_is_public.size() < m_channels.count()) {
    const auto* channel = m_vocabulary->find_channel(m_channels.text(static_cast<Symbol>(m_channel_is_public.size())));
    m_channel_is_public.push_back(channel != nullptr && channel->is_public);
  }
  const CountedCase counted = counted_case(number);
  if (folded.entry == kNoEntry) {
    // A case from before what is kept goes uncounted, and so does one whose figures were forgotten for their age.
    folded.forgotten |= !m_figures.kept(base::period_of(counted.reported_at, base::PeriodKind::Month, m_rules->zone));
    if (folded.forgotten) return;
    folded.entry = m_figures.insert(counted);
    change_shares(nullptr, counted);
    return;
  }
  change_shares(&m_figures.at(folded.entry), counted);
  // (The reported stamp alone moves a case from one period to another.)
  if (keys_changed || m_figures.at(folded.entry).reported_at != counted.reported_at) {
    folded.entry = m_figures.replace(folded.entry, counted);
  } else {
    m_figures.change(folded.entry, counted.measure);
  }
}

void World::change_shares(const CountedCase* before, const CountedCase& after) {
  const auto change = [&](const CountedCase& counted, model::CaseFlags gone, model::CaseFlags come) {
    if (m_shares.change(counted.division, counted.reported_at, gone, come)) m_alerts.touch(counted.division);
  };
  const bool stays =
      before != nullptr && before->division == after.division && before->reported_at == after.reported_at;
  if (before != nullptr && !stays) change(*before, before->measure.flags, 0);
  change(after, stays ? before->measure.flags : 0, after.measure.flags);
}

void World::set_timer(std::uint32_t number) {
  FoldedCase& folded = m_cases.folded(number);
  const auto next = model::next_change(folded.record, m_state_time, m_case_rules);
  const base::UtcTime due = next.value_or(base::UtcTime{});
  if (due == folded.timer_at) return;
  folded.timer_at = due;
  if (next) m_timers.set({due, number});
}

void World::fire_timers(base::UtcTime until) {
  const auto still = [&](const Timer& timer) { return m_cases.folded(timer.number).timer_at == timer.due; };
  const auto id = [&](std::uint32_t number) { return m_cases.incident(number).id; };
  const auto near = [&](std::uint32_t number, std::size_t ahead) {
    const Lookahead one{0, number};
    if (ahead == Timers::kNearAhead[0]) {
      m_cases.prefetch_place(number);
      m_cases.prefetch_case(number);
    } else if (ahead == Timers::kNearAhead[1]) {
      m_counts.prefetch(m_cases.incident(number).division);
      m_shares.prefetch(m_cases.incident(number).division);
      look_at_entry(number);
    } else {
      look_at_figures(one);
    }
  };
  m_timers.fire_until(
      until, still, id,
      [&](const Timer& timer) {
        m_state_time = std::max(m_state_time, timer.due);
        FoldedCase& folded = m_cases.folded(timer.number);
        folded.timer_at = {};
        if (model::apply_timer(folded.record, timer.due, m_case_rules)) {
          Incident& incident = m_cases.edit(timer.number);
          incident.changed_at = timer.due;
          settle(timer.number, incident.division, false);
        } else {
          settle_standing(timer.number);
        }
      },
      near);
  // What was replaced lies about until its time comes; a case that changes often must not fill the memory with it.
  if (m_timers.count() > 4 * std::size_t{m_cases.count()} + 100'000) m_timers.compact(still);
}

CaseTexts World::texts_of(const Incident& incident) const {
  return {m_classes.hash(incident.class_symbol), m_channels.hash(incident.channel_symbol),
          m_departments.hash(incident.department_symbol), m_division_hashes[incident.division.value]};
}

CaseTexts World::texts_of(const CountedCase& counted) const {
  const auto key = [&](Dimension dimension) { return counted.keys[static_cast<std::size_t>(dimension)]; };
  return {m_classes.hash(key(Dimension::Class)), m_channels.hash(key(Dimension::Channel)),
          m_departments.hash(key(Dimension::Department)), m_division_hashes[counted.division.value]};
}

}  // namespace gridwall::state
