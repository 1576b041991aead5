// gridwall recording: what a recording holds, whether it is whole, pieces and copies of it. The actions info, bookmark
// and backup are here; verify and digest, cut, export have files of their own.
#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "app/command_line.hpp"
#include "app/paths.hpp"
#include "app/progress_line.hpp"
#include "app/recording_tools.hpp"
#include "app/text_table.hpp"
#include "base/json_writer.hpp"
#include "base/time_text.hpp"
#include "journal/key_book.hpp"

namespace gridwall::app {

namespace fs = std::filesystem;

namespace {

using base::Error;
using base::ErrorCode;
using base::JsonWriter;
using base::Result;
using base::Status;

struct ActionRow {
  std::string_view name;
  std::string_view summary;
  int (*run)(const Arguments&);
};

constexpr ActionRow kActions[] = {
    {"info", "what is inside: events, times, sizes, keyframes, bookmarks, configuration", run_recording_info},
    {"verify", "reads everything, folds it again and compares with the digests inside", run_recording_verify},
    {"digest", "the state's digest at keyframes, at a place, at the end", run_recording_digest},
    {"cut", "a piece as a recording of its own", run_recording_cut},
    {"bookmark", "lists the bookmarks, or sets one", run_recording_bookmark},
    {"backup", "a copy, also of one that is being written", run_recording_backup},
    {"export", "its events as GeoPackage, GeoJSON or CSV", run_recording_export},
};

std::string help_text() {
  std::string text =
      "Recordings (.gwr): what a hub's journal writes and a replay plays\n\n"
      "Usage: gridwall recording ACTION FILES... [OPTIONS]\n\n";
  for (const ActionRow& row : kActions) text += fmt::format("  {:<9} {}\n", row.name, row.summary);
  text +=
      "\nFILES: a .gwr file, several of one journal, or a folder of them.\n"
      "'gridwall recording ACTION --help' shows an action's options.\n\n"
      "Example:\n  gridwall recording info journal/\n";
  return text;
}

std::string megabytes(std::uint64_t bytes) {
  return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6);
}

void write_segment(JsonWriter& json, const journal::SegmentInfo& info) {
  const journal::SegmentRange& range = info.range;
  json.begin_object().field("file", range.file.string());
  if (!range.empty()) {
    json.field("first_sequence", range.first_sequence).field("last_sequence", range.last_sequence);
    json.field("first_time", base::format_rfc3339(range.first_time));
    json.field("last_time", base::format_rfc3339(range.last_time));
  }
  json.field("events", info.event_count).field("chunks", info.chunk_count).field("raw_bytes", info.raw_bytes);
  json.field("stored_bytes", info.stored_bytes).field("file_bytes", info.file_bytes);
  if (!range.damage.empty()) json.field("damage", range.damage);
  json.key("keyframes").begin_array();
  for (const journal::KeyframeInfo& keyframe : info.keyframes) {
    json.begin_object().field("sequence", keyframe.sequence).field("time", base::format_rfc3339(keyframe.state_time));
    json.field("digest", digest_text(keyframe.digest)).field("parts", keyframe.part_count);
    json.field("bytes", keyframe.raw_bytes).end_object();
  }
  json.end_array().key("content").begin_array();
  for (const journal::ContentInfo& content : info.contents) {
    std::string address;
    for (const std::uint8_t byte : content.address) address += fmt::format("{:02x}", byte);
    json.begin_object().field("name", content.name).field("bytes", content.raw_bytes).field("xxh3_128", address);
    json.end_object();
  }
  json.end_array().end_object();
}

void write_bookmarks(JsonWriter& json, const std::vector<journal::Bookmark>& bookmarks) {
  json.key("bookmarks").begin_array();
  for (const journal::Bookmark& bookmark : bookmarks) {
    json.begin_object().field("sequence", bookmark.sequence).field("time", base::format_rfc3339(bookmark.state_time));
    json.field("name", bookmark.name).end_object();
  }
  json.end_array();
}

std::string bookmarks_text(const std::vector<journal::Bookmark>& bookmarks, const base::TimeZone& zone) {
  TextTable table;
  table.add({"bookmark", "event", "time"});
  for (const journal::Bookmark& bookmark : bookmarks) {
    table.add({bookmark.name, fmt::format("{}", bookmark.sequence), clock_text(bookmark.state_time, zone)});
  }
  return table.text(0);
}

Status print_info_json(journal::Recording& recording) {
  const journal::Identity& identity = recording.identity();
  JsonWriter json;
  json.begin_object().field("journal", wire::journal_text(identity.journal)).field("profile", identity.profile);
  json.field("root", identity.root_path).field("tree_hash", digest_text(identity.tree_hash));
  json.field("zone", identity.zone).field("simulated", identity.simulated).key("segments").begin_array();
  for (std::size_t i = 0; i < recording.segments().size(); ++i) {
    TRY_ASSIGN(const auto info, recording.info(i));
    write_segment(json, info);
  }
  json.end_array();
  TRY_ASSIGN(const auto bookmarks, recording.bookmarks());
  write_bookmarks(json, bookmarks);
  json.end_object();
  print_out(json.text() + "\n");
  return {};
}

Status print_info_text(journal::Recording& recording) {
  const journal::Identity& identity = recording.identity();
  const base::TimeZone zone = zone_of(identity);
  print_out(fmt::format("journal {}  {}{}, times of {}\n", wire::journal_text(identity.journal), identity.profile,
                        identity.simulated ? ", SIMULATED" : "", zone.name()));
  TextTable table;
  table.add({"file", "events", "from", "to", "first time", "last time", "chunks", "size", "B/event", "keyframes"});
  for (std::size_t i = 0; i < recording.segments().size(); ++i) {
    TRY_ASSIGN(const auto info, recording.info(i));
    const journal::SegmentRange& range = info.range;
    const auto text = [](std::uint64_t number) { return fmt::format("{}", number); };
    if (range.empty()) {
      table.add({range.file.string(), "0", "-", "-", "-", "-", "0", megabytes(info.file_bytes), "-",
                 text(info.keyframes.size())});
      continue;
    }
    const double event_bytes =
        static_cast<double>(info.stored_bytes) / static_cast<double>(std::max<std::uint64_t>(info.event_count, 1));
    table.add({range.file.string(), text(info.event_count), text(range.first_sequence), text(range.last_sequence),
               clock_text(range.first_time, zone), clock_text(range.last_time, zone), text(info.chunk_count),
               megabytes(info.file_bytes), fmt::format("{:.1f}", event_bytes), text(info.keyframes.size())});
  }
  print_out(table.text(0));
  TRY_ASSIGN(const auto bookmarks, recording.bookmarks());
  if (!bookmarks.empty()) print_out("\n" + bookmarks_text(bookmarks, zone));
  return {};
}

Status set_bookmark(journal::Recording& recording, const std::string& place, const std::string& name) {
  TRY_ASSIGN(const std::uint64_t sequence, last_event_until(recording, place));
  TRY_ASSIGN(const base::UtcTime time, recording.time_of(sequence));
  return journal::add_bookmark(recording.segments(), {0, sequence, time, name});
}

// Keys that outlive their events lie beside the segments.
std::vector<fs::path> files_to_copy(const journal::Recording& recording, const std::vector<std::string>& named) {
  std::vector<fs::path> files;
  for (const journal::SegmentRange& range : recording.segments()) files.push_back(range.file);
  for (const std::string& name : named) {
    std::error_code code;
    if (!fs::is_directory(name, code)) continue;
    for (const auto& entry : fs::directory_iterator(name, code)) {
      if (entry.path().extension() == journal::kKeysOnlyEnding) files.push_back(entry.path());
    }
  }
  return files;
}

Status back_up(const std::vector<std::string>& named, const fs::path& folder, bool json) {
  TRY_ASSIGN(const auto recording, open_recording(named));
  std::error_code code;
  fs::create_directories(folder, code);
  if (code) {
    return Error{ErrorCode::Unreadable, fmt::format("--out {}: cannot be made ({})", folder.string(), code.message())};
  }
  ProgressLine progress;
  JsonWriter list;
  list.begin_object().key("files").begin_array();
  for (const fs::path& file : files_to_copy(recording, named)) {
    const fs::path target = folder / file.filename();
    TRY(journal::back_up_file(file, target, [&](double share) { progress.tell(file.filename().string(), share); }));
    list.value(target.string());
    progress.finish();
    if (!json) print_out(target.string() + "\n");
  }
  list.end_array().end_object();
  if (json) print_out(list.text() + "\n");
  return {};
}

}  // namespace

