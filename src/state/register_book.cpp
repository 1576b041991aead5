#include "state/register_book.hpp"

#include <algorithm>

#include "base/hash.hpp"

namespace gridwall::state {

using model::RegisterFacts;
using model::RegisterKind;

namespace {

constexpr std::size_t kKeyBytesMax = 64, kWordBytesMax = 64, kDepartmentBytesMax = 128, kTextBytesMax = 4096;
constexpr std::size_t kCheckedMax = 16;

// Periods of one form are in order as texts are; of two forms neither is before the other.
bool same_form(std::string_view a, std::string_view b) {
  const auto shape = [](char c) { return c >= '0' && c <= '9' ? '0' : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char one, char other) {
    return shape(one) == shape(other) || (shape(one) != '0' && one == other);
  });
}

// Returns whether the value is of the newest period: then the entry is as the event says.
bool note_period(std::vector<PeriodValue>& history, const RegisterFacts& facts) {
  if (!history.empty() && !same_form(history.back().period, facts.period)) history.clear();
  const auto place =
      std::lower_bound(history.begin(), history.end(), facts.period,
                       [](const PeriodValue& one, const std::string& period) { return one.period < period; });
  const PeriodValue value{facts.period, *facts.value_milli, facts.of_milli};
  const bool known = place != history.end() && place->period == facts.period;
  const bool is_newest = place == history.end() || (known && place + 1 == history.end());
  if (known) {
    *place = value;
  } else {
    history.insert(place, value);
  }
  if (history.size() > kPeriodsKept) history.erase(history.begin());
  return is_newest;
}

void note_step(std::vector<ReachedStep>& steps, const RegisterFacts& facts, base::UtcTime at) {
  if (facts.step.empty() || (!steps.empty() && steps.back().step == facts.step)) return;
  if (steps.size() == kStepsKept) steps.erase(steps.begin());
  steps.push_back({facts.step, at});
}

template <typename T>
void put_given(ByteWriter& out, const std::optional<T>& value) {
  out.put(static_cast<std::uint8_t>(value.has_value()));
  if (value) out.put(*value);
}

template <typename T>
std::optional<T> take_given(ByteReader& in) {
  if (!in.take_truth()) return std::nullopt;
  return in.take<T>();
}

void put_facts(ByteWriter& out, const RegisterFacts& facts) {
  for (const std::string* text : {&facts.table, &facts.entity, &facts.column, &facts.state, &facts.tier, &facts.step,
                                  &facts.period, &facts.text}) {
    out.put_text(*text);
  }
  out.put(static_cast<std::uint8_t>(facts.checked.size()));
  for (const std::string& item : facts.checked) out.put_text(item);
  put_given(out, facts.value_milli);
  put_given(out, facts.of_milli);
  put_given(out, facts.radius_m);
  put_given(out, facts.due_at);
  put_given(out, facts.rating);
  out.put(static_cast<std::uint8_t>(facts.exercise));
}

RegisterFacts take_facts(ByteReader& in) {
  RegisterFacts facts;
  for (std::string* text :
       {&facts.table, &facts.entity, &facts.column, &facts.state, &facts.tier, &facts.step, &facts.period}) {
    *text = in.take_text(kWordBytesMax);
  }
  facts.text = in.take_text(kTextBytesMax);
  const auto checked_count = in.take<std::uint8_t>();
  if (checked_count > kCheckedMax) in.fail();
  for (std::uint8_t i = 0; i < checked_count && !in.bad(); ++i) {
    facts.checked.emplace_back(in.take_text(kWordBytesMax));
  }
  facts.value_milli = take_given<std::int64_t>(in);
  facts.of_milli = take_given<std::int64_t>(in);
  facts.radius_m = take_given<std::int32_t>(in);
  if (in.take_truth()) facts.due_at = in.take_time();
  facts.rating = take_given<std::int32_t>(in);
  facts.exercise = in.take_truth();
  return facts;
}

std::size_t bytes_of(const RegisterEntry& entry) {
  constexpr std::size_t kNode = 200;  // of map and table
  return sizeof(RegisterEntry) + kNode + entry.steps.size() * sizeof(ReachedStep) +
         entry.history.size() * sizeof(PeriodValue) + entry.facts.text.size();
}

}  // namespace

std::string RegisterBook::place_key(RegisterKind kind, std::string_view key) {
  std::string text(1, static_cast<char>('0' + static_cast<int>(kind)));
  text += key;
  return text;
}

EntryChange RegisterBook::take(const model::SequencedEvent& event, const EntryPlace& place) {
  const RegisterFacts& facts = *event.event.entry;
  const std::string& key = event.event.incident.incident_id;
  const auto found = m_places.find(place_key(facts.kind, key));
  EntryChange change;
  auto entry = std::make_shared<RegisterEntry>();
  if (found != m_places.end()) {
    const Slot& slot = found->second->second;
    change.division_before = slot.entry->division;
    change.hash_before = slot.hash;
    *entry = *slot.entry;
  } else {
    entry->key = key;
    change.division_before = place.division;
  }
  change.division_after = place.division;
  if (facts.state == model::kRetired) {
    if (found != m_places.end()) remove(found->first);
    return change;
  }
  const bool has_period = facts.kind == RegisterKind::Metric && !facts.period.empty() && facts.value_milli.has_value();
  if (!has_period) entry->history.clear();
  const bool is_newest = !has_period || note_period(entry->history, facts);
  if (is_newest) {
    entry->facts = facts;
    entry->department = event.event.incident.department;
    entry->occurred_at = event.event.occurred_at;
  }
  entry->changed_at = event.state_time;
  entry->simulated = event.event.source.starts_with(model::kSimulatorSource);
  if (facts.kind == RegisterKind::Task) note_step(entry->steps, facts, event.event.occurred_at);
  entry->division = place.division;
  entry->located = place.located;
  entry->point_units = place.point_units;
  if (found != m_places.end()) remove(found->first);
  change.hash_after = put(std::move(entry));
  return change;
}

