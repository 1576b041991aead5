#include "model/config_table.hpp"

// Debian's shared library has the throwing interface only; its one exception ends in parse().
#include <toml++/toml.h>

#include <algorithm>
#include <sstream>
#include <utility>

#include "base/text_file.hpp"
#include "model/finding_scope.hpp"

namespace gridwall::model {

using base::Error;
using base::ErrorCode;
using base::Result;

struct ConfigTable::Node {
  std::shared_ptr<const toml::table> document;  // keeps `table` alive
  const toml::table* table = nullptr;
  std::string file;
  std::string prefix;  // "sim." for keys in [sim]
};

namespace {

std::string found_text(const toml::node* node) {
  if (node == nullptr) return "nothing";
  if (const auto* text = node->as_string()) return fmt::format("\"{}\"", text->get());
  if (const auto* number = node->as_integer()) return fmt::format("{}", number->get());
  if (const auto* number = node->as_floating_point()) return fmt::format("{}", number->get());
  if (const auto* truth = node->as_boolean()) return truth->get() ? "true" : "false";
  if (node->is_array()) return "an array";
  if (node->is_table()) return "a table";
  return "another type";
}

thread_local std::vector<Error>* t_findings = nullptr;  // of the innermost scope of this thread

// The error, or within a scope a value to go on with.
template <typename T>
Result<T> mistake(Error error, T instead) {
  if (FindingScope::keep(error)) return instead;
  return error;
}

}  // namespace

FindingScope::FindingScope(std::vector<Error>& findings) : m_outer(std::exchange(t_findings, &findings)) {}

FindingScope::~FindingScope() {
  t_findings = m_outer;
}

bool FindingScope::keep(const Error& error) {
  if (t_findings == nullptr) return false;
  t_findings->push_back(error);
  return true;
}

Result<ConfigTable> ConfigTable::open(const std::filesystem::path& file) {
  TRY_ASSIGN(const std::string text, base::read_text_file(file, 16u << 20));
  return parse(text, file.string());
}

Result<ConfigTable> ConfigTable::parse(std::string_view text, const std::string& name) {
  auto node = std::make_shared<Node>();
  try {
    node->document = std::make_shared<const toml::table>(toml::parse(text, name));
  } catch (const toml::parse_error& error) {
    return Error{ErrorCode::Malformed,
                 fmt::format("{}:{}: not valid TOML: {}", name, error.source().begin.line, error.description())};
  }
  node->table = node->document.get();
  node->file = name;
  return ConfigTable(std::move(node));
}

Error ConfigTable::error_at(std::string_view key, std::string_view expected) const {
  const toml::node* node = m_node->table->get(key);
  const auto line = node != nullptr ? node->source().begin.line : m_node->table->source().begin.line;
  return {ErrorCode::Malformed, fmt::format("{}:{}: {}{}: expected {}, found {}", m_node->file, line,
                                            m_node->prefix, key, expected, found_text(node))};
}

bool ConfigTable::has(std::string_view key) const { return m_node->table->contains(key); }

bool ConfigTable::has_text(std::string_view key) const {
  const toml::node* node = m_node->table->get(key);
  return node != nullptr && node->is_string();
}

Result<std::string> ConfigTable::text(std::string_view key) const {
  const toml::node* node = m_node->table->get(key);
  if (node == nullptr || !node->is_string()) {
    return mistake(error_at(key, "text in quotes"), std::string());
  }
  return node->as_string()->get();
}

Result<std::int64_t> ConfigTable::integer(std::string_view key, std::int64_t min, std::int64_t max) const {
  const toml::node* node = m_node->table->get(key);
  const auto value = node != nullptr && node->is_integer() ? node->value<std::int64_t>() : std::nullopt;
  if (!value || *value < min || *value > max) {
    return mistake(error_at(key, fmt::format("a whole number from {} to {}", min, max)), min);
  }
  return *value;
}

Result<double> ConfigTable::number(std::string_view key, double min, double max) const {
  const toml::node* node = m_node->table->get(key);
  const auto value = node != nullptr && node->is_number() ? node->value<double>() : std::nullopt;
  if (!value || !(*value >= min && *value <= max)) {
    return mistake(error_at(key, fmt::format("a number from {} to {}", min, max)), min);
  }
  return *value;
}

Result<bool> ConfigTable::truth(std::string_view key) const {
  const toml::node* node = m_node->table->get(key);
  const bool fits = node != nullptr && node->is_boolean();
  if (!fits) return mistake(error_at(key, "true or false"), false);
  return node->as_boolean()->get();
}

Result<std::string> ConfigTable::text_or(std::string_view key, std::string fallback) const {
  return has(key) ? text(key) : Result<std::string>(std::move(fallback));
}

Result<std::int64_t> ConfigTable::integer_or(std::string_view key, std::int64_t fallback, std::int64_t min,
                                             std::int64_t max) const {
  return has(key) ? integer(key, min, max) : Result<std::int64_t>(fallback);
}

Result<double> ConfigTable::number_or(std::string_view key, double fallback, double min, double max) const {
  return has(key) ? number(key, min, max) : Result<double>(fallback);
}

Result<bool> ConfigTable::truth_or(std::string_view key, bool fallback) const {
  return has(key) ? truth(key) : Result<bool>(fallback);
}

Result<std::chrono::minutes> ConfigTable::time_of_day(std::string_view key) const {
  TRY_ASSIGN(const std::string text, this->text(key));
  const auto digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9'; };
  const bool is_formed = text.size() == 5 && digit(0) && digit(1) && text[2] == ':' && digit(3) && digit(4);
  const int hour = is_formed ? (text[0] - '0') * 10 + text[1] - '0' : 24;
  const int minute = is_formed ? (text[3] - '0') * 10 + text[4] - '0' : 60;
  if (hour > 23 || minute > 59) return error_at(key, "a time of the day, such as \"14:30\"");
  return std::chrono::hours(hour) + std::chrono::minutes(minute);
}

Result<std::vector<std::int64_t>> ConfigTable::integers(std::string_view key) const {
  std::vector<std::int64_t> numbers;
  const toml::node* node = m_node->table->get(key);
  if (node == nullptr || !node->is_array()) {
    return mistake(error_at(key, "an array of whole numbers"), std::vector<std::int64_t>());
  }
  for (const toml::node& item : *node->as_array()) {
    const auto value = item.is_integer() ? item.value<std::int64_t>() : std::nullopt;
    if (!value) return mistake(error_at(key, "an array of whole numbers"), std::vector<std::int64_t>());
    numbers.push_back(*value);
  }
  return numbers;
}

Result<std::vector<double>> ConfigTable::numbers(std::string_view key) const {
  std::vector<double> values;
  const toml::node* node = m_node->table->get(key);
  if (node == nullptr || !node->is_array()) {
    return mistake(error_at(key, "an array of numbers"), std::vector<double>());
  }
  for (const toml::node& item : *node->as_array()) {
    const auto value = item.is_number() ? item.value<double>() : std::nullopt;
    if (!value) return mistake(error_at(key, "an array of numbers"), std::vector<double>());
    values.push_back(*value);
  }
  return values;
}

Result<std::vector<std::string>> ConfigTable::texts(std::string_view key) const {
  std::vector<std::string> values;
  const toml::node* node = m_node->table->get(key);
  if (node == nullptr || !node->is_array()) {
    return mistake(error_at(key, "an array of texts"), std::vector<std::string>());
  }
  for (const toml::node& item : *node->as_array()) {
    const auto value = item.value_exact<std::string>();
    if (!value) return mistake(error_at(key, "an array of texts"), std::vector<std::string>());
    values.push_back(*value);
  }
  return values;
}

Result<ConfigTable> ConfigTable::table(std::string_view key) const {
  const toml::node* node = m_node->table->get(key);
  if (node == nullptr || !node->is_table()) return error_at(key, fmt::format("a table [{}{}]", m_node->prefix, key));
  auto child = std::make_shared<Node>(*m_node);
  child->table = node->as_table();
  child->prefix = m_node->prefix + std::string(key) + ".";
  return ConfigTable(std::move(child));
}

Result<std::vector<ConfigTable>> ConfigTable::tables(std::string_view key) const {
  std::vector<ConfigTable> found;
  const toml::node* node = m_node->table->get(key);
  const auto complaint = [&] { return error_at(key, fmt::format("tables [[{}{}]]", m_node->prefix, key)); };
  if (node == nullptr || !node->is_array()) return complaint();
  std::size_t number = 0;
  for (const toml::node& item : *node->as_array()) {
    ++number;
    if (!item.is_table()) return complaint();
    auto child = std::make_shared<Node>(*m_node);
    child->table = item.as_table();
    child->prefix = fmt::format("{}{}[{}].", m_node->prefix, key, number);
    found.push_back(ConfigTable(std::move(child)));
  }
  return found;
}

Result<std::vector<std::variant<std::string, ConfigTable>>> ConfigTable::texts_or_tables(std::string_view key) const {
  std::vector<std::variant<std::string, ConfigTable>> found;
  const toml::node* node = m_node->table->get(key);
  if (node == nullptr || !node->is_array()) return error_at(key, "an array of texts or tables");
  for (const toml::node& item : *node->as_array()) {
    if (const auto* text = item.as_string()) {
      found.emplace_back(text->get());
    } else if (item.is_table()) {
      auto child = std::make_shared<Node>(*m_node);
      child->table = item.as_table();
      child->prefix = fmt::format("{}{}[{}].", m_node->prefix, key, found.size() + 1);
      found.emplace_back(ConfigTable(std::move(child)));
    } else {
      return error_at(key, "an array of texts or tables");
    }
  }
  return found;
}

std::vector<std::string> ConfigTable::keys() const {
  std::vector<std::string> names;
  for (const auto& [key, value] : *m_node->table) names.emplace_back(key.str());
  return names;
}

std::string ConfigTable::canonical_text() const {
  std::ostringstream text;
  // JSON: here a table is written in one way only, and a toml::table is in the order of its keys.
  text << toml::json_formatter(*m_node->table);
  return std::move(text).str();
}

std::vector<Error> ConfigTable::unknown_keys(std::span<const std::string_view> known) const {
  std::vector<Error> found;
  for (const auto& [key, value] : *m_node->table) {
    if (std::find(known.begin(), known.end(), key.str()) != known.end()) continue;
    std::string list;
    for (const auto name : known) list += fmt::format("{}{}", list.empty() ? "" : ", ", name);
    found.push_back({ErrorCode::Malformed, fmt::format("{}:{}: {}{}: unknown key; known here: {}", m_node->file,
                                                       key.source().begin.line, m_node->prefix, key.str(), list)});
  }
  return found;
}

base::Status ConfigTable::expect_only(std::initializer_list<std::string_view> known) const {
  auto strangers = unknown_keys({known.begin(), known.size()});
  for (Error& stranger : strangers) {
    if (!FindingScope::keep(stranger)) return std::move(stranger);
  }
  return {};
}

}  // namespace gridwall::model
