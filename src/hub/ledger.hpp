// Ledger: what the hub has said, and what follows from it: sequences and chains, the fold of all of it, the facts that
// cross divisions. An event becomes messages here: a move makes two more before it, a recurrence more behind it.
// Invariants: every message's sequence is one above the last; the fold is that of the messages and nothing else, so a
// ledger restored from a keyframe and the messages after it goes on as if it had never stopped.
// One thread. Test: tests/unit/hub/ledger_test.cpp.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "geo/event_resolver.hpp"
#include "hub/feed_batch.hpp"
#include "model/district_rules.hpp"
#include "model/vocabulary.hpp"
#include "state/recurrence_events.hpp"
#include "state/world.hpp"
#include "wire/event_codec.hpp"
#include "wire/heartbeat.hpp"
#include "wire/sequencer.hpp"

namespace gridwall::hub {

struct LedgerOptions {
  std::shared_ptr<const model::DivisionTree> tree;
  std::shared_ptr<const model::Vocabulary> vocabulary;
  std::shared_ptr<const model::DistrictRules> rules;
  wire::JournalId journal{};
  std::uint64_t epoch = 0;
  // Whether it finds the facts that cross divisions, for which it remembers many cases. A recording holds them already.
  bool derives = true;
};

// The whole of a ledger at one sequence, as bytes: what a keyframe of the journal holds.
struct StateCopy {
  wire::JournalId journal{};
  std::uint64_t epoch = 0;
  std::uint64_t sequence = 0;
  base::UtcTime state_time{};
  std::uint64_t digest = 0;  // of the root
  std::string head;
  struct Part {
    std::string prefix, bytes;
  };
  std::vector<Part> parts;
  std::string memory;
};

class Ledger {
 public:
  // Error: the tree's reference system cannot be used.
  static base::Result<Ledger> create(LedgerOptions options);

  // State time moves to at least `utc`; timers due until then fire. Returns it.
  base::UtcTime advance(base::UtcTime utc);
  // Null: not known, or settled for so long that its figures alone are left. Valid until the ledger changes.
  [[nodiscard]] const state::Incident* find(std::string_view incident_id) const {
    return m_world->find_incident(incident_id);
  }
  // The topic of what belongs to it: its leaf where it lies in one, else its division's own leaf.
  [[nodiscard]] std::string topic_of(const state::Incident& incident) const {
    return topic_of(incident.division, incident.located);
  }
  [[nodiscard]] std::string topic_of(model::DivisionIndex place, bool located) const;

  // Sequences the event under its division_path, folds it, and appends it with what it brings about. Returns the
  // header of the event itself.
  wire::FeedHeader publish(model::Event event, Moment now, FeedBatch& batch);

  // A message that was published before, with its own sequence and time: of a journal that goes on, or of a recording
  // that is played. Error: bytes that are no feed message, or a sequence that does not follow.
  base::Status repeat(const FeedMessage& message, std::optional<FeedBatch>& told);
  // The same of a batch that another ledger of this hub has just published.
  base::Status repeat(const FeedBatch& batch);
  // The same in two steps, for many at once: each message is counted, then their events are folded. Between the steps
  // the sequences are ahead of the state. Error, and nothing is counted: as of repeat().
  base::Status count(std::string_view header, std::string_view topic);
  void fold(std::span<const model::SequencedEvent> events);
  // What a hub needs beside the state to go on: the last sequence under each prefix, and what the finder of recurrences
  // remembers.
  [[nodiscard]] std::string encode_memory() const;
  // The state of a keyframe, all parts, with that memory. Errors as of state::restore_keyframe.
  base::Status restore(std::string_view head, std::span<const std::string_view> parts, std::string_view memory);
  [[nodiscard]] StateCopy copy() const;
  base::Status restore(const StateCopy& copy);
  // From the beginning of a journal.
  void clear();
  // A jump, or a journal that could not hold what was said: what comes next is of another epoch.
  void start_epoch(std::uint64_t epoch);

  // What a heartbeat says of the feed and of one prefix; its times and durable_through are the caller's.
  void tell(std::string_view prefix, wire::Heartbeat& heartbeat) const;
  // 16 hexadecimal digits, as heartbeats tell it; `prefix` is one of a division's.
  [[nodiscard]] std::string digest_text(std::string_view prefix) const;

  [[nodiscard]] const wire::Sequencer& sequencer() const { return m_sequencer; }
  [[nodiscard]] const state::World& world() const { return *m_world; }
  [[nodiscard]] std::shared_ptr<state::World> shared_world() const { return m_world; }
  [[nodiscard]] const model::DivisionTree& tree() const { return *m_options.tree; }
  [[nodiscard]] std::shared_ptr<const model::DivisionTree> shared_tree() const { return m_options.tree; }
  [[nodiscard]] std::uint64_t moved_count() const { return m_moved_count; }
  [[nodiscard]] std::uint64_t derived_count() const { return m_derived_count; }

 private:
  Ledger(LedgerOptions options, geo::EventResolver resolver);
  wire::FeedHeader put(model::Event event, Moment now, FeedBatch& batch);
  void put_move(const state::Incident& incident, const model::Event& event, Moment now, FeedBatch& batch);
  void put_derived(model::SequencedEvent derived, Moment now, FeedBatch& batch);

  LedgerOptions m_options;
  geo::EventResolver m_resolver;
  wire::EventDecoder m_decoder;
  wire::Sequencer m_sequencer;
  wire::FeedHeader m_header;  // of the message that is being counted
  std::shared_ptr<state::World> m_world;
  state::RecurrenceEvents m_recurrence;
  std::uint64_t m_moved_count = 0, m_derived_count = 0;
};

}  // namespace gridwall::hub
