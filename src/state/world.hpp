// World: the fold. Events and the passing of time in, snapshots and figures out; a pure function of the events and
// heartbeats in their order, so replay equals live. Each event goes through the lifecycle, the deadlines, the counts,
// the figures and the digest; nothing is ever counted anew. Timers due at or before T fire before the event at T, in
// the order of (due, incident id). Tests: tests/unit/state/world_test.cpp, world_property_test.cpp,
// world_deadline_test.cpp.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/district_rules.hpp"
#include "model/event.hpp"
#include "model/vocabulary.hpp"
#include "state/alert_desk.hpp"
#include "state/case_store.hpp"
#include "state/count_book.hpp"
#include "state/digest.hpp"
#include "state/figure_book.hpp"
#include "state/register_book.hpp"
#include "state/share_book.hpp"
#include "state/timers.hpp"
#include "state/world_snapshot.hpp"

namespace gridwall::state {

// A settled case can still be evaluated, appealed against or reopened; after that its figures alone are left.
inline constexpr std::chrono::days kSettledKept{30};

struct KeyedFigures {
  std::string key;  // department, channel, class code, "1" to "4"
  Figures figures;
};

// What the fold holds in memory, in bytes.
struct WorldMemory {
  std::size_t cases = 0, timers = 0, figures = 0, counts = 0, registers = 0;
};

// One thread; snapshots may go to any.
class World {
 public:
  World(std::shared_ptr<const model::DivisionTree> tree, std::shared_ptr<const model::Vocabulary> vocabulary,
        std::shared_ptr<const model::DistrictRules> rules, Retention retention = {});

  // Events in feed order. What does not belong to an incident is counted and passed over.
  void apply(std::span<const model::SequencedEvent> events);
  void apply(std::span<const model::SequencedEvent* const> events);  // the same of events that stand apart

  // Moves the state's clock, by an event or a heartbeat and nothing else. Never back.
  void advance_to(base::UtcTime state_time);

  // What is known now. The same pointer as the last time when nothing changed; else everything that did not change is
  // shared with it.
  [[nodiscard]] std::shared_ptr<const WorldSnapshot> freeze();

  // Of the cases reported in `period`, in the division with all below it, or in itself only (本级, unlocated).
  [[nodiscard]] Figures figures(model::DivisionIndex division, base::Period period) const;
  [[nodiscard]] Figures own_figures(model::DivisionIndex division, base::Period period) const;
  // By one dimension, in order of the keys; hours have none.
  [[nodiscard]] std::vector<KeyedFigures> figures_by(model::DivisionIndex division, base::Period period,
                                                     Dimension dimension) const;
  // False: the period is older than what is kept, and its figures mean nothing.
  [[nodiscard]] bool keeps(base::Period period) const { return m_figures.kept(period); }

  // The same for figures_by(), which are kept by days.
  [[nodiscard]] bool keeps_by(base::Period period) const { return m_figures.kept_by_days(period); }

  // What the rules say of divisions, and what others warn of.
  [[nodiscard]] const AlertDesk& alerts() const { return m_alerts; }

  // With all below it.
  [[nodiscard]] std::uint64_t digest(model::DivisionIndex division) const { return m_digests.total(division); }
  // Of what belongs to it and to no child.
  [[nodiscard]] std::uint64_t own_digest(model::DivisionIndex division) const { return m_digests.own(division); }
  [[nodiscard]] base::UtcTime state_time() const { return m_state_time; }
  [[nodiscard]] std::uint64_t sequence() const { return m_sequence; }
  [[nodiscard]] const model::DivisionTree& tree() const { return *m_tree; }
  [[nodiscard]] const model::DistrictRules& rules() const { return *m_rules; }
  // Null when the incident is not known (any more). Valid until the world changes.
  [[nodiscard]] const Incident* find_incident(std::string_view incident_id) const;
  [[nodiscard]] const model::CaseRecord* find_record(std::string_view incident_id) const;
  [[nodiscard]] std::size_t incident_count() const { return m_cases.count(); }
  // What stands beside incidents.
  [[nodiscard]] const RegisterBook& register_book() const { return m_register; }
  [[nodiscard]] WorldMemory memory() const;

  // Forgets everything but the tree: the hub restarted or jumped. Snapshot versions go on growing.
  void clear();

