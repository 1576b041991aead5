#include "app/basemap.hpp"

#include "base/log.hpp"
#include "base/overloaded.hpp"

namespace gridwall::app {

namespace {

// A view of 1920 x 1080 wants some 40 tiles, one of 7680 x 2160 some 500; a tile is 266 kB.
constexpr std::size_t kTilesOfAViewMax = 640;
constexpr std::size_t kStoreLeast = 192;
// Of a frame: 3 MiB that the GPU takes in.
constexpr std::size_t kNewsPerFrame = 12;
constexpr base::Duration kLook = std::chrono::milliseconds(50);

}  // namespace

Basemap::Basemap(const model::BasemapSpec& spec, const std::string& world_crs, const base::Box2d& home_world,
                 const base::Clock& clock)
    : m_spec(spec),
      m_clock(clock),
      m_store(kStoreLeast),
      m_loader({spec.source, spec.crs, world_crs, home_world}, clock) {
  m_shown.style = spec.style;
}

void Basemap::apply(const BasemapNews& news) {
  std::visit(base::Overloaded{
                 [&](const BasemapOpened& opened) {
                   m_extent = opened.extent;
                   for (const std::string& warning : opened.warnings) base::log_warning("app", "basemap {}", warning);
                 },
                 [&](const TileLoaded& tile) {
                   m_store.add(tile.key, tile.pixels);
                   ++m_received_count;
                 },
                 [&](const BasemapTrouble& trouble) {
                   m_trouble = trouble.error;
                   base::log_warning("app", "basemap {}; the map shows what it has of it and goes on trying",
                                     trouble.error.message);
                 },
                 [&](const BasemapRecovered&) {
                   m_trouble.reset();
                   base::log_info("app", "basemap is there again");
                 },
             },
             news);
}

void Basemap::take(std::size_t count_max, base::Duration patience) {
  for (const BasemapNews& news : m_loader.receive(count_max, patience)) apply(news);
}

void Basemap::choose(const scene::Viewport& viewport) {
  if (!m_extent) return;
  m_choice = scene::choose_tiles(viewport, *m_extent, kTilesOfAViewMax);
  // As many again as a view has: going back and zooming out find theirs.
  m_store.set_count_max(std::max(kStoreLeast, 2 * (m_choice.tiles.size() + m_choice.stand_ins.size())));
  m_missing.clear();
  for (const auto* keys : {&m_choice.stand_ins, &m_choice.tiles}) {
    for (const model::TileKey& key : *keys) {
      if (m_store.find(key) == nullptr) m_missing.push_back(key);
    }
  }
  if (m_missing == m_wished.keys && m_received_count == m_wished.received_count) return;
  m_wished = {m_missing, m_received_count};
  m_loader.want(m_wished);
}

const scene::Basemap& Basemap::update(const scene::Viewport& viewport) {
  take(kNewsPerFrame);
  choose(viewport);
  m_shown.patches = scene::lay_tiles(m_choice.tiles, [&](const model::TileKey& key) { return m_store.find(key); });
  return m_shown;
}

base::Status Basemap::finish(const scene::Viewport& viewport, base::Duration patience) {
  const base::MonoTime end = m_clock.now_mono() + patience;
  for (choose(viewport); !m_extent || !m_missing.empty(); choose(viewport)) {
    take(kNewsPerFrame, kLook);
    if (m_trouble) return *m_trouble;
    if (m_clock.now_mono() > end) {
      return base::Error{base::ErrorCode::Unavailable, fmt::format("{}: {} tiles of the basemap have not come in time",
                                                                   m_spec.source, m_missing.size())};
    }
  }
  return {};
}

}  // namespace gridwall::app