void RegisterBook::remove(const std::string& place_key) {
  const auto found = m_places.find(place_key);
  m_bytes -= bytes_of(*found->second->second.entry);
  m_slots.erase(found->second);
  m_places.erase(found);
  ++m_version;
}

std::uint64_t RegisterBook::put(std::shared_ptr<const RegisterEntry> entry) {
  ByteWriter bytes;
  put_entry(bytes, *entry);
  const std::uint64_t hash = std::max<std::uint64_t>(1, base::hash_bytes(bytes.bytes()));
  std::string place = place_key(entry->facts.kind, entry->key);
  m_bytes += bytes_of(*entry);
  Order order(entry->facts.kind, entry->facts.table, entry->key);
  const auto slot = m_slots.insert_or_assign(std::move(order), Slot{std::move(entry), hash}).first;
  m_places.insert_or_assign(std::move(place), slot);
  ++m_version;
  return hash;
}

std::uint64_t RegisterBook::restore(RegisterEntry entry) {
  if (find(entry.facts.kind, entry.key) != nullptr) return 0;
  return put(std::make_shared<const RegisterEntry>(std::move(entry)));
}

const RegisterEntry* RegisterBook::find(RegisterKind kind, std::string_view key) const {
  const auto found = m_places.find(place_key(kind, key));
  return found == m_places.end() ? nullptr : found->second->second.entry.get();
}

std::shared_ptr<const RegisterSnapshot> RegisterBook::freeze() {
  if (m_last && m_last->version == m_version) return m_last;
  auto snapshot = std::make_shared<RegisterSnapshot>();
  snapshot->version = m_version;
  snapshot->entries.reserve(m_slots.size());
  for (const auto& [order, slot] : m_slots) snapshot->entries.push_back(slot.entry);
  m_last = std::move(snapshot);
  return m_last;
}

void RegisterBook::clear() {
  m_slots.clear();
  m_places.clear();
  m_bytes = 0;
  ++m_version;
}

void RegisterBook::put_entry(ByteWriter& out, const RegisterEntry& entry) {
  out.put(entry.facts.kind);
  out.put_text(entry.key);
  put_facts(out, entry.facts);
  out.put_text(entry.department);
  out.put(entry.division.value);
  out.put(static_cast<std::uint8_t>(entry.located));
  out.put(entry.point_units.x);
  out.put(entry.point_units.y);
  out.put(entry.occurred_at);
  out.put(entry.changed_at);
  out.put(static_cast<std::uint8_t>(entry.simulated));
  out.put(static_cast<std::uint8_t>(entry.steps.size()));
  for (const ReachedStep& step : entry.steps) {
    out.put_text(step.step);
    out.put(step.at);
  }
  out.put(static_cast<std::uint8_t>(entry.history.size()));
  for (const PeriodValue& value : entry.history) {
    out.put_text(value.period);
    out.put(value.value_milli);
    put_given(out, value.of_milli);
  }
}

RegisterEntry RegisterBook::take_entry(ByteReader& in, std::uint32_t division_count) {
  RegisterEntry entry;
  const auto kind = in.take<std::uint8_t>();
  if (kind > static_cast<std::uint8_t>(RegisterKind::Notice)) in.fail();
  entry.key = in.take_text(kKeyBytesMax);
  entry.facts = take_facts(in);
  entry.facts.kind = in.bad() ? RegisterKind::Metric : static_cast<RegisterKind>(kind);
  entry.department = in.take_text(kDepartmentBytesMax);
  entry.division.value = in.take<std::uint32_t>();
  if (entry.division.value >= division_count || entry.key.empty()) in.fail();
  entry.located = in.take_truth();
  entry.point_units.x = in.take<std::int32_t>();
  entry.point_units.y = in.take<std::int32_t>();
  entry.occurred_at = in.take_time();
  entry.changed_at = in.take_time();
  entry.simulated = in.take_truth();
  const auto step_count = in.take<std::uint8_t>();
  if (step_count > kStepsKept) in.fail();
  for (std::uint8_t i = 0; i < step_count && !in.bad(); ++i) {
    ReachedStep& step = entry.steps.emplace_back();
    step.step = in.take_text(kWordBytesMax);
    step.at = in.take_time();
  }
  const auto period_count = in.take<std::uint8_t>();
  if (period_count > kPeriodsKept) in.fail();
  for (std::uint8_t i = 0; i < period_count && !in.bad(); ++i) {
    PeriodValue& value = entry.history.emplace_back();
    value.period = in.take_text(kWordBytesMax);
    value.value_milli = in.take<std::int64_t>();
    value.of_milli = take_given<std::int64_t>(in);
  }
  if (in.bad()) entry.division = {0};
  return entry;
}

}  // namespace gridwall::state
