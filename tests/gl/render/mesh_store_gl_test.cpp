// What a view wants is built once, as far as it was asked for, and pages that nobody draws go.
#include "render/mesh_store.hpp"

#include <gtest/gtest.h>

#include "support/gl_stage.hpp"
#include "support/jagged_tree.hpp"

namespace gridwall::render {
namespace {

constexpr std::uint64_t kAll = ~std::uint64_t{0};

class MeshStoreGl : public testing::Test {
 protected:
  static UnitBox everything() {
    UnitBox box;
    box.extend({INT32_MIN, INT32_MIN});
    box.extend({INT32_MAX, INT32_MAX});
    return box;
  }
  static std::uint64_t triangles(const std::vector<FillDraw>& draws) {
    std::uint64_t count = 0;
    for (const FillDraw& draw : draws) {
      for (const gfx::DrawRange& range : draw.ranges) count += range.count / 3;
    }
    return count;
  }

  test::GlStage stage;
  std::shared_ptr<const model::DivisionTree> tree = test::jagged_tree({.blocks = 6, .cells_per_block = 6});
  MeshStore store{stage.context(), tree};
};

TEST_F(MeshStoreGl, builds_no_more_than_asked_until_all_is_there) {
  const std::uint64_t vertex_count = store.source_vertex_count(2, everything());
  std::uint64_t built = 0;
  int calls = 0;
  for (bool complete = false; !complete && calls < 100; ++calls) {
    const MeshStore::Built some = store.build_fill({2, 0}, everything(), vertex_count / 5);
    EXPECT_LE(some.vertex_count, vertex_count / 5);
    built += some.vertex_count;
    complete = some.complete;
  }
  EXPECT_EQ(built, vertex_count);
  EXPECT_GE(calls, 5);
  EXPECT_EQ(store.build_fill({2, 0}, everything(), kAll).vertex_count, 0u) << "what is there is not built again";
  std::uint64_t wanted = 0;
  const model::Range level = tree->levels()[2].divisions;
  for (std::uint32_t d = level.begin; d < level.end; ++d) wanted += tree->divisions()[d].triangle_indices.size() / 3;
  EXPECT_EQ(triangles(store.fill({2, 0}, everything())), wanted);
}

TEST_F(MeshStoreGl, a_small_budget_builds_a_chunk_all_the_same) {
  EXPECT_GT(store.build_borders({2, 0}, everything(), 1).vertex_count, 1u);
}

TEST_F(MeshStoreGl, only_what_the_box_touches_is_built_and_drawn) {
  UnitBox corner;
  const base::Box2d& cell = tree->divisions().back().extent_world;
  corner.extend(tree->to_units(cell.min));
  corner.extend(tree->to_units(cell.max));
  EXPECT_LT(store.build_fill({2, 0}, corner, kAll).vertex_count * 4, store.source_vertex_count(2, everything()));
  const std::uint64_t seen = triangles(store.fill({2, 0}, corner));
  EXPECT_GT(seen, 0u);
  EXPECT_EQ(triangles(store.fill({2, 0}, everything())), seen) << "nothing else is there yet";
}

TEST_F(MeshStoreGl, a_level_that_the_tree_does_not_have_is_empty) {
  EXPECT_TRUE(store.build_fill({9, 0}, everything(), kAll).complete);
  EXPECT_TRUE(store.fill({9, 0}, everything()).empty());
}

TEST_F(MeshStoreGl, pages_that_nobody_draws_are_dropped_when_there_are_many) {
  const auto page_bytes = [&] { return stage.context().live_stats().buffer_bytes; };
  std::uint64_t most = 0;
  for (std::uint32_t bits = 0; bits < 16; ++bits) {
    for (std::uint32_t level = 0; level < 3; ++level) {
      // A level of its own each: 48 sets, of which only the last is drawn.
      store.trim();
      store.build_fill({level, bits}, everything(), kAll);
      store.build_borders({level, bits}, everything(), kAll);
    }
    most = std::max(most, page_bytes());
  }
  EXPECT_LT(most, 140'000'000u);
  store.build_fill({2, 0}, everything(), kAll);
  EXPECT_GT(triangles(store.fill({2, 0}, everything())), 0u) << "what was dropped is built again";
}

}  // namespace
}  // namespace gridwall::render
