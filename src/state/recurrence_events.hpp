// RecurrenceEvents: what a hub adds to the feed of facts that cross divisions: derived.value events that say which
// cases recur and which may be reported twice. A file has no hub, so whoever folds one asks here. Test:
// tests/e2e/indicators/recompute.py against the definition.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "model/division_tree.hpp"
#include "model/event.hpp"
#include "state/recurrence.hpp"

namespace gridwall::state {

// One thread.
class RecurrenceEvents {
 public:
  RecurrenceEvents(const model::RecurrenceRule& rule, std::shared_ptr<const model::DivisionTree> tree)
      : m_tree(std::move(tree)), m_finder(rule, m_tree->unit_m()) {}

  // What follows from an event of the feed, in its place and at its state time; to be applied right behind it. A case
  // takes part from the event on that first has its class and its place.
  [[nodiscard]] std::vector<model::SequencedEvent> follow(const model::SequencedEvent& event);

 private:
  struct Case {
    std::uint64_t number = 0;
    base::UtcTime reported_at{};
    std::string class_key;
    bool noted = false;
  };
  std::shared_ptr<const model::DivisionTree> m_tree;
  RecurrenceFinder m_finder;
  std::unordered_map<std::string, Case> m_cases;  // by incident id
  std::vector<std::string> m_ids;                 // by number
  std::unordered_map<std::string, std::uint32_t> m_classes;
};

}  // namespace gridwall::state
