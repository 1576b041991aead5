#include "model/row_reader.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

namespace gridwall::model {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_id(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-' || c == '_';
  });
}

// A year, a month or a day.
bool is_date(std::string_view text) {
  if (text.size() != 4 && text.size() != 7 && text.size() != 10) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((i == 4 || i == 7) ? text[i] != '-' : !is_digit(text[i])) return false;
  }
  const auto two = [&](std::size_t at) { return (text[at] - '0') * 10 + (text[at + 1] - '0'); };
  const bool month_fits = text.size() < 7 || (two(5) >= 1 && two(5) <= 12);
  return month_fits && (text.size() < 10 || (two(8) >= 1 && two(8) <= 31));
}

}  // namespace

bool RowReader::asked(std::string_view key) {
  m_known.push_back(key);
  return m_table.has(key);
}

std::string RowReader::text_or_none(std::string_view key) {
  if (!asked(key)) return {};
  auto text = m_table.text(key);
  if (text.ok()) return std::move(*text);
  m_findings.push_back(text.error());
  return {};
}

std::string RowReader::text(std::string_view key) {
  const std::size_t before = m_findings.size();
  std::string text = text_or_none(key);
  if (text.empty() && m_findings.size() == before) complain(key, "text in quotes");
  return text;
}

std::string RowReader::id(std::string_view key) {
  std::string id = text(key);
  if (!id.empty() && !is_id(id)) complain(key, "a word of a-z, 0-9, - and _");
  return id;
}

std::string RowReader::date_or_none(std::string_view key) {
  std::string date = text_or_none(key);
  if (!date.empty() && !is_date(date)) complain(key, "a year, month or day such as \"2019\" or \"2019-05-31\"");
  return date;
}

std::string RowReader::word(std::string_view key, std::initializer_list<std::string_view> words) {
  const std::size_t before = m_findings.size();
  std::string word = text_or_none(key);
  if (m_findings.size() == before && std::find(words.begin(), words.end(), word) == words.end()) {
    complain(key, fmt::format("one of {}", fmt::join(words, ", ")));
  }
  return word;
}

bool RowReader::truth(std::string_view key) {
  if (!asked(key)) return false;
  const auto truth = m_table.truth(key);
  if (truth.ok()) return *truth;
  m_findings.push_back(truth.error());
  return false;
}

std::optional<std::uint32_t> RowReader::count(std::string_view key) {
  if (!asked(key)) return std::nullopt;
  const auto count = m_table.integer(key, 0, 1'000'000'000);
  if (count.ok()) return static_cast<std::uint32_t>(*count);
  m_findings.push_back(count.error());
  return std::nullopt;
}

std::optional<double> RowReader::number(std::string_view key) {
  if (!asked(key)) return std::nullopt;
  const auto number = m_table.number(key, 0, 1e13);
  if (number.ok()) return *number;
  m_findings.push_back(number.error());
  return std::nullopt;
}

std::vector<std::string> RowReader::texts(std::string_view key) {
  if (!asked(key)) return {};
  auto texts = m_table.texts(key);
  if (texts.ok()) return std::move(*texts);
  m_findings.push_back(texts.error());
  return {};
}

std::vector<NamePair> RowReader::names(std::string_view key) {
  if (!asked(key)) return {};
  const auto items = m_table.texts_or_tables(key);
  if (!items.ok()) {
    complain(key, "an array of texts, or of { zh = \"...\", en = \"...\" }");
    return {};
  }
  std::vector<NamePair> names;
  for (const auto& item : *items) {
    if (const auto* text = std::get_if<std::string>(&item)) {
      names.push_back({*text, *text});
    } else {
      RowReader inner(std::get<ConfigTable>(item), m_findings);
      NamePair name{inner.text("zh"), inner.text("en")};
      inner.finish();
      names.push_back(std::move(name));
    }
  }
  return names;
}

std::vector<double> RowReader::numbers(std::string_view key) {
  if (!asked(key)) return {};
  auto numbers = m_table.numbers(key);
  const bool good = numbers.ok() && std::all_of(numbers->begin(), numbers->end(),
                                                [](double value) { return value >= 0 && value <= 1e13; });
  if (good) return std::move(*numbers);
  complain(key, "an array of numbers from 0 to 1e13");
  return {};
}

std::vector<ConfigTable> RowReader::tables(std::string_view key) {
  if (!asked(key)) return {};
  auto tables = m_table.tables(key);
  if (tables.ok()) return std::move(*tables);
  m_findings.push_back(tables.error());
  return {};
}

bool RowReader::finish() {
  auto strangers = m_table.unknown_keys(m_known);
  m_findings.insert(m_findings.end(), strangers.begin(), strangers.end());
  return m_findings.size() == m_before;
}

}  // namespace gridwall::model
