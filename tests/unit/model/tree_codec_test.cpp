#include "model/tree_codec.hpp"

#include <gtest/gtest.h>

#include "base/hash.hpp"
#include "same_tree.hpp"
#include "support/jagged_tree.hpp"
#include "support/small_tree.hpp"

namespace gridwall::model {
namespace {

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
