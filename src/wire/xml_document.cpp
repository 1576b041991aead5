#include "wire/xml_document.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <pugixml.hpp>

#include "wire/json_document.hpp"

namespace gridwall::wire {

namespace {

std::string_view local_name(std::string_view name) {
  const std::size_t colon = name.rfind(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

bool is_named(const pugi::xml_node& node, std::string_view name) {
  return node.type() == pugi::node_element && local_name(node.name()) == name;
}

// The node after `node` in the document's order that lies below `top`; `inside` false: not into `node` itself.
pugi::xml_node next_below(pugi::xml_node node, const pugi::xml_node& top, bool inside) {
  if (inside && node.first_child()) return node.first_child();
  while (node && node != top) {
    if (node.next_sibling()) return node.next_sibling();
    node = node.parent();
  }
  return {};
}

std::uint64_t line_at(const std::vector<std::size_t>& line_ends, std::ptrdiff_t offset) {
  const auto at = static_cast<std::size_t>(std::max<std::ptrdiff_t>(offset, 0));
  const auto after = std::lower_bound(line_ends.begin(), line_ends.end(), at);
  return 1 + static_cast<std::uint64_t>(after - line_ends.begin());
}

}  // namespace

struct XmlView::Access {
  static pugi::xml_node node(const XmlView& view) {
    return pugi::xml_node(static_cast<pugi::xml_node_struct*>(view.m_node));
  }
  static XmlView make(const pugi::xml_node& node, const std::vector<std::size_t>* line_ends) {
    XmlView view;
    view.m_node = node.internal_object();
    view.m_line_ends = line_ends;
    return view;
  }
};

std::string_view XmlView::name() const {
  return local_name(Access::node(*this).name());
}

std::string XmlView::text() const {
  std::string out;
  for (const pugi::xml_node child : Access::node(*this).children()) {
    if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata) out += child.value();
  }
  // A reference such as &#xD800; is no character; nothing that holds one is a text.
  if (!is_valid_utf8(out)) return {};
  constexpr std::string_view kSpace = " \t\r\n";
  const std::size_t begin = out.find_first_not_of(kSpace);
  if (begin == std::string::npos) return {};
  return out.substr(begin, out.find_last_not_of(kSpace) - begin + 1);
}

std::optional<XmlView> XmlView::find(std::string_view name) const {
  for (const pugi::xml_node child : Access::node(*this).children()) {
    if (is_named(child, name)) return Access::make(child, m_line_ends);
  }
  return std::nullopt;
}

std::vector<XmlView> XmlView::children(std::string_view name) const {
  std::vector<XmlView> found;
  for (const pugi::xml_node child : Access::node(*this).children()) {
    if (is_named(child, name)) found.push_back(Access::make(child, m_line_ends));
  }
  return found;
}

std::vector<std::string_view> XmlView::child_names() const {
  std::vector<std::string_view> names;
  for (const pugi::xml_node child : Access::node(*this).children()) {
    if (child.type() == pugi::node_element) names.push_back(local_name(child.name()));
  }
  return names;
}

std::string XmlView::text_of(std::string_view name) const {
  const auto child = find(name);
  return child ? child->text() : std::string();
}

std::optional<XmlView> XmlView::find_below(std::string_view name) const {
  const pugi::xml_node top = Access::node(*this);
  for (pugi::xml_node node = next_below(top, top, true); node; node = next_below(node, top, true)) {
    if (is_named(node, name)) return Access::make(node, m_line_ends);
  }
  return std::nullopt;
}

std::uint64_t XmlView::line() const {
  return m_line_ends == nullptr ? 1 : line_at(*m_line_ends, Access::node(*this).offset_debug());
}

struct XmlDocument::Impl {
  std::vector<std::size_t> line_ends;  // offsets
  pugi::xml_document document;
};

XmlDocument::XmlDocument(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
XmlDocument::~XmlDocument() = default;
XmlDocument::XmlDocument(XmlDocument&&) noexcept = default;
XmlDocument& XmlDocument::operator=(XmlDocument&&) noexcept = default;

base::Result<XmlDocument> XmlDocument::parse(std::string_view text) {
  auto impl = std::make_unique<Impl>();
  for (std::size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1)) {
    impl->line_ends.push_back(at);
  }
  const pugi::xml_parse_result parsed =
      impl->document.load_buffer(text.data(), text.size(), pugi::parse_default, pugi::encoding_utf8);
  if (!parsed) {
    return base::Error{
        base::ErrorCode::Malformed,
        fmt::format("line {}: not well-formed XML: {}", line_at(impl->line_ends, parsed.offset), parsed.description())};
  }
  return XmlDocument(std::move(impl));
}

XmlView XmlDocument::root() const {
  return XmlView::Access::make(m_impl->document.document_element(), &m_impl->line_ends);
}

std::vector<XmlView> XmlDocument::all(std::string_view name) const {
  std::vector<XmlView> found;
  const pugi::xml_node top = m_impl->document;
  pugi::xml_node node = top.first_child();
  while (node) {
    const bool hit = is_named(node, name);
    if (hit) found.push_back(XmlView::Access::make(node, &m_impl->line_ends));
    node = next_below(node, top, !hit);
  }
  return found;
}

}  // namespace gridwall::wire
