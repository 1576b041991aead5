#include "render/marker_pass.hpp"

#include <cstring>

namespace gridwall::render {

namespace {

constexpr std::size_t kMarkersAtFirst = 1024;
constexpr std::uint32_t kVerticesPerMarker = 6;
// Beyond so many places that changed, one upload of all is cheaper.
constexpr std::size_t kWritesMax = 512;

GpuMarker to_gpu(const scene::MarkerInstance& marker) {
  GpuMarker gpu;
  gpu.position_units = marker.position_units;
  gpu.size_px = marker.size_px;
  gpu.shape = static_cast<std::uint32_t>(marker.shape);
  gpu.fill_rgba = packed_rgba(marker.fill);
  gpu.ring_rgba = packed_rgba(marker.ring);
  gpu.pulse = marker.pulse;
  return gpu;
}

}  // namespace

base::Result<MarkerPass> MarkerPass::create(gfx::Context& context, const std::filesystem::path& shader_folder) {
  MarkerPass pass;
  TRY_ASSIGN(pass.m_program, gfx::Program::create(context, {shader_folder, "marker.vert", "marker.frag"}, "markers"));
  pass.m_no_vertices = gfx::VertexArray::create(context, {}, nullptr, "no vertices");
  pass.m_buffer = gfx::Buffer::create_streamed(context, kMarkersAtFirst * sizeof(GpuMarker), "markers");
  return pass;
}

// What differs from what the card has: a few markers of a million cost a few markers.
void MarkerPass::upload(std::span<const scene::MarkerInstance> markers) {
  const auto count = static_cast<std::uint32_t>(markers.size());
  if (std::size_t{count} * sizeof(GpuMarker) > m_buffer.capacity_bytes()) {
    m_content.clear();
    for (const scene::MarkerInstance& marker : markers) m_content.push_back(to_gpu(marker));
    m_buffer.replace(std::as_bytes(std::span(m_content)));
    return;
  }
  const auto known = static_cast<std::uint32_t>(std::min<std::size_t>(m_content.size(), count));
  m_content.resize(count);
  m_changed.clear();
  for (std::uint32_t i = 0; i < count; ++i) {
    const GpuMarker marker = to_gpu(markers[i]);
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

void MarkerPass::draw(gfx::Context& context, std::span<const scene::MarkerInstance> markers) {
  if (markers.empty()) return;
  const gfx::DebugGroup group(context, "markers");
  upload(markers);
  context.set_pipeline({&m_program, &m_no_vertices, gfx::Blend::Premultiplied});
  context.bind_storage_buffer(kMarkerBlockBinding, m_buffer);
  context.draw_arrays(gfx::Primitive::Triangles,
                      gfx::DrawRange{0, static_cast<std::uint32_t>(m_content.size()) * kVerticesPerMarker});
}

}  // namespace gridwall::render
