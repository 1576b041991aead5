#include "model/path.hpp"

namespace gridwall::model {

namespace {

bool is_reserved(char c) { return c == '/' || c == '~' || c == '@' || c == '%'; }

}  // namespace

std::string path_segment(std::string_view code, std::string_view parent_code) {
  const bool extends_parent =
      !parent_code.empty() && code.size() > parent_code.size() && code.starts_with(parent_code);
  const std::string_view own = extends_parent ? code.substr(parent_code.size()) : code;
  std::string segment;
  constexpr char kHex[] = "0123456789ABCDEF";
  for (const char c : own) {
    if (is_reserved(c)) {
      const auto byte = static_cast<unsigned char>(c);
      segment += '%';
      segment += kHex[byte >> 4];
      segment += kHex[byte & 15];
    } else {
      segment += c;
    }
  }
  return segment;
}

std::string clashing_segment(std::string_view code) { return "%=" + path_segment(code, {}); }

std::vector<std::string_view> path_prefixes(std::string_view path_or_leaf) {
  std::vector<std::string_view> prefixes;
  for (std::size_t i = 0; i < path_or_leaf.size(); ++i) {
    if (path_or_leaf[i] == '/') prefixes.push_back(path_or_leaf.substr(0, i + 1));
  }
  return prefixes;
}

std::string own_leaf(std::string_view path) { return std::string(path) + "~"; }

bool is_path(std::string_view text) {
  if (text.empty() || text.back() != '/') return false;
  // Read with every event: no branches within. '%' may stand there as an escape's first byte.
  bool good = true, after_slash = true;
  for (const char c : text) {
    const bool slash = c == '/';
    good &= !(slash & after_slash) & (c != '~') & (c != '@');
    after_slash = slash;
  }
  return good;
}

bool is_own_leaf(std::string_view text) {
  return text.size() >= 2 && text.back() == '~' && is_path(text.substr(0, text.size() - 1));
}

}  // namespace gridwall::model
