#include "render/marker_sprites.hpp"

#include <algorithm>
#include <cmath>

namespace gridwall::render {

namespace {

constexpr std::int32_t kSidePx = 2048;
constexpr float kSizeMaxPx = 200;  // larger ones are few: they are drawn by their formula

// How far a marker is seen from its middle, along x or y, by shaders/marker.frag: its shape in half sizes, and how much
// farther its corners go than what lies around it is wide.
struct Reach {
  float shape, around;
};
constexpr Reach kReach[] = {{1.0f, 1.0f}, {0.86f, 1.0f}, {1.14f, 1.42f}, {1.40f, 2.0f}, {1.07f, 1.16f}, {1.0f, 1.0f}};

float reach_px(const GpuMarker& marker) {
  const Reach& of = kReach[std::min<std::size_t>(marker.shape, std::size(kReach) - 1)];
  const float edge = std::clamp(marker.size_px * 0.09f, 1.0f, 3.0f);
  const float ring_start = edge + std::max(1.0f, marker.size_px * 0.06f);
  const float ring_end = ring_start + std::clamp(marker.size_px * 0.12f, 1.5f, 5.0f) + 1;  // and its shadow
  const bool has_ring = (marker.ring_rgba >> 24) != 0;
  return of.shape * marker.size_px * 0.5f + of.around * ((has_ring ? ring_end : edge) + 0.5f);
}

}  // namespace

MarkerSprites::MarkerSprites(gfx::Context& context)
    : m_places_buffer(gfx::Buffer::create_streamed(context, 1024 * sizeof(GpuSprite), "sprite places")),
      m_marker_buffer(gfx::Buffer::create_streamed(context, 64 * sizeof(GpuMarker), "sprite markers")),
      m_frame_buffer(gfx::Buffer::create_streamed(context, sizeof(FrameBlock), "sprite frame block")) {}

void MarkerSprites::forget() {
  m_sprites.clear();
  m_places.clear();
  m_markers.clear();
  m_drawn_count = 0;
  m_last_sprite = kNoSprite;
  m_pen = {};
  m_row_height = 0;
}

void MarkerSprites::begin_frame(float stale_strength) {
  // When the room was used up, all begin anew: looks change by the hour at most.
  const bool is_full = m_pen.y + m_row_height >= kSidePx;
  if (stale_strength == m_stale_strength && !is_full) return;
  forget();
  m_stale_strength = stale_strength;
}

std::uint32_t MarkerSprites::sprite_of(const scene::MarkerInstance& marker) {
  if (marker.pulse > 0 || marker.size_px > kSizeMaxPx) return kNoSprite;
  const Look look{static_cast<std::uint32_t>(marker.shape), packed_rgba(marker.fill), packed_rgba(marker.ring),
                  marker.size_px};
  if (m_last_sprite != kNoSprite && look == m_last_look) return m_last_sprite;
  const auto known = m_sprites.find(look);
  if (known != m_sprites.end()) {
    m_last_look = look;
    return m_last_sprite = known->second;
  }
  GpuMarker drawn;
  drawn.size_px = look.size_px;
  drawn.shape = look.shape;
  drawn.fill_rgba = look.fill_rgba;
  drawn.ring_rgba = look.ring_rgba;
  // Odd: the middle is the middle of a texel.
  const std::int32_t side = 2 * static_cast<std::int32_t>(std::ceil(reach_px(drawn) - 0.5f)) + 1;
  if (m_pen.x + side > kSidePx) {
    m_pen = {0, m_pen.y + m_row_height};
    m_row_height = 0;
  }
  if (m_pen.y + side > kSidePx) {
    m_row_height = side;
    return kNoSprite;
  }
  // Units of the picture are half texels.
  drawn.position_units = {2 * m_pen.x + side, 2 * m_pen.y + side};
  const auto number = static_cast<std::uint32_t>(m_places.size());
  m_places.push_back({{static_cast<float>(m_pen.x), static_cast<float>(m_pen.y)}, static_cast<float>(side), 0});
  m_markers.push_back(drawn);
  m_sprites.emplace(look, number);
  m_pen.x += side;
  m_row_height = std::max(m_row_height, side);
  m_last_look = look;
  return m_last_sprite = number;
}

base::Result<bool> MarkerSprites::draw_missing(gfx::Context& context, const gfx::Program& marker_program,
                                               const gfx::VertexArray& no_vertices) {
  if (m_drawn_count == m_places.size()) return false;
  if (!m_picture.valid()) {
    TRY_ASSIGN(m_picture, gfx::Framebuffer::create(context, {kSidePx, kSidePx}, "marker sprites"));
  }
  const gfx::PixelRect all{0, 0, kSidePx, kSidePx};
  context.set_framebuffer(&m_picture);
  context.set_viewport(all);
  context.set_scissor(std::nullopt);
  if (m_drawn_count == 0) context.clear({0, 0, 0, 0});
  FrameBlock frame;
  frame.map_size_px = frame.output_size_px = {static_cast<float>(kSidePx), static_cast<float>(kSidePx)};
  frame.px_per_unit = 0.5f;
  frame.stale_strength = std::max(0.0f, m_stale_strength);
  m_frame_buffer.replace(std::as_bytes(std::span(&frame, 1)));
  context.bind_uniform_buffer(kFrameBlockBinding, m_frame_buffer);
  const auto missing = std::span(m_markers).subspan(m_drawn_count);
  m_marker_buffer.replace(std::as_bytes(missing));
  context.bind_storage_buffer(kMarkerBlockBinding, m_marker_buffer);
  context.set_pipeline({&marker_program, &no_vertices, gfx::Blend::Premultiplied});
  context.draw_arrays(gfx::Primitive::Triangles, gfx::DrawRange{0, static_cast<std::uint32_t>(missing.size()) * 6});
  m_places_buffer.replace(std::as_bytes(std::span(m_places)));
  m_drawn_count = m_places.size();
  return true;
}

}  // namespace gridwall::render
