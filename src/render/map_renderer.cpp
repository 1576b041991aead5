#include "render/map_renderer.hpp"

#include <algorithm>

#include "render/frame_constants.hpp"

namespace gridwall::render {

namespace {

// Accents of the overlay: calm light for what the pointer is on, amber for what was chosen.
constexpr base::Color kHoverFill{255, 255, 255, 26};
constexpr base::Color kHoverLine{236, 244, 255, 215};
constexpr base::Color kSelectFill{255, 244, 220, 24};
constexpr base::Color kSelectLine{255, 202, 88, 255};
constexpr float kHoverWidthPx = 2.0f;
constexpr float kSelectWidthPx = 3.0f;

// Heavy borders stand out of the map by a soft shade on both sides.
constexpr float kShadeFromWidthPx = 2.0f;
constexpr float kShade = 0.30f;
constexpr float kShadePx = 6.0f;

LineStyle to_line_style(const scene::BorderStyle& style) {
  LineStyle line{style.width_px, style.color};
  if (style.width_px >= kShadeFromWidthPx) {
    line.shade = kShade * static_cast<float>(style.color.a) / 255;
    line.shade_px = kShadePx;
  }
  return line;
}

}  // namespace

MapRenderer::MapRenderer(gfx::Context& context, std::unique_ptr<Font> font, DivisionFillPass fills, BorderPass borders,
                         MarkerPass markers, LabelPass labels)
    : m_context(context),
      m_font(std::move(font)),
      m_fills(std::move(fills)),
      m_borders(std::move(borders)),
      m_markers(std::move(markers)),
      m_labels(std::move(labels)),
      m_frame_buffer(gfx::Buffer::create_streamed(context, sizeof(FrameBlock), "frame block")) {}

base::Result<std::unique_ptr<MapRenderer>> MapRenderer::create(gfx::Context& context,
                                                               const std::filesystem::path& shader_folder,
                                                               const FontOptions& font_options) {
  TRY_ASSIGN(auto font, Font::open(font_options));
  TRY_ASSIGN(auto fills, DivisionFillPass::create(context, shader_folder));
  TRY_ASSIGN(auto borders, BorderPass::create(context, shader_folder));
  TRY_ASSIGN(auto markers, MarkerPass::create(context, shader_folder));
  TRY_ASSIGN(auto labels, LabelPass::create(context, shader_folder, *font));
  return std::unique_ptr<MapRenderer>(new MapRenderer(context, std::move(font), std::move(fills), std::move(borders),
                                                      std::move(markers), std::move(labels)));
}

base::Status MapRenderer::reload_shaders() {
  m_ground.forget();
  const base::Status results[] = {m_fills.reload(), m_borders.reload(), m_markers.reload(), m_labels.reload()};
  for (const base::Status& result : results) {
    if (!result.ok()) return result;
  }
  return {};
}

base::Status MapRenderer::draw(const scene::FrameScene& scene, base::Vec2i output_size_px, float time_s) {
  const gfx::PixelRect map = map_rect(scene.viewport, output_size_px);
  if (map.width < 1 || map.height < 1) return {};
  const gfx::DebugGroup group(m_context, "map");
  m_context.set_viewport(map);
  m_context.set_scissor(map);
  m_context.clear(unit_rgba(scene.background));
  const FrameBlock frame = frame_constants(scene, output_size_px, time_s);
  upload_frame(frame);
  m_context.bind_uniform_buffer(kFrameBlockBinding, m_frame_buffer);

  if (scene.tree != nullptr) {
    if (m_geometry == nullptr || m_geometry->tree() != scene.tree) {
      m_geometry = nullptr;
      m_geometry = std::make_unique<MapGeometry>(MapGeometry::create(m_context, scene.tree));
    }
    TRY(draw_ground(scene, output_size_px, frame, map));
    TRY(draw_lines(scene, map));
    TRY(draw_outlines(scene, map));
    m_markers.draw(m_context, scene.markers);
  }
  m_context.set_viewport({0, 0, output_size_px.x, output_size_px.y});
  m_labels.draw(m_context, scene.labels);
  m_context.set_viewport(map);
  m_context.set_scissor(std::nullopt);
  return {};
}

base::Status MapRenderer::draw_ground(const scene::FrameScene& scene, base::Vec2i output_size_px,
                                      const FrameBlock& frame, gfx::PixelRect map) {
  GroundKey key = ground_key(scene, output_size_px);
  const std::vector<gfx::PixelRect> missing = m_ground.show(m_context, key, map);
  for (const gfx::PixelRect& part : missing) {
    m_context.set_scissor(part);
    m_fills.draw(m_context, *m_geometry, scene, visible_units(frame, part, 1));
    TRY(draw_borders(scene, frame, map, part));
  }
  if (!missing.empty()) TRY(m_ground.keep(m_context, std::move(key), map));
  m_context.set_viewport(map);
  m_context.set_scissor(map);
  return {};
}

void MapRenderer::upload_frame(const FrameBlock& frame) {
  if (m_frame_uploaded && frame == m_frame) return;
  m_frame_buffer.replace(std::as_bytes(std::span(&frame, 1)));
  m_frame = frame;
  m_frame_uploaded = true;
}

base::Status MapRenderer::draw_borders(const scene::FrameScene& scene, const FrameBlock& frame, gfx::PixelRect map,
                                       gfx::PixelRect part) {
  std::vector<scene::BorderStyle> styles = scene.borders;
  std::erase_if(styles, [](const scene::BorderStyle& s) { return s.width_px <= 0 || s.color.a == 0; });
  if (styles.empty()) return {};
  std::ranges::stable_sort(styles, {}, &scene::BorderStyle::level_index);
  const BorderDetail& borders = m_geometry->borders(frame.px_per_unit);
  std::vector<LineGroup> groups;
  std::uint32_t level = 0;
  for (const scene::BorderStyle& style : styles) {
    LineGroup group{to_line_style(style), {}};
    const UnitBox visible = visible_units(frame, part, style.width_px + group.style.shade_px + 1);
    // An edge of a level without a style of its own is drawn as the next deeper one's.
    for (; level <= style.level_index; ++level) borders.visible(level, visible, group.segment_ranges);
    if (!group.segment_ranges.empty()) groups.push_back(std::move(group));
  }
  return groups.empty() ? base::Status{} : m_borders.draw(m_context, borders.segments, groups, map, part);
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
    if (count > 0) groups.push_back({{set.width_px, set.color}, {{begin, count}}});
    begin += count;
  }
  return groups.empty() ? base::Status{} : m_borders.draw(m_context, m_line_segments, groups, map, map);
}

