// GDAL's Arrow stream and the loop over features give the same layers, to the last byte and bit.
#include <gtest/gtest.h>

#include <cstring>
#include <sstream>

#include "geo/layer_reader.hpp"
#include "unit/geo/layer_files.hpp"

namespace gridwall::geo {
namespace {

using test::box_wkt;

struct Column {
  const char* name;
  OGRFieldType type;
  OGRFieldSubType subtype = OFSTNone;
};

// A layer with fields of any kind, nulls among values, curves and empty shapes.
void write_mixed(const std::filesystem::path& file, const char* driver, const Column& code, const Column& parent,
                 OGRFieldSubType truth = OFSTNone) {
  GDALAllRegister();
  GDALDatasetH dataset = GDALCreate(GDALGetDriverByName(driver), file.c_str(), 0, 0, 0, GDT_Unknown, nullptr);
  ASSERT_NE(dataset, nullptr);
  OGRSpatialReferenceH srs = OSRNewSpatialReference(nullptr);
  OSRImportFromEPSG(srs, 4490);
  OGRLayerH layer = GDALDatasetCreateLayer(dataset, "divisions", srs, wkbUnknown, nullptr);
  for (const Column& column :
       {code, parent, Column{"name", OFTString}, Column{"level", OFTInteger}, Column{"synthetic", OFTInteger, truth},
        Column{"share", OFTReal}, Column{"when", OFTDateTime}}) {
    OGRFieldDefnH field = OGR_Fld_Create(column.name, column.type);
    OGR_Fld_SetSubType(field, column.subtype);
    OGR_L_CreateField(layer, field, 1);
    OGR_Fld_Destroy(field);
  }
  const char* const shapes[] = {"",
                                "POLYGON EMPTY",
                                "POLYGON Z((0 0 5,1 0 5,1 1 5,0 0 5))",
                                "CURVEPOLYGON(CIRCULARSTRING(0 0,1 1,2 0,1 -1,0 0))",
                                "GEOMETRYCOLLECTION(POINT(1 1),MULTIPOLYGON(((0 0,1 0,1 1,0 0)),((5 5,6 5,6 6,5 5))))",
                                "LINESTRING(0 0,1 1)",
                                "MULTIPOLYGON(((0 0,9 0,9 9,0 9,0 0),(1 1,2 1,2 2,1 1),(3 3,4 3,4 4,3 3)))",
                                "POLYGON((0 0,1 0,0 0))"};
  for (int i = 0; i < 300; ++i) {
    OGRFeatureH feature = OGR_F_Create(OGR_L_GetLayerDefn(layer));
    if (i % 7 != 3) OGR_F_SetFieldDouble(feature, 0, (code.subtype == OFSTInt16 ? 0 : 320281000) + i);
    if (i % 5 != 2) {
      OGR_F_SetFieldDouble(feature, 1,
                           parent.subtype == OFSTInt16 ? 3 : 3.20281e5 + (parent.type == OFTReal) * 0.25 * (i % 3));
    }
    if (i % 3 != 1) OGR_F_SetFieldString(feature, 2, i % 2 == 0 ? " 江阴𠮷 " : "");
    if (i % 4 != 1) OGR_F_SetFieldInteger(feature, 3, i % 6);
    OGR_F_SetFieldInteger(feature, 4, i % 2);
    const std::string text = i % 11 < 8 ? shapes[i % 11] : box_wkt(i, 0, i + 1, 1);
    if (!text.empty()) {
      std::string copy = text;
      char* cursor = copy.data();
      OGRGeometryH geometry = nullptr;
      ASSERT_EQ(OGR_G_CreateFromWkt(&cursor, srs, &geometry), OGRERR_NONE);
      OGR_F_SetGeometryDirectly(feature, geometry);
    }
    ASSERT_EQ(OGR_L_CreateFeature(layer, feature), OGRERR_NONE);
    OGR_F_Destroy(feature);
  }
  GDALClose(dataset);
  OSRRelease(srs);
}

// Everything that is known of a feature, so that a difference is seen at once.
std::string described(const RawFeature& f) {
  std::ostringstream text;
  text << f.fid << "|" << f.code << "|" << f.name << "|" << f.parent_code << "|" << f.kind << "|"
       << f.level.value_or(-99) << "|" << f.stated_area_m2.value_or(-99) << "|" << f.synthetic << "|" << f.ring_begin
       << "-" << f.ring_end << "|" << f.note;
  return text.str();
}

void expect_same(const RawLayer& a, const RawLayer& b, const std::string& what) {
  ASSERT_EQ(a.features.size(), b.features.size()) << what;
  for (std::size_t i = 0; i < a.features.size(); ++i) {
    const RawFeature &x = a.features[i], &y = b.features[i];
    ASSERT_EQ(described(x), described(y)) << what << ", feature " << i;
  }
  ASSERT_EQ(a.rings.size(), b.rings.size()) << what;
  for (std::size_t i = 0; i < a.rings.size(); ++i) {
    ASSERT_TRUE(a.rings[i].begin == b.rings[i].begin && a.rings[i].end == b.rings[i].end &&
                a.rings[i].is_hole == b.rings[i].is_hole);
  }
  ASSERT_EQ(a.points.size(), b.points.size()) << what;
  EXPECT_EQ(std::memcmp(a.points.data(), b.points.data(), a.points.size() * sizeof(base::Vec2d)), 0) << what;
  EXPECT_EQ(a.polygon_count, b.polygon_count);
  EXPECT_EQ(a.without_polygon_count, b.without_polygon_count);
  EXPECT_EQ(a.encoding, b.encoding);
  EXPECT_EQ(a.notes, b.notes);
  EXPECT_EQ(a.code_field, b.code_field);
}

TEST(reading_ways, both_give_the_same_for_fields_and_shapes_of_any_kind) {
  const test::TemporaryFolder folder;
  const Column kinds[] = {{"code", OFTString}, {"code", OFTInteger},           {"code", OFTInteger64},
                          {"code", OFTReal},   {"code", OFTReal, OFSTFloat32}, {"code", OFTInteger, OFSTInt16}};
  int number = 0;
  for (const char* driver : {"GPKG", "FlatGeobuf"}) {
    for (const Column& code : kinds) {
      for (const OGRFieldSubType truth : {OFSTNone, OFSTBoolean})
        for (const char* where : {"", "level >= 2 AND name IS NOT NULL"}) {
          const auto file = folder / (std::to_string(number++) + (std::string(driver) == "GPKG" ? ".gpkg" : ".fgb"));
          Column parent = kinds[static_cast<std::size_t>(number) % std::size(kinds)];
          parent.name = "parent";
          write_mixed(file, driver, code, parent, truth);
          LayerQuery query;
          query.source = file.string();
          query.reading.where = where;
          query.mapping.area_field = "share";
          const std::string what = file.string() + " " + OGR_GetFieldTypeName(code.type) + " where " + where;
          const auto quick = read_layers(query, ReadingWay::Quickest), slow = read_layers(query, ReadingWay::OneByOne);
          ASSERT_TRUE(quick.ok()) << what << quick.error().message;
          ASSERT_TRUE(slow.ok()) << what << slow.error().message;
          ASSERT_EQ(quick->size(), 1u);
          expect_same(quick->front(), slow->front(), what);
        }
    }
  }
}

TEST(reading_ways, whole_numbers_are_codes_without_point_or_exponent) {
  const test::TemporaryFolder folder;
  write_mixed(folder / "a.gpkg", "GPKG", {"code", OFTReal}, {"parent", OFTReal});
  LayerQuery query;
  query.source = (folder / "a.gpkg").string();
  for (const ReadingWay way : {ReadingWay::Quickest, ReadingWay::OneByOne}) {
    const auto layers = read_layers(query, way);
    ASSERT_TRUE(layers.ok());
    EXPECT_EQ(layers->front().features[0].code, "320281000");
    EXPECT_EQ(layers->front().features[0].parent_code, "320281");
    EXPECT_EQ(layers->front().features[1].parent_code, "320281.25");
    EXPECT_EQ(layers->front().features[3].code, "") << "a null is no 0";
  }
}

}  // namespace
}  // namespace gridwall::geo
