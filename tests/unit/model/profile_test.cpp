#include "model/profile.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <numeric>

#include "base/text_file.hpp"
#include "support/temp_folder.hpp"

namespace gridwall::model {
namespace {

namespace fs = std::filesystem;

fs::path profiles_folder() {
  return fs::path(GRIDWALL_SOURCE_DIR) / "config" / "profiles";
}

std::vector<std::uint32_t> counts_of(const std::string& id) {
  const auto profile = load_profile(profiles_folder() / (id + ".toml"));
  EXPECT_TRUE(profile.ok()) << (profile.ok() ? "" : profile.error().message);
  std::vector<std::uint32_t> counts;
  if (profile.ok()) {
    for (const auto& level : profile->levels) counts.push_back(level.count);
  }
  return counts;
}

using Counts = std::vector<std::uint32_t>;

TEST(Profile, holds_the_published_counts_of_the_six_systems) {
  EXPECT_EQ(counts_of("jiangyin-2019"), (Counts{1, 17, 271, 1558, 5453}));
  EXPECT_EQ(counts_of("qingjiangpu"), (Counts{1, 16, 114, 554, 2085}));
  EXPECT_EQ(counts_of("lufeng"), (Counts{1, 21, 346, 3047}));
  const Counts lianyuan = counts_of("lianyuan");
  ASSERT_EQ(lianyuan.size(), 6u);
  EXPECT_EQ(Counts(lianyuan.begin() + 2, lianyuan.end()), (Counts{506, 2381, 9449, 25173}));
}

TEST(Profile, says_which_counts_are_assumed) {
  for (const char* id : {"wujin", "jiangyin"}) {
    const auto profile = load_profile(profiles_folder() / (std::string(id) + ".toml"));
    ASSERT_TRUE(profile.ok()) << profile.error().message;
    for (std::size_t level = 1; level < profile->levels.size(); ++level) {
      EXPECT_TRUE(profile->levels[level].assumed) << id << " level " << level;
    }
  }
}

TEST(Profile, declares_the_outlines_datum_as_illustrative_everywhere) {
  int count = 0;
  for (const auto& entry : fs::directory_iterator(profiles_folder())) {
    if (entry.path().extension() != ".toml") continue;
    const auto profile = load_profile(entry.path());
    ASSERT_TRUE(profile.ok()) << profile.error().message;
    EXPECT_TRUE(profile->outline_illustrative) << entry.path();
    ++count;
  }
  EXPECT_EQ(count, 6);
}

TEST(Profile, refuses_a_level_with_fewer_divisions_than_the_one_above) {
  const fs::path file = test::process_folder() / "gridwall_profile_test.toml";
  const std::string head =
      "name_zh='a'\nname_en='a'\nsystem_zh='a'\nsystem_en='a'\ndistrict='a'\ncounty_code='1'\n"
      "outline_crs='EPSG:4490'\nworld_crs='EPSG:4549'\n[[level]]\nname_zh='a'\nname_en='a'\ncount=1\n";
  ASSERT_TRUE(base::write_text_file(file, head + "[[level]]\nname_zh='b'\nname_en='b'\ncount=5\n"
                                                 "[[level]]\nname_zh='c'\nname_en='c'\ncount=4\n")
                  .ok());
  const auto profile = load_profile(file);
  fs::remove(file);
  ASSERT_FALSE(profile.ok());
  EXPECT_NE(profile.error().message.find(":20: level[3].count: expected at least as many"), std::string::npos)
      << profile.error().message;
}

// A whole profile with `more` behind it and `keys` before its tables, read from a file.
base::Result<Profile> profile_with(const std::string& more, const std::string& keys = "") {
  const fs::path file = test::process_folder() / "gridwall_profile_source_test.toml";
  const std::string head =
      "name_zh='a'\nname_en='a'\nsystem_zh='a'\nsystem_en='a'\ndistrict='a'\ncounty_code='1'\n"
      "outline_crs='EPSG:4490'\nworld_crs='EPSG:4549'\n";
  const std::string levels =
      "[[level]]\nname_zh='a'\nname_en='a'\ncount=1\n[[level]]\nname_zh='b'\nname_en='b'\ncount=5\n";
  EXPECT_TRUE(base::write_text_file(file, head + keys + levels + more).ok());
  auto profile = load_profile(file);
  fs::remove(file);
  return profile;
}

TEST(Profile, says_how_its_own_layers_are_read_and_what_lies_over_them) {
  const auto profile = profile_with(R"(
[source]
files = ["网格.shp", "PG:host=db dbname=gis"]
layers = ["grid"]
where = "state <> 'closed'"
encoding = "GB18030"
crs = "GCJ-02"
axes = "yx"
area_field = "面积"
area_unit_m2 = 666.6667
parents = "containment"
[[overlay]]
id = "police"
name_zh = "警务网格"
name_en = "Police grids"
[overlay.source]
files = ["police.gpkg"]
)");
  ASSERT_TRUE(profile.ok()) << profile.error().message;
  const SourceSpec& source = profile->source;
  EXPECT_EQ(source.files, (std::vector<std::string>{"网格.shp", "PG:host=db dbname=gis"}));
  EXPECT_EQ(source.reading.layers, std::vector<std::string>{"grid"});
  EXPECT_EQ(source.reading.where, "state <> 'closed'");
  EXPECT_EQ(source.reading.encoding, "GB18030");
  EXPECT_EQ(source.reading.crs, "GCJ-02");
  EXPECT_EQ(source.reading.axes, AxisOrder::Yx);
  EXPECT_EQ(source.mapping.area_field, "面积");
  EXPECT_DOUBLE_EQ(source.mapping.area_unit_m2, 666.6667);
  EXPECT_EQ(source.mapping.parent_by, ParentBy::Containment);
  ASSERT_EQ(profile->overlays.size(), 1u);
  EXPECT_EQ(profile->overlays[0].name_zh, "警务网格");
  EXPECT_EQ(profile->overlays[0].source.files, std::vector<std::string>{"police.gpkg"});
}

TEST(Profile, names_the_map_below_its_divisions_by_a_path_beside_it) {
  std::ofstream(test::process_folder() / "beside.tif") << "a raster";
  const auto profile = profile_with("[basemap]\nsource = \"beside.tif\"\nopacity = 0.5\n");
  ASSERT_TRUE(profile.ok()) << profile.error().message;
  EXPECT_EQ(profile->basemap.source, (test::process_folder() / "beside.tif").string());
  EXPECT_EQ(profile->basemap.style.opacity, 0.5f);
  EXPECT_EQ(profile_with("")->basemap.source, "");
  const auto wrong = profile_with("[basemap]\nsource = \"beside.tif\"\nopacity = 5\n");
  ASSERT_FALSE(wrong.ok());
  EXPECT_NE(wrong.error().message.find(":19: basemap.opacity: expected"), std::string::npos) << wrong.error().message;
}

TEST(Profile, names_the_line_and_the_words_it_would_take_for_a_layer) {
  const std::pair<const char*, const char*> kMistakes[] = {
      {"[source]\naxes = 'xz'\n", ":18: source.axes: expected \"xy\""},
      {"[source]\nparents = 'magic'\n",
       ":18: source.parents: expected one of auto, field, lengths, prefix, containment"},
      {"[source]\nparents = 'lengths'\n", ":18: source.parents: expected code_lengths beside"},
      {"[source]\nfile = 'a'\n", "file"},
      {"[[overlay]]\nid='a'\nname_zh='a'\nname_en='a'\n[overlay.source]\nlayers=['a']\n",
       "overlay[1].source: expected files"},
  };
  for (const auto& [text, expected] : kMistakes) {
    const auto profile = profile_with(text);
    ASSERT_FALSE(profile.ok()) << text;
    EXPECT_NE(profile.error().message.find(expected), std::string::npos) << profile.error().message;
  }
}

TEST(Profile, each_shipped_one_names_its_clock_and_its_rules) {
  for (const auto& entry : fs::directory_iterator(profiles_folder())) {
    if (entry.path().extension() != ".toml") continue;
    const auto profile = load_profile(entry.path());
    ASSERT_TRUE(profile.ok()) << profile.error().message;
    EXPECT_EQ(profile->zone.name(), "Asia/Shanghai") << entry.path();
    EXPECT_EQ(profile->rules.stages, profile->id == "lianyuan" ? "lianyuan" : "seven");
  }
}

TEST(Profile, takes_a_zone_by_its_name_and_rules_by_theirs) {
  const auto profile = profile_with("[rules]\ncalendar = 'us_ny'\nlimits = 'own-2'\n");
  ASSERT_TRUE(profile.ok()) << profile.error().message;
  EXPECT_EQ(profile->zone.name(), "Asia/Shanghai");
  EXPECT_EQ(profile->rules.calendar, "us_ny");
  EXPECT_EQ(profile->rules.limits, "own-2");
  EXPECT_EQ(profile->rules.stages, "seven");
  EXPECT_EQ(profile->rules.indicators, "default");
}

TEST(Profile, names_the_line_of_a_zone_or_rule_that_cannot_be) {
  const std::pair<const char*, const char*> kMistakes[] = {
      {"[rules]\ncalendar = '../cn'\n", ":18: rules.calendar: expected the name of a file in config/calendars without"},
      {"[rules]\nlimits = ''\n", ":18: rules.limits: expected the name of a file in config/limits without .toml"},
      {"[rules]\nstages = 7\n", ":18: rules.stages: expected text in quotes"},
      {"[rules]\nstage = 'seven'\n", ":18: rules.stage: unknown key"}};
  for (const auto& [text, expected] : kMistakes) {
    const auto profile = profile_with(text);
    ASSERT_FALSE(profile.ok()) << text;
    EXPECT_NE(profile.error().message.find(expected), std::string::npos) << profile.error().message;
  }
  const auto lost = profile_with("", "time_zone = 'Asia/Nowhere'\n");
  ASSERT_FALSE(lost.ok());
  EXPECT_NE(lost.error().message.find(":9: time_zone: expected an IANA name"), std::string::npos)
      << lost.error().message;
  const auto new_york = profile_with("", "time_zone = 'America/New_York'\n");
  ASSERT_TRUE(new_york.ok()) << new_york.error().message;
  EXPECT_EQ(new_york->zone.name(), "America/New_York");
}

TEST(Profile, says_how_numbers_become_colours) {
  const auto natural = profile_with("[colouring]\nclasses = 'natural'\n");
  ASSERT_TRUE(natural.ok()) << natural.error().message;
  EXPECT_EQ(natural->colouring, (ColouringSpec{ClassRule::Natural, {}}));
  const auto fixed = profile_with("[colouring]\nclasses = 'fixed'\nedges = [2, 5, 10.5, 20]\n");
  ASSERT_TRUE(fixed.ok()) << fixed.error().message;
  EXPECT_EQ(fixed->colouring, (ColouringSpec{ClassRule::Fixed, {2, 5, 10.5, 20}}));
  const std::pair<const char*, const char*> kMistakes[] = {
      {"[colouring]\nclasses = 'jenks'\n", ":18: colouring.classes: expected \"steps\", \"quantiles\""},
      {"[colouring]\nclasses = 'fixed'\n", "colouring.edges: expected four ascending numbers"},
      {"[colouring]\nclasses = 'fixed'\nedges = [2, 5, 5, 9]\n", ":19: colouring.edges: expected four ascending"},
      {"[colouring]\nclasses = 'fixed'\nedges = [0, 5, 6, 9]\n", ":19: colouring.edges: expected four ascending"},
      {"[colouring]\nedges = [2, 5, 6, 9]\n", ":18: colouring.edges: expected classes = \"fixed\""}};
  for (const auto& [text, expected] : kMistakes) {
    const auto profile = profile_with(text);
    ASSERT_FALSE(profile.ok()) << text;
    EXPECT_NE(profile.error().message.find(expected), std::string::npos) << profile.error().message;
  }
}

}  // namespace
}  // namespace gridwall::model
