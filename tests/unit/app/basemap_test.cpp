// The loader's thread and what the main thread makes of its news, with real rasters.
#include "app/basemap.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "../geo/raster_files.hpp"
#include "support/temp_folder.hpp"

namespace gridwall::app {
namespace {

constexpr const char* kWorldCrs = "EPSG:4549";
constexpr base::Duration kPatience = std::chrono::seconds(60);

class BasemapTest : public testing::Test {
 protected:
  std::unique_ptr<Basemap> basemap_of(const std::string& source) {
    model::BasemapSpec spec;
    spec.source = source;
    spec.fill_opacity = 0.25;
    return std::make_unique<Basemap>(spec, kWorldCrs, base::Box2d{{523000, 3531000}, {529000, 3536000}}, clock);
  }
  // About (120.2756, 31.9244), the middle of the test's raster.
  static scene::Viewport view_of(double px_per_m) { return {{0, 0}, {800, 600}, {{526050, 3533300}, px_per_m}}; }

  test::TempFolder folder;
  base::SystemClock clock;
};

TEST_F(BasemapTest, covers_the_view_and_keeps_what_it_has_while_the_next_level_comes) {
  test::write_raster(folder / "map.tif", test::TestRaster{});
  const auto basemap = basemap_of((folder / "map.tif").string());
  EXPECT_TRUE(basemap->update(view_of(0.15)).patches.empty()) << "a frame waits for nothing";
  EXPECT_EQ(basemap->fill_opacity(), 1);
  ASSERT_TRUE(basemap->finish(view_of(0.15), kPatience).ok());
  const auto far = basemap->update(view_of(0.15));
  ASSERT_FALSE(far.patches.empty());
  EXPECT_EQ(basemap->missing_count(), 0u);
  EXPECT_EQ(basemap->fill_opacity(), 0.25f);
  // Twice as close, not loaded yet: the same tiles stand in.
  const auto close = basemap->update(view_of(0.3));
  ASSERT_FALSE(close.patches.empty());
  for (const auto& patch : close.patches) EXPECT_LE(patch.tile.level, far.patches[0].tile.level + 1);
  ASSERT_TRUE(basemap->finish(view_of(0.3), kPatience).ok());
}

TEST_F(BasemapTest, a_source_that_is_not_there_leaves_the_map_as_it_is) {
  const auto basemap = basemap_of((folder / "later.tif").string());
  const auto missing = basemap->finish(view_of(0.15), kPatience);
  ASSERT_FALSE(missing.ok());
  EXPECT_NE(missing.error().message.find("later.tif: there is no such file"), std::string::npos);
  EXPECT_TRUE(basemap->update(view_of(0.15)).patches.empty());
  EXPECT_EQ(basemap->fill_opacity(), 1);
}

TEST_F(BasemapTest, a_dead_service_is_told_once_and_ends_quickly) {
  std::ofstream(folder / "dead.xml")
      << "<GDAL_WMS><Service name=\"TMS\"><ServerUrl>http://127.0.0.1:1/${z}/${x}/${y}</ServerUrl></Service>"
         "<DataWindow><UpperLeftX>-20037508.34</UpperLeftX><UpperLeftY>20037508.34</UpperLeftY>"
         "<LowerRightX>20037508.34</LowerRightX><LowerRightY>-20037508.34</LowerRightY><TileLevel>18</TileLevel>"
         "<TileCountX>1</TileCountX><TileCountY>1</TileCountY><YOrigin>top</YOrigin></DataWindow>"
         "<Projection>EPSG:3857</Projection><BandsCount>3</BandsCount></GDAL_WMS>";
  const auto basemap = basemap_of((folder / "dead.xml").string());
  const auto failed = basemap->finish(view_of(0.15), kPatience);
  ASSERT_FALSE(failed.ok());
  EXPECT_NE(failed.error().message.find("dead.xml"), std::string::npos) << failed.error().message;
  EXPECT_TRUE(basemap->update(view_of(0.15)).patches.empty());
}

TEST_F(BasemapTest, memory_stays_bounded_over_a_long_journey) {
  test::write_raster(folder / "map.tif", test::TestRaster{});
  const auto basemap = basemap_of((folder / "map.tif").string());
  for (int i = 0; i < 12; ++i) {
    ASSERT_TRUE(basemap->finish(view_of(0.01 * std::pow(1.5, i)), kPatience).ok());
    EXPECT_LE(basemap->tile_count(), 192u);
  }
}

}  // namespace
}  // namespace gridwall::app
