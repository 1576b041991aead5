// The map beside its physical floors, one JSON line a case: the first picture while layers load, loading, the complete
// picture, panning, zooming, recolouring, labels, picks. Cells of 49 vertices with shared jagged borders, or the file
// and view that are named; 1920 x 1080. Floors of the same run: every triangle drawn by one
// call without colour tables ("raw"), the same without vertices that fall within a pixel of each other ("reduced"),
// GDAL reading every vertex. Medians and 95th percentiles; nothing is asserted.
#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <functional>
#include <numbers>
#include <optional>

#include "base/random.hpp"
#include "bench/bench_line.hpp"
#include "bench/cell_file.hpp"
#include "geo/transform.hpp"
#include "geo/tree_builder.hpp"
#include "gfx/framebuffer.hpp"
#include "platform/headless_context.hpp"
#include "render/frame_constants.hpp"
#include "render/map_renderer.hpp"
#include "scene/camera.hpp"
#include "scene/label_placement.hpp"
#include "scene/picking.hpp"
#include "support/map_scenes.hpp"

namespace gridwall::bench {
namespace {

namespace fs = std::filesystem;

constexpr base::Vec2i kSizePx{1920, 1080};
constexpr int kFrames = 31;

// A drawing of all triangles with one call a page, as little as can be done.
struct RawFill {
  gfx::Buffer vertices, indices;
  gfx::VertexArray vertex_array;
  gfx::DrawRange range;

  RawFill(gfx::Context& context, const model::DivisionTree& tree, std::uint32_t level_index, std::uint32_t step_bits) {
    std::vector<std::uint32_t> divisions;
    const model::Range level = tree.levels().at(level_index).divisions;
    for (std::uint32_t d = level.begin; d < level.end; ++d) divisions.push_back(d);
    render::FillMesh mesh;
    render::append_fill(tree, divisions, step_bits, mesh);
    vertices = gfx::Buffer::create_static(context, std::as_bytes(std::span(mesh.vertices)), "raw vertices");
    indices = gfx::Buffer::create_static(context, std::as_bytes(std::span(mesh.indices)), "raw indices");
    const std::array attributes{gfx::VertexAttribute{render::kPositionLocation, 2, gfx::AttributeType::Int32, &vertices,
                                                     static_cast<std::int32_t>(sizeof(render::FillVertex)), 0}};
    vertex_array = gfx::VertexArray::create(context, attributes, &indices, "raw");
    range = {0, static_cast<std::uint32_t>(mesh.indices.size())};
  }
};

class MapBench {
 public:
  MapBench(gfx::Context& context, gfx::Program raw_program, fs::path shaders)
      : m_context(context),
        m_raw_program(std::move(raw_program)),
        m_shaders(std::move(shaders)),
        m_constants(gfx::Buffer::create_streamed(context, sizeof(render::FrameBlock), "bench")) {
    m_raw_program.set_uniform(render::kHighlightColorUniform, std::array<float, 4>{0.2f, 0.4f, 0.6f, 1});
  }

  // `view`: longitude, latitude, zoom of a web map; none: the whole.
  void run(const fs::path& file, const std::optional<std::array<double, 3>>& view) {
    m_view.reset();
    preview(file);
    load(file);
    m_cell_count = m_scene.tree->levels()[m_level].divisions.size();
    if (view) look_at(*view);
    show_whole(1);
    make_renderer();
    first_picture();
    pan("pan_whole", 1.0, true);
    pan("pan_close", 6.0, false);
    zoom();
    recolour();
    labels();
    picks();
    memory();
    m_renderer.reset();
    m_scene = {};
  }

 private:
  void take(std::shared_ptr<const model::DivisionTree> tree) {
    m_level = static_cast<std::uint32_t>(tree->levels().size() - 1);
    m_scene = test::map_scene(std::move(tree), {.size_px = kSizePx, .fill_level = m_level});
    test::color_by_step(m_scene);
    m_scene.borders = {{0, 2.4f, {150, 190, 216, 210}}, {m_level, 0.7f, {120, 160, 190, 84}}};
    if (m_level == 0) m_scene.borders.erase(m_scene.borders.begin());
  }

  static geo::LayerRequest request_of(const fs::path& file) {
    geo::LayerRequest request;
    request.sources = {file.string()};
    request.family_check = geo::FamilyCheck::None;
    return request;
  }

