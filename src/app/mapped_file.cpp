#include "app/mapped_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "app/paths.hpp"
#include "base/text_file.hpp"
#include "wire/event_codec.hpp"

namespace gridwall::app {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorCode;
using base::Result;

namespace {

std::string known_maps(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(folder, code)) {
    if (entry.path().extension() == ".toml") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

Result<std::string> read_stdin() {
  std::string text;
  char buffer[65536];
  while (const std::size_t size = std::fread(buffer, 1, sizeof(buffer), stdin)) {
    text.append(buffer, size);
    if (text.size() > wire::kFeedBytesMax) break;  // map_feed says what is wrong
  }
  if (std::ferror(stdin) != 0) return Error{ErrorCode::Unreadable, "cannot be read"};
  return text;
}

}  // namespace

Result<wire::FeedMap> open_feed_map(const std::string& name) {
  TRY_ASSIGN(const fs::path root, find_root());
  const bool is_file = name.find('/') != std::string::npos || name.ends_with(".toml");
  const fs::path folder = root / "config" / "maps";
  const fs::path path = is_file ? fs::path(name) : folder / (name + ".toml");
  if (!is_file && !fs::exists(path)) {
    return Error{ErrorCode::InvalidArgument, fmt::format("no map '{}'; known: {}", name, known_maps(folder))};
  }
  TRY_ASSIGN(const auto file, model::ConfigTable::open(path));
  TRY_ASSIGN(const std::string table, wire::class_table_name(file));
  if (table.empty()) return wire::read_feed_map(file, nullptr);
  TRY_ASSIGN(const auto classes, model::ConfigTable::open(root / "config" / "classes" / (table + ".toml")));
  return wire::read_feed_map(file, &classes);
}

Result<wire::MappedFeed> map_feed_file(const wire::FeedMap& map, const std::string& file,
                                       const wire::FeedOptions& options) {
  const std::string shown = file == "-" ? "stdin" : file;
  auto text = file == "-" ? read_stdin() : base::read_text_file(file, wire::kFeedBytesMax);
  if (!text.ok()) return text.error();
  auto feed = wire::map_feed(map, *text, options);
  if (!feed.ok()) return Error{feed.error().code, fmt::format("{}: {}", shown, feed.error().message)};
  return feed;
}

std::string mapped_feed_text(const wire::MappedFeed& feed, const std::string& file, std::size_t shown_max) {
  std::string text = fmt::format("{} records: {} events, {} records skipped\n", feed.record_count, feed.events.size(),
                                 feed.skipped_count);
  for (std::size_t i = 0; i < std::min(feed.skipped.size(), shown_max); ++i) {
    const wire::SkippedRecord& skipped = feed.skipped[i];
    text += fmt::format("{}: {} {}: {}\n", file, feed.number_word, skipped.record_number, skipped.reason);
  }
  if (feed.skipped_count > shown_max) text += fmt::format("and {} more\n", feed.skipped_count - shown_max);
  for (std::size_t i = 0; i < wire::kFeedDoubtCount; ++i) {
    if (feed.doubts.counts[i] == 0) continue;
    std::string word(wire::feed_doubt_word(static_cast<wire::FeedDoubt>(i)));
    std::replace(word.begin(), word.end(), '_', ' ');
    text += fmt::format("{}: {}\n", word, feed.doubts.counts[i]);
  }
  if (!feed.unknown_members.empty()) {
    text += "members that the map does not know:";
    for (const std::string& name : feed.unknown_members) text += fmt::format(" '{}'", name);
    text += '\n';
  }
  return text;
}

void write_mapped_feed(base::JsonWriter& json, const wire::MappedFeed& feed) {
  json.field("records", feed.record_count).field("events", feed.events.size());
  json.field("skipped_records", feed.skipped_count).key("skipped").begin_array();
  for (const wire::SkippedRecord& skipped : feed.skipped) {
    json.begin_object().field(feed.number_word, skipped.record_number).field("reason", skipped.reason).end_object();
  }
  json.end_array().key("doubts").begin_object();
  for (std::size_t i = 0; i < wire::kFeedDoubtCount; ++i) {
    json.field(wire::feed_doubt_word(static_cast<wire::FeedDoubt>(i)), feed.doubts.counts[i]);
  }
  json.end_object().key("unknown_members").begin_array();
  for (const std::string& name : feed.unknown_members) json.value(name);
  json.end_array();
}

base::Status write_event_lines(const wire::MappedFeed& feed, const std::string& file) {
  std::string text;
  for (const wire::MappedEvent& mapped : feed.events) {
    text += wire::encode_intake_event(mapped.event);
    text += '\n';
  }
  return base::write_text_file(file, text);
}

}  // namespace gridwall::app
