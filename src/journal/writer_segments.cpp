// Writer's other half: which file is written to, when the next begins, and which old ones go.
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <limits>

#include "base/log.hpp"
#include "base/time_text.hpp"
#include "journal/writer.hpp"

namespace gridwall::journal {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorCode;

namespace {

constexpr int kSegmentsADayMax = 99;

// Files of a folder with the ending, by name: which is by time.
std::vector<fs::path> files_with(const fs::path& folder, std::string_view ending) {
  std::vector<fs::path> files;
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(folder, code)) {
    if (entry.path().extension() == ending && entry.is_regular_file(code)) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

void remove_with_logs(const fs::path& file) {
  std::error_code code;
  for (const char* ending : {"", "-wal", "-shm", "-journal"}) fs::remove(file.string() + ending, code);
}

}  // namespace

// An flock: it ends with the process, however that ends. Not on the journal's own files, whose locks are SQLite's.
class Writer::Lock {
 public:
  static base::Result<std::unique_ptr<Lock>> take(const fs::path& file, bool goes_with_it) {
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (descriptor < 0) {
      return Error{ErrorCode::Unreadable,
                   fmt::format("{}: cannot be made; check the folder and its permissions", file.string())};
    }
    auto lock = std::make_unique<Lock>(descriptor, goes_with_it ? file : fs::path());
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
      return Error{ErrorCode::Refused,
                   fmt::format("{}: another hub writes this journal; stop it, or name another place", file.string())};
    }
    return lock;
  }
  Lock(int descriptor, fs::path removed_at_end)
      : m_descriptor(descriptor), m_removed_at_end(std::move(removed_at_end)) {}
  ~Lock() {
    std::error_code code;
    if (!m_removed_at_end.empty()) fs::remove(m_removed_at_end, code);
    ::close(m_descriptor);
  }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

