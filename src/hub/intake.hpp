// Intake: one publisher's message in, its answers and the feed messages out. Check, dedupe, judge commands, locate,
// coarsen, lifecycle, sequence, in that order; no sockets, no clock. What it keeps is bounded.
// Invariants: every element gets one answer; what is answered accepted with a sequence is in `batch`; no raw
// position of a sensitive class leaves it. One thread. Test: tests/unit/hub/intake_test.cpp.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "hub/dedupe.hpp"
#include "hub/feed_batch.hpp"
#include "hub/ledger.hpp"
#include "hub/placer.hpp"
#include "hub/redaction.hpp"
#include "wire/answers.hpp"
#include "wire/event_codec.hpp"

namespace gridwall::hub {

struct IntakeOptions {
  LedgerOptions ledger;
  std::size_t dedupe_capacity_keys = 2'000'000;
  std::size_t incidents_max = 4'000'000;          // open, or settled within 30 days; a new one above it is refused
  std::size_t entries_max = state::kRegisterMax;  // of the register; a new one above it is refused
  // A history: state time is the largest event time so far, nothing is too old, and every key is kept.
  bool is_history = false;
};

struct IntakeCounters {
  std::uint64_t element_count = 0;
  std::uint64_t accepted_count = 0;
  std::uint64_t duplicate_count = 0;
  std::uint64_t refused_count = 0;
  std::map<std::string, std::uint64_t> refused_by_reason;
  std::uint64_t dropped_member_count = 0;  // of events: not on the allow-list
  std::uint64_t unknown_type_count = 0;    // no incident.*, or one that the lifecycle does not know
  std::uint64_t unlocated_count = 0;
  std::uint64_t outside_count = 0;  // had a point, but in no division
  std::uint64_t claimed_code_differs_count = 0;
  std::uint64_t unknown_code_count = 0;  // names no division of the tree
  std::uint64_t border_code_won_count = 0;
  std::uint64_t moved_count = 0;    // incidents that went to another division
  std::uint64_t derived_count = 0;  // facts that cross divisions, said by the hub
  std::uint64_t coarsened_count = 0;
  std::uint64_t out_of_order_count = 0;
  std::uint64_t skew_ahead_count = 0;
  std::uint64_t skew_late_count = 0;
  ScrubCounts scrub;                       // what may tell a person, taken out
  std::uint64_t shifted_source_count = 0;  // sources whose points look shifted; Intake::shift_doubts() names them
};

// What the sender of a message may do, by its roles.
struct Rights {
  bool publish = true;  // facts
  bool command = true;  // a desk's steps
};

// What goes into the audit log: every command, and every refusal.
struct Judged {
  bool is_command = false;
  std::string event_type, event_id, incident_id, outcome, reason;
};

struct IntakeResult {
  std::vector<wire::Answer> answers;
  std::vector<Judged> judged;
  FeedBatch batch;
};

class Intake {
 public:
  static base::Result<Intake> create(IntakeOptions options);

  // `now_utc` is the hub's clock (live or simulated), `now_mono` its monotonic clock.
  IntakeResult take(std::string_view message, base::UtcTime now_utc, base::MonoTime now_mono, Rights rights = {});
  // Of a history, which has no clock beside its events: a publisher's message, or the events that it would hold. Events
  // after `until` are left out.
  IntakeResult take_history(std::string_view message, std::optional<base::UtcTime> until = {});
  IntakeResult take_history(std::vector<model::Event> events);

  // What has been said: for heartbeats, snapshots and keyframes.
  [[nodiscard]] Ledger& ledger() { return m_ledger; }
  [[nodiscard]] const Ledger& ledger() const { return m_ledger; }
  [[nodiscard]] const IntakeCounters& counters() const { return m_counters; }
  [[nodiscard]] const std::vector<SourceDoubt>& shift_doubts() const { return m_placer.shift_doubts(); }
  [[nodiscard]] Dedupe& dedupe() { return m_dedupe; }

 private:
  Intake(IntakeOptions options, Placer placer, Ledger ledger);
  IntakeResult take_batch(wire::DecodedBatch batch, Moment now, Rights rights);
  IntakeResult take_history(wire::DecodedBatch batch);
  void count_batch(const wire::DecodedBatch& batch);
  wire::Answer take_element(wire::Element element, Moment now, Rights rights, IntakeResult& result);
  wire::Answer take_event(model::Event event, Moment now, FeedBatch& batch);
  wire::Answer publish(model::Event event, Moment now, FeedBatch& batch);
  wire::Answer refuse(wire::Refusal refusal);
  wire::Answer refuse(const model::Event& event, std::string_view reason, std::string detail);
  base::Status place(model::Event& event, const state::Incident* known, base::MonoTime now);
  void count_place(const Place& place);
  [[nodiscard]] std::string too_old_detail() const;
  void count_skew(base::UtcTime occurred_at, base::UtcTime now);
  void take_place(model::Event& event, const Place& found) const;
  void keep_place(model::Event& event, model::DivisionIndex division, bool located, base::Vec2i units) const;
  wire::Answer take_entry(model::Event event, Moment now, FeedBatch& batch);
  wire::Answer refuse_place(const model::Event& event, const base::Error& error);
  std::optional<wire::Answer> judge_command(const model::Event& event, const state::Incident* known);
  [[nodiscard]] std::string what_may_come(const state::Incident* known) const;
  void judge_fact(model::Event& event, const state::Incident* known);

  IntakeOptions m_options;
  Placer m_placer;
  Redactor m_redactor;
  wire::EventDecoder m_decoder;
  Ledger m_ledger;
  Dedupe m_dedupe;
  std::unordered_map<std::string_view, const model::LifecycleRow*> m_rows;      // by event type
  std::unordered_map<std::string_view, const model::IncidentClass*> m_classes;  // by code
  IntakeCounters m_counters;
  base::Duration m_state_ahead{};  // of the hub's clock, at the last message
};

}  // namespace gridwall::hub
