#include "gfx/shader_source.hpp"

#include <gtest/gtest.h>

#include "base/text_file.hpp"
#include "support/temp_folder.hpp"

namespace gridwall::gfx {
namespace {

class ShaderSourceTest : public testing::Test {
 protected:
  void write(const std::string& name, const std::string& text) {
    std::filesystem::create_directories((folder / name).parent_path());
    ASSERT_TRUE(base::write_text_file(folder / name, text).ok());
  }
  std::filesystem::path folder = test::process_folder() / "gridwall_shader_source";
};

TEST_F(ShaderSourceTest, an_include_is_put_in_once_and_lines_stay_right) {
  write("common/a.glsl", "float a;\n");
  write("common/b.glsl", "#include \"common/a.glsl\"\nfloat b;\n");
  write("x.frag", "#version 450 core\n#include \"common/a.glsl\"\n#include \"common/b.glsl\"\nvoid main() {}\n");
  const auto source = load_shader_source(folder, "x.frag");
  ASSERT_TRUE(source.ok()) << source.error().message;
  EXPECT_EQ(source->text,
            "#version 450 core\n"
            "#line 1 1\nfloat a;\n#line 3 0\n"
            "#line 1 2\n#line 2 2\nfloat b;\n#line 4 0\n"
            "void main() {}\n");
}

TEST_F(ShaderSourceTest, a_missing_include_names_the_line_that_wants_it) {
  write("y.frag", "#version 450 core\n\n#include \"common/none.glsl\"\n");
  const auto source = load_shader_source(folder, "y.frag");
  ASSERT_FALSE(source.ok());
  EXPECT_NE(source.error().message.find("y.frag:3"), std::string::npos) << source.error().message;
}

TEST(ShaderLog, both_drivers_ways_of_naming_a_place_become_file_and_line) {
  ShaderSource source;
  source.files = {"s/x.frag", "s/common/a.glsl"};
  EXPECT_EQ(source.name_files("0:12(3): error: no\n1:2(1): warning: w\n"),
            "s/x.frag:12: error: no\ns/common/a.glsl:2: warning: w");
  EXPECT_EQ(source.name_files("1(7) : error C1008: undefined"), "s/common/a.glsl:7: error C1008: undefined");
  EXPECT_EQ(source.name_files("9:1(1): error: unknown file"), "9:1(1): error: unknown file");
  EXPECT_EQ(source.name_files("link failed"), "link failed");
}

}  // namespace
}  // namespace gridwall::gfx
