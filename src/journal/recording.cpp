#include "journal/recording.hpp"

#include <algorithm>
#include <limits>

#include "base/time_text.hpp"
#include "journal/schema.hpp"

namespace gridwall::journal {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorCode;

namespace {

// Each open file costs some file descriptors and a page cache.
constexpr std::size_t kOpenFilesMax = 4;
constexpr std::uint64_t kEventsLookedAt = 100'000;  // for a density, one by one
constexpr std::size_t kDensityBucketsMax = 1 << 16;
constexpr std::uint64_t kEnd = std::numeric_limits<std::int64_t>::max();

}  // namespace

Recording::~Recording() = default;
Recording::Recording(Recording&&) noexcept = default;
Recording& Recording::operator=(Recording&&) noexcept = default;

base::Result<Recording> Recording::open(const fs::path& path) {
  return open(std::span(&path, 1));
}

base::Result<Recording> Recording::open(std::span<const fs::path> paths) {
  Recording recording;
  recording.m_paths.assign(paths.begin(), paths.end());
  TRY(recording.find_files());
  if (recording.m_ranges.empty()) {
    return Error{ErrorCode::NotFound, fmt::format("{}: no .gwr file there; name a recording or a folder of them",
                                                  paths.empty() ? std::string("recording") : paths.front().string())};
  }
  return recording;
}

base::Status Recording::find_files() {
  std::vector<fs::path> files;
  for (const fs::path& path : m_paths) {
    std::error_code code;
    if (!fs::is_directory(path, code)) {
      files.push_back(path);
      continue;
    }
    for (const auto& entry : fs::directory_iterator(path, code)) {
      if (entry.path().extension() == ".gwr") files.push_back(entry.path());
    }
    if (code) {
      return Error{ErrorCode::Unreadable,
                   fmt::format("{}: the folder cannot be read ({})", path.string(), code.message())};
    }
  }
  std::sort(files.begin(), files.end());
  files.erase(std::unique(files.begin(), files.end()), files.end());
  for (const fs::path& file : files) {
    if (std::find(m_files.begin(), m_files.end(), file) == m_files.end()) TRY(add_segment(file));
  }
  return check_order();
}

base::Status Recording::add_segment(const fs::path& file) {
  TRY_ASSIGN(SegmentReader opened, SegmentReader::open(file));
  const Identity& identity = opened.identity();
  if (m_ranges.empty()) {
    m_identity = identity;
  } else if (identity.journal != m_identity.journal) {
    return Error{
        ErrorCode::Refused,
        fmt::format("{} is of the journal {}, {} is of {}; files of one journal were expected, open them apart",
                    m_ranges.front().file.string(), wire::journal_text(m_identity.journal), file.string(),
                    wire::journal_text(identity.journal))};
  }
  SegmentRange range;
  range.file = file;
  range.damage = opened.damage();
  TRY(read_range(opened, range));
  const auto behind =
      std::upper_bound(m_ranges.begin(), m_ranges.end(), range, [](const SegmentRange& a, const SegmentRange& b) {
        return std::pair(a.first_sequence, a.last_sequence) < std::pair(b.first_sequence, b.last_sequence);
      });
  if (behind == m_ranges.begin()) m_identity = identity;
  m_ranges.insert(behind, std::move(range));
  m_files.push_back(file);
  m_open.clear();  // their numbers have moved
  return {};
}

base::Status Recording::read_range(SegmentReader& opened, SegmentRange& range) const {
  TRY_ASSIGN(const auto first, opened.find_chunk(1));
  if (first) {
    TRY_ASSIGN(const auto last, opened.find_chunk_back(kEnd));
    range.first_sequence = first->first_sequence;
    range.first_time = first->first_time;
    range.last_sequence = last ? last->last_sequence : first->last_sequence;
    range.last_time = last ? last->last_time : first->last_time;
    return {};
  }
  TRY_ASSIGN(const auto keyframes, opened.keyframes());
  if (keyframes.empty()) return {};
  range.last_sequence = keyframes.back().sequence;
  range.first_sequence = range.last_sequence + 1;
  range.first_time = range.last_time = keyframes.back().state_time;
  return {};
}

base::Status Recording::check_order() const {
  for (std::size_t i = 1; i < m_ranges.size(); ++i) {
    const SegmentRange &before = m_ranges[i - 1], &next = m_ranges[i];
    if (next.first_sequence == before.last_sequence + 1) continue;
    const bool twice = next.first_sequence <= before.last_sequence;
    return Error{
        ErrorCode::Malformed,
        twice
            ? fmt::format("{} and {} both hold the events {} to {}; name one of the two", before.file.string(),
                          next.file.string(), next.first_sequence, std::min(before.last_sequence, next.last_sequence))
            : fmt::format("between {} and {} the events {} to {} are missing; add the file that holds them, "
                          "or open the two apart",
                          before.file.string(), next.file.string(), before.last_sequence + 1, next.first_sequence - 1)};
  }
  return {};
}

base::Result<SegmentReader*> Recording::reader(std::size_t segment) {
  const auto found = std::find_if(m_open.begin(), m_open.end(),
                                  [&](const std::unique_ptr<Open>& open) { return open->segment == segment; });
  if (found != m_open.end()) {
    std::rotate(found, found + 1, m_open.end());
  } else {
    TRY_ASSIGN(SegmentReader opened, SegmentReader::open(m_ranges[segment].file));
    if (m_open.size() >= kOpenFilesMax) m_open.erase(m_open.begin());
    m_open.push_back(std::make_unique<Open>(Open{segment, std::move(opened)}));
  }
  return &m_open.back()->reader;
}

base::Status Recording::refresh_last() {
  TRY_ASSIGN(SegmentReader * last, reader(m_ranges.size() - 1));
  return read_range(*last, m_ranges.back());
}

base::Status Recording::refresh() {
  TRY(refresh_last());
  return find_files();
}

const Identity& Recording::identity() const {
  return m_identity;
}
std::uint64_t Recording::first_sequence() const {
  return m_ranges.front().first_sequence;
}
std::uint64_t Recording::last_sequence() const {
  return m_ranges.back().last_sequence;
}
base::UtcTime Recording::first_time() const {
  return m_ranges.front().first_time;
}
base::UtcTime Recording::last_time() const {
  return m_ranges.back().last_time;
}

base::Result<Identity> Recording::identity_of(std::size_t segment) {
  TRY_ASSIGN(const SegmentReader* opened, reader(segment));
  return opened->identity();
}

base::Result<std::vector<ContentInfo>> Recording::contents(std::size_t segment) {
  TRY_ASSIGN(const SegmentReader* opened, reader(segment));
  return opened->contents();
}

base::Result<std::string> Recording::content(std::string_view name, std::size_t segment) {
  TRY_ASSIGN(SegmentReader * opened, reader(segment));
  return opened->read_content(name);
}

base::Result<SegmentInfo> Recording::info(std::size_t segment) {
  TRY_ASSIGN(SegmentReader * opened, reader(segment));
  SegmentInfo info;
  info.range = m_ranges[segment];
  TRY(opened->each_chunk([&](const ChunkInfo& chunk, std::uint64_t stored_bytes) {
    ++info.chunk_count;
    info.event_count += chunk.count();
    info.raw_bytes += chunk.raw_bytes;
    info.stored_bytes += stored_bytes;
    return true;
  }));
  TRY_ASSIGN(info.keyframes, opened->keyframes());
  TRY_ASSIGN(info.bookmarks, opened->bookmarks());
  TRY_ASSIGN(info.contents, opened->contents());
  std::error_code code;
  for (const char* ending : {"", "-wal"}) {
    const auto size = fs::file_size(info.range.file.string() + ending, code);
    if (!code) info.file_bytes += size;
  }
  return info;
}

base::Result<std::vector<Bookmark>> Recording::bookmarks() {
  std::vector<Bookmark> all;
  for (std::size_t i = 0; i < m_ranges.size(); ++i) {
    TRY_ASSIGN(const SegmentReader* opened, reader(i));
    TRY_ASSIGN(const auto some, opened->bookmarks());
    all.insert(all.end(), some.begin(), some.end());
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const Bookmark& a, const Bookmark& b) { return a.sequence < b.sequence; });
  return all;
}

