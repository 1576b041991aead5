#include "render/mesh_store.hpp"

#include <algorithm>
#include <array>

#include "base/parallel.hpp"
#include "render/gpu_layout.hpp"

namespace gridwall::render {

namespace {

constexpr std::uint32_t kPageVertices = 128 * 1024, kPageIndices = 3 * kPageVertices, kPageSegments = 128 * 1024;
// Pages of one kind that may stand, or so many times those that were drawn lately: 24 of fills are 72 MiB, of
// borders 48.
constexpr std::size_t kPagesMax = 24, kPagesOfViewMax = 2;
constexpr std::size_t kChunksPerTurn = 2, kChunksPerWorkerMin = 4;

// Calls `work(i)` for each of `count` on all cores.
template <typename Work>
void on_all_cores(std::size_t count, const Work& work) {
  base::parallel_for(
      count, kChunksPerTurn, base::worker_count_for(count, kChunksPerWorkerMin),
      [&](std::size_t, std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) work(i);
      },
      [](std::size_t) {});
}

void append_range(std::vector<gfx::DrawRange>& ranges, gfx::DrawRange range) {
  if (!ranges.empty() && ranges.back().first + ranges.back().count == range.first) {
    ranges.back().count += range.count;
  } else {
    ranges.push_back(range);
  }
}

}  // namespace

MeshStore::MeshStore(gfx::Context& context, std::shared_ptr<const model::DivisionTree> tree)
    : m_context(context), m_tree(std::move(tree)), m_chunks(m_tree->levels().size()) {}

const std::vector<DivisionChunk>& MeshStore::chunks(std::uint32_t level_index) {
  static const std::vector<DivisionChunk> kNone;
  if (level_index >= m_chunks.size()) return kNone;
  auto& chunks = m_chunks[level_index];
  if (!chunks) chunks = chunks_of_level(*m_tree, level_index);
  return *chunks;
}

std::uint64_t MeshStore::source_vertex_count(std::uint32_t level_index, const UnitBox& box) {
  std::uint64_t count = 0;
  for (const DivisionChunk& chunk : chunks(level_index)) count += chunk.box.intersects(box) ? chunk.vertex_count : 0;
  return count;
}

MeshStore::Slots& MeshStore::slots_of(std::map<MeshKey, Slots>& slots, MeshKey key) {
  Slots& of_key = slots[key];
  of_key.resize(chunks(key.level_index).size());
  return of_key;
}

MeshStore::Missing MeshStore::missing(std::map<MeshKey, Slots>& slots, MeshKey key, const UnitBox& box,
                                      std::uint64_t vertices_max) {
  const std::vector<DivisionChunk>& all = chunks(key.level_index);
  const Slots& of_key = slots_of(slots, key);
  Missing missing;
  for (std::uint32_t i = 0; i < all.size(); ++i) {
    if (of_key[i].page != kNoPage || !all[i].box.intersects(box)) continue;
    if (!missing.chunks.empty() && missing.built.vertex_count + all[i].vertex_count > vertices_max) {
      missing.built.complete = false;
      break;
    }
    missing.chunks.push_back(i);
    missing.built.vertex_count += all[i].vertex_count;
  }
  return missing;
}

void MeshStore::trim() {
  const auto trim_pages = [](auto& pages, auto& slots) {
    const auto used =
        static_cast<std::size_t>(std::ranges::count_if(pages, [](const auto& page) { return page.used; }));
    if (pages.size() > std::max(kPagesMax, kPagesOfViewMax * used)) {
      pages.clear();
      slots.clear();
    }
    for (auto& page : pages) page.used = false;
  };
  trim_pages(m_fill_pages, m_fill_slots);
  trim_pages(m_border_pages, m_border_slots);
}

MeshStore::Built MeshStore::build_fill(MeshKey key, const UnitBox& box, std::uint64_t vertices_max) {
  const Missing wanted = missing(m_fill_slots, key, box, vertices_max);
  if (wanted.chunks.empty()) return wanted.built;
  std::vector<FillMesh> meshes(wanted.chunks.size());
  const std::vector<DivisionChunk>& all = chunks(key.level_index);
  on_all_cores(meshes.size(),
               [&](std::size_t i) { append_fill(*m_tree, all[wanted.chunks[i]].divisions, key.step_bits, meshes[i]); });
  Slots& of_key = slots_of(m_fill_slots, key);
  for (std::size_t i = 0; i < meshes.size(); ++i) of_key[wanted.chunks[i]] = put(meshes[i]);
  return wanted.built;
}

MeshStore::Built MeshStore::build_borders(MeshKey key, const UnitBox& box, std::uint64_t vertices_max) {
  const Missing wanted = missing(m_border_slots, key, box, vertices_max);
  if (wanted.chunks.empty()) return wanted.built;
  std::vector<std::vector<scene::BorderSegment>> lines(wanted.chunks.size());
  const std::vector<DivisionChunk>& all = chunks(key.level_index);
  on_all_cores(lines.size(), [&](std::size_t i) {
    append_borders(*m_tree, all[wanted.chunks[i]].divisions, key.step_bits, lines[i]);
  });
  Slots& of_key = slots_of(m_border_slots, key);
  for (std::size_t i = 0; i < lines.size(); ++i) of_key[wanted.chunks[i]] = put(lines[i]);
  return wanted.built;
}

