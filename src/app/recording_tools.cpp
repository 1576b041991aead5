#include "app/recording_tools.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>

#include "base/time_text.hpp"

namespace gridwall::app {

using base::Error;
using base::ErrorCode;
using base::Result;

namespace {

struct Place {
  std::uint64_t sequence = 0;  // 0: a moment
  base::UtcTime state_time{};
};

Result<Place> place_of(journal::Recording& recording, const std::string& text) {
  std::uint64_t sequence = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), sequence);
  if (parsed.ec == std::errc() && parsed.ptr == text.data() + text.size() && sequence > 0) return Place{sequence, {}};
  if (const auto time = base::parse_rfc3339(text); time.ok()) return Place{0, *time};
  TRY_ASSIGN(const auto bookmarks, recording.bookmarks());
  for (const journal::Bookmark& bookmark : bookmarks) {
    if (bookmark.name == text) return Place{bookmark.sequence, {}};
  }
  return Error{ErrorCode::InvalidArgument,
               fmt::format("'{}': expected an event's sequence, a time such as 2026-11-22T09:30:00+08:00, or a "
                           "bookmark's name",
                           text)};
}

Result<std::uint64_t> checked(const journal::Recording& recording, std::uint64_t sequence, const std::string& text) {
  if (sequence >= recording.first_sequence() && sequence <= recording.last_sequence()) return sequence;
  return Error{ErrorCode::InvalidArgument,
               fmt::format("'{}': no event is there; the recording holds the events {} to {}", text,
                           recording.first_sequence(), recording.last_sequence())};
}

}  // namespace

Result<journal::Recording> open_recording(const std::vector<std::string>& files) {
  const std::vector<std::filesystem::path> paths(files.begin(), files.end());
  TRY_ASSIGN(auto recording, journal::Recording::open(paths));
  for (const journal::SegmentRange& range : recording.segments()) {
    if (!range.damage.empty()) std::fprintf(stderr, "gridwall recording: %s\n", range.damage.c_str());
  }
  return recording;
}

Result<std::uint64_t> first_event_from(journal::Recording& recording, const std::string& place) {
  if (place.empty()) return recording.first_sequence();
  TRY_ASSIGN(const Place found, place_of(recording, place));
  if (found.sequence > 0) return checked(recording, found.sequence, place);
  TRY_ASSIGN(const std::uint64_t before, recording.sequence_at(found.state_time - base::Duration(1)));
  return checked(recording, before + 1, place);
}

Result<std::uint64_t> last_event_until(journal::Recording& recording, const std::string& place) {
  if (place.empty()) return recording.last_sequence();
  TRY_ASSIGN(const Place found, place_of(recording, place));
  if (found.sequence > 0) return checked(recording, found.sequence, place);
  TRY_ASSIGN(const std::uint64_t last, recording.sequence_at(found.state_time));
  return checked(recording, last, place);
}

base::TimeZone zone_of(const journal::Identity& identity) {
  auto zone = base::TimeZone::find(identity.zone);
  return zone.ok() ? std::move(zone).value() : base::TimeZone();
}

std::string clock_text(base::UtcTime time, const base::TimeZone& zone) {
  return base::format_date(time, zone) + " " + base::format_hms(time, zone);
}

std::string digest_text(std::uint64_t digest) {
  return fmt::format("{:016x}", digest);
}

void print_out(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
}

}  // namespace gridwall::app
