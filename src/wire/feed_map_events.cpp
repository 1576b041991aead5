// Records to events: which records are one, which version of a record counts, what events it yields and under which
// ids.
#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "wire/constants.hpp"
#include "wire/feed_map.hpp"
#include "wire/feed_map_facts.hpp"
#include "wire/json_document.hpp"

namespace gridwall::wire {

namespace {

using base::UtcTime;

// A record that can be mapped.
struct Draft {
  std::size_t record = 0;  // index
  std::string id;
  UtcTime updated_at{};
  std::vector<std::string> merged;  // ids under which the same thing was known, and which end with it
};

// An event's time and its place in the output.
struct Placed {
  UtcTime order_at{};
  MappedEvent mapped;
};

std::vector<std::string> split(std::string_view text, std::string_view between) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t begin = text.find_first_not_of(between);
    if (begin == std::string_view::npos) return parts;
    const std::size_t end = std::min(text.find_first_of(between, begin), text.size());
    parts.emplace_back(text.substr(begin, end - begin));
    text.remove_prefix(end);
  }
}

template <typename List, typename Item>
bool contains(const List& list, const Item& item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

class FeedMapper {
 public:
  FeedMapper(const FeedMap& map, FeedRecords records)
      : m_map(map), m_records(std::move(records)), m_has_updated(has(FeedFact::Updated)) {
    m_feed.number_word = m_records.number_word;
    m_feed.record_count = m_records.records.size();
    m_feed.doubts = m_records.doubts;
  }

  MappedFeed run() {
    draft_records();
    if (has(FeedFact::Aliases)) merge_aliases();
    if (has(FeedFact::References)) follow_references();
    if (m_has_updated) keep_newest();
    for (Draft& draft : m_drafts) add_events(draft);
    finish();
    return std::move(m_feed);
  }

 private:
  [[nodiscard]] bool has(FeedFact fact) const { return !m_map.facts[static_cast<std::size_t>(fact)].empty(); }
  RecordFacts& facts_of(const Draft& draft) { return m_facts[draft.record]; }

  void skip(const FeedRecord& record, std::string reason) {
    ++m_feed.skipped_count;
    if (m_feed.skipped.size() < kSkippedKept) m_feed.skipped.push_back({record.number, std::move(reason)});
  }

  void draft_records();
  void merge_aliases();
  void follow_references();
  void keep_newest();
  void add_events(const Draft& draft);
  std::optional<FeedTime> event_time(const FeedEventSpec& spec, const RecordFacts& facts, int state);
  static bool applies(const FeedEventSpec& spec, const RecordFacts& facts, int state);
  model::Event make_event(const FeedEventSpec& spec, const Draft& draft, UtcTime occurred_at);
  void add_incident(model::Event& event, const FeedEventSpec& spec, const model::IncidentFacts& incident,
                    const RecordFacts& facts);
  void add_alert(model::Event& event, const Draft& draft, const RecordFacts& facts);
  void end_merged(const Draft& draft, UtcTime occurred_at);
  void place(UtcTime order_at, model::Event event, std::uint64_t record_number);
  void finish();

  const FeedMap& m_map;
  FeedRecords m_records;
  bool m_has_updated;
  std::vector<RecordFacts> m_facts;  // as m_records.records
  std::vector<Draft> m_drafts;
  std::vector<Placed> m_placed;
  std::unordered_set<std::string> m_event_ids;
  MappedFeed m_feed;
};

void FeedMapper::draft_records() {
  m_facts.reserve(m_records.records.size());
  for (std::size_t i = 0; i < m_records.records.size(); ++i) {
    FeedRecord& record = m_records.records[i];
    m_facts.emplace_back(m_map, record, m_feed.doubts);
    if (!record.defect.empty()) {
      skip(record, record.defect);
      continue;
    }
    const RecordFacts& facts = m_facts.back();
    if (std::string reason = facts.why_not(); !reason.empty()) {
      skip(record, std::move(reason));
      continue;
    }
    Draft draft;
    draft.record = i;
    draft.id = bounded_id(facts.text(FeedFact::Id));
    if (const auto updated = m_has_updated ? facts.time(FeedFact::Updated) : std::nullopt) {
      draft.updated_at = updated->utc;
    }
    m_drafts.push_back(std::move(draft));
  }
}

// Records that share an alias are one thing. Its id is the smallest alias, so that it does not change with whichever
// member of the list the feed prefers today; the others end, in case one of them was raised before.
void FeedMapper::merge_aliases() {
  std::unordered_map<std::string, std::string> parent;
  const auto root = [&](std::string id) {
    while (parent.at(id) != id) id = parent.at(id);
    return id;
  };
  std::vector<std::vector<std::string>> aliases;
  for (const Draft& draft : m_drafts) {
    std::vector<std::string> names{draft.id};
    for (const std::string& name : split(facts_of(draft).text(FeedFact::Aliases), ", \n")) {
      names.push_back(bounded_id(name));
    }
    for (const std::string& name : names) parent.try_emplace(name, name);
    for (const std::string& name : names) {
      const std::string a = root(names.front()), b = root(name);
      if (a != b) parent[std::max(a, b)] = std::min(a, b);
    }
    aliases.push_back(std::move(names));
  }
  std::unordered_map<std::string, std::set<std::string>> members;  // by root, every alias
  for (const auto& names : aliases) {
    for (const std::string& name : names) members[root(name)].insert(name);
  }
  for (Draft& draft : m_drafts) {
    const std::string id = root(draft.id);
    if (id != draft.id) m_feed.doubts.add(FeedDoubt::MergedRecord);
    const std::set<std::string>& all = members.at(id);
    draft.id = id;
    draft.merged.assign(std::next(all.begin()), all.end());
  }
}

// CAP: a later message names the earlier ones of its chain as "sender,identifier,sent", separated by white space. The
// chain keeps the id of its first message, in whatever order the file has them. Where a message joins two chains that
// this file knows, the other ends.
void FeedMapper::follow_references() {
  std::unordered_map<std::string, std::string> before;  // message -> the earliest that it names, or itself
  std::vector<std::vector<std::string>> named;
  for (const Draft& draft : m_drafts) {
    std::vector<std::string> names;
    std::optional<UtcTime> earliest;
    std::string first = draft.id;
    for (const std::string& reference : split(facts_of(draft).text(FeedFact::References), " \t\r\n")) {
      const std::size_t comma = reference.rfind(',');
      if (comma == std::string::npos) continue;
      names.push_back(bounded_id(std::string_view(reference).substr(0, comma)));
      const auto sent = read_feed_time(std::string_view(reference).substr(comma + 1), m_map.times, m_map.zone);
      if (names.size() > 1 && (!sent || (earliest && sent->utc >= *earliest))) continue;
      if (sent) earliest = sent->utc;
      first = names.back();
    }
    before.emplace(draft.id, first);
    named.push_back(std::move(names));
  }
  const auto first_of = [&](std::string id) {
    // As many steps as there are messages: a file may refer in a circle.
    for (std::size_t i = 0; i < m_drafts.size(); ++i) {
      const auto found = before.find(id);
      if (found == before.end() || found->second == id) break;
      id = found->second;
    }
    return id;
  };
  for (std::size_t i = 0; i < m_drafts.size(); ++i) {
    Draft& draft = m_drafts[i];
    draft.id = first_of(draft.id);
    std::set<std::string> others;
    for (const std::string& name : named[i]) {
      if (before.contains(name)) others.insert(first_of(name));
    }
    others.erase(draft.id);
    if (!others.empty()) m_feed.doubts.add(FeedDoubt::MergedRecord);
    draft.merged.assign(others.begin(), others.end());
  }
}

void FeedMapper::keep_newest() {
  std::unordered_map<std::string_view, std::size_t> newest;  // id -> index in m_drafts
  std::vector<bool> superseded(m_drafts.size(), false);
  for (std::size_t i = 0; i < m_drafts.size(); ++i) {
    const auto [found, is_new] = newest.try_emplace(m_drafts[i].id, i);
    if (is_new) continue;
    m_feed.doubts.add(FeedDoubt::Superseded);
    const bool is_newer = m_drafts[i].updated_at >= m_drafts[found->second].updated_at;
    superseded[is_newer ? found->second : i] = true;
    if (is_newer) found->second = i;
  }
  std::vector<Draft> kept;
  for (std::size_t i = 0; i < m_drafts.size(); ++i) {
    if (!superseded[i]) kept.push_back(std::move(m_drafts[i]));
  }
  m_drafts = std::move(kept);
}

bool FeedMapper::applies(const FeedEventSpec& spec, const RecordFacts& facts, int state) {
  if (!spec.states.empty() && !contains(spec.states, state)) return false;
  return !spec.when_field || contains(spec.when_is, facts.field(*spec.when_field));
}

std::optional<FeedTime> FeedMapper::event_time(const FeedEventSpec& spec, const RecordFacts& facts, int state) {
  for (const std::size_t field : spec.at) {
    if (const auto time = facts.time_of_field(field)) return time;
  }
  const bool implied = contains(spec.implied_by, state) ||
                       (spec.implied_when && contains(spec.implied_is, facts.field(*spec.implied_when)));
  for (const std::size_t field : implied ? spec.else_at : std::vector<std::size_t>()) {
    if (const auto time = facts.time_of_field(field)) return time;
  }
  if (implied || contains(spec.states, state)) m_feed.doubts.add(FeedDoubt::StateWithoutTime);
  return std::nullopt;
}

model::Event FeedMapper::make_event(const FeedEventSpec& spec, const Draft& draft, UtcTime occurred_at) {
  model::Event event;
  const std::string_view step = std::string_view(spec.type).substr(spec.type.find('.') + 1);
  event.id = fmt::format("{}:{}", draft.id, step);
  if (!spec.once) {
    const std::int64_t time = occurred_at.time_since_epoch().count();
    event.id += time % 1'000'000'000 == 0 ? fmt::format(":{}", time / 1'000'000'000) : fmt::format(":{}n", time);
  }
  event.source = m_map.source;
  event.type = spec.type;
  event.occurred_at = occurred_at;
  return event;
}

