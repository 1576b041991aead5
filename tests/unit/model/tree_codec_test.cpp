#include "model/tree_codec.hpp"

#include <gtest/gtest.h>

#include "base/hash.hpp"
#include "support/jagged_tree.hpp"
#include "support/small_tree.hpp"

namespace gridwall::model {
namespace {

void expect_same(const DivisionTree& a, const DivisionTree& b) {
  EXPECT_EQ(a.content_hash(), b.content_hash());
  EXPECT_EQ(a.vertices(), b.vertices());
  EXPECT_EQ(a.triangle_indices(), b.triangle_indices());
  EXPECT_EQ(a.origin_world(), b.origin_world());
  EXPECT_EQ(a.unit_m(), b.unit_m());
  EXPECT_EQ(a.world_crs(), b.world_crs());
  EXPECT_EQ(a.synthetic(), b.synthetic());
  ASSERT_EQ(a.levels().size(), b.levels().size());
  for (std::size_t i = 0; i < a.levels().size(); ++i) {
    EXPECT_EQ(a.levels()[i].name_zh, b.levels()[i].name_zh);
    EXPECT_EQ(a.levels()[i].name_en, b.levels()[i].name_en);
    EXPECT_EQ(a.levels()[i].divisions, b.levels()[i].divisions);
  }
  ASSERT_EQ(a.rings().size(), b.rings().size());
  for (std::size_t i = 0; i < a.rings().size(); ++i) {
    EXPECT_EQ(a.rings()[i].vertices, b.rings()[i].vertices);
    EXPECT_EQ(a.rings()[i].is_hole, b.rings()[i].is_hole);
  }
  ASSERT_EQ(a.divisions().size(), b.divisions().size());
  for (std::size_t i = 0; i < a.divisions().size(); ++i) {
    const Division &x = a.divisions()[i], &y = b.divisions()[i];
    EXPECT_EQ(x.code, y.code);
    EXPECT_EQ(x.name, y.name);
    EXPECT_EQ(x.kind, y.kind);
    EXPECT_EQ(x.path, y.path);
    EXPECT_EQ(x.level_index, y.level_index);
    EXPECT_EQ(x.parent, y.parent);
    EXPECT_EQ(x.children, y.children);
    EXPECT_EQ(x.rings, y.rings);
    EXPECT_EQ(x.triangle_indices, y.triangle_indices);
    EXPECT_EQ(x.vertices, y.vertices);
    EXPECT_EQ(x.extent_world.min, y.extent_world.min);
    EXPECT_EQ(x.extent_world.max, y.extent_world.max);
    EXPECT_EQ(x.anchor_world, y.anchor_world);
    EXPECT_EQ(x.area_m2, y.area_m2);
  }
}

// A root without a polygon, a division of two parts, one with a hole; odd kinds, names and codes.
DivisionTree odd_tree() {
  TreeSpec spec;
  spec.origin_world = {500000.125, 3500000.5};
  spec.unit_m = 0.01;
  spec.world_crs = "+proj=tmerc +lon_0=120";
  spec.synthetic = true;
  spec.level_names = {{"市", "City", {}}, {"镇", "Town", {}}};
  DivisionRecord root{"320281", "江阴市", "admin", "", {}, {}};
  DivisionRecord islands{"320281001", "群岛/~@%", "special", "320281", {}, {5, 5}};
  islands.parts = {
      {{{{0, 0}, {10, 0}, {10, 10}}}, {0, 1, 2}},
      {{{{100, 0}, {190, 0}, {190, 90}, {100, 90}}, {{120, 20}, {120, 40}, {140, 40}}}, {0, 1, 2, 0, 2, 3}}};
  DivisionRecord nowhere{"elsewhere", "", "micro", "320281", {}, {-7, 2'000'000'000}};
  spec.records = {nowhere, islands, root};
  return assemble_tree(std::move(spec)).value();
}

TEST(TreeCodec, a_tree_comes_back_as_it_was) {
  for (const DivisionTree& tree : {*test::small_tree(), *test::jagged_tree({}), odd_tree()}) {
    const std::string bytes = encode_tree(tree);
    const auto read = decode_tree(bytes);
    ASSERT_TRUE(read.ok()) << read.error().message;
    expect_same(tree, *read);
    EXPECT_EQ(encode_tree(*read), bytes);
  }
}

TEST(TreeCodec, bytes_that_were_cut_or_changed_are_refused) {
  const std::string bytes = encode_tree(odd_tree());
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    EXPECT_FALSE(decode_tree(std::string_view(bytes).substr(0, i)).ok()) << i;
    std::string changed = bytes;
    changed[i] = static_cast<char>(changed[i] ^ 0x10);
    EXPECT_FALSE(decode_tree(changed).ok()) << i;
  }
}

TEST(TreeCodec, another_version_is_refused_by_its_number) {
  std::string bytes = encode_tree(odd_tree());
  bytes[4] = 7;
  const auto read = decode_tree(bytes);
  ASSERT_FALSE(read.ok());
  EXPECT_NE(read.error().message.find("version 7, version 1 is understood"), std::string::npos);
}

// With a right seal: whatever the bytes say, no triangle may point outside its part.
TEST(TreeCodec, sealed_nonsense_is_refused_or_gives_a_sound_tree) {
  const std::string bytes = encode_tree(odd_tree());
  int read_count = 0;
  for (std::size_t i = 6; i + 8 < bytes.size(); ++i) {
    for (const int bit : {1, 2, 16, 128}) {
      std::string changed = bytes.substr(0, bytes.size() - 8);
      changed[i] = static_cast<char>(changed[i] ^ bit);
      const std::uint64_t seal = base::hash_bytes(changed);
      changed.append(reinterpret_cast<const char*>(&seal), sizeof seal);
      const auto read = decode_tree(changed);
      if (!read.ok()) continue;
      ++read_count;
      for (const std::uint32_t index : read->triangle_indices()) ASSERT_LT(index, read->vertices().size());
    }
  }
  EXPECT_GT(read_count, 100);
}

}  // namespace
}  // namespace gridwall::model
