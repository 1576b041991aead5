// BasemapLoader: the thread that opens the basemap's raster and reads its tiles: GDAL and everything slow stays here,
// no frame waits for it. Wishes go in by a slot in which the newest wins, tiles and troubles come out by a channel.
// A source that cannot be reached is told once and tried again as long as the wall runs.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <variant>
#include <vector>

#include "app/tile_desk.hpp"
#include "base/bounded_channel.hpp"
#include "base/latest_slot.hpp"
#include "base/thread.hpp"
#include "geo/basemap_source.hpp"

namespace gridwall::app {

struct BasemapOpened {
  model::BasemapExtent extent;
  std::vector<std::string> warnings;
};
struct TileLoaded {
  model::TileKey key;
  std::shared_ptr<const model::TilePixels> pixels;
};
struct BasemapTrouble {
  base::Error error;
};
struct BasemapRecovered {};
using BasemapNews = std::variant<BasemapOpened, TileLoaded, BasemapTrouble, BasemapRecovered>;

class BasemapLoader {
 public:
  // `clock` outlives it.
  BasemapLoader(geo::BasemapRequest request, const base::Clock& clock);
  // Waits for the read that is under way: of a service at most GdalSession's shortened patience.
  ~BasemapLoader();
  BasemapLoader(const BasemapLoader&) = delete;
  BasemapLoader& operator=(const BasemapLoader&) = delete;

  void want(TileWishes wishes);
  // At most `count_max` pieces of news; waits up to `patience` for the first.
  std::vector<BasemapNews> receive(std::size_t count_max, base::Duration patience = base::Duration::zero()) {
    return m_news.receive(count_max, patience);
  }
  [[nodiscard]] bool has_news() const { return m_news.stats().length > 0; }

 private:
  void run(const std::stop_token& stop);
  void open();
  void read(const model::TileKey& key);
  void tell(const base::Status& status);

  const geo::BasemapRequest m_request;
  const base::Clock& m_clock;
  base::LatestSlot<TileWishes> m_wishes;
  base::BoundedChannel<BasemapNews> m_news;
  std::mutex m_wake_mutex;
  std::condition_variable_any m_wake;
  // The thread's own.
  TileDesk m_desk;
  std::unique_ptr<geo::BasemapSource> m_source;
  bool m_is_trouble_told = false;
  base::Thread m_thread;  // last: it ends before what it uses
};

}  // namespace gridwall::app
