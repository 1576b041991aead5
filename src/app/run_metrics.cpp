#include "app/run_metrics.hpp"

#include <algorithm>
#include <numeric>

#include "app/feed_state.hpp"
#include "base/json_writer.hpp"
#include "base/percentile.hpp"
#include "base/text_file.hpp"
#include "base/time_text.hpp"

namespace gridwall::app {

namespace {

using base::JsonWriter;

void write_divisions(JsonWriter& json, const model::DivisionTree& tree) {
  json.key("levels").begin_array();
  for (const auto& level : tree.levels()) {
    json.begin_object().field("name", level.name_zh).field("count", level.divisions.size()).end_object();
  }
  json.end_array();
  json.field("divisions", tree.divisions().size()).field("synthetic", tree.synthetic());
}

void write_figures(JsonWriter& json, const state::WorldSnapshot& snapshot) {
  const auto& root = snapshot.total->at(0);
  json.key("figures").begin_object();
  json.field("open", root.open).field("reported_today", root.reported_today);
  json.field("closed_of_reported_today", root.closed_of_reported_today);
  json.field("closed_today", root.closed_today).field("unlocated_open", root.unlocated_open);
  json.key("open_by_severity").begin_array();
  for (const auto count : root.open_by_severity) json.value(count);
  json.end_array();
  json.key("solved_this_month_by_level").begin_array();
  for (const auto count : snapshot.solved_by_level) json.value(count);
  json.end_array().end_object();
  json.field("state_time", base::format_rfc3339(snapshot.state_time));
  json.field("sequence", snapshot.sequence).field("events_folded", snapshot.event_count);
  json.field("events_simulated", snapshot.simulated_event_count);
  json.field("events_out_of_order", snapshot.out_of_order_count);
}

void write_feed(JsonWriter& json, const model::FeedStatus& status) {
  json.key("feed").begin_object();
  write_feed_state(json, status);
  json.field("last_sequence", status.last_sequence);
  json.field("gaps", status.gap_count).field("missed", status.missed_count).field("bad", status.bad_count);
  json.field("complete", status.is_complete).field("behind_s", std::chrono::duration<double>(status.behind).count());
  json.field("clock_rate", status.clock_rate).end_object();
  json.field("events_received", status.received_count);
}

// What the timeline and the health panel showed.
void write_hub(JsonWriter& json, const model::HubView& hub) {
  json.key("hub").begin_object().field("problem", hub.problem).field("answered", hub.health.has_value());
  if (hub.replay) {
    json.key("replay").begin_object().field("position", base::format_rfc3339(hub.replay->position));
    json.field("playing", hub.replay->playing).field("rate", hub.replay->rate);
    json.field("last_sequence", hub.replay->last_sequence);
    json.field("bookmarks", hub.replay->bookmarks.size());
    std::uint64_t events = 0;
    if (hub.density) events = std::accumulate(hub.density->counts.begin(), hub.density->counts.end(), events);
    json.field("density_events", events).end_object();
  }
  json.end_object();
}

void write_work(JsonWriter& json, const gfx::FrameStats& work) {
  json.field("draws", work.draws).field("triangles", work.triangles).field("bytes_uploaded", work.bytes_uploaded);
}

}  // namespace

void RunMetrics::frame_drawn(base::Duration took, const gfx::FrameStats& work) {
  m_last = work;
  if (work.triangles >= m_heaviest.triangles) m_heaviest = work;
  m_times_ms.push_back(std::chrono::duration<float, std::milli>(took).count());
}

std::string RunMetrics::text(const state::WorldSnapshot* snapshot, const model::FeedStatus& status,
                             const model::HubView* hub, gfx::Context& context) const {
  JsonWriter json;
  json.begin_object();
  if (snapshot != nullptr) {
    write_divisions(json, *snapshot->tree);
    write_figures(json, *snapshot);
  }
  write_feed(json, status);
  if (hub != nullptr) write_hub(json, *hub);
  json.field("frames", frame_count()).field("frames_unchanged", m_skipped_count);
  json.key("frame_ms").begin_object();
  json.field("p50", static_cast<double>(base::percentile(m_times_ms, 0.5)));
  json.field("p99", static_cast<double>(base::percentile(m_times_ms, 0.99))).end_object();
  if (!m_gpu_ms.empty()) {
    json.key("gpu_ms").begin_object().field("frames", m_gpu_ms.size());
    json.field("p50", static_cast<double>(base::percentile(m_gpu_ms, 0.5)));
    json.field("p99", static_cast<double>(base::percentile(m_gpu_ms, 0.99))).end_object();
  }
  write_work(json, m_heaviest);
  json.key("last_frame").begin_object();
  write_work(json, m_last);
  json.end_object();
  const gfx::LiveStats& live = context.live_stats();
  json.field("gl_objects", live.objects()).field("buffer_bytes", live.buffer_bytes);
  json.field("texture_bytes", live.texture_bytes).field("gl_messages", context.debug_stats().medium_or_worse);
  json.field("renderer", context.renderer_name());
  json.end_object();
  return json.take() + "\n";
}

base::Status RunMetrics::write(const std::filesystem::path& file, const state::WorldSnapshot* snapshot,
                               const model::FeedStatus& status, const model::HubView* hub,
                               gfx::Context& context) const {
  return base::write_text_file(file, text(snapshot, status, hub, context));
}

}  // namespace gridwall::app
