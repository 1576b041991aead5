// gridwall recording verify and digest: a recording read through and folded again. Verify compares everything that can
// be compared: SQLite's own structure, each chunk's hash, sequences and times, each header's chain values, each
// keyframe's digest. Test: tests/unit/app/recording_test.cpp.
#include <cstdio>

#include "app/command_line.hpp"
#include "app/paths.hpp"
#include "app/progress_line.hpp"
#include "app/recording_fold.hpp"
#include "app/recording_tools.hpp"
#include "app/recording_verify.hpp"
#include "base/json_writer.hpp"
#include "base/time_text.hpp"
#include "model/path.hpp"
#include "wire/topics.hpp"

namespace gridwall::app {

namespace {

using base::Error;
using base::ErrorCode;
using base::JsonWriter;
using base::Result;
using base::Status;

constexpr std::size_t kProblemsMax = 100;
constexpr std::uint64_t kProgressEvents = 4096;

void note(VerifyResult& result, std::string problem) {
  if (result.problems.size() < kProblemsMax) result.problems.push_back(std::move(problem));
}

// Each file by itself: its structure, and every chunk.
Status verify_files(journal::Recording& recording, VerifyResult& result, const TellProgress& tell) {
  for (std::size_t i = 0; i < recording.segments().size(); ++i) {
    const auto& range = recording.segments()[i];
    if (!range.damage.empty()) note(result, range.damage);
    TRY_ASSIGN(const auto found, recording.check_file(i));
    for (const std::string& one : found) note(result, fmt::format("{}: {}", range.file.string(), one));
    TRY_ASSIGN(auto reader, journal::SegmentReader::open(range.file));
    std::vector<journal::ChunkInfo> chunks;
    const auto listed = reader.each_chunk([&](const journal::ChunkInfo& chunk, std::uint64_t) {
      chunks.push_back(chunk);
      return true;
    });
    if (!listed.ok()) note(result, listed.error().message);
    std::vector<journal::Record> records;
    for (std::size_t c = 0; c < chunks.size(); ++c) {
      if (c % 64 == 0) tell("reading", static_cast<double>(c) / static_cast<double>(chunks.size()));
      if (c > 0 && chunks[c].first_sequence != chunks[c - 1].last_sequence + 1) {
        note(result, fmt::format("{}: events {} to {} are missing", range.file.string(),
                                 chunks[c - 1].last_sequence + 1, chunks[c].first_sequence - 1));
      }
      const auto read = reader.read_chunk(chunks[c], records);
      if (!read.ok()) note(result, read.error().message);
      if (read.ok()) result.event_count += records.size();
    }
  }
  return {};
}

// What the header of a record must say, before it is folded.
void verify_header(const RecordingFold& fold, const journal::Record& record, const journal::Identity& identity,
                   VerifyResult& result) {
  const auto header = wire::decode_feed_header(record.header);
  if (!header.ok()) {
    note(result, fmt::format("event {}: {}", record.sequence, header.error().message));
    return;
  }
  if (header->sequence != record.sequence || header->state_time != record.state_time ||
      header->journal != identity.journal) {
    note(result, fmt::format("event {}: its header is another event's or another journal's", record.sequence));
  }
  if (!fold.knows_chains() || !wire::is_prefix(record.topic)) return;
  const wire::Sequencer& sequencer = fold.ledger().sequencer();
  std::vector<std::uint64_t> expected = {sequencer.last_sequence()};
  for (const std::string_view prefix : model::path_prefixes(record.topic)) {
    expected.push_back(sequencer.last_sequence(prefix));
  }
  if (record.topic.ends_with('~')) expected.push_back(sequencer.last_sequence(record.topic));
  if (header->previous != expected) {
    note(result, fmt::format("event {}: its chain values do not name the events before it", record.sequence));
  }
}

Result<std::vector<journal::KeyframeInfo>> all_keyframes(journal::Recording& recording) {
  std::vector<journal::KeyframeInfo> all;
  for (std::size_t i = 0; i < recording.segments().size(); ++i) {
    TRY_ASSIGN(const auto info, recording.info(i));
    for (const journal::KeyframeInfo& keyframe : info.keyframes) {
      const bool inside =
          keyframe.sequence + 1 >= recording.first_sequence() && keyframe.sequence <= recording.last_sequence();
      if (inside) all.push_back(keyframe);
    }
  }
  return all;
}

Status verify_fold(journal::Recording& recording, VerifyResult& result, const TellProgress& tell) {
  TRY_ASSIGN(auto fold, RecordingFold::open(recording, model::Language::English));
  TRY_ASSIGN(const auto keyframes, all_keyframes(recording));
  const double span = static_cast<double>(recording.last_sequence() - recording.first_sequence() + 1);
  const auto each = [&](const journal::Record& record) {
    if (record.sequence % kProgressEvents == 0) {
      tell("folding", static_cast<double>(record.sequence - recording.first_sequence()) / span);
    }
    verify_header(fold, record, recording.identity(), result);
    return Status();
  };
  for (const journal::KeyframeInfo& keyframe : keyframes) {
    TRY(fold.fold_through(keyframe.sequence, each));
    fold.advance(keyframe.state_time);
    const std::uint64_t digest = fold.ledger().world().digest(fold.data().tree->root());
    ++result.keyframe_count;
    if (digest == keyframe.digest) continue;
    note(result, fmt::format("keyframe at event {}: its digest is {}, the events before it give {}", keyframe.sequence,
                             digest_text(keyframe.digest), digest_text(digest)));
  }
  TRY(fold.fold_through(recording.last_sequence(), each));
  result.digest = fold.ledger().world().digest(fold.data().tree->root());
  return {};
}

void print_verified(const VerifyResult& result, bool json) {
  if (json) {
    JsonWriter out;
    out.begin_object().field("whole", result.problems.empty()).field("events", result.event_count);
    out.field("keyframes", result.keyframe_count).field("digest", digest_text(result.digest)).key("problems");
    out.begin_array();
    for (const std::string& problem : result.problems) out.value(problem);
    out.end_array().end_object();
    print_out(out.text() + "\n");
    return;
  }
  for (const std::string& problem : result.problems) print_out(problem + "\n");
  if (result.problems.empty()) {
    print_out(fmt::format("whole: {} events, {} keyframes; digest at the end {}\n", result.event_count,
                          result.keyframe_count, digest_text(result.digest)));
  }
}

struct DigestLine {
  std::uint64_t sequence = 0;
  std::string kind;  // keyframe, place, end
};

void print_digest(const RecordingFold& fold, const DigestLine& at, const std::vector<std::string>& prefixes,
                  bool json) {
  const base::UtcTime time = fold.ledger().sequencer().state_time();
  JsonWriter out;
  out.begin_object().field("sequence", at.sequence).field("time", base::format_rfc3339(time)).field("at", at.kind);
  std::string text = fmt::format("{:>12}  {}  {:<8}", at.sequence, clock_text(time, fold.data().profile.zone), at.kind);
  out.key("digests").begin_object();
  for (const std::string& prefix : prefixes) {
    const std::string digest = fold.ledger().digest_text(prefix);
    out.field(prefix, digest);
    text += fmt::format("  {} {}", prefix, digest);
  }
  out.end_object().end_object();
  print_out((json ? out.text() : text) + "\n");
}

Status print_digests(journal::Recording& recording, const std::string& at, std::vector<std::string> prefixes,
                     bool json) {
  TRY_ASSIGN(auto fold, RecordingFold::open(recording, model::Language::English));
  if (prefixes.empty()) prefixes.push_back(recording.identity().root_path);
  for (const std::string& prefix : prefixes) {
    if (fold.ledger().digest_text(prefix).empty()) {
      return Error{ErrorCode::InvalidArgument,
                   fmt::format("--prefix {}: no division of the recording has that path", prefix)};
    }
  }
  if (!at.empty()) {
    TRY_ASSIGN(const std::uint64_t sequence, last_event_until(recording, at));
    TRY(fold.seek(sequence));
    print_digest(fold, {sequence, "place"}, prefixes, json);
    return {};
  }
  TRY_ASSIGN(const auto keyframes, all_keyframes(recording));
  for (const journal::KeyframeInfo& keyframe : keyframes) {
    TRY(fold.fold_through(keyframe.sequence));
    fold.advance(keyframe.state_time);
    print_digest(fold, {keyframe.sequence, "keyframe"}, prefixes, json);
  }
  TRY(fold.fold_through(recording.last_sequence()));
  print_digest(fold, {recording.last_sequence(), "end"}, prefixes, json);
  return {};
}

}  // namespace

Result<VerifyResult> verify_recording(journal::Recording& recording, const TellProgress& tell) {
  VerifyResult result;
  TRY(verify_files(recording, result, tell));
  if (recording.empty()) return result;
  // The first fault ends the fold: what follows from it is no news.
  if (const auto folded = verify_fold(recording, result, tell); !folded.ok()) note(result, folded.error().message);
  return result;
}

int run_recording_verify(const Arguments& arguments) {
  std::vector<std::string> files;
  bool json = false;
  CommandLine line("recording verify",
                   "Reads a recording through, folds it again, and compares with the digests inside; exit code 1 when "
                   "something is not as it was written",
                   "gridwall recording verify journal/");
  line.positional("FILES", files, ".gwr files of one journal, or a folder of them");
  line.flag("--json", json, "print JSON");
  if (const auto code = line.parse(arguments)) return *code;
  auto recording = open_recording(files);
  if (!recording.ok()) return fail("recording verify", recording.error());
  ProgressLine progress;
  const auto result =
      verify_recording(*recording, [&](std::string_view step, double share) { progress.tell(step, share); });
  progress.finish();
  if (!result.ok()) return fail("recording verify", result.error());
  print_verified(*result, json);
  return result->problems.empty() ? 0 : 1;
}

int run_recording_digest(const Arguments& arguments) {
  std::vector<std::string> files, prefixes;
  std::string at;
  bool json = false;
  CommandLine line("recording digest", "Folds a recording and prints the state's digest at each keyframe and the end",
                   "gridwall recording digest journal/ --at 2026-11-22T09:30:00+08:00 --prefix 320281/001/");
  line.positional("FILES", files, ".gwr files of one journal, or a folder of them");
  line.option("--at", at, "only there: an event's sequence, a time, or a bookmark's name");
  line.option("--prefix", prefixes, "a division's path, or its own leaf; else the whole district");
  line.flag("--json", json, "print a line of JSON for each place");
  if (const auto code = line.parse(arguments)) return *code;
  auto recording = open_recording(files);
  if (!recording.ok()) return fail("recording digest", recording.error());
  const auto status = print_digests(*recording, at, prefixes, json);
  return status.ok() ? 0 : fail("recording digest", status.error());
}

}  // namespace gridwall::app
