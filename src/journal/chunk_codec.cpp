#include "journal/chunk_codec.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

#include "base/varint.hpp"

namespace gridwall::journal {

namespace {

base::Error malformed(std::string detail) {
  return {base::ErrorCode::Malformed, "chunk of events: " + std::move(detail)};
}

constexpr std::size_t kFixedBytes = 1 + 4 + 8 + 8 + 4 * 4;
// A record takes at least its four lengths.
constexpr std::size_t kRecordBytesMin = 4;

// Numbers in a header (sequence, times, chains) mostly grow by a little: their differences are mostly zeros. Words of
// four bytes, because the chains do not stand at a multiple of eight; what is left over goes as it is.
void put_difference(std::string& out, std::string_view header, std::string_view before) {
  const std::size_t begin = out.size();
  out.resize(begin + header.size());
  char* target = out.data() + begin;
  std::size_t at = 0;
  for (; at + 4 <= header.size(); at += 4) {
    std::uint32_t now = 0, then = 0;
    std::memcpy(&now, header.data() + at, 4);
    std::memcpy(&then, before.data() + at, 4);
    const std::uint32_t difference = now - then;
    std::memcpy(target + at, &difference, 4);
  }
  for (; at < header.size(); ++at) target[at] = header[at];
}

void add_difference(std::string& header, std::string_view before) {
  for (std::size_t at = 0; at + 4 <= header.size(); at += 4) {
    std::uint32_t difference = 0, then = 0;
    std::memcpy(&difference, header.data() + at, 4);
    std::memcpy(&then, before.data() + at, 4);
    const std::uint32_t now = difference + then;
    std::memcpy(header.data() + at, &now, 4);
  }
}

}  // namespace

void ChunkBuilder::add(const Record& record) {
  if (m_count == 0) {
    m_first_sequence = record.sequence;
    m_first_time = m_last_time = record.state_time;
  }
  ++m_count;
  base::put_varint(m_lengths, static_cast<std::uint64_t>((record.state_time - m_last_time).count()));
  m_last_time = record.state_time;
  base::put_varint(m_lengths, record.topic.size());
  base::put_varint(m_lengths, record.header.size());
  base::put_varint(m_lengths, record.body.size());
  m_topics += record.topic;
  std::string& before = m_last_headers[record.header.size()];
  if (before.empty()) {
    m_headers += record.header;
  } else {
    put_difference(m_headers, record.header, before);
  }
  before = record.header;
  m_bodies += record.body;
}

void ChunkBuilder::finish(std::string& chunk) {
  chunk.clear();
  chunk.reserve(kFixedBytes + bytes());
  base::put_fixed(chunk, kChunkVersion);
  base::put_fixed(chunk, m_count);
  base::put_fixed(chunk, m_first_sequence);
  base::put_fixed(chunk, m_first_time.time_since_epoch().count());
  for (const std::string* column : {&m_lengths, &m_topics, &m_headers, &m_bodies}) {
    base::put_fixed(chunk, static_cast<std::uint32_t>(column->size()));
  }
  for (const std::string* column : {&m_lengths, &m_topics, &m_headers, &m_bodies}) chunk += *column;
  clear();
}

void ChunkBuilder::clear() {
  m_count = 0;
  for (std::string* column : {&m_lengths, &m_topics, &m_headers, &m_bodies}) column->clear();
  for (std::string& header : m_last_headers) header.clear();
}

base::Status ChunkReader::read(std::string_view chunk, std::vector<Record>& records) {
  const auto refuse = [&](std::string detail) {
    records.clear();
    return malformed(std::move(detail));
  };
  if (chunk.size() < kFixedBytes)
    return refuse(fmt::format("{} bytes, at least {} expected", chunk.size(), kFixedBytes));
  base::NumberReader head(chunk.substr(0, kFixedBytes));
  const auto version = head.fixed<std::uint8_t>();
  if (version != kChunkVersion) {
    return refuse(
        fmt::format("version {}, version {} is understood; use the release that wrote it", version, kChunkVersion));
  }
  const auto count = head.fixed<std::uint32_t>();
  auto sequence = head.fixed<std::uint64_t>();
  auto time_ns = head.fixed<std::int64_t>();
  base::NumberReader rest(chunk.substr(kFixedBytes));
  std::string_view columns[4];
  for (std::string_view& column : columns) column = rest.bytes(head.fixed<std::uint32_t>());
  if (rest.bad() || !rest.rest().empty()) return refuse("its columns do not add up to its bytes");
  if (count == 0 || count > kChunkRecordsMax || count > columns[0].size() / kRecordBytesMin) {
    return refuse(fmt::format("{} events in {} bytes of lengths", count, columns[0].size()));
  }
  if (sequence == 0 || sequence > std::uint64_t{std::numeric_limits<std::int64_t>::max()} - count) {
    return refuse("its first sequence is out of range");
  }
  base::NumberReader lengths(columns[0]), topics(columns[1]), headers(columns[2]), bodies(columns[3]);
  m_last_of_length.fill(0);
  records.resize(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    Record& record = records[i];
    const std::uint64_t step_ns = lengths.varint();
    if (step_ns > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) ||
        __builtin_add_overflow(time_ns, static_cast<std::int64_t>(step_ns), &time_ns)) {
      return refuse("a time is out of range");
    }
    record.sequence = sequence++;
    record.state_time = base::UtcTime(base::Duration(time_ns));
    record.topic.assign(topics.bytes(lengths.varint()));
    const std::uint64_t header_bytes = lengths.varint();
    if (header_bytes > kHeaderBytesMax) return refuse("a header is too long");
    record.header.assign(headers.bytes(header_bytes));
    std::uint32_t& before = m_last_of_length[header_bytes];
    if (before > 0 && !headers.bad()) add_difference(record.header, records[before - 1].header);
    before = i + 1;
    record.body.assign(bodies.bytes(lengths.varint()));
    if (lengths.bad() || topics.bad() || headers.bad() || bodies.bad()) return refuse("it ends inside an event");
  }
  if (!lengths.rest().empty() || !topics.rest().empty() || !headers.rest().empty() || !bodies.rest().empty()) {
    return refuse("bytes are left over behind its last event");
  }
  return {};
}

}  // namespace gridwall::journal
