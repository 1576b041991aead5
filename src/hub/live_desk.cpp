#include "hub/live_desk.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "wire/constants.hpp"

namespace gridwall::hub {

namespace {

constexpr base::Duration kRetryInterval = std::chrono::seconds(1);
constexpr std::size_t kPendingMax = 100'000;
constexpr std::size_t kBookmarksMax = 256;  // on their way to the disk

constexpr std::string_view kRateLimited = "rate_limited";
constexpr std::string_view kNotStored = "not_stored";
constexpr std::string_view kNotStoredDetail =
    "the hub's journal cannot be written (is its disk full?); send the same message again later";

}  // namespace

base::Result<std::unique_ptr<LiveDesk>> LiveDesk::open(IntakeOptions options, std::unique_ptr<JournalKeeper> journal,
                                                       base::UtcTime now) {
  const base::UtcTime since = now - wire::kDedupeWindow;
  TRY_ASSIGN(Intake intake, Intake::create(std::move(options)));
  std::unique_ptr<LiveDesk> desk(new LiveDesk(std::move(intake), std::move(journal)));
  if (!desk->m_journal) return desk;
  TRY(desk->m_journal->restore(desk->ledger()));
  TRY(desk->m_journal->load_keys(since, desk->m_intake.dedupe()));
  return desk;
}

LiveDesk::LiveDesk(Intake intake, std::unique_ptr<JournalKeeper> journal)
    : m_intake(std::move(intake)), m_pending(kPendingMax), m_journal(std::move(journal)) {}

// What stands in the way of taking anything in at all.
std::optional<wire::Answer> LiveDesk::not_now() const {
  wire::Answer refusal;
  if (m_journal_down) {
    refusal.reason = kNotStored;
    refusal.detail = kNotStoredDetail;
    return refusal;
  }
  if ((m_journal && !m_journal->has_room()) || !m_pending.has_room()) {
    refusal.reason = kRateLimited;
    refusal.detail = "the hub's disk is behind; send the same message again a little later";
    return refusal;
  }
  return std::nullopt;
}

LiveDesk::Taken LiveDesk::take(const feed::Request& request, Rights rights, base::UtcTime now_utc, base::MonoTime now,
                               const std::function<KeyframePromise()>& ask_keyframe) {
  Taken taken;
  if (auto refusal = not_now()) {
    taken.rate_limited = refusal->reason == kRateLimited;
    taken.answers.emplace({std::move(*refusal)});
    return taken;
  }
  if (m_journal) {
    const base::UtcTime state_time = std::max(now_utc, ledger().sequencer().state_time());
    m_journal->keyframe_when_due(state_time, now, ask_keyframe);
  }
  IntakeResult result = m_intake.take(request.payload, now_utc, now, rights);
  taken.judged = std::move(result.judged);
  if (!result.batch.empty()) {
    taken.batch = std::make_shared<const FeedBatch>(std::move(result.batch));
    if (m_journal) m_journal->write(taken.batch);
  }
  const std::uint64_t promised = promised_sequence(result.answers);
  if (m_journal && promised > durable_through()) {
    m_pending.wait({request, std::move(result.answers), now});
    return taken;
  }
  mark_durable(result.answers, durable_through());
  taken.answers = std::move(result.answers);
  return taken;
}

base::Status LiveDesk::keep_bookmark(const feed::Request& request, const std::string& name) {
  if (!m_journal) {
    return base::Error{base::ErrorCode::Refused, "this hub keeps no journal that a bookmark could stand in"};
  }
  if (m_bookmarks.size() >= kBookmarksMax) {
    return base::Error{base::ErrorCode::Unavailable, "the hub's disk is behind; set the bookmark again a little later"};
  }
  TRY_ASSIGN(JournalKeeper::KeptBookmark kept, m_journal->bookmark(name));
  m_bookmarks.emplace_back(request, std::move(kept));
  return {};
}

std::vector<LiveDesk::Bookmark> LiveDesk::written_bookmarks() {
  std::vector<Bookmark> written;
  std::erase_if(m_bookmarks, [&](auto& waiting) {
    auto& [request, kept] = waiting;
    if (kept.written.wait_for(base::Duration::zero()) != std::future_status::ready) return false;
    written.push_back({std::move(request), kept.bookmark, kept.written.get()});
    return true;
  });
  return written;
}

std::vector<LiveDesk::Bookmark> LiveDesk::give_up_bookmarks() {
  std::vector<Bookmark> left;
  for (auto& [request, kept] : m_bookmarks) {
    left.push_back({std::move(request), kept.bookmark,
                    base::Error{base::ErrorCode::Unavailable, "the hub ended before its disk had the bookmark"}});
  }
  m_bookmarks.clear();
  return left;
}

LiveDesk::Settled LiveDesk::look_at_journal(base::MonoTime now) {
  Settled settled;
  if (!m_journal) return settled;
  settled.bookmarks = written_bookmarks();
  settled.answered = m_pending.release(m_journal->durable_through());
  if (m_journal->failed() && !m_journal_down) {
    m_journal_down = true;
    m_is_whole = false;
    ++m_journal_failure_count;
    m_journal_retry_at = now;
    take_back(settled);
  }
  if (!m_journal_down || now < m_journal_retry_at) return settled;
  m_journal_retry_at = now + kRetryInterval;
  if (m_is_whole) {
    m_journal_down = !m_journal->try_again();
  } else {
    m_is_whole = settled.went_back = go_back();
  }
  return settled;
}

// What was published and is not on the disk has never been: its senders are told, and may send it again.
void LiveDesk::take_back(Settled& settled) {
  const std::uint64_t durable = m_journal->durable_through();
  for (auto& waiting : m_pending.refuse(durable, kNotStored, kNotStoredDetail)) {
    settled.answered.push_back(std::move(waiting));
  }
  m_intake.dedupe().forget_after(durable);
}

// Another epoch begins at the last durable event, and every wall takes a snapshot. A disk that does not even let us
// read is asked again: until then there is no state that would be true.
bool LiveDesk::go_back() {
  const base::Status restored = m_journal->restore(ledger());
  if (!restored.ok()) {
    base::log_error("hub", "the state before the failure cannot be read back yet: {}", restored.error().message);
  }
  return restored.ok();
}

}  // namespace gridwall::hub
