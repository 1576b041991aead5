#include "hub/redaction.hpp"

#include <fmt/format.h>

#include "base/hash.hpp"

namespace gridwall::hub {

namespace {

// Why an identifier may not pass; none: it may. Case numbers are of printable ASCII; what has other characters may be a
// name, which nothing tells from a case number.
std::optional<wire::PersonalMark> id_mark(const std::string& id) {
  if (const auto mark = wire::find_personal(id)) return mark;
  if (!wire::is_plain_id(id)) return wire::PersonalMark::Name;
  return std::nullopt;
}

// A name between other letters too: "E王小明.06".
bool holds_name(const std::string& word) {
  std::string run;
  for (const char c : word + " ") {
    if (static_cast<unsigned char>(c) >= 0x80) {
      run += c;
      continue;
    }
    if (!run.empty() && wire::looks_like_name(run)) return true;
    run.clear();
  }
  return false;
}

std::string hash_of(const std::string& id) {
  return fmt::format("h-{:016x}", base::hash_bytes(id));
}

}  // namespace

std::string Redactor::redacted_id(const std::string& id) const {
  return id_mark(id) ? hash_of(id) : id;
}

void Redactor::redact_id(std::string& id) {
  const auto mark = id_mark(id);
  if (!mark) return;
  m_counts.add(*mark);
  ++m_counts.hashed_id_count;
  id = hash_of(id);
}

// A type that nobody knows goes through; of one that tells a person only its kind does.
void Redactor::redact_type(std::string& type) {
  const auto mark = id_mark(type);
  if (!mark) return;
  m_counts.add(*mark);
  ++m_counts.dropped_word_count;
  type = type.substr(0, type.find('.')) + ".unknown";
}

void Redactor::redact_word(std::string& word) {
  if (word.empty()) return;
  auto mark = wire::find_personal(word);
  if (!mark && holds_name(word)) mark = wire::PersonalMark::Name;
  if (!mark) return;
  m_counts.add(*mark);
  ++m_counts.dropped_word_count;
  word.clear();
}

void Redactor::redact_text(std::string& text) {
  wire::MaskedText masked = wire::mask_personal(text);
  m_counts.masked_text_count += masked.masked_count;
  for (std::size_t i = 0; i < masked.by_mark.size(); ++i) m_counts.by_mark[i] += masked.by_mark[i];
  text = std::move(masked.text);
}

void Redactor::redact_division(std::string& code) {
  if (code.empty() || m_tree.find(code).valid()) return;
  redact_word(code);
}

void Redactor::redact_alert(model::AlertFacts& alert) {
  redact_id(alert.alert_id);
  for (std::string* word : {&alert.category, &alert.urgency, &alert.certainty}) redact_word(*word);
  redact_text(alert.name);
  if (wire::looks_like_name(alert.name)) redact_word(alert.name);
  for (std::string* text : {&alert.headline, &alert.description, &alert.instruction}) redact_text(*text);
  for (std::string& code : alert.area.codes) {
    redact_division(code);
    if (code.empty()) code.assign(1, '?');  // it named a place: the alert still goes to the root
  }
}

void Redactor::redact(model::Event& event) {
  redact_id(event.id);
  redact_id(event.source);
  redact_type(event.type);
  redact_id(event.incident.incident_id);
  if (event.alert) return redact_alert(*event.alert);
  model::IncidentFacts& facts = event.incident;
  if (!facts.duplicate_of.empty()) redact_id(facts.duplicate_of);
  if (m_vocabulary.find_class(facts.class_code) == nullptr) redact_word(facts.class_code);
  if (m_vocabulary.find_channel(facts.channel) == nullptr) redact_word(facts.channel);
  redact_division(facts.division_code);
  for (std::string* word : {&facts.class_set, &facts.department, &facts.condition, &facts.reason, &facts.limit}) {
    redact_word(*word);
  }
  if (event.entry) redact_entry(*event.entry);
}

void Redactor::redact_entry(model::RegisterFacts& entry) {
  for (std::string* word : {&entry.table, &entry.entity, &entry.column, &entry.state, &entry.tier, &entry.step}) {
    redact_word(*word);
  }
  for (std::string& item : entry.checked) redact_word(item);
  std::erase(entry.checked, "");
  redact_text(entry.text);
}

}  // namespace gridwall::hub
