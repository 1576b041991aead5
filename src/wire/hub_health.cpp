#include "wire/hub_health.hpp"

#include <algorithm>

#include "wire/message_fields.hpp"
#include "wire/replay_fields.hpp"
#include "wire/text_mask.hpp"

namespace gridwall::wire {

namespace {

constexpr std::size_t kBytesMax = std::size_t{4} << 20;  // with a thousand bookmarks of a replay
constexpr double kAheadMaxS = 3e9;  // what a Duration can hold
constexpr std::string_view kWhat = "status";

std::uint64_t count_of(const JsonView& object, std::string_view name) {
  const auto member = object.find(name);
  return member ? member->unsigned_integer().value_or(0) : 0;
}

double number_of(const JsonView& object, std::string_view name) {
  const auto member = object.find(name);
  return member ? member->number().value_or(0) : 0;
}

std::optional<JsonView> object_of(const JsonView& object, std::string_view name) {
  auto member = object.find(name);
  if (member && member->kind() != JsonKind::Object) member.reset();
  return member;
}

}  // namespace

base::Result<HubAnswer> decode_hub_status(std::string_view message) {
  JsonDocument document(kBytesMax, kControlDepthMax);
  TRY_ASSIGN(const JsonView object, parse_object(document, message, kWhat));
  TRY(refusal_of(object));
  FieldReader fields(object, kWhat);
  HubAnswer answer;
  model::HubHealth& health = answer.health;
  health.last_sequence = fields.count("last_sequence");  // every hub says it; without it this is another message
  TRY(fields.status());
  health.request_count = count_of(object, "requests");
  health.refused_count = count_of(object, "refused");
  health.rate_limited_count = count_of(object, "rate_limited");
  health.answer_dropped_count = count_of(object, "answers_dropped");
  health.waiting_answer_count = count_of(object, "waiting_answers");
  health.followed_prefix_count = count_of(object, "followed_prefixes");
  health.state_ahead_s = std::clamp(number_of(object, "state_ahead_s"), 0.0, kAheadMaxS);
  health.accept_p50_ms = number_of(object, "accept_p50_ms");
  health.accept_p99_ms = number_of(object, "accept_p99_ms");
  if (const auto journal = object_of(object, "journal")) {
    FieldReader journal_fields(*journal, "status, journal");
    health.journal =
        model::HubHealth::Journal{count_of(*journal, "durable_through"), count_of(*journal, "behind_events"),
                                  number_of(*journal, "commit_p50_ms"), number_of(*journal, "commit_p99_ms"),
                                  journal_fields.text_or_empty("failure")};
  }
  if (const auto sync = object_of(object, "sync")) {
    health.snapshot_count = count_of(*sync, "snapshots");
    health.sync_finished_count = count_of(*sync, "finished");
    health.sync_refused_count = count_of(*sync, "refused");
    health.sync_open_count = count_of(*sync, "open");
  }
  health.dropped_member_count = count_of(object, "dropped_members");
  if (const auto scrubbed = object_of(object, "scrubbed")) {
    for (std::size_t i = 0; i < kPersonalMarkCount; ++i) {
      health.scrubbed_count += count_of(*scrubbed, personal_mark_word(static_cast<PersonalMark>(i)));
    }
  }
  if (const auto security = object_of(object, "security")) {
    const auto keyed = security->find("keyed");
    health.keyed = keyed && keyed->truth().value_or(false);
    health.peer_refused_count = count_of(*security, "refused");
  }
  if (const auto replay = object_of(object, "replay")) {
    TRY_ASSIGN(answer.replay, read_replay_status(*replay));
  }
  return answer;
}

}  // namespace gridwall::wire
