#include "geo/point_export.hpp"

#include <gtest/gtest.h>
#include <ogrsf_frmts.h>

#include <filesystem>

#include "support/temp_folder.hpp"

namespace gridwall::geo {
namespace {

namespace fs = std::filesystem;

class PointExportTest : public testing::Test {
 protected:
  test::TempFolder m_temporary;
  const fs::path m_folder = m_temporary.path();
  PointTable m_table{
      "events",
      "REPLAY: recorded",
      {{"sequence", PointColumnKind::Integer}, {"name", PointColumnKind::Text}, {"at", PointColumnKind::Time}},
      {{"replay", "yes"}}};
};

TEST_F(PointExportTest, rows_come_back_as_they_were_given) {
  const fs::path file = m_folder / "a.gpkg";
  {
    auto out = PointExport::create(file, m_table);
    ASSERT_TRUE(out.ok()) << out.error().message;
    const PointValue first[] = {std::int64_t{1} << 40, std::string("一号"), std::string("2026-11-22T08:00:00.250Z")};
    const PointValue second[] = {PointValue(), PointValue(), PointValue()};
    ASSERT_TRUE(out->add(base::Vec2d{120.25, 31.5}, first).ok());
    ASSERT_TRUE(out->add(std::nullopt, second).ok());
    ASSERT_TRUE(out->finish().ok());
  }
  const GDALDatasetUniquePtr dataset(GDALDataset::Open(file.c_str(), GDAL_OF_VECTOR));
  ASSERT_NE(dataset, nullptr);
  OGRLayer* layer = dataset->GetLayer(0);
  EXPECT_STREQ(layer->GetName(), "events");
  EXPECT_STREQ(layer->GetMetadataItem("DESCRIPTION"), "REPLAY: recorded");
  EXPECT_STREQ(layer->GetMetadataItem("replay"), "yes");
  ASSERT_EQ(layer->GetFeatureCount(), 2);
  const OGRFeatureUniquePtr one(layer->GetNextFeature()), two(layer->GetNextFeature());
  EXPECT_EQ(one->GetFieldAsInteger64("sequence"), std::int64_t{1} << 40);
  EXPECT_STREQ(one->GetFieldAsString("name"), "一号");
  EXPECT_STREQ(one->GetFieldAsString("at"), "2026/11/22 08:00:00.250+00");
  EXPECT_EQ(one->GetGeometryRef()->toPoint()->getX(), 120.25);
  EXPECT_EQ(one->GetGeometryRef()->toPoint()->getY(), 31.5);
  EXPECT_FALSE(two->IsFieldSetAndNotNull(0));
  EXPECT_EQ(two->GetGeometryRef(), nullptr);
}

TEST_F(PointExportTest, what_was_not_finished_leaves_nothing_behind) {
  { ASSERT_TRUE(PointExport::create(m_folder / "a.gpkg", m_table).ok()); }
  EXPECT_TRUE(fs::is_empty(m_folder));
}

TEST_F(PointExportTest, an_existing_file_and_a_missing_folder_are_refused) {
  { ASSERT_TRUE(PointExport::create(m_folder / "a.gpkg", m_table)->finish().ok()); }
  const auto again = PointExport::create(m_folder / "a.gpkg", m_table);
  ASSERT_FALSE(again.ok());
  EXPECT_NE(again.error().message.find("is there already"), std::string::npos);
  const auto nowhere = PointExport::create(m_folder / "none" / "a.gpkg", m_table);
  ASSERT_FALSE(nowhere.ok());
  EXPECT_NE(nowhere.error().message.find("cannot be written"), std::string::npos);
}

}  // namespace
}  // namespace gridwall::geo
