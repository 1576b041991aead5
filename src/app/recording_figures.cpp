#include "app/recording_figures.hpp"

#include <algorithm>

#include "app/recording_fold.hpp"
#include "app/recording_tools.hpp"
#include "base/time_text.hpp"

namespace gridwall::app {

using base::Error;
using base::ErrorCode;

namespace {

// A source's first stamp may lie before the first state time: the first chunk tells. What a keyframe at the beginning
// knows of the time before is known, so such a piece has no beginning.
base::Result<base::UtcTime> begin_of(journal::Recording& recording) {
  if (recording.first_sequence() > 1) return base::UtcTime{};
  std::vector<journal::Record> records;
  TRY_ASSIGN(const bool any, recording.events_from(1).next_chunk(records));
  base::UtcTime begin = recording.first_time();
  wire::EventDecoder decoder;
  for (std::size_t i = 0; any && i < records.size(); ++i) {
    const auto event = decoder.decode_feed_event(records[i].body);
    if (event.ok()) begin = std::min(begin, event->occurred_at);
  }
  return begin;
}

}  // namespace

base::Result<EventFileResult> fold_recording(const std::vector<std::string>& files, base::UtcTime at,
                                             model::Language language, WallData& data) {
  TRY_ASSIGN(auto recording, open_recording(files));
  TRY_ASSIGN(const std::uint64_t sequence, recording.sequence_at(at));
  if (sequence < recording.first_sequence()) {
    return Error{ErrorCode::InvalidArgument,
                 fmt::format("--at {}: nothing was recorded until then; the recording begins at {}",
                             base::format_rfc3339(at), base::format_rfc3339(recording.first_time()))};
  }
  TRY_ASSIGN(auto fold, RecordingFold::open(recording, language));
  TRY(fold.seek(sequence));
  fold.advance(at);
  EventFileResult result;
  const auto world = fold.ledger().shared_world();
  result.snapshot = world->freeze();
  result.world = world;
  TRY_ASSIGN(result.events_begin, begin_of(recording));
  result.accepted_count = sequence - recording.first_sequence() + 1;
  data = fold.data();
  return result;
}

}  // namespace gridwall::app