int run_recording(const Arguments& arguments) {
  const std::string name = arguments.empty() ? "" : arguments[0];
  if (name == "--help" || name == "-h" || name == "help") {
    print_out(help_text());
    return 0;
  }
  for (const ActionRow& row : kActions) {
    if (row.name == name) return row.run(Arguments(arguments.begin() + 1, arguments.end()));
  }
  if (!name.empty()) std::fprintf(stderr, "gridwall recording: no action '%s'\n\n", name.c_str());
  std::fputs(help_text().c_str(), stderr);
  return 2;
}

int run_recording_info(const Arguments& arguments) {
  std::vector<std::string> files;
  bool json = false;
  CommandLine line("recording info", "Tells what is in a recording", "gridwall recording info journal/ --json");
  line.positional("FILES", files, ".gwr files of one journal, or a folder of them");
  line.flag("--json", json, "print JSON, with keyframes and the configuration inside");
  if (const auto code = line.parse(arguments)) return *code;
  auto recording = open_recording(files);
  if (!recording.ok()) return fail("recording info", recording.error());
  const auto status = json ? print_info_json(*recording) : print_info_text(*recording);
  return status.ok() ? 0 : fail("recording info", status.error());
}

int run_recording_bookmark(const Arguments& arguments) {
  std::vector<std::string> files;
  std::string at, name;
  bool json = false;
  CommandLine line("recording bookmark", "Lists the bookmarks of a recording, or sets one",
                   "gridwall recording bookmark storm.gwr --at 2026-07-21T14:05:00+08:00 --name 'Dyke road floods'");
  line.positional("FILES", files, ".gwr files of one journal, or a folder of them");
  line.option("--at", at, "set: the event's sequence or a time; the last event until there is marked");
  line.option("--name", name, "set: its name; no names of people");
  line.flag("--json", json, "print JSON");
  if (const auto code = line.parse(arguments)) return *code;
  if (at.empty() != name.empty()) return line.wrong_usage("--at and --name belong together");
  auto recording = open_recording(files);
  if (!recording.ok()) return fail("recording bookmark", recording.error());
  if (!at.empty()) {
    const auto set = set_bookmark(*recording, at, name);
    if (!set.ok()) return fail("recording bookmark", set.error());
  }
  const auto bookmarks = recording->bookmarks();
  if (!bookmarks.ok()) return fail("recording bookmark", bookmarks.error());
  JsonWriter list;
  list.begin_object();
  write_bookmarks(list, *bookmarks);
  list.end_object();
  print_out(json ? list.text() + "\n" : bookmarks_text(*bookmarks, zone_of(recording->identity())));
  return 0;
}

int run_recording_backup(const Arguments& arguments) {
  std::vector<std::string> files;
  std::string out;
  bool json = false;
  CommandLine line("recording backup", "Copies a recording file by file, also one that a hub is writing to",
                   "gridwall recording backup journal/ --out /mnt/backup/2026-11-22");
  line.positional("FILES", files, ".gwr files of one journal, or a folder of them");
  line.option("--out,-o", out, "a folder; nothing in it is overwritten", true);
  line.flag("--json", json, "print JSON");
  if (const auto code = line.parse(arguments)) return *code;
  const auto status = back_up(files, out, json);
  return status.ok() ? 0 : fail("recording backup", status.error());
}

}  // namespace gridwall::app
