#include "wire/step_facts.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "wire/constants.hpp"
#include "wire/message_fields.hpp"

namespace gridwall::wire {

namespace {

using Slot = std::optional<JsonView>;

enum Member : std::size_t {
  kCondition,
  kLimit,
  kDeadline,
  kReason,
  kApproved,
  kResumeAt,
  kDuplicateOf,
  kSolvedLevel,
  kSatisfied,
  kCommand,
  kIfVersion
};
static_assert(kIfVersion + 1 == kStepNames.size());

bool is_word(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

MaybeFault read_reason(const Slot& slot, std::string& out) {
  if (auto found = read_text(slot, {"reason", kReasonBytesMax, false}, out)) return found;
  if (slot && (out.empty() || !is_word(out))) {
    return Fault{RefusalReason::BadText,
                 "'reason' is no word of a-z, 0-9 and _; expected one of a list, never free text"};
  }
  return std::nullopt;
}

MaybeFault read_truth(const Slot& slot, Member member, std::optional<bool>& out) {
  if (!slot) return std::nullopt;
  out = slot->truth();
  if (out) return std::nullopt;
  return Fault{RefusalReason::WrongType, fmt::format("'{}' is neither true nor false", kStepNames[member])};
}

MaybeFault read_level(const Slot& slot, std::optional<int>& out) {
  if (!slot) return std::nullopt;
  const auto level = slot->integer();
  if (!level || *level < 0 || *level > kSolvedLevelMax) {
    return Fault{RefusalReason::WrongType,
                 fmt::format("'solved_level' is no integer from 0 (the root) to {}", kSolvedLevelMax)};
  }
  out = static_cast<int>(*level);
  return std::nullopt;
}

MaybeFault read_version(const Slot& slot, std::optional<std::uint64_t>& out) {
  if (!slot) return std::nullopt;
  const auto version = slot->integer();
  if (!version || *version < 0) {
    return Fault{RefusalReason::WrongType, "'if_version' is no sequence; expected an integer from 0"};
  }
  out = static_cast<std::uint64_t>(*version);
  return std::nullopt;
}

void write_text(base::JsonWriter& json, Member member, const std::string& text) {
  if (!text.empty()) json.field(kStepNames[member], text);
}

void write_time(base::JsonWriter& json, Member member, const std::optional<base::UtcTime>& time) {
  if (time) json.field(kStepNames[member], exact_time_text(*time));
}

template <typename T>
void write_given(base::JsonWriter& json, Member member, const std::optional<T>& value) {
  if (value) json.field(kStepNames[member], *value);
}

}  // namespace

MaybeFault read_step_facts(std::span<const Slot, kStepNames.size()> slots, model::IncidentFacts& facts) {
  if (auto found = read_text(slots[kCondition], {"condition", kCodeBytesMax, false}, facts.condition)) return found;
  if (auto found = read_text(slots[kLimit], {"limit", kLimitBytesMax, false}, facts.limit)) return found;
  if (auto found = read_time(slots[kDeadline], "deadline", false, facts.deadline)) return found;
  if (auto found = read_reason(slots[kReason], facts.reason)) return found;
  if (auto found = read_truth(slots[kApproved], kApproved, facts.approved)) return found;
  if (auto found = read_time(slots[kResumeAt], "resume_at", false, facts.resume_at)) return found;
  if (auto found = read_text(slots[kDuplicateOf], {"duplicate_of", kSubjectBytesMax, false}, facts.duplicate_of)) {
    return found;
  }
  if (auto found = read_level(slots[kSolvedLevel], facts.solved_level)) return found;
  if (auto found = read_truth(slots[kSatisfied], kSatisfied, facts.satisfied)) return found;
  std::optional<bool> command;
  if (auto found = read_truth(slots[kCommand], kCommand, command)) return found;
  facts.command = command.value_or(false);
  if (auto found = read_version(slots[kIfVersion], facts.if_version)) return found;
  return std::nullopt;
}

void write_step_facts(base::JsonWriter& json, const model::IncidentFacts& facts) {
  write_text(json, kCondition, facts.condition);
  write_text(json, kLimit, facts.limit);
  write_time(json, kDeadline, facts.deadline);
  write_text(json, kReason, facts.reason);
  write_given(json, kApproved, facts.approved);
  write_time(json, kResumeAt, facts.resume_at);
  write_text(json, kDuplicateOf, facts.duplicate_of);
  write_given(json, kSolvedLevel, facts.solved_level);
  write_given(json, kSatisfied, facts.satisfied);
  if (facts.command) json.field(kStepNames[kCommand], true);
  write_given(json, kIfVersion, facts.if_version);
}

}  // namespace gridwall::wire
