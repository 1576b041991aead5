#include "base/text_file.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "support/temp_folder.hpp"

namespace gridwall::base {
namespace {

class TextFile : public testing::Test {
 protected:
  void SetUp() override {
    m_folder = test::process_folder() /
               (std::string("gridwall_") + testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::create_directories(m_folder);
  }
  void TearDown() override { std::filesystem::remove_all(m_folder); }
  std::filesystem::path m_folder;
};

TEST_F(TextFile, reads_back_what_it_wrote_and_leaves_no_part_behind) {
  ASSERT_TRUE(write_text_file(m_folder / "a.txt", "江阴\n").ok());
  EXPECT_EQ(*read_text_file(m_folder / "a.txt"), "江阴\n");
  const auto files = std::filesystem::directory_iterator(m_folder);
  EXPECT_EQ(std::distance(begin(files), end(files)), 1);
}

TEST_F(TextFile, names_the_file_and_the_trouble) {
  EXPECT_NE(read_text_file(m_folder / "none").error().message.find("none: no such file"), std::string::npos);
  EXPECT_NE(read_text_file(m_folder).error().message.find("is a directory"), std::string::npos);
  ASSERT_TRUE(write_text_file(m_folder / "big", "0123456789").ok());
  EXPECT_NE(read_text_file(m_folder / "big", 5).error().message.find("limit of 5 bytes"), std::string::npos);
  EXPECT_NE(write_text_file(m_folder / "no" / "a", "x").error().message.find("cannot be written"), std::string::npos);
}

}  // namespace
}  // namespace gridwall::base
