#include "whole_system_truth.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "journal/recording.hpp"
#include "model/path.hpp"
#include "wire/event_codec.hpp"

namespace gridwall::hub {

namespace {

std::string key_of(const std::string& source, const std::string& id) {
  return source + " " + id;
}

Told told_of(std::string topic, std::string body, const model::Event& event) {
  return {std::move(topic), std::move(body), event.incident.incident_id, event.type, key_of(event.source, event.id),
          event.entry && event.entry->state == model::kRetired};
}

}  // namespace

void Truth::restart(const Ledger& ledger) {
  std::vector<Told> disk = read_disk();
  EXPECT_GE(disk.size(), m_durable_told) << "durable_through ran ahead of the disk";
  EXPECT_TRUE(was_told(disk)) << "the journal holds what was never published";
  EXPECT_EQ(disk.size(), ledger.sequencer().last_sequence()) << "a hub begins elsewhere than where its journal ends";
  m_told = std::move(disk);
  m_taken_back.clear();
  begin(ledger);
}

void Truth::go_back(const Ledger& ledger) {
  const std::uint64_t sequence = ledger.sequencer().last_sequence();
  EXPECT_GE(sequence, m_durable_told) << "a hub went back behind what it has called durable";
  ASSERT_LE(sequence, m_told.size());
  const auto first = m_told.begin() + static_cast<std::ptrdiff_t>(sequence);
  m_taken_back.push_back({sequence, {first, m_told.end()}});
  m_told.erase(first, m_told.end());
  begin(ledger);
}

// All of it is what was told; or its end is what was taken back.
bool Truth::was_told(const std::vector<Told>& disk) const {
  const auto [ours, theirs] = std::mismatch(m_told.begin(), m_told.end(), disk.begin(), disk.end());
  if (theirs == disk.end()) return true;
  const auto same = static_cast<std::uint64_t>(theirs - disk.begin());
  if (same < m_durable_told) return false;
  return std::any_of(m_taken_back.begin(), m_taken_back.end(), [&](const TakenBack& one) {
    if (one.after > same || disk.size() > one.after + one.told.size()) return false;
    return std::equal(disk.begin() + static_cast<std::ptrdiff_t>(one.after), disk.end(), one.told.begin());
  });
}

void Truth::begin(const Ledger& ledger) {
  m_epoch = ledger.sequencer().epoch();
  EXPECT_TRUE(m_epochs.insert(m_epoch).second) << "an epoch came back";
  m_sequences.clear();
  m_places.clear();
  m_last_by_prefix.clear();
  m_moving.clear();
  m_moved_count = 0;
  for (std::size_t i = 0; i < m_told.size(); ++i) {
    EXPECT_TRUE(m_sequences.emplace(m_told[i].key, i + 1).second) << m_told[i].key << " is there twice";
    note_place(m_told[i]);
    static_cast<void>(exchange_chain(m_told[i].topic, i + 1));
  }
  EXPECT_TRUE(m_moving.empty()) << "the halves of a move were torn apart";
  check_acknowledged();
  // Live equals replay: the same events folded from nothing are the same state.
  m_checker.advance(ledger.sequencer().state_time());
  if (m_checker.sequencer().last_sequence() != ledger.sequencer().last_sequence()) return;
  for (const auto& division : ledger.tree().divisions()) {
    EXPECT_EQ(m_checker.digest_text(division.path), ledger.digest_text(division.path))
        << "a hub that went on differs from the fold of its journal in " << division.path;
  }
}

void Truth::note_durable(std::uint64_t sequence) {
  if (sequence <= m_durable_told) return;
  m_durable_told = sequence;
  m_taken_back.clear();
}

// What a header must say so that any subscriber sees his holes: the last sequences before, under everything, under each
// prefix from the root down, and under the own leaf.
std::vector<std::uint64_t> Truth::exchange_chain(const std::string& topic, std::uint64_t sequence) {
  std::vector<std::uint64_t> before{std::exchange(m_last_by_prefix[""], sequence)};
  const bool own = topic.ends_with('~');
  for (const std::string_view prefix : model::path_prefixes(std::string_view(topic).substr(0, topic.size() - own))) {
    before.push_back(std::exchange(m_last_by_prefix[std::string(prefix)], sequence));
  }
  if (own) before.push_back(std::exchange(m_last_by_prefix[topic], sequence));
  return before;
}

// A moved incident stands in exactly one place: the first half leaves where it was, the second follows at once.
void Truth::note_place(const Told& told) {
  if (!m_moving.empty()) {
    EXPECT_EQ(told.type, model::kMovedIn) << "something came between the halves of a move";
    EXPECT_EQ(told.incident, m_moving);
  }
  if (told.incident.empty()) return;
  const auto place = m_places.find(told.incident);
  if (told.type == model::kMovedIn) {
    EXPECT_EQ(std::exchange(m_moving, {}), told.incident) << "half a move";
    m_places[told.incident] = told.topic;
    ++m_moved_count;
    return;
  }
  if (place != m_places.end() && !m_any_long_jump) {
    EXPECT_EQ(place->second, told.topic) << told.type << " of " << told.incident << " stands in two places";
  }
  if (told.retires) {
    m_places.erase(told.incident);
    return;
  }
  m_places[told.incident] = told.topic;
  if (told.type == model::kMovedOut) m_moving = told.incident;
}

void Truth::publish(const FeedBatch& batch) {
  for (std::size_t i = 0; i < batch.messages.size(); ++i) {
    const model::SequencedEvent& event = batch.events[i];
    EXPECT_EQ(event.sequence, m_told.size() + 1) << "a sequence was left out or given twice";
    Told told = told_of(batch.messages[i].topic, batch.messages[i].body, event.event);
    EXPECT_TRUE(m_sequences.emplace(told.key, event.sequence).second) << told.key << " was published twice";
    EXPECT_FALSE(m_forbidden_sources.contains(event.event.source)) << "a client without the role was listened to";
    const auto header = wire::decode_feed_header(batch.messages[i].header);
    ASSERT_TRUE(header.ok()) << header.error().message;
    EXPECT_EQ(header->previous, exchange_chain(told.topic, event.sequence)) << "a chain that hides a hole";
    note_place(told);
    m_told.push_back(std::move(told));
    ++m_told_count;
  }
  EXPECT_TRUE(m_moving.empty()) << "a batch ends between the halves of a move";
}

void Truth::beat(const wire::Heartbeat& heartbeat, base::Duration now) {
  EXPECT_EQ(heartbeat.feed_sequence, m_told.size());
  EXPECT_EQ(heartbeat.epoch, m_epoch);
  const auto last = m_last_by_prefix.find(heartbeat.prefix);
  EXPECT_EQ(heartbeat.last_sequence, last == m_last_by_prefix.end() ? 0 : last->second) << heartbeat.prefix;
  EXPECT_LE(heartbeat.durable_through, m_told.size());
  note_durable(heartbeat.durable_through);
  auto& moments = m_moments[{heartbeat.epoch, heartbeat.clock.state_time}];
  if (moments.empty() || moments.back().sent_at_true != now) {
    moments.push_back({heartbeat.feed_sequence, now, {}});
  }
  moments.back().digests[heartbeat.prefix] = heartbeat.digest;
}

std::vector<const BeatMoment*> Truth::moments(const wire::BeatItem& beat) const {
  std::vector<const BeatMoment*> fitting;
  const auto found = m_moments.find({beat.epoch, beat.state_time});
  if (found == m_moments.end()) return fitting;
  for (const BeatMoment& moment : found->second) {
    const bool fits = std::all_of(beat.digests.begin(), beat.digests.end(), [&](const auto& one) {
      const auto digest = moment.digests.find(one.prefix);
      return digest != moment.digests.end() && digest->second == one.digest;
    });
    if (fits) fitting.push_back(&moment);
  }
  return fitting;
}

void Truth::answered(const std::vector<wire::Answer>& answers) {
  for (const wire::Answer& answer : answers) {
    if (answer.status == wire::AnswerStatus::Refused) continue;
    ASSERT_TRUE(answer.durable) << answer.id << " was accepted before it was on the disk";
    const std::string key = key_of(answer.source, answer.id);
    ASSERT_LE(answer.sequence, m_told.size());
    EXPECT_EQ(m_told[answer.sequence - 1].key, key) << "accepted as another event";
    const auto [known, is_new] = m_acknowledged.emplace(key, answer.sequence);
    EXPECT_EQ(known->second, answer.sequence) << key << " was accepted twice";
    note_durable(answer.sequence);
  }
}

void Truth::check_acknowledged() const {
  for (const auto& [key, sequence] : m_acknowledged) {
    const bool is_there = sequence <= m_told.size() && m_told[sequence - 1].key == key;
    EXPECT_TRUE(is_there) << key << " was acknowledged as event " << sequence << " and is lost";
  }
}

void Truth::check_disk() {
  const std::vector<Told> disk = read_disk();
  EXPECT_GE(disk.size(), m_durable_told) << "durable_through ran ahead of the disk";
  EXPECT_TRUE(was_told(disk)) << "the journal holds what was never published";
}

// What a replay would read, beside the hub; the checker folds it.
std::vector<Told> Truth::read_disk() {
  m_checker.clear();
  std::vector<Told> disk;
  auto recording = journal::Recording::open(m_folder);
  if (!recording.ok()) return disk;  // no event yet
  auto cursor = recording->events_from(1);
  std::vector<journal::Record> records;
  for (;;) {
    const auto more = cursor.next_chunk(records);
    EXPECT_TRUE(more.ok()) << more.error().message;
    if (!more.ok() || !*more) return disk;
    for (journal::Record& record : records) {
      EXPECT_EQ(record.sequence, disk.size() + 1);
      std::optional<FeedBatch> told(std::in_place);
      const base::Status repeated = m_checker.repeat({record.topic, record.header, record.body}, told);
      EXPECT_TRUE(repeated.ok()) << repeated.error().message;
      if (!repeated.ok()) return disk;
      const model::Event& event = told->events[0].event;
      disk.push_back(told_of(std::move(record.topic), std::move(record.body), event));
    }
  }
}

}  // namespace gridwall::hub
