// JSON, GeoJSON and EIDO. A field's path walks members by name and arrays by number; "*" is the first item for which
// the rest of the path finds something, and a path that begins with "/" starts at the document's root. "#lat" and
// "#lon" at its end take the position out of a PIDF-LO text. In EIDO a step that lands on {"$ref": id} goes on at the
// component of that id, but only in the arrays that the map lists: persons, calls and vehicles cannot be reached.
#include <fmt/format.h>

#include <charconv>
#include <unordered_map>

#include "wire/feed_records.hpp"
#include "wire/json_document.hpp"
#include "wire/xml_document.hpp"

namespace gridwall::wire {

namespace {

constexpr std::size_t kDepthMax = 64;
constexpr std::size_t kReferencesMax = 8;  // followed in one path; a document may refer in a circle

std::string scalar_text(const JsonView& view) {
  switch (view.kind()) {
    case JsonKind::Text:
      return std::string(view.text().value_or(""));
    case JsonKind::Integer:
      if (const auto number = view.integer()) return std::to_string(*number);
      return std::to_string(view.unsigned_integer().value_or(0));
    case JsonKind::Number:
      return fmt::format("{}", view.number().value_or(0));
    case JsonKind::Truth:
      return view.truth().value_or(false) ? "true" : "false";
    default:
      return {};
  }
}

// Several values stand in lines.
std::string view_text(const JsonView& view) {
  if (view.kind() != JsonKind::Array) return scalar_text(view);
  std::string out;
  for (const JsonView& item : view.items()) {
    const std::string text = scalar_text(item);
    if (!text.empty()) out += (out.empty() ? "" : "\n") + text;
  }
  return out;
}

// "40.44 -80.00 34" of the first gml:pos in a PIDF-LO: latitude comes first.
std::string position_part(std::string_view pidf, bool latitude) {
  const std::size_t begin = pidf.find('<');
  if (begin == std::string_view::npos) return {};
  const auto document = XmlDocument::parse(pidf.substr(begin));
  if (!document.ok()) return {};
  const std::vector<XmlView> found = document->all("pos");
  if (found.empty()) return {};
  const std::string text = found.front().text();
  constexpr std::string_view kSpace = " \t\r\n,";
  const std::size_t end = text.find_first_of(kSpace);
  if (end == std::string::npos) return {};
  if (latitude) return text.substr(0, end);
  const std::size_t second = text.find_first_not_of(kSpace, end);
  if (second == std::string::npos) return {};
  return text.substr(second, text.find_first_of(kSpace, second) - second);
}

class JsonRecords {
 public:
  JsonRecords(const FeedMap& map, JsonView root, bool references) : m_map(map), m_root(root) {
    if (!references) return;
    for (const std::string& name : map.components) {
      const auto components = root.find(name);
      if (!components) continue;
      for (const JsonView& component : components->items()) {
        const auto id = component.find("$id");
        if (id && id->text()) m_by_id.emplace(*id->text(), component);
      }
    }
  }

  FeedRecord read(const JsonView& item, std::uint64_t number) const {
    FeedRecord record;
    record.number = number;
    for (const FeedField& field : m_map.fields) {
      std::string value;
      for (std::size_t i = 0; i < field.from.size() && value.empty(); ++i) value = text_at(item, field.from[i]);
      record.values.push_back(std::move(value));
    }
    return record;
  }

  // The whole of an array's path, without wildcards.
  std::optional<JsonView> find(std::string_view path) const {
    JsonView view = m_root;
    while (!path.empty()) {
      const auto next = view.find(take_step(path));
      if (!next) return std::nullopt;
      view = *next;
    }
    return view;
  }

 private:
  static std::string_view take_step(std::string_view& path) {
    const std::string_view step = first_step(path);
    path.remove_prefix(std::min(path.size(), step.size() + 1));
    return step;
  }

  std::string text_at(const JsonView& item, std::string_view path) const {
    if (path.starts_with('/')) return walk(m_root, path.substr(1), 0);
    return walk(item, path, 0);
  }

