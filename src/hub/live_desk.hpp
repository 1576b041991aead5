// LiveDesk: what a live hub does with what it is sent, without sockets: the intake takes it, the journal is given it,
// the answer waits until it is on the disk; where the journal fails, everything goes back to what is there.
// Invariants: nobody hears "accepted" before the disk has it; after a failure nothing behind durable_through is left in
// state, keys or answers. One thread: the hub's. Test: tests/unit/hub/whole_system_test.cpp.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "hub/intake.hpp"
#include "hub/journal_keeper.hpp"
#include "hub/pending_answers.hpp"

namespace gridwall::hub {

class LiveDesk {
 public:
  // Goes on where the journal ends (null: there is none, and nothing is durable). Errors: as JournalKeeper::restore().
  static base::Result<std::unique_ptr<LiveDesk>> open(IntakeOptions options, std::unique_ptr<JournalKeeper> journal,
                                                      base::UtcTime now);

  struct Taken {
    std::optional<std::vector<wire::Answer>> answers;  // none: they wait for the disk
    std::vector<Judged> judged;
    std::shared_ptr<const FeedBatch> batch;  // to be published now; null: nothing
    bool rate_limited = false;               // the disk is behind
  };
  // `ask_keyframe` has one made of all that was published until now.
  Taken take(const feed::Request& request, Rights rights, base::UtcTime now_utc, base::MonoTime now,
             const std::function<KeyframePromise()>& ask_keyframe);

  // A bookmark at the last event taken, told by look_at_journal() when the disk has it. Errors: no journal, no event
  // yet, the journal fails, too many on their way to it.
  base::Status keep_bookmark(const feed::Request& request, const std::string& name);
  struct Bookmark {
    feed::Request request;
    journal::Bookmark bookmark;
    base::Status written;  // an error: the journal does not have it
  };

  struct Settled {
    std::vector<PendingAnswers::Waiting> answered;
    std::vector<Bookmark> bookmarks;
    // The ledger is at durable_through() again: the caller begins another epoch at once.
    bool went_back = false;
  };
  Settled look_at_journal(base::MonoTime now);
  // The hub ends before the disk has told: whom it owes an answer still.
  std::vector<Bookmark> give_up_bookmarks();

  // False: the journal failed, and cannot be read back yet either. The ledger is nothing that may be told.
  [[nodiscard]] bool is_whole() const { return m_is_whole; }
  [[nodiscard]] Ledger& ledger() { return m_intake.ledger(); }
  [[nodiscard]] const Intake& intake() const { return m_intake; }
  [[nodiscard]] JournalKeeper* journal() { return m_journal.get(); }
  [[nodiscard]] std::uint64_t durable_through() const { return m_journal ? m_journal->durable_through() : 0; }
  [[nodiscard]] std::size_t waiting_count() const { return m_pending.size() + m_bookmarks.size(); }
  [[nodiscard]] std::uint64_t journal_failure_count() const { return m_journal_failure_count; }

 private:
  LiveDesk(Intake intake, std::unique_ptr<JournalKeeper> journal);
  [[nodiscard]] std::optional<wire::Answer> not_now() const;
  std::vector<Bookmark> written_bookmarks();
  void take_back(Settled& settled);
  bool go_back();

  Intake m_intake;
  PendingAnswers m_pending;
  std::vector<std::pair<feed::Request, JournalKeeper::KeptBookmark>> m_bookmarks;  // on their way to the disk
  bool m_journal_down = false, m_is_whole = true;
  base::MonoTime m_journal_retry_at{};
  std::uint64_t m_journal_failure_count = 0;
  std::unique_ptr<JournalKeeper> m_journal;  // null: none
};

}  // namespace gridwall::hub
