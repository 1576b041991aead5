#include "geo/point_reader.hpp"

#include <gtest/gtest.h>

#include "unit/geo/layer_files.hpp"

namespace gridwall::geo {
namespace {

#define EXPECT_SAYS(text, part) EXPECT_NE((text).find(part), std::string::npos) << (text)

LayerQuery query_of(const std::filesystem::path& file, const std::string& crs = "GCJ-02") {
  LayerQuery query;
  query.source = file.string();
  query.reading.crs = crs;
  return query;
}

TEST(point_reader, tables_are_read_by_the_usual_names_of_coordinates) {
  const test::TemporaryFolder folder;
  struct Case {
    const char *x, *y;
  };
  for (const Case& c : {Case{"lon", "lat"}, Case{"lng", "lat"}, Case{"LONGITUDE", "LATITUDE"}, Case{"x", "y"},
                        Case{"经度", "纬度"}, Case{"event_long", "event_lat"}, Case{"gcj_lng", "gcj_lat"}}) {
    test::write_bytes(folder / "a.csv", std::string("code,") + c.y + "," + c.x + "\n007,31.5,120.25\n008,,\n");
    const auto points = read_points(query_of(folder / "a.csv"));
    ASSERT_TRUE(points.ok()) << c.x << ": " << points.error().message;
    ASSERT_EQ(points->points.size(), 1u) << c.x;
    EXPECT_EQ(points->points[0].point, (base::Vec2d{120.25, 31.5})) << c.x;
    EXPECT_EQ(points->points[0].code, "007");
    EXPECT_EQ(points->left_out_count, 1u);
    EXPECT_EQ(points->crs, "GCJ-02");
    EXPECT_FALSE(points->cut);
  }
}

TEST(point_reader, layers_of_points_are_read_and_cut_at_the_bound) {
  const test::TemporaryFolder folder;
  test::TestLayer layer;
  layer.features = {{"1", "", "", "POINT(120 31)"},
                    {"2", "", "", "MULTIPOINT((121 31),(122 31))"},
                    {"3", "", "", "LINESTRING(0 0,1 1)"},
                    {"4", "", "", ""},
                    {"5", "", "", "POINT(1e300 31)"}};
  test::write_layer(folder / "a.gpkg", layer);
  const auto points = read_points(query_of(folder / "a.gpkg", ""));
  ASSERT_TRUE(points.ok()) << points.error().message;
  ASSERT_EQ(points->points.size(), 3u);
  EXPECT_EQ(points->points[2].code, "2");
  EXPECT_EQ(points->points[2].point, (base::Vec2d{122, 31}));
  EXPECT_EQ(points->left_out_count, 3u);
  EXPECT_EQ(points->crs, "EPSG:4490");
  const auto few = read_points(query_of(folder / "a.gpkg", ""), 2);
  ASSERT_TRUE(few.ok());
  EXPECT_EQ(few->points.size(), 2u);
  EXPECT_TRUE(few->cut);
}

TEST(point_reader, what_has_no_points_gets_one_sentence) {
  const test::TemporaryFolder folder;
  test::TestLayer layer;
  layer.features = test::nested_features();
  test::write_layer(folder / "a.gpkg", layer);
  const auto none = read_points(query_of(folder / "a.gpkg"));
  ASSERT_FALSE(none.ok());
  EXPECT_SAYS(none.error().message, "holds no points");
  test::write_bytes(folder / "a.csv", "lon,lat\n1,2\n");
  const auto unknown = read_points(query_of(folder / "a.csv", ""));
  ASSERT_FALSE(unknown.ok());
  EXPECT_SAYS(unknown.error().message, "does not state its coordinate system");
}

}  // namespace
}  // namespace gridwall::geo