  // What a wall shows while the layers load: from nothing to its complete picture. In rounds with the floor.
  void preview(const fs::path& file) {
    constexpr int kRounds = 5;
    Times reads, loads, pictures;
    geo::LayerRequest request = request_of(file);
    request.preview_px = static_cast<std::uint32_t>(std::max(kSizePx.x, kSizePx.y)) / 2;
    for (int round = 0; round < kRounds; ++round) {
      const auto read_begun = std::chrono::steady_clock::now();
      m_vertex_count = read_every_vertex(file);
      reads.ms.push_back(ms_since(read_begun));
      if (m_vertex_count == 0) give_up(fmt::format("{}: holds nothing that GDAL reads", file.string()));
      make_renderer();  // a wall makes its own while nothing is loaded yet
      const auto begun = std::chrono::steady_clock::now();
      auto loaded = geo::load_division_tree(request);
      if (!loaded.ok()) give_up(loaded.error().message);
      loads.ms.push_back(ms_since(begun));
      take(loaded->tree);
      m_cell_count = m_scene.tree->levels()[m_level].divisions.size();
      show_whole(1);
      frame();
      pictures.ms.push_back(ms_since(begun));
      m_renderer.reset();
      m_scene = {};
    }
    m_read_ms = reads.at(0.5);
    Line("preview", "cells", m_cell_count)
        .number("vertices", static_cast<double>(m_vertex_count))
        .times("gdal_read", reads)
        .times("load", loads)
        .times("picture", pictures)
        .ratio("picture_of_gdal_read", pictures, reads);
  }

  void load(const fs::path& file) {
    const geo::LayerRequest request = request_of(file);
    const auto begun = std::chrono::steady_clock::now();
    auto loaded = geo::load_division_tree(request);
    m_load_ms = ms_since(begun);
    if (!loaded.ok()) give_up(loaded.error().message);
    take(loaded->tree);
    Line("load", "cells", m_cell_count)
        .number("vertices", static_cast<double>(m_vertex_count))
        .number("ms", m_load_ms)
        .number("gdal_read_ms", m_read_ms)
        .number("ratio", m_load_ms / m_read_ms);
  }

  void look_at(const std::array<double, 3>& lonlat_zoom) {
    constexpr double kEquator_px_per_m = 1 / 156543.03392804097;  // of zoom 0, tiles of 256 pixels
    const auto& [longitude, latitude, zoom] = lonlat_zoom;
    auto transform = geo::Transform::create(geo::kLonLatCrs, m_scene.tree->world_crs());
    if (!transform.ok()) give_up(transform.error().message);
    const auto center = transform->forward(base::Vec2d{longitude, latitude});
    if (!center) give_up("--view: lies outside the map's reference system");
    const double shrunk = std::cos(latitude * std::numbers::pi / 180);  // a web map's metres are longer than true ones
    m_view = model::MapView{*center, kEquator_px_per_m * std::exp2(zoom) / shrunk};
  }

  // Or the view that was asked for.
  void show_whole(double closer) {
    const auto& tree = *m_scene.tree;
    base::Box2d all;
    const model::Range level = tree.levels()[m_level].divisions;
    for (std::uint32_t d = level.begin; d < level.end; ++d) {
      all.extend(tree.divisions()[d].extent_world.min);
      all.extend(tree.divisions()[d].extent_world.max);
    }
    m_scene.viewport.view = m_view.value_or(scene::fit(all, kSizePx, 10));
    m_scene.viewport.view.px_per_m *= closer;
    m_scene.viewport.view = scene::on_pixels(m_scene.viewport.view);
    // Borders of cells of a few pixels are a haze that no wall draws (scene/level_choice.hpp).
    const double cell_px = std::sqrt(all.width() * all.height() / level.size()) * m_scene.viewport.view.px_per_m;
    if (m_scene.borders.size() > 1) m_scene.borders[1].color.a = cell_px < 11 ? 0 : 84;
  }

  void make_renderer() {
    auto made = render::MapRenderer::create(m_context, m_shaders, {});
    if (!made.ok()) give_up(made.error().message);
    m_renderer = std::move(made).value();
  }

  void frame() {
    m_context.begin_frame();
    const auto drawn = m_renderer->draw(m_scene, kSizePx, 0);
    if (!drawn.ok()) give_up(drawn.error().message);
    m_context.finish();
  }
  double timed_frame() {
    m_context.finish();
    const auto begun = std::chrono::steady_clock::now();
    frame();
    return ms_since(begun);
  }

