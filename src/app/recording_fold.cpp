#include "app/recording_fold.hpp"

namespace gridwall::app {

using base::Error;
using base::ErrorCode;

namespace {

// The segment with the event, or the last before it.
std::size_t segment_of(const journal::Recording& recording, std::uint64_t sequence) {
  const auto segments = recording.segments();
  std::size_t found = 0;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    if (segments[i].first_sequence <= sequence) found = i;
  }
  return found;
}

}  // namespace

base::Result<RecordingFold> RecordingFold::open(journal::Recording& recording, model::Language language) {
  RecordingFold fold(recording, language);
  TRY(fold.load_segment(0));
  TRY(fold.seek(recording.first_sequence() - 1));
  return fold;
}

base::Status RecordingFold::load_segment(std::size_t segment) {
  if (m_data != nullptr) {
    TRY_ASSIGN(const bool same, same_content(*m_recording, m_segment, segment));
    m_segment = segment;
    if (same) return {};
  }
  m_segment = segment;
  TRY_ASSIGN(WallData data, load_recorded_data(*m_recording, segment, m_language));
  m_data = std::make_unique<WallData>(std::move(data));
  TRY_ASSIGN(hub::Ledger ledger, hub::Ledger::create({m_data->tree, m_data->vocabulary, m_data->rules,
                                                      m_recording->identity().journal, 0}));
  m_ledger = std::make_unique<hub::Ledger>(std::move(ledger));
  return {};
}

base::Status RecordingFold::restore(const journal::Keyframe& keyframe) {
  std::vector<std::string_view> parts;
  for (const journal::KeyframePart& part : keyframe.parts) parts.emplace_back(part.bytes);
  const auto restored = m_ledger->restore(keyframe.head, parts, keyframe.chains);
  m_knows_chains = true;
  if (restored.ok()) return {};
  return Error{restored.error().code,
               fmt::format("{}: the keyframe at event {}: {}", m_recording->segments()[m_segment].file.string(),
                           keyframe.sequence, restored.error().message)};
}

base::Status RecordingFold::seek(std::uint64_t sequence) {
  TRY_ASSIGN(const auto keyframe, m_recording->keyframe_at_or_before(sequence));
  // A segment's first keyframe is of the event before it, and of its own configuration.
  TRY(load_segment(segment_of(*m_recording, keyframe ? keyframe->sequence + 1 : sequence)));
  if (keyframe) {
    TRY(restore(*keyframe));
    return fold_through(sequence);
  }
  if (m_recording->first_sequence() > 1) {
    return Error{ErrorCode::Malformed,
                 fmt::format("{}: begins at event {} and holds no keyframe of what was before; add the files before it",
                             m_recording->segments()[0].file.string(), m_recording->first_sequence())};
  }
  m_ledger->clear();
  m_knows_chains = true;
  return fold_through(sequence);
}

// Another configuration makes another state of the same events: its own first keyframe says which.
base::Status RecordingFold::enter_segment_of(std::uint64_t sequence) {
  const std::size_t segment = segment_of(*m_recording, sequence);
  if (segment == m_segment) return {};
  const auto* ledger_before = m_ledger.get();
  TRY(load_segment(segment));
  if (m_ledger.get() == ledger_before) return {};
  TRY_ASSIGN(const auto keyframe, m_recording->keyframe_at_or_before(sequence - 1));
  if (keyframe && keyframe->sequence == sequence - 1) return restore(*keyframe);
  return Error{ErrorCode::Malformed,
               fmt::format("{}: has another configuration than the file before it, and no keyframe to begin with",
                           m_recording->segments()[segment].file.string())};
}

base::Status RecordingFold::fold_through(std::uint64_t sequence, const EachRecord& each) {
  auto cursor = m_recording->events_from(m_ledger->sequencer().last_sequence() + 1);
  std::optional<hub::FeedBatch> none;
  while (m_ledger->sequencer().last_sequence() < sequence) {
    TRY_ASSIGN(const bool more, cursor.next_chunk(m_records));
    if (!more) {
      return Error{ErrorCode::NotFound, fmt::format("event {} is not in the recording, which ends at {}", sequence,
                                                    m_recording->last_sequence())};
    }
    TRY(enter_segment_of(m_records.front().sequence));
    for (journal::Record& record : m_records) {
      if (record.sequence > sequence) return {};
      if (each) TRY(each(record));
      TRY(m_ledger->repeat({std::move(record.topic), std::move(record.header), std::move(record.body)}, none));
    }
  }
  return {};
}

journal::Keyframe RecordingFold::keyframe() const {
  hub::StateCopy copy = m_ledger->copy();
  journal::Keyframe keyframe{copy.sequence,         copy.state_time, copy.digest, std::move(copy.head), {},
                             std::move(copy.memory)};
  for (hub::StateCopy::Part& part : copy.parts) {
    keyframe.parts.push_back({std::move(part.prefix), std::move(part.bytes)});
  }
  return keyframe;
}

}  // namespace gridwall::app
