// FirstPicture: what a wall shows while large layers load. A tree that is only as fine as its pixels is there many
// times sooner than the whole one; it is drawn at once, can be moved and zoomed, and says on its face how far loading
// is and that no data has come. Then the whole tree takes its place. Main thread. Test:
// tests/e2e/wall/first_picture_comes_early.py.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "app/output_options.hpp"
#include "app/stage.hpp"
#include "app/stop_signal.hpp"
#include "app/wall_data.hpp"
#include "model/view.hpp"

namespace gridwall::app {

// What the wall goes on with.
struct WallStart {
  std::unique_ptr<Stage> stage;  // null: none was needed yet
  // Where the hand had moved the map.
  std::optional<model::MapView> view;
  std::string world_crs;  // that the view is in
  bool closed = false;    // by its window or a signal, before all was loaded: end without a word
};

// Options of a window or a picture without one, as every wall has them. Error: the size or the language given.
base::Result<StageOptions> stage_options(const OutputOptions& output, const model::Profile& profile);

// The request for a tree that is as fine as a picture of this size.
geo::LayerRequest first_picture_of(geo::LayerRequest request, base::Vec2i size_px);

struct FirstPictureOptions {
  const OutputOptions& output;
  const StopSignal& stop;
  std::uintmax_t source_bytes_min = 0;  // smaller sources, or those the cache keeps, are loaded at once
};

// TreeCache::load behind a first picture. `start` is filled.
base::Result<CachedLoad> load_behind_first_picture(const FirstPictureOptions& options, const WallData& so_far,
                                                   const TreeCache& cache, const geo::LayerRequest& request,
                                                   const geo::ProgressCallback& progress, WallStart& start);

}  // namespace gridwall::app