base::Result<std::vector<std::uint64_t>> Recording::density(std::size_t bucket_count) {
  std::vector<std::uint64_t> buckets(std::clamp<std::size_t>(bucket_count, 1, kDensityBucketsMax));
  const double begin_ns = static_cast<double>(first_time().time_since_epoch().count());
  const double span_ns = std::max(1.0, static_cast<double>(last_time().time_since_epoch().count()) - begin_ns);
  const auto place_of = [&](base::UtcTime time) {
    const double share = (static_cast<double>(time.time_since_epoch().count()) - begin_ns) / span_ns;
    return std::clamp(share, 0.0, 1.0) * static_cast<double>(buckets.size());
  };
  if (last_sequence() - first_sequence() < kEventsLookedAt) {
    std::vector<Record> records;
    Cursor cursor = events_from(first_sequence());
    for (;;) {
      TRY_ASSIGN(const bool more, cursor.next_chunk(records));
      if (!more) return buckets;
      for (const Record& record : records) {
        ++buckets[std::min(static_cast<std::size_t>(place_of(record.state_time)), buckets.size() - 1)];
      }
    }
  }
  for (std::size_t i = 0; i < m_ranges.size(); ++i) {
    TRY_ASSIGN(SegmentReader * opened, reader(i));
    TRY(opened->each_chunk([&](const ChunkInfo& chunk, std::uint64_t) {
      const double begin = place_of(chunk.first_time), end = place_of(chunk.last_time);
      const auto bucket_of = [&](double place) {
        return std::min(static_cast<std::size_t>(place), buckets.size() - 1);
      };
      std::uint64_t told = 0;
      for (std::size_t bucket = bucket_of(begin); bucket < bucket_of(end); ++bucket) {
        const double share = (static_cast<double>(bucket + 1) - begin) / (end - begin);
        const auto through = static_cast<std::uint64_t>(share * static_cast<double>(chunk.count()));
        buckets[bucket] += through - told;
        told = through;
      }
      buckets[bucket_of(end)] += chunk.count() - told;
      return true;
    }));
  }
  return buckets;
}

