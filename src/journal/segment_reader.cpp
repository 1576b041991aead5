#include "journal/segment_reader.hpp"

#include <algorithm>
#include <limits>

#include "base/hash.hpp"
#include "journal/key_run.hpp"
#include "journal/packing.hpp"
#include "journal/schema.hpp"

namespace gridwall::journal {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorCode;

namespace {

constexpr std::uint64_t kSequenceMax = std::numeric_limits<std::int64_t>::max();
constexpr std::size_t kPartsMax = std::size_t{1} << 20;

base::UtcTime time_of(const Statement& row, int column) {
  return base::UtcTime(base::Duration(row.integer(column)));
}

constexpr std::string_view kChunkColumns =
    "SELECT first_sequence, last_sequence, first_time, last_time, count, bytes, hash FROM chunk ";

}  // namespace

bool part_is_wanted(std::string_view part_prefix, std::span<const std::string> prefixes) {
  return prefixes.empty() || std::any_of(prefixes.begin(), prefixes.end(), [&](const std::string& prefix) {
           return part_prefix.starts_with(prefix) || prefix.starts_with(part_prefix);
         });
}

base::Result<SegmentReader> SegmentReader::open(const fs::path& file) {
  TRY_ASSIGN(Database database, Database::open(file, Database::Access::Read));
  SegmentReader reader(std::move(database));
  TRY(check_tables(reader.m_database));
  TRY_ASSIGN(reader.m_identity, read_identity(reader.m_database));
  TRY(reader.prepare());
  if (reader.m_database.cut()) reader.find_whole_part();
  return reader;
}

base::Status SegmentReader::prepare() {
  const std::string columns(kChunkColumns);
  TRY_ASSIGN(m_chunk_back,
             m_database.prepare(columns + "WHERE first_sequence <= ?1 ORDER BY first_sequence DESC LIMIT 1"));
  TRY_ASSIGN(m_chunk_next, m_database.prepare(columns + "WHERE first_sequence > ?1 ORDER BY first_sequence LIMIT 1"));
  TRY_ASSIGN(m_chunk_bytes, m_database.prepare("SELECT zstd FROM chunk WHERE first_sequence = ?1"));
  return {};
}

// Chunks are read through from the first: what a cut took away need not be the last that was written. Rows are stepped
// through and never looked up: a look-up at the border may touch a page that is gone.
void SegmentReader::find_whole_part() {
  std::vector<ChunkInfo> whole;
  std::vector<Record> records;
  // Why it ends is no news: there is less of the file than there was.
  (void)each_chunk([&](const ChunkInfo& chunk, std::uint64_t) {
    if (!whole.empty() && chunk.first_sequence != whole.back().last_sequence + 1) return false;
    if (!read_chunk(chunk, records).ok()) return false;
    whole.push_back(chunk);
    return true;
  });
  m_damage = fmt::format("{}: was cut; ", file().string());
  m_damage += whole.empty() ? std::string("no event of it can be read")
                            : fmt::format("its events {} to {} are whole, what may have come later is missing",
                                          whole.front().first_sequence, whole.back().last_sequence);
  m_damage += "; take a whole copy if there is one";
  m_whole = std::move(whole);
}

std::optional<ChunkInfo> SegmentReader::find_whole(std::uint64_t sequence) const {
  const auto found = std::partition_point(m_whole->begin(), m_whole->end(),
                                          [&](const ChunkInfo& chunk) { return chunk.last_sequence < sequence; });
  return found == m_whole->end() ? std::nullopt : std::optional(*found);
}

Error SegmentReader::damaged(std::string detail) const {
  return {ErrorCode::Malformed, fmt::format("{}: {}; take another copy if there is one", file().string(), detail)};
}

base::Result<std::optional<ChunkInfo>> SegmentReader::one_chunk(Statement& statement, std::uint64_t sequence) {
  statement.bind(1, std::min(sequence, kSequenceMax));
  const auto stepped = statement.step();
  std::optional<ChunkInfo> found;
  std::string fault;
  if (stepped.ok() && *stepped) {
    found = ChunkInfo{statement.unsigned_integer(0), statement.unsigned_integer(1), time_of(statement, 2),
                      time_of(statement, 3),         statement.unsigned_integer(5), statement.unsigned_integer(6)};
    const bool sound = statement.check_columns("iiiiiii").ok() && found->first_sequence > 0 &&
                       found->last_sequence <= kSequenceMax && found->first_sequence <= found->last_sequence &&
                       found->count() == statement.unsigned_integer(4) && found->count() <= kChunkRecordsMax &&
                       found->first_time <= found->last_time && found->raw_bytes <= kChunkBytesMax;
    if (!sound) fault = fmt::format("the row of the chunk from event {} is damaged", found->first_sequence);
  }
  statement.reset();
  if (!stepped.ok()) return stepped.error();
  if (!fault.empty()) return damaged(fault);
  return found;
}

base::Result<std::optional<ChunkInfo>> SegmentReader::find_chunk(std::uint64_t sequence) {
  if (m_whole) return find_whole(sequence);
  TRY_ASSIGN(auto chunk, one_chunk(m_chunk_back, sequence));
  if (chunk && chunk->last_sequence >= sequence) return chunk;
  return one_chunk(m_chunk_next, sequence);
}

base::Result<std::optional<ChunkInfo>> SegmentReader::find_chunk_back(std::uint64_t sequence) {
  if (m_whole) {
    const auto behind = find_whole(sequence);
    if (behind && behind->first_sequence <= sequence) return behind;
    if (m_whole->empty() || m_whole->front().first_sequence > sequence) return std::optional<ChunkInfo>();
    return std::optional(m_whole->back());
  }
  return one_chunk(m_chunk_back, sequence);
}

base::Status SegmentReader::read_chunk(const ChunkInfo& chunk, std::vector<Record>& records) {
  records.clear();
  const auto refuse = [&](std::string_view detail) {
    records.clear();
    return damaged(
        fmt::format("events {} to {} cannot be read: {}", chunk.first_sequence, chunk.last_sequence, detail));
  };
  m_chunk_bytes.bind(1, chunk.first_sequence);
  const auto stepped = m_chunk_bytes.step();
  base::Status status;
  if (!stepped.ok()) {
    status = stepped.error();
  } else if (!*stepped) {
    status = refuse("their chunk is not there");
  } else {
    status = m_decompressor.decompress(m_chunk_bytes.blob(0), chunk.raw_bytes, m_raw);
  }
  m_chunk_bytes.reset();
  if (!status.ok()) return refuse(status.error().message);
  if (m_raw.size() != chunk.raw_bytes || base::hash_bytes(m_raw) != chunk.hash) {
    return refuse("their bytes were changed, the hash is another");
  }
  if (const auto read = m_chunk_reader.read(m_raw, records); !read.ok()) return refuse(read.error().message);
  const bool fits = records.front().sequence == chunk.first_sequence &&
                    records.back().sequence == chunk.last_sequence && records.front().state_time == chunk.first_time &&
                    records.back().state_time == chunk.last_time;
  return fits ? base::Status() : refuse("the chunk holds other events than its row says");
}

base::Result<bool> SegmentReader::read_from(std::uint64_t sequence, ChunkInfo& chunk, std::vector<Record>& records) {
  TRY(m_database.execute("BEGIN"));
  const auto found = find_chunk(sequence);
  base::Status status;
  if (!found.ok()) {
    status = found.error();
  } else if (*found) {
    chunk = **found;
    status = read_chunk(chunk, records);
  }
  m_database.roll_back();
  if (!status.ok()) return status.error();
  return found->has_value();
}

base::Status SegmentReader::each_chunk(const std::function<bool(const ChunkInfo&, std::uint64_t)>& take) {
  TRY_ASSIGN(
      Statement rows,
      m_database.prepare("SELECT first_sequence, last_sequence, first_time, last_time, bytes, hash, length(zstd) "
                         "FROM chunk ORDER BY first_sequence"));
  for (;;) {
    const auto stepped = rows.step();
    if (!stepped.ok()) return stepped.error();
    if (!*stepped) return {};
    const ChunkInfo chunk{rows.unsigned_integer(0), rows.unsigned_integer(1), time_of(rows, 2),
                          time_of(rows, 3),         rows.unsigned_integer(4), rows.unsigned_integer(5)};
    if (m_whole && (m_whole->empty() || chunk.last_sequence > m_whole->back().last_sequence)) return {};
    if (chunk.first_sequence == 0 || chunk.last_sequence < chunk.first_sequence || chunk.first_time > chunk.last_time) {
      return damaged(fmt::format("the row of the chunk from event {} is damaged", chunk.first_sequence));
    }
    if (!take(chunk, rows.unsigned_integer(6))) return {};
  }
}

base::Result<std::vector<KeyframeInfo>> SegmentReader::keyframes() const {
  TRY_ASSIGN(Statement rows,
             m_database.prepare("SELECT sequence, state_time, digest, parts, bytes FROM keyframe ORDER BY sequence"));
  std::vector<KeyframeInfo> found;
  for (;;) {
    const auto stepped = rows.step();
    // A keyframe may stand a little behind the last whole chunk of a cut file: it is of no use there.
    const bool ends = stepped.ok() ? !*stepped : m_whole.has_value();
    if (ends) return found;
    if (!stepped.ok()) return stepped.error();
    if (!rows.check_columns("iiiii").ok()) return damaged("the row of a keyframe is damaged");
    found.push_back({rows.unsigned_integer(0), time_of(rows, 1), rows.unsigned_integer(2), rows.unsigned_integer(3),
                     rows.unsigned_integer(4)});
  }
}

base::Result<Keyframe> SegmentReader::read_keyframe(std::uint64_t sequence, std::span<const std::string> prefixes) {
  const auto refuse = [&](std::string_view detail) {
    return damaged(fmt::format("the keyframe at event {} cannot be read: {}", sequence, detail));
  };
  TRY_ASSIGN(Statement row,
             m_database.prepare("SELECT state_time, digest, parts, head, chains FROM keyframe WHERE sequence = ?1"));
  row.bind(1, sequence);
  TRY_ASSIGN(const bool found, row.step());
  if (!found) return refuse("it is not there");
  Keyframe keyframe{sequence, time_of(row, 0), row.unsigned_integer(1), {}, {}, {}};
  const std::uint64_t part_count = row.unsigned_integer(2);
  if (part_count > kPartsMax) return refuse("it names too many parts");
  auto head = unpack(m_decompressor, row.blob(3), kKeyframePartBytesMax);
  if (!head.ok()) return refuse(head.error().message);
  keyframe.head = std::move(head).value();
  auto chains = unpack(m_decompressor, row.blob(4), kKeyframePartBytesMax);
  if (!chains.ok()) return refuse(chains.error().message);
  keyframe.chains = std::move(chains).value();
  TRY_ASSIGN(
      Statement names,
      m_database.prepare("SELECT id, prefix FROM keyframe_part INDEXED BY keyframe_part_of WHERE keyframe = ?1"));
  TRY_ASSIGN(Statement part, m_database.prepare("SELECT bytes, hash, zstd FROM keyframe_part WHERE id = ?1"));
  names.bind(1, sequence);
  std::vector<std::pair<std::int64_t, KeyframePart>> parts;
  std::uint64_t seen_count = 0;
  for (;; ++seen_count) {
    TRY_ASSIGN(const bool has_row, names.step());
    if (!has_row) break;
    if (seen_count == part_count || names.text(1).size() > kPrefixBytesMax) return refuse("its parts do not fit");
    if (!part_is_wanted(names.text(1), prefixes)) continue;
    part.bind(1, names.integer(0));
    TRY_ASSIGN(const bool has_part, part.step());
    if (!has_part) return refuse("a part is not there");
    KeyframePart read{std::string(names.text(1)), {}};
    TRY(m_decompressor.decompress(part.blob(2), kKeyframePartBytesMax, read.bytes));
    if (base::hash_bytes(read.bytes) != part.unsigned_integer(1)) return refuse("a part was changed");
    parts.emplace_back(names.integer(0), std::move(read));
    part.reset();
  }
  if (seen_count != part_count) return refuse("parts of it are missing");
  // As they were written.
  std::sort(parts.begin(), parts.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  for (auto& entry : parts) keyframe.parts.push_back(std::move(entry.second));
  return keyframe;
}

base::Result<std::vector<Bookmark>> SegmentReader::bookmarks() const {
  TRY_ASSIGN(Statement rows,
             m_database.prepare("SELECT id, sequence, state_time, name FROM bookmark ORDER BY sequence, id"));
  std::vector<Bookmark> found;
  for (;;) {
    const auto stepped = rows.step();
    const bool ends = stepped.ok() ? !*stepped : m_whole.has_value();
    if (ends) return found;
    if (!stepped.ok()) return stepped.error();
    if (!rows.check_columns("iiit").ok()) return damaged("the row of a bookmark is damaged");
    found.push_back({rows.integer(0), rows.unsigned_integer(1), time_of(rows, 2),
                     std::string(rows.text(3).substr(0, kBookmarkNameBytesMax))});
  }
}

base::Result<std::vector<ContentInfo>> SegmentReader::contents() const {
  TRY_ASSIGN(Statement rows,
             m_database.prepare("SELECT name, address, bytes FROM content_name JOIN content ON content.id = "
                                "content_name.content ORDER BY content_name.id"));
  std::vector<ContentInfo> found;
  for (;;) {
    TRY_ASSIGN(const bool row, rows.step());
    if (!row) return found;
    ContentInfo info;
    const bool sound = rows.check_columns("tbi").ok() && rows.blob(1).size() == info.address.size() &&
                       rows.text(0).size() <= kPrefixBytesMax && found.size() < kContentItemsMax;
    if (!sound) return damaged("its list of the district's configuration is damaged");
    info.name = rows.text(0);
    std::copy_n(rows.blob(1).data(), info.address.size(), reinterpret_cast<char*>(info.address.data()));
    info.raw_bytes = rows.unsigned_integer(2);
    found.push_back(std::move(info));
  }
}

base::Result<std::string> SegmentReader::read_content(std::string_view name) {
  TRY_ASSIGN(Statement row, m_database.prepare("SELECT address, zstd FROM content_name JOIN content ON content.id = "
                                               "content_name.content WHERE name = ?1"));
  row.bind_text(1, name);
  TRY_ASSIGN(const bool found, row.step());
  if (!found) {
    return Error{ErrorCode::NotFound, fmt::format("{}: holds no '{}'; 'gridwall recording info' lists what it holds",
                                                  file().string(), name)};
  }
  std::string bytes;
  const auto status = m_decompressor.decompress(row.blob(1), kContentBytesMax, bytes);
  if (!status.ok()) return damaged(fmt::format("'{}' cannot be read: {}", name, status.error().message));
  const base::ContentAddress address = base::content_address(bytes);
  if (row.blob(0) != std::string_view(reinterpret_cast<const char*>(address.data()), address.size())) {
    return damaged(fmt::format("'{}' cannot be read: its bytes were changed", name));
  }
  return bytes;
}

base::Result<std::uint64_t> SegmentReader::each_key_run(
    base::UtcTime since, std::int64_t from_id, std::int64_t to_id,
    const std::function<bool(std::int64_t id, std::span<const DedupeKey>)>& take) {
  TRY_ASSIGN(Statement rows,
             m_database.prepare("SELECT id, hash, keys FROM key_run WHERE id BETWEEN ?1 AND ?2 AND newest >= ?3 ORDER "
                                "BY id"));
  rows.bind(1, from_id).bind(2, to_id).bind(3, std::int64_t{since.time_since_epoch().count()});
  std::vector<DedupeKey> keys;
  std::uint64_t damaged_count = 0;
  for (;;) {
    TRY_ASSIGN(const bool row, rows.step());
    if (!row) return damaged_count;
    const std::string_view bytes = rows.blob(2);
    if (base::hash_bytes(bytes) != rows.unsigned_integer(1) || !decode_key_run(bytes, keys).ok()) {
      ++damaged_count;
      continue;
    }
    if (!take(rows.integer(0), keys)) return damaged_count;
  }
}

}  // namespace gridwall::journal
