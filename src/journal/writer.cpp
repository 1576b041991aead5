#include "journal/writer.hpp"

#include <algorithm>

#include "base/log.hpp"

namespace gridwall::journal {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorCode;

base::Status Writer::check(std::span<const Record> records) const {
  std::uint64_t sequence = m_last_sequence;
  base::UtcTime time = m_last_time;
  bool any_start = sequence == 0 && !m_segment;
  for (const Record& record : records) {
    if (record.sequence != sequence + 1 && !(any_start && record.sequence > 0)) {
      return Error{ErrorCode::InvalidArgument, fmt::format("{}: event {} was given where {} follows", m_path.string(),
                                                           record.sequence, sequence + 1)};
    }
    if (record.state_time < time && !any_start) {
      return Error{ErrorCode::InvalidArgument,
                   fmt::format("{}: the state time of event {} lies before that of the one before", m_path.string(),
                               record.sequence)};
    }
    if (record.topic.size() > kTopicBytesMax || record.header.size() > kHeaderBytesMax ||
        record.body.size() > kBodyBytesMax) {
      return Error{ErrorCode::InvalidArgument,
                   fmt::format("{}: event {} is too large for a journal", m_path.string(), record.sequence)};
    }
    sequence = record.sequence;
    time = record.state_time;
    any_start = false;
  }
  return {};
}

base::Status Writer::append(std::span<const Record> records, std::span<const DedupeKey> keys) {
  TRY(check(records));
  if (records.empty() && keys.empty()) return {};
  auto status = store(records);
  if (!status.ok()) {
    ++m_counters.failed_commit_count;
    drop_pending();
    return status;
  }
  m_pending_keys.insert(m_pending_keys.end(), keys.begin(), keys.end());
  m_uncommitted_count += records.size() + keys.size();
  return {};
}

base::Status Writer::store(std::span<const Record> records) {
  if (!m_segment) {
    TRY(make_segment(records.empty() ? base::UtcTime{} : records.front().state_time, nullptr));
  }
  for (const Record& record : records) {
    const std::size_t bytes = record.topic.size() + record.header.size() + record.body.size();
    // Only a call of many megabytes is cut into chunks inside.
    if (m_builder.bytes() + bytes > kChunkBytesMax / 2 || m_builder.count() >= kChunkRecordsMax / 2) {
      TRY(m_segment->add_chunk(m_builder));
    }
    m_builder.add(record);
    m_last_sequence = record.sequence;
    m_last_time = record.state_time;
  }
  // Between calls, so that what belongs together stands in one chunk.
  if (m_builder.bytes() >= kChunkBytesTarget) TRY(m_segment->add_chunk(m_builder));
  return {};
}

base::Status Writer::write_pending() {
  if (!m_builder.empty()) TRY(m_segment->add_chunk(m_builder));
  if (!m_pending_keys.empty()) TRY(m_segment->add_keys(m_pending_keys));
  return m_segment->commit();
}

base::Result<std::uint64_t> Writer::commit() {
  if (m_uncommitted_count == 0) return durable_through();
  const std::uint64_t event_count = m_last_sequence - m_segment->last_sequence();
  const std::int64_t first_run = m_segment->next_run();
  const auto status = write_pending();
  if (!status.ok()) {
    ++m_counters.failed_commit_count;
    drop_pending();
    return status.error();
  }
  std::int64_t run = first_run;
  for (std::size_t at = 0; at < m_pending_keys.size(); at += KeyFilter::kKeysMax, ++run) {
    const std::span<const DedupeKey> keys(m_pending_keys);
    m_keys.add(m_segment->file(), run, keys.subspan(at, std::min(keys.size() - at, KeyFilter::kKeysMax)));
  }
  m_pending_keys.clear();
  m_uncommitted_count = 0;
  m_counters.event_count += event_count;
  ++m_counters.commit_count;
  return durable_through();
}

void Writer::drop_pending() {
  m_builder.clear();
  m_pending_keys.clear();
  m_uncommitted_count = 0;
  if (m_segment) m_segment->roll_back();
  m_last_sequence = durable_through();
  m_last_time = m_segment ? m_segment->last_time() : base::UtcTime{};
}

base::Status Writer::put_keyframe(const Keyframe& keyframe) {
  if (has_uncommitted() || keyframe.sequence > durable_through() || !m_segment) {
    return Error{ErrorCode::InvalidArgument,
                 fmt::format("{}: a keyframe at event {} is ahead of what is on the disk ({}); commit first",
                             m_path.string(), keyframe.sequence, durable_through())};
  }
  TRY(m_segment->put_keyframe(keyframe));
  ++m_counters.keyframe_count;
  return {};
}

base::Status Writer::put_bookmark(const Bookmark& bookmark) {
  if (has_uncommitted() || bookmark.sequence > durable_through() || !m_segment ||
      bookmark.name.size() > kBookmarkNameBytesMax) {
    return Error{ErrorCode::InvalidArgument,
                 fmt::format("{}: a bookmark at event {} is ahead of what is on the disk ({}), or its name is longer "
                             "than {} bytes",
                             m_path.string(), bookmark.sequence, durable_through(), kBookmarkNameBytesMax)};
  }
  return m_segment->put_bookmark(bookmark);
}

base::Result<bool> Writer::merge_small_chunks() {
  if (!m_segment || has_uncommitted()) return false;
  const auto merge = m_segment->merge_from(m_merge_from, false);
  if (!merge.ok()) return merge.error();
  m_merge_from = merge->next_sequence;
  if (merge->merged) ++m_counters.merge_count;
  return merge->merged;
}

base::Result<std::optional<std::uint64_t>> Writer::find_key(std::uint64_t low, std::uint64_t high) {
  return m_keys.find(low, high);
}

base::Status Writer::load_keys(base::UtcTime since, const std::function<void(const DedupeKey&)>& take) {
  return m_keys.each(std::max(since, m_last_time - kKeysKept), take);
}

fs::path Writer::segment() const {
  return m_segment ? m_segment->file() : fs::path();
}

WriterCounters Writer::counters() const {
  WriterCounters counters = m_counters;
  if (m_segment) {
    counters.chunk_count += m_segment->chunk_count();
    counters.bytes_written += m_segment->bytes_written();
  }
  return counters;
}

}  // namespace gridwall::journal