 private:
  int m_descriptor;
  fs::path m_removed_at_end;
};

std::optional<base::LocalDays> day_of_name(const fs::path& file) {
  const std::string name = file.stem().string();
  int year = 0;
  unsigned month = 0, day = 0;
  if (name.size() < 10 || std::sscanf(name.c_str(), "%4d-%2u-%2u", &year, &month, &day) != 3) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
  if (!date.ok()) return std::nullopt;
  return base::LocalDays(date);
}

Writer::Writer(fs::path path, Identity identity, WriterOptions options)
    : m_path(std::move(path)), m_identity(std::move(identity)), m_options(options) {}
Writer::~Writer() = default;
Writer::Writer(Writer&&) noexcept = default;

base::Result<Writer> Writer::open(const fs::path& path, Identity identity, std::span<const ContentItem> content,
                                  WriterOptions options) {
  Writer writer(path, std::move(identity), options);
  std::error_code code;
  const fs::path folder = options.one_segment ? path.parent_path() : path;
  if (!folder.empty()) fs::create_directories(folder, code);
  if (code) {
    return Error{ErrorCode::Unreadable, fmt::format("{}: cannot be made ({}); name a folder that may be written",
                                                    folder.string(), code.message())};
  }
  TRY(writer.start(content));
  return writer;
}

base::Result<Writer> Writer::create_file(const fs::path& file, Identity identity, std::span<const ContentItem> content,
                                         const Keyframe* start) {
  Writer writer(file, std::move(identity), {.one_segment = true});
  { TRY_ASSIGN(const SegmentFile made, SegmentFile::create(file, writer.m_identity, content, start, {})); }
  TRY(writer.start(content));
  return writer;
}

base::Status Writer::start(std::span<const ContentItem> content) {
  TRY_ASSIGN(m_zone, base::TimeZone::find(m_identity.zone));
  fs::path lock = m_options.one_segment ? m_path : m_path / "writer";
  lock += ".lock";
  TRY_ASSIGN(m_lock, Lock::take(lock, m_options.one_segment));
  std::vector<fs::path> files;
  if (m_options.one_segment) {
    if (fs::exists(m_path)) files.push_back(m_path);
  } else {
    for (const fs::path& partial : files_with(m_path, ".part")) remove_with_logs(partial);
    files = segments();
  }
  m_content.assign(content.begin(), content.end());
  if (files.empty()) return {};
  TRY(go_on(files.back(), content));
  return load_key_book();
}

base::Status Writer::go_on(const fs::path& file, std::span<const ContentItem> content) {
  TRY_ASSIGN(SegmentFile segment, SegmentFile::open(file, {m_options.segment_bytes_max}));
  m_segment = std::make_unique<SegmentFile>(std::move(segment));
  const Identity& there = m_segment->identity();
  if (there.root_path != m_identity.root_path) {
    return Error{ErrorCode::Refused, fmt::format("{}: is the journal of {}, not of {}; name another place",
                                                 file.string(), there.root_path, m_identity.root_path)};
  }
  m_identity.journal = there.journal;
  TRY_ASSIGN(const bool same_content, m_segment->has_content(content));
  m_content_differs = !same_content || !(there == m_identity);
  if (m_content_differs && m_options.one_segment) {
    return Error{ErrorCode::Refused,
                 fmt::format("{}: was recorded with another configuration; name another file", file.string())};
  }
  if (!m_content_differs) m_content.clear();
  m_last_sequence = m_segment->last_sequence();
  m_last_time = m_segment->last_time();
  return {};
}

base::Status Writer::load_key_book() {
  const base::UtcTime since = m_last_time - kKeysKept;
  std::vector<fs::path> files;
  if (m_options.one_segment) {
    files.push_back(m_path);
  } else {
    files = files_with(m_path, kKeysOnlyEnding);
    const std::vector<fs::path> whole = segments();
    files.insert(files.end(), whole.begin(), whole.end());
  }
  for (const fs::path& file : files) {
    if (const auto status = m_keys.load(file, since); !status.ok()) {
      // The journal itself goes on: a repeated event of that file would be taken once more.
      base::log_warning("journal", "dedupe keys are lost: {}", status.error().message);
    }
  }
  m_keys.expire(since);
  return {};
}

std::vector<fs::path> Writer::segments() const {
  if (!m_options.one_segment) return files_with(m_path, ".gwr");
  return m_segment ? std::vector{m_path} : std::vector<fs::path>();
}

bool Writer::needs_segment(base::UtcTime state_time) const {
  if (m_options.one_segment || !m_segment) return false;
  if (m_content_differs) return true;
  const auto day = day_of_name(m_segment->file());
  return m_zone.day_of(state_time) > day.value_or(m_zone.day_of(m_segment->last_time()));
}

fs::path Writer::new_name(base::UtcTime state_time) const {
  if (m_options.one_segment) return m_path;
  const std::string day = base::format_date(state_time, m_zone);
  fs::path file = m_path / (day + ".gwr");
  for (int i = 2; fs::exists(file) && i <= kSegmentsADayMax; ++i) file = m_path / fmt::format("{}_{:02}.gwr", day, i);
  return file;
}

base::Status Writer::make_segment(base::UtcTime state_time, const Keyframe* keyframe) {
  std::vector<ContentItem> read;
  if (m_content.empty() && m_segment) {
    TRY_ASSIGN(SegmentReader reader, SegmentReader::open(m_segment->file()));
    TRY_ASSIGN(const auto infos, reader.contents());
    for (const ContentInfo& info : infos) {
      TRY_ASSIGN(std::string bytes, reader.read_content(info.name));
      read.push_back({info.name, std::move(bytes)});
    }
  }
  TRY_ASSIGN(SegmentFile made,
             SegmentFile::create(new_name(state_time), m_identity, m_content.empty() ? read : m_content, keyframe,
                                 {m_options.segment_bytes_max}));
  if (m_segment) {
    m_counters.chunk_count += m_segment->chunk_count();
    m_counters.bytes_written += m_segment->bytes_written();
  }
  m_segment = std::make_unique<SegmentFile>(std::move(made));
  m_content.clear();
  m_content_differs = false;
  m_merge_from = m_segment->last_sequence() + 1;
  ++m_counters.segment_count;
  return {};
}

base::Status Writer::begin_segment(base::UtcTime state_time, const Keyframe& keyframe) {
  if (m_options.one_segment || !m_segment || has_uncommitted() || keyframe.sequence != durable_through()) {
    return Error{
        ErrorCode::InvalidArgument,
        fmt::format("{}: a segment begins with a keyframe at the last durable event, {}, and not with one at {}",
                    m_path.string(), durable_through(), keyframe.sequence)};
  }
  if (const auto merge = m_segment->merge_from(m_merge_from, true); !merge.ok()) {
    base::log_warning("journal", "small chunks stay as they are: {}", merge.error().message);
  }
  TRY(make_segment(state_time, &keyframe));
  m_last_time = std::max(m_last_time, m_segment->last_time());
  m_keys.expire(m_last_time - kKeysKept);
  retire_old_segments(m_zone.day_of(std::max(m_last_time, state_time)));
  return {};
}

void Writer::retire_old_segments(base::LocalDays today) {
  for (const fs::path& file : files_with(m_path, kKeysOnlyEnding)) {
    const auto day = day_of_name(file);
    if (day && *day + kKeysKept + std::chrono::days(1) < today) {
      m_keys.move_file(file, {});
      remove_with_logs(file);
    }
  }
  if (m_options.keep_days == 0) return;
  const auto first_kept = today - std::chrono::days(m_options.keep_days);
  for (const fs::path& file : segments()) {
    const auto day = day_of_name(file);
    if (!day || *day >= first_kept || file == m_segment->file()) continue;
    if (const auto status = retire(file); !status.ok()) {
      base::log_warning("journal", "an old segment stays: {}", status.error().message);
    }
  }
}

// The keys outlive the events: a publisher may send again what it sent weeks ago.
base::Status Writer::retire(const fs::path& file) {
  fs::path keys_file = file;
  keys_file.replace_extension(kKeysOnlyEnding);
  {
    TRY_ASSIGN(SegmentReader reader, SegmentReader::open(file));
    remove_with_logs(keys_file);
    TRY_ASSIGN(SegmentFile made, SegmentFile::create(keys_file, reader.identity(), {}, nullptr, {}));
    base::Status status;
    const auto copied = reader.each_key_run(m_last_time - kKeysKept, 0, std::numeric_limits<std::int64_t>::max(),
                                            [&](std::int64_t run, std::span<const DedupeKey> keys) {
                                              made.set_next_run(run);
                                              status = made.add_keys(keys);
                                              return status.ok();
                                            });
    if (!copied.ok()) return copied.error();
    TRY(status);
    TRY(made.commit());
  }
  m_keys.move_file(file, keys_file);
  remove_with_logs(file);
  return sync_folder(m_path);
}

}  // namespace gridwall::journal
