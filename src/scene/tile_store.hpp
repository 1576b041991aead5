// TileStore: the tiles that were loaded, as many as the limit says; those unused for longest give way. Pure.
// Test: tests/unit/scene/tile_store_test.cpp.
#pragma once

#include <list>
#include <memory>
#include <unordered_map>

#include "model/map_tile.hpp"

namespace gridwall::scene {

class TileStore {
 public:
  explicit TileStore(std::size_t count_max) : m_count_max(count_max) {}

  // A tile that is already there is replaced.
  void add(const model::TileKey& key, std::shared_ptr<const model::TilePixels> pixels) {
    if (const auto found = m_by_key.find(key); found != m_by_key.end()) m_tiles.erase(found->second);
    m_tiles.push_front({key, std::move(pixels)});
    m_by_key[key] = m_tiles.begin();
    trim();
  }

  // Null: not there. Counts as a use.
  std::shared_ptr<const model::TilePixels> find(const model::TileKey& key) {
    const auto found = m_by_key.find(key);
    if (found == m_by_key.end()) return nullptr;
    m_tiles.splice(m_tiles.begin(), m_tiles, found->second);
    return found->second->pixels;
  }

  [[nodiscard]] bool holds(const model::TileKey& key) const { return m_by_key.contains(key); }
  [[nodiscard]] std::size_t size() const { return m_tiles.size(); }
  [[nodiscard]] std::size_t count_max() const { return m_count_max; }
  void set_count_max(std::size_t count_max) {
    m_count_max = count_max;
    trim();
  }

 private:
  struct Tile {
    model::TileKey key;
    std::shared_ptr<const model::TilePixels> pixels;
  };

  void trim() {
    for (; m_tiles.size() > m_count_max; m_tiles.pop_back()) m_by_key.erase(m_tiles.back().key);
  }

  std::size_t m_count_max;
  std::list<Tile> m_tiles;  // the latest used first
  std::unordered_map<model::TileKey, std::list<Tile>::iterator, model::TileKeyHash> m_by_key;
};

}  // namespace gridwall::scene
