#include "hub/declared_systems.hpp"

#include <gtest/gtest.h>

#include <string>

#include "base/random.hpp"

namespace gridwall::hub {
namespace {

using namespace std::chrono_literals;
using base::MonoTime;

constexpr MonoTime kStart{};

TEST(declared_systems, takes_systems_by_number_by_name_and_by_harmless_proj_strings) {
  for (const char* crs : {
           "EPSG:4326",
           "epsg:4490",
           "EPSG:4528",
           "urn:ogc:def:crs:EPSG::4549",
           "http://www.opengis.net/def/crs/EPSG/0/4490",
           "OGC:CRS84",
           "urn:ogc:def:crs:OGC:1.3:CRS84",
           "GCJ-02",
           "bd 09",
           "+proj=longlat +datum=WGS84 +no_defs",
           "+proj=tmerc +lat_0=0 +lon_0=120 +k=1 +x_0=500000 +y_0=0 +ellps=GRS80 +units=m +no_defs +type=crs",
           "+proj=pipeline +step +inv +proj=helmert +x=-450000 +y=-3480000 +s=1.00002 +theta=3600 +step +inv "
           "+proj=tmerc +lon_0=120 +x_0=500000 +ellps=GRS80 +step +proj=unitconvert +xy_in=rad +xy_out=deg",
           "+proj=pipeline +step +proj=axisswap +order=2,1",
       }) {
    const auto checked = check_declared_system(crs);
    EXPECT_TRUE(checked.ok()) << crs << ": " << checked.error().message;
    DeclaredSystems systems;
    EXPECT_TRUE(systems.lonlat_from(crs, kStart).ok()) << crs;
  }
}

TEST(declared_systems, refuses_what_names_files_or_may_take_long_and_never_repeats_it) {
  std::string many_steps = "+proj=pipeline";
  for (int i = 0; i < 13; ++i) many_steps += " +step +proj=noop";
  const std::string long_one = "+proj=longlat " + std::string(600, ' ');
  struct Case {
    std::string crs;
    const char* expected;
  };
  const Case cases[] = {
      {"+proj=pipeline +step +proj=hgridshift +grids=/etc/passwd", "no grids, files or +init"},
      {"+proj=longlat +nadgrids=/etc/passwd", "no grids, files or +init"},
      {"+proj=longlat +ellps=GRS80 +geoidgrids=@x", "no grids"},
      {"+proj=longlat +datum=NAD27", "no grids"},
      {"+init=epsg:4326 +proj=longlat", "+init"},
      {"+proj=longlat +nadgrids=BETA2007.gsb", "no grids"},
      {"+proj=pipeline +step +init=nad27", "+init"},
      {"+proj=pipeline +step +init=/etc/passwd:x", "+init"},
      {"+proj=pipeline +step +proj=deformation +t_epoch=2000 +grids=x", "no grids"},
      {"+proj=pipeline +step +proj=gridshift +grids=https://127.0.0.1/x.tif", "no grids"},
      {"+proj=tinshift +file=/etc/passwd", "no grids, files"},
      {"+proj=defmodel +model=/etc/passwd", "files"},
      {"+proj=longlat +ellps=../../etc/passwd", "written +key=value"},
      {"proj=longlat", "written +key=value"},
      {"+proj=longlat\t+datum=WGS84", "written +key=value"},
      {many_steps, "at most 12 steps"},
      {long_one, "more than 512 bytes"},
      {"BD09MC", "Baidu's metres"},
      {"EPSG:", "names no coordinate system"},
      {"EPSG:12345678", "names no coordinate system"},
      {"EPSG:4326+3855", "names no coordinate system"},
      {"ESRI:102100", "names no coordinate system"},
      {"/etc/passwd", "names no coordinate system"},
      {"PROJCS[\"x\"]", "names no coordinate system"},
      {R"({"$schema":"https://proj.org/schemas/v0.5/projjson.schema.json"})", "names no coordinate system"},
      {"", "names no coordinate system"},
  };
  for (const Case& it : cases) {
    const auto checked = check_declared_system(it.crs);
    ASSERT_FALSE(checked.ok()) << it.crs;
    EXPECT_EQ(checked.error().code, base::ErrorCode::Unsupported);
    EXPECT_NE(checked.error().message.find(it.expected), std::string::npos) << checked.error().message;
    EXPECT_EQ(checked.error().message.find("passwd"), std::string::npos);
    DeclaredSystems systems;
    EXPECT_FALSE(systems.lonlat_from(it.crs, kStart).ok());
    EXPECT_EQ(systems.remembered_count(), 0u) << "refused before anything is opened";
  }
}

TEST(declared_systems, remembers_a_useless_system_as_well_as_a_good_one) {
  DeclaredSystems systems;
  for (int i = 0; i < 100; ++i) {
    const auto useless = systems.lonlat_from("EPSG:999999", kStart);
    ASSERT_FALSE(useless.ok());
    EXPECT_EQ(useless.error().code, base::ErrorCode::Unsupported) << "not rationed: only the first is opened";
    EXPECT_NE(useless.error().message.find("EPSG:4326"), std::string::npos);
    ASSERT_TRUE(systems.lonlat_from("GCJ-02", kStart).ok());
  }
  EXPECT_EQ(systems.remembered_count(), 2u);
  const auto radians = systems.lonlat_from("+proj=pipeline +step +inv +proj=tmerc +lon_0=120", kStart);
  ASSERT_FALSE(radians.ok());
  EXPECT_NE(radians.error().message.find("+xy_in=rad +xy_out=deg"), std::string::npos) << radians.error().message;
}

std::string made_up(int number) {
  return fmt::format("+proj=pipeline +step +proj=affine +xoff={}", number);
}

TEST(declared_systems, rations_new_systems_and_keeps_those_in_use) {
  DeclaredSystems systems;
  ASSERT_TRUE(systems.lonlat_from("BD-09", kStart).ok());
  int opened_count = 0;
  for (int i = 0; i < 500; ++i) {
    const auto opened = systems.lonlat_from(made_up(i), kStart);
    opened_count += opened.ok();
    if (!opened.ok()) {
      EXPECT_EQ(opened.error().code, base::ErrorCode::Unavailable);
    }
  }
  EXPECT_EQ(opened_count, 23) << "a burst of 24 with the first";
  ASSERT_TRUE(systems.lonlat_from("BD-09", kStart).ok());
  // A second gives one more; the one in use stays while a hundred others come and go.
  MonoTime now = kStart;
  for (int i = 500; i < 600; ++i) {
    now += 1s;
    EXPECT_TRUE(systems.lonlat_from(made_up(i), now).ok()) << i;
    EXPECT_FALSE(systems.lonlat_from(made_up(i + 1000), now).ok()) << i;
    EXPECT_TRUE(systems.lonlat_from("BD-09", now).ok());
    EXPECT_LE(systems.remembered_count(), 32u);
  }
  EXPECT_FALSE(systems.lonlat_from(made_up(0), now).ok()) << "gone long ago, and the ration is used up";
}

TEST(declared_systems, forgets_useless_ones_before_they_are_many) {
  DeclaredSystems systems;
  MonoTime now = kStart;
  for (int i = 0; i < 80; ++i) {
    now += 1s;
    EXPECT_FALSE(systems.lonlat_from(fmt::format("EPSG:{}", 900'000 + i), now).ok());
    EXPECT_LE(systems.remembered_count(), 64u);
  }
}

TEST(declared_systems, no_mixture_of_allowed_parts_ends_the_program) {
  const char* parts[] = {"+proj=pipeline",
                         "+step",
                         "+inv",
                         "+proj=tmerc",
                         "+lon_0=1e308",
                         "+lat_0=-nan",
                         "+proj=helmert",
                         "+s=0",
                         "+theta=inf",
                         "+x=1e308",
                         "+proj=cart",
                         "+a=-1",
                         "+rf=0",
                         "+proj=lcc",
                         "+lat_1=90",
                         "+lat_2=-90",
                         "+proj=affine",
                         "+s11=0",
                         "+proj=axisswap",
                         "+order=1,1",
                         "+order=3,2,1",
                         "+ellps=x",
                         "+xy_in=rad",
                         "+xy_out=deg",
                         "+towgs84=1,2",
                         "+units=none",
                         "+zone=61",
                         "+proj=utm",
                         "+proj=longlat",
                         "+type=crs",
                         "+proj=unitconvert",
                         "+convention=position_vector",
                         "+rx=1e9",
                         "+R=0",
                         "+b=0",
                         "+to_meter=0"};
  base::Random random(3);
  MonoTime now = kStart;
  DeclaredSystems systems;
  for (int i = 0; i < 300; ++i) {
    std::string crs = random.next_below(2) == 0 ? "+proj=pipeline +step" : "+proj=tmerc";
    for (std::uint64_t k = random.next_below(12); k > 0; --k) {
      crs += std::string(" ") + parts[random.next_below(std::size(parts))];
    }
    now += 1s;
    const auto opened = systems.lonlat_from(crs, now);
    if (!opened.ok()) continue;
    for (const base::Vec2d point : {base::Vec2d{120, 31}, base::Vec2d{5e5, 3.5e6}, base::Vec2d{1e308, -1e308}}) {
      const auto lonlat = (*opened)->forward(point);
      EXPECT_TRUE(!lonlat || (std::isfinite(lonlat->x) && std::isfinite(lonlat->y))) << crs;
    }
  }
}

}  // namespace
}  // namespace gridwall::hub
