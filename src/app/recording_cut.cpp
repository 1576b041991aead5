#include "app/recording_cut.hpp"

#include <algorithm>

#include "app/command_line.hpp"
#include "app/paths.hpp"
#include "app/progress_line.hpp"
#include "app/recording_fold.hpp"
#include "app/recording_tools.hpp"
#include "base/json_writer.hpp"
#include "journal/writer.hpp"

namespace gridwall::app {

namespace fs = std::filesystem;

namespace {

using base::Error;
using base::ErrorCode;
using base::Result;
using base::Status;

Result<std::vector<journal::ContentItem>> content_of(journal::Recording& recording, std::size_t segment) {
  std::vector<journal::ContentItem> items;
  TRY_ASSIGN(const auto infos, recording.contents(segment));
  for (const journal::ContentInfo& info : infos) {
    TRY_ASSIGN(std::string bytes, recording.content(info.name, segment));
    items.push_back({info.name, std::move(bytes)});
  }
  return items;
}

// The segments with events of the piece; all of one configuration.
Result<std::vector<std::size_t>> segments_of(journal::Recording& recording, std::uint64_t first, std::uint64_t last) {
  std::vector<std::size_t> found;
  const auto ranges = recording.segments();
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    if (ranges[i].empty() || ranges[i].last_sequence < first || ranges[i].first_sequence > last) continue;
    if (!found.empty()) {
      TRY_ASSIGN(const bool same, same_content(recording, found.front(), i));
      if (!same) {
        return Error{ErrorCode::Unsupported,
                     fmt::format("the configuration changed at event {} ({}); cut the piece in two there",
                                 ranges[i].first_sequence, ranges[i].file.string())};
      }
    }
    found.push_back(i);
  }
  return found;
}

class Piece {
 public:
  Piece(journal::Recording& recording, journal::Writer writer, CutResult& result)
      : m_recording(recording), m_writer(std::move(writer)), m_result(result) {}

  Status copy_events(const TellProgress& tell) {
    auto cursor = m_recording.events_from(m_result.first_sequence);
    std::vector<journal::Record> records;
    const auto span = static_cast<double>(m_result.last_sequence - m_result.first_sequence + 1);
    while (m_writer.last_sequence() < m_result.last_sequence) {
      TRY_ASSIGN(const bool more, cursor.next_chunk(records));
      if (!more) return Error{ErrorCode::Malformed, "the recording ends before the piece does"};
      while (records.back().sequence > m_result.last_sequence) records.pop_back();
      TRY(m_writer.append(records));
      TRY_ASSIGN(const std::uint64_t durable, m_writer.commit());
      tell("copying", static_cast<double>(durable - m_result.first_sequence + 1) / span);
    }
    return {};
  }

  Status copy_marks(std::span<const std::size_t> segments) {
    for (const std::size_t segment : segments) {
      TRY_ASSIGN(auto reader, journal::SegmentReader::open(m_recording.segments()[segment].file));
      TRY_ASSIGN(const auto keyframes, reader.keyframes());
      for (const journal::KeyframeInfo& info : keyframes) {
        if (!inside(info.sequence)) continue;
        TRY_ASSIGN(const auto keyframe, reader.read_keyframe(info.sequence, {}));
        TRY(m_writer.put_keyframe(keyframe));
        ++m_result.keyframe_count;
      }
    }
    // A bookmark may stand in a later file than its event.
    TRY_ASSIGN(const auto bookmarks, m_recording.bookmarks());
    for (const journal::Bookmark& bookmark : bookmarks) {
      if (!inside(bookmark.sequence)) continue;
      TRY(m_writer.put_bookmark(bookmark));
      ++m_result.bookmark_count;
    }
    return {};
  }

