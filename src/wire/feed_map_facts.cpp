#include "wire/feed_map_facts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/hash.hpp"
#include "wire/constants.hpp"

namespace gridwall::wire {

namespace {

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (end > 0) lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(text.size(), end + 1));
  }
  return lines;
}

// The value through the field's table, each line for itself.
std::string translated(const FeedField& field, const std::string& value, FeedDoubts& doubts) {
  if (value.empty()) return {};
  if (field.values.empty() && !field.otherwise) return value;
  std::string out;
  for (const std::string_view word : lines_of(value)) {
    const auto found = field.values.find(std::string(word));
    if (found == field.values.end() && !field.otherwise) {
      doubts.add(FeedDoubt::UnknownValue);
      continue;
    }
    const std::string& ours = found != field.values.end() ? found->second : *field.otherwise;
    if (!ours.empty()) out += (out.empty() ? "" : "\n") + ours;
  }
  return out;
}

std::optional<double> read_number(std::string_view text) {
  double number = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stopped != end || !std::isfinite(number)) return std::nullopt;
  return number + 0.0;  // no negative zero
}

std::optional<base::UtcTime> instant(const std::optional<FeedTime>& time) {
  return time ? std::optional(time->utc) : std::nullopt;
}

}  // namespace

std::string clean_text(std::string_view text, std::size_t bytes_max, bool lines, FeedDoubts& doubts) {
  std::string out(text.substr(0, bytes_max));
  if (text.size() > bytes_max) {
    doubts.add(FeedDoubt::TextCut);
    // Back to the first byte of the character that the cut went through.
    std::size_t size = bytes_max;
    while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0u) == 0x80u) --size;
    out.resize(size);
  }
  for (char& c : out) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 || byte == 0x7f) && !(lines && c == '\n')) c = ' ';
  }
  return out;
}

std::string bounded_id(std::string_view text) {
  FeedDoubts ignored;
  if (text.size() <= kSubjectBytesMax) return clean_text(text, kSubjectBytesMax, false, ignored);
  constexpr std::size_t kBeginBytes = kSubjectBytesMax - 17;
  return fmt::format("{}~{:016x}", clean_text(text, kBeginBytes, false, ignored), base::hash_bytes(text));
}

RecordFacts::RecordFacts(const FeedMap& map, FeedRecord& record, FeedDoubts& doubts)
    : m_map(map), m_record(record), m_doubts(doubts) {
  for (std::size_t i = 0; i < map.fields.size(); ++i) {
    record.values[i] = translated(map.fields[i], record.values[i], doubts);
  }
}

std::string RecordFacts::text(FeedFact fact) const {
  for (const FeedTemplate& choice : m_map.facts[static_cast<std::size_t>(fact)]) {
    std::string out;
    bool whole = true;
    for (const FeedTemplate::Part& part : choice.parts) {
      if (!part.field) {
        out += part.text;
        continue;
      }
      const std::string& value = m_record.values[*part.field];
      whole = whole && !value.empty();
      if (value.size() < part.width) out.append(part.width - value.size(), '0');
      out += value;
    }
    if (whole && !out.empty()) return out;
  }
  return {};
}

std::optional<FeedTime> RecordFacts::read_time(const std::string& text) const {
  if (text.empty()) return std::nullopt;
  const auto time = read_feed_time(text, m_map.times, m_map.zone);
  if (!time) {
    m_doubts.add(FeedDoubt::UnreadableTime);
  } else if (time->reading == base::TimeZone::Reading::Twice) {
    m_doubts.add(FeedDoubt::AmbiguousTime);
  } else if (time->reading == base::TimeZone::Reading::Never) {
    m_doubts.add(FeedDoubt::SkippedTime);
  } else if (time->utc_letter) {
    m_doubts.add(FeedDoubt::UtcLetter);
  }
  return time;
}

std::optional<FeedTime> RecordFacts::time_of_field(std::size_t index) const {
  if (m_times.empty()) m_times.resize(m_map.fields.size());
  if (!m_times[index]) m_times[index] = read_time(field(index));
  return *m_times[index];
}

// A time's templates are single fields (read_feed_map sees to it).
std::optional<FeedTime> RecordFacts::time(FeedFact fact) const {
  for (const FeedTemplate& choice : m_map.facts[static_cast<std::size_t>(fact)]) {
    const std::size_t index = *choice.parts.front().field;
    if (!field(index).empty()) return time_of_field(index);
  }
  return std::nullopt;
}

int RecordFacts::state() const {
  int most = 0;
  const std::string states = text(FeedFact::State);
  for (const std::string_view word : lines_of(states)) {
    int number = 0;
    const auto [stopped, error] = std::from_chars(word.data(), word.data() + word.size(), number);
    const bool whole = error == std::errc() && stopped == word.data() + word.size();
    if (whole && number > 0 && number < 100 && model::case_state_from_number(number)) {
      most = std::max(most, number);
    } else {
      m_doubts.add(FeedDoubt::UnknownValue);
    }
  }
  return most;
}

