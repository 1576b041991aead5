// XML whose records are elements of one name, with their values in child elements; a path of several steps walks down.
#include <fmt/format.h>

#include "wire/feed_records.hpp"
#include "wire/xml_document.hpp"

namespace gridwall::wire {

namespace {

std::string text_at(XmlView view, std::string_view path) {
  while (true) {
    const std::string_view step = first_step(path);
    const auto next = view.find(step);
    if (!next) return {};
    if (step.size() == path.size()) return next->text();
    view = *next;
    path.remove_prefix(step.size() + 1);
  }
}

}  // namespace

base::Result<FeedRecords> read_xml_records(const FeedMap& map, std::string_view text) {
  TRY_ASSIGN(const XmlDocument document, XmlDocument::parse(text));
  FeedRecords out;
  out.number_word = "line";
  const std::vector<XmlView> elements = document.all(map.element);
  if (elements.empty() && document.root().find(map.element) == std::nullopt &&
      document.root().name().find(map.element) == std::string_view::npos) {
    // "<service_requests/>" is a feed without records; a page of something else is none.
    return base::Error{base::ErrorCode::Malformed, fmt::format("line 1: no <{}> in <{}>; is this the right map?",
                                                               map.element, document.root().name())};
  }
  for (const XmlView& element : elements) {
    FeedRecord record;
    record.number = element.line();
    for (const FeedField& field : map.fields) {
      std::string value;
      for (std::size_t i = 0; i < field.from.size() && value.empty(); ++i) value = text_at(element, field.from[i]);
      record.values.push_back(std::move(value));
    }
    for (const std::string_view name : element.child_names()) note_member(map, name, out);
    out.records.push_back(std::move(record));
  }
  return out;
}

}  // namespace gridwall::wire
