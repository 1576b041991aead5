// DivisionIds: writes the number of the division into each pixel that it holds, as a float (exact to 16.7 million);
// where two meet in one pixel the larger number stays, whatever the order of drawing. Colours come later
// (render/ground_composite.hpp). Test: tests/gl/render/ground_gl_test.cpp.
#pragma once

#include <filesystem>

#include "gfx/program.hpp"
#include "render/mesh_store.hpp"

namespace gridwall::render {

inline constexpr float kNoDivision = -1;

class DivisionIds {
 public:
  static base::Result<DivisionIds> create(gfx::Context& context, const std::filesystem::path& shader_folder);
  base::Status reload() { return m_program.reload(); }
  // Into the framebuffer of one number a pixel that is set, within its viewport and scissor. Returns the triangles
  // drawn.
  std::uint64_t draw(gfx::Context& context, const std::vector<FillDraw>& draws) const;

 private:
  gfx::Program m_program;
};

}  // namespace gridwall::render