MeshStore::FillPage MeshStore::make_fill_page(std::uint32_t vertex_count, std::uint32_t index_count) {
  FillPage page;
  page.vertex_room = std::max(kPageVertices, vertex_count);
  page.index_room = std::max(kPageIndices, index_count);
  page.vertices =
      gfx::Buffer::create_streamed(m_context, std::size_t{page.vertex_room} * sizeof(FillVertex), "map vertices");
  page.indices = gfx::Buffer::create_streamed(m_context, std::size_t{page.index_room} * 4, "map indices");
  constexpr auto kStride = static_cast<std::int32_t>(sizeof(FillVertex));
  const std::array attributes{
      gfx::VertexAttribute{kPositionLocation, 2, gfx::AttributeType::Int32, &page.vertices, kStride, 0},
      gfx::VertexAttribute{kDivisionLocation, 1, gfx::AttributeType::Uint32, &page.vertices, kStride,
                           offsetof(FillVertex, division)}};
  page.vertex_array = gfx::VertexArray::create(m_context, attributes, &page.indices, "map fills");
  return page;
}

MeshStore::BorderPage MeshStore::make_border_page(std::uint32_t count) {
  static_assert(sizeof(scene::BorderSegment) == 16, "one texel of four integers");
  BorderPage page;
  page.room = std::max(kPageSegments, count);
  page.buffer =
      gfx::Buffer::create_streamed(m_context, std::size_t{page.room} * sizeof(scene::BorderSegment), "map segments");
  page.segments = gfx::Texture::create_buffer_view(m_context, gfx::TexelFormat::Rgba32Int, page.buffer, "map segments");
  return page;
}

MeshStore::Slot MeshStore::put(FillMesh& mesh) {
  const auto vertex_count = static_cast<std::uint32_t>(mesh.vertices.size());
  const auto index_count = static_cast<std::uint32_t>(mesh.indices.size());
  const bool fits = !m_fill_pages.empty() &&
                    m_fill_pages.back().vertex_count + vertex_count <= m_fill_pages.back().vertex_room &&
                    m_fill_pages.back().index_count + index_count <= m_fill_pages.back().index_room;
  if (!fits) m_fill_pages.push_back(make_fill_page(vertex_count, index_count));
  FillPage& page = m_fill_pages.back();
  for (std::uint32_t& index : mesh.indices) index += page.vertex_count;
  page.vertices.write(page.vertex_count * sizeof(FillVertex), std::as_bytes(std::span(mesh.vertices)));
  page.indices.write(std::size_t{page.index_count} * 4, std::as_bytes(std::span(mesh.indices)));
  const Slot slot{static_cast<std::uint32_t>(m_fill_pages.size() - 1), {page.index_count, index_count}};
  page.vertex_count += vertex_count;
  page.index_count += index_count;
  return slot;
}

MeshStore::Slot MeshStore::put(std::span<const scene::BorderSegment> segments) {
  const auto count = static_cast<std::uint32_t>(segments.size());
  const bool fits = !m_border_pages.empty() && m_border_pages.back().count + count <= m_border_pages.back().room;
  if (!fits) m_border_pages.push_back(make_border_page(count));
  BorderPage& page = m_border_pages.back();
  page.buffer.write(page.count * sizeof(scene::BorderSegment), std::as_bytes(segments));
  const Slot slot{static_cast<std::uint32_t>(m_border_pages.size() - 1), {page.count, count}};
  page.count += count;
  return slot;
}

std::vector<FillDraw> MeshStore::fill(MeshKey key, const UnitBox& box) {
  std::vector<FillDraw> draws(m_fill_pages.size());
  const std::vector<DivisionChunk>& all = chunks(key.level_index);
  const Slots& of_key = slots_of(m_fill_slots, key);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Slot& slot = of_key[i];
    if (slot.page == kNoPage || slot.range.count == 0 || !all[i].box.intersects(box)) continue;
    m_fill_pages[slot.page].used = true;
    draws[slot.page].vertex_array = &m_fill_pages[slot.page].vertex_array;
    append_range(draws[slot.page].ranges, slot.range);
  }
  std::erase_if(draws, [](const FillDraw& draw) { return draw.ranges.empty(); });
  return draws;
}

std::vector<BorderDraw> MeshStore::borders(MeshKey key, const UnitBox& box) {
  std::vector<BorderDraw> draws(m_border_pages.size());
  const std::vector<DivisionChunk>& all = chunks(key.level_index);
  const Slots& of_key = slots_of(m_border_slots, key);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Slot& slot = of_key[i];
    if (slot.page == kNoPage || slot.range.count == 0 || !all[i].box.intersects(box)) continue;
    m_border_pages[slot.page].used = true;
    draws[slot.page].segments = &m_border_pages[slot.page].segments;
    append_range(draws[slot.page].ranges, slot.range);
  }
  std::erase_if(draws, [](const BorderDraw& draw) { return draw.ranges.empty(); });
  return draws;
}

}  // namespace gridwall::render
