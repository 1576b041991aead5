#include "hub/intake.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "base/assert.hpp"
#include "hub/ahead_watch.hpp"
#include "hub/alert_intake.hpp"
#include "model/path.hpp"
#include "wire/constants.hpp"

namespace gridwall::hub {

using base::Error;
using base::ErrorCode;
using base::Result;
using base::Status;
using wire::Answer;
using wire::AnswerStatus;

namespace {

constexpr std::string_view kTooOld = "too_old";
constexpr std::string_view kCrsUnsupported = "crs_unsupported";
constexpr std::string_view kRateLimited = "rate_limited";
constexpr std::string_view kLifecycleForbids = "lifecycle_forbids";
constexpr std::string_view kReasonMissing = "reason_missing";
constexpr std::string_view kReservedType = "reserved_type";
constexpr std::string_view kConflict = "conflict";
constexpr std::string_view kNotAllowed = "not_allowed";
constexpr std::string_view kTooManyIncidents = "too_many_incidents";
constexpr std::string_view kWordMissing = "bad_text";
constexpr std::string_view kTooManyEntries = "too_many_entries";
constexpr std::string_view kUnknownEntry = "unknown_entry";
constexpr std::string_view kElsewhere = "elsewhere";

// Unknown: only what begins one may come.
bool follows_lifecycle(const model::LifecycleRow& row, const state::Incident* incident) {
  return incident == nullptr ? row.creates() : row.leads_from(incident->state);
}

Answer accepted(std::string id, std::string source) {
  Answer answer;
  answer.id = std::move(id);
  answer.source = std::move(source);
  answer.status = AnswerStatus::Accepted;
  return answer;
}

}  // namespace

Result<Intake> Intake::create(IntakeOptions options) {
  TRY_ASSIGN(Placer placer, Placer::create(options.ledger.tree));
  TRY_ASSIGN(Ledger ledger, Ledger::create(options.ledger));
  return Intake(std::move(options), std::move(placer), std::move(ledger));
}

Intake::Intake(IntakeOptions options, Placer placer, Ledger ledger)
    : m_options(std::move(options)),
      m_placer(std::move(placer)),
      m_redactor(*m_options.ledger.tree, *m_options.ledger.vocabulary),
      m_ledger(std::move(ledger)),
      m_dedupe(m_options.is_history ? base::Duration::max() : wire::kDedupeWindow,
               m_options.is_history ? SIZE_MAX : m_options.dedupe_capacity_keys) {
  for (const auto& row : m_options.ledger.vocabulary->lifecycle) m_rows.emplace(row.type, &row);
  for (const auto& entry : m_options.ledger.vocabulary->classes) m_classes.emplace(entry.code, &entry);
}

IntakeResult Intake::take(std::string_view message, base::UtcTime now_utc, base::MonoTime now_mono, Rights rights) {
  // What is due before these events has happened before they are judged. A clock that went ahead and was set back is
  // not followed back: keys have been forgotten by it, and what they stood for would be taken twice.
  const Moment now{m_ledger.advance(now_utc), now_mono.time_since_epoch()};
  m_state_ahead = now.utc - now_utc;
  if (!m_options.is_history) m_dedupe.expire(now.utc);
  return take_batch(m_decoder.decode_intake(message), now, rights);
}

IntakeResult Intake::take_history(std::string_view message, std::optional<base::UtcTime> until) {
  wire::DecodedBatch batch = m_decoder.decode_intake(message);
  if (until) {
    std::erase_if(batch.elements, [&](const wire::Element& element) {
      const auto* event = std::get_if<model::Event>(&element);
      return event != nullptr && event->occurred_at > *until;
    });
  }
  return take_history(std::move(batch));
}

IntakeResult Intake::take_history(std::vector<model::Event> events) {
  wire::DecodedBatch batch;
  batch.elements.reserve(events.size());
  for (model::Event& event : events) batch.elements.emplace_back(std::move(event));
  return take_history(std::move(batch));
}

// Each event at its own time: who sends a day at once means no other history than who sends it line by line.
IntakeResult Intake::take_history(wire::DecodedBatch batch) {
  ASSERT(m_options.is_history, "an intake of a history");
  IntakeResult result;
  result.answers.reserve(batch.elements.size());
  for (wire::Element& element : batch.elements) {
    base::UtcTime time = m_ledger.sequencer().state_time();
    if (const auto* event = std::get_if<model::Event>(&element)) time = std::max(time, event->occurred_at);
    result.answers.push_back(take_element(std::move(element), {m_ledger.advance(time), {}}, {}, result));
  }
  count_batch(batch);
  return result;
}

IntakeResult Intake::take_batch(wire::DecodedBatch batch, Moment now, Rights rights) {
  IntakeResult result;
  result.answers.reserve(batch.elements.size());
  for (wire::Element& element : batch.elements) {
    result.answers.push_back(take_element(std::move(element), now, rights, result));
  }
  count_batch(batch);
  return result;
}

void Intake::count_batch(const wire::DecodedBatch& batch) {
  m_counters.dropped_member_count += batch.dropped_member_count;
  m_counters.unknown_type_count += batch.unknown_type_count;
  m_counters.element_count += batch.elements.size();
  m_counters.moved_count = m_ledger.moved_count();
  m_counters.derived_count = m_ledger.derived_count();
  m_counters.scrub = m_redactor.counts();
}

Answer Intake::take_element(wire::Element element, Moment now, Rights rights, IntakeResult& result) {
  if (auto* unknown = std::get_if<wire::UnknownType>(&element)) {
    ++m_counters.accepted_count;
    return accepted(std::move(unknown->id), std::move(unknown->source));
  }
  Judged judged;
  Answer answer;
  if (auto* event = std::get_if<model::Event>(&element)) {
    // Whoever sent it knows it by its own id; nobody else is told that.
    std::string id = event->id, source = event->source;
    m_redactor.redact(*event);
    judged.event_id = event->id;
    judged.is_command = event->incident.command;
    judged.event_type = event->type;
    judged.incident_id = event->incident.incident_id;
    const bool allowed = judged.is_command ? rights.command : rights.publish;
    answer = allowed ? take_event(std::move(*event), now, result.batch)
                     : refuse(*event, kNotAllowed,
                              judged.is_command ? "this key may not command; ask for the role operator"
                                                : "this key may not publish; ask for the role publisher");
    answer.id = std::move(id);
    answer.source = std::move(source);
  } else {
    answer = refuse(std::move(std::get<wire::Refusal>(element)));
    judged.event_id = m_redactor.redacted_id(answer.id);
  }
  if (!judged.is_command && answer.status != AnswerStatus::Refused) return answer;
  judged.outcome = wire::answer_status_word(answer.status);
  judged.reason = answer.reason;
  result.judged.push_back(std::move(judged));
  return answer;
}

Answer Intake::take_event(model::Event event, Moment now, FeedBatch& batch) {
  if (const auto sequence = m_dedupe.find(event.source, event.id)) {
    ++m_counters.duplicate_count;
    Answer answer = accepted(std::move(event.id), std::move(event.source));
    answer.status = AnswerStatus::Duplicate;
    answer.sequence = *sequence;
    return answer;
  }
  if (model::is_hub_type(event.type)) {
    return refuse(event, kReservedType, fmt::format("'{}' is said by the hub alone", event.type));
  }
  if (!m_options.is_history && event.occurred_at < now.utc - wire::kDedupeWindow) {
    return refuse(event, kTooOld, too_old_detail());
  }
  if (event.alert) {
    event.division_path = alert_topic(*m_options.ledger.tree, event.alert->area.codes);
    count_skew(event.occurred_at, now.utc);
    return publish(std::move(event), now, batch);
  }
  if (event.entry) return take_entry(std::move(event), now, batch);
  const state::Incident* known = m_ledger.find(event.incident.incident_id);
  if (known == nullptr && m_ledger.world().incident_count() >= m_options.incidents_max) {
    return refuse(event, kTooManyIncidents, "the hub holds as many incidents as it can; see its configuration");
  }
  if (event.incident.command) {
    if (auto verdict = judge_command(event, known)) return std::move(*verdict);
  }
  if (const Status placed = place(event, known, base::MonoTime(now.mono)); !placed.ok()) {
    return refuse_place(event, placed.error());
  }
  count_skew(event.occurred_at, now.utc);
  judge_fact(event, known);
  return publish(std::move(event), now, batch);
}

// What stands beside incidents. An entry has one place for as long as it stands: a wall that sees one division only
// would keep what went to another.
Answer Intake::take_entry(model::Event event, Moment now, FeedBatch& batch) {
  const state::RegisterBook& book = m_ledger.world().register_book();
  const state::RegisterEntry* known = book.find(event.entry->kind, event.incident.incident_id);
  const bool retires = event.entry->state == model::kRetired;
  // What every entry must have, and the redactor took.
  if (event.entry->table.empty()) return refuse(event, kWordMissing, "'table' held what may tell a person");
  if (event.entry->kind == model::RegisterKind::Task && event.entry->step.empty() && !retires) {
    return refuse(event, kWordMissing, "'step' held what may tell a person");
  }
  if (known == nullptr && retires) {
    return refuse(event, kUnknownEntry, "what is to be retired does not stand in the register");
  }
  if (known == nullptr && book.count() >= m_options.entries_max) {
    return refuse(event, kTooManyEntries, "the register holds as many entries as it can; retire what is over");
  }
  auto placed = m_placer.place(event.incident, false, {event.source, base::MonoTime(now.mono)});
  if (!placed.ok()) return refuse_place(event, placed.error());
  m_counters.shifted_source_count = m_placer.shift_doubts().size();
  const bool says_place =
      placed->point_lonlat.has_value() || (!event.incident.division_code.empty() && !placed->code_unknown);
  if (known == nullptr) {
    count_place(*placed);
    take_place(event, *placed);
  } else if (!says_place || retires) {
    keep_place(event, known->division, known->located, known->point_units);
  } else if (placed->division != known->division) {
    return refuse(event, kElsewhere,
                  fmt::format("it stands in division {}; retire it there first",
                              m_options.ledger.tree->at(known->division).code));
  } else if (known->located && !placed->point_lonlat) {
    keep_place(event, known->division, known->located, known->point_units);
  } else {
    take_place(event, *placed);
  }
  // With a point or without one: who follows either topic hears all of it.
  event.division_path = m_ledger.topic_of(known == nullptr ? placed->division : known->division, true);
  event.incident.point = event.point_lonlat;
  event.incident.crs = event.point_lonlat ? kLonLatCrsName : "";
  count_skew(event.occurred_at, now.utc);
  return publish(std::move(event), now, batch);
}

Answer Intake::refuse_place(const model::Event& event, const Error& error) {
  return refuse(event, error.code == ErrorCode::Unavailable ? kRateLimited : kCrsUnsupported, error.message);
}

Answer Intake::publish(model::Event event, Moment now, FeedBatch& batch) {
  const Dedupe::Key key = Dedupe::key_of(event.source, event.id);
  const base::UtcTime occurred_at = event.occurred_at;
  Answer answer = accepted(event.id, event.source);
  answer.path = event.division_path;
  answer.sequence = m_ledger.publish(std::move(event), now, batch).sequence;
  m_dedupe.remember(key, occurred_at, answer.sequence);
  batch.keys.push_back({key, occurred_at, answer.sequence});
  ++m_counters.accepted_count;
  return answer;
}

Status Intake::place(model::Event& event, const state::Incident* known, base::MonoTime now) {
  model::IncidentFacts& facts = event.incident;
  // The same number means another thing in another edition.
  const bool ours = facts.class_set.empty() || facts.class_set == m_options.ledger.vocabulary->class_set;
  const auto entry = ours ? m_classes.find(facts.class_code) : m_classes.end();
  const bool sensitive = entry != m_classes.end() && entry->second->sensitive;
  TRY_ASSIGN(Place found, m_placer.place(facts, sensitive, {event.source, now}));
  m_counters.shifted_source_count = m_placer.shift_doubts().size();
  // What says no place, or none that is one, leaves the incident where it is.
  const bool says_place = found.point_lonlat.has_value() || (!facts.division_code.empty() && !found.code_unknown);
  const bool stays = known != nullptr && (!says_place || (known->located && !found.point_lonlat));
  if (known == nullptr) count_place(found);
  if (stays) {
    keep_place(event, known->division, known->located, known->point_units);
  } else {
    take_place(event, found);
  }
  // What goes out is the resolved point: rounded, and an anchor where the class is sensitive. Never the raw one.
  facts.point = event.point_lonlat;
  facts.crs = event.point_lonlat ? kLonLatCrsName : "";
  return {};
}

void Intake::take_place(model::Event& event, const Place& found) const {
  event.division_path = found.path;
  event.claimed_code = found.claimed_code;
  event.point_lonlat = found.point_lonlat;
  if (found.point_lonlat) event.point_units = m_placer.units_of(*found.point_lonlat);
}

void Intake::keep_place(model::Event& event, model::DivisionIndex division, bool located, base::Vec2i units) const {
  event.division_path = m_ledger.topic_of(division, located);
  if (!located) return;
  event.point_units = units;
  event.point_lonlat = m_placer.lonlat_of(units);
}

void Intake::count_place(const Place& place) {
  const auto count = [](std::uint64_t& counter, bool happened) { counter += happened ? 1u : 0u; };
  count(m_counters.unlocated_count, !place.point_lonlat.has_value());
  count(m_counters.outside_count, place.outside);
  count(m_counters.claimed_code_differs_count, !place.claimed_code.empty());
  count(m_counters.unknown_code_count, place.code_unknown);
  count(m_counters.border_code_won_count, place.code_won);
  count(m_counters.coarsened_count, place.coarsened);
}

// Nobody can mend a clock that he is not told of.
std::string Intake::too_old_detail() const {
  constexpr const char* kPlain = "'time' lies more than 30 days behind the hub's ";
  if (m_state_ahead < AheadWatch::kTold) return fmt::format("{}clock", kPlain);
  const double days = std::chrono::duration<double, std::ratio<86400>>(m_state_ahead).count();
  return fmt::format("{}state, which is ahead of its clock by {:.1f} days", kPlain, days);
}

void Intake::count_skew(base::UtcTime occurred_at, base::UtcTime now) {
  if (occurred_at > now + wire::kSkewAheadFlagged) ++m_counters.skew_ahead_count;
  if (occurred_at < now - wire::kSkewLateFlagged) ++m_counters.skew_late_count;
}

// A desk is told at once what it may do instead; a fact has happened, whatever the table says.
std::optional<Answer> Intake::judge_command(const model::Event& event, const state::Incident* known) {
  const std::uint64_t version = known == nullptr ? 0 : known->last_sequence;
  if (event.incident.if_version && *event.incident.if_version != version) {
    return refuse(event, kConflict,
                  fmt::format("the incident has changed since version {}: it is at {} now; look at it again",
                              *event.incident.if_version, version));
  }
  const auto found = m_rows.find(event.type);
  if (found == m_rows.end() || !follows_lifecycle(*found->second, known)) {
    return refuse(event, kLifecycleForbids, what_may_come(known));
  }
  if (found->second->reason_required && event.incident.reason.empty()) {
    return refuse(event, kReasonMissing,
                  fmt::format("'{}' must say why: 'data.properties.reason' is missing", event.type));
  }
  return std::nullopt;
}

std::string Intake::what_may_come(const state::Incident* known) const {
  std::string types;
  for (const model::LifecycleRow& row : m_options.ledger.vocabulary->lifecycle) {
    if (follows_lifecycle(row, known)) types += fmt::format("{}{}", types.empty() ? "" : ", ", row.type);
  }
  if (known == nullptr) return fmt::format("the incident is not known here; what begins one: {}", types);
  const int state = static_cast<int>(known->state);
  if (types.empty()) return fmt::format("the incident is in state {}, after which nothing comes", state);
  return fmt::format("the incident is in state {}; what may come next: {}", state, types);
}

void Intake::judge_fact(model::Event& event, const state::Incident* known) {
  const auto found = m_rows.find(event.type);
  if (found == m_rows.end()) {
    // A transition or mark of a newer table: it goes through, and the incident's state stays.
    ++m_counters.unknown_type_count;
    return;
  }
  event.out_of_order = !follows_lifecycle(*found->second, known);
  if (event.out_of_order) ++m_counters.out_of_order_count;
}

Answer Intake::refuse(wire::Refusal refusal) {
  ++m_counters.refused_count;
  ++m_counters.refused_by_reason[std::string(wire::reason_word(refusal.reason))];
  return wire::refusal_answer(refusal);
}

Answer Intake::refuse(const model::Event& event, std::string_view reason, std::string detail) {
  ++m_counters.refused_count;
  ++m_counters.refused_by_reason[std::string(reason)];
  Answer answer;
  answer.id = event.id;
  answer.source = event.source;
  answer.reason = reason;
  answer.detail = std::move(detail);
  return answer;
}

}  // namespace gridwall::hub
