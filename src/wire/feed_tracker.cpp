#include "wire/feed_tracker.hpp"

#include <algorithm>
#include <limits>

#include "base/assert.hpp"
#include "model/path.hpp"
#include "wire/constants.hpp"
#include "wire/topics.hpp"

namespace gridwall::wire {

namespace {
constexpr std::size_t kPastEpochsMax = 16;
}

FeedTracker::FeedTracker(TrackerOptions options) : m_options(std::move(options)) {
  ASSERT(m_options.path.empty() || model::is_path(m_options.path), "'{}' is no path", m_options.path);
  m_prefixes = followed_prefixes(m_options.path);
  m_chains.resize(m_prefixes.size());
}

// False: a message of an epoch that has ended, to be dropped.
bool FeedTracker::enter_epoch(const JournalId& journal, std::uint64_t epoch, Heard& heard, Now now) {
  if (m_epoch_known && epoch == m_status.epoch && journal == m_journal) return true;
  // Epochs are random and never come back, so what bears an old one was only late.
  if (std::find(m_past_epochs.begin(), m_past_epochs.end(), epoch) != m_past_epochs.end()) return false;
  if (m_epoch_known) {
    heard.restarted = true;
    if (m_past_epochs.size() == kPastEpochsMax) m_past_epochs.erase(m_past_epochs.begin());
    m_past_epochs.push_back(m_status.epoch);
  }
  std::fill(m_chains.begin(), m_chains.end(), Chain{});
  m_epoch_known = true;
  m_journal = journal;
  m_status.epoch = epoch;
  m_status.heard_since = now.utc;
  m_epoch_heard_at = now.mono;
  m_in_step = false;
  m_seen = 0;
  m_proven_sent_at.reset();
  m_status.is_complete = !m_options.recovers;  // until a chain turns out to have begun before us
  m_status.last_sequence = 0;
  m_status.received_count = 0;
  m_status.gap_count = 0;
  m_status.missed_count = 0;
  m_tree_differs = m_rules_differ = false;
  return true;
}

// The followed prefix that a topic falls under: at most one, since own leaves of ancestors lie beside the path.
FeedTracker::Chain* FeedTracker::find_chain(std::string_view topic, std::size_t& index_in_header) {
  for (std::size_t i = 0; i < m_prefixes.size(); ++i) {
    if (const auto index = chain_index(topic, m_prefixes[i])) {
      index_in_header = *index;
      return &m_chains[i];
    }
  }
  return nullptr;
}

// Sequences go up by one over the whole feed, and one root path sees the whole feed; a smaller prefix cannot tell how
// many of the missing numbers were its own.
bool FeedTracker::counts_every_sequence() const {
  return model::path_prefixes(m_options.path).size() <= 1;
}

void FeedTracker::note_gap(const Chain& chain, std::uint64_t up_to, Now now) {
  ++m_status.gap_count;
  if (counts_every_sequence()) m_status.missed_count += up_to - chain.last;
  m_status.heard_since = now.utc;
  m_status.is_complete = false;
}

Heard FeedTracker::on_event(const FeedHeader& header, std::string_view topic, Now now) {
  Heard heard;
  std::size_t index = 0;
  Chain* chain = find_chain(topic, index);
  const bool fits = chain != nullptr && is_prefix(topic) && header.previous.size() == chain_length(topic) &&
                    header.sequence > header.previous[index];
  if (!fits) {
    on_bad_message();
    return heard;
  }
  if (!enter_epoch(header.journal, header.epoch, heard, now)) return heard;
  m_seen = std::max(m_seen, header.sequence);
  if (m_options.recovers && !m_in_step) {
    heard.hold = true;
    return heard;
  }
  if (chain->known && header.sequence <= chain->last) return heard;
  const std::uint64_t previous = header.previous[index];
  if (chain->known && previous > chain->last) {
    note_gap(*chain, previous, now);
    heard.gap = true;
    if (m_options.recovers) {
      lose_step(now);
      return heard;
    }
  }
  if (!chain->known && previous > 0) m_status.is_complete = false;
  chain->known = true;
  chain->last = header.sequence;
  if (chain->promised != 0 && chain->last >= chain->promised) chain->last = std::max(chain->last, chain->promised_feed);
  count_event(header.sequence);
  heard.apply = true;
  return heard;
}

Heard FeedTracker::on_heartbeat(const Heartbeat& heartbeat, Now now) {
  Heard heard;
  const auto found = std::find(m_prefixes.begin(), m_prefixes.end(), heartbeat.prefix);
  if (found == m_prefixes.end()) {
    on_bad_message();
    return heard;
  }
  if (!enter_epoch(heartbeat.journal, heartbeat.epoch, heard, now)) return heard;
  Chain& chain = m_chains[static_cast<std::size_t>(found - m_prefixes.begin())];
  m_seen = std::max({m_seen, heartbeat.last_sequence, heartbeat.feed_sequence});
  if (!m_options.recovers || m_in_step) promise(chain, heartbeat, now);
  // One that was overtaken tells nothing newer about the feed's age.
  if (!chain.heartbeat_heard || heartbeat.clock.sent_at >= chain.heartbeat_sent_at) {
    chain.heartbeat_sent_at = heartbeat.clock.sent_at;
    m_status.clock_mode = heartbeat.clock.mode;
    m_status.clock_rate = heartbeat.clock.rate;
    m_status.durable_through = heartbeat.durable_through;
  }
  chain.heartbeat_heard = true;
  m_epoch_heard_at = now.mono;
  chain.heartbeat_at = now;
  m_tree_differs = m_options.tree_hash != 0 && heartbeat.tree_hash != m_options.tree_hash;
  // A hub that does not say which rules it has is not thought to have others.
  m_rules_differ =
      m_options.rules_hash != 0 && heartbeat.rules_hash != 0 && heartbeat.rules_hash != m_options.rules_hash;
  return heard;
}

void FeedTracker::promise(Chain& chain, const Heartbeat& heartbeat, Now now) {
  if (!chain.known) {
    chain.known = true;
    chain.last = heartbeat.last_sequence;
    if (chain.last > 0) m_status.is_complete = false;
    m_status.last_sequence = std::max(m_status.last_sequence, chain.last);
  } else if (heartbeat.last_sequence > std::max(chain.last, chain.promised)) {
    // The grace runs from the first promise that was not kept; a later promise must not stretch it.
    if (chain.promised <= chain.last) chain.promised_at = now.mono;
    chain.promised = heartbeat.last_sequence;
    chain.promised_feed = heartbeat.feed_sequence;
  }
  if (heartbeat.last_sequence <= chain.last) chain.last = std::max(chain.last, heartbeat.feed_sequence);
}

void FeedTracker::settle(std::uint64_t through, Now now) {
  m_in_step = m_settled = true;
  m_proven_sent_at.reset();
  for (Chain& chain : m_chains) {
    chain.known = true;
    chain.last = through;
    chain.promised = chain.promised_feed = 0;
  }
  m_seen = std::max(m_seen, through);
  m_status.is_complete = true;
  m_status.heard_since = now.utc;
  m_status.last_sequence = std::max(m_status.last_sequence, through);
}

void FeedTracker::lose_step(Now now) {
  if (!m_in_step) return;
  m_in_step = false;
  m_proven_sent_at.reset();
  m_status.is_complete = false;
  m_status.heard_since = now.utc;
}

void FeedTracker::prove(base::Duration sent_at) {
  if (m_in_step) m_proven_sent_at = std::max(m_proven_sent_at.value_or(sent_at), sent_at);
}

void FeedTracker::count_event(std::uint64_t sequence) {
  ++m_status.received_count;
  m_status.last_sequence = std::max(m_status.last_sequence, sequence);
}

bool FeedTracker::all_heard() const {
  return std::all_of(m_chains.begin(), m_chains.end(), [](const Chain& chain) { return chain.heartbeat_heard; });
}

std::uint64_t FeedTracker::complete_through() const {
  std::uint64_t through = std::numeric_limits<std::uint64_t>::max();
  for (const Chain& chain : m_chains) through = std::min(through, chain.known ? chain.last : 0);
  return through;
}

std::uint64_t FeedTracker::complete_through(std::string_view topic) const {
  for (std::size_t i = 0; i < m_prefixes.size(); ++i) {
    if (is_under(topic, m_prefixes[i])) return m_chains[i].known ? m_chains[i].last : 0;
  }
  return 0;
}

bool FeedTracker::has_all_promised() const {
  return std::all_of(m_chains.begin(), m_chains.end(),
                     [](const Chain& chain) { return chain.known && chain.promised <= chain.last; });
}

void FeedTracker::on_clock(const ClockBeacon& beacon) {
  if (!m_epoch_known || beacon.epoch != m_status.epoch) return;
  m_status.clock_mode = beacon.clock.mode;
  m_status.clock_rate = beacon.clock.rate;
}

void FeedTracker::on_clock_offset(const OffsetMeasurement& measurement) {
  m_offset = measurement;
}

void FeedTracker::on_bad_message() {
  ++m_status.bad_count;
}

void FeedTracker::set_refused(std::string detail) {
  m_refused = std::move(detail);
}

void FeedTracker::confirm_gaps(Now now) {
  for (Chain& chain : m_chains) {
    if (m_options.recovers && !m_in_step) return;
    if (!chain.known || chain.promised <= chain.last || now.mono - chain.promised_at < kGapGrace) continue;
    note_gap(chain, chain.promised, now);
    if (m_options.recovers) return lose_step(now);
    // Given up: if it still comes it is dropped, because events are applied in order only.
    chain.last = chain.promised;
    m_status.last_sequence = std::max(m_status.last_sequence, chain.last);
  }
}

model::FeedState FeedTracker::judge(Now now) {
  m_status.behind = {};
  m_status.detail.clear();
  if (!m_refused.empty()) {
    m_status.detail = m_refused;
    return model::FeedState::Refused;
  }
  bool any_heard = false, all_heard = !m_options.path.empty(), any_silent = false;
  base::Duration oldest_sent_at = base::Duration::max();
  base::MonoTime oldest_heard_at = base::MonoTime::max();
  for (const Chain& chain : m_chains) {
    any_heard |= chain.heartbeat_heard;
    all_heard &= chain.heartbeat_heard;
    if (!chain.heartbeat_heard) continue;
    any_silent |= now.mono - chain.heartbeat_at.mono > kStaleAfter;
    if (chain.heartbeat_at.mono < oldest_heard_at) {
      oldest_heard_at = chain.heartbeat_at.mono;
      m_status.stale_since = chain.heartbeat_at.utc;  // the prefix that has been silent longest
    }
    oldest_sent_at = std::min(oldest_sent_at, chain.heartbeat_sent_at);
  }
  if (any_heard && any_silent) return model::FeedState::Stale;
  if (any_heard && differs()) {
    m_status.detail = m_tree_differs ? "tree" : "rules";
    return model::FeedState::Mismatch;
  }
  // Figures that are shown and not proven are being made right; without any there is only waiting.
  const auto not_yet = m_settled ? model::FeedState::Recovering : model::FeedState::Connecting;
  // An offset of another epoch may be another machine's clock.
  if (!all_heard || !m_offset || m_offset->epoch != m_status.epoch) return not_yet;
  if (m_options.recovers && (!m_in_step || !m_proven_sent_at)) return model::FeedState::Recovering;
  // A state that was last proven some time ago is as old as that, however quickly heartbeats come.
  if (m_proven_sent_at) oldest_sent_at = std::min(oldest_sent_at, *m_proven_sent_at);
  m_status.behind = std::max(base::Duration::zero(), now.mono.time_since_epoch() + m_offset->offset - oldest_sent_at);
  // The offset may be wrong by half its round trip: that much is given to doubt.
  return m_status.behind + m_offset->round_trip / 2 > kBehindShownFrom ? model::FeedState::Behind
                                                                       : model::FeedState::Live;
}

const model::FeedStatus& FeedTracker::tick(Now now) {
  confirm_gaps(now);
  m_status.round_trip = m_offset ? std::optional(m_offset->round_trip) : std::nullopt;
  m_status.state = judge(now);
  // A wall that joined just then may have heard an old message last and think that old epoch the new one; nothing more
  // comes of it, and the hub answers pings from the one that was taken to be over.
  const bool is_silent = now.mono - m_epoch_heard_at > kStaleAfter;
  if (is_silent && m_offset && m_offset->epoch != m_status.epoch) std::erase(m_past_epochs, m_offset->epoch);
  return m_status;
}

}  // namespace gridwall::wire
