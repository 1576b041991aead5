// What of an event may tell a person, taken out before anything else sees it: dedupe, journal, feed, audit log, the
// hub's own log. An identifier (id, subject, source) that holds a telephone, identity, plate or door number, or
// characters that names are written with, is replaced by a hash that is the same each time, so that a case stays one
// case; a code or word that holds one is left out; texts of alerts and notices are masked. A hash of a telephone number
// can be found by trying all numbers: it keeps numbers from being read, and the count tells whose source is to be
// mended. Test: tests/unit/hub/redaction_test.cpp.
#pragma once

#include <cstdint>
#include <string>

#include "model/division_tree.hpp"
#include "model/event.hpp"
#include "model/vocabulary.hpp"
#include "wire/text_mask.hpp"

namespace gridwall::hub {

struct ScrubCounts {
  wire::MarkCounts by_mark{};         // what was found, whatever was done with it
  std::uint64_t hashed_id_count = 0;  // identifiers that were replaced
  std::uint64_t dropped_word_count = 0;
  std::uint64_t masked_text_count = 0;  // marks in texts

  void add(wire::PersonalMark mark) { ++by_mark[static_cast<std::size_t>(mark)]; }
};

class Redactor {
 public:
  // Both must outlive it. Words that they know are let through as they are.
  Redactor(const model::DivisionTree& tree, const model::Vocabulary& vocabulary)
      : m_tree(tree), m_vocabulary(vocabulary) {}

  void redact(model::Event& event);
  // An identifier of a message that was refused, for the audit log.
  [[nodiscard]] std::string redacted_id(const std::string& id) const;
  [[nodiscard]] const ScrubCounts& counts() const { return m_counts; }

 private:
  void redact_id(std::string& id);
  void redact_type(std::string& type);
  void redact_word(std::string& word);
  void redact_text(std::string& text);
  void redact_division(std::string& code);
  void redact_alert(model::AlertFacts& alert);
  void redact_entry(model::RegisterFacts& entry);

  const model::DivisionTree& m_tree;
  const model::Vocabulary& m_vocabulary;
  ScrubCounts m_counts;
};

}  // namespace gridwall::hub