  // `references`: how many were followed to come here.
  std::string walk(JsonView view, std::string_view path, std::size_t references) const {
    while (true) {
      if (const auto target = referred(view)) {
        if (references++ == kReferencesMax) return {};
        view = *target;
        continue;
      }
      if (path.empty()) return view_text(view);
      if (path.starts_with('#')) return position_part(view.text().value_or(""), path == "#lat");
      if (path.starts_with('*')) return walk_any(view, path.substr(std::min<std::size_t>(2, path.size())), references);
      std::string_view step = take_step(path);
      if (const std::size_t mark = step.find('#'); mark != std::string_view::npos) {
        path = step.substr(mark);  // it is always the last step
        step = step.substr(0, mark);
      }
      const auto next = view.kind() == JsonKind::Array ? item_at(view, step) : view.find(step);
      if (!next) return {};
      view = *next;
    }
  }

  std::string walk_any(const JsonView& view, std::string_view path, std::size_t references) const {
    for (const JsonView& item : view.items()) {
      std::string text = walk(item, path, references);
      if (!text.empty()) return text;
    }
    return {};
  }

  static std::optional<JsonView> item_at(const JsonView& view, std::string_view step) {
    std::size_t index = 0;
    const char* end = step.data() + step.size();
    const auto [stopped, error] = std::from_chars(step.data(), end, index);
    const std::vector<JsonView> items = view.items();
    if (error != std::errc() || stopped != end || index >= items.size()) return std::nullopt;
    return items[index];
  }

  std::optional<JsonView> referred(const JsonView& view) const {
    if (m_by_id.empty()) return std::nullopt;
    const auto reference = view.find("$ref");
    if (!reference || !reference->text()) return std::nullopt;
    const auto found = m_by_id.find(*reference->text());
    if (found == m_by_id.end()) return std::nullopt;
    return found->second;
  }

  const FeedMap& m_map;
  JsonView m_root;
  std::unordered_map<std::string_view, JsonView> m_by_id;
};

}  // namespace

void note_member(const FeedMap& map, std::string_view member, FeedRecords& records) {
  if (records.unknown_members.contains(std::string(member))) return;
  for (const FeedField& field : map.fields) {
    for (const std::string& from : field.from) {
      if (first_step(from) == member) return;
    }
  }
  for (const std::string& name : map.dropped) {
    if (name == member) return;
  }
  constexpr std::size_t kKept = 1000;
  if (records.unknown_members.size() < kKept) records.unknown_members.emplace(member);
}

base::Result<FeedRecords> read_json_records(const FeedMap& map, std::string_view text, FeedForm form) {
  JsonDocument document(kFeedBytesMax, kDepthMax);
  if (const JsonFault fault = document.parse(text); fault != JsonFault::None) {
    return base::Error{base::ErrorCode::Malformed, std::string(describe(fault))};
  }
  const JsonRecords reader(map, document.root(), form == FeedForm::Eido);
  const std::string& path = map.records.empty() && form == FeedForm::Geojson ? std::string("features") : map.records;
  const auto found = reader.find(path);
  if (!found || (found->kind() != JsonKind::Array && found->kind() != JsonKind::Object)) {
    return base::Error{base::ErrorCode::Malformed,
                       fmt::format("no records at '{}'; is this the right map?", path.empty() ? "the root" : path)};
  }
  FeedRecords out;
  const std::vector<JsonView> items = found->kind() == JsonKind::Array ? found->items() : std::vector<JsonView>{*found};
  out.records.reserve(items.size());
  for (const JsonView& item : items) {
    out.records.push_back(reader.read(item, out.records.size() + 1));
    if (item.kind() != JsonKind::Object) {
      out.records.back().defect = "no object";
    }
    for (const JsonMember& member : item.members()) note_member(map, member.name, out);
  }
  return out;
}

}  // namespace gridwall::wire
