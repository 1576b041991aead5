#include "app/basemap_loader.hpp"

namespace gridwall::app {

namespace {

constexpr std::size_t kNewsCount = 24;  // 6 MiB of tiles at most on their way

}  // namespace

BasemapLoader::BasemapLoader(geo::BasemapRequest request, const base::Clock& clock)
    : m_request(std::move(request)),
      m_clock(clock),
      m_news("basemap", kNewsCount, base::WhenFull::Block),
      m_thread("basemap", [this](const std::stop_token& stop) { run(stop); }) {}

BasemapLoader::~BasemapLoader() {
  m_thread.request_stop();
  m_news.close();
  m_thread.join();
}

void BasemapLoader::want(TileWishes wishes) {
  {
    const std::scoped_lock lock(m_wake_mutex);
    m_wishes.publish(std::make_shared<const TileWishes>(std::move(wishes)));
  }
  m_wake.notify_one();
}

void BasemapLoader::run(const std::stop_token& stop) {
  std::uint64_t version = 0;
  while (!stop.stop_requested()) {
    if (m_wishes.version() != version) {
      version = m_wishes.version();
      if (const auto wishes = m_wishes.take()) m_desk.want(*wishes);
    }
    const TileDesk::Step step = m_desk.next(m_clock.now_mono());
    switch (step.act) {
      case TileDesk::Act::Open:
        open();
        break;
      case TileDesk::Act::Read:
        read(step.key);
        break;
      case TileDesk::Act::Rest: {
        std::unique_lock lock(m_wake_mutex);
        m_wake.wait_for(lock, stop, step.patience, [&] { return m_wishes.version() != version; });
        break;
      }
    }
  }
  m_source.reset();  // where it was opened
}

void BasemapLoader::open() {
  auto opened = geo::BasemapSource::open(m_request);
  m_desk.opened(opened.ok(), m_clock.now_mono());
  if (!opened.ok()) return tell(opened.error());
  m_source = std::move(opened).value();
  m_news.send(BasemapOpened{m_source->extent(), m_source->warnings()});
  tell({});
}

void BasemapLoader::read(const model::TileKey& key) {
  auto tile = m_source->read(key);
  m_desk.was_read(key, tile.ok(), m_clock.now_mono());
  if (!tile.ok()) return tell(tile.error());
  m_news.send(TileLoaded{key, std::make_shared<const model::TilePixels>(std::move(tile).value())});
  if (!m_desk.in_trouble()) tell({});
}

// Once when it begins and once when it ends.
void BasemapLoader::tell(const base::Status& status) {
  if (status.ok() == !m_is_trouble_told) return;
  m_is_trouble_told = !status.ok();
  if (status.ok())
    m_news.send(BasemapRecovered{});
  else
    m_news.send(BasemapTrouble{status.error()});
}

}  // namespace gridwall::app
