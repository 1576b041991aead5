#include "render/marker_pass.hpp"

#include <cstring>

namespace gridwall::render {

namespace {

constexpr std::size_t kMarkersAtFirst = 1024;
constexpr std::uint32_t kVerticesPerMarker = 6;
// Beyond so many places that changed, one upload of all is cheaper.
constexpr std::size_t kWritesMax = 512;

GpuMarker to_gpu(const scene::MarkerInstance& marker, std::uint32_t sprite) {
  GpuMarker gpu;
  gpu.position_units = marker.position_units;
  gpu.size_px = marker.size_px;
  gpu.shape = static_cast<std::uint32_t>(marker.shape);
  gpu.fill_rgba = packed_rgba(marker.fill);
  gpu.ring_rgba = packed_rgba(marker.ring);
  gpu.pulse = marker.pulse;
  gpu.sprite = sprite;
  return gpu;
}

}  // namespace

base::Result<MarkerPass> MarkerPass::create(gfx::Context& context, const std::filesystem::path& shader_folder) {
  MarkerPass pass;
  TRY_ASSIGN(pass.m_program, gfx::Program::create(context, {shader_folder, "marker.vert", "marker.frag"}, "markers"));
  TRY_ASSIGN(pass.m_sprite_program,
             gfx::Program::create(context, {shader_folder, "marker_sprite.vert", "marker_sprite.frag"}, "sprites"));
  pass.m_sprites = std::make_unique<MarkerSprites>(context);
  pass.m_no_vertices = gfx::VertexArray::create(context, {}, nullptr, "no vertices");
  pass.m_buffer = gfx::Buffer::create_streamed(context, kMarkersAtFirst * sizeof(GpuMarker), "markers");
  return pass;
}

base::Status MarkerPass::reload() {
  TRY(m_program.reload());
  m_sprites->forget();
  return m_sprite_program.reload();
}

// What differs from what the card has: a few markers of a million cost a few markers.
void MarkerPass::upload(std::span<const scene::MarkerInstance> markers) {
  const auto count = static_cast<std::uint32_t>(markers.size());
  if (std::size_t{count} * sizeof(GpuMarker) > m_buffer.capacity_bytes()) {
    m_content.clear();
    for (const scene::MarkerInstance& marker : markers)
      m_content.push_back(to_gpu(marker, m_sprites->sprite_of(marker)));
    m_buffer.replace(std::as_bytes(std::span(m_content)));
    return;
  }
  const auto known = static_cast<std::uint32_t>(std::min<std::size_t>(m_content.size(), count));
  m_content.resize(count);
  m_changed.clear();
  for (std::uint32_t i = 0; i < count; ++i) {
    const GpuMarker marker = to_gpu(markers[i], m_sprites->sprite_of(markers[i]));
    if (i < known && std::memcmp(&marker, &m_content[i], sizeof marker) == 0) continue;
    m_content[i] = marker;
    if (!m_changed.empty() && m_changed.back().first + m_changed.back().count == i) {
      ++m_changed.back().count;
    } else {
      m_changed.push_back({i, 1});
    }
  }
  if (m_changed.size() > kWritesMax) {
    m_buffer.replace(std::as_bytes(std::span(m_content)));
    return;
  }
  for (const gfx::DrawRange& range : m_changed) {
    m_buffer.write(range.first * sizeof(GpuMarker),
                   std::as_bytes(std::span(m_content).subspan(range.first, range.count)));
  }
}

base::Status MarkerPass::draw(gfx::Context& context, std::span<const scene::MarkerInstance> markers,
                              float stale_strength, const gfx::Buffer& frame_block, gfx::PixelRect map) {
  if (markers.empty()) return {};
  const gfx::DebugGroup group(context, "markers");
  m_sprites->begin_frame(stale_strength);
  upload(markers);
  const gfx::Framebuffer* target = context.framebuffer();
  TRY_ASSIGN(const bool drew, m_sprites->draw_missing(context, m_program, m_no_vertices));
  if (drew) {
    context.set_framebuffer(target);
    context.set_viewport(map);
    context.set_scissor(map);
    context.bind_uniform_buffer(kFrameBlockBinding, frame_block);
  }
  context.bind_storage_buffer(kMarkerBlockBinding, m_buffer);
  // In their order: runs of copies, and of those that are drawn by their formula.
  for (std::uint32_t begin = 0; begin < m_content.size();) {
    const bool by_sprite = m_content[begin].sprite != kNoSprite;
    std::uint32_t end = begin + 1;
    while (end < m_content.size() && (m_content[end].sprite != kNoSprite) == by_sprite) ++end;
    if (by_sprite) {
      context.set_pipeline({&m_sprite_program, &m_no_vertices, gfx::Blend::Premultiplied});
      context.bind_storage_buffer(kSpriteBlockBinding, m_sprites->places());
      context.bind_texture(kMarkerSpritesUnit, m_sprites->picture());
    } else {
      context.set_pipeline({&m_program, &m_no_vertices, gfx::Blend::Premultiplied});
    }
    context.draw_arrays(gfx::Primitive::Triangles,
                        gfx::DrawRange{begin * kVerticesPerMarker, (end - begin) * kVerticesPerMarker});
    begin = end;
  }
  return {};
}

}  // namespace gridwall::render
