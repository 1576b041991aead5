#include "hub/intake.hpp"

#include <algorithm>
#include <utility>

#include "hub/alert_intake.hpp"
#include "model/path.hpp"
#include "wire/constants.hpp"
#include "wire/topics.hpp"

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

Answer accepted(std::string id, std::string source) {
  Answer answer;
  answer.id = std::move(id);
  answer.source = std::move(source);
  answer.status = AnswerStatus::Accepted;
  return answer;
}

}  // namespace

Result<Intake> Intake::create(IntakeOptions options) {
  ASSERT(options.tree != nullptr, "the intake needs a tree");
  ASSERT(options.vocabulary != nullptr, "the intake needs a vocabulary");
  TRY_ASSIGN(Placer placer, Placer::create(options.tree));
  return Intake(std::move(options), std::move(placer));
}

Intake::Intake(IntakeOptions options, Placer placer)
    : m_options(std::move(options)),
      m_placer(std::move(placer)),
      m_sequencer(m_options.journal, m_options.epoch),
      m_dedupe(wire::kDedupeWindow, m_options.dedupe_capacity_keys),
      m_book(m_options.incident_capacity) {
  for (const auto& row : m_options.vocabulary->lifecycle) m_rows.emplace(row.type, &row);
  for (const auto& entry : m_options.vocabulary->classes) m_classes.emplace(entry.code, &entry);
}

IntakeResult Intake::take(std::string_view message, base::UtcTime now_utc, base::MonoTime now_mono) {
  const Moment now{now_utc, now_mono.time_since_epoch()};
  m_dedupe.expire(now.utc);
  wire::DecodedBatch batch = m_decoder.decode_intake(message);
  m_counters.dropped_member_count += batch.dropped_member_count;
  m_counters.unknown_type_count += batch.unknown_type_count;
  IntakeResult result;
  result.answers.reserve(batch.elements.size());
  for (wire::Element& element : batch.elements) {
    ++m_counters.element_count;
    if (auto* event = std::get_if<model::Event>(&element)) {
      result.answers.push_back(take_event(std::move(*event), now, result.messages));
    } else if (auto* refusal = std::get_if<wire::Refusal>(&element)) {
      result.answers.push_back(refuse(std::move(*refusal)));
    } else {
      auto& unknown = std::get<wire::UnknownType>(element);
      ++m_counters.accepted_count;
      result.answers.push_back(accepted(std::move(unknown.id), std::move(unknown.source)));
    }
  }
  return result;
}

Answer Intake::take_event(model::Event event, Moment now, std::vector<FeedMessage>& messages) {
  if (const auto sequence = m_dedupe.find(event.source, event.id)) {
    ++m_counters.duplicate_count;
    Answer answer = accepted(std::move(event.id), std::move(event.source));
    answer.status = AnswerStatus::Duplicate;
    answer.sequence = *sequence;
    return answer;
  }
  if (event.occurred_at < now.utc - wire::kDedupeWindow) {
    return refuse(event, kTooOld, "'time' lies more than 30 days behind the hub's clock");
  }
  if (event.alert) {
    m_counters.masked_text_count += mask_alert(*event.alert);
    event.division_path = alert_topic(*m_options.tree, event.alert->area.codes);
    count_skew(event.occurred_at, now.utc);
    return publish(std::move(event), now, messages);
  }
  const BookedIncident* known = m_book.find(event.incident.incident_id);
  const base::UtcTime state_time = std::max(now.utc, m_sequencer.state_time());
  if (event.incident.command) {
    if (auto verdict = judge_command(event, known, state_time)) return std::move(*verdict);
  }
  if (const Status placed = place(event, known, base::MonoTime(now.mono)); !placed.ok()) {
    const bool later = placed.error().code == ErrorCode::Unavailable;
    return refuse(event, later ? kRateLimited : kCrsUnsupported, placed.error().message);
  }
  count_skew(event.occurred_at, now.utc);
  advance_lifecycle(event, known, state_time);
  return publish(std::move(event), now, messages);
}

