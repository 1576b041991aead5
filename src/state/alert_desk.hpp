// AlertDesk: the watches of a district and its one book of alerts, led by the fold: what is reported and what changes
// goes in, whole minutes of state time are come to one by one, and what begins or ends stands in the book. Alerts of
// one case are no entries here: they are a pure function of the case (case_alerts) and counted in CaseCounts. Silent
// grids are too many for a book: silent() lists them. Test: tests/unit/state/alert_desk_test.cpp.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/event.hpp"
#include "state/alert_book.hpp"
#include "state/burst_watch.hpp"
#include "state/division_watch.hpp"
#include "state/symbols.hpp"

namespace gridwall::state {

// One thread.
class AlertDesk {
 public:
  AlertDesk(std::shared_ptr<const model::DivisionTree> tree, const base::TimeZone& zone,
            const model::AlertRules& rules);

  // A case was first heard of at `state_time`, to which sweep() has come.
  void report(model::DivisionIndex division, std::string_view class_code, base::UtcTime state_time);
  // For a report that is to come, in two steps.
  void prefetch(model::DivisionIndex division, int step) const {
    m_bursts.prefetch(division, step);
    if (step == 0) m_divisions.prefetch(division);
  }
  // A case of the division changed a figure that shares are made of.
  void touch(model::DivisionIndex division) {
    if (m_divisions.touch(division)) m_due_known = false;
  }
  // alert.raised and alert.cleared; other types are not ours and change nothing.
  void take(const model::Event& event, model::DivisionIndex division, base::UtcTime state_time);

  // The next moment at which there is something to do. The fold comes to each in turn, with the figures as they are
  // then.
  [[nodiscard]] std::optional<base::UtcTime> next_due() const {
    if (!m_due_known) work_out_due();
    return m_due;
  }
  void sweep(base::UtcTime state_time, const FigureSource& figures);

  [[nodiscard]] const AlertBook& book() const { return m_book; }
  [[nodiscard]] const BurstWatch& bursts() const { return m_bursts; }
  [[nodiscard]] const DivisionWatch& divisions() const { return m_divisions; }
  [[nodiscard]] const Symbols& big_classes() const { return m_big_classes; }  // of bursts
  // Divisions that were silent for too long, with the begin of it.
  [[nodiscard]] std::vector<std::pair<model::DivisionIndex, base::UtcTime>> silent() const;
  void clear();

  struct Content {
    std::vector<std::string> big_classes;  // by number
    BurstWatch::Content bursts;
    std::map<BurstKey, BurstEpisode> burst_episodes;
    DivisionWatch::Content divisions;
    AlertBook::Content book;
  };
  void restore(Content content);

 private:
  [[nodiscard]] std::string subject_of(model::DivisionIndex division) const {
    return std::string(m_tree->at(division).code);
  }
  void note_storm();
  void work_out_due() const;

  std::shared_ptr<const model::DivisionTree> m_tree;
  model::AlertRules m_rules;
  Symbols m_big_classes;
  BurstWatch m_bursts;
  DivisionWatch m_divisions;
  AlertBook m_book;
  // It is asked before each event, and seldom another than before.
  mutable bool m_due_known = false;
  mutable std::optional<base::UtcTime> m_due;
};

}  // namespace gridwall::state
