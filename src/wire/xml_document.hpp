// XmlDocument: the only door to pugixml. Parses a whole text first; views are read-only and live as long as the
// document. Names are compared without their namespace prefix: feeds choose prefixes freely ("cap:alert", "gml:pos").
// Private to wire. Tests: through the feed maps, and tests/fuzz.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace gridwall::wire {

class XmlView {
 public:
  [[nodiscard]] std::string_view name() const;  // without the prefix
  // The element's own text, CDATA too, without white space at its ends; the text of children is not in it.
  [[nodiscard]] std::string text() const;
  [[nodiscard]] std::optional<XmlView> find(std::string_view name) const;  // the first child element of that name
  [[nodiscard]] std::vector<XmlView> children(std::string_view name) const;
  [[nodiscard]] std::vector<std::string_view> child_names() const;
  // Text of the first child element of that name; empty when there is none.
  [[nodiscard]] std::string text_of(std::string_view name) const;
  // The first element of that name at any depth below, in the document's order.
  [[nodiscard]] std::optional<XmlView> find_below(std::string_view name) const;
  // Where the element begins, from 1.
  [[nodiscard]] std::uint64_t line() const;

 private:
  friend class XmlDocument;
  struct Access;
  void* m_node = nullptr;
  const std::vector<std::size_t>* m_line_ends = nullptr;
};

class XmlDocument {
 public:
  // UTF-8 only. Errors name the line and what is wrong there, and no content. No entity but the five of XML itself is
  // expanded, and nothing outside the text is ever opened.
  static base::Result<XmlDocument> parse(std::string_view text);
  ~XmlDocument();
  XmlDocument(XmlDocument&&) noexcept;
  XmlDocument& operator=(XmlDocument&&) noexcept;

  [[nodiscard]] XmlView root() const;  // the outermost element
  // Every element of that name, the root among them; elements inside a found one are not searched.
  [[nodiscard]] std::vector<XmlView> all(std::string_view name) const;

 private:
  struct Impl;
  explicit XmlDocument(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> m_impl;
};

}  // namespace gridwall::wire
