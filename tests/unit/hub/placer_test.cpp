#include "hub/placer.hpp"

#include <gtest/gtest.h>

#include "intake_support.hpp"

namespace gridwall::hub {
namespace {

using test::at;
using test::coded;
using test::event;

class PlacerTest : public testing::Test {
 protected:
  Place placed(const model::Event& subject, bool sensitive = false) {
    auto place = m_placer.place(subject.incident, sensitive);
    EXPECT_TRUE(place.ok()) << place.error().message;
    return place.ok() ? *place : Place{};
  }

  std::shared_ptr<const model::DivisionTree> m_tree = test::small_tree();
  Placer m_placer = std::move(Placer::create(m_tree)).value();
  model::Event m_event = event("1", "a");
};

TEST_F(PlacerTest, finds_the_deepest_division_of_a_point) {
  EXPECT_EQ(placed(at(m_event, -3000, -3000)).path, "R/01/01/");
  EXPECT_EQ(placed(at(m_event, 3000, 3000)).path, "R/04/04/");
  EXPECT_EQ(placed(at(m_event, 100, -100)).path, "R/02/03/");
}

TEST_F(PlacerTest, rounds_longitude_and_latitude_to_a_millionth_of_a_degree) {
  const Place place = placed(at(m_event, -3000, -3000));
  ASSERT_TRUE(place.point_lonlat);
  EXPECT_DOUBLE_EQ(place.point_lonlat->x * 1e6, std::round(place.point_lonlat->x * 1e6));
  EXPECT_NEAR(place.point_lonlat->x, 119.968, 0.01);
  EXPECT_NEAR(place.point_lonlat->y, 31.6, 0.1);
}

TEST_F(PlacerTest, takes_any_declared_system_and_agrees_with_itself) {
  model::Event by_metres = at(m_event, -3000, -3000);
  const base::Vec2d lonlat = *placed(by_metres).point_lonlat;
  for (const char* crs : {"EPSG:4326", "EPSG:4490", "+proj=longlat +datum=WGS84"}) {
    model::Event by_degrees = m_event;
    by_degrees.incident.crs = crs;
    by_degrees.incident.point = lonlat;
    const Place place = placed(by_degrees);
    EXPECT_EQ(place.path, "R/01/01/") << crs;
    EXPECT_NEAR(place.point_lonlat->x, lonlat.x, 2e-6) << crs;
  }
}

TEST_F(PlacerTest, takes_shifted_systems_and_pipelines_to_the_same_place) {
  const base::Vec2d metres{500'000 - 3000, 3'500'000 - 3000};
  const base::Vec2d lonlat = *placed(at(m_event, -3000, -3000)).point_lonlat;
  for (const char* crs : {"GCJ-02", "gcj02", "BD-09", "BD09LL"}) {
    model::Event shifted = m_event;
    shifted.incident.crs = crs;
    shifted.incident.point = std::move(geo::Transform::create("EPSG:4549", crs)).value().forward(metres);
    const Place place = placed(shifted);
    EXPECT_EQ(place.path, "R/01/01/") << crs;
    EXPECT_NEAR(place.point_lonlat->x, lonlat.x, 1.1e-6) << crs;
    EXPECT_NEAR(place.point_lonlat->y, lonlat.y, 1.1e-6) << crs;
    EXPECT_GT(std::abs(shifted.incident.point->x - lonlat.x), 0.003) << "the shift is there to be undone";
  }
  model::Event local = m_event;
  local.incident.crs =
      "+proj=pipeline +step +proj=affine +xoff=500000 +yoff=3500000 +step +inv +proj=tmerc +lon_0=120 "
      "+x_0=500000 +ellps=GRS80 +step +proj=unitconvert +xy_in=rad +xy_out=deg";
  local.incident.point = base::Vec2d{-3000, -3000};
  EXPECT_EQ(placed(local).path, "R/01/01/");
  EXPECT_NEAR(placed(local).point_lonlat->x, lonlat.x, 1.1e-6);
}

TEST_F(PlacerTest, refuses_systems_that_are_unknown_with_a_sentence) {
  for (const char* crs : {"BD09MC", "EPSG:999999", "nonsense", "", "+proj=pipeline +step +proj=tmerc +lon_0=120"}) {
    model::Event subject = at(m_event, 0, 0);
    subject.incident.crs = crs;
    const auto place = m_placer.place(subject.incident, false);
    ASSERT_FALSE(place.ok()) << crs;
    EXPECT_EQ(place.error().code, base::ErrorCode::Unsupported);
    EXPECT_NE(place.error().message.find("EPSG:4326"), std::string::npos) << place.error().message;
  }
}

TEST_F(PlacerTest, watches_the_points_of_named_sources_only) {
  const geo::Transform told = std::move(geo::Transform::create("EPSG:4549", "BD-09")).value();
  for (const std::string_view source : {"", "city"}) {
    EXPECT_TRUE(m_placer.shift_doubts().empty()) << "nobody is named";
    for (int i = 0; i < 200; ++i) {
      model::Event subject = coded(at(m_event, -3900 + i * 9, -3900 + i % 20 * 90), "R0101");
      subject.incident.point = told.forward(*subject.incident.point);
      subject.incident.crs = "EPSG:4326";
      ASSERT_TRUE(m_placer.place(subject.incident, false, {source, {}}).ok());
    }
  }
  ASSERT_EQ(m_placer.shift_doubts().size(), 1u);
  EXPECT_EQ(m_placer.shift_doubts()[0].report.best, geo::Reading::PointsBd09);
  EXPECT_NE(m_placer.shift_doubts()[0].sentence.find("source 'city'"), std::string::npos);
}

TEST_F(PlacerTest, lets_the_polygon_win_over_a_differing_code_and_keeps_the_code) {
  const Place place = placed(coded(at(m_event, -3000, -3000), "R0404"));
  EXPECT_EQ(place.path, "R/01/01/");
  EXPECT_EQ(place.claimed_code, "R0404");
  EXPECT_FALSE(place.code_won);
}

TEST_F(PlacerTest, does_not_call_an_ancestors_code_differing) {
  for (const char* code : {"R", "R01", "R0101"}) {
    EXPECT_EQ(placed(coded(at(m_event, -3000, -3000), code)).claimed_code, "") << code;
  }
}

TEST_F(PlacerTest, lets_the_code_win_within_five_metres_of_its_border) {
  struct Case {
    double dx_m;
    const char* code;
    const char* path;
    bool code_won;
  };
  // R0101 ends at -2000, where R0102 begins; R ends at -4000.
  const Case cases[] = {
      {-2004, "R0102", "R/01/02/", true},  {-1996, "R0101", "R/01/01/", true}, {-2006, "R0102", "R/01/01/", false},
      {-1994, "R0101", "R/01/02/", false}, {-4003, "R0101", "R/01/01/", true}, {-2004, "R0404", "R/01/01/", false},
      {-2004, "R02", "R/01/01/", false},
  };
  for (const Case& it : cases) {
    const Place place = placed(coded(at(m_event, it.dx_m, -3000), it.code));
    EXPECT_EQ(place.path, it.path) << it.dx_m << " " << it.code;
    EXPECT_EQ(place.code_won, it.code_won) << it.dx_m << " " << it.code;
    EXPECT_EQ(place.claimed_code.empty(), it.code_won) << it.dx_m << " " << it.code;
    EXPECT_TRUE(place.point_lonlat.has_value());
  }
}

TEST_F(PlacerTest, puts_what_has_no_usable_place_into_the_tray_that_the_code_names) {
  EXPECT_EQ(placed(m_event).path, "R/~");
  EXPECT_EQ(placed(coded(m_event, "R02")).path, "R/02/~");
  EXPECT_EQ(placed(coded(m_event, "R0203")).path, "R/02/03/~");
  const Place outside = placed(coded(at(m_event, 90'000, 0), "R02"));
  EXPECT_EQ(outside.path, "R/02/~");
  EXPECT_TRUE(outside.outside);
  EXPECT_FALSE(outside.point_lonlat.has_value()) << "a point outside is not drawn";
  const Place unknown = placed(coded(m_event, "Q77"));
  EXPECT_EQ(unknown.path, "R/~");
  EXPECT_TRUE(unknown.code_unknown);
  EXPECT_EQ(unknown.claimed_code, "Q77");
}

TEST_F(PlacerTest, takes_points_beyond_the_world_for_no_place) {
  for (const base::Vec2d point : {base::Vec2d{400, 31}, base::Vec2d{120, 95}, base::Vec2d{1e9, 1e9}}) {
    model::Event subject = m_event;
    subject.incident.crs = "EPSG:4326";
    subject.incident.point = point;
    const Place place = placed(subject);
    EXPECT_EQ(place.path, "R/~");
    EXPECT_TRUE(place.outside);
  }
}

TEST_F(PlacerTest, moves_a_sensitive_point_to_its_divisions_anchor) {
  const Place exact = placed(at(m_event, -3100, -3200));
  const Place coarse = placed(at(m_event, -3100, -3200), true);
  const Place other = placed(at(m_event, -2100, -2100), true);
  EXPECT_EQ(coarse.path, exact.path);
  EXPECT_TRUE(coarse.coarsened);
  EXPECT_NE(coarse.point_lonlat, exact.point_lonlat);
  EXPECT_EQ(coarse.point_lonlat, other.point_lonlat) << "every sensitive point of a grid is the same";
}

}  // namespace
}  // namespace gridwall::hub
