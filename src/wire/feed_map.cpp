#include "wire/feed_map.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "model/finding_scope.hpp"
#include "wire/constants.hpp"

namespace gridwall::wire {

using base::Result;
using base::Status;
using model::ConfigTable;

namespace {

constexpr std::array<std::string_view, kFeedFactCount> kFactWords{
    "id",          "updated",     "state",     "class",     "channel", "department", "severity",
    "division",    "x",           "y",         "condition", "limit",   "status",     "category",
    "name",        "urgency",     "certainty", "effective", "onset",   "expires",    "headline",
    "description", "instruction", "code",      "radius_km", "aliases", "references"};
static_assert(static_cast<std::size_t>(FeedFact::References) + 1 == kFeedFactCount);

constexpr std::array<std::string_view, kFeedDoubtCount> kDoubtWords{
    "ambiguous_time",     "skipped_time",  "unreadable_time",    "backward_time",  "utc_letter",
    "state_without_time", "unknown_value", "untranslated_class", "unusable_point", "unreadable_area",
    "text_cut",           "superseded",    "merged_record",      "repeated_event"};
static_assert(static_cast<std::size_t>(FeedDoubt::RepeatedEvent) + 1 == kFeedDoubtCount);

constexpr std::size_t kTypeBytesMax = 40;  // with an incident's id and a time it makes an event's id of 128 bytes

// A text or an array of texts.
Result<std::vector<std::string>> one_or_more(const ConfigTable& table, std::string_view key) {
  if (!table.has_text(key)) return table.texts(key);
  TRY_ASSIGN(std::string one, table.text(key));
  return std::vector<std::string>{std::move(one)};
}

Result<std::vector<std::string>> any_texts(const ConfigTable& table, std::string_view key) {
  return table.has(key) ? one_or_more(table, key) : Result<std::vector<std::string>>(std::vector<std::string>{});
}

Status read_forms(const ConfigTable& file, FeedMap& map) {
  constexpr std::string_view kForms[] = {"csv", "json", "xml", "geojson", "cap", "eido"};
  TRY_ASSIGN(const auto words, one_or_more(file, "form"));
  for (const std::string& word : words) {
    const auto found = std::find(std::begin(kForms), std::end(kForms), word);
    if (found == std::end(kForms)) {
      return file.error_at("form", "one of csv, json, xml, geojson, cap, eido, or json and xml together");
    }
    map.forms.push_back(static_cast<FeedForm>(found - std::begin(kForms)));
  }
  const bool pair = map.forms.size() == 2 && map.forms[0] == FeedForm::Json && map.forms[1] == FeedForm::Xml;
  if (map.forms.size() != 1 && !pair) return file.error_at("form", "one form, or [\"json\", \"xml\"]");
  const bool has_xml = map.forms.back() == FeedForm::Xml;
  if (has_xml && map.element.empty()) return file.error_at("element", "the name of a record's element");
  return {};
}

Status read_head(const ConfigTable& file, FeedMap& map) {
  TRY_ASSIGN(map.source, file.text("source"));
  if (map.source.empty() || map.source.size() > kIdBytesMax) return file.error_at("source", "1 to 128 bytes");
  TRY_ASSIGN(const std::string kind, file.text("kind"));
  if (kind != "incident" && kind != "alert") return file.error_at("kind", "incident or alert");
  map.kind = kind == "alert" ? FeedKind::Alert : FeedKind::Incident;
  TRY_ASSIGN(map.records, file.text_or("records", ""));
  TRY_ASSIGN(map.element, file.text_or("element", ""));
  TRY(read_forms(file, map));
  TRY_ASSIGN(map.components, any_texts(file, "components"));
  TRY_ASSIGN(map.geocodes, any_texts(file, "geocodes"));
  TRY_ASSIGN(map.dropped, any_texts(file, "dropped"));
  TRY_ASSIGN(map.placeholders, any_texts(file, "placeholders"));
  TRY_ASSIGN(map.class_set, file.text_or("class_set", ""));
  TRY_ASSIGN(map.crs, file.text_or("crs", ""));
  TRY_ASSIGN(const std::string zone, file.text("zone"));
  auto found = base::TimeZone::find(zone);
  if (!found.ok()) return file.error_at("zone", "an IANA name or an offset such as +08:00");
  map.zone = std::move(*found);
  TRY_ASSIGN(const auto times, one_or_more(file, "times"));
  for (const std::string& text : times) {
    auto form = FeedTimeForm::parse(text);
    if (!form.ok()) return file.error_at("times", form.error().message);
    map.times.push_back(std::move(*form));
  }
  if (map.times.empty()) return file.error_at("times", "at least one form of time");
  return {};
}

Status read_fields(const ConfigTable& file, FeedMap& map) {
  TRY_ASSIGN(const ConfigTable fields, file.table("fields"));
  for (const std::string& name : fields.keys()) {
    FeedField field;
    field.name = name;
    TRY_ASSIGN(field.from, one_or_more(fields, name));
    if (field.from.empty()) return fields.error_at(name, "at least one column, member or element");
    map.fields.push_back(std::move(field));
  }
  if (!file.has("values")) return {};
  TRY_ASSIGN(const ConfigTable values, file.table("values"));
  for (const std::string& name : values.keys()) {
    const auto index = map.field_index(name);
    if (!index) return values.error_at(name, "the name of a field of [fields]");
    TRY_ASSIGN(const ConfigTable table, values.table(name));
    FeedField& field = map.fields[*index];
    for (const std::string& word : table.keys()) {
      TRY_ASSIGN(std::string ours, table.text(word));
      if (word == "*") {
        field.otherwise = std::move(ours);
      } else {
        field.values.emplace(word, std::move(ours));
      }
    }
  }
  return {};
}

// The part of a template in braces: "main" or "main:02".
Result<FeedTemplate::Part> read_part(const ConfigTable& table, const std::string& key, std::string_view inside,
                                     const FeedMap& map) {
  FeedTemplate::Part part;
  const std::size_t colon = inside.find(':');
  part.field = map.field_index(inside.substr(0, colon));
  if (!part.field) return table.error_at(key, fmt::format("a field of [fields] in {{{}}}", inside));
  if (colon != std::string_view::npos) {
    const std::string_view width = inside.substr(colon + 1);
    if (width.size() != 2 || width[0] != '0' || width[1] < '1' || width[1] > '9') {
      return table.error_at(key, "a width of 01 to 09 behind the colon");
    }
    part.width = static_cast<std::size_t>(width[1] - '0');
  }
  return part;
}

Result<FeedTemplate> read_template(const ConfigTable& table, const std::string& key, std::string_view text,
                                   const FeedMap& map) {
  FeedTemplate out;
  while (!text.empty()) {
    const std::size_t open = text.find('{');
    if (open != 0) {
      FeedTemplate::Part literal;
      literal.text = text.substr(0, open);
      out.parts.push_back(std::move(literal));
    }
    if (open == std::string_view::npos) break;
    const std::size_t close = text.find('}', open);
    if (close == std::string_view::npos) return table.error_at(key, "a closing brace behind each field");
    TRY_ASSIGN(auto part, read_part(table, key, text.substr(open + 1, close - open - 1), map));
    out.parts.push_back(std::move(part));
    text.remove_prefix(close + 1);
  }
  return out;
}

std::optional<FeedFact> fact_from_word(std::string_view word) {
  const auto found = std::find(kFactWords.begin(), kFactWords.end(), word);
  if (found == kFactWords.end()) return std::nullopt;
  return static_cast<FeedFact>(found - kFactWords.begin());
}

bool is_time(FeedFact fact) {
  return fact == FeedFact::Updated || fact == FeedFact::Effective || fact == FeedFact::Onset ||
         fact == FeedFact::Expires;
}

bool belongs(FeedFact fact, FeedKind kind) {
  if (fact <= FeedFact::State || fact == FeedFact::Severity || fact == FeedFact::X || fact == FeedFact::Y) return true;
  return (fact >= FeedFact::Status) == (kind == FeedKind::Alert);
}

Status read_facts(const ConfigTable& file, FeedMap& map) {
  TRY_ASSIGN(const ConfigTable facts, file.table("facts"));
  for (const std::string& word : facts.keys()) {
    const auto fact = fact_from_word(word);
    if (!fact || !belongs(*fact, map.kind)) return facts.error_at(word, "a fact of this kind of event");
    TRY_ASSIGN(const auto texts, one_or_more(facts, word));
    for (const std::string& text : texts) {
      TRY_ASSIGN(auto filled, read_template(facts, word, text, map));
      if (is_time(*fact) && (filled.parts.size() != 1 || !filled.parts.front().field)) {
        return facts.error_at(word, "one field in braces: a time is not put together");
      }
      map.facts[static_cast<std::size_t>(*fact)].push_back(std::move(filled));
    }
  }
  const auto given = [&](FeedFact fact) { return !map.facts[static_cast<std::size_t>(fact)].empty(); };
  if (!given(FeedFact::Id)) return facts.error_at("id", "what tells one record from another");
  if (given(FeedFact::X) != given(FeedFact::Y)) return facts.error_at("x", "x and y, or neither");
  if (given(FeedFact::X) && map.crs.empty() && map.kind == FeedKind::Incident) {
    return file.error_at("crs", "the coordinate system of x and y; it is never guessed");
  }
  if (given(FeedFact::Class) && map.class_set.empty()) {
    return file.error_at("class_set", "the edition that the feed's classes are of; numbers differ between editions");
  }
  map.required.push_back(FeedFact::Id);
  TRY_ASSIGN(const auto required, any_texts(file, "required"));
  for (const std::string& word : required) {
    const auto fact = fact_from_word(word);
    if (!fact || !given(*fact)) return file.error_at("required", "facts of [facts]");
    if (*fact != FeedFact::Id) map.required.push_back(*fact);
  }
  return {};
}

Result<std::vector<std::size_t>> read_times(const ConfigTable& table, std::string_view key, const FeedMap& map) {
  std::vector<std::size_t> indices;
  TRY_ASSIGN(const auto names, any_texts(table, key));
  for (const std::string& name : names) {
    const auto index = map.field_index(name);
    if (!index) return table.error_at(key, "fields of [fields]");
    indices.push_back(*index);
  }
  return indices;
}

Result<std::optional<std::size_t>> read_time(const ConfigTable& table, std::string_view key, const FeedMap& map) {
  TRY_ASSIGN(const auto indices, read_times(table, key, map));
  if (indices.size() > 1) return table.error_at(key, "one field");
  return indices.empty() ? std::optional<std::size_t>() : indices.front();
}

Result<std::vector<int>> read_states(const ConfigTable& table, std::string_view key) {
  std::vector<int> states;
  if (!table.has(key)) return states;
  TRY_ASSIGN(const auto numbers, table.integers(key));
  for (const std::int64_t number : numbers) {
    if (number < 0 || number > 99 || !model::case_state_from_number(static_cast<int>(number))) {
      return table.error_at(key, "states of the lifecycle: 10, 20, 30, 31 ... 91");
    }
    states.push_back(static_cast<int>(number));
  }
  return states;
}

Result<FeedEventSpec> read_event(const ConfigTable& table, const FeedMap& map) {
  TRY(table.expect_only({"type", "at", "else_at", "implied_by", "implied_when", "implied_is", "states", "when", "is",
                         "deadline", "resume_at", "reason", "mark", "once"}));
  FeedEventSpec event;
  TRY_ASSIGN(event.type, table.text("type"));
  const std::string_view prefix = map.kind == FeedKind::Alert ? "alert." : "incident.";
  if (!event.type.starts_with(prefix) || event.type.size() > kTypeBytesMax) {
    return table.error_at("type",
                          fmt::format("a type that begins with {} and has at most {} bytes", prefix, kTypeBytesMax));
  }
  TRY_ASSIGN(event.at, read_times(table, "at", map));
  if (event.at.empty()) return table.error_at("at", "the field that holds the event's time");
  TRY_ASSIGN(event.else_at, read_times(table, "else_at", map));
  TRY_ASSIGN(event.implied_by, read_states(table, "implied_by"));
  TRY_ASSIGN(event.implied_when, read_time(table, "implied_when", map));
  TRY_ASSIGN(event.implied_is, any_texts(table, "implied_is"));
  if (event.implied_when.has_value() == event.implied_is.empty()) {
    return table.error_at("implied_is", "implied_when and implied_is together");
  }
  if (event.else_at.empty() != (event.implied_by.empty() && !event.implied_when)) {
    return table.error_at("else_at", "else_at together with implied_by or implied_when");
  }
  TRY_ASSIGN(event.states, read_states(table, "states"));
  TRY_ASSIGN(event.when_field, read_time(table, "when", map));
  TRY_ASSIGN(event.when_is, any_texts(table, "is"));
  if (event.when_field.has_value() == event.when_is.empty()) return table.error_at("is", "when and is together");
  TRY_ASSIGN(event.deadline, read_time(table, "deadline", map));
  TRY_ASSIGN(event.resume_at, read_time(table, "resume_at", map));
  TRY_ASSIGN(event.reason, table.text_or("reason", ""));
  TRY_ASSIGN(event.mark, table.truth_or("mark", false));
  TRY_ASSIGN(event.once, table.truth_or("once", false));
  return event;
}

Status read_only(const ConfigTable& file, FeedMap& map) {
  if (!file.has("only")) return {};
  TRY_ASSIGN(const ConfigTable only, file.table("only"));
  for (const std::string& name : only.keys()) {
    const auto index = map.field_index(name);
    if (!index) return only.error_at(name, "the name of a field of [fields]");
    TRY_ASSIGN(auto words, one_or_more(only, name));
    map.only.emplace(*index, std::move(words));
  }
  return {};
}

Status read_class_table(const ConfigTable& file, const ConfigTable& classes, FeedMap& map) {
  TRY(classes.expect_only({"from", "to", "class"}));
  TRY_ASSIGN(const std::string from, classes.text("from"));
  if (from != map.class_set) {
    return file.error_at("class_set", fmt::format("\"{}\", the edition that class_table translates from", from));
  }
  TRY_ASSIGN(map.class_table_set, classes.text("to"));
  TRY_ASSIGN(const auto rows, classes.tables("class"));
  for (const ConfigTable& row : rows) {
    TRY(row.expect_only({"from", "to", "name_zh"}));
    TRY_ASSIGN(std::string code, row.text("from"));
    TRY_ASSIGN(std::string ours, row.text("to"));
    if (!map.class_table.emplace(std::move(code), std::move(ours)).second) {
      return row.error_at("from", "a code not used above");
    }
  }
  return {};
}

}  // namespace

std::string_view feed_fact_word(FeedFact fact) {
  return kFactWords[static_cast<std::size_t>(fact)];
}
std::string_view feed_doubt_word(FeedDoubt doubt) {
  return kDoubtWords[static_cast<std::size_t>(doubt)];
}

std::optional<std::size_t> FeedMap::field_index(std::string_view field) const {
  const auto found =
      std::find_if(fields.begin(), fields.end(), [&](const FeedField& known) { return known.name == field; });
  if (found == fields.end()) return std::nullopt;
  return static_cast<std::size_t>(found - fields.begin());
}

Result<std::string> class_table_name(const ConfigTable& file) {
  return file.text_or("class_table", "");
}

Result<FeedMap> read_feed_map(const ConfigTable& file, const ConfigTable* class_table) {
  TRY(file.expect_only({"form",     "kind",         "source", "records", "element",    "components",  "geocodes",
                        "dropped",  "placeholders", "zone",   "times",   "class_set",  "class_table", "crs",
                        "required", "fields",       "values", "only",    "lifetime_h", "facts",       "event"}));
  FeedMap map;
  TRY(read_head(file, map));
  TRY(read_fields(file, map));
  TRY(read_only(file, map));
  TRY(read_facts(file, map));
  TRY_ASSIGN(const auto lifetime_h, file.integer_or("lifetime_h", 0, 0, 24 * 366));
  map.lifetime = std::chrono::hours(lifetime_h);
  TRY_ASSIGN(const auto events, file.tables("event"));
  for (const ConfigTable& table : events) {
    auto event = read_event(table, map);
    if (event.ok()) {
      map.events.push_back(std::move(*event));
    } else if (!model::FindingScope::keep(event.error())) {
      return event.error();
    }
  }
  if (map.events.empty()) return file.error_at("event", "at least one [[event]]");
  if (class_table != nullptr) TRY(read_class_table(file, *class_table, map));
  return map;
}

}  // namespace gridwall::wire
