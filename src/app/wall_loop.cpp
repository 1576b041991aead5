#include "app/wall_loop.hpp"

#include <cstdio>
#include <optional>
#include <thread>

#include "app/feed_state.hpp"
#include "app/run_metrics.hpp"
#include "app/wall_health.hpp"
#include "base/json_writer.hpp"
#include "gfx/png.hpp"
#include "platform/frame_pacer.hpp"

namespace gridwall::app {

namespace {

constexpr base::Duration kBusyInterval = std::chrono::milliseconds(16);
constexpr base::Duration kIdleInterval = std::chrono::seconds(1);
constexpr base::Duration kLookInterval = std::chrono::milliseconds(50);  // for new snapshots while a window sleeps
constexpr base::Duration kHeadlessInterval = std::chrono::milliseconds(33);
constexpr base::Duration kBasemapPatience = std::chrono::seconds(10);  // before a screenshot
constexpr base::Duration kSettled = std::chrono::milliseconds(500);

// Something of a picture differs from the last one drawn.
bool differs(const Live& live, const Live& drawn) {
  return live.snapshot != drawn.snapshot || live.status.state != drawn.status.state ||
         live.status.last_sequence != drawn.status.last_sequence;
}

// Waits for the first snapshot, and for the history that a hub's publisher sends at its start.
std::shared_ptr<const Live> wait_for_first(const WallLoop& loop, bool with_events) {
  const base::MonoTime started = loop.clock.now_mono();
  base::MonoTime changed = started;
  std::uint64_t sequence = 0;
  std::shared_ptr<const Live> live;
  while (!loop.stop.requested()) {
    live = loop.world.take();
    const base::MonoTime now = loop.clock.now_mono();
    if (live && live->snapshot->sequence != sequence) {
      sequence = live->snapshot->sequence;
      changed = now;
    }
    // A replay that plays never settles.
    const bool replayed = live && live->status.clock_mode == model::ClockMode::Replay;
    const bool settled = sequence > 0 && (replayed || now - changed > kSettled);
    if (live && (!with_events || settled || now - started > loop.first_events_patience)) break;
    std::this_thread::sleep_for(kHeadlessInterval);
  }
  return live;
}

class LoopRun {
 public:
  explicit LoopRun(const WallLoop& loop) : m_loop(loop), m_pacer({kBusyInterval, kIdleInterval}) {}

  base::Status run() {
    const auto frame_limit = static_cast<std::uint64_t>(m_loop.output.frame_count);
    const bool counts_frames = frame_limit > 0;
    m_live = wait_for_first(m_loop, m_loop.stage.headless() && counts_frames);
    if (!m_live) return {};
    while (!m_loop.stop.requested() && !m_closed && (!counts_frames || m_metrics.frame_count() < frame_limit)) {
      TRY(m_loop.stage.headless() ? step_headless() : step_window());
    }
    return write_results();
  }

 private:
  [[nodiscard]] Moment moment() const { return {m_loop.clock.now_utc(), m_loop.clock.now_mono()}; }

  base::Status draw() {
    const Moment now = moment();
    m_pacer.frame_drawn(now.mono);
    m_drawn = m_live;
    m_drawn_sight = m_sight;
    TRY(m_loop.view.draw(*m_live, m_sight, now));
    const base::Duration took = m_loop.clock.now_mono() - now.mono;
    gfx::Context& context = m_loop.stage.context();
    const std::optional<double> gpu_ms = m_loop.stage.take_gpu_ms();
    m_metrics.frame_drawn(took, context.frame_stats());
    if (gpu_ms) m_metrics.gpu_told(*gpu_ms);
    m_meter.observe_picture(took, gpu_ms, context.frame_stats(),
                            context.live_stats().buffer_bytes + context.live_stats().texture_bytes);
    if (m_loop.output.json) tell_drawn();
    return {};
  }

  // The figures of the picture just drawn, when they come from newer events than those told last.
  void tell_drawn() {
    const state::WorldSnapshot& snapshot = *m_drawn->snapshot;
    if (snapshot.sequence == m_told_sequence) return;
    m_told_sequence = snapshot.sequence;
    const state::CaseCounts& root = snapshot.total->at(0);
    base::JsonWriter json;
    json.begin_object().field("kind", "drawn").field("sequence", snapshot.sequence).field("open", root.open);
    json.field("reported_today", root.reported_today).field("closed_today", root.closed_today).end_object();
    std::printf("%s\n", json.text().c_str());
    std::fflush(stdout);
  }