base::Result<std::vector<std::string>> Recording::check_file(std::size_t segment) {
  TRY_ASSIGN(const SegmentReader* opened, reader(segment));
  TRY_ASSIGN(Statement rows, opened->database().prepare("PRAGMA integrity_check(20)"));
  std::vector<std::string> found;
  for (;;) {
    const auto stepped = rows.step();
    if (!stepped.ok()) found.push_back(stepped.error().message);
    if (!stepped.ok() || !*stepped) return found;
    if (rows.text(0) != "ok") found.emplace_back(rows.text(0));
  }
}

base::Status add_bookmark(std::span<const SegmentRange> segments, const Bookmark& bookmark) {
  const auto holder = std::find_if(segments.begin(), segments.end(), [&](const SegmentRange& range) {
    return bookmark.sequence >= range.first_sequence && bookmark.sequence <= range.last_sequence;
  });
  if (holder == segments.end() || bookmark.name.size() > kBookmarkNameBytesMax) {
    return Error{ErrorCode::InvalidArgument,
                 fmt::format("bookmark at event {}: no file holds that event, or its name is longer than {} bytes",
                             bookmark.sequence, kBookmarkNameBytesMax)};
  }
  TRY_ASSIGN(Database database, Database::open(holder->file, Database::Access::Write));
  TRY(check_tables(database));
  TRY_ASSIGN(Statement row, database.prepare("INSERT INTO bookmark VALUES (NULL, ?1, ?2, ?3)"));
  row.bind(1, bookmark.sequence).bind(2, std::int64_t{bookmark.state_time.time_since_epoch().count()});
  return row.bind_text(3, bookmark.name).run();
}

base::Status back_up_file(const fs::path& from, const fs::path& to, const std::function<void(double)>& step) {
  TRY_ASSIGN(const Database database, Database::open(from, Database::Access::Read));
  TRY(check_tables(database));
  if (database.cut()) {
    return Error{ErrorCode::Malformed,
                 fmt::format("{}: was cut; 'gridwall recording cut' makes a whole file of what is "
                             "left of it",
                             from.string())};
  }
  fs::path partial = to;
  partial += ".part";
  std::error_code code;
  if (fs::exists(to)) {
    return Error{ErrorCode::Refused, fmt::format("{}: is there already; name another file", to.string())};
  }
  fs::remove(partial, code);
  const auto status = database.back_up(partial, step);
  if (status.ok()) fs::rename(partial, to, code);
  if (status.ok() && !code) return {};
  for (const char* ending : {"", "-wal", "-shm", "-journal"}) fs::remove(partial.string() + ending, code);
  if (!status.ok()) return status;
  return Error{ErrorCode::Unavailable, fmt::format("{}: cannot be made", to.string())};
}

}  // namespace gridwall::journal
