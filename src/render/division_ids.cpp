#include "render/division_ids.hpp"

namespace gridwall::render {

base::Result<DivisionIds> DivisionIds::create(gfx::Context& context, const std::filesystem::path& shader_folder) {
  DivisionIds ids;
  TRY_ASSIGN(ids.m_program,
             gfx::Program::create(context, {shader_folder, "division_ids.vert", "division_ids.frag"}, "division ids"));
  return ids;
}

std::uint64_t DivisionIds::draw(gfx::Context& context, const std::vector<FillDraw>& draws) const {
  std::uint64_t triangle_count = 0;
  for (const FillDraw& one : draws) {
    context.set_pipeline({&m_program, one.vertex_array, gfx::Blend::Max});
    context.draw_elements(one.ranges);
    for (const gfx::DrawRange& range : one.ranges) triangle_count += range.count / 3;
  }
  return triangle_count;
}

}  // namespace gridwall::render
