// CellCache: which character (or tile) stands in which cell of a texture; the one unused for longest gives way, but
// never one used in the current frame. Pure, deterministic. Test: tests/unit/render/cell_cache_test.cpp.
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <optional>
#include <unordered_map>

namespace gridwall::render {

struct CellUse {
  std::uint32_t cell = 0;
  bool fresh = false;  // the caller fills it now
};

template <typename Key, typename Hash = std::hash<Key>>
class CellCacheOf {
 public:
  explicit CellCacheOf(std::uint32_t cell_count) : m_cell_count(cell_count) {}

  void begin_frame() { ++m_frame; }

  // Nothing: all cells are used by this frame already.
  std::optional<CellUse> use(const Key& key) {
    if (const auto found = m_by_key.find(key); found != m_by_key.end()) {
      m_entries.splice(m_entries.begin(), m_entries, found->second);
      found->second->last_frame = m_frame;
      return CellUse{found->second->cell, false};
    }
    std::uint32_t cell = static_cast<std::uint32_t>(m_entries.size());
    if (m_entries.size() >= m_cell_count) {
      if (m_entries.empty() || m_entries.back().last_frame == m_frame) return std::nullopt;
      cell = m_entries.back().cell;
      m_by_key.erase(m_entries.back().key);
      m_entries.pop_back();
    }
    m_entries.push_front({key, cell, m_frame});
    m_by_key[key] = m_entries.begin();
    return CellUse{cell, true};
  }

  [[nodiscard]] std::size_t size() const { return m_entries.size(); }

 private:
  struct Entry {
    Key key;
    std::uint32_t cell;
    std::uint64_t last_frame;
  };

  std::uint32_t m_cell_count;
  std::uint64_t m_frame = 0;
  std::list<Entry> m_entries;  // the latest used first
  std::unordered_map<Key, typename std::list<Entry>::iterator, Hash> m_by_key;
};

using CellCache = CellCacheOf<char32_t>;

}  // namespace gridwall::render