 private:
  [[nodiscard]] bool inside(std::uint64_t sequence) const {
    return sequence >= m_result.first_sequence && sequence <= m_result.last_sequence;
  }
  journal::Recording& m_recording;
  journal::Writer m_writer;
  CutResult& m_result;
};

Status write_piece(journal::Recording& recording, CutResult& result, const fs::path& file, const TellProgress& tell) {
  TRY_ASSIGN(const auto segments, segments_of(recording, result.first_sequence, result.last_sequence));
  tell("folding to the beginning", 0);
  TRY_ASSIGN(auto fold, RecordingFold::open(recording, model::Language::English));
  TRY(fold.seek(result.first_sequence - 1));
  const journal::Keyframe start = fold.keyframe();
  TRY_ASSIGN(const auto content, content_of(recording, segments.front()));
  TRY_ASSIGN(const journal::Identity identity, recording.identity_of(segments.front()));
  TRY_ASSIGN(auto writer,
             journal::Writer::create_file(file, identity, content, result.first_sequence > 1 ? &start : nullptr));
  Piece piece(recording, std::move(writer), result);
  TRY(piece.copy_events(tell));
  return piece.copy_marks(segments);
}

}  // namespace

Result<CutResult> cut_recording(journal::Recording& recording, std::uint64_t first_sequence,
                                std::uint64_t last_sequence, const fs::path& out, const TellProgress& tell) {
  if (first_sequence > last_sequence) {
    return Error{ErrorCode::InvalidArgument,
                 fmt::format("the piece from event {} to event {} is empty", first_sequence, last_sequence)};
  }
  if (fs::exists(out)) {
    return Error{ErrorCode::Refused, fmt::format("{}: is there already; name another file", out.string())};
  }
  CutResult result{first_sequence, last_sequence};
  fs::path partial = out;
  partial += ".part.gwr";
  std::error_code code;
  const auto written = write_piece(recording, result, partial, tell);
  if (written.ok()) fs::rename(partial, out, code);
  if (written.ok() && !code) return result;
  for (const char* ending : {"", "-wal", "-shm"}) fs::remove(partial.string() + ending, code);
  if (!written.ok()) return written.error();
  return Error{ErrorCode::Unavailable, fmt::format("{}: cannot be made", out.string())};
}

int run_recording_cut(const Arguments& arguments) {
  std::vector<std::string> files;
  std::string from, to, out;
  bool json = false;
  CommandLine line("recording cut",
                   "Writes a piece of a recording as a recording of its own, with the state before it inside",
                   "gridwall recording cut journal/ --from 2026-07-21T14:00:00+08:00 --to 2026-07-21T18:00:00+08:00 "
                   "--out storm.gwr");
  line.positional("FILES", files, ".gwr files of one journal, or a folder of them");
  line.option("--from", from, "first event: a sequence, a time, or a bookmark's name; else the first of all");
  line.option("--to", to, "last event; else the last of all");
  line.option("--out,-o", out, "the new file; never overwritten", true);
  line.flag("--json", json, "print JSON");
  if (const auto code = line.parse(arguments)) return *code;
  ProgressLine progress;
  const auto cut = [&]() -> Result<CutResult> {
    TRY_ASSIGN(auto recording, open_recording(files));
    TRY_ASSIGN(const std::uint64_t first, first_event_from(recording, from));
    TRY_ASSIGN(const std::uint64_t last, last_event_until(recording, to));
    return cut_recording(recording, first, last, out,
                         [&](std::string_view step, double share) { progress.tell(step, share); });
  }();
  progress.finish();
  if (!cut.ok()) return fail("recording cut", cut.error());
  if (json) {
    base::JsonWriter text;
    text.begin_object().field("file", out).field("first_sequence", cut->first_sequence);
    text.field("last_sequence", cut->last_sequence).field("keyframes", cut->keyframe_count);
    text.field("bookmarks", cut->bookmark_count).end_object();
    print_out(text.text() + "\n");
  } else {
    print_out(fmt::format("{}: events {} to {}, {} keyframes and {} bookmarks among them\n", out, cut->first_sequence,
                          cut->last_sequence, cut->keyframe_count, cut->bookmark_count));
  }
  return 0;
}

}  // namespace gridwall::app
