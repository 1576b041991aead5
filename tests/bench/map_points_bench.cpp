// Markers of the map beside their floors, one JSON line a case: 10,000, 100,000 and 1,000,000 markers drawn raw (floor:
// a blended disc of the same size each, in one call), gathered by the layout of the wall (floor: the same frame without
// markers), and 5,000 changes a second while panning (floor: the bytes that changed). 1920 x 1080.
#include <array>

#include "base/random.hpp"
#include "bench/bench_line.hpp"
#include "gfx/framebuffer.hpp"
#include "platform/headless_context.hpp"
#include "render/map_renderer.hpp"
#include "scene/camera.hpp"
#include "scene/marker_layout.hpp"
#include "scene/picking.hpp"
#include "support/jagged_tree.hpp"
#include "support/map_scenes.hpp"

namespace gridwall::bench {
namespace {

constexpr base::Vec2i kSizePx{1920, 1080};
constexpr int kFrames = 15;
constexpr float kRawSizePx = 6;
constexpr std::size_t kChangesAFrame = 83;  // 5,000 a second at 60 frames

class PointsBench {
 public:
  PointsBench(gfx::Context& context, std::unique_ptr<render::MapRenderer> renderer, gfx::Program floor)
      : m_context(context),
        m_renderer(std::move(renderer)),
        m_floor(std::move(floor)),
        m_no_vertices(gfx::VertexArray::create(context, {}, nullptr, "none")) {
    m_scene = test::map_scene(test::jagged_tree({.blocks = 10, .cells_per_block = 7, .size_m = 30'000}),
                              {.size_px = kSizePx, .px_per_m = 1060.0 / 30'000});
    m_scene.viewport.view = scene::on_pixels(m_scene.viewport.view);
    test::color_by_step(m_scene);
    test::add_borders(m_scene);
  }

  void run(std::size_t count) {
    base::Random random(5);
    const double half_units = 15'000 / m_scene.tree->unit_m();
    m_points.clear();
    for (std::size_t i = 0; i < count; ++i) {
      m_points.push_back({static_cast<std::int32_t>(random.next_between(-half_units, half_units)),
                          static_cast<std::int32_t>(random.next_between(-half_units, half_units))});
    }
    raw(count);
    changes(count);
    gathered(count);
  }

 private:
  void frame() {
    m_context.begin_frame();
    const auto drawn = m_renderer->draw(m_scene, kSizePx, 0);
    if (!drawn.ok()) give_up(drawn.error().message);
    m_context.finish();
  }
  template <typename Draw>
  Times timed(const Draw& draw) {
    Times times;
    for (int i = -2; i < kFrames; ++i) {
      m_context.finish();
      const auto begun = std::chrono::steady_clock::now();
      draw(i);
      m_context.finish();
      if (i >= 0) times.ms.push_back(ms_since(begun));
    }
    return times;
  }

  void raw(std::size_t count) {
    m_scene.markers.clear();
    for (const base::Vec2i p : m_points) {
      m_scene.markers.push_back({p, kRawSizePx, model::MarkerShape::Circle, {80, 160, 230, 255}, {0, 0, 0, 0}, 0});
    }
    const Times ours = timed([&](int) { frame(); });
    m_scene.markers.clear();
    const Times ground = timed([&](int) { frame(); });
    gfx::Buffer points = gfx::Buffer::create_static(m_context, std::as_bytes(std::span(m_points)), "points");
    m_floor.set_uniform(0,
                        std::array<float, 2>{static_cast<float>(m_scene.viewport.view.px_per_m * 0.001), kRawSizePx});
    m_floor.set_uniform(1, std::array<float, 2>{static_cast<float>(kSizePx.x), static_cast<float>(kSizePx.y)});
    const Times floor = timed([&](int) {
      frame();
      m_context.set_pipeline({&m_floor, &m_no_vertices, gfx::Blend::Premultiplied});
      m_context.bind_storage_buffer(0, points);
      m_context.draw_arrays(gfx::Primitive::Triangles, gfx::DrawRange{0, static_cast<std::uint32_t>(count) * 6});
    });
    Line("markers_raw", "markers", count)
        .times("frame", ours)
        .times("without", ground)
        .times("floor", floor)
        .ratio("of_floor", ours, floor);
  }

  void changes(std::size_t count) {
    for (const base::Vec2i p : m_points) {
      m_scene.markers.push_back({p, kRawSizePx, model::MarkerShape::Circle, {80, 160, 230, 255}, {0, 0, 0, 0}, 0});
    }
    frame();
    base::Random random(7);
    std::uint64_t uploaded = 0, view_bytes = 0;
    const Times times = timed([&](int i) {
      for (std::size_t k = 0; k < kChangesAFrame; ++k) {
        m_scene.markers[random.next_below(m_scene.markers.size())].fill.g ^= 0x55;
      }
      m_scene.viewport.view.center_world.x += 5 / m_scene.viewport.view.px_per_m;
      m_scene.viewport.view = scene::on_pixels(m_scene.viewport.view);
      frame();
      if (i >= 0) uploaded += m_context.frame_stats().bytes_uploaded;
      view_bytes = 2 * sizeof(render::FrameBlock);  // the map's view and its ground's
    });
    const double changed = kChangesAFrame * sizeof(render::GpuMarker);
    Line("marker_changes", "markers", count)
        .times("frame", times)
        .number("uploaded_a_frame", static_cast<double>(uploaded) / kFrames)
        .number("changed_a_frame", changed)
        .number("of_changed", (static_cast<double>(uploaded) / kFrames - static_cast<double>(view_bytes)) / changed);
    m_scene.markers.clear();
  }

  // A snapshot of open cases at the points, each in the division that a grid of cells says.
  state::WorldSnapshot snapshot() {
    state::WorldSnapshot snapshot;
    snapshot.tree = m_scene.tree;
    const model::DivisionTree& tree = *m_scene.tree;
    const model::Range cells = tree.levels()[2].divisions;
    std::vector<state::CaseCounts> total(tree.divisions().size());
    state::Symbols classes;
    m_incidents.clear();
    for (std::size_t i = 0; i < m_points.size(); ++i) {
      state::Incident incident;
      incident.id = "GD20261122000001";
      incident.point_units = m_points[i];
      incident.located = true;
      incident.division = model::DivisionIndex{cells.begin + static_cast<std::uint32_t>(i % cells.size())};
      incident.severity = i % 5000 == 0 ? model::Severity::Critical : model::Severity::Minor;
      incident.class_symbol = classes.intern("E01.10");
      m_incidents.push_back(incident);
      for (model::DivisionIndex d = incident.division; d.valid(); d = tree.at(d).parent) {
        ++total[d.value].open;
        ++total[d.value].open_by_severity[model::severity_index(incident.severity)];
      }
    }
    state::CowArray<state::CaseCounts, state::kCountsPerPage> counts;
    for (const state::CaseCounts& one : total) counts.push_back(one);
    snapshot.total = std::make_shared<const state::FrozenCounts>(counts.freeze());
    snapshot.incidents = m_incidents.freeze();
    snapshot.class_codes = classes.names();
    return snapshot;
  }

  void gathered(std::size_t count) {
    state::WorldSnapshot world = snapshot();
    const model::Vocabulary vocabulary;
    scene::MarkerLayout layout;
    const scene::MarkerOptions options{1, 12, {}, base::UtcTime{std::chrono::hours(1000)}};
    const Times without = timed([&](int) { frame(); });
    const auto lay_out = [&] {
      m_scene.markers.clear();
      layout.lay_out(world, vocabulary, m_scene.viewport, options, m_scene.markers);
    };
    const auto begun = std::chrono::steady_clock::now();
    lay_out();
    const double first_ms = ms_since(begun);
    const Times ours = timed([&](int) {
      lay_out();
      frame();
    });
    Times picks;
    for (int i = 0; i < 1000; ++i) {
      const auto pick_begun = std::chrono::steady_clock::now();
      const base::Vec2d at{(i * 37) % 1920 + 0.5, (i * 53) % 1080 + 0.5};
      (void)scene::pick_top_incident(layout.drawn(), at);
      (void)scene::pick_bubble(layout.bubbles(), at);
      picks.ms.push_back(ms_since(pick_begun));
    }
    base::Random random(9);
    const Times flood = timed([&](int) {
      for (std::size_t k = 0; k < kChangesAFrame; ++k) {
        m_incidents.edit(random.next_below(m_points.size())).marks ^= 1;
      }
      world.incidents = m_incidents.freeze();
      ++world.version;
      lay_out();
      frame();
    });
    scene::IncidentIndex index;
    index.follow(world);
    Line("markers_gathered", "markers", count)
        .times("frame", ours)
        .times("without", without)
        .ratio("of_without", ours, without)
        .times("while_changing", flood)
        .number("first_layout_ms", first_ms)
        .number("drawn", static_cast<double>(m_scene.markers.size()))
        .times("pick", picks)
        .number("index_mb", static_cast<double>(index.memory_bytes()) * 1e-6);
    m_scene.markers.clear();
  }

  gfx::Context& m_context;
  std::unique_ptr<render::MapRenderer> m_renderer;
  gfx::Program m_floor;
  gfx::VertexArray m_no_vertices;
  scene::FrameScene m_scene;
  std::vector<base::Vec2i> m_points;
  state::CowArray<state::Incident, state::kIncidentsPerPage> m_incidents;
};

int run_all(const std::vector<int>& counts) {
  auto headless = platform::HeadlessContext::create({.debug = false});
  if (!headless.ok()) give_up(headless.error().message);
  auto context = gfx::Context::create(platform::HeadlessContext::get_proc_address);
  if (!context.ok()) give_up(context.error().message);
  const std::filesystem::path source = GRIDWALL_SOURCE_DIR;
  auto target = gfx::Framebuffer::create(**context, kSizePx, "bench");
  if (!target.ok()) give_up(target.error().message);
  auto floor = gfx::Program::create(
      **context, {source / "tests/bench/shaders", "floor_points.vert", "floor_points.frag"}, "floor");
  if (!floor.ok()) give_up(floor.error().message);
  auto renderer = render::MapRenderer::create(**context, source / "shaders", {});
  if (!renderer.ok()) give_up(renderer.error().message);
  (*context)->set_framebuffer(&*target);
  std::fprintf(stderr, "%s\n", (*context)->renderer_name().c_str());
  PointsBench bench(**context, std::move(renderer).value(), std::move(floor).value());
  for (const int count : counts) bench.run(static_cast<std::size_t>(count));
  return 0;
}

}  // namespace
}  // namespace gridwall::bench

int main(int argc, char** argv) {
  std::vector<int> counts;
  for (int i = 1; i < argc; ++i) counts.push_back(std::max(1, std::atoi(argv[i])));
  return gridwall::bench::run_all(counts.empty() ? std::vector{10'000, 100'000, 1'000'000} : counts);
}
