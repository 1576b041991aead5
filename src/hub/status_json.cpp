#include "hub/status_json.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/json_writer.hpp"
#include "base/time_text.hpp"

namespace gridwall::hub {

namespace {

// Counts only: what was found is nowhere kept.
void write_scrub(base::JsonWriter& json, const ScrubCounts& scrub) {
  json.key("scrubbed").begin_object();
  for (std::size_t i = 0; i < scrub.by_mark.size(); ++i) {
    json.field(wire::personal_mark_word(static_cast<wire::PersonalMark>(i)), scrub.by_mark[i]);
  }
  json.field("hashed_ids", scrub.hashed_id_count).field("dropped_words", scrub.dropped_word_count).end_object();
}

void write_intake(base::JsonWriter& json, const IntakeCounters& intake) {
  json.field("elements", intake.element_count).field("accepted", intake.accepted_count);
  json.field("duplicate", intake.duplicate_count).field("refused", intake.refused_count);
  json.key("refused_by_reason").begin_object();
  for (const auto& [reason, count] : intake.refused_by_reason) json.field(reason, count);
  json.end_object();
  json.field("unlocated", intake.unlocated_count).field("outside", intake.outside_count);
  json.field("claimed_code_differs", intake.claimed_code_differs_count);
  json.field("unknown_code", intake.unknown_code_count).field("border_code_won", intake.border_code_won_count);
  json.field("moved", intake.moved_count).field("derived", intake.derived_count);
  json.field("coarsened", intake.coarsened_count).field("shifted_sources", intake.shifted_source_count);
  json.field("out_of_order", intake.out_of_order_count).field("unknown_type", intake.unknown_type_count);
  json.field("dropped_members", intake.dropped_member_count).field("masked_texts", intake.scrub.masked_text_count);
  write_scrub(json, intake.scrub);
  json.field("skew_ahead", intake.skew_ahead_count).field("skew_late", intake.skew_late_count);
}

void write_journal(base::JsonWriter& json, const HubStatus& status) {
  json.key("journal");
  if (!status.journal) {
    json.null();
    return;
  }
  const JournalStatus& journal = *status.journal;
  json.begin_object().field("durable_through", journal.durable_through);
  json.field("behind_events", status.last_sequence - std::min(status.last_sequence, journal.durable_through));
  json.field("pending_bytes", journal.pending_bytes).field("failure", journal.failure);
  json.field("failures", status.journal_failure_count);
  json.field("commits", journal.counters.commit_count).field("commit_p50_ms", journal.commit_p50_ms);
  json.field("commit_p99_ms", journal.commit_p99_ms).field("keyframes", journal.counters.keyframe_count);
  json.field("segments", journal.counters.segment_count).field("bytes_written", journal.counters.bytes_written);
  json.end_object();
}

void write_sync(base::JsonWriter& json, const SyncStatus& sync) {
  const wire::SyncCounters& counters = sync.counters;
  json.key("sync").begin_object().field("asked", counters.asked_count).field("snapshots", counters.snapshot_count);
  json.field("shared_snapshots", counters.shared_snapshot_count).field("events_only", counters.events_only_count);
  json.field("finished", counters.finished_count).field("refused", counters.refused_count);
  json.field("expired", counters.expired_count).field("open", counters.open_count);
  json.field("ring_bytes", counters.ring_bytes).field("ring_messages", counters.ring_message_count);
  json.field("snapshot_bytes", counters.snapshot_bytes).field("queue", sync.queue.length).end_object();
}

}  // namespace

void write_status(base::JsonWriter& json, const HubStatus& status) {
  write_intake(json, status.intake);
  json.field("epoch", fmt::format("{:016x}", status.epoch)).field("last_sequence", status.last_sequence);
  json.field("state_time", base::format_rfc3339(status.state_time));
  json.field("state_ahead_s", std::chrono::duration<double>(status.state_ahead).count());
  json.field("requests", status.request_count).field("bad_requests", status.bad_request_count);
  json.field("rate_limited", status.rate_limited_count).field("answers_dropped", status.answer_dropped_count);
  json.field("pings", status.ping_count).field("hellos", status.hello_count);
  json.field("heartbeats", status.heartbeat_count).field("followed_prefixes", status.followed_prefix_count);
  json.field("unknown_prefixes", status.unknown_prefix_count).field("waiting_answers", status.waiting_answer_count);
  json.key("rates").begin_object().field("period_s", status.rates.period_s);
  json.field("events_per_s", status.rates.events_per_s);
  json.field("requests_per_s", status.rates.requests_per_s).end_object();
  json.field("accept_p50_ms", status.accept_p50_ms).field("accept_p99_ms", status.accept_p99_ms);
  write_journal(json, status);
  write_sync(json, status.sync);
  json.key("security").begin_object().field("keyed", status.security.keyed);
  json.field("admitted", status.security.admitted_count).field("refused", status.security.refused_count);
  json.field("ended", status.security.ended_count).field("list_problem", status.security.list_problem).end_object();
  json.key("audit").begin_object().field("lines", status.audit.line_count).field("lost", status.audit.lost_count);
  json.field("problem", status.audit.problem).end_object();
  json.field("incidents", status.world.incident_count);
  json.key("memory").begin_object().field("cases", status.world.memory.cases);
  json.field("timers", status.world.memory.timers).field("figures", status.world.memory.figures);
  json.field("counts", status.world.memory.counts);
  json.field("registers", status.world.memory.registers).end_object();
  json.key("replay");
  status.replay ? json.raw(wire::encode_replay_status(*status.replay)) : json.null();
}

std::string status_json(const HubStatus& status) {
  base::JsonWriter json;
  json.begin_object().field("op", "status");
  write_status(json, status);
  json.end_object();
  return json.take();
}

}  // namespace gridwall::hub