void FeedMapper::add_incident(model::Event& event, const FeedEventSpec& spec, const model::IncidentFacts& incident,
                              const RecordFacts& facts) {
  event.incident = incident;
  event.incident.reason = spec.reason;
  if (spec.deadline) {
    if (const auto deadline = facts.time_of_field(*spec.deadline)) event.incident.deadline = deadline->utc;
  }
  if (spec.resume_at) {
    if (const auto resume = facts.time_of_field(*spec.resume_at)) event.incident.resume_at = resume->utc;
  }
}

// Only what is raised says what it is; an end needs no more than the id.
void FeedMapper::add_alert(model::Event& event, const Draft& draft, const RecordFacts& facts) {
  event.incident.incident_id = draft.id;
  model::AlertFacts& alert = event.alert.emplace();
  if (event.type == "alert.raised") alert = facts.alert(draft.id);
  alert.alert_id = draft.id;
  if (event.type == "alert.raised" && !alert.expires_at && m_map.lifetime.count() > 0) {
    alert.expires_at = std::min<UtcTime>(alert.effective_at.value_or(event.occurred_at) + m_map.lifetime,
                                         kTimeMax - std::chrono::seconds(1));
  }
}

void FeedMapper::add_events(const Draft& draft) {
  const FeedRecord& record = m_records.records[draft.record];
  const RecordFacts& facts = facts_of(draft);
  const int state = facts.state();
  const bool is_alert = m_map.kind == FeedKind::Alert;
  const model::IncidentFacts incident = is_alert ? model::IncidentFacts{} : facts.incident(draft.id);
  std::optional<UtcTime> before, order_at, first_at;
  bool any_applies = false;
  for (const FeedEventSpec& spec : m_map.events) {
    if (!applies(spec, facts, state)) continue;
    any_applies = true;
    const auto time = event_time(spec, facts, state);
    if (!time) continue;
    // A reading that happened twice: the first of the two, unless only the second comes after the step before.
    const bool second = before && time->utc < *before && time->utc_again >= *before;
    const UtcTime occurred_at = second ? time->utc_again : time->utc;
    // A step never stands before the one that leads to it, whatever its time; a mark only not before the first.
    const auto earliest = spec.mark ? first_at : order_at;
    const UtcTime place_at = std::max(occurred_at, earliest.value_or(occurred_at));
    if (!first_at) first_at = place_at;
    if (!spec.mark) {
      if (before && occurred_at < *before) m_feed.doubts.add(FeedDoubt::BackwardTime);
      before = occurred_at;
      order_at = place_at;
    }
    model::Event event = make_event(spec, draft, occurred_at);
    is_alert ? add_alert(event, draft, facts) : add_incident(event, spec, incident, facts);
    place(place_at, std::move(event), record.number);
  }
  if (!order_at) {
    return skip(record, any_applies ? "yields no event: its times are missing or cannot be read"
                                    : "yields no event: the map has none for its kind or state");
  }
  if (is_alert) end_merged(draft, *order_at);
}

