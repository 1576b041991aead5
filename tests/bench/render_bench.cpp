// Measures a frame of the map beside the least that could draw it: one glDrawElements of the same triangles without
// colour tables, and a clear. Wiggly square cells of 48 vertices, 1920 x 1080, a view that pans. Prints medians;
// nothing is asserted. Usage: render_bench [frames].
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <functional>

#include "gfx/framebuffer.hpp"
#include "platform/headless_context.hpp"
#include "render/frame_constants.hpp"
#include "render/map_geometry.hpp"
#include "render/map_renderer.hpp"
#include "scene/camera.hpp"
#include "support/jagged_tree.hpp"
#include "support/map_scenes.hpp"

namespace gridwall {
namespace {

constexpr base::Vec2i kSizePx{1920, 1080};

double median_ms(int frames, gfx::Context& context, const std::function<void(int)>& draw) {
  std::vector<double> times_ms;
  for (int frame = -1; frame < frames; ++frame) {  // the first warms up
    context.finish();
    const auto start = std::chrono::steady_clock::now();
    context.begin_frame();
    draw(frame);
    context.finish();
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
    if (frame >= 0) times_ms.push_back(took.count());
  }
  std::ranges::sort(times_ms);
  return times_ms[times_ms.size() / 2];
}

struct Bench {
  gfx::Context& context;
  render::MapRenderer& renderer;
  gfx::Program raw_program;
  int frames;

  void run(const char* name, const test::JaggedTreeSpec& spec) {
    auto scene = test::map_scene(test::jagged_tree(spec), {.size_px = kSizePx, .px_per_m = 1000 / spec.size_m});
    test::color_by_step(scene);
    const auto pan = [&](int frame) {
      scene.viewport.view.center_world.x = scene.tree->origin_world().x + frame * 3.7 / scene.viewport.view.px_per_m;
      scene.viewport.view = scene::on_pixels(scene.viewport.view);
    };
    const auto draw = [&](int frame) {
      pan(frame);
      if (const auto drawn = renderer.draw(scene, kSizePx, 0); !drawn.ok()) std::abort();
    };
    const double fill_ms = median_ms(frames, context, draw);
    test::add_borders(scene);
    const double frame_ms = median_ms(frames, context, draw);
    const gfx::FrameStats stats = context.frame_stats();

    const render::MapGeometry geometry = render::MapGeometry::create(context, scene.tree);
    const model::Range level = scene.tree->levels().back().divisions;
    const std::uint32_t first = scene.tree->divisions()[level.begin].triangle_indices.begin;
    const gfx::DrawRange all{first, static_cast<std::uint32_t>(scene.tree->triangle_indices().size()) - first};
    gfx::Buffer constants = gfx::Buffer::create_streamed(context, sizeof(render::FrameBlock), "bench");
    raw_program.set_uniform(render::kHighlightColorUniform, std::array<float, 4>{0.2f, 0.4f, 0.6f, 1});
    const double raw_ms = median_ms(frames, context, [&](int frame) {
      pan(frame);
      const render::FrameBlock block = render::frame_constants(scene, kSizePx, 0);
      constants.replace(std::as_bytes(std::span(&block, 1)));
      context.bind_uniform_buffer(render::kFrameBlockBinding, constants);
      context.clear({0, 0, 0, 1});
      context.set_pipeline({&raw_program, &geometry.fill_vertex_array(), gfx::Blend::Off});
      context.draw_elements({&all, 1});
    });
    const double clear_ms = median_ms(frames, context, [&](int) { context.clear({0, 0, 0, 1}); });
    fmt::print(
        "{}: {} cells, {} draws, {} triangles: clear {:.2f} ms, raw fill {:.2f} ms, our fill {:.2f} ms ({:.2f}x), "
        "fill + borders {:.2f} ms ({:.2f}x)\n",
        name, level.size(), stats.draws, stats.triangles, clear_ms, raw_ms, fill_ms, fill_ms / raw_ms, frame_ms,
        frame_ms / raw_ms);
  }
};

int run_all(int frames) {
  auto headless = platform::HeadlessContext::create({.debug = false});
  if (!headless.ok()) return fmt::print(stderr, "{}\n", headless.error().message), 1;
  auto context = gfx::Context::create(platform::HeadlessContext::get_proc_address);
  if (!context.ok()) return fmt::print(stderr, "{}\n", context.error().message), 1;
  const std::filesystem::path shaders = std::filesystem::path(GRIDWALL_SOURCE_DIR) / "shaders";
  auto renderer = render::MapRenderer::create(**context, shaders, {});
  if (!renderer.ok()) return fmt::print(stderr, "{}\n", renderer.error().message), 1;
  auto target = gfx::Framebuffer::create(**context, kSizePx, "bench");
  if (!target.ok()) return fmt::print(stderr, "{}\n", target.error().message), 1;
  auto raw = gfx::Program::create(**context, {shaders, "division_highlight.vert", "division_highlight.frag"}, "raw");
  if (!raw.ok()) return fmt::print(stderr, "{}\n", raw.error().message), 1;
  (*context)->set_framebuffer(&*target);
  (*context)->set_viewport({0, 0, kSizePx.x, kSizePx.y});
  fmt::print("{}\n", (*context)->renderer_name());
  Bench bench{**context, **renderer, std::move(raw).value(), frames};
  bench.run("5k", {.blocks = 10, .cells_per_block = 7, .points_per_side = 12, .size_m = 30000});
  bench.run("50k", {.blocks = 32, .cells_per_block = 7, .points_per_side = 12, .size_m = 60000});
  return 0;
}

}  // namespace
}  // namespace gridwall

int main(int argc, char** argv) {
  return gridwall::run_all(argc > 1 ? std::max(5, std::atoi(argv[1])) : 9);
}
