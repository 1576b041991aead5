#include "render/marker_pass.hpp"

namespace gridwall::render {

namespace {

constexpr std::size_t kMarkersAtFirst = 1024;
constexpr std::uint32_t kVerticesPerMarker = 6;

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

void MarkerPass::draw(gfx::Context& context, std::span<const scene::MarkerInstance> markers) {
  if (markers.empty()) return;
  const gfx::DebugGroup group(context, "markers");
  std::vector<GpuMarker> content;
  content.reserve(markers.size());
  for (const scene::MarkerInstance& marker : markers) content.push_back(to_gpu(marker));
  const auto same = [&] {
    return std::ranges::equal(std::as_bytes(std::span(content)), std::as_bytes(std::span(m_content)));
  };
  if (content.size() != m_content.size() || !same()) {
    m_content = std::move(content);
    m_buffer.replace(std::as_bytes(std::span(m_content)));
  }
  context.set_pipeline({&m_program, &m_no_vertices, gfx::Blend::Premultiplied});
  context.bind_storage_buffer(kMarkerBlockBinding, m_buffer);
  context.draw_arrays(gfx::Primitive::Triangles,
                      gfx::DrawRange{0, static_cast<std::uint32_t>(m_content.size()) * kVerticesPerMarker});
}

}  // namespace gridwall::render
