#include "render/basemap_pass.hpp"

#include <algorithm>
#include <bit>
#include <unordered_set>

namespace gridwall::render {

namespace {

constexpr std::uint32_t kLayersAtFirst = 64;
// GL 4.5 promises so many; a tile takes 266 kB.
constexpr std::uint32_t kLayersMax = 2048;
constexpr std::uint32_t kVerticesPerTile = 6;

GpuTile to_gpu(const scene::BasemapPatch& patch, std::int32_t layer, const scene::Viewport& viewport) {
  GpuTile gpu;
  const base::Vec2d middle{viewport.size_px.x * 0.5, viewport.size_px.y * 0.5};
  const auto map_px = [&](base::Vec2d world) {
    const base::Vec2d px = middle + (world - viewport.view.center_world) * viewport.view.px_per_m;
    return base::Vec2f{static_cast<float>(px.x), static_cast<float>(px.y)};
  };
  gpu.min_map_px = map_px(patch.box_world.min);
  gpu.max_map_px = map_px(patch.box_world.max);
  const base::Box2d tile = model::tile_box_world(patch.tile);
  const double px_m = model::tile_px_m(patch.tile.level);
  const auto texel = [&](base::Vec2d world) {
    return base::Vec2f{static_cast<float>((world.x - tile.min.x) / px_m + model::kTileGutterPx),
                       static_cast<float>((tile.max.y - world.y) / px_m + model::kTileGutterPx)};
  };
  gpu.min_texel = texel(patch.box_world.min);
  gpu.max_texel = texel(patch.box_world.max);
  gpu.layer = layer;
  return gpu;
}

}  // namespace

base::Result<BasemapPass> BasemapPass::create(gfx::Context& context, const std::filesystem::path& shader_folder) {
  BasemapPass pass;
  TRY_ASSIGN(pass.m_program, gfx::Program::create(context, {shader_folder, "basemap.vert", "basemap.frag"}, "basemap"));
  pass.m_no_vertices = gfx::VertexArray::create(context, {}, nullptr, "no vertices");
  return pass;
}

// A wall without a basemap has no memory for one; a larger view gets a larger texture, filled anew.
void BasemapPass::make_room(gfx::Context& context, const scene::Basemap& basemap) {
  std::unordered_set<const model::TilePixels*> tiles;
  for (const scene::BasemapPatch& patch : basemap.patches) tiles.insert(patch.pixels.get());
  // A quarter more than are seen, so that a hand that goes back and forth uploads nothing.
  const auto needed = static_cast<std::uint32_t>(std::min<std::size_t>(tiles.size() + tiles.size() / 4, kLayersMax));
  if (m_tiles.valid() && needed <= static_cast<std::uint32_t>(m_tiles.layers())) return;
  if (!m_tiles.valid()) {
    m_buffer = gfx::Buffer::create_streamed(context, kLayersAtFirst * sizeof(GpuTile), "basemap tiles");
  }
  const std::uint32_t layers = std::min(kLayersMax, std::bit_ceil(std::max(needed, kLayersAtFirst)));
  m_tiles = gfx::Texture();
  m_tiles = gfx::Texture::create(context,
                                 {.size_px = {model::kTileStoredPx, model::kTileStoredPx},
                                  .layers = static_cast<std::int32_t>(layers),
                                  .format = gfx::PixelFormat::Rgba8,
                                  .filter = gfx::Filter::Linear},
                                 "basemap tiles");
  m_layers = CellCacheOf<const model::TilePixels*>(layers);
  m_held.assign(layers, nullptr);
}

std::optional<std::int32_t> BasemapPass::layer_of(const scene::BasemapPatch& patch) {
  const std::optional<CellUse> use = m_layers.use(patch.pixels.get());
  if (!use) return std::nullopt;
  const auto layer = static_cast<std::int32_t>(use->cell);
  if (use->fresh) {
    m_tiles.upload({0, 0, model::kTileStoredPx, model::kTileStoredPx}, layer, patch.pixels->rgba);
    m_held[use->cell] = patch.pixels;
  }
  return layer;
}

void BasemapPass::draw(gfx::Context& context, const scene::Basemap& basemap, const scene::Viewport& viewport) {
  if (basemap.patches.empty() || basemap.style.opacity <= 0) return;
  const gfx::DebugGroup group(context, "basemap");
  make_room(context, basemap);
  m_layers.begin_frame();
  std::vector<GpuTile> content;
  content.reserve(basemap.patches.size());
  for (const scene::BasemapPatch& patch : basemap.patches) {
    if (const auto layer = layer_of(patch)) content.push_back(to_gpu(patch, *layer, viewport));
  }
  const auto bytes = std::as_bytes(std::span(content));
  if (!std::ranges::equal(bytes, std::as_bytes(std::span(m_content)))) {
    m_buffer.replace(bytes);
    m_content = std::move(content);
  }
  context.set_pipeline({&m_program, &m_no_vertices, gfx::Blend::Premultiplied});
  context.bind_storage_buffer(kTileBlockBinding, m_buffer);
  context.bind_texture(kTilesUnit, m_tiles);
  m_program.set_uniform(kTileStyleUniform, std::array<float, 4>{basemap.style.opacity, basemap.style.brightness,
                                                                basemap.style.saturation, 0});
  context.draw_arrays(gfx::Primitive::Triangles,
                      gfx::DrawRange{0, static_cast<std::uint32_t>(m_content.size()) * kVerticesPerTile});
}

}  // namespace gridwall::render
