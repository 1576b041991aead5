#include "app/check_findings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <tuple>
#include <utility>

#include "base/json_writer.hpp"

namespace gridwall::app {

namespace {

std::u32string letters_of(std::string_view text) {
  std::u32string letters;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0u) == 0x80u && !letters.empty()) {
      letters.back() = letters.back() << 6 | (byte & 0x3Fu);
    } else {
      letters.push_back(byte);
    }
  }
  return letters;
}

std::size_t distance(const std::u32string& a, const std::u32string& b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t swapped = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, swapped}));
    }
  }
  return row.back();
}

std::vector<std::string> split(std::string_view list) {
  std::vector<std::string> words;
  while (!list.empty()) {
    const std::size_t comma = list.find(", ");
    words.emplace_back(list.substr(0, comma));
    if (comma == std::string_view::npos) break;
    list.remove_prefix(comma + 2);
  }
  return words;
}

// What stands between a mark and the end, or the next mark.
std::string_view behind(std::string_view text, std::string_view mark, std::string_view end_mark) {
  const std::size_t at = text.rfind(mark);
  if (at == std::string_view::npos) return {};
  text.remove_prefix(at + mark.size());
  return text.substr(0, end_mark.empty() ? text.size() : text.find(end_mark));
}

// The word that was found: in quotes at the end, or named inside ("x" is none).
std::string_view found_word(std::string_view problem) {
  const std::size_t is_none = problem.find("\" is none)");
  if (is_none != std::string_view::npos) {
    const std::string_view before = problem.substr(0, is_none);
    return before.substr(before.rfind('"') + 1);
  }
  const std::string_view found = behind(problem, ", found \"", "");
  return found.empty() ? found : found.substr(0, found.size() - 1);
}

std::string suggestion(const Finding& finding) {
  const std::size_t dot = finding.key.rfind('.');
  const std::string_view last_key = std::string_view(finding.key).substr(dot == std::string::npos ? 0 : dot + 1);
  const std::string_view known = behind(finding.problem, "unknown key; known here: ", "");
  if (!known.empty()) return nearest(last_key, split(known));
  const std::string_view words = behind(finding.problem, "one of ", ", found ");
  if (words.empty()) return {};
  const std::string_view word = found_word(finding.problem);
  return nearest(word.empty() ? last_key : word, split(words));  // a list of keys, where no word was found
}

}  // namespace

std::string nearest(std::string_view word, std::span<const std::string> candidates) {
  const std::u32string letters = letters_of(word);
  const std::string* best = nullptr;
  std::size_t best_distance = 0;
  for (const std::string& candidate : candidates) {
    const std::u32string other = letters_of(candidate);
    const std::size_t changes = distance(letters, other);
    const std::size_t allowed = std::max<std::size_t>(1, std::max(letters.size(), other.size()) / 3);
    if (changes > allowed || (best != nullptr && changes >= best_distance)) continue;
    best = &candidate;
    best_distance = changes;
  }
  return best == nullptr ? std::string() : *best;
}

Finding finding_of(const base::Error& error) {
  Finding finding;
  const std::string_view text = error.message;
  // "file:line: key: rest"; a file's own colons are not followed by a number and a colon.
  std::size_t colon = text.find(':');
  while (colon != std::string_view::npos) {
    std::size_t end = colon + 1;
    while (end < text.size() && text[end] >= '0' && text[end] <= '9') ++end;
    const bool is_line = end > colon + 1 && end - colon < 9 && end < text.size() && text[end] == ':';
    if (is_line) {
      finding.file = text.substr(0, colon);
      for (std::size_t i = colon + 1; i < end; ++i) {
        finding.line = finding.line * 10 + static_cast<std::size_t>(text[i] - '0');
      }
      const std::string_view rest = text.substr(std::min(end + 2, text.size()));
      const std::size_t key_end = rest.find(": ");
      const bool has_key = key_end != std::string_view::npos && !rest.starts_with("not valid TOML");
      if (has_key) finding.key = rest.substr(0, key_end);
      finding.problem = has_key ? rest.substr(key_end + 2) : rest;
      finding.instead = suggestion(finding);
      return finding;
    }
    colon = text.find(':', colon + 1);
  }
  const std::size_t file_end = text.find(": ");
  finding.file = file_end == std::string_view::npos ? "" : text.substr(0, file_end);
  finding.problem = file_end == std::string_view::npos ? text : text.substr(file_end + 2);
  return finding;
}

Finding finding_of(const base::Error& error, std::span<const std::string> candidates) {
  Finding finding = finding_of(error);
  finding.instead = nearest(found_word(finding.problem), candidates);
  return finding;
}

void tidy_findings(std::vector<Finding>& findings) {
  const auto place = [](const Finding& finding) { return std::tie(finding.file, finding.line, finding.key); };
  std::stable_sort(findings.begin(), findings.end(),
                   [&](const Finding& a, const Finding& b) { return place(a) < place(b); });
  const auto same = [&](const Finding& a, const Finding& b) {
    return place(a) == place(b) && (a.line > 0 || a.problem == b.problem);
  };
  findings.erase(std::unique(findings.begin(), findings.end(), same), findings.end());
}

std::string findings_as_text(std::span<const Finding> findings, std::size_t file_count) {
  std::string text;
  for (const Finding& finding : findings) {
    text += finding.file;
    if (finding.line > 0) text += fmt::format(":{}", finding.line);
    if (!finding.key.empty()) text += fmt::format(": {}", finding.key);
    text += fmt::format(": {}\n", finding.problem);
    if (!finding.instead.empty()) text += fmt::format("    did you mean {}?\n", finding.instead);
  }
  return text + fmt::format("{} files, {} findings\n", file_count, findings.size());
}

std::string findings_as_json(std::span<const Finding> findings, std::size_t file_count) {
  base::JsonWriter json;
  json.begin_object().field("files", file_count).key("findings").begin_array();
  for (const Finding& finding : findings) {
    json.begin_object().field("file", finding.file).field("line", finding.line).field("key", finding.key);
    json.field("problem", finding.problem).field("instead", finding.instead).end_object();
  }
  json.end_array().end_object();
  return json.take();
}

}  // namespace gridwall::app
