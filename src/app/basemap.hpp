// Basemap: the picture below the divisions as the main thread has it: what the loader has read, and what of it covers
// the view. Main thread only; never waits but in `finish`. Test: tests/unit/app/basemap_test.cpp.
#pragma once

#include <memory>
#include <optional>

#include "app/basemap_loader.hpp"
#include "model/basemap_spec.hpp"
#include "scene/basemap_tiles.hpp"
#include "scene/tile_store.hpp"

namespace gridwall::app {

class Basemap {
 public:
  // `clock` outlives it. `home_world` is the district.
  Basemap(const model::BasemapSpec& spec, const std::string& world_crs, const base::Box2d& home_world,
          const base::Clock& clock);

  // What covers the view now; asks the loader for what is missing. The reference holds until the next call.
  const scene::Basemap& update(const scene::Viewport& viewport);
  // Waits until all tiles of the view are there. Error: what the source says, or that it took longer than `patience`.
  base::Status finish(const scene::Viewport& viewport, base::Duration patience);

  // Something came that a new picture would show.
  [[nodiscard]] bool has_news() const { return m_loader.has_news(); }
  [[nodiscard]] bool is_shown() const { return !m_shown.patches.empty(); }
  // Of the divisions above it: opaque as long as there is nothing to see.
  [[nodiscard]] float fill_opacity() const { return is_shown() ? static_cast<float>(m_spec.fill_opacity) : 1.0f; }
  [[nodiscard]] std::size_t tile_count() const { return m_store.size(); }
  [[nodiscard]] std::size_t missing_count() const { return m_missing.size(); }

 private:
  void take(std::size_t count_max, base::Duration patience = base::Duration::zero());
  void apply(const BasemapNews& news);
  void choose(const scene::Viewport& viewport);

  model::BasemapSpec m_spec;
  const base::Clock& m_clock;
  std::optional<model::BasemapExtent> m_extent;  // none: not opened yet
  std::optional<base::Error> m_trouble;
  scene::TileStore m_store;
  scene::TileChoice m_choice;
  std::vector<model::TileKey> m_missing;
  std::uint64_t m_received_count = 0;
  TileWishes m_wished;
  scene::Basemap m_shown;
  BasemapLoader m_loader;
};

}  // namespace gridwall::app