  void first_picture() {
    const double complete_ms = timed_frame();
    const gfx::FrameStats stats = m_context.frame_stats();
    make_renderer();
    m_renderer->set_pace(render::Pace::Fluent);
    const double first_ms = timed_frame();
    int frame_count = 1;
    for (; m_renderer->is_refining() && frame_count < 10'000; ++frame_count) frame();
    m_renderer->set_pace(render::Pace::AtOnce);
    Line("first_picture", "cells", m_cell_count)
        .number("complete_ms", complete_ms)
        .number("fluent_first_ms", first_ms)
        .number("fluent_frames", frame_count)
        .number("draws", static_cast<double>(stats.draws))
        .number("triangles", static_cast<double>(stats.triangles))
        .number("uploaded_mb", static_cast<double>(stats.bytes_uploaded) * 1e-6)
        .number("load_and_picture_of_gdal_read", (m_load_ms + complete_ms) / m_read_ms);
  }

  void step(int frame) {
    m_scene.viewport.view.center_world.x += 5 / m_scene.viewport.view.px_per_m;
    m_scene.viewport.view.center_world.y += (frame % 2 == 0 ? 3 : -2) / m_scene.viewport.view.px_per_m;
    m_scene.viewport.view = scene::on_pixels(m_scene.viewport.view);
  }

  Times raw(const RawFill& fill) {
    Times times;
    for (int i = -1; i < kFrames; ++i) {
      m_context.finish();
      const auto begun = std::chrono::steady_clock::now();
      m_context.begin_frame();
      step(i);
      const render::FrameBlock block = render::frame_constants(m_scene, kSizePx, 0);
      m_constants.replace(std::as_bytes(std::span(&block, 1)));
      m_context.bind_uniform_buffer(render::kFrameBlockBinding, m_constants);
      m_context.clear({0, 0, 0, 1});
      m_context.set_pipeline({&m_raw_program, &fill.vertex_array, gfx::Blend::Off});
      m_context.draw_elements({&fill.range, 1});
      m_context.finish();
      if (i >= 0) times.ms.push_back(ms_since(begun));
    }
    return times;
  }

  void pan(const char* name, double closer, bool with_floors) {
    show_whole(closer);
    frame();
    Times ours;
    for (int i = 0; i < kFrames; ++i) {
      step(i);
      ours.ms.push_back(timed_frame());
    }
    m_pan = with_floors ? ours : m_pan;
    Line line(name, "cells", m_cell_count);
    line.times("frame", ours).number("draws", static_cast<double>(m_context.frame_stats().draws));
    if (!with_floors) return;
    show_whole(closer);
    const double px_per_unit = m_scene.viewport.view.px_per_m * m_scene.tree->unit_m();
    {
      const RawFill reduced(m_context, *m_scene.tree, m_level, render::step_bits_for(px_per_unit, 1.0));
      m_reduced = raw(reduced);
      line.times("reduced", m_reduced).ratio("of_reduced", ours, m_reduced);
    }
    const RawFill all(m_context, *m_scene.tree, m_level, 0);
    const Times every = raw(all);
    line.times("raw", every).ratio("of_raw", ours, every);
  }

  void zoom() {
    m_renderer->set_pace(render::Pace::Fluent);
    Times first, refined, complete;
    int frames_most = 0;
    for (int i = 0; i < 7; ++i) {
      show_whole(1);
      while (frame(), m_renderer->is_refining()) {
      }
      show_whole(1.3 + 0.4 * i);
      const auto begun = std::chrono::steady_clock::now();
      first.ms.push_back(timed_frame());
      const double first_ms = ms_since(begun);
      refined.ms.push_back(first_ms);
      int frame_count = 1;
      for (; m_renderer->is_refining(); ++frame_count) frame();
      complete.ms.push_back(ms_since(begun));
      frames_most = std::max(frames_most, frame_count);
    }
    m_renderer->set_pace(render::Pace::AtOnce);
    Line("zoom", "cells", m_cell_count)
        .times("first_frame", first)
        .times("complete", complete)
        .number("frames_most", frames_most);
  }

  void recolour() {
    show_whole(1);
    frame();
    Times ours;
    std::uint64_t uploaded = 0;
    for (int i = 0; i < kFrames; ++i) {
      for (base::Color& color : m_scene.division_colors) color.r = static_cast<std::uint8_t>(color.r + 1);
      ++m_scene.colors_version;
      ours.ms.push_back(timed_frame());
      uploaded = std::max(uploaded, m_context.frame_stats().bytes_uploaded);
    }
    Line("recolour", "cells", m_cell_count)
        .times("frame", ours)
        .ratio("of_pan", ours, m_pan)
        .ratio("of_reduced", ours, m_reduced)
        .number("uploaded_mb", static_cast<double>(uploaded) * 1e-6);
  }

  // Names of all cells in sight as candidates, those that fit placed and drawn, while panning at six times the scale.
  // Floor: the same frames without.
  void labels() {
    show_whole(6);
    frame();
    Times without, placing, ours;
    for (int i = 0; i < kFrames; ++i) {
      step(i);
      without.ms.push_back(timed_frame());
    }
    show_whole(6);
    scene::LabelPlacer placer;
    std::size_t candidate_count = 0, placed_count = 0;
    for (int i = -1; i < kFrames; ++i) {
      step(i);
      const auto begun = std::chrono::steady_clock::now();
      candidate_count = offer_names(placer);
      m_scene.labels.clear();
      placer.place(m_renderer->glyph_metrics(), m_scene.labels);
      const double placed_ms = ms_since(begun);
      placed_count = m_scene.labels.size();
      frame();
      if (i < 0) continue;  // that one makes the glyphs
      placing.ms.push_back(placed_ms);
      ours.ms.push_back(ms_since(begun));
    }
    m_scene.labels.clear();
    Line("labels", "cells", m_cell_count)
        .number("candidates", static_cast<double>(candidate_count))
        .number("placed", static_cast<double>(placed_count))
        .times("place", placing)
        .times("frame", ours)
        .times("without", without)
        .ratio("of_without", ours, without);
  }

  std::size_t offer_names(scene::LabelPlacer& placer) {
    placer.begin(m_scene.viewport);
    const base::Box2d shown = scene::visible_world(m_scene.viewport);
    const model::Range level = m_scene.tree->levels()[m_level].divisions;
    std::size_t count = 0;
    for (std::uint32_t d = level.begin; d < level.end; ++d) {
      const model::Division& division = m_scene.tree->divisions()[d];
      if (!shown.contains(division.anchor_world)) continue;
      scene::LabelCandidate label;
      label.anchor_px = scene::px_from_world(m_scene.viewport, division.anchor_world);
      label.text = division.name;
      label.size_px = 15;
      label.priority = label.key = d;
      label.color = {230, 236, 242, 255};
      placer.offer(std::move(label));
      ++count;
    }
    return count;
  }

  // Which division is under a pixel; locator_bench has its floor.
  void picks() {
    show_whole(1);
    constexpr int kPicks = 2000;
    const auto begun = std::chrono::steady_clock::now();
    const model::Locator locator(m_scene.tree);
    const double made_ms = ms_since(begun);
    Times each;
    std::size_t hits = 0;
    base::Random random(3);
    for (int i = 0; i < kPicks; ++i) {
      const base::Vec2d at_px{random.next_between(0, kSizePx.x), random.next_between(0, kSizePx.y)};
      const auto pick_begun = std::chrono::steady_clock::now();
      hits += scene::pick_division(locator, m_scene.viewport, at_px, m_level).valid() ? 1 : 0;
      each.ms.push_back(ms_since(pick_begun));
    }
    Line("picks", "cells", m_cell_count)
        .number("made_ms", made_ms)
        .number("hits", static_cast<double>(hits))
        .number("pick_median_us", each.at(0.5) * 1000)
        .number("pick_p95_us", each.at(0.95) * 1000);
  }

  void memory() {
    const model::DivisionTree& tree = *m_scene.tree;
    const double tree_bytes = static_cast<double>(
        tree.vertices().size() * sizeof(base::Vec2i) + tree.triangle_indices().size() * sizeof(std::uint32_t) +
        tree.rings().size() * sizeof(model::Ring) + tree.divisions().size() * sizeof(model::Division));
    const gfx::LiveStats& live = m_context.live_stats();
    const auto vertices = static_cast<double>(m_vertex_count);
    Line("memory", "cells", m_cell_count)
        .number("tree_bytes_a_vertex", tree_bytes / vertices)
        .number("gpu_buffers_mb", static_cast<double>(live.buffer_bytes) * 1e-6)
        .number("gpu_textures_mb", static_cast<double>(live.texture_bytes) * 1e-6)
        .number("bytes_a_vertex", (tree_bytes + static_cast<double>(live.buffer_bytes)) / vertices);
  }

  gfx::Context& m_context;
  gfx::Program m_raw_program;
  fs::path m_shaders;
  gfx::Buffer m_constants;
  std::unique_ptr<render::MapRenderer> m_renderer;
  scene::FrameScene m_scene;
  std::uint32_t m_level = 0;
  std::size_t m_cell_count = 0, m_vertex_count = 0;
  double m_read_ms = 0, m_load_ms = 0;
  std::optional<model::MapView> m_view;  // asked for
  Times m_pan, m_reduced;
};

struct Asked {
  std::vector<int> counts;
  fs::path data;  // empty: cells by the counts
  std::optional<std::array<double, 3>> view;
};

int run_all(const Asked& asked) {
  auto headless = platform::HeadlessContext::create({.debug = false});
  if (!headless.ok()) give_up(headless.error().message);
  auto context = gfx::Context::create(platform::HeadlessContext::get_proc_address);
  if (!context.ok()) give_up(context.error().message);
  const fs::path shaders = fs::path(GRIDWALL_SOURCE_DIR) / "shaders";
  auto target = gfx::Framebuffer::create(**context, kSizePx, "bench");
  if (!target.ok()) give_up(target.error().message);
  auto raw = gfx::Program::create(**context, {shaders, "division_highlight.vert", "division_highlight.frag"}, "raw");
  if (!raw.ok()) give_up(raw.error().message);
  (*context)->set_framebuffer(&*target);
  (*context)->set_viewport({0, 0, kSizePx.x, kSizePx.y});
  std::fprintf(stderr, "%s\n", (*context)->renderer_name().c_str());
  std::string pattern = (fs::temp_directory_path() / "gridwall-map-XXXXXX").string();
  const fs::path folder = ::mkdtemp(pattern.data());
  {
    MapBench bench(**context, std::move(raw).value(), shaders);
    if (!asked.data.empty()) bench.run(asked.data, asked.view);
    for (const int count : asked.counts) {
      const fs::path file = folder / fmt::format("cells-{}.gpkg", count);
      write_cells(file, count);
      bench.run(file, asked.view);
      fs::remove(file);
    }
  }
  fs::remove_all(folder);
  return 0;
}

}  // namespace
}  // namespace gridwall::bench

namespace {

constexpr const char* kHelp =
    "Usage: map_bench [CELLS...] | --data FILE [--view LONGITUDE,LATITUDE,ZOOM]\n\n"
    "Draws generated cells (5000 50000 500000) or a layer file, each case beside its floor: a JSON line a case.\n"
    "--view is a place and a web map's zoom; else the whole is shown.\n\n"
    "Example:\n  ./run bench map --data grids.gpkg --view 120.285,31.911,14\n";

[[noreturn]] void refuse(const std::string& why) {
  std::fprintf(stderr, "map_bench: %s\n\n%s", why.c_str(), kHelp);
  std::exit(2);
}

gridwall::bench::Asked parse(int argc, char** argv) {
  gridwall::bench::Asked asked;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--help") {
      std::printf("%s", kHelp);
      std::exit(0);
    }
    if (word == "--data" || word == "--view") {
      if (i + 1 == argc) refuse(word + " wants a value");
      const std::string value = argv[++i];
      std::array<double, 3> view{};
      if (word == "--data") {
        asked.data = value;
      } else if (std::sscanf(value.c_str(), "%lf,%lf,%lf", &view[0], &view[1], &view[2]) == 3) {
        asked.view = view;
      } else {
        refuse("--view " + value + ": expected LONGITUDE,LATITUDE,ZOOM, such as 120.285,31.911,14");
      }
      continue;
    }
    const int count = std::atoi(word.c_str());
    if (count < 1) refuse(word + ": expected a number of cells, --data or --view");
    asked.counts.push_back(count);
  }
  if (asked.counts.empty() && asked.data.empty()) asked.counts = {5'000, 50'000, 500'000};
  return asked;
}

}  // namespace

int main(int argc, char** argv) {
  return gridwall::bench::run_all(parse(argc, argv));
}
