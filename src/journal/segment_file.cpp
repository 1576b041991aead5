#include "journal/segment_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <map>

#include "base/hash.hpp"
#include "base/log.hpp"
#include "journal/key_run.hpp"
#include "journal/packing.hpp"
#include "journal/schema.hpp"

namespace gridwall::journal {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorCode;

namespace {

constexpr std::size_t kSmallChunkBytes = kChunkBytesTarget / 2;
// Work of one merge is bounded: at most so many rows are looked at.
constexpr std::size_t kMergedChunksMax = 4096;
constexpr int kPageBytes = 4096;

std::string_view address_bytes(const base::ContentAddress& address) {
  return {reinterpret_cast<const char*>(address.data()), address.size()};
}

}  // namespace

base::Status sync_folder(const fs::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = descriptor >= 0 && ::fsync(descriptor) == 0;
  if (descriptor >= 0) ::close(descriptor);
  if (synced) return {};
  return Error{ErrorCode::Unavailable, fmt::format("{}: the folder cannot be synced to the disk", folder.string())};
}

base::Result<SegmentFile> SegmentFile::create(const fs::path& file, const Identity& identity,
                                              std::span<const ContentItem> content, const Keyframe* keyframe,
                                              Limits limits) {
  if (fs::exists(file)) {
    return Error{ErrorCode::Refused, fmt::format("{}: is there already; name another file", file.string())};
  }
  fs::path partial = file;
  partial += ".part";
  std::error_code code;
  for (const char* ending : {"", "-journal", "-wal", "-shm"}) fs::remove(partial.string() + ending, code);
  const auto written = write_new(partial, identity, content, keyframe);
  if (!written.ok()) {
    for (const char* ending : {"", "-journal"}) fs::remove(partial.string() + ending, code);
    return written.error();
  }
  fs::rename(partial, file, code);
  if (code) {
    return Error{ErrorCode::Unavailable, fmt::format("{}: cannot be made ({})", file.string(), code.message())};
  }
  TRY(sync_folder(file.has_parent_path() ? file.parent_path() : fs::path(".")));
  return open(file, limits);
}

base::Status SegmentFile::write_new(const fs::path& partial, const Identity& identity,
                                    std::span<const ContentItem> content, const Keyframe* keyframe) {
  TRY_ASSIGN(Database database, Database::open(partial, Database::Access::Create));
  TRY(database.execute(fmt::format("PRAGMA page_size = {}; PRAGMA synchronous = FULL", kPageBytes)));
  SegmentFile segment(std::move(database));
  TRY(segment.m_database.execute("BEGIN IMMEDIATE"));
  TRY(create_tables(segment.m_database));
  TRY(write_identity(segment.m_database, identity));
  TRY(segment.add_content(content));
  if (keyframe != nullptr) TRY(segment.add_keyframe(*keyframe));
  return segment.m_database.execute("COMMIT");
}

base::Result<SegmentFile> SegmentFile::open(const fs::path& file, Limits limits) {
  TRY_ASSIGN(Database database, Database::open(file, Database::Access::Write));
  SegmentFile segment(std::move(database));
  TRY(check_tables(segment.m_database));
  TRY_ASSIGN(segment.m_identity, read_identity(segment.m_database));
  TRY(segment.m_database.execute(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -8192; "
      "PRAGMA secure_delete = OFF; PRAGMA journal_size_limit = 67108864; PRAGMA wal_autocheckpoint = 4000"));
  if (limits.bytes_max > 0) {
    TRY(segment.m_database.execute(fmt::format("PRAGMA max_page_count = {}", limits.bytes_max / kPageBytes)));
  }
  TRY(segment.prepare());
  TRY(segment.read_ends());
  return segment;
}

SegmentFile::~SegmentFile() {
  if (!m_insert_chunk.prepared()) return;  // moved from, or never whole
  roll_back();
  for (Statement* statement : {&m_insert_chunk, &m_insert_keys, &m_insert_part}) *statement = Statement();
  if (const auto status = m_database.execute("PRAGMA journal_mode = DELETE"); !status.ok()) {
    base::log_debug("journal", "{} keeps its log beside it: {}", file().string(), status.error().message);
  }
}

base::Status SegmentFile::prepare() {
  TRY_ASSIGN(m_insert_chunk, m_database.prepare("INSERT INTO chunk VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"));
  TRY_ASSIGN(m_insert_keys, m_database.prepare("INSERT INTO key_run VALUES (?1, ?2, ?3, ?4, ?5)"));
  TRY_ASSIGN(m_insert_part, m_database.prepare("INSERT INTO keyframe_part VALUES (NULL, ?1, ?2, ?3, ?4, ?5)"));
  return {};
}

base::Status SegmentFile::read_ends() {
  const auto time_of = [](const Statement& row, int column) {
    return base::UtcTime(base::Duration(row.integer(column)));
  };
  TRY_ASSIGN(Statement keyframe,
             m_database.prepare("SELECT sequence, state_time FROM keyframe ORDER BY sequence DESC LIMIT 1"));
  TRY_ASSIGN(const bool has_keyframe, keyframe.step());
  if (has_keyframe) {
    m_last_sequence = keyframe.unsigned_integer(0);
    m_last_time = time_of(keyframe, 1);
  }
  TRY_ASSIGN(Statement chunk,
             m_database.prepare("SELECT last_sequence, last_time FROM chunk ORDER BY first_sequence DESC LIMIT 1"));
  TRY_ASSIGN(const bool has_chunk, chunk.step());
  if (has_chunk && chunk.unsigned_integer(0) >= m_last_sequence) {
    m_last_sequence = chunk.unsigned_integer(0);
    m_last_time = std::max(m_last_time, time_of(chunk, 1));
  }
  m_pending_sequence = m_last_sequence;
  m_pending_time = m_last_time;
  TRY_ASSIGN(m_next_run, m_database.number("SELECT coalesce(max(id), 0) + 1 FROM key_run"));
  m_committed_runs = m_next_run;
  return {};
}

base::Status SegmentFile::begin() {
  if (m_database.in_transaction()) return {};
  return m_database.execute("BEGIN IMMEDIATE");
}

base::Status SegmentFile::add_content(std::span<const ContentItem> content) {
  TRY_ASSIGN(Statement row, m_database.prepare("INSERT INTO content VALUES (?1, ?2, ?3, ?4)"));
  TRY_ASSIGN(Statement name, m_database.prepare("INSERT INTO content_name VALUES (NULL, ?1, ?2)"));
  std::map<base::ContentAddress, std::int64_t> known;
  for (const ContentItem& item : content) {
    const base::ContentAddress address = base::content_address(item.bytes);
    const auto id = static_cast<std::int64_t>(known.size() + 1);
    const auto [entry, is_new] = known.emplace(address, id);
    if (is_new) {
      m_compressor.compress(item.bytes, m_frame);
      row.bind(1, id).bind_blob(2, address_bytes(address)).bind(3, std::uint64_t{item.bytes.size()});
      TRY(row.bind_blob(4, m_frame).run());
    }
    TRY(name.bind_text(1, item.name).bind(2, entry->second).run());
  }
  return {};
}

base::Result<bool> SegmentFile::has_content(std::span<const ContentItem> content) const {
  std::map<std::string, std::string, std::less<>> wanted;
  for (const ContentItem& item : content) wanted[item.name] = address_bytes(base::content_address(item.bytes));
  TRY_ASSIGN(Statement rows, m_database.prepare("SELECT name, address FROM content_name JOIN content ON content.id = "
                                                "content_name.content"));
  std::size_t found = 0;
  for (;; ++found) {
    TRY_ASSIGN(const bool row, rows.step());
    if (!row) return found == wanted.size();
    const auto item = wanted.find(rows.text(0));
    if (item == wanted.end() || item->second != rows.blob(1)) return false;
  }
}

base::Status SegmentFile::add_keyframe(const Keyframe& keyframe) {
  TRY_ASSIGN(Statement part, m_database.prepare("INSERT INTO keyframe_part VALUES (NULL, ?1, ?2, ?3, ?4, ?5)"));
  std::uint64_t bytes = keyframe.head.size() + keyframe.chains.size();
  for (const KeyframePart& one : keyframe.parts) {
    m_compressor.compress(one.bytes, m_frame);
    part.bind(1, keyframe.sequence).bind_text(2, one.prefix).bind(3, std::uint64_t{one.bytes.size()});
    TRY(part.bind(4, base::hash_bytes(one.bytes)).bind_blob(5, m_frame).run());
    bytes += one.bytes.size();
  }
  TRY_ASSIGN(Statement row, m_database.prepare("INSERT INTO keyframe VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"));
  const std::string head = pack(m_compressor, keyframe.head), chains = pack(m_compressor, keyframe.chains);
  row.bind(1, keyframe.sequence).bind(2, std::int64_t{keyframe.state_time.time_since_epoch().count()});
  row.bind(3, keyframe.digest).bind(4, std::uint64_t{keyframe.parts.size()}).bind(5, bytes);
  return row.bind_blob(6, head).bind_blob(7, chains).run();
}

base::Status SegmentFile::insert_chunk(ChunkBuilder& builder) {
  const std::uint64_t first = builder.first_sequence(), count = builder.count();
  const base::UtcTime first_time = builder.first_time(), last_time = builder.last_time();
  builder.finish(m_raw);
  m_compressor.compress(m_raw, m_frame);
  Statement& row = m_insert_chunk;
  row.bind(1, first).bind(2, first + count - 1).bind(3, std::int64_t{first_time.time_since_epoch().count()});
  row.bind(4, std::int64_t{last_time.time_since_epoch().count()}).bind(5, count).bind(6, std::uint64_t{m_raw.size()});
  TRY(row.bind(7, base::hash_bytes(m_raw)).bind_blob(8, m_frame).run());
  m_bytes_written += m_frame.size();
  ++m_chunk_count;
  return {};
}

base::Status SegmentFile::add_chunk(ChunkBuilder& builder) {
  TRY(begin());
  m_pending_sequence = builder.first_sequence() + builder.count() - 1;
  m_pending_time = builder.last_time();
  return insert_chunk(builder);
}

base::Status SegmentFile::add_keys(std::span<const DedupeKey> keys) {
  TRY(begin());
  for (std::size_t at = 0; at < keys.size(); at += KeyFilter::kKeysMax) {
    const auto some = keys.subspan(at, std::min(keys.size() - at, KeyFilter::kKeysMax));
    const std::string bytes = encode_key_run(some);
    const auto newest = std::max_element(some.begin(), some.end(), [](const DedupeKey& a, const DedupeKey& b) {
                          return a.occurred_at < b.occurred_at;
                        })->occurred_at;
    m_insert_keys.bind(1, m_next_run++).bind(2, std::uint64_t{some.size()});
    m_insert_keys.bind(3, std::int64_t{newest.time_since_epoch().count()}).bind(4, base::hash_bytes(bytes));
    TRY(m_insert_keys.bind_blob(5, bytes).run());
    m_bytes_written += bytes.size();
  }
  return {};
}

base::Status SegmentFile::commit() {
  if (m_database.in_transaction()) TRY(m_database.execute("COMMIT"));
  m_last_sequence = m_pending_sequence;
  m_last_time = m_pending_time;
  m_committed_runs = m_next_run;
  return {};
}

void SegmentFile::roll_back() {
  m_database.roll_back();
  m_pending_sequence = m_last_sequence;
  m_pending_time = m_last_time;
  m_next_run = m_committed_runs;
}

base::Status SegmentFile::put_keyframe(const Keyframe& keyframe) {
  TRY(begin());
  auto status = add_keyframe(keyframe);
  if (status.ok()) status = commit();
  if (!status.ok()) roll_back();
  return status;
}

base::Status SegmentFile::put_bookmark(const Bookmark& bookmark) {
  TRY_ASSIGN(Statement row, m_database.prepare("INSERT INTO bookmark VALUES (NULL, ?1, ?2, ?3)"));
  row.bind(1, bookmark.sequence).bind(2, std::int64_t{bookmark.state_time.time_since_epoch().count()});
  return row.bind_text(3, bookmark.name).run();
}

base::Result<SegmentFile::Merge> SegmentFile::merge_from(std::uint64_t first_sequence, bool closing) {
  TRY_ASSIGN(Statement rows,
             m_database.prepare("SELECT first_sequence, last_sequence, bytes FROM chunk WHERE first_sequence >= ?1 "
                                "ORDER BY first_sequence"));
  rows.bind(1, first_sequence);
  Merge merge{.next_sequence = first_sequence};
  std::uint64_t end = 0;
  std::size_t bytes = 0, count = 0;
  bool full = false;
  while (!full) {
    TRY_ASSIGN(const bool row, rows.step());
    if (!row) break;
    const auto size = static_cast<std::size_t>(rows.unsigned_integer(2));
    if (size >= kSmallChunkBytes) {
      full = count > 1;  // those before it cannot grow any more
      if (!full) merge.next_sequence = rows.unsigned_integer(1) + 1;
      if (!full) bytes = count = 0;
      continue;
    }
    if (count == 0) merge.next_sequence = rows.unsigned_integer(0);
    end = rows.unsigned_integer(1);
    bytes += size;
    ++count;
    full = count > 1 && (bytes >= kChunkBytesTarget || count >= kMergedChunksMax);
  }
  rows.reset();
  if (count < 2 || (!full && !closing)) return merge;
  const auto status = replace_chunks(merge.next_sequence, end);
  // What cannot be merged stays as it is, and is not tried again.
  merge.next_sequence = end + 1;
  if (!status.ok()) {
    roll_back();
    return status.error();
  }
  merge.merged = true;
  return merge;
}

base::Status SegmentFile::replace_chunks(std::uint64_t first_sequence, std::uint64_t last_sequence) {
  TRY(begin());
  TRY_ASSIGN(Statement rows,
             m_database.prepare("SELECT hash, zstd FROM chunk WHERE first_sequence BETWEEN ?1 AND ?2 ORDER BY "
                                "first_sequence"));
  rows.bind(1, first_sequence).bind(2, last_sequence);
  base::Decompressor decompressor;
  ChunkReader reader;
  ChunkBuilder builder;
  std::vector<Record> records;
  for (;;) {
    TRY_ASSIGN(const bool row, rows.step());
    if (!row) break;
    TRY(decompressor.decompress(rows.blob(1), kChunkBytesMax, m_raw));
    if (base::hash_bytes(m_raw) != rows.unsigned_integer(0)) {
      return Error{ErrorCode::Malformed, fmt::format("{}: a chunk between the events {} and {} was changed on the disk",
                                                     file().string(), first_sequence, last_sequence)};
    }
    TRY(reader.read(m_raw, records));
    for (const Record& record : records) builder.add(record);
  }
  rows.reset();
  TRY_ASSIGN(Statement removal, m_database.prepare("DELETE FROM chunk WHERE first_sequence BETWEEN ?1 AND ?2"));
  TRY(removal.bind(1, first_sequence).bind(2, last_sequence).run());
  TRY(insert_chunk(builder));
  return commit();
}

}  // namespace gridwall::journal