 private:
  friend class KeyframeAccess;
  // What a class code means here.
  struct ClassInfo {
    model::Severity severity = model::Severity::Minor;
    const model::ClassLimit* limit = nullptr;  // for any condition
    bool known = false;
  };
  struct Lookahead {
    std::uint64_t id_hash = 0;
    std::optional<std::uint32_t> guess;  // the case's number, if it has not changed since
  };

  void look_at_table(const model::SequencedEvent& event, Lookahead& ahead) const;
  void look_at_place(Lookahead& ahead) const;
  void look_at_case(const model::SequencedEvent& event, const Lookahead& ahead) const;
  void look_at_entry(const model::SequencedEvent& event, const Lookahead& ahead) const;
  void look_at_entry(std::uint32_t number) const;
  void look_at_figures(const Lookahead& ahead) const;
  void look_ahead(std::span<const model::SequencedEvent* const> events, std::size_t now);
  void apply_one(const model::SequencedEvent& event, const Lookahead& ahead);
  void fold(const model::SequencedEvent& event, const Lookahead& ahead);
  void move_out(const model::SequencedEvent& event);
  void move_in(const model::SequencedEvent& event);
  void fold_derived(const model::SequencedEvent& event);
  void fold_entry(const model::SequencedEvent& event);
  void run_lifecycle(std::uint32_t number, const model::SequencedEvent& event, bool is_new);
  void change_class(Incident& incident, FoldedCase& folded, const model::IncidentFacts& facts, bool is_new);
  const ClassInfo& class_info(Symbol symbol);
  void change_symbol(Symbol& symbol, Symbols& symbols, const std::string& text) const;
  void change_place(Incident& incident, const model::SequencedEvent& event, bool is_new) const;
  [[nodiscard]] bool known(model::DivisionIndex division) const;
  // After any change of a case, by an event, a timer or a derived fact: standing, counts, figures, digest, next timer.
  void settle(std::uint32_t number, model::DivisionIndex division_before, bool keys_changed);
  void settle_standing(std::uint32_t number);
  void count_figures(std::uint32_t number, bool keys_changed);
  void change_shares(const CountedCase* before, const CountedCase& after);
  void set_timer(std::uint32_t number);
  void fire_timers(base::UtcTime until);
  void pass_time(base::UtcTime until);
  void sweep_alerts(base::UtcTime state_time);
  void begin_day(base::UtcTime state_time);
  void forget_figures(base::UtcTime state_time);
  void begin_month(base::UtcTime state_time);
  [[nodiscard]] CaseTexts texts_of(const Incident& incident) const;
  [[nodiscard]] CaseTexts texts_of(const CountedCase& counted) const;
  [[nodiscard]] CountedCase counted_case(std::uint32_t number) const;
  void list_today(WorldSnapshot& snapshot) const;
  void list_alerts(WorldSnapshot& snapshot);

  std::shared_ptr<const model::DivisionTree> m_tree;
  std::shared_ptr<const model::Vocabulary> m_vocabulary;
  std::shared_ptr<const model::DistrictRules> m_rules;
  std::shared_ptr<const Ancestry> m_ancestry;
  model::CaseRules m_case_rules;
  StringMap<const model::LifecycleRow*> m_rows;  // by event type
  std::vector<std::uint64_t> m_division_hashes;  // of the codes

  Symbols m_classes, m_channels, m_departments, m_conditions;
  std::vector<ClassInfo> m_class_infos;   // by symbol
  std::vector<bool> m_channel_is_public;  // by symbol

  CaseStore m_cases;
  CountBook m_counts;
  FigureBook m_figures;
  ShareBook m_shares;
  DigestBook m_digests;
  Timers m_timers;
  AlertDesk m_alerts;
  RegisterBook m_register;
  std::vector<Lookahead> m_ahead;  // of the batch that is being applied

  Day m_today;
  base::UtcTime m_state_time{};
  std::uint64_t m_sequence = 0;
  std::uint64_t m_event_count = 0;
  std::uint64_t m_simulated_event_count = 0;
  std::uint64_t m_out_of_order_count = 0;
  std::uint64_t m_unknown_class_count = 0;
  std::uint64_t m_joined_late_count = 0;

  bool m_changed = true;
  std::uint64_t m_alerts_version = 0;  // of the book that the last snapshot lists
  std::uint64_t m_version = 0;
  std::shared_ptr<const WorldSnapshot> m_last;
};

}  // namespace gridwall::state
