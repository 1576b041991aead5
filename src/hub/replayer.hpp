// Replayer: a recording that becomes the feed again. Folds its events into a ledger of its own, told or not, and goes
// to any place in it: from the present state, a copy of state that it keeps, or a keyframe of the recording.
// Invariants: at the same (sequence, state_time) the ledger is what the recorded hub's was; a halved move, or an event
// and what was derived from it, is never divided; memory is bounded by options, whatever the recording holds.
// One thread. Test: tests/unit/hub/replayer_test.cpp.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "geo/event_resolver.hpp"
#include "hub/event_row.hpp"
#include "hub/ledger.hpp"
#include "hub/replay_clock.hpp"
#include "journal/recording.hpp"
#include "wire/event_codec.hpp"

namespace gridwall::hub {

struct ReplayerOptions {
  std::uint64_t copy_events = 20'000;  // between two copies of state; more where they are large
  std::size_t copies_max = 64;
  std::size_t copy_bytes_max = std::size_t{256} << 20;  // of all copies together
  // What a copy costs beside folding: where one is large they stand further apart, so that neither eats the other's
  // time.
  std::uint64_t copy_bytes_per_event = 256;
};

class Replayer {
 public:
  // `ledger.journal` is taken from the recording. Paused before the first event. Errors: as of Recording::open; no
  // events; other layers than the ledger's; nothing to begin from.
  static base::Result<std::unique_ptr<Replayer>> open(std::span<const std::filesystem::path> paths,
                                                      LedgerOptions ledger, ReplayerOptions options = {});

  // Heartbeats, digests, snapshots. Advance it to no more than next_event_time().
  [[nodiscard]] Ledger& ledger() { return m_ledger; }
  [[nodiscard]] const Ledger& ledger() const { return m_ledger; }

  // The first event that was not folded yet; none: at the end.
  base::Result<std::optional<base::UtcTime>> next_event_time();

  // Folds what is due at or before `position`, `events_max` or a few more, and returns it to be published: as recorded,
  // but for the epoch, `sent_at` (the hub's monotonic clock) and durable_through 0. When nothing more is due, state
  // time is `position`. Asserts that no epoch is owed. Error: the recording is damaged here; what was before has been
  // folded.
  base::Result<FeedBatch> play_until(base::UtcTime position, std::size_t events_max, base::Duration sent_at);
  // So many events on, each with its halves and what was derived from it; at most kPlayedAtOnce messages.
  base::Result<FeedBatch> play_events(std::int64_t count, base::Duration sent_at);
  // As fast as possible: folds what is due, and tells nobody. Then an epoch is owed.
  struct Skipped {
    std::size_t event_count = 0;
    bool jump_due = false;  // enough has passed, or nothing more is due: tell a jump, at most four times a second
  };
  base::Result<Skipped> skip_until(base::UtcTime position, std::size_t events_max);

  // The state at that time, or right after that event (and what belongs to it). Then an epoch is owed. Errors:
  // InvalidArgument, no such event; a damaged recording: nothing has changed, or the state is an earlier one.
  base::Status jump(ReplayTarget target);
  // Jumps so many events back, from now or from the target.
  base::Status step_back(std::int64_t count);
  [[nodiscard]] bool owes_epoch() const { return m_owes_epoch; }
  void start_epoch(std::uint64_t epoch);

  [[nodiscard]] std::uint64_t sequence() const { return m_ledger.sequencer().last_sequence(); }
  [[nodiscard]] std::uint64_t first_sequence() const { return m_recording->first_sequence(); }
  [[nodiscard]] std::uint64_t last_sequence() const { return m_last_sequence; }
  [[nodiscard]] base::UtcTime first_time() const { return m_recording->first_time(); }
  [[nodiscard]] base::UtcTime last_time() const { return m_last_time; }
  [[nodiscard]] journal::Recording& recording() { return *m_recording; }
  base::Result<std::vector<std::uint64_t>> density(std::size_t bucket_count) {
    return m_recording->density(bucket_count);
  }
  // At the last event played. Error: the file cannot be written.
  base::Status add_bookmark(const std::string& name);
  [[nodiscard]] const std::vector<journal::Bookmark>& bookmarks() const { return m_bookmarks; }
  // Fills in what the recording knows of a status.
  void tell(wire::ReplayStatus& status) const;

  struct CopyUse {
    std::size_t count = 0, bytes = 0;
    std::uint64_t restored_count = 0, keyframe_count = 0, clear_count = 0;  // ways that jumps began
  };
  [[nodiscard]] CopyUse copy_use() const;

  static constexpr std::size_t kPlayedAtOnce = 100'000;

 private:
  struct Copy {
    std::shared_ptr<const StateCopy> state;
    std::size_t bytes = 0;
    std::uint64_t used = 0;
  };
  // Where folding stops: before the first event behind either, but never within what belongs together.
  struct Goal {
    base::UtcTime time = base::UtcTime::max();
    std::uint64_t sequence = 0;
    bool by_sequence = false;
  };

  Replayer(std::unique_ptr<journal::Recording> recording, Ledger ledger, geo::EventResolver resolver,
           ReplayerOptions options);
  base::Status prepare();
  base::Status check_layers(const model::DivisionTree& tree);
  base::Result<bool> fill();
  enum class Telling : std::uint8_t { Nothing, Everything };
  base::Result<std::size_t> gather(const Goal& goal, std::size_t events_max, Telling telling);
  base::Status take(const journal::Record& record, Telling telling);
  FeedBatch take_batch();
  [[nodiscard]] bool belongs_to_last(const journal::Record& next);
  void fold();
  void tell_headers(FeedBatch& batch, base::Duration sent_at) const;
  base::Status fold_to(const Goal& goal);
  base::Status go_to_start(const Goal& goal);
  [[nodiscard]] bool before(const Goal& goal, std::uint64_t sequence, base::UtcTime state_time) const;
  base::Status restore_copy(Copy& copy);
  base::Status begin_at_nothing();
  base::Status restore_keyframe(const journal::Recording::KeyframePlace& place);
  void restored();
  void copy_when_due(std::uint64_t sparse = 1);
  void keep_copy();
  [[nodiscard]] bool near_a_copy(std::uint64_t sequence) const;
  base::Result<std::uint64_t> steps_before(std::uint64_t sequence, std::int64_t count);
  bool joined(const journal::Record& record, const journal::Record& next);

  std::unique_ptr<journal::Recording> m_recording;
  Ledger m_ledger;
  geo::EventResolver m_resolver;
  wire::EventDecoder m_decoder;
  ReplayerOptions m_options;
  std::uint64_t m_last_sequence = 0;  // when it was opened: a live journal may grow
  base::UtcTime m_last_time{};
  std::vector<journal::Recording::KeyframePlace> m_keyframes;
  std::vector<journal::Bookmark> m_bookmarks;

  std::vector<journal::Record> m_records;     // of the chunk that is read
  std::size_t m_at = 0;                       // the first that was not folded
  EventRow m_events;                          // gathered and counted
  std::vector<FeedMessage> m_messages;        // of them, as recorded, if they will be told
  std::optional<base::UtcTime> m_event_time;  // of the last event; none after a restore
  bool m_sound = false;                       // the ledger is at a place of the recording
  bool m_owes_epoch = true;
  std::uint64_t m_untold_count = 0;

  std::vector<Copy> m_copies;
  std::uint64_t m_copied_at = 0, m_copy_bytes = 0;
  std::uint64_t m_use = 0;
  CopyUse m_copy_use;
};

}  // namespace gridwall::hub
