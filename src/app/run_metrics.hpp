// RunMetrics: what --metrics-out says: the divisions drawn, the figures of the last picture, the state of the feed, the
// GL work of the heaviest and of the last frame, and the times of all. Figures come from the same snapshot as the last
// picture.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "gfx/context.hpp"
#include "model/feed_status.hpp"
#include "model/hub_view.hpp"
#include "state/world_snapshot.hpp"

namespace gridwall::app {

class RunMetrics {
 public:
  // `work` is what the frame did, as the context counted it.
  void frame_drawn(base::Duration took, const gfx::FrameStats& work);
  // What the card needed for an earlier frame.
  void gpu_told(double took_ms) { m_gpu_ms.push_back(static_cast<float>(took_ms)); }
  void frame_skipped() { ++m_skipped_count; }
  [[nodiscard]] std::uint64_t frame_count() const { return m_times_ms.size(); }

  // JSON of the run; `snapshot` and `hub` may be null.
  [[nodiscard]] std::string text(const state::WorldSnapshot* snapshot, const model::FeedStatus& status,
                                 const model::HubView* hub, gfx::Context& context) const;
  base::Status write(const std::filesystem::path& file, const state::WorldSnapshot* snapshot,
                     const model::FeedStatus& status, const model::HubView* hub, gfx::Context& context) const;

 private:
  std::vector<float> m_times_ms, m_gpu_ms;
  std::uint64_t m_skipped_count = 0;
  gfx::FrameStats m_heaviest;  // by triangles: a picture drawn anew, where the last may be a copy with little on top
  gfx::FrameStats m_last;
};

}  // namespace gridwall::app
