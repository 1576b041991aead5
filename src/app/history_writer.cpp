#include "app/history_writer.hpp"

#include <algorithm>
#include <random>

#include "app/recording_content.hpp"
#include "hub/journal_keeper.hpp"

namespace gridwall::app {

namespace {

constexpr std::uint64_t kCommitEvents = 5'000;

wire::JournalId new_journal() {
  std::random_device device;
  wire::JournalId journal;
  for (std::uint8_t& byte : journal) byte = static_cast<std::uint8_t>(device());
  return journal;
}

}  // namespace

base::Result<HistoryWriter> HistoryWriter::create(const std::filesystem::path& recording, const WallData& data,
                                                  const HistoryOptions& options) {
  if (std::filesystem::exists(recording)) {
    return base::Error{base::ErrorCode::InvalidArgument,
                       fmt::format("{}: is there already; an import makes a new file", recording.string())};
  }
  TRY_ASSIGN(HistoryWriter history, open(recording, data, options));
  history.m_intake.ledger().advance(options.begins_at);
  return history;
}

base::Result<HistoryWriter> HistoryWriter::go_on(const std::filesystem::path& recording, const WallData& data,
                                                 const HistoryOptions& options) {
  TRY_ASSIGN(HistoryWriter history, open(recording, data, options));
  const std::uint64_t last = history.m_writer.last_sequence();
  TRY_ASSIGN(history.m_keyframe_at,
             hub::restore_ledger(recording, last, history.m_writer.identity().journal, history.m_intake.ledger()));
  history.m_committed_at = last;
  return history;
}

base::Result<HistoryWriter> HistoryWriter::open(const std::filesystem::path& recording, const WallData& data,
                                                const HistoryOptions& options) {
  TRY_ASSIGN(const auto content, collect_content(data, options.profile_name));
  TRY_ASSIGN(auto writer, journal::Writer::open(recording, recorded_identity(data, new_journal(), options.simulated),
                                                content, {.one_segment = true}));
  hub::IntakeOptions intake_options;
  intake_options.is_history = true;
  intake_options.ledger = {data.tree, data.vocabulary, data.rules, writer.identity().journal, 1};
  TRY_ASSIGN(auto intake, hub::Intake::create(std::move(intake_options)));
  return HistoryWriter(std::move(intake), std::move(writer), options.keyframe_events);
}

base::Status HistoryWriter::take(std::string_view message) {
  return keep(m_intake.take_history(message));
}

base::Status HistoryWriter::take(std::span<model::Event> events) {
  // What is in flight at once stays in the processor's caches.
  constexpr std::size_t kPiece = 100;
  while (!events.empty()) {
    const auto piece = events.first(std::min(kPiece, events.size()));
    events = events.subspan(piece.size());
    TRY(keep(m_intake.take_history(
        std::vector<model::Event>{std::make_move_iterator(piece.begin()), std::make_move_iterator(piece.end())})));
  }
  return {};
}

base::Status HistoryWriter::keep(const hub::IntakeResult& taken) {
  for (const wire::Answer& answer : taken.answers) {
    if (answer.status == wire::AnswerStatus::Refused && m_refusal.empty()) {
      m_refusal = fmt::format("{}: {}", answer.reason, answer.detail);
    }
  }
  return write(taken.batch);
}

base::Status HistoryWriter::bookmark(const std::string& name) {
  TRY(m_writer.commit());
  return m_writer.put_bookmark({0, m_writer.last_sequence(), m_intake.ledger().sequencer().state_time(), name});
}

base::Status HistoryWriter::finish() {
  TRY(m_writer.commit());
  return m_writer.put_keyframe(hub::journal_keyframe(m_intake.ledger().copy()));
}

base::Status HistoryWriter::write(const hub::FeedBatch& batch) {
  m_records.clear();
  m_keys.clear();
  for (std::size_t i = 0; i < batch.messages.size(); ++i) {
    const hub::FeedMessage& message = batch.messages[i];
    m_records.push_back(
        {batch.events[i].sequence, batch.events[i].state_time, message.topic, message.header, message.body});
  }
  for (const hub::AcceptedKey& key : batch.keys) {
    m_keys.push_back({key.key.low, key.key.high, key.occurred_at, key.sequence});
  }
  TRY(m_writer.append(m_records, m_keys));
  if (m_writer.last_sequence() - m_committed_at >= kCommitEvents) {
    TRY(m_writer.commit());
    m_committed_at = m_writer.last_sequence();
  }
  if (m_writer.last_sequence() - m_keyframe_at < m_keyframe_events) return {};
  TRY(m_writer.commit());
  m_keyframe_at = m_committed_at = m_writer.last_sequence();
  return m_writer.put_keyframe(hub::journal_keyframe(m_intake.ledger().copy()));
}

}  // namespace gridwall::app
