// TileDesk: what the basemap's loader does next: open the source, read a tile, or rest. Pure: the thread in
// basemap_loader.cpp does it and tells how it went. What fails is tried again, later each time; what fails again and
// again slows the whole loader down, so that a service that is away is not asked hundreds of times a second.
// One thread. Test: tests/unit/app/tile_desk_test.cpp.
#pragma once

#include <cstdint>
#include <deque>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "model/map_tile.hpp"

namespace gridwall::app {

// What the main thread lacks, the most wanted first, and how many tiles it had got when it said so.
struct TileWishes {
  std::vector<model::TileKey> keys;
  std::uint64_t received_count = 0;
};

class TileDesk {
 public:
  enum class Act : std::uint8_t { Open, Read, Rest };
  struct Step {
    Act act = Act::Rest;
    model::TileKey key;         // of Read
    base::Duration patience{};  // of Rest: at most so long
  };

  void want(const TileWishes& wishes);
  [[nodiscard]] Step next(base::MonoTime now) const;
  void opened(bool ok, base::MonoTime now);
  void was_read(const model::TileKey& key, bool ok, base::MonoTime now);

  // Nothing came of the last try, or a tile that is wanted could not be read.
  [[nodiscard]] bool in_trouble() const { return m_failed_in_a_row > 0 || !m_failures.empty(); }

 private:
  struct Failure {
    std::uint32_t count = 0;
    base::MonoTime again_at;
  };
  [[nodiscard]] bool is_under_way(const model::TileKey& key) const;

  TileWishes m_wishes;
  bool m_is_open = false;
  std::uint32_t m_failed_in_a_row = 0;
  base::MonoTime m_paused_until{};
  std::unordered_map<model::TileKey, Failure, model::TileKeyHash> m_failures;  // of tiles that are wanted
  std::uint64_t m_sent_count = 0;
  std::deque<model::TileKey> m_under_way;  // read, and not received yet when the wishes were said
};

}  // namespace gridwall::app
