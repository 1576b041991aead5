#include "app/first_picture.hpp"

#include <algorithm>
#include <cstdio>
#include <mutex>
#include <thread>

#include "app/source_stamp.hpp"
#include "app/wall_view.hpp"
#include "base/json_writer.hpp"
#include "base/log.hpp"
#include "state/world.hpp"

namespace gridwall::app {

using base::Result;

namespace {

constexpr base::Duration kLookInterval = std::chrono::milliseconds(30);
constexpr base::Duration kTellInterval = std::chrono::milliseconds(250);

bool is_worth_it(const TreeCache& cache, const geo::LayerRequest& request, std::uintmax_t source_bytes_min) {
  const auto files = files_of_sources(request.sources);
  return files && bytes_of(*files).value_or(0) >= source_bytes_min && !cache.keeps(request);
}

// For a person in the log, for a supervisor or a test on stdout.
void tell_picture(const OutputOptions& output, bool whole, std::size_t division_count, base::Duration took) {
  const double after_s = std::chrono::duration<double>(took).count();
  base::log_info("app", "{} of {} divisions after {:.2f} s", whole ? "whole resolution" : "first picture",
                 division_count, after_s);
  if (!output.json) return;
  base::JsonWriter json;
  json.begin_object().field("kind", "picture").field("whole", whole).field("divisions", division_count);
  json.field("after_s", after_s).end_object();
  std::printf("%s\n", json.text().c_str());
  std::fflush(stdout);
}

// Loads the whole tree on a thread of its own.
class Loading {
 public:
  Loading(const TreeCache& cache, geo::LayerRequest request)
      : m_thread("load-layers", [this, &cache, request = std::move(request)](const std::stop_token& stop) mutable {
          request.stop = stop;
          auto loaded = cache.load(request, [this](std::string_view step, double share) { note(step, share); });
          const std::lock_guard lock(m_mutex);
          m_result.emplace(std::move(loaded));
        }) {}

  [[nodiscard]] bool done() const {
    const std::lock_guard lock(m_mutex);
    return m_result.has_value();
  }
  // The step that is at work, and how much of all is done.
  [[nodiscard]] std::pair<std::string, double> progress() const {
    const std::lock_guard lock(m_mutex);
    return {m_step, m_share};
  }
  // Waits for its end.
  Result<CachedLoad> take() {
    m_thread.join();
    return std::move(*m_result);
  }
  void stop() { m_thread.request_stop(); }

 private:
  void note(std::string_view step, double share) {
    const std::lock_guard lock(m_mutex);
    m_step = step;
    m_share = share;
  }

  mutable std::mutex m_mutex;
  std::optional<Result<CachedLoad>> m_result;
  std::string m_step;
  double m_share = 0;
  base::Thread m_thread;  // last: it ends before what it writes to
};

class FirstPicture {
 public:
  FirstPicture(const FirstPictureOptions& options, const WallData& so_far, WallStart& start)
      : m_options(options), m_data(so_far), m_start(start) {}

  // Until `loading` is done, or nobody wants it any more.
  base::Status show(const geo::LayerRequest& request, base::MonoTime begun);
  base::Status follow(Loading& loading, const geo::ProgressCallback& progress);
  [[nodiscard]] bool is_shown() const { return m_view != nullptr; }

 private:
  base::Status draw(double share);

  const FirstPictureOptions& m_options;
  WallData m_data;  // with the coarse tree
  WallStart& m_start;
  base::SystemClock m_clock;
  Live m_live;
  std::unique_ptr<WallView> m_view;
};

base::Status FirstPicture::show(const geo::LayerRequest& request, base::MonoTime begun) {
  auto loaded = geo::load_division_tree(first_picture_of(request, m_start.stage->size_px()));
  if (!loaded.ok()) {
    base::log_info("app", "no first picture: {}", loaded.error().message);
    return {};
  }
  m_data.tree = std::move(loaded->tree);
  m_live.snapshot = state::World(m_data.tree, m_data.vocabulary, m_data.rules).freeze();
  m_live.status.state = model::FeedState::Connecting;
  WallViewOptions options;
  TRY_ASSIGN(options.wall, open_wall_profile(m_data.root, m_options.output.wall));
  options.panels = false;
  options.map_in_place = true;
  TRY_ASSIGN(m_view, WallView::create(*m_start.stage, m_data, std::move(options)));
  TRY(draw(0));
  tell_picture(m_options.output, false, m_data.tree->divisions().size(), m_clock.now_mono() - begun);
  return {};
}

base::Status FirstPicture::draw(double share) {
  m_view->set_notice(m_data.words.fill("map.loading", {fmt::format("{:.0f}", 100 * share)}));
  return m_view->draw(m_live, HubSight{}, {m_clock.now_utc(), m_clock.now_mono()});
}

base::Status FirstPicture::follow(Loading& loading, const geo::ProgressCallback& progress) {
  base::MonoTime told_at{};
  while (!loading.done()) {
    const platform::InputFrame input = m_start.stage->wait_input(kLookInterval);
    if (m_start.stage->headless()) std::this_thread::sleep_for(kLookInterval);
    m_start.closed = input.close_requested || m_options.stop.requested();
    if (m_start.closed) {
      loading.stop();
      return {};
    }
    const base::MonoTime now = m_clock.now_mono();
    const bool tells = now - told_at >= kTellInterval;
    if (tells) {
      told_at = now;
      const auto [step, share] = loading.progress();
      progress(step, share);
    }
    if (!m_view) continue;
    m_view->handle(input, now);
    if (tells || input.something_happened() || m_view->animates(now)) TRY(draw(loading.progress().second));
  }
  if (!m_view) return {};
  m_start.view = m_view->camera().viewport(m_clock.now_mono()).view;
  if (*m_start.view == m_view->camera().home()) m_start.view.reset();
  m_start.world_crs = m_data.tree->world_crs();
  return {};
}

}  // namespace

geo::LayerRequest first_picture_of(geo::LayerRequest request, base::Vec2i size_px) {
  request.preview_px = static_cast<std::uint32_t>(std::max(size_px.x, size_px.y)) / 2;  // the map has about so many
  return request;
}

Result<StageOptions> stage_options(const OutputOptions& output, const model::Profile& profile) {
  StageOptions options;
  TRY_ASSIGN(options.size_px, parse_size(output.size));
  options.headless = output.headless;
  options.fullscreen = output.fullscreen;
  TRY_ASSIGN(const auto language, parse_language(output.language));
  options.title = language == model::Language::Chinese ? profile.system_zh : profile.system_en;
  return options;
}

Result<CachedLoad> load_behind_first_picture(const FirstPictureOptions& options, const WallData& so_far,
                                             const TreeCache& cache, const geo::LayerRequest& request,
                                             const geo::ProgressCallback& progress, WallStart& start) {
  if (!is_worth_it(cache, request, options.source_bytes_min)) return cache.load(request, progress);
  const base::SystemClock clock;
  const base::MonoTime begun = clock.now_mono();
  TRY_ASSIGN(const StageOptions stage, stage_options(options.output, so_far.profile));
  TRY_ASSIGN(start.stage, Stage::create(stage));
  FirstPicture picture(options, so_far, start);
  TRY(picture.show(request, begun));
  Loading loading(cache, request);
  const base::Status followed = picture.follow(loading, progress);
  if (!followed.ok()) {
    loading.stop();
    return followed.error();
  }
  auto loaded = loading.take();
  if (loaded.ok()) {
    tell_picture(options.output, true, loaded->tree->divisions().size(), clock.now_mono() - begun);
  }
  return loaded;
}

}  // namespace gridwall::app
