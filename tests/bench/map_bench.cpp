// The map beside its physical floors, one JSON line a case: loading, the first picture, panning, zooming, recolouring.
// Cells of 49 vertices with shared jagged borders, 1920 x 1080. Floors of the same run: every triangle drawn by one
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

#include "bench/bench_line.hpp"
#include "bench/cell_file.hpp"
#include "geo/tree_builder.hpp"
#include "gfx/framebuffer.hpp"
#include "platform/headless_context.hpp"
#include "render/frame_constants.hpp"
#include "render/map_renderer.hpp"
#include "scene/camera.hpp"
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

  void run(const fs::path& file, std::size_t cell_count) {
    m_cell_count = cell_count;
    load(file);
    make_renderer();
    first_picture();
    pan("pan_whole", 1.0, true);
    pan("pan_close", 6.0, false);
    zoom();
    recolour();
    memory();
    m_renderer.reset();
    m_scene = {};
  }

 private:
  void load(const fs::path& file) {
    const auto read_begun = std::chrono::steady_clock::now();
    m_vertex_count = read_every_vertex(file);
    m_read_ms = ms_since(read_begun);
    geo::LayerRequest request;
    request.sources = {file.string()};
    request.family_check = geo::FamilyCheck::None;
    const auto begun = std::chrono::steady_clock::now();
    auto loaded = geo::load_division_tree(request);
    m_load_ms = ms_since(begun);
    if (!loaded.ok()) give_up(loaded.error().message);
    m_level = static_cast<std::uint32_t>(loaded->tree->levels().size() - 1);
    m_scene = test::map_scene(loaded->tree, {.size_px = kSizePx, .fill_level = m_level});
    test::color_by_step(m_scene);
    m_scene.borders = {{0, 2.4f, {150, 190, 216, 210}}, {m_level, 0.7f, {120, 160, 190, 84}}};
    if (m_level == 0) m_scene.borders.erase(m_scene.borders.begin());
    show_whole(1);
    Line("load", "cells", m_cell_count)
        .number("vertices", static_cast<double>(m_vertex_count))
        .number("ms", m_load_ms)
        .number("gdal_read_ms", m_read_ms)
        .number("ratio", m_load_ms / m_read_ms);
  }

  void show_whole(double closer) {
    const auto& tree = *m_scene.tree;
    base::Box2d all;
    const model::Range level = tree.levels()[m_level].divisions;
    for (std::uint32_t d = level.begin; d < level.end; ++d) {
      all.extend(tree.divisions()[d].extent_world.min);
      all.extend(tree.divisions()[d].extent_world.max);
    }
    m_scene.viewport.view = scene::fit(all, kSizePx, 10);
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
  Times m_pan, m_reduced;
};

int run_all(const std::vector<int>& counts) {
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
    for (const int count : counts) {
      const fs::path file = folder / fmt::format("cells-{}.gpkg", count);
      write_cells(file, count);
      bench.run(file, static_cast<std::size_t>(count));
      fs::remove(file);
    }
  }
  fs::remove_all(folder);
  return 0;
}

}  // namespace
}  // namespace gridwall::bench

int main(int argc, char** argv) {
  std::vector<int> counts;
  for (int i = 1; i < argc; ++i) counts.push_back(std::max(1, std::atoi(argv[i])));
  return gridwall::bench::run_all(counts.empty() ? std::vector{5'000, 50'000, 500'000} : counts);
}
