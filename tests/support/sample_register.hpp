// sample_register: a register put together by hand, sorted as the fold sorts it.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "state/register_snapshot.hpp"

namespace gridwall::test {

class SampleRegister {
 public:
  state::RegisterEntry& add(model::RegisterKind kind, std::string table, std::string key) {
    auto entry = std::make_shared<state::RegisterEntry>();
    entry->key = std::move(key);
    entry->facts.kind = kind;
    entry->facts.table = std::move(table);
    entry->division = model::DivisionIndex{0};
    m_entries.push_back(entry);
    return *entry;
  }
  // A number of `entity` in `column`; `history` are the periods before and the present one, oldest first.
  state::RegisterEntry& metric(const std::string& table, const std::string& entity, const std::string& column,
                               double value, std::vector<state::PeriodValue> history = {}) {
    auto& entry = add(model::RegisterKind::Metric, table, table + "/" + entity + "/" + column);
    entry.facts.entity = entity;
    entry.facts.column = column;
    entry.facts.value_milli = static_cast<std::int64_t>(value * 1000);
    entry.history = std::move(history);
    if (!entry.history.empty()) entry.facts.period = entry.history.back().period;
    return entry;
  }
  state::RegisterEntry& task(const std::string& workflow, const std::string& key,
                             std::vector<state::ReachedStep> steps) {
    auto& entry = add(model::RegisterKind::Task, workflow, key);
    entry.facts.step = steps.empty() ? std::string() : steps.back().step;
    entry.steps = std::move(steps);
    return entry;
  }
  [[nodiscard]] std::shared_ptr<const state::RegisterSnapshot> snapshot() const {
    auto made = std::make_shared<state::RegisterSnapshot>();
    made->entries.assign(m_entries.begin(), m_entries.end());
    std::ranges::stable_sort(made->entries, {}, [](const auto& entry) {
      return std::tuple(entry->facts.kind, entry->facts.table, entry->key);
    });
    made->version = 1;
    return made;
  }

 private:
  std::vector<std::shared_ptr<state::RegisterEntry>> m_entries;
};

}  // namespace gridwall::test