// What was known under another id is this alert now.
void FeedMapper::end_merged(const Draft& draft, UtcTime occurred_at) {
  for (const std::string& id : draft.merged) {
    model::Event event;
    event.id = fmt::format("{}:merged:{:016x}", id, static_cast<std::uint64_t>(occurred_at.time_since_epoch().count()));
    event.source = m_map.source;
    event.type = "alert.cleared";
    event.occurred_at = occurred_at;
    event.incident.incident_id = id;
    event.alert.emplace().alert_id = id;
    place(occurred_at, std::move(event), m_records.records[draft.record].number);
  }
}

void FeedMapper::place(UtcTime order_at, model::Event event, std::uint64_t record_number) {
  if (!m_event_ids.insert(event.id).second) {
    m_feed.doubts.add(FeedDoubt::RepeatedEvent);
    return;
  }
  m_placed.push_back({order_at, {std::move(event), record_number}});
}

void FeedMapper::finish() {
  std::stable_sort(m_placed.begin(), m_placed.end(),
                   [](const Placed& a, const Placed& b) { return a.order_at < b.order_at; });
  m_feed.events.reserve(m_placed.size());
  for (Placed& placed : m_placed) m_feed.events.push_back(std::move(placed.mapped));
  std::sort(m_feed.skipped.begin(), m_feed.skipped.end(),
            [](const SkippedRecord& a, const SkippedRecord& b) { return a.record_number < b.record_number; });
  constexpr std::size_t kNamesKept = 100;
  for (const std::string& name : m_records.unknown_members) {
    if (m_feed.unknown_members.size() == kNamesKept) break;
    FeedDoubts ignored;
    m_feed.unknown_members.push_back(clean_text(name, kIdBytesMax, false, ignored));
  }
}

