// ConfigTable: one table of a TOML file. Every complaint names the file, the line, the key, what was expected and
// what was found. The TOML library is behind this header only.
#pragma once

#include <chrono>
#include <filesystem>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.hpp"

namespace gridwall::model {

class ConfigTable {
 public:
  static base::Result<ConfigTable> open(const std::filesystem::path& file);
  // `name` stands for the file in messages.
  static base::Result<ConfigTable> parse(std::string_view text, const std::string& name);

  [[nodiscard]] bool has(std::string_view key) const;
  [[nodiscard]] bool has_text(std::string_view key) const;  // for keys that are a text or something else
  // Compulsory values. Within a FindingScope they note what does not fit and give an empty or the least value.
  [[nodiscard]] base::Result<std::string> text(std::string_view key) const;
  [[nodiscard]] base::Result<std::int64_t> integer(std::string_view key, std::int64_t min, std::int64_t max) const;
  [[nodiscard]] base::Result<double> number(std::string_view key, double min, double max) const;
  [[nodiscard]] base::Result<bool> truth(std::string_view key) const;
  // The same with a default for an absent key; a present one of the wrong type is still an error.
  [[nodiscard]] base::Result<std::string> text_or(std::string_view key, std::string fallback) const;
  [[nodiscard]] base::Result<std::int64_t> integer_or(std::string_view key, std::int64_t fallback,
                                                      std::int64_t min, std::int64_t max) const;
  [[nodiscard]] base::Result<double> number_or(std::string_view key, double fallback, double min, double max) const;
  [[nodiscard]] base::Result<bool> truth_or(std::string_view key, bool fallback) const;

  // "14:30": minutes of a local day, up to "23:59".
  [[nodiscard]] base::Result<std::chrono::minutes> time_of_day(std::string_view key) const;
  [[nodiscard]] base::Result<std::vector<std::int64_t>> integers(std::string_view key) const;
  [[nodiscard]] base::Result<std::vector<double>> numbers(std::string_view key) const;
  [[nodiscard]] base::Result<std::vector<std::string>> texts(std::string_view key) const;
  // An array of texts and tables side by side.
  [[nodiscard]] base::Result<std::vector<std::variant<std::string, ConfigTable>>> texts_or_tables(
      std::string_view key) const;
  [[nodiscard]] base::Result<ConfigTable> table(std::string_view key) const;           // [key]
  [[nodiscard]] base::Result<std::vector<ConfigTable>> tables(std::string_view key) const;  // [[key]]
  [[nodiscard]] std::vector<std::string> keys() const;
  // What it says, in one form: equal for two files that differ in comments, white space, the order of keys or the
  // spelling of a value. For hashes, not to be read again.
  [[nodiscard]] std::string canonical_text() const;

  // A key that is not in the list is an error with its line: a misspelt key never passes in silence.
  [[nodiscard]] base::Status expect_only(std::initializer_list<std::string_view> known) const;

  // The same for lists that are made at run time, and every such key at once.
  [[nodiscard]] std::vector<base::Error> unknown_keys(std::span<const std::string_view> known) const;

  // For checks of meaning: "file:line: key: expected ..., found ...".
  [[nodiscard]] base::Error error_at(std::string_view key, std::string_view expected) const;

 private:
  struct Node;
  explicit ConfigTable(std::shared_ptr<const Node> node) : m_node(std::move(node)) {}
  std::shared_ptr<const Node> m_node;
};

}  // namespace gridwall::model