std::string RecordFacts::why_not() const {
  for (const auto& [index, words] : m_map.only) {
    if (std::find(words.begin(), words.end(), field(index)) != words.end()) continue;
    return fmt::format("'{}' is not one of the words that the map takes", m_map.fields[index].from.front());
  }
  for (const FeedFact fact : m_map.required) {
    if (!text(fact).empty()) continue;
    std::string members;
    for (const FeedTemplate::Part& part : m_map.facts[static_cast<std::size_t>(fact)].front().parts) {
      if (!part.field) continue;
      members += fmt::format("{}'{}'", members.empty() ? "" : ", ", m_map.fields[*part.field].from.front());
    }
    return fmt::format("no {}: {} is empty, missing or a word that the map does not take", feed_fact_word(fact),
                       members);
  }
  return {};
}

std::optional<base::Vec2d> RecordFacts::point() const {
  const std::string x = text(FeedFact::X), y = text(FeedFact::Y);
  if (x.empty() && y.empty()) return std::nullopt;
  const auto x_number = read_number(x), y_number = read_number(y);
  const bool in_bounds = x_number && y_number && std::abs(*x_number) <= kCoordinateMax &&
                         std::abs(*y_number) <= kCoordinateMax && !(*x_number == 0 && *y_number == 0);
  const std::string both = x + "," + y;
  if (!in_bounds || std::find(m_map.placeholders.begin(), m_map.placeholders.end(), both) != m_map.placeholders.end()) {
    m_doubts.add(FeedDoubt::UnusablePoint);
    return std::nullopt;
  }
  return base::Vec2d{*x_number, *y_number};
}

std::optional<model::Severity> RecordFacts::severity() const {
  const std::string word = text(FeedFact::Severity);
  if (word.empty()) return std::nullopt;
  if (word.size() == 1 && word[0] >= '1' && word[0] <= '4') return static_cast<model::Severity>(word[0] - '0');
  m_doubts.add(FeedDoubt::UnknownValue);
  return std::nullopt;
}

void RecordFacts::translate_class(model::IncidentFacts& facts) const {
  facts.class_code = clean_text(text(FeedFact::Class), kCodeBytesMax, false, m_doubts);
  if (facts.class_code.empty()) return;
  facts.class_set = m_map.class_set;
  if (m_map.class_table.empty()) return;
  const auto found = m_map.class_table.find(facts.class_code);
  if (found == m_map.class_table.end()) return m_doubts.add(FeedDoubt::UntranslatedClass);
  facts.class_code = found->second;
  facts.class_set = m_map.class_table_set;
}

model::IncidentFacts RecordFacts::incident(std::string id) const {
  model::IncidentFacts facts;
  facts.incident_id = std::move(id);
  translate_class(facts);
  facts.channel = clean_text(text(FeedFact::Channel), kCodeBytesMax, false, m_doubts);
  facts.department = clean_text(text(FeedFact::Department), kDepartmentBytesMax, false, m_doubts);
  facts.division_code = clean_text(text(FeedFact::Division), kCodeBytesMax, false, m_doubts);
  facts.condition = clean_text(text(FeedFact::Condition), 16, false, m_doubts);
  facts.limit = clean_text(text(FeedFact::Limit), 16, false, m_doubts);
  facts.severity = severity();
  facts.point = point();
  if (facts.point) facts.crs = m_map.crs;
  return facts;
}

model::AlertFacts RecordFacts::alert(std::string id) const {
  model::AlertFacts facts;
  facts.alert_id = std::move(id);
  const std::string status = text(FeedFact::Status);
  if (status == "exercise") facts.status = model::AlertStatus::Exercise;
  if (status == "test") facts.status = model::AlertStatus::Test;
  const auto word = [&](FeedFact fact, std::size_t bytes_max) {
    return clean_text(text(fact), bytes_max, false, m_doubts);
  };
  facts.category = word(FeedFact::Category, kAlertWordBytesMax);
  facts.name = word(FeedFact::Name, kAlertNameBytesMax);
  facts.urgency = word(FeedFact::Urgency, kAlertWordBytesMax);
  facts.certainty = word(FeedFact::Certainty, kAlertWordBytesMax);
  facts.headline = word(FeedFact::Headline, kHeadlineBytesMax);
  facts.description = clean_text(text(FeedFact::Description), kAlertTextBytesMax, true, m_doubts);
  facts.instruction = clean_text(text(FeedFact::Instruction), kAlertTextBytesMax, true, m_doubts);
  facts.severity = severity().value_or(model::Severity::Minor);
  facts.effective_at = instant(time(FeedFact::Effective));
  facts.onset_at = instant(time(FeedFact::Onset));
  facts.expires_at = instant(time(FeedFact::Expires));
  if (m_record.area) facts.area = *m_record.area;
  if (const auto center = point()) {
    const double radius_km = read_number(text(FeedFact::RadiusKm)).value_or(0);
    const bool good = std::abs(center->x) <= 180 && std::abs(center->y) <= 90 && radius_km >= 0 &&
                      radius_km <= kAlertRadiusKmMax && facts.area.circles.size() < kAlertCirclesMax;
    good ? facts.area.circles.push_back({*center, radius_km}) : m_doubts.add(FeedDoubt::UnusablePoint);
  }
  const std::string code = word(FeedFact::Code, kCodeBytesMax);
  if (!code.empty() && facts.area.codes.size() < kAlertCodesMax) facts.area.codes.push_back(code);
  return facts;
}

}  // namespace gridwall::wire
