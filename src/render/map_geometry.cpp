#include "render/map_geometry.hpp"

#include <array>
#include <cmath>

#include "render/gpu_layout.hpp"

namespace gridwall::render {

namespace {

constexpr std::uint32_t kDivisionsPerChunk = 32;
constexpr std::uint32_t kSegmentsPerChunk = 512;

// Below so many segments a coarser form is not worth its memory.
constexpr std::size_t kSegmentsWorthThinning = 20000;
// A joined run may be this long on the screen; it leaves the exact line by half of it at worst, mostly far less.
constexpr double kRunLengthMaxPx = 2.5;

std::vector<Chunk> fill_chunks(const model::DivisionTree& tree, model::Range divisions) {
  std::vector<Chunk> chunks;
  for (std::uint32_t begin = divisions.begin; begin < divisions.end; begin += kDivisionsPerChunk) {
    const std::uint32_t end = std::min(begin + kDivisionsPerChunk, divisions.end);
    Chunk chunk;
    chunk.range.first = tree.divisions()[begin].triangle_indices.begin;
    chunk.range.count = tree.divisions()[end - 1].triangle_indices.end - chunk.range.first;
    for (std::uint32_t v = tree.divisions()[begin].vertices.begin; v < tree.divisions()[end - 1].vertices.end; ++v) {
      chunk.box.extend(tree.vertices()[v]);
    }
    chunks.push_back(chunk);
  }
  return chunks;
}

std::vector<Chunk> segment_chunks(const std::vector<scene::BorderSegment>& segments, model::Range range) {
  std::vector<Chunk> chunks;
  for (std::uint32_t begin = range.begin; begin < range.end; begin += kSegmentsPerChunk) {
    const std::uint32_t end = std::min(begin + kSegmentsPerChunk, range.end);
    Chunk chunk;
    chunk.range = {begin, end - begin};
    for (std::uint32_t s = begin; s < end; ++s) {
      chunk.box.extend(segments[s].from);
      chunk.box.extend(segments[s].to);
    }
    chunks.push_back(chunk);
  }
  return chunks;
}

std::vector<std::uint32_t> division_of_each_vertex(const model::DivisionTree& tree) {
  std::vector<std::uint32_t> divisions(tree.vertices().size());
  for (std::uint32_t d = 0; d < tree.divisions().size(); ++d) {
    const model::Range range = tree.divisions()[d].vertices;
    std::fill(divisions.begin() + range.begin, divisions.begin() + range.end, d);
  }
  return divisions;
}

BorderDetail upload_borders(gfx::Context& context, const scene::BorderSegments& borders, double run_length_units) {
  static_assert(sizeof(scene::BorderSegment) == 16, "one texel of four integers");
  BorderDetail detail;
  detail.run_length_units = run_length_units;
  detail.buffer = gfx::Buffer::create_static(context, std::as_bytes(std::span(borders.segments)), "map segments");
  detail.segments =
      gfx::Texture::create_buffer_view(context, gfx::TexelFormat::Rgba32Int, detail.buffer, "map segments");
  for (const model::Range& level : borders.levels) detail.chunks.push_back(segment_chunks(borders.segments, level));
  return detail;
}

double mean_length_units(const std::vector<scene::BorderSegment>& segments) {
  double sum = 0;
  for (const scene::BorderSegment& s : segments) {
    sum += std::hypot(static_cast<double>(s.to.x) - s.from.x, static_cast<double>(s.to.y) - s.from.y);
  }
  return sum / static_cast<double>(std::max<std::size_t>(segments.size(), 1));
}

// The borders as they are, then coarser ones, each for half the scale of the one before, while that saves a quarter.
std::vector<BorderDetail> border_details(gfx::Context& context, const model::DivisionTree& tree) {
  const scene::BorderSegments exact = scene::extract_border_segments(tree);
  std::vector<BorderDetail> details;
  details.push_back(upload_borders(context, exact, 0));
  double run_length_units = mean_length_units(exact.segments) * 2;
  std::size_t count = exact.segments.size();
  while (count > kSegmentsWorthThinning) {
    const scene::BorderSegments thin = scene::thin_out(exact, run_length_units);
    if (thin.segments.size() * 4 > count * 3) break;
    details.push_back(upload_borders(context, thin, run_length_units));
    count = thin.segments.size();
    run_length_units *= 2;
  }
  return details;
}

}  // namespace

MapGeometry MapGeometry::create(gfx::Context& context, std::shared_ptr<const model::DivisionTree> tree) {
  MapGeometry geometry;
  const std::vector<std::uint32_t> vertex_divisions = division_of_each_vertex(*tree);
  geometry.m_vertices = gfx::Buffer::create_static(context, std::as_bytes(std::span(tree->vertices())), "map vertices");
  geometry.m_vertex_divisions =
      gfx::Buffer::create_static(context, std::as_bytes(std::span(vertex_divisions)), "map vertex divisions");
  geometry.m_indices =
      gfx::Buffer::create_static(context, std::as_bytes(std::span(tree->triangle_indices())), "map indices");
  const std::array attributes{
      gfx::VertexAttribute{kPositionLocation, 2, gfx::AttributeType::Int32, &geometry.m_vertices, 8, 0},
      gfx::VertexAttribute{kDivisionLocation, 1, gfx::AttributeType::Uint32, &geometry.m_vertex_divisions, 4, 0}};
  geometry.m_fill_vertex_array = gfx::VertexArray::create(context, attributes, &geometry.m_indices, "map fills");

  for (const model::DivisionLevel& level : tree->levels()) {
    geometry.m_fill_chunks.push_back(fill_chunks(*tree, level.divisions));
  }
  geometry.m_borders = border_details(context, *tree);
  geometry.m_tree = std::move(tree);
  return geometry;
}

void MapGeometry::visible_fill(std::uint32_t level_index, const UnitBox& box, std::vector<gfx::DrawRange>& out) const {
  if (level_index < m_fill_chunks.size()) visible_ranges(m_fill_chunks[level_index], box, out);
}

const BorderDetail& MapGeometry::borders(float px_per_unit) const {
  const BorderDetail* coarsest = &m_borders.front();
  for (const BorderDetail& detail : m_borders) {
    if (detail.run_length_units * static_cast<double>(px_per_unit) <= kRunLengthMaxPx) coarsest = &detail;
  }
  return *coarsest;
}

}  // namespace gridwall::render
