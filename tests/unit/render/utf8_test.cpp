#include "render/utf8.hpp"

#include <gtest/gtest.h>

namespace gridwall::render {
namespace {

using Characters = std::vector<char32_t>;

TEST(Utf8, one_to_four_bytes_become_one_character) {
  EXPECT_EQ(characters_of("a²江𠮷"), (Characters{U'a', U'²', U'江', U'\U00020bb7'}));
}

TEST(Utf8, broken_bytes_become_the_replacement_character_one_each) {
  EXPECT_EQ(characters_of("\xe6\xb1"), (Characters{0xfffd, 0xfffd}));  // cut
  EXPECT_EQ(characters_of("a\xff"
                          "b"),
            (Characters{U'a', 0xfffd, U'b'}));
  EXPECT_EQ(characters_of("\xc0\x80"), (Characters{0xfffd, 0xfffd}));              // overlong
  EXPECT_EQ(characters_of("\xed\xa0\x80"), (Characters{0xfffd, 0xfffd, 0xfffd}));  // surrogate
}

}  // namespace
}  // namespace gridwall::render
