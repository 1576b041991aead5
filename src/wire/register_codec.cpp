#include "wire/register_codec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "wire/constants.hpp"
#include "wire/message_fields.hpp"

namespace gridwall::wire {

namespace {

using Slot = std::optional<JsonView>;
using model::RegisterFacts;
using model::RegisterKind;

enum Member : std::size_t {
  kTable,
  kEntity,
  kColumn,
  kState,
  kTier,
  kStep,
  kValue,
  kOf,
  kPeriod,
  kRadius,
  kDueAt,
  kRating,
  kExercise,
  kChecked,
  kText
};
static_assert(kText + 1 == kEntryNames.size());

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// A longer number than kWordDigitsMax in a row could be somebody's telephone.
bool is_word(std::string_view text) {
  std::size_t digits = 0;
  for (const char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!letter && !is_digit(c) && c != '_' && c != '-' && c != '.') return false;
    digits = is_digit(c) ? digits + 1 : 0;
    if (digits > kWordDigitsMax) return false;
  }
  return !text.empty();
}

MaybeFault read_word(const Slot& slot, std::string_view name, bool required, std::string& out) {
  if (auto found = read_text(slot, {name, kWordBytesMax, required}, out)) return found;
  if (!slot || is_word(out)) return std::nullopt;
  return Fault{RefusalReason::BadText,
               fmt::format("'{}' is no word of letters, digits, '_', '-' and '.' with at most {} digits in a row; "
                           "expected an id of a list, never free text",
                           name, kWordDigitsMax)};
}

// "2026", "2026-Q3", "2026-H1", "2026-11", "2026-W47", "2026-11-22": by its shape, d standing for a digit.
bool is_period(std::string_view text) {
  static constexpr std::string_view kShapes[] = {"dddd", "dddd-Qd", "dddd-Hd", "dddd-dd", "dddd-Wdd", "dddd-dd-dd"};
  return std::any_of(std::begin(kShapes), std::end(kShapes), [&](std::string_view shape) {
    return std::equal(text.begin(), text.end(), shape.begin(), shape.end(),
                      [](char c, char wanted) { return wanted == 'd' ? is_digit(c) : c == wanted; });
  });
}

MaybeFault read_milli(const Slot& slot, Member member, std::optional<std::int64_t>& out) {
  if (!slot) return std::nullopt;
  const auto number = slot->number();
  if (!number || !(std::abs(*number) <= kEntryNumberMax)) {
    return Fault{RefusalReason::WrongType,
                 fmt::format("'{}' is no number from -{:.0f} to {:.0f}; expected one with at most three decimals",
                             kEntryNames[member], kEntryNumberMax, kEntryNumberMax)};
  }
  out = std::llround(*number * 1000);
  return std::nullopt;
}

MaybeFault read_small(const Slot& slot, Member member, std::int32_t least, std::int32_t most,
                      std::optional<std::int32_t>& out) {
  if (!slot) return std::nullopt;
  const auto number = slot->integer();
  if (!number || *number < least || *number > most) {
    return Fault{RefusalReason::WrongType,
                 fmt::format("'{}' is no integer from {} to {}", kEntryNames[member], least, most)};
  }
  out = static_cast<std::int32_t>(*number);
  return std::nullopt;
}

MaybeFault read_checked(const Slot& slot, std::vector<std::string>& out) {
  if (!slot) return std::nullopt;
  if (slot->kind() != JsonKind::Array || slot->item_count() > kCheckedMax) {
    return Fault{RefusalReason::WrongType, fmt::format("'checked' is no array of at most {} words", kCheckedMax)};
  }
  for (const JsonView& item : slot->items()) {
    if (auto found = read_word(Slot(item), kEntryNames[kChecked], true, out.emplace_back())) return found;
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return std::nullopt;
}

void write_text(base::JsonWriter& json, Member member, const std::string& text) {
  if (!text.empty()) json.field(kEntryNames[member], text);
}

void write_milli(base::JsonWriter& json, Member member, const std::optional<std::int64_t>& milli) {
  if (!milli) return;
  json.key(kEntryNames[member]);
  *milli % 1000 == 0 ? json.value(*milli / 1000) : json.value(static_cast<double>(*milli) / 1000);
}

}  // namespace

std::optional<RegisterKind> register_kind(std::string_view type) {
  if (type == model::kSiteStatus) return RegisterKind::Site;
  if (type == model::kMetricValue) return RegisterKind::Metric;
  if (type == model::kTaskStep) return RegisterKind::Task;
  if (type == model::kNoticePosted) return RegisterKind::Notice;
  return std::nullopt;
}

MaybeFault read_entry(std::span<const Slot, kEntryNames.size()> slots, RegisterFacts& facts) {
  const struct {
    Member member;
    bool required;
    std::string& out;
  } kWords[] = {{kTable, true, facts.table},    {kEntity, false, facts.entity},
                {kColumn, false, facts.column}, {kState, false, facts.state},
                {kTier, false, facts.tier},     {kStep, facts.kind == RegisterKind::Task, facts.step}};
  for (const auto& word : kWords) {
    const bool required = word.required && !(word.member == kStep && facts.state == model::kRetired);
    if (auto found = read_word(slots[word.member], kEntryNames[word.member], required, word.out)) return found;
  }
  if (auto found = read_milli(slots[kValue], kValue, facts.value_milli)) return found;
  if (auto found = read_milli(slots[kOf], kOf, facts.of_milli)) return found;
  if (auto found = read_text(slots[kPeriod], {kEntryNames[kPeriod], kWordBytesMax, false}, facts.period)) return found;
  if (slots[kPeriod] && !is_period(facts.period)) {
    return Fault{RefusalReason::BadText,
                 "'period' is none of 2026, 2026-Q3, 2026-H1, 2026-11, 2026-W47, 2026-11-22 in its form"};
  }
  if (auto found = read_small(slots[kRadius], kRadius, 1, kEntryRadiusMax, facts.radius_m)) return found;
  if (auto found = read_time(slots[kDueAt], kEntryNames[kDueAt], false, facts.due_at)) return found;
  if (auto found = read_small(slots[kRating], kRating, 1, 5, facts.rating)) return found;
  if (slots[kExercise]) {
    const auto exercise = slots[kExercise]->truth();
    if (!exercise) return Fault{RefusalReason::WrongType, "'exercise' is neither true nor false"};
    facts.exercise = *exercise;
  }
  if (auto found = read_checked(slots[kChecked], facts.checked)) return found;
  // Free text is a notice's alone; anywhere else it is dropped like a member that nobody knows.
  if (facts.kind != RegisterKind::Notice) return std::nullopt;
  return read_text(slots[kText], {kEntryNames[kText], kNoticeBytesMax, facts.state != model::kRetired}, facts.text);
}

void write_entry(base::JsonWriter& json, const RegisterFacts& facts) {
  write_text(json, kTable, facts.table);
  write_text(json, kEntity, facts.entity);
  write_text(json, kColumn, facts.column);
  write_text(json, kState, facts.state);
  write_text(json, kTier, facts.tier);
  write_text(json, kStep, facts.step);
  write_milli(json, kValue, facts.value_milli);
  write_milli(json, kOf, facts.of_milli);
  write_text(json, kPeriod, facts.period);
  if (facts.radius_m) json.field(kEntryNames[kRadius], *facts.radius_m);
  if (facts.due_at) json.field(kEntryNames[kDueAt], exact_time_text(*facts.due_at));
  if (facts.rating) json.field(kEntryNames[kRating], *facts.rating);
  if (facts.exercise) json.field(kEntryNames[kExercise], true);
  if (!facts.checked.empty()) {
    json.key(kEntryNames[kChecked]).begin_array();
    for (const std::string& item : facts.checked) json.value(item);
    json.end_array();
  }
  write_text(json, kText, facts.text);
}

}  // namespace gridwall::wire
