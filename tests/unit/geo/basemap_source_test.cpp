// Rasters of all kinds become tiles of the world: right in place, right in colour, read from the right overview.
#include "geo/basemap_source.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

#include "geo/transform.hpp"
#include "raster_files.hpp"
#include "support/temp_folder.hpp"

namespace gridwall::geo {
namespace {

namespace fs = std::filesystem;
using base::ErrorCode;
using model::kTileStoredPx;
using test::Rgba;
using test::TestRaster;

constexpr const char* kWorldCrs = "EPSG:4549";
constexpr Rgba kRed{200, 40, 40, 255}, kWhite{255, 255, 255, 255}, kBlack{0, 0, 0, 255};

class BasemapSourceTest : public testing::Test {
 protected:
  std::unique_ptr<BasemapSource> open(const fs::path& file, const std::string& crs = "") {
    auto source = BasemapSource::open({file.string(), crs, kWorldCrs, {}});
    EXPECT_TRUE(source.ok()) << source.error().message;
    return source.ok() ? std::move(source).value() : nullptr;
  }
  std::unique_ptr<BasemapSource> made(const TestRaster& raster, const std::string& name, const std::string& crs = "") {
    test::write_raster(folder / name, raster);
    return open(folder / name, crs);
  }
  base::Error refused(const fs::path& file, const std::string& crs = "") {
    auto source = BasemapSource::open({file.string(), crs, kWorldCrs, {}});
    EXPECT_FALSE(source.ok());
    return source.ok() ? base::Error{} : source.error();
  }
  test::TempFolder folder;
};

base::Vec2d world_of(base::Vec2d point, const std::string& crs) {
  const auto transform = Transform::create(crs, kWorldCrs);
  EXPECT_TRUE(transform.ok());
  return *transform->forward(point);
}

Rgba at(const model::TilePixels& tile, int x, int y) {
  if (tile.rgba.empty()) return {0, 0, 0, 0};
  const std::size_t i = 4 * static_cast<std::size_t>(y * kTileStoredPx + x);
  return {tile.rgba[i], tile.rgba[i + 1], tile.rgba[i + 2], tile.rgba[i + 3]};
}

// The colour at a place of the world, from the tile of `level` that holds it.
Rgba color_at(const BasemapSource& source, base::Vec2d world, std::int32_t level) {
  const model::TileKey key = model::tile_at(level, world);
  const auto tile = source.read(key);
  EXPECT_TRUE(tile.ok()) << tile.error().message;
  if (!tile.ok()) return {};
  const base::Box2d box = model::tile_box_world(key);
  const double px_m = model::tile_px_m(level);
  return at(*tile, 1 + static_cast<int>((world.x - box.min.x) / px_m),
            1 + static_cast<int>((box.max.y - world.y) / px_m));
}

bool is_near(Rgba a, Rgba b, int by = 2) {
  for (std::size_t i = 0; i < 4; ++i) {
    if (std::abs(a[i] - b[i]) > by) return false;
  }
  return true;
}
#define EXPECT_COLOR(expression, expected)                                                                         \
  do {                                                                                                             \
    const Rgba got_ = (expression), want_ = (expected);                                                            \
    EXPECT_TRUE(is_near(got_, want_)) << #expression << ": " << got_[0] << " " << got_[1] << " " << got_[2] << " " \
                                      << got_[3];                                                                  \
  } while (false)

// The middle of all that is white, in the world, over the tiles of the finest level.
base::Vec2d middle_of_white(const BasemapSource& source, base::Vec2d about_world) {
  const std::int32_t level = source.extent().finest_level;
  const model::TileKey middle = model::tile_at(level, about_world);
  base::Vec2d sum;
  double weight = 0;
  for (int dy = -1; dy <= 1; ++dy) {
    for (int dx = -1; dx <= 1; ++dx) {
      const model::TileKey key{level, middle.x + dx, middle.y + dy};
      const auto tile = source.read(key);
      EXPECT_TRUE(tile.ok());
      const base::Box2d box = model::tile_box_world(key);
      for (int y = 1; y <= model::kTileSidePx; ++y) {
        for (int x = 1; x <= model::kTileSidePx; ++x) {
          const double w = at(*tile, x, y)[1];
          sum = sum + base::Vec2d{box.min.x + (x - 0.5) * model::tile_px_m(level),
                                  box.max.y - (y - 0.5) * model::tile_px_m(level)} *
                          w;
          weight += w;
        }
      }
    }
  }
  return sum * (1 / weight);
}

// A black picture with a white square of 8 x 8 pixels, whose middle is (304, 204).
TestRaster white_square() {
  TestRaster raster;
  raster.color = [](int x, int y) { return x >= 300 && x < 308 && y >= 200 && y < 208 ? kWhite : kBlack; };
  return raster;
}
constexpr base::Vec2d kSquareMiddlePx{304, 204};

void expect_in_place(const BasemapSource& source, base::Vec2d expected_world) {
  const double px_m = model::tile_px_m(source.extent().finest_level);
  const base::Vec2d found = middle_of_white(source, expected_world);
  EXPECT_NEAR(found.x, expected_world.x, 0.1 * px_m);
  EXPECT_NEAR(found.y, expected_world.y, 0.1 * px_m);
}

TEST_F(BasemapSourceTest, a_pixel_in_degrees_lands_on_its_place_in_the_world) {
  const TestRaster raster = white_square();
  const auto source = made(raster, "degrees.tif");
  expect_in_place(*source, world_of(raster.place_of(kSquareMiddlePx), "EPSG:4326"));
}

TEST_F(BasemapSourceTest, a_pixel_of_web_mercator_lands_on_its_place_in_the_world) {
  TestRaster raster = white_square();
  raster.crs = "EPSG:3857";
  raster.corner = {13387000, 3750000};
  raster.px = {9.5, 9.5};
  const auto source = made(raster, "mercator.tif");
  expect_in_place(*source, world_of(raster.place_of(kSquareMiddlePx), "EPSG:3857"));
  EXPECT_LE(model::tile_px_m(source->extent().finest_level), 9.5 * std::cos(31.8 * M_PI / 180));
}

TEST_F(BasemapSourceTest, shifted_degrees_are_straightened_as_a_layers_are) {
  const TestRaster raster = white_square();
  const auto source = made(raster, "gcj.tif", "gcj02");
  const base::Vec2d expected = world_of(raster.place_of(kSquareMiddlePx), "GCJ-02");
  const base::Vec2d unshifted = world_of(raster.place_of(kSquareMiddlePx), "EPSG:4326");
  EXPECT_GT(std::hypot(expected.x - unshifted.x, expected.y - unshifted.y), 300);
  expect_in_place(*source, expected);
}

TEST_F(BasemapSourceTest, a_shifted_web_map_keeps_its_projection) {
  TestRaster raster = white_square();
  raster.crs = "EPSG:3857";
  raster.corner = {13387000, 3750000};
  raster.px = {9.5, 9.5};
  const auto source = made(raster, "gcj_mercator.tif", "GCJ-02");
  const auto degrees = Transform::create("EPSG:3857", "EPSG:4326")->forward(raster.place_of(kSquareMiddlePx));
  expect_in_place(*source, world_of(*degrees, "GCJ-02"));
}

TEST_F(BasemapSourceTest, the_callers_system_wins_over_the_files) {
  TestRaster raster = white_square();
  raster.crs = "EPSG:4548";
  const auto source = made(raster, "wrong.tif", "EPSG:4326");
  expect_in_place(*source, world_of(raster.place_of(kSquareMiddlePx), "EPSG:4326"));
}

TEST_F(BasemapSourceTest, a_gutter_is_the_neighbours_edge) {
  TestRaster raster;
  raster.color = [](int x, int y) { return Rgba{x % 200, y % 200, (x * y) % 200, 255}; };
  const auto source = made(raster, "gutter.tif");
  const model::TileKey west =
      model::tile_at(source->extent().finest_level, world_of(raster.place_of({200, 200}), "EPSG:4326"));
  const auto a = source->read(west), b = source->read({west.level, west.x + 1, west.y});
  ASSERT_TRUE(a.ok() && b.ok());
  int different = 0;
  for (int y = 0; y < kTileStoredPx; ++y) {
    different += is_near(at(*a, 257, y), at(*b, 1, y), 1) ? 0 : 1;
    different += is_near(at(*a, 256, y), at(*b, 0, y), 1) ? 0 : 1;
  }
  EXPECT_EQ(different, 0);
}

TEST_F(BasemapSourceTest, nothing_is_seen_outside_the_picture_and_its_edge_is_sharp) {
  const TestRaster raster;
  const auto source = made(raster, "edge.tif");
  const base::Vec2d inside = world_of(raster.place_of({4, 256}), "EPSG:4326");
  const base::Vec2d outside = world_of(raster.place_of({-4, 256}), "EPSG:4326");
  const std::int32_t level = source->extent().finest_level;
  EXPECT_COLOR(color_at(*source, inside, level), kRed);
  EXPECT_COLOR(color_at(*source, outside, level), (Rgba{0, 0, 0, 0}));
  const auto far = source->read(model::tile_at(level, inside + base::Vec2d{-50000, 0}));
  ASSERT_TRUE(far.ok());
  EXPECT_TRUE(far->rgba.empty());
  EXPECT_TRUE(source->extent().world.contains(inside));
}

TEST_F(BasemapSourceTest, palettes_give_their_colours_and_what_they_hide_is_hidden) {
  TestRaster raster;
  raster.bands = 1;
  raster.palette = {{10, 200, 30, 255}, {250, 10, 250, 255}, {90, 90, 90, 0}};
  raster.color = [](int x, int) { return Rgba{x < 150 ? 0 : x < 300 ? 1 : 2, 0, 0, 0}; };
  const auto source = made(raster, "palette.tif", "");
  const std::int32_t level = source->extent().finest_level;
  EXPECT_COLOR(color_at(*source, world_of(raster.place_of({80, 80}), "EPSG:4326"), level), (Rgba{10, 200, 30, 255}));
  EXPECT_COLOR(color_at(*source, world_of(raster.place_of({220, 80}), "EPSG:4326"), level), (Rgba{250, 10, 250, 255}));
  // From afar too no number lies between two colours.
  EXPECT_COLOR(color_at(*source, world_of(raster.place_of({80, 80}), "EPSG:4326"), level - 3),
               (Rgba{10, 200, 30, 255}));
}

TEST_F(BasemapSourceTest, a_transparent_colour_of_a_png_palette_is_transparent) {
  TestRaster raster;
  raster.driver = "PNG";
  raster.bands = 1;
  raster.palette = {{10, 200, 30, 255}, {90, 90, 90, 0}};
  raster.options = {"WORLDFILE=YES"};
  raster.color = [](int x, int) { return Rgba{x < 300 ? 0 : 1, 0, 0, 0}; };
  const auto source = made(raster, "palette.png", "EPSG:4326");
  const std::int32_t level = source->extent().finest_level;
  EXPECT_COLOR(color_at(*source, world_of(raster.place_of({80, 80}), "EPSG:4326"), level), (Rgba{10, 200, 30, 255}));
  EXPECT_COLOR(color_at(*source, world_of(raster.place_of({400, 80}), "EPSG:4326"), level), (Rgba{0, 0, 0, 0}));
}

TEST_F(BasemapSourceTest, a_no_data_value_hides_where_all_bands_have_it) {
  TestRaster raster;
  raster.nodata = 0;
  raster.color = [](int x, int) { return x < 200 ? Rgba{0, 0, 0, 255} : Rgba{0, 120, 200, 255}; };
  const auto source = made(raster, "nodata.tif");
  const std::int32_t level = source->extent().finest_level;
  EXPECT_COLOR(color_at(*source, world_of(raster.place_of({80, 80}), "EPSG:4326"), level), (Rgba{0, 0, 0, 0}));
  EXPECT_COLOR(color_at(*source, world_of(raster.place_of({400, 80}), "EPSG:4326"), level), (Rgba{0, 120, 200, 255}));
}

TEST_F(BasemapSourceTest, alpha_comes_premultiplied) {
  TestRaster raster;
  raster.bands = 4;
  raster.color = [](int, int) { return Rgba{200, 100, 0, 128}; };
  const auto source = made(raster, "alpha.tif");
  EXPECT_COLOR(color_at(*source, world_of(raster.place_of({80, 80}), "EPSG:4326"), source->extent().finest_level),
               (Rgba{100, 50, 0, 128}));
}

TEST_F(BasemapSourceTest, grey_of_sixteen_bits_is_stretched_from_dark_to_bright) {
  TestRaster raster;
  raster.bands = 1;
  raster.type = GDT_UInt16;
  raster.color = [](int x, int) { return Rgba{x < 256 ? 900 : 4100, 0, 0, 0}; };
  auto source = made(raster, "sixteen.tif");
  const std::int32_t level = source->extent().finest_level;
  EXPECT_COLOR(color_at(*source, world_of(raster.place_of({80, 80}), "EPSG:4326"), level), kBlack);
  EXPECT_COLOR(color_at(*source, world_of(raster.place_of({400, 80}), "EPSG:4326"), level), kWhite);
  source.reset();
  EXPECT_FALSE(fs::exists(folder / "sixteen.tif.aux.xml")) << "looking at a file leaves nothing beside it";
}

TEST_F(BasemapSourceTest, a_far_view_reads_the_overview_and_nothing_else) {
  TestRaster raster;
  raster.size = {2048, 2048};
  raster.px = {0.00003, 0.00003};
  raster.overviews = {2, 4, 8};
  raster.options = {"TILED=YES"};
  const fs::path file = folder / "pyramid.tif";
  test::write_raster(file, raster);
  // Each overview gets a colour of its own: what a tile shows says where it was read.
  constexpr Rgba kColors[] = {{0, 200, 0, 255}, {0, 0, 200, 255}, {200, 200, 0, 255}};
  GDALDatasetH dataset = GDALOpen(file.c_str(), GA_Update);
  for (int i = 0; i < 3; ++i) {
    for (int c = 0; c < 3; ++c) {
      test::paint_band(GDALGetOverview(GDALGetRasterBand(dataset, c + 1), i), c, [&](int, int) { return kColors[i]; });
    }
  }
  GDALClose(dataset);
  const auto source = open(file);
  const base::Vec2d middle = world_of(raster.place_of({1024, 1024}), "EPSG:4326");
  const std::int32_t finest = source->extent().finest_level;
  EXPECT_COLOR(color_at(*source, middle, finest), kRed);
  EXPECT_COLOR(color_at(*source, middle, finest - 2), kColors[0]);
  EXPECT_COLOR(color_at(*source, middle, finest - 3), kColors[1]);
  EXPECT_COLOR(color_at(*source, middle, finest - 4), kColors[2]);
}

TEST_F(BasemapSourceTest, sees_the_whole_picture_from_afar_without_overviews) {
  TestRaster raster;
  raster.color = [](int x, int y) { return (x + y) % 2 == 0 ? kWhite : kBlack; };
  const auto source = made(raster, "plain.tif");
  const Rgba color =
      color_at(*source, world_of(raster.place_of({256, 256}), "EPSG:4326"), source->extent().finest_level - 3);
  EXPECT_TRUE(is_near(color, {128, 128, 128, 255}, 12)) << "a mean, no lucky pixels: " << color[0];
}

TEST_F(BasemapSourceTest, reads_tiles_of_mbtiles_and_geopackages) {
  for (const std::string driver : {"MBTiles", "GPKG"}) {
    TestRaster raster;
    raster.driver = driver;
    raster.crs = "EPSG:3857";
    raster.corner = {13387000, 3750000};
    raster.px = {9.5546, 9.5546};
    raster.options = {"TILE_FORMAT=PNG"};
    if (driver == "GPKG") raster.options.push_back("RASTER_TABLE=picture");
    const auto source = made(raster, driver == "GPKG" ? "tiles.gpkg" : "tiles.mbtiles");
    ASSERT_NE(source, nullptr);
    EXPECT_FALSE(source->is_service());
    const base::Vec2d inside = world_of(raster.place_of({256, 256}), "EPSG:3857");
    EXPECT_COLOR(color_at(*source, inside, source->extent().finest_level), kRed);
    EXPECT_COLOR(color_at(*source, inside + base::Vec2d{30000, 0}, source->extent().finest_level), (Rgba{0, 0, 0, 0}));
  }
}

TEST_F(BasemapSourceTest, refusals_name_the_file_and_what_to_do) {
  const auto missing = refused(folder / "missing.tif");
  EXPECT_EQ(missing.code, ErrorCode::NotFound);
  EXPECT_NE(missing.message.find("missing.tif: there is no such file"), std::string::npos) << missing.message;

  std::ofstream(folder / "broken.tif") << "this is no picture";
  const auto broken = refused(folder / "broken.tif");
  EXPECT_EQ(broken.code, ErrorCode::Unreadable);
  EXPECT_NE(broken.message.find("broken.tif: cannot be opened as a raster"), std::string::npos) << broken.message;

  TestRaster raster;
  raster.is_placed = false;
  test::write_raster(folder / "nowhere.tif", raster);
  EXPECT_NE(refused(folder / "nowhere.tif").message.find("world file"), std::string::npos);

  raster = {};
  raster.crs.clear();
  test::write_raster(folder / "nameless.tif", raster);
  EXPECT_NE(refused(folder / "nameless.tif").message.find("--basemap-crs"), std::string::npos);
  EXPECT_NE(refused(folder / "nameless.tif", "EPSG:99").message.find("nameless.tif: 'EPSG:99'"), std::string::npos);

  std::ofstream(folder / "wander.vrt") << "<VRTDataset rasterXSize='1' rasterYSize='1'/>";
  EXPECT_NE(refused(folder / "wander.vrt").message.find("driver VRT"), std::string::npos);
  EXPECT_NE(refused(folder.path()).message.find("is no file"), std::string::npos);
}

TEST_F(BasemapSourceTest, a_damaged_part_is_an_error_of_that_tile_and_no_more) {
  TestRaster raster;
  raster.options = {"TILED=YES", "COMPRESS=DEFLATE"};
  raster.size = {1024, 1024};
  raster.color = [](int x, int y) { return Rgba{(x * 7 + y * 13) % 256, (x * y) % 256, x % 256, 255}; };
  const fs::path file = folder / "damaged.tif";
  test::write_raster(file, raster);
  const auto size = fs::file_size(file);
  {
    std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
    bytes.seekp(static_cast<std::streamoff>(size / 2));
    bytes << std::string(2000, 'x');
  }
  const auto source = open(file);
  ASSERT_NE(source, nullptr);
  int good = 0, bad = 0;
  for (int y = 64; y < 1024; y += 128) {
    const auto world = world_of(raster.place_of({100, static_cast<double>(y)}), "EPSG:4326");
    const auto tile = source->read(model::tile_at(source->extent().finest_level, world));
    ++(tile.ok() ? good : bad);
    if (tile.ok()) continue;
    EXPECT_NE(tile.error().message.find("damaged.tif"), std::string::npos) << tile.error().message;
  }
  EXPECT_GT(good, 0);
  EXPECT_GT(bad, 0);
}

TEST_F(BasemapSourceTest, says_when_it_lies_beside_the_district) {
  test::write_raster(folder / "beside.tif", TestRaster{});
  const auto source =
      BasemapSource::open({(folder / "beside.tif").string(), "", kWorldCrs, {{500000, 2500000}, {510000, 2510000}}});
  ASSERT_TRUE(source.ok());
  ASSERT_EQ((*source)->warnings().size(), 1u);
  EXPECT_NE((*source)->warnings()[0].find("beside the district"), std::string::npos);
}

std::string description(const std::string& url) {
  return fmt::format(
      "<GDAL_WMS><Service name=\"TMS\"><ServerUrl>{}</ServerUrl></Service><DataWindow>"
      "<UpperLeftX>-20037508.34</UpperLeftX><UpperLeftY>20037508.34</UpperLeftY>"
      "<LowerRightX>20037508.34</LowerRightX><LowerRightY>-20037508.34</LowerRightY><TileLevel>14</TileLevel>"
      "<TileCountX>1</TileCountX><TileCountY>1</TileCountY><YOrigin>top</YOrigin></DataWindow>"
      "<Projection>EPSG:3857</Projection><BlockSizeX>256</BlockSizeX><BlockSizeY>256</BlockSizeY>"
      "<BandsCount>3</BandsCount></GDAL_WMS>",
      url);
}

TEST_F(BasemapSourceTest, a_described_service_gives_its_tiles_and_a_far_view_asks_for_few) {
  // The address is a folder, so that no server is needed; the tiles of zoom 7 alone exist.
  TestRaster tile;
  tile.driver = "PNG";
  tile.size = {256, 256};
  tile.crs.clear();
  tile.is_placed = false;
  fs::create_directories(folder / "7/106");
  fs::create_directories(folder / "7/107");
  for (const char* name : {"7/106/51.png", "7/106/52.png", "7/107/51.png", "7/107/52.png"}) {
    test::write_raster(folder / name, tile);
  }
  std::ofstream(folder / "xyz.xml") << description("file://" + folder.path().string() + "/${z}/${x}/${y}.png");
  const auto source =
      BasemapSource::open({(folder / "xyz.xml").string(), "", kWorldCrs, {{525000, 3530000}, {530000, 3535000}}});
  ASSERT_TRUE(source.ok()) << source.error().message;
  EXPECT_TRUE((*source)->is_service());
  // Zoom 7 is 1223 m a pixel at the equator, 1038 m here; level 7 is 1024 m.
  EXPECT_COLOR(color_at(**source, {527000, 3532000}, 7), kRed);
  EXPECT_FALSE((*source)->read(model::tile_at(12, {527000, 3532000})).ok()) << "no such tile there";
}

TEST_F(BasemapSourceTest, a_service_that_nobody_answers_for_is_an_error_without_its_key) {
  std::ofstream(folder / "away.xml") << description("http://127.0.0.1:1/${z}/${x}/${y}?tk=s3cretkey");
  EXPECT_TRUE(is_basemap_service((folder / "away.xml").string()));
  const auto source = open(folder / "away.xml");
  ASSERT_NE(source, nullptr);
  const auto tile = source->read(model::tile_at(7, {527000, 3532000}));
  ASSERT_FALSE(tile.ok());
  EXPECT_EQ(tile.error().code, ErrorCode::Unavailable);
  EXPECT_NE(tile.error().message.find("away.xml"), std::string::npos);
  EXPECT_EQ(tile.error().message.find("s3cretkey"), std::string::npos) << tile.error().message;
}

}  // namespace
}  // namespace gridwall::geo
