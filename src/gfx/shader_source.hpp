// ShaderSource: a GLSL file with its includes put in (each file once), and the way back from a compiler's message to
// file and line. Pure but for reading files. Test: tests/unit/gfx/shader_source_test.cpp.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace gridwall::gfx {

struct ShaderSource {
  std::string text;
  std::vector<std::filesystem::path> files;  // by the number that #line gives

  // "0:12(3): error: x" (Mesa) and "0(12) : error C1: x" (NVIDIA) become "division_fill.vert:12: error: x".
  [[nodiscard]] std::string name_files(std::string_view compiler_log) const;
};

// `#include "common/x.glsl"` is looked for below `folder`. Errors name the file and line of the include.
base::Result<ShaderSource> load_shader_source(const std::filesystem::path& folder, const std::string& file);

}  // namespace gridwall::gfx