// Of a text that is not UTF-8.
std::uint64_t first_bad_line(std::string_view bytes) {
  std::uint64_t line_number = 1;
  for (std::size_t begin = 0; begin < bytes.size(); ++line_number) {
    const std::size_t end = std::min(bytes.find('\n', begin), bytes.size());
    if (!is_valid_utf8(bytes.substr(begin, end - begin))) break;
    begin = end + 1;
  }
  return line_number;
}

base::Result<FeedRecords> read_records(const FeedMap& map, std::string_view text, const FeedOptions& options) {
  FeedForm form = map.forms.front();
  if (map.forms.size() == 2) {
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    form = first != std::string_view::npos && text[first] == '<' ? FeedForm::Xml : FeedForm::Json;
  }
  switch (form) {
    case FeedForm::Csv:
      return read_csv_records(map, text);
    case FeedForm::Xml:
      return read_xml_records(map, text);
    case FeedForm::Cap:
      return read_cap_records(map, text, options.language);
    case FeedForm::Json:
    case FeedForm::Geojson:
    case FeedForm::Eido:
      break;
  }
  return read_json_records(map, text, form);
}

}  // namespace

base::Result<MappedFeed> map_feed(const FeedMap& map, std::string_view bytes, const FeedOptions& options) {
  if (bytes.size() > kFeedBytesMax) {
    return base::Error{base::ErrorCode::Malformed,
                       fmt::format("more than {} MiB; send it in parts", kFeedBytesMax >> 20)};
  }
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  if (!is_valid_utf8(bytes)) {
    return base::Error{
        base::ErrorCode::Malformed,
        fmt::format("line {}: not UTF-8; convert the file first (iconv -f GB18030 -t UTF-8)", first_bad_line(bytes))};
  }
  TRY_ASSIGN(auto records, read_records(map, bytes, options));
  return FeedMapper(map, std::move(records)).run();
}

}  // namespace gridwall::wire
