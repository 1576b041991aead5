// Recording: a journal that is read: one .gwr file, several, or a folder of them, as one line of events. It may grow
// while it is read; refresh() sees new segments. Invariants: events come in order without a hole, each as it was
// published, or an error says which are missing; nothing of a damaged chunk is shown. One thread an object.
// Tests: tests/unit/journal/recording_test.cpp, damage_test.cpp.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "journal/record.hpp"
#include "journal/segment_reader.hpp"

namespace gridwall::journal {

// What is known of a segment without reading it through. Sequences and times are of its events; without any,
// last_sequence lies one below first_sequence.
struct SegmentRange {
  std::filesystem::path file;
  std::uint64_t first_sequence = 1, last_sequence = 0;
  base::UtcTime first_time{}, last_time{};
  std::string damage;  // not empty: what is missing, as a sentence
  [[nodiscard]] bool empty() const { return last_sequence < first_sequence; }
};

struct SegmentInfo {
  SegmentRange range;
  std::uint64_t chunk_count = 0, event_count = 0, raw_bytes = 0, stored_bytes = 0, file_bytes = 0;
  std::vector<KeyframeInfo> keyframes;
  std::vector<Bookmark> bookmarks;
  std::vector<ContentInfo> contents;
};

class Recording {
 public:
  // A folder means the .gwr files in it. Errors: none there, files of different journals, events missing or double
  // between two files; each names the files.
  static base::Result<Recording> open(std::span<const std::filesystem::path> paths);
  static base::Result<Recording> open(const std::filesystem::path& path);
  ~Recording();
  Recording(Recording&&) noexcept;
  Recording& operator=(Recording&&) noexcept;

  // Of the first segment; tree and profile may be others in later ones, see SegmentReader.
  [[nodiscard]] const Identity& identity() const;
  [[nodiscard]] std::span<const SegmentRange> segments() const { return m_ranges; }
  // What was written since it was opened: events, and new segments where a folder was named.
  base::Status refresh();
  // Of one segment, read through its rows: counts and sizes.
  base::Result<SegmentInfo> info(std::size_t segment);
  // What a segment's state was made with: names, then bytes.
  base::Result<std::vector<ContentInfo>> contents(std::size_t segment = 0);
  base::Result<std::string> content(std::string_view name, std::size_t segment = 0);
  base::Result<Identity> identity_of(std::size_t segment);

  // Of the events; first > last: there are none.
  [[nodiscard]] std::uint64_t first_sequence() const;
  [[nodiscard]] std::uint64_t last_sequence() const;
  [[nodiscard]] base::UtcTime first_time() const;
  [[nodiscard]] base::UtcTime last_time() const;
  [[nodiscard]] bool empty() const { return last_sequence() < first_sequence(); }

  // Reads on from a place. Valid as long as the Recording stays where it is.
  class Cursor {
   public:
    // The events of the next chunk in order, from the place on; `records` keeps its memory. False: at the end, and
    // there may be more later in a live journal (the newest segment is looked at anew, refresh() finds new ones).
    base::Result<bool> next_chunk(std::vector<Record>& records);
    [[nodiscard]] std::uint64_t next_sequence() const { return m_next_sequence; }

   private:
    friend class Recording;
    base::Result<bool> read_next(std::vector<Record>& records);
    Cursor(Recording& recording, std::uint64_t sequence) : m_recording(&recording), m_next_sequence(sequence) {}
    Recording* m_recording;
    std::uint64_t m_next_sequence;
  };
  Cursor events_from(std::uint64_t sequence) { return {*this, sequence}; }

  // The newest keyframe at or before; with the parts that have something under one of `prefixes`, none means all.
  base::Result<std::optional<Keyframe>> keyframe_at_or_before(std::uint64_t sequence,
                                                              std::span<const std::string> prefixes = {});
  base::Result<std::optional<Keyframe>> keyframe_at_or_before(base::UtcTime state_time,
                                                              std::span<const std::string> prefixes = {});
  // All of them, in order, to choose from before one is read.
  struct KeyframePlace {
    std::size_t segment = 0;
    std::uint64_t sequence = 0;
    base::UtcTime state_time{};
  };
  base::Result<std::vector<KeyframePlace>> keyframe_places();
  base::Result<Keyframe> read_keyframe(const KeyframePlace& place);
  // The last event at or before; first_sequence() - 1: none.
  base::Result<std::uint64_t> sequence_at(base::UtcTime state_time);
  // Error: InvalidArgument, no such event.
  base::Result<base::UtcTime> time_of(std::uint64_t sequence);
  base::Result<std::vector<Bookmark>> bookmarks();
  // Events in each of so many equal spans from the first event's time to the last's: for a strip under a timeline.
  // Of long recordings the events of a chunk are taken as evenly spread; of others each is looked at.
  base::Result<std::vector<std::uint64_t>> density(std::size_t bucket_count);
  // SQLite's own check of a file, for 'verify'. Empty: whole; else what it found.
  base::Result<std::vector<std::string>> check_file(std::size_t segment);

 private:
  Recording() = default;
  base::Status find_files();
  base::Status add_segment(const std::filesystem::path& file);
  base::Status read_range(SegmentReader& reader, SegmentRange& range) const;
  base::Status check_order() const;
  base::Result<SegmentReader*> reader(std::size_t segment);
  base::Status refresh_last();
  // The first segment that has events at or behind it.
  [[nodiscard]] std::optional<std::size_t> segment_from(std::uint64_t sequence) const;
  base::Result<std::uint64_t> sequence_within(std::size_t segment, base::UtcTime state_time);
  base::Result<std::optional<Keyframe>> newest_keyframe(std::uint64_t sequence_max, base::UtcTime time_max,
                                                        std::span<const std::string> prefixes);

  struct Open {
    std::size_t segment = 0;
    SegmentReader reader;
  };
  std::vector<std::filesystem::path> m_paths;  // as named
  std::vector<std::filesystem::path> m_files;
  std::vector<SegmentRange> m_ranges;         // in order
  std::vector<std::unique_ptr<Open>> m_open;  // some of them, the one used last at the back
  Identity m_identity;
  std::vector<Record> m_scratch;
};

// Adds a bookmark to the file that holds its event, also while another process writes to it.
base::Status add_bookmark(std::span<const SegmentRange> segments, const Bookmark& bookmark);
// Copies one file as it is now, also while another process writes to it.
base::Status back_up_file(const std::filesystem::path& from, const std::filesystem::path& to,
                          const std::function<void(double share)>& step);

}  // namespace gridwall::journal
