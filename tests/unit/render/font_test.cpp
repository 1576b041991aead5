#include "render/font.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/text_file.hpp"
#include "render/glyph_cell.hpp"
#include "support/temp_folder.hpp"

namespace gridwall::render {
namespace {

int ink_px(const std::vector<std::uint8_t>& bitmap) {
  return static_cast<int>(std::count_if(bitmap.begin(), bitmap.end(), [](std::uint8_t c) { return c >= 128; }));
}

TEST(Font, a_chinese_font_is_found_on_the_system) {
  const auto font = Font::open({});
  ASSERT_TRUE(font.ok()) << font.error().message;
  EXPECT_TRUE((*font)->has(U'江')) << "install fonts-noto-cjk or fonts-wqy-microhei";
  EXPECT_FLOAT_EQ((*font)->advance_em(U'江'), 1.0f);
  EXPECT_GT((*font)->advance_em(U'W'), (*font)->advance_em(U'i'));
}

TEST(Font, a_letter_has_ink_and_a_blank_has_none) {
  const auto font = Font::open({});
  ASSERT_TRUE(font.ok());
  constexpr int kEm = kCellEmPx * kOversampling;
  EXPECT_GT(ink_px((*font)->rasterize(U'国')), kEm * kEm / 6);
  EXPECT_EQ(ink_px((*font)->rasterize(U' ')), 0);
}

TEST(Font, characters_that_no_font_has_become_different_boxes) {
  const auto font = Font::open({});
  ASSERT_TRUE(font.ok());
  ASSERT_FALSE((*font)->has(U'\U0010fffd'));
  const auto one = (*font)->rasterize(U'\U0010fffd');
  const auto other = (*font)->rasterize(U'\U0010fffc');
  EXPECT_GT(ink_px(one), 500);
  EXPECT_NE(one, other) << "the code stands in the box";
  EXPECT_FLOAT_EQ((*font)->advance_em(U'\U0010fffd'), 1.0f);
}

TEST(Font, a_system_without_fonts_is_told_what_to_install) {
  const auto font = Font::open({.search_folders = {(test::process_folder() / "no_fonts_here").string()}});
  ASSERT_FALSE(font.ok());
  EXPECT_NE(font.error().message.find("fonts-noto-cjk"), std::string::npos);
}

TEST(Font, a_file_that_is_no_font_is_named) {
  const std::filesystem::path file = test::process_folder() / "not_a_font.ttf";
  ASSERT_TRUE(base::write_text_file(file, "hello").ok());
  const auto font = Font::open({.file = file});
  ASSERT_FALSE(font.ok());
  EXPECT_NE(font.error().message.find("not_a_font.ttf"), std::string::npos);
}

}  // namespace
}  // namespace gridwall::render
