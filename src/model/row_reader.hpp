// RowReader: one table of a configuration file, read key by key. It goes on behind a wrong value, so that a file's
// mistakes are told together; whoever asks for a key makes it known, and finish() complains of the others.
// Test: tests/unit/model/profile_tables_test.cpp.
#pragma once

#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "model/config_table.hpp"
#include "model/name_pair.hpp"

namespace gridwall::model {

class RowReader {
 public:
  // Both must outlive it.
  RowReader(const ConfigTable& table, std::vector<base::Error>& findings)
      : m_table(table), m_findings(findings), m_before(findings.size()) {}

  std::string text(std::string_view key);          // compulsory, not empty
  std::string text_or_none(std::string_view key);  // absent: empty
  std::string id(std::string_view key);            // compulsory, of [a-z0-9_-]
  std::string date_or_none(std::string_view key);  // "2019", "2019-05", "2019-05-31"
  // Compulsory, one of the words.
  std::string word(std::string_view key, std::initializer_list<std::string_view> words);
  bool truth(std::string_view key);  // absent: false
  std::optional<std::uint32_t> count(std::string_view key);
  std::optional<double> number(std::string_view key);
  std::vector<std::string> texts(std::string_view key);
  // Each a text, or a table of `zh` and `en`; a text alone is the same in both.
  std::vector<NamePair> names(std::string_view key);
  std::vector<double> numbers(std::string_view key);
  std::vector<ConfigTable> tables(std::string_view key);

  void complain(std::string_view key, std::string_view expected) {
    m_findings.push_back(m_table.error_at(key, expected));
  }
  // Whether the row is whole. Complains of keys that nobody has asked for.
  bool finish();

 private:
  bool asked(std::string_view key);  // notes the key; true: it is there

  const ConfigTable& m_table;
  std::vector<base::Error>& m_findings;
  std::size_t m_before;
  std::vector<std::string_view> m_known;
};

}  // namespace gridwall::model
