// The promises of the city generator on real outlines and small counts: exact counts, nesting, exact cover, valid
// polygons, islands, codes, and the same city for the same request.
#include "geo/city_generator.hpp"

#include <gtest/gtest.h>
#include <ogrsf_frmts.h>

#include <map>
#include <set>

#include "base/hash.hpp"
#include "base/text_file.hpp"
#include "support/temp_folder.hpp"

namespace gridwall::geo {
namespace {

namespace fs = std::filesystem;

CityRequest small_city(const std::string& district, const std::string& county_code, std::uint64_t seed = 1) {
  CityRequest request;
  request.profile.id = "small-" + district;
  request.profile.name_zh = "某地";
  request.profile.county_code = county_code;
  request.profile.outline_crs = "EPSG:4490";
  request.profile.world_crs = district == "lufeng" ? "EPSG:4548" : "EPSG:4549";
  request.profile.levels = {{"区", "district", "admin", 1, false},
                            {"镇街", "town", "admin", 5, false},
                            {"村社区", "village", "admin", 20, false},
                            {"网格", "grid", "social_grid", 60, false}};
  request.district_folder = fs::path(GRIDWALL_SOURCE_DIR) / "assets" / "districts" / district;
  request.seed = seed;
  return request;
}

// Made once: each takes a moment in a debug build.
const CityPlan& plan_of(const std::string& district) {
  static std::map<std::string, CityPlan> plans;
  const auto found = plans.find(district);
  if (found != plans.end()) return found->second;
  auto plan = generate_city(small_city(district, district == "lufeng" ? "441581" : "320812"), nullptr);
  EXPECT_TRUE(plan.ok()) << plan.error().message;
  return plans.emplace(district, std::move(plan).value()).first->second;
}

std::int64_t doubled_area_of(const CityDivision& division) {
  std::int64_t sum = 0;
  for (const auto& part : division.parts) sum += doubled_area_mm2(part);
  return sum;
}

std::uint64_t content_hash(const CityPlan& plan) {
  std::string bytes;
  for (const CityDivision& division : plan.divisions) {
    bytes += division.code + "\t" + division.name + "\t" + division.kind + "\n";
    for (const auto& part : division.parts) {
      for (const auto& ring : part) {
        bytes.append(reinterpret_cast<const char*>(ring.data()), ring.size() * sizeof(ring[0]));
        bytes += '|';
      }
    }
  }
  return base::hash_bytes(bytes);
}

class CityOf : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Districts, CityOf, testing::Values("qingjiangpu", "lufeng"),
                         [](const auto& param) { return std::string(param.param); });

TEST_P(CityOf, has_exactly_the_counts_of_its_profile) {
  const CityPlan& plan = plan_of(GetParam());
  EXPECT_EQ(plan.level_counts, (std::vector<std::uint32_t>{1, 5, 20, 60}));
  std::vector<std::uint32_t> counts(4, 0);
  for (const CityDivision& division : plan.divisions) ++counts.at(division.level);
  EXPECT_EQ(counts, plan.level_counts);
}

TEST_P(CityOf, covers_every_parent_with_its_children_to_the_square_millimetre) {
  const CityPlan& plan = plan_of(GetParam());
  std::vector<std::int64_t> children(plan.divisions.size(), 0);
  for (const CityDivision& division : plan.divisions) {
    if (division.level > 0) children.at(division.parent) += doubled_area_of(division);
  }
  for (std::size_t i = 0; i < plan.divisions.size(); ++i) {
    if (plan.divisions[i].level == 3) continue;
    EXPECT_EQ(children[i], doubled_area_of(plan.divisions[i])) << plan.divisions[i].code;
  }
}

// Each edge of a level is an edge of its neighbour the other way round, or lies on the root's outline.
TEST_P(CityOf, shares_each_border_between_two_neighbours_at_every_level) {
  const CityPlan& plan = plan_of(GetParam());
  using Edge = std::array<std::int32_t, 4>;
  std::vector<std::multiset<Edge>> edges(4);
  for (const CityDivision& division : plan.divisions) {
    for (const auto& part : division.parts) {
      for (const auto& ring : part) {
        for (std::size_t i = 0; i < ring.size(); ++i) {
          const auto a = ring[i], b = ring[(i + 1) % ring.size()];
          edges[division.level].insert({a.x, a.y, b.x, b.y});
        }
      }
    }
  }
  for (std::size_t level = 1; level < 4; ++level) {
    std::size_t alone = 0;
    for (const Edge& e : edges[level]) {
      ASSERT_EQ(edges[level].count(e), 1u);
      alone += edges[level].contains({e[2], e[3], e[0], e[1]}) ? 0 : 1;
    }
    EXPECT_EQ(alone, edges[0].size()) << "level " << level;
  }
}

TEST_P(CityOf, has_valid_polygons_only) {
  for (const CityDivision& division : plan_of(GetParam()).divisions) {
    EXPECT_EQ(first_invalid(division.parts), "") << division.code;
    for (const auto& part : division.parts) {
      EXPECT_GT(doubled_area_mm2(part.front()), 0);
      for (std::size_t hole = 1; hole < part.size(); ++hole) EXPECT_LT(doubled_area_mm2(part[hole]), 0);
    }
  }
}

TEST_P(CityOf, has_unique_codes_that_start_with_their_parents) {
  const CityPlan& plan = plan_of(GetParam());
  std::set<std::string> codes;
  for (const CityDivision& division : plan.divisions) {
    EXPECT_TRUE(codes.insert(division.code).second) << division.code;
    EXPECT_FALSE(division.name.empty());
    if (division.level == 0) continue;
    const CityDivision& parent = plan.divisions.at(division.parent);
    EXPECT_EQ(parent.level + 1, division.level);
    EXPECT_TRUE(division.code.starts_with(parent.code)) << division.code;
  }
}

TEST(CityGenerator, takes_real_names_where_there_are_some) {
  const CityPlan& plan = plan_of("qingjiangpu");
  std::map<std::string, std::string> names;
  for (const CityDivision& division : plan.divisions) names[division.code] = division.name;
  EXPECT_EQ(names["320812001"], "城南街道");
  EXPECT_EQ(plan.divisions.back().name.substr(0, 3), "第");
}

TEST(CityGenerator, gives_each_island_to_one_division_of_each_level) {
  const CityPlan& plan = plan_of("lufeng");
  const auto outline =
      read_city_outline(small_city("lufeng", "").district_folder / "boundary.geojson", "EPSG:4490", "EPSG:4548");
  ASSERT_TRUE(outline.ok());
  ASSERT_EQ(outline->islands.size(), 6u);
  for (const CityPolygon& island : outline->islands) {
    for (std::uint32_t level = 0; level < 4; ++level) {
      std::size_t owners = 0;
      for (const CityDivision& division : plan.divisions) {
        if (division.level == level)
          owners += static_cast<std::size_t>(std::count(division.parts.begin(), division.parts.end(), island));
      }
      EXPECT_EQ(owners, 1u) << "level " << level;
    }
  }
}

TEST(CityGenerator, makes_the_same_city_again_and_another_one_for_another_seed) {
  const std::uint64_t first = content_hash(plan_of("qingjiangpu"));
  const auto again = generate_city(small_city("qingjiangpu", "320812"), nullptr);
  const auto other = generate_city(small_city("qingjiangpu", "320812", 2), nullptr);
  ASSERT_TRUE(again.ok() && other.ok());
  EXPECT_EQ(content_hash(*again), first);
  EXPECT_NE(content_hash(*other), first);
}

TEST(CityGenerator, makes_grids_smaller_in_towns_than_in_the_country) {
  std::vector<std::int64_t> areas;
  for (const CityDivision& division : plan_of("qingjiangpu").divisions) {
    if (division.level == 3) areas.push_back(doubled_area_of(division));
  }
  std::sort(areas.begin(), areas.end());
  EXPECT_GT(areas[areas.size() * 9 / 10], 4 * areas[areas.size() / 10]);
}

TEST(CityGenerator, tells_what_is_wrong_with_an_outline) {
  CityRequest request = small_city("qingjiangpu", "320812");
  request.district_folder = "/nonexistent";
  const auto missing = generate_city(request, nullptr);
  ASSERT_FALSE(missing.ok());
  EXPECT_NE(missing.error().message.find("/nonexistent/boundary.geojson"), std::string::npos);

  const fs::path folder = test::process_folder() / "outline";
  fs::create_directories(folder);
  for (const char* text : {"", "{\"type\":\"FeatureCollection\",\"features\":[]}", "{\"type\":\"Polygon\",\"coordi",
                           "{\"type\":\"Polygon\",\"coordinates\":[[[119,33],[119,33],[119,33]]]}"}) {
    ASSERT_TRUE(base::write_text_file(folder / "boundary.geojson", text).ok());
    request.district_folder = folder;
    const auto broken = generate_city(request, nullptr);
    ASSERT_FALSE(broken.ok()) << text;
    EXPECT_NE(broken.error().message.find("boundary.geojson"), std::string::npos) << broken.error().message;
  }
  fs::remove_all(folder);
}

TEST(CityFile, reads_back_what_was_written_and_says_that_it_is_synthetic) {
  const CityPlan& plan = plan_of("lufeng");
  const fs::path file = test::process_folder() / "city.gpkg";
  const auto written = write_city(plan, file);
  ASSERT_TRUE(written.ok()) << written.error().message;
  {
    const GDALDatasetUniquePtr dataset(GDALDataset::Open(file.c_str(), GDAL_OF_VECTOR | GDAL_OF_READONLY));
    ASSERT_TRUE(dataset);
    OGRLayer* layer = dataset->GetLayerByName("divisions");
    ASSERT_NE(layer, nullptr);
    EXPECT_STREQ(layer->GetMetadataItem("seed"), "1");
    EXPECT_STREQ(layer->GetMetadataItem("profile"), "small-lufeng");
    EXPECT_NE(layer->GetMetadataItem("synthetic"), nullptr);
    EXPECT_STREQ(layer->GetSpatialRef()->GetAuthorityCode(nullptr), "4548");
    std::size_t i = 0;
    for (const auto& feature : *layer) {
      const CityDivision& division = plan.divisions.at(i++);
      EXPECT_EQ(feature->GetFieldAsString("code"), division.code);
      EXPECT_EQ(feature->GetFieldAsString("name"), division.name);
      EXPECT_EQ(feature->GetFieldAsInteger("synthetic"), 1);
      const auto* shape = feature->GetGeometryRef()->toMultiPolygon();
      ASSERT_EQ(static_cast<std::size_t>(shape->getNumGeometries()), division.parts.size());
      const auto* ring = shape->getGeometryRef(0)->getExteriorRing();
      for (std::size_t k = 0; k < division.parts[0][0].size(); ++k) {
        const auto x_mm = std::llround(ring->getX(static_cast<int>(k)) * 1000) - plan.origin_x_mm;
        ASSERT_EQ(x_mm, division.parts[0][0][k].x);
      }
    }
    EXPECT_EQ(i, plan.divisions.size());
  }
  fs::remove(file);
}

TEST(CityFile, names_the_file_that_cannot_be_written_and_leaves_nothing_behind) {
  const auto written = write_city(plan_of("lufeng"), "/nonexistent/city.gpkg");
  ASSERT_FALSE(written.ok());
  EXPECT_NE(written.error().message.find("/nonexistent/city.gpkg"), std::string::npos);
}

}  // namespace
}  // namespace gridwall::geo
