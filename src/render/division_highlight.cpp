#include "render/division_highlight.hpp"

#include <array>

#include "render/gpu_layout.hpp"

namespace gridwall::render {

namespace {

// Accents: calm light for what the pointer is on, amber for what was chosen.
constexpr base::Color kHoverFill{255, 255, 255, 26};
constexpr base::Color kSelectFill{255, 244, 220, 24};
constexpr LineStyle kHoverLine{2.0f, {236, 244, 255, 215}};
constexpr LineStyle kSelectLine{3.0f, {255, 202, 88, 255}, 0.30f, 6.0f};
constexpr double kFinePx = 0.125;  // as the ground's: the outline lies on its borders

model::DivisionIndex known(model::DivisionIndex division, const model::DivisionTree& tree) {
  return division.valid() && division.value < tree.divisions().size() ? division : model::DivisionIndex::none();
}

}  // namespace

base::Result<DivisionHighlight> DivisionHighlight::create(gfx::Context& context,
                                                          const std::filesystem::path& shader_folder) {
  DivisionHighlight highlight;
  TRY_ASSIGN(highlight.m_program,
             gfx::Program::create(context, {shader_folder, "division_highlight.vert", "division_highlight.frag"},
                                  "division highlight"));
  return highlight;
}

void DivisionHighlight::upload(gfx::Context& context, const model::DivisionTree& tree) {
  FillMesh mesh;
  std::vector<scene::BorderSegment> segments;
  const auto add = [&](model::DivisionIndex division, gfx::DrawRange& fill, gfx::DrawRange& line) {
    fill = {static_cast<std::uint32_t>(mesh.indices.size()), 0};
    line = {static_cast<std::uint32_t>(segments.size()), 0};
    if (!division.valid()) return;
    append_fill(tree, {&division.value, 1}, m_shown.step_bits, mesh);
    append_borders(tree, {&division.value, 1}, m_shown.step_bits, segments);
    fill.count = static_cast<std::uint32_t>(mesh.indices.size()) - fill.first;
    line.count = static_cast<std::uint32_t>(segments.size()) - line.first;
  };
  add(m_shown.selected, m_selected_fill, m_selected_line);
  add(m_shown.hovered, m_hovered_fill, m_hovered_line);

  const auto put = [&](gfx::Buffer& buffer, std::span<const std::byte> bytes, const char* label) {
    const bool first = !buffer.valid();
    if (first) buffer = gfx::Buffer::create_streamed(context, bytes.size(), label);
    return buffer.replace(bytes) || first;
  };
  const bool vertices_moved = put(m_vertices, std::as_bytes(std::span(mesh.vertices)), "highlight vertices");
  const bool indices_moved = put(m_indices, std::as_bytes(std::span(mesh.indices)), "highlight indices");
  if (vertices_moved || indices_moved) {
    const std::array attributes{gfx::VertexAttribute{kPositionLocation, 2, gfx::AttributeType::Int32, &m_vertices,
                                                     static_cast<std::int32_t>(sizeof(FillVertex)), 0}};
    m_vertex_array = gfx::VertexArray::create(context, attributes, &m_indices, "highlight");
  }
  if (put(m_segments, std::as_bytes(std::span(segments)), "outline segments")) {
    m_segments_view =
        gfx::Texture::create_buffer_view(context, gfx::TexelFormat::Rgba32Int, m_segments, "outline segments");
  }
}

base::Status DivisionHighlight::draw(gfx::Context& context, const scene::FrameScene& scene, float px_per_unit,
                                     BorderPass& lines, gfx::PixelRect map) {
  const Shown wanted{scene.tree.get(), known(scene.hovered, *scene.tree), known(scene.selected, *scene.tree),
                     step_bits_for(static_cast<double>(px_per_unit), kFinePx)};
  if (!wanted.hovered.valid() && !wanted.selected.valid()) return {};
  if (wanted != m_shown) {
    m_shown = wanted;
    upload(context, *scene.tree);
  }
  const auto fill = [&](const gfx::DrawRange& range, base::Color color) {
    if (range.count == 0) return;
    m_program.set_uniform(kHighlightColorUniform, unit_rgba(color));
    context.set_pipeline({&m_program, &m_vertex_array, gfx::Blend::Premultiplied});
    context.draw_elements({&range, 1});
  };
  fill(m_selected_fill, kSelectFill);
  fill(m_hovered_fill, kHoverFill);
  std::vector<LineGroup> groups;
  if (m_selected_line.count > 0) groups.push_back({kSelectLine, {{&m_segments_view, {m_selected_line}}}});
  if (m_hovered_line.count > 0) groups.push_back({kHoverLine, {{&m_segments_view, {m_hovered_line}}}});
  if (groups.empty()) return {};
  TRY(lines.draw(context, groups, LineTarget::whole_map(map)));
  return {};
}

}  // namespace gridwall::render