  void take_newest() {
    auto newest = m_loop.world.take();
    if (newest && newest != m_live) {
      m_live = std::move(newest);
      m_meter.observe(m_live->status, m_loop.world.channel_stats(), m_loop.clock.now_mono());
    }
    m_sight = {m_loop.remote.take(), m_meter.health()};
    if (m_loop.output.json) tell_state();
  }

  // For a supervisor, or a test: what the wall says of its feed, when that changes.
  void tell_state() {
    const model::FeedStatus& status = m_live->status;
    const auto behind = std::chrono::floor<std::chrono::seconds>(status.behind);
    if (status.state == m_told_state && status.clock_mode == m_told_mode && behind == m_told_behind) return;
    m_told_state = status.state;
    m_told_mode = status.clock_mode;
    m_told_behind = behind;
    base::JsonWriter json;
    json.begin_object().field("kind", "state");
    write_feed_state(json, status);
    json.field("behind_s", std::chrono::duration<double>(status.behind).count());
    json.field("last_sequence", status.last_sequence).field("detail", status.detail).end_object();
    std::printf("%s\n", json.text().c_str());
    std::fflush(stdout);
  }

  base::Status step_headless() {
    const base::MonoTime begun = m_loop.clock.now_mono();
    take_newest();
    TRY(draw());
    const base::Duration left = kHeadlessInterval - (m_loop.clock.now_mono() - begun);
    if (left > base::Duration::zero()) std::this_thread::sleep_for(left);
    return {};
  }

  base::Status step_window() {
    const base::Duration patience = std::min(m_pacer.wait_for(m_loop.clock.now_mono()), kLookInterval);
    const platform::InputFrame input = m_loop.stage.wait_input(patience);
    const base::MonoTime now = m_loop.clock.now_mono();
    m_closed = input.close_requested;
    m_loop.view.handle(input, now);
    take_newest();
    const bool changed =
        m_drawn == nullptr || differs(*m_live, *m_drawn) || m_loop.view.differs(m_sight, m_drawn_sight);
    if (changed || input.something_happened() || m_loop.view.animates(now)) m_pacer.request_frame();
    if (m_pacer.wait_for(now) == base::Duration::zero()) return draw();
    m_metrics.frame_skipped();
    return {};
  }

  base::Status write_results() {
    if (!m_loop.output.screenshot.empty()) {
      // The last picture once more, for the camera.
      // What is missing of the basemap in time has been told.
      static_cast<void>(m_loop.view.finish_basemap(kBasemapPatience, m_loop.clock.now_mono()));
      m_loop.stage.capture_next();
      TRY(m_loop.view.draw(m_drawn ? *m_drawn : *m_live, m_sight, moment()));
      TRY(gfx::write_png(m_loop.output.screenshot, m_loop.stage.captured()));
    }
    if (!m_loop.output.metrics_out.empty()) {
      // The figures of the picture that was drawn last, not of anything newer.
      const Live& shown = m_drawn ? *m_drawn : *m_live;
      TRY(m_metrics.write(m_loop.output.metrics_out, shown.snapshot.get(), shown.status, m_sight.hub.get(),
                          m_loop.stage.context()));
    }
    return {};
  }

  const WallLoop& m_loop;
  platform::FramePacer m_pacer;
  RunMetrics m_metrics;
  std::shared_ptr<const Live> m_live, m_drawn;
  HubSight m_sight, m_drawn_sight;
  WallHealthMeter m_meter;
  bool m_closed = false;
  std::optional<model::FeedState> m_told_state;
  model::ClockMode m_told_mode = model::ClockMode::Live;
  std::chrono::seconds m_told_behind{};
  std::uint64_t m_told_sequence = 0;
};

}  // namespace

base::Status run_wall_loop(const WallLoop& loop) {
  return LoopRun(loop).run();
}

}  // namespace gridwall::app
