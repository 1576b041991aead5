#include "model/path.hpp"

#include <gtest/gtest.h>

namespace gridwall::model {
namespace {

using Views = std::vector<std::string_view>;

TEST(path, segment_is_the_code_less_its_parents_code) {
  EXPECT_EQ(path_segment("320281001", "320281"), "001");
  EXPECT_EQ(path_segment("320281", ""), "320281");
}

TEST(path, segment_is_the_whole_code_where_the_parents_is_no_prefix) {
  EXPECT_EQ(path_segment("W-17", "320281"), "W-17");
  EXPECT_EQ(path_segment("320281", "320281"), "320281");  // a segment is never empty
}

TEST(path, reserved_characters_are_escaped_and_chinese_is_not) {
  EXPECT_EQ(path_segment("a/b~c@d%e", ""), "a%2Fb%7Ec%40d%25e");
  EXPECT_EQ(path_segment("澄江", ""), "澄江");
}

TEST(path, prefixes_go_from_the_root_down_and_leave_the_own_leaf_out) {
  EXPECT_EQ(path_prefixes("320281/001/"), (Views{"320281/", "320281/001/"}));
  EXPECT_EQ(path_prefixes("320281/~"), Views{"320281/"});
  EXPECT_TRUE(path_prefixes("").empty());
}

TEST(path, only_closed_chains_of_full_segments_are_paths) {
  for (const char* good : {"320281/", "320281/001/", "a%2Fb/"}) EXPECT_TRUE(is_path(good)) << good;
  for (const char* bad : {"", "320281", "/", "a//", "a/~", "a~/", "@hb/a/", "a/b"}) EXPECT_FALSE(is_path(bad)) << bad;
}

TEST(path, own_leaf_is_a_path_with_a_tilde) {
  EXPECT_TRUE(is_own_leaf("320281/~"));
  for (const char* bad : {"~", "320281~", "320281/", "a//~"}) EXPECT_FALSE(is_own_leaf(bad)) << bad;
}

}  // namespace
}  // namespace gridwall::model