base::Status MapRenderer::draw_outlines(const scene::FrameScene& scene, gfx::PixelRect map) {
  const auto known = [&](model::DivisionIndex d) {
    return d.valid() && d.value < scene.tree->divisions().size() ? d : model::DivisionIndex::none();
  };
  const model::DivisionIndex hovered = known(scene.hovered);
  const model::DivisionIndex selected = known(scene.selected);
  if (!hovered.valid() && !selected.valid()) return {};
  if (m_outlined_tree != scene.tree.get() || m_outlined_hovered != hovered || m_outlined_selected != selected) {
    std::vector<scene::BorderSegment> segments;
    if (selected.valid()) segments = scene::outline_segments(*scene.tree, selected);
    m_selected_segment_count = static_cast<std::uint32_t>(segments.size());
    if (hovered.valid()) {
      const auto more = scene::outline_segments(*scene.tree, hovered);
      segments.insert(segments.end(), more.begin(), more.end());
    }
    m_hovered_segment_count = static_cast<std::uint32_t>(segments.size()) - m_selected_segment_count;
    const auto bytes = std::as_bytes(std::span(segments));
    const bool first = !m_outline_buffer.valid();
    if (first) m_outline_buffer = gfx::Buffer::create_streamed(m_context, bytes.size(), "outline segments");
    if (m_outline_buffer.replace(bytes) || first) {
      m_outline_segments = gfx::Texture::create_buffer_view(m_context, gfx::TexelFormat::Rgba32Int, m_outline_buffer,
                                                            "outline segments");
    }
    m_outlined_tree = scene.tree.get();
    m_outlined_hovered = hovered;
    m_outlined_selected = selected;
  }
  if (selected.valid()) m_fills.draw_highlight(m_context, *m_geometry, selected, kSelectFill);
  if (hovered.valid()) m_fills.draw_highlight(m_context, *m_geometry, hovered, kHoverFill);
  std::vector<LineGroup> groups;
  if (m_selected_segment_count > 0) {
    groups.push_back({{kSelectWidthPx, kSelectLine, kShade, kShadePx}, {{0, m_selected_segment_count}}});
  }
  if (m_hovered_segment_count > 0) {
    groups.push_back({{kHoverWidthPx, kHoverLine}, {{m_selected_segment_count, m_hovered_segment_count}}});
  }
  return m_borders.draw(m_context, m_outline_segments, groups, map, map);
}

}  // namespace gridwall::render
