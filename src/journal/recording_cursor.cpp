// Recording's other half: going to a place in it and reading on from there.
#include <algorithm>
#include <limits>

#include "base/time_text.hpp"
#include "journal/recording.hpp"

namespace gridwall::journal {

using base::Error;
using base::ErrorCode;

std::optional<std::size_t> Recording::segment_from(std::uint64_t sequence) const {
  const auto found = std::find_if(m_ranges.begin(), m_ranges.end(), [&](const SegmentRange& range) {
    return !range.empty() && range.last_sequence >= sequence;
  });
  if (found == m_ranges.end()) return std::nullopt;
  return static_cast<std::size_t>(found - m_ranges.begin());
}

base::Result<bool> Recording::Cursor::next_chunk(std::vector<Record>& records) {
  const auto read = read_next(records);
  if (!read.ok() || !*read) records.clear();
  return read;
}

base::Result<bool> Recording::Cursor::read_next(std::vector<Record>& records) {
  Recording& recording = *m_recording;
  auto segment = recording.segment_from(m_next_sequence);
  if (!segment) {
    TRY(recording.refresh_last());
    segment = recording.segment_from(m_next_sequence);
  }
  if (!segment) return false;
  TRY_ASSIGN(SegmentReader * opened, recording.reader(*segment));
  ChunkInfo chunk;
  TRY_ASSIGN(const bool found, opened->read_from(m_next_sequence, chunk, records));
  const SegmentRange& range = recording.m_ranges[*segment];
  // What is asked for stands here, or the recording begins behind it.
  const std::uint64_t expected = std::max(m_next_sequence, range.first_sequence);
  if (!found || chunk.first_sequence > expected) {
    return Error{ErrorCode::Malformed,
                 fmt::format("{}: the events {} to {} are missing; take another copy if there is one",
                             range.file.string(), expected, found ? chunk.first_sequence - 1 : range.last_sequence)};
  }
  // What lies before the place is moved behind the rest, so that no memory is given back, and then cut off.
  const auto skipped = static_cast<std::ptrdiff_t>(expected - chunk.first_sequence);
  std::rotate(records.begin(), records.begin() + skipped, records.end());
  records.resize(records.size() - static_cast<std::size_t>(skipped));
  m_next_sequence = chunk.last_sequence + 1;
  return true;
}

base::Result<std::optional<Keyframe>> Recording::newest_keyframe(std::uint64_t sequence_max, base::UtcTime time_max,
                                                                 std::span<const std::string> prefixes) {
  for (std::size_t i = m_ranges.size(); i-- > 0;) {
    // A segment's first keyframe stands one before its first event.
    if (m_ranges[i].first_sequence - 1 > sequence_max) continue;
    if (i > 0 && m_ranges[i - 1].last_time > time_max) continue;
    TRY_ASSIGN(SegmentReader * opened, reader(i));
    TRY_ASSIGN(const auto keyframes, opened->keyframes());
    for (auto keyframe = keyframes.rbegin(); keyframe != keyframes.rend(); ++keyframe) {
      if (keyframe->sequence > sequence_max || keyframe->state_time > time_max) continue;
      TRY_ASSIGN(Keyframe read, opened->read_keyframe(keyframe->sequence, prefixes));
      return std::optional<Keyframe>(std::move(read));
    }
  }
  return std::optional<Keyframe>();
}

base::Result<std::optional<Keyframe>> Recording::keyframe_at_or_before(std::uint64_t sequence,
                                                                       std::span<const std::string> prefixes) {
  return newest_keyframe(sequence, base::UtcTime::max(), prefixes);
}

base::Result<std::optional<Keyframe>> Recording::keyframe_at_or_before(base::UtcTime state_time,
                                                                       std::span<const std::string> prefixes) {
  return newest_keyframe(std::numeric_limits<std::int64_t>::max(), state_time, prefixes);
}

base::Result<std::vector<Recording::KeyframePlace>> Recording::keyframe_places() {
  std::vector<KeyframePlace> places;
  for (std::size_t i = 0; i < m_ranges.size(); ++i) {
    TRY_ASSIGN(const SegmentReader* opened, reader(i));
    TRY_ASSIGN(const auto keyframes, opened->keyframes());
    for (const KeyframeInfo& info : keyframes) places.push_back({i, info.sequence, info.state_time});
  }
  return places;
}

base::Result<Keyframe> Recording::read_keyframe(const KeyframePlace& place) {
  TRY_ASSIGN(SegmentReader * opened, reader(place.segment));
  return opened->read_keyframe(place.sequence, {});
}

base::Result<std::uint64_t> Recording::sequence_at(base::UtcTime state_time) {
  for (std::size_t i = m_ranges.size(); i-- > 0;) {
    const SegmentRange& range = m_ranges[i];
    if (range.empty() || range.first_time > state_time) continue;
    if (range.last_time <= state_time) return range.last_sequence;
    return sequence_within(i, state_time);
  }
  return first_sequence() - 1;
}

// The segment begins at or before the time, and ends behind it.
base::Result<std::uint64_t> Recording::sequence_within(std::size_t segment, base::UtcTime state_time) {
  TRY_ASSIGN(SegmentReader * opened, reader(segment));
  const std::uint64_t first = m_ranges[segment].first_sequence;
  std::uint64_t high = m_ranges[segment].last_sequence;
  // The last chunk that begins at or before the time: chunks follow each other, so halving finds it.
  TRY_ASSIGN(auto best, opened->find_chunk(first));
  while (best && best->last_sequence < high) {
    const std::uint64_t low = best->last_sequence + 1;
    TRY_ASSIGN(const auto chunk, opened->find_chunk_back(low + (high - low) / 2));
    if (!chunk || chunk->first_sequence < low) break;
    if (chunk->first_time <= state_time) {
      best = chunk;
    } else {
      high = chunk->first_sequence - 1;
    }
  }
  if (!best || best->last_time <= state_time) return best ? best->last_sequence : first - 1;
  ChunkInfo chunk;
  TRY_ASSIGN(const bool found, opened->read_from(best->first_sequence, chunk, m_scratch));
  if (!found) return best->first_sequence - 1;
  const auto behind = std::partition_point(m_scratch.begin(), m_scratch.end(),
                                           [&](const Record& record) { return record.state_time <= state_time; });
  return m_scratch.front().sequence + static_cast<std::uint64_t>(behind - m_scratch.begin()) - 1;
}

base::Result<base::UtcTime> Recording::time_of(std::uint64_t sequence) {
  const auto segment = segment_from(sequence);
  if (!segment || sequence < m_ranges[*segment].first_sequence) {
    return Error{ErrorCode::InvalidArgument, fmt::format("event {} is not in the recording, which holds {} to {}",
                                                         sequence, first_sequence(), last_sequence())};
  }
  Cursor cursor = events_from(sequence);
  TRY_ASSIGN(const bool found, cursor.next_chunk(m_scratch));
  if (!found) return Error{ErrorCode::Malformed, fmt::format("event {} is missing", sequence)};
  return m_scratch.front().state_time;
}

}  // namespace gridwall::journal
