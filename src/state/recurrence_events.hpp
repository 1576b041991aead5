// RecurrenceEvents: what a hub adds to the feed of facts that cross divisions: derived.value events that say which
// cases recur and which may be reported twice. A file has no hub, so whoever folds one asks here. Cases of sensitive
// classes take no part: all of a grid lie at its anchor, and nearness means nothing. Tests:
// tests/unit/state/recurrence_events_test.cpp; tests/e2e/indicators/recompute.py against the definition.
#pragma once

#include <deque>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "model/division_tree.hpp"
#include "model/event.hpp"
#include "model/vocabulary.hpp"
#include "state/recurrence.hpp"

namespace gridwall::state {

// One thread.
class RecurrenceEvents {
 public:
  // Of `vocabulary` the edition of class codes (codes of another one mean other things) and which are sensitive.
  RecurrenceEvents(const model::RecurrenceRule& rule, std::shared_ptr<const model::DivisionTree> tree,
                   const model::Vocabulary& vocabulary)
      : m_tree(std::move(tree)),
        m_class_set(vocabulary.class_set),
        m_finder(rule, m_tree->unit_m()),
        m_kept(rule.window + rule.late_max) {
    for (const model::IncidentClass& one : vocabulary.classes) {
      if (one.sensitive) m_sensitive.insert(one.code);
    }
  }

  // What follows from an event of the feed, in its place and at its state time; to be applied right behind it. A case
  // takes part from the event on that first has its class and its place; never, if it is of a sensitive class then.
  [[nodiscard]] std::vector<model::SequencedEvent> follow(const model::SequencedEvent& event);
  // All of it as bytes, for a hub that goes on where it stopped. False: bytes that were not written by encode();
  // then it is empty.
  [[nodiscard]] std::string encode() const;
  bool restore(std::string_view bytes);
  void clear();

 private:
  struct Case {
    std::uint64_t number = 0;
    base::UtcTime reported_at{};
    std::string class_key;  // as state keeps codes: "edition:code" of a foreign one
    bool noted = false;     // or never will be
  };
  std::span<const RecurrenceFact> note(Case& one, const std::string& class_key, base::Vec2i point_units,
                                       base::UtcTime state_time);
  Case& case_of(const std::string& incident_id, base::UtcTime reported_at, base::UtcTime state_time);
  void forget_before(base::UtcTime state_time);

  std::shared_ptr<const model::DivisionTree> m_tree;
  std::string m_class_set;
  std::unordered_set<std::string> m_sensitive;  // class codes of our edition
  RecurrenceFinder m_finder;
  base::Duration m_kept;  // a case older than this can neither recur nor make another one recur
  std::uint64_t m_next_number = 0;
  std::unordered_map<std::string, Case> m_cases;              // by incident id
  std::unordered_map<std::uint64_t, std::string> m_ids;       // by number
  std::deque<std::pair<base::UtcTime, std::string>> m_order;  // when first heard of
  std::unordered_map<std::string, std::uint32_t> m_classes;
  std::vector<std::string> m_class_names;  // by symbol
};

}  // namespace gridwall::state
