#include "render/map_renderer.hpp"

#include <algorithm>
#include <cmath>

#include "render/frame_constants.hpp"

namespace gridwall::render {

namespace {

// What a fluent frame may spend on its ground: on the processor about 30 ms of drawing, on a graphics card far less.
constexpr GroundBudget kSoftwareBudget{1'500'000, 250'000};
constexpr GroundBudget kHardwareBudget{4'000'000, 40'000'000};

GroundLook ground_look(const scene::FrameScene& scene, gfx::PixelRect map) {
  GroundLook look;
  look.tree = scene.tree;
  look.size_px = {map.width, map.height};
  if (!scene.division_colors.empty()) look.fill_level = scene.fill_level;
  std::vector<scene::BorderStyle> styles = scene.borders;
  std::erase_if(styles, [](const scene::BorderStyle& s) { return s.width_px <= 0 || s.color.a == 0; });
  std::ranges::stable_sort(styles, {}, &scene::BorderStyle::level_index);
  for (const scene::BorderStyle& style : styles) look.lines.push_back({style.level_index, line_style(style)});
  return look;
}

// Pixels that any division or its border may hold: the rest is background.
gfx::PixelRect ground_rect(const scene::FrameScene& scene, const GroundLook& look, gfx::PixelRect map) {
  double margin_px = 2;
  for (const GroundLine& line : look.lines)
    margin_px = std::max(margin_px, 2.0 + static_cast<double>(reach_px(line.style)));
  const base::Box2d& all_world = scene.tree->at(scene.tree->root()).extent_world;
  const model::MapView& view = scene.viewport.view;
  const auto pixel = [&](double world, double center, std::int32_t corner, std::int32_t size, double margin) {
    const double px = corner + size / 2.0 + (world - center) * view.px_per_m + margin;
    return static_cast<std::int32_t>(std::clamp(std::floor(px), corner - 1.0, corner + size + 1.0));
  };
  const std::int32_t left = pixel(all_world.min.x, view.center_world.x, map.x, map.width, -margin_px);
  const std::int32_t right = pixel(all_world.max.x, view.center_world.x, map.x, map.width, margin_px);
  const std::int32_t low = pixel(all_world.min.y, view.center_world.y, map.y, map.height, -margin_px);
  const std::int32_t high = pixel(all_world.max.y, view.center_world.y, map.y, map.height, margin_px);
  return {left, low, right - left, high - low};
}

}  // namespace

MapRenderer::MapRenderer(gfx::Context& context, std::unique_ptr<Font> font, Passes passes)
    : m_context(context),
      m_font(std::move(font)),
      m_passes(std::move(passes)),
      m_frame_buffer(gfx::Buffer::create_streamed(context, sizeof(FrameBlock), "frame block")) {}

base::Result<MapRenderer::Passes> MapRenderer::create_passes(gfx::Context& context,
                                                             const std::filesystem::path& shader_folder,
                                                             const Font& font) {
  TRY_ASSIGN(auto basemap, BasemapPass::create(context, shader_folder));
  TRY_ASSIGN(auto ids, DivisionIds::create(context, shader_folder));
  TRY_ASSIGN(auto composite, GroundComposite::create(context, shader_folder));
  TRY_ASSIGN(auto highlight, DivisionHighlight::create(context, shader_folder));
  TRY_ASSIGN(auto lines, BorderPass::create(context, shader_folder));
  TRY_ASSIGN(auto markers, MarkerPass::create(context, shader_folder));
  TRY_ASSIGN(auto labels, LabelPass::create(context, shader_folder, font));
  return Passes{std::move(basemap), std::move(ids),     std::move(composite), std::move(highlight),
                std::move(lines),   std::move(markers), std::move(labels)};
}

base::Result<std::unique_ptr<MapRenderer>> MapRenderer::create(gfx::Context& context,
                                                               const std::filesystem::path& shader_folder,
                                                               const FontOptions& font_options) {
  TRY_ASSIGN(auto font, Font::open(font_options));
  TRY_ASSIGN(auto passes, create_passes(context, shader_folder, *font));
  return std::unique_ptr<MapRenderer>(new MapRenderer(context, std::move(font), std::move(passes)));
}

base::Status MapRenderer::reload_shaders() {
  if (m_ground != nullptr) m_ground->forget();
  m_ground_pixels.forget();
  const base::Status results[] = {m_passes.basemap.reload(),   m_passes.ids.reload(),   m_passes.composite.reload(),
                                  m_passes.highlight.reload(), m_passes.lines.reload(), m_passes.markers.reload(),
                                  m_passes.labels.reload()};
  for (const base::Status& result : results) {
    if (!result.ok()) return result;
  }
  return {};
}

GroundBudget MapRenderer::budget() const {
  if (m_pace == Pace::AtOnce) return GroundBudget::unlimited();
  return m_context.is_software() ? kSoftwareBudget : kHardwareBudget;
}

base::Status MapRenderer::draw(const scene::FrameScene& scene, base::Vec2i output_size_px, float time_s) {
  const gfx::PixelRect map = map_rect(scene.viewport, output_size_px);
  if (map.width < 1 || map.height < 1) return {};
  const gfx::DebugGroup group(m_context, "map");
  m_context.set_viewport(map);
  m_context.set_scissor(map);
  upload_frame(frame_constants(scene, output_size_px, time_s));

  if (scene.tree != nullptr) {
    if (m_meshes == nullptr || m_meshes->tree() != scene.tree) {
      m_meshes = std::make_unique<MeshStore>(m_context, scene.tree);
      if (m_ground == nullptr) m_ground = std::make_unique<Ground>();
      m_ground->forget();
    }
    TRY(draw_ground(scene, output_size_px, map));
    TRY(draw_lines(scene, map));
    TRY(draw_outlines(scene, map));
    TRY(m_passes.markers.draw(m_context, scene.markers, m_frame.stale_strength, m_frame_buffer, map));
  } else {
    m_context.clear(unit_rgba(scene.background));
    m_passes.basemap.draw(m_context, scene.basemap, scene.viewport);
  }
  m_context.set_viewport({0, 0, output_size_px.x, output_size_px.y});
  m_passes.labels.draw(m_context, scene.labels);
  m_context.set_viewport(map);
  m_context.set_scissor(std::nullopt);
  return {};
}

base::Status MapRenderer::draw_ground(const scene::FrameScene& scene, base::Vec2i output_size_px, gfx::PixelRect map) {
  const gfx::Framebuffer* target = m_context.framebuffer();
  const GroundTools tools{m_context, *m_meshes, m_passes.ids, m_passes.lines};
  const GroundLook look = ground_look(scene, map);
  const base::Status updated = m_ground->update(tools, look, scene.viewport.view, budget());
  m_context.set_framebuffer(target);
  m_context.set_viewport(map);
  m_context.bind_uniform_buffer(kFrameBlockBinding, m_frame_buffer);
  TRY(updated);

  GroundKey key = ground_key(scene, output_size_px, m_ground->version());
  const std::vector<gfx::PixelRect> missing = m_ground_pixels.show(m_context, key, map);
  const gfx::PixelRect ground = ground_rect(scene, look, map);
  for (const gfx::PixelRect& part : missing) {
    m_context.set_scissor(part);
    m_context.clear(unit_rgba(scene.background));
    m_passes.basemap.draw(m_context, scene.basemap, scene.viewport);
    m_passes.composite.draw(m_context, scene, m_ground->pieces(), map, gfx::common_part(part, ground));
  }
  if (!missing.empty()) TRY(m_ground_pixels.keep(m_context, std::move(key), map));
  m_context.set_viewport(map);
  m_context.set_scissor(map);
  return {};
}

void MapRenderer::upload_frame(const FrameBlock& frame) {
  if (!m_frame_uploaded || frame != m_frame) m_frame_buffer.replace(std::as_bytes(std::span(&frame, 1)));
  m_frame = frame;
  m_frame_uploaded = true;
  m_context.bind_uniform_buffer(kFrameBlockBinding, m_frame_buffer);
}

base::Status MapRenderer::draw_lines(const scene::FrameScene& scene, gfx::PixelRect map) {
  if (scene.lines.empty()) return {};
  if (m_lines_drawn != scene.lines) {
    std::vector<scene::BorderSegment> segments;
    for (const scene::LineSet& set : scene.lines) {
      segments.insert(segments.end(), set.segments.begin(), set.segments.end());
    }
    const auto bytes = std::as_bytes(std::span(segments));
    const bool first = !m_line_buffer.valid();
    if (first) m_line_buffer = gfx::Buffer::create_streamed(m_context, bytes.size(), "layer lines");
    if (m_line_buffer.replace(bytes) || first) {
      m_line_segments =
          gfx::Texture::create_buffer_view(m_context, gfx::TexelFormat::Rgba32Int, m_line_buffer, "layer lines");
    }
    m_lines_drawn = scene.lines;
  }
  std::vector<LineGroup> groups;
  std::uint32_t begin = 0;
  for (const scene::LineSet& set : scene.lines) {
    const auto count = static_cast<std::uint32_t>(set.segments.size());
    if (count > 0) groups.push_back({{set.width_px, set.color}, {{&m_line_segments, {{begin, count}}}}});
    begin += count;
  }
  if (groups.empty()) return {};
  TRY(m_passes.lines.draw(m_context, groups, LineTarget::whole_map(map)));
  return {};
}

base::Status MapRenderer::draw_outlines(const scene::FrameScene& scene, gfx::PixelRect map) {
  return m_passes.highlight.draw(m_context, scene, m_frame.px_per_unit, m_passes.lines, map);
}

}  // namespace gridwall::render