Answer Intake::publish(model::Event event, Moment now, std::vector<FeedMessage>& messages) {
  const std::string& topic = wire::event_topic(event);
  const wire::FeedHeader header = m_sequencer.next(topic, now.utc, now.mono);
  m_dedupe.remember(event.source, event.id, event.occurred_at, header.sequence);
  messages.push_back({topic, wire::encode_feed_header(header), wire::encode_event(event)});
  ++m_counters.accepted_count;

  Answer answer = accepted(std::move(event.id), std::move(event.source));
  answer.sequence = header.sequence;
  answer.path = std::move(event.division_path);
  return answer;
}

Status Intake::place(model::Event& event, const BookedIncident* known, base::MonoTime now) {
  model::IncidentFacts& facts = event.incident;
  // The same number means another thing in another edition.
  const bool ours = facts.class_set.empty() || facts.class_set == m_options.vocabulary->class_set;
  const auto entry = ours ? m_classes.find(facts.class_code) : m_classes.end();
  const bool sensitive = entry != m_classes.end() && entry->second->sensitive;
  TRY_ASSIGN(Place found, m_placer.place(facts, sensitive, {event.source, now}));
  m_counters.shifted_source_count = m_placer.shift_doubts().size();
  if (known != nullptr) {
    // Until an incident can move (which takes two messages, out and in), it stays where its first event put it: a wall
    // of the new place alone would not know it, and one of the old place would keep it for ever.
    const bool says_place = facts.point.has_value() || !facts.division_code.empty();
    if (says_place && found.path != known->division_path) ++m_counters.place_kept_count;
    event.division_path = known->division_path;
    event.point_lonlat = known->point_lonlat;
  } else {
    count_place(found);
    event.division_path = std::move(found.path);
    event.claimed_code = std::move(found.claimed_code);
    event.point_lonlat = found.point_lonlat;
  }
  // What goes out is the resolved point: rounded, and an anchor where the class is sensitive. Never the raw one.
  facts.point = event.point_lonlat;
  facts.crs = event.point_lonlat ? kLonLatCrsName : "";
  return {};
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

void Intake::count_skew(base::UtcTime occurred_at, base::UtcTime now) {
  if (occurred_at > now + wire::kSkewAheadFlagged) ++m_counters.skew_ahead_count;
  if (occurred_at < now - wire::kSkewLateFlagged) ++m_counters.skew_late_count;
}

// A desk is told at once what it may do instead; a fact has happened, whatever the table says.
std::optional<Answer> Intake::judge_command(const model::Event& event, const BookedIncident* known,
                                            base::UtcTime state_time) {
  const auto found = m_rows.find(event.type);
  if (found == m_rows.end() || !follows_lifecycle(*found->second, known, state_time)) {
    return refuse(event, kLifecycleForbids, what_may_come(known, state_time));
  }
  if (found->second->reason_required && event.incident.reason.empty()) {
    return refuse(event, kReasonMissing,
                  fmt::format("'{}' must say why: 'data.properties.reason' is missing", event.type));
  }
  return std::nullopt;
}

std::string Intake::what_may_come(const BookedIncident* known, base::UtcTime state_time) const {
  std::string types;
  for (const model::LifecycleRow& row : m_options.vocabulary->lifecycle) {
    if (follows_lifecycle(row, known, state_time)) types += fmt::format("{}{}", types.empty() ? "" : ", ", row.type);
  }
  if (known == nullptr) return fmt::format("the incident is not known here; what begins one: {}", types);
  const int state = static_cast<int>(known->state_at(state_time));
  if (types.empty()) return fmt::format("the incident is in state {}, after which nothing comes", state);
  return fmt::format("the incident is in state {}; what may come next: {}", state, types);
}

void Intake::advance_lifecycle(model::Event& event, const BookedIncident* known, base::UtcTime state_time) {
  const auto found = m_rows.find(event.type);
  if (found == m_rows.end()) {
    // A transition or mark of a newer table: it goes through, and the incident's state stays.
    ++m_counters.unknown_type_count;
    return;
  }
  const model::LifecycleRow& row = *found->second;
  event.out_of_order = !follows_lifecycle(row, known, state_time);
  if (event.out_of_order) ++m_counters.out_of_order_count;
  m_book.note(after_event(row, known, event, state_time));
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
