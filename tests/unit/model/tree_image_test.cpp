#include "model/tree_image.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <new>

#include "base/random.hpp"
#include "same_tree.hpp"
#include "support/jagged_tree.hpp"
#include "support/small_tree.hpp"

namespace gridwall::model {
namespace {

// Bytes where an image may lie.
class Aligned {
 public:
  explicit Aligned(std::string_view bytes) : m_size(bytes.size()) {
    m_bytes = std::shared_ptr<char[]>(new (std::align_val_t{64}) char[bytes.size() + 1],
                                      [](char* p) { ::operator delete[](p, std::align_val_t{64}); });
    std::memcpy(m_bytes.get(), bytes.data(), bytes.size());
  }
  [[nodiscard]] base::Result<DivisionTree> open() const { return TreeImage::open({m_bytes.get(), m_size}, m_bytes); }
  [[nodiscard]] std::span<char> bytes() const { return {m_bytes.get(), m_size}; }

 private:
  std::shared_ptr<char[]> m_bytes;
  std::size_t m_size;
};

std::string image_of(const DivisionTree& tree, const std::string& label = "label") {
  std::string bytes;
  const TreeImage image(tree, label);
  for (const std::string_view piece : image.pieces()) bytes += piece;
  return bytes;
}

TEST(tree_image, what_is_opened_is_what_was_written) {
  const auto small = test::small_tree({});
  const auto jagged = test::jagged_tree({});
  const DivisionTree odd = odd_tree();
  for (const DivisionTree* tree : {small.get(), jagged.get(), &odd}) {
    const auto opened = Aligned(image_of(*tree)).open();
    ASSERT_TRUE(opened.ok()) << opened.error().message;
    expect_same(*tree, *opened);
    for (const Division& d : tree->divisions()) {
      EXPECT_EQ(opened->find(d.code), tree->find(d.code));
      EXPECT_EQ(opened->find_path(d.path), tree->find_path(d.path));
    }
    EXPECT_FALSE(opened->find("no such code").valid());
  }
}

// The bytes' own holder is gone by then; only the tree keeps them.
TEST(tree_image, a_tree_keeps_the_bytes_that_it_looks_into) {
  const auto jagged = test::jagged_tree({});
  std::optional<DivisionTree> copy;
  {
    auto opened = Aligned(image_of(*jagged)).open();
    ASSERT_TRUE(opened.ok());
    copy = *opened;
  }
  expect_same(*jagged, *copy);
}

TEST(tree_image, its_label_is_read_without_the_rest) {
  const std::string bytes = image_of(*test::small_tree({}), "made of this");
  const auto label = TreeImage::label_of(bytes);
  ASSERT_TRUE(label.ok());
  EXPECT_EQ(*label, "made of this");
  EXPECT_FALSE(TreeImage::label_of("made of this").ok());
}

TEST(tree_image, a_cut_or_a_changed_byte_is_refused_or_changes_nothing) {
  const auto tree = test::small_tree({});
  const std::string bytes = image_of(*tree);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto opened = Aligned(std::string_view(bytes).substr(0, size)).open();
    if (opened.ok()) expect_same(*tree, *opened);  // what was cut is padding
  }
  EXPECT_FALSE(Aligned(std::string_view(bytes).substr(0, bytes.size() - 64)).open().ok());
  std::size_t refused_count = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::string changed = bytes;
    changed[i] = static_cast<char>(changed[i] ^ 0x10);
    const auto opened = Aligned(changed).open();
    if (opened.ok()) expect_same(*tree, *opened);  // what was changed is padding
    refused_count += opened.ok() ? 0 : 1;
  }
  EXPECT_GT(refused_count, bytes.size() * 3 / 4);
}

TEST(tree_image, another_version_is_named) {
  std::string bytes = image_of(*test::small_tree({}));
  bytes[8] = 99;
  const auto opened = Aligned(bytes).open();
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, base::ErrorCode::Unsupported);
  EXPECT_NE(opened.error().message.find("version 99"), std::string::npos) << opened.error().message;
}

// Sealed as if a program had written it so: every index must still lie where it may.
TEST(tree_image, sealed_nonsense_is_refused_or_stays_within_its_bounds) {
  const std::string bytes = image_of(odd_tree());
  base::Random random(5);
  int opened_count = 0;
  for (int round = 0; round < 20'000; ++round) {
    const Aligned changed(bytes);
    for (std::uint64_t k = 0; k <= random.next_below(3); ++k) {
      changed.bytes()[random.next_below(bytes.size())] = static_cast<char>(random.next_u64());
    }
    if (!TreeImage::seal(changed.bytes())) continue;
    const auto tree = changed.open();
    if (!tree.ok()) continue;
    ++opened_count;
    for (const Division& d : tree->divisions()) {
      ASSERT_LE(d.children.end, tree->divisions().size());
      for (std::uint32_t r = d.rings.begin; r < d.rings.end; ++r) {
        ASSERT_GE(tree->rings()[r].vertices.begin, d.vertices.begin);
        ASSERT_LE(tree->rings()[r].vertices.end, d.vertices.end);
      }
      for (std::uint32_t i = d.triangle_indices.begin; i < d.triangle_indices.end; ++i) {
        ASSERT_TRUE(d.vertices.contains(tree->triangle_indices()[i]));
      }
      ASSERT_TRUE(d.level_index < tree->levels().size());
      (void)tree->find(d.code);
    }
    ASSERT_LE(tree->vertices().empty() ? 0 : tree->divisions().back().vertices.end, tree->vertices().size());
  }
  EXPECT_GT(opened_count, 100);
}

}  // namespace
}  // namespace gridwall::model
