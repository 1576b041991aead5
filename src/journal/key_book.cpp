#include "journal/key_book.hpp"

#include <algorithm>
#include <limits>

#include "base/log.hpp"

namespace gridwall::journal {

namespace fs = std::filesystem;

namespace {

constexpr std::int64_t kAnyRun = std::numeric_limits<std::int64_t>::max();
constexpr std::size_t kReadersMax = 4;

}  // namespace

base::Status KeyBook::load(const fs::path& file, base::UtcTime since) {
  TRY_ASSIGN(SegmentReader reader, SegmentReader::open(file));
  TRY_ASSIGN(const std::uint64_t damaged_count,
             reader.each_key_run(since, 0, kAnyRun, [&](std::int64_t run, std::span<const DedupeKey> keys) {
               add(file, run, keys);
               return true;
             }));
  if (damaged_count > 0) {
    base::log_warning("journal", "{}: {} runs of dedupe keys are damaged; their events would be taken again",
                      file.string(), damaged_count);
  }
  return {};
}

void KeyBook::add(const fs::path& file, std::int64_t run, std::span<const DedupeKey> keys) {
  if (keys.empty()) return;
  const bool fits = !m_blocks.empty() && m_blocks.back().file == file &&
                    m_blocks.back().filter.count() + keys.size() <= KeyFilter::kKeysMax;
  if (!fits) {
    m_blocks.emplace_back();
    m_blocks.back().file = file;
    m_blocks.back().first_run = run;
    m_blocks.back().newest = base::UtcTime::min();
  }
  Block& block = m_blocks.back();
  block.last_run = run;
  for (const DedupeKey& key : keys) {
    block.filter.add(key.low, key.high);
    block.newest = std::max(block.newest, key.occurred_at);
  }
  while (m_blocks.size() > 1 && m_blocks.size() * KeyFilter::kKeysMax > m_keys_max) {
    m_forgotten_early_count += m_blocks.front().filter.count();
    m_blocks.pop_front();
  }
}

base::Result<SegmentReader*> KeyBook::reader_of(const fs::path& file) {
  const auto found = m_readers.find(file);
  if (found != m_readers.end()) return &found->second;
  if (m_readers.size() >= kReadersMax) m_readers.erase(m_readers.begin());
  TRY_ASSIGN(SegmentReader reader, SegmentReader::open(file));
  return &m_readers.emplace(file, std::move(reader)).first->second;
}

base::Result<std::optional<std::uint64_t>> KeyBook::find(std::uint64_t low, std::uint64_t high) {
  std::optional<std::uint64_t> sequence;
  for (auto block = m_blocks.rbegin(); block != m_blocks.rend() && !sequence; ++block) {
    if (!block->filter.may_hold(low, high)) continue;
    TRY_ASSIGN(SegmentReader * reader, reader_of(block->file));
    TRY_ASSIGN(const std::uint64_t damaged_count,
               reader->each_key_run(base::UtcTime::min(), block->first_run, block->last_run,
                                    [&](std::int64_t, std::span<const DedupeKey> keys) {
                                      for (const DedupeKey& key : keys) {
                                        if (key.low == low && key.high == high) sequence = key.sequence;
                                      }
                                      return !sequence;
                                    }));
    static_cast<void>(damaged_count);  // told when the file was loaded
  }
  return sequence;
}

base::Status KeyBook::each(base::UtcTime since, const std::function<void(const DedupeKey&)>& take) {
  fs::path last;
  for (const Block& block : m_blocks) {
    if (block.file == last) continue;
    last = block.file;
    TRY_ASSIGN(SegmentReader * reader, reader_of(block.file));
    const auto read = reader->each_key_run(since, 0, kAnyRun, [&](std::int64_t, std::span<const DedupeKey> keys) {
      for (const DedupeKey& key : keys) {
        if (key.occurred_at >= since) take(key);
      }
      return true;
    });
    if (!read.ok()) return read.error();
  }
  return {};
}

void KeyBook::expire(base::UtcTime since) {
  std::erase_if(m_blocks, [&](const Block& block) { return block.newest < since; });
}

void KeyBook::move_file(const fs::path& from, const fs::path& to) {
  m_readers.erase(from);
  if (to.empty()) {
    std::erase_if(m_blocks, [&](const Block& block) { return block.file == from; });
    return;
  }
  for (Block& block : m_blocks) {
    if (block.file == from) block.file = to;
  }
}

std::size_t KeyBook::count() const {
  std::size_t count = 0;
  for (const Block& block : m_blocks) count += block.filter.count();
  return count;
}

}  // namespace gridwall::journal
