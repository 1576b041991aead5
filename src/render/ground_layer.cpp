#include "render/ground_layer.hpp"

#include <algorithm>
#include <cmath>

#include "render/frame_constants.hpp"

namespace gridwall::render {

namespace {

// A whole ground is drawn in at most so many tiles.
constexpr std::int32_t kTileColumns = 8, kTileRows = 5, kTileSideMin = 128;

// Meshes are snapped to a grid this wide at most, by how many vertices of the source are in sight: so fine that nobody
// sees it, up to where only what falls on different pixels is worth drawing. Lines are seen more exactly than fills.
struct Fineness {
  std::uint64_t vertices_max;
  double fill_px, border_px;
};
constexpr Fineness kFineness[] = {{60'000, 0.125, 0.125}, {300'000, 0.5, 0.25}, {~std::uint64_t{0}, 1.0, 0.5}};

std::vector<gfx::PixelRect> tiles_from_middle(base::Vec2i size) {
  const auto side = [](std::int32_t length, std::int32_t count) {
    return std::max(kTileSideMin, (length + count - 1) / count);
  };
  const base::Vec2i tile{side(size.x, kTileColumns), side(size.y, kTileRows)};
  std::vector<gfx::PixelRect> tiles;
  for (std::int32_t y = 0; y < size.y; y += tile.y) {
    for (std::int32_t x = 0; x < size.x; x += tile.x) {
      tiles.push_back({x, y, std::min(tile.x, size.x - x), std::min(tile.y, size.y - y)});
    }
  }
  const auto from_middle = [&](const gfx::PixelRect& rect) {
    return std::hypot(rect.x + rect.width / 2.0 - size.x / 2.0, rect.y + rect.height / 2.0 - size.y / 2.0);
  };
  std::ranges::stable_sort(tiles, {}, from_middle);
  return tiles;
}

std::int32_t wrapped(std::int32_t value, std::int32_t size) {
  const std::int32_t rest = value % size;
  return rest < 0 ? rest + size : rest;
}

}  // namespace

base::Status GroundLayer::begin(gfx::Context& context, GroundLook look, const model::MapView& view) {
  forget();
  const base::Vec2i size = look.size_px;
  if (!m_ids.valid() || m_ids.size_px() != size) {
    m_ids = gfx::Framebuffer();
    m_lines = gfx::Framebuffer();
    TRY_ASSIGN(m_ids, gfx::Framebuffer::create(context, size, "ground ids", gfx::PixelFormat::R32Float));
  }
  if (!look.lines.empty() && !m_lines.valid()) {
    TRY_ASSIGN(m_lines, gfx::Framebuffer::create(context, size, "ground borders"));
  }
  if (!m_frame_buffer.valid()) {
    m_frame_buffer = gfx::Buffer::create_streamed(context, sizeof(FrameBlock), "ground frame block");
  }
  m_look = std::move(look);
  m_view = view;
  m_wrap_px = {};
  m_tiles = tiles_from_middle(size);
  m_next_tile = 0;
  return {};
}

std::optional<base::Vec2i> GroundLayer::moved_px(const model::MapView& view) const {
  constexpr double kWhole = 1e-3;
  if (!begun() || view.px_per_m != m_view.px_per_m) return std::nullopt;
  const base::Vec2d moved = (view.center_world - m_view.center_world) * view.px_per_m;
  const base::Vec2d whole{std::round(moved.x), std::round(moved.y)};
  if (std::abs(moved.x - whole.x) >= kWhole || std::abs(moved.y - whole.y) >= kWhole) return std::nullopt;
  if (std::abs(whole.x) >= m_look.size_px.x || std::abs(whole.y) >= m_look.size_px.y) return std::nullopt;
  return base::Vec2i{static_cast<std::int32_t>(whole.x), static_cast<std::int32_t>(whole.y)};
}

base::Status GroundLayer::move(const GroundTools& tools, const model::MapView& view, base::Vec2i moved_px) {
  ASSERT(complete(), "a ground that is not drawn yet stays where it is");
  const base::Vec2i size = m_look.size_px;
  m_view = view;
  m_wrap_px = {wrapped(m_wrap_px.x + moved_px.x, size.x), wrapped(m_wrap_px.y + moved_px.y, size.y)};
  const base::Vec2i kept{size.x - std::abs(moved_px.x), size.y - std::abs(moved_px.y)};
  std::vector<gfx::PixelRect> strips;
  if (moved_px.x != 0) strips.push_back({moved_px.x > 0 ? kept.x : 0, 0, std::abs(moved_px.x), size.y});
  if (moved_px.y != 0) {
    strips.push_back({std::max(-moved_px.x, 0), moved_px.y > 0 ? kept.y : 0, kept.x, std::abs(moved_px.y)});
  }
  if (strips.empty()) return {};
  tools.meshes.trim();
  upload_view(tools);
  GroundBudget unlimited = GroundBudget::unlimited();
  for (const gfx::PixelRect& strip : strips) {
    build(tools, strip, unlimited);
    TRY(draw(tools, strip, unlimited));
  }
  return {};
}

base::Status GroundLayer::advance(const GroundTools& tools, GroundBudget& budget) {
  if (!begun() || complete()) return {};
  if (m_next_tile == 0) tools.meshes.trim();
  upload_view(tools);
  const gfx::PixelRect whole{0, 0, m_look.size_px.x, m_look.size_px.y};
  if (m_next_tile == 0 && budget.source_vertices == ~std::uint64_t{0}) {
    build(tools, whole, budget);
    TRY(draw(tools, whole, budget));
    m_next_tile = m_tiles.size();
    return {};
  }
  while (!complete() && !budget.spent()) {
    if (!build(tools, m_tiles[m_next_tile], budget)) return {};
    TRY(draw(tools, m_tiles[m_next_tile], budget));
    ++m_next_tile;
  }
  return {};
}

std::vector<gfx::PixelRect> GroundLayer::drawn() const {
  if (complete()) return {{0, 0, m_look.size_px.x, m_look.size_px.y}};
  return {m_tiles.begin(), m_tiles.begin() + static_cast<std::ptrdiff_t>(m_next_tile)};
}

void GroundLayer::upload_view(const GroundTools& tools) {
  scene::FrameScene scene;
  scene.tree = m_look.tree;
  scene.viewport = {{0, 0}, m_look.size_px, m_view};
  m_frame = frame_constants(scene, m_look.size_px, 0);
  m_frame_buffer.replace(std::as_bytes(std::span(&m_frame, 1)));
  tools.context.bind_uniform_buffer(kFrameBlockBinding, m_frame_buffer);
  choose_steps(tools.meshes);
}

void GroundLayer::choose_steps(MeshStore& meshes) {
  const UnitBox box = visible_units(m_frame, 1);
  const auto key = [&](std::uint32_t level_index, double Fineness::*width_px) {
    const std::uint64_t count = meshes.source_vertex_count(level_index, box);
    const Fineness* fineness =
        std::ranges::find_if(kFineness, [&](const Fineness& f) { return count <= f.vertices_max; });
    return MeshKey{level_index, step_bits_for(static_cast<double>(m_frame.px_per_unit), fineness->*width_px)};
  };
  if (m_look.fill_level) m_fill_key = key(*m_look.fill_level, &Fineness::fill_px);
  m_line_keys.clear();
  for (const GroundLine& line : m_look.lines) m_line_keys.push_back(key(line.level_index, &Fineness::border_px));
}

bool GroundLayer::build(const GroundTools& tools, gfx::PixelRect rect, GroundBudget& budget) {
  bool complete = true;
  const auto add = [&](const MeshStore::Built& built) {
    budget.take(built.vertex_count, 0);
    complete = complete && built.complete;
  };
  if (m_look.fill_level) {
    add(tools.meshes.build_fill(m_fill_key, visible_units(m_frame, rect, 1), budget.source_vertices));
  }
  for (std::size_t i = 0; i < m_look.lines.size(); ++i) {
    add(tools.meshes.build_borders(m_line_keys[i], visible_units(m_frame, rect, reach_px(m_look.lines[i].style) + 1),
                                   budget.source_vertices));
  }
  return complete;
}

base::Status GroundLayer::draw(const GroundTools& tools, gfx::PixelRect rect, GroundBudget& budget) {
  const base::Vec2i size = m_look.size_px;
  // Around the edges: the part before the seam and the one behind it.
  for (std::int32_t row = 0; row < 2; ++row) {
    for (std::int32_t column = 0; column < 2; ++column) {
      const base::Vec2i shift{m_wrap_px.x - column * size.x, m_wrap_px.y - row * size.y};
      const std::int32_t left = std::max(rect.x, -shift.x), right = std::min(rect.x + rect.width, size.x - shift.x);
      const std::int32_t low = std::max(rect.y, -shift.y), high = std::min(rect.y + rect.height, size.y - shift.y);
      if (left >= right || low >= high) continue;
      TRY(draw_unwrapped(tools, {left, low, right - left, high - low}, {shift.x, shift.y, size.x, size.y}, budget));
    }
  }
  return {};
}

base::Status GroundLayer::draw_unwrapped(const GroundTools& tools, gfx::PixelRect rect, gfx::PixelRect viewport,
                                         GroundBudget& budget) {
  gfx::Context& context = tools.context;
  const gfx::PixelRect texels{rect.x + viewport.x, rect.y + viewport.y, rect.width, rect.height};
  context.set_framebuffer(&m_ids);
  context.set_viewport(viewport);
  context.set_scissor(texels);
  context.clear({kNoDivision, 0, 0, 0});
  if (m_look.fill_level) {
    budget.take(0, tools.ids.draw(context, tools.meshes.fill(m_fill_key, visible_units(m_frame, rect, 1))));
  }
  if (m_look.lines.empty()) return {};
  context.set_framebuffer(&m_lines);
  context.clear({0, 0, 0, 0});
  std::vector<LineGroup> groups;
  for (std::size_t i = 0; i < m_look.lines.size(); ++i) {
    const LineStyle& style = m_look.lines[i].style;
    const UnitBox box = visible_units(m_frame, rect, reach_px(style) + 1);
    groups.push_back({style, tools.meshes.borders(m_line_keys[i], box)});
  }
  TRY_ASSIGN(const std::uint64_t drawn, tools.lines.draw(context, groups, {viewport, texels, {0, 0}, m_look.size_px}));
  budget.take(0, drawn);
  return {};
}

}  // namespace gridwall::render
