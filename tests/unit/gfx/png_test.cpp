#include "gfx/png.hpp"

#include <gtest/gtest.h>

#include "base/text_file.hpp"
#include "support/temp_folder.hpp"

namespace gridwall::gfx {
namespace {

std::filesystem::path temporary(const char* name) {
  return test::process_folder() / name;
}

TEST(Png, a_picture_comes_back_with_the_same_bytes) {
  Image image = Image::filled({7, 5}, {1, 2, 3, 255});
  image.set(6, 4, {250, 128, 7, 255});
  for (const PngEffort effort : {PngEffort::Fast, PngEffort::Small}) {
    ASSERT_TRUE(write_png(temporary("a.png"), image, effort).ok());
    const auto read = read_png(temporary("a.png"));
    ASSERT_TRUE(read.ok()) << read.error().message;
    EXPECT_EQ(*read, image);
  }
}

TEST(Png, transparency_is_kept) {
  Image image = Image::filled({2, 1}, {9, 8, 7, 255});
  image.set(1, 0, {100, 50, 25, 128});
  ASSERT_TRUE(write_png(temporary("b.png"), image).ok());
  const auto read = read_png(temporary("b.png"));
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(*read, image);
}

TEST(Png, a_folder_that_is_not_there_is_named_in_the_error) {
  const auto status = write_png(temporary("no/such/folder/c.png"), Image::filled({1, 1}, {}));
  ASSERT_FALSE(status.ok());
  EXPECT_NE(status.error().message.find("no/such/folder/c.png"), std::string::npos);
}

TEST(Png, a_missing_cut_or_foreign_file_gets_one_sentence) {
  EXPECT_EQ(read_png(temporary("none.png")).error().code, base::ErrorCode::NotFound);
  ASSERT_TRUE(base::write_text_file(temporary("text.png"), "this is no picture").ok());
  EXPECT_EQ(read_png(temporary("text.png")).error().code, base::ErrorCode::Unreadable);
  ASSERT_TRUE(write_png(temporary("cut.png"), Image::filled({64, 64}, {1, 2, 3, 255})).ok());
  std::filesystem::resize_file(temporary("cut.png"), 50);
  const auto cut = read_png(temporary("cut.png"));
  ASSERT_FALSE(cut.ok());
  EXPECT_NE(cut.error().message.find("cut.png"), std::string::npos);
}

}  // namespace
}  // namespace gridwall::gfx
