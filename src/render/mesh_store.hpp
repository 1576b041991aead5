// MeshStore: the parts of a tree that views want, at the steps they want, on the GPU. A chunk of divisions is built
// when a view first shows it (on all cores), written into a page and drawn from there; pages are dropped together when
// they outgrow their room. The tree itself is never uploaded: what is resident follows the pixels, not the data. Main
// thread. Test: tests/gl/render/mesh_store_gl_test.cpp.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "gfx/buffer.hpp"
#include "gfx/texture.hpp"
#include "gfx/vertex_array.hpp"
#include "render/ground_mesh.hpp"

namespace gridwall::render {

// A level of the tree at a step.
struct MeshKey {
  std::uint32_t level_index = 0;
  std::uint32_t step_bits = 0;
  auto operator<=>(const MeshKey&) const = default;
};

// What lies in one page and is drawn with one call.
struct FillDraw {
  const gfx::VertexArray* vertex_array = nullptr;
  std::vector<gfx::DrawRange> ranges;  // indices
};
struct BorderDraw {
  const gfx::Texture* segments = nullptr;
  std::vector<gfx::DrawRange> ranges;  // segments
};

class MeshStore {
 public:
  MeshStore(gfx::Context& context, std::shared_ptr<const model::DivisionTree> tree);

  [[nodiscard]] const std::shared_ptr<const model::DivisionTree>& tree() const { return m_tree; }
  // Vertices of the tree in the chunks of a level that `box` touches.
  [[nodiscard]] std::uint64_t source_vertex_count(std::uint32_t level_index, const UnitBox& box);

  // Before a new view is built: drops all pages when most of them were not drawn since the last time.
  void trim();

  // Builds what `box` shows and is not there yet, about `vertices_max` vertices of the tree at most (at least one
  // chunk). Returns how many were read; `complete` tells whether all is there now.
  struct Built {
    std::uint64_t vertex_count = 0;
    bool complete = true;
  };
  Built build_fill(MeshKey key, const UnitBox& box, std::uint64_t vertices_max);
  Built build_borders(MeshKey key, const UnitBox& box, std::uint64_t vertices_max);

  // What of it is there. Valid until the next build.
  [[nodiscard]] std::vector<FillDraw> fill(MeshKey key, const UnitBox& box);
  [[nodiscard]] std::vector<BorderDraw> borders(MeshKey key, const UnitBox& box);

 private:
  struct Slot {
    std::uint32_t page = kNoPage;  // kNoPage: not built
    gfx::DrawRange range;          // count 0: nothing of it is left at this step
  };
  static constexpr std::uint32_t kNoPage = 0xffffffff;
  struct FillPage {
    gfx::Buffer vertices, indices;
    gfx::VertexArray vertex_array;
    std::uint32_t vertex_count = 0, vertex_room = 0, index_count = 0, index_room = 0;
    bool used = false;  // since the last trim
  };
  struct BorderPage {
    gfx::Buffer buffer;
    gfx::Texture segments;
    std::uint32_t count = 0, room = 0;
    bool used = false;
  };
  using Slots = std::vector<Slot>;  // one a chunk of the level

  const std::vector<DivisionChunk>& chunks(std::uint32_t level_index);
  Slots& slots_of(std::map<MeshKey, Slots>& slots, MeshKey key);
  struct Missing {
    std::vector<std::uint32_t> chunks;
    Built built;
  };
  Missing missing(std::map<MeshKey, Slots>& slots, MeshKey key, const UnitBox& box, std::uint64_t vertices_max);
  Slot put(FillMesh& mesh);
  Slot put(std::span<const scene::BorderSegment> segments);
  FillPage make_fill_page(std::uint32_t vertex_count, std::uint32_t index_count);
  BorderPage make_border_page(std::uint32_t count);

  gfx::Context& m_context;
  std::shared_ptr<const model::DivisionTree> m_tree;
  std::vector<std::optional<std::vector<DivisionChunk>>> m_chunks;  // by level
  std::map<MeshKey, Slots> m_fill_slots, m_border_slots;
  std::vector<FillPage> m_fill_pages;
  std::vector<BorderPage> m_border_pages;
};

}  // namespace gridwall::render
