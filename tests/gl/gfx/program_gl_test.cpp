// Every shader of the product compiles; a broken one is named by file and line and does no harm.
#include "gfx/program.hpp"

#include <gtest/gtest.h>

#include "base/text_file.hpp"
#include "support/gl_stage.hpp"
#include "support/temp_folder.hpp"

namespace gridwall::gfx {
namespace {

std::filesystem::path write_shaders(const std::string& fragment) {
  const std::filesystem::path folder = test::process_folder() / "gridwall_shaders";
  std::filesystem::create_directories(folder / "common");
  const auto write = [&](const char* name, const std::string& text) {
    EXPECT_TRUE(base::write_text_file(folder / name, text).ok());
  };
  write("common/part.glsl", "float half_of(float x) { return x * 0.5; }\n");
  write("a.vert", "#version 450 core\nvoid main() { gl_Position = vec4(0.0); }\n");
  write("a.frag", fragment);
  return folder;
}

const std::string kGood =
    "#version 450 core\n#include \"common/part.glsl\"\nlayout(location = 0) out vec4 o;\n"
    "void main() { o = vec4(half_of(1.0)); }\n";
const std::string kBroken =
    "#version 450 core\n#include \"common/part.glsl\"\nlayout(location = 0) out vec4 o;\n"
    "void main() { o = no_such_thing; }\n";

TEST(Program, every_pair_in_the_shader_folder_compiles_and_links) {
  test::GlStage stage;
  int pairs = 0;
  for (const auto& entry : std::filesystem::directory_iterator(test::shader_folder())) {
    if (entry.path().extension() != ".frag") continue;
    const std::string stem = entry.path().stem().string();
    // A pass that asks every pixel has no vertices of its own.
    const bool own = std::filesystem::exists(test::shader_folder() / (stem + ".vert"));
    const std::string vertex = own ? stem + ".vert" : "whole_map.vert";
    const ProgramFiles files{test::shader_folder(), vertex, stem + ".frag"};
    const auto program = Program::create(stage.context(), files, stem.c_str());
    EXPECT_TRUE(program.ok()) << program.error().message;
    ++pairs;
  }
  EXPECT_GE(pairs, 6);
}

TEST(Program, an_error_after_an_include_names_file_and_line) {
  test::GlStage stage;
  const auto program = Program::create(stage.context(), {write_shaders(kBroken), "a.vert", "a.frag"}, "a");
  ASSERT_FALSE(program.ok());
  EXPECT_NE(program.error().message.find("a.frag:4:"), std::string::npos) << program.error().message;
}

TEST(Program, a_failed_reload_keeps_the_old_program_and_a_good_one_replaces_it) {
  test::GlStage stage;
  const auto folder = write_shaders(kGood);
  auto program = Program::create(stage.context(), {folder, "a.vert", "a.frag"}, "a");
  ASSERT_TRUE(program.ok()) << program.error().message;
  const std::uint32_t before = program->id();
  write_shaders(kBroken);
  EXPECT_FALSE(program->reload().ok());
  EXPECT_EQ(program->id(), before);
  write_shaders(kGood);
  EXPECT_TRUE(program->reload().ok());
  EXPECT_NE(program->id(), before);
  EXPECT_EQ(stage.context().live_stats().programs, 1u);
}

}  // namespace
}  // namespace gridwall::gfx
