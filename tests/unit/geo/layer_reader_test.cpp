#include "geo/layer_reader.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "unit/geo/layer_files.hpp"

namespace gridwall::geo {
namespace {

using test::box_wkt;
using test::TestLayer;
using test::write_layer;

struct Format {
  const char* driver;
  const char* name;
};

constexpr Format kFormats[] = {
    {"GPKG", "a.gpkg"}, {"GeoJSON", "a.geojson"}, {"ESRI Shapefile", "a.shp"}, {"FlatGeobuf", "a.fgb"}};

TestLayer nested(const std::string& driver) {
  TestLayer layer;
  layer.driver = driver;
  layer.features = test::nested_features();
  layer.type = wkbPolygon;
  if (driver == "ESRI Shapefile") layer.options = {"ENCODING=UTF-8"};
  if (driver == "GeoJSON") layer.epsg = 4326;
  return layer;
}

LayerQuery query_of(const std::filesystem::path& file, const std::string& crs = {},
                    const model::SourceMapping& mapping = {}) {
  LayerQuery query{file.string(), {}, mapping};
  query.reading.crs = crs;
  return query;
}

// How many points each ring of a feature has.
std::vector<std::uint32_t> ring_sizes(const RawLayer& layer, const RawFeature& feature) {
  std::vector<std::uint32_t> sizes;
  for (std::uint32_t r = feature.ring_begin; r < feature.ring_end; ++r) {
    sizes.push_back(layer.rings[r].end - layer.rings[r].begin);
  }
  return sizes;
}

// The one sentence that a bad file gets; fails the test when it is none.
std::string refusal(const std::filesystem::path& file, const LayerQuery& more = {}) {
  LayerQuery query = more;
  query.source = file.string();
  const auto layers = read_layers(query);
  EXPECT_FALSE(layers.ok()) << file << " was read";
  if (layers.ok()) return {};
  EXPECT_NE(layers.error().message.find(file.string()), std::string::npos) << layers.error().message;
  EXPECT_EQ(layers.error().message.find('\n'), std::string::npos) << layers.error().message;
  return layers.error().message;
}

#define EXPECT_SAYS(text, part) EXPECT_NE((text).find(part), std::string::npos) << (text)

TEST(layer_reader, every_format_gives_the_same_features) {
  const test::TemporaryFolder folder;
  for (const Format& format : kFormats) {
    write_layer(folder / format.name, nested(format.driver));
    const auto layers = read_layers(query_of(folder / format.name));
    ASSERT_TRUE(layers.ok()) << layers.error().message;
    ASSERT_EQ(layers->size(), 1u) << format.driver;
    const RawLayer& layer = layers->front();
    EXPECT_EQ(layer.driver, format.driver);
    EXPECT_EQ(layer.encoding, layer.driver == "ESRI Shapefile" ? "UTF-8 (by .cpg)" : "UTF-8");
    const auto expected = test::nested_features();
    ASSERT_EQ(layer.features.size(), expected.size()) << format.driver;
    for (const RawFeature& feature : layer.features) {
      const auto same = std::find_if(expected.begin(), expected.end(), [&](auto& e) { return e.code == feature.code; });
      ASSERT_NE(same, expected.end()) << format.driver << " " << feature.code;
      EXPECT_EQ(feature.name, same->name) << format.driver;
      EXPECT_EQ(feature.parent_code, same->parent) << format.driver;
      EXPECT_EQ(feature.level, same->level) << format.driver;
      const std::vector<std::uint32_t> expected_sizes(feature.code == "320281002001" ? 2 : 1, 4u);
      EXPECT_EQ(ring_sizes(layer, feature), expected_sizes) << format.driver;
    }
  }
}

TEST(layer_reader, says_how_the_coordinate_system_is_known) {
  const test::TemporaryFolder folder;
  for (const Format& format : kFormats) {
    write_layer(folder / format.name, nested(format.driver));
    const bool is_geojson = std::string(format.driver) == "GeoJSON";
    const auto layers = read_layers(query_of(folder / format.name));
    ASSERT_TRUE(layers.ok()) << layers.error().message;
    EXPECT_EQ(layers->front().crs, is_geojson ? "EPSG:4326" : "EPSG:4490") << format.driver;
    EXPECT_EQ(layers->front().crs_known_by, is_geojson ? "GeoJSON is WGS 84 (RFC 7946)" : "stated by the file");
    const auto forced = read_layers(query_of(folder / format.name, "EPSG:4610"));
    ASSERT_TRUE(forced.ok());
    EXPECT_EQ(forced->front().crs, "EPSG:4610");
  }
}

TEST(layer_reader, missing_coordinate_system_is_an_error_that_says_what_to_write) {
  const test::TemporaryFolder folder;
  for (const Format& format : kFormats) {
    if (std::string(format.driver) == "GeoJSON") continue;
    TestLayer layer = nested(format.driver);
    layer.epsg = 0;
    write_layer(folder / format.name, layer);
    const std::string text = refusal(folder / format.name);
    EXPECT_SAYS(text, "does not state its coordinate system");
    EXPECT_SAYS(text, "--crs EPSG:4490");
    EXPECT_TRUE(read_layers(query_of(folder / format.name, "EPSG:4490")).ok()) << format.driver;
  }
  TestLayer layer = nested("GPKG");
  layer.epsg = 0;
  layer.features = {{"1", "米", "", box_wkt(40526956, 3532019, 40527956, 3533019)}};
  write_layer(folder / "prefixed.gpkg", layer);
  EXPECT_SAYS(refusal(folder / "prefixed.gpkg"), "EPSG:4528");
  EXPECT_SAYS(refusal(folder / "prefixed.gpkg"), "40526956");
}

TEST(layer_reader, fields_are_found_by_usual_spellings_in_any_case) {
  const test::TemporaryFolder folder;
  for (const auto& fields : std::vector<std::vector<std::string>>{{"CODE", "NAME", "PARENT"},
                                                                  {"网格编码", "网格名称", "上级编码"},
                                                                  {"GEOID", "Name", "parent_code"},
                                                                  {"adcode", "名称", "pcode"}}) {
    TestLayer layer;
    layer.fields = fields;
    layer.features = {{"1", "一", "0", box_wkt(0, 0, 1, 1)}};
    const auto file = folder / (fields[0] + ".gpkg");
    write_layer(file, layer);
    const auto layers = read_layers(query_of(file));
    ASSERT_TRUE(layers.ok()) << layers.error().message;
    EXPECT_EQ(layers->front().code_field, fields[0]);
    EXPECT_EQ(layers->front().features[0].code, "1") << fields[0];
    EXPECT_EQ(layers->front().features[0].name, "一") << fields[1];
    EXPECT_EQ(layers->front().features[0].parent_code, "0") << fields[2];
  }
}

TEST(layer_reader, mapping_wins_over_spellings_and_an_unknown_field_lists_those_there_are) {
  const test::TemporaryFolder folder;
  TestLayer layer;
  layer.fields = {"code", "label", "parent"};
  layer.features = {{"1", "乙", "", box_wkt(0, 0, 1, 1)}};
  write_layer(folder / "a.gpkg", layer);
  model::SourceMapping mapping;
  mapping.code_field = "label";
  const auto layers = read_layers(query_of(folder / "a.gpkg", "", mapping));
  ASSERT_TRUE(layers.ok()) << layers.error().message;
  EXPECT_EQ(layers->front().features[0].code, "乙");
  mapping.code_field = "nosuch";
  const std::string text = refusal(folder / "a.gpkg", query_of({}, "", mapping));
  EXPECT_SAYS(text, "'nosuch'");
  EXPECT_SAYS(text, "code, label, parent");
  LayerQuery other;
  other.reading.layers = {"other"};
  EXPECT_SAYS(refusal(folder / "a.gpkg", other), "no layer 'other'; it has: divisions");
}

// A Shapefile whose table holds these bytes for the field names and the one name; `cpg` empty: none.
void write_table(const std::filesystem::path& shp, const std::string& cpg, unsigned char ldid,
                 const std::string& code_field, const std::string& name_field, const std::vector<std::string>& names) {
  TestLayer layer;
  layer.driver = "ESRI Shapefile";
  layer.options = {"ENCODING="};
  layer.type = wkbPolygon;
  layer.fields = {"code", "name"};
  for (const std::string& name : names) layer.features.push_back({"1", name, "", box_wkt(0, 0, 1, 1)});
  write_layer(shp, layer);
  auto beside = shp;
  std::string table = test::read_bytes(beside.replace_extension(".dbf"));
  table[29] = static_cast<char>(ldid);
  const std::string* fields[] = {&code_field, &name_field};
  for (std::size_t i = 0; i < 2; ++i)
    table.replace(32 + 32 * i, 11, (*fields[i] + std::string(11, '\0')).substr(0, 11));
  test::write_bytes(beside, table);
  std::filesystem::remove(beside.replace_extension(".cpg"));
  if (!cpg.empty()) test::write_bytes(beside, cpg);
}

const std::string kCodeInGbk = "\xB1\xE0\xC2\xEB";                  // 编码
const std::string kNameInGbk = "\xC3\xFB\xB3\xC6";                  // 名称
const std::string kTownInGbk = "\xB3\xCE\xBD\xAD\xBD\xD6\xB5\xC0";  // 澄江街道
const std::string kRareInGb18030 = "\x95\x34\xB2\x35\xB4\xE5";      // 𠮷村

TEST(layer_reader, text_of_a_shapefile_is_read_as_its_cpg_its_table_the_caller_or_the_bytes_say) {
  const test::TemporaryFolder folder;
  struct Case {
    const char* cpg;
    unsigned char ldid;
    const char* given;
    std::string code_field, name_field, name;
    const char *shown_name, *told;
    bool noted;
  };
  const Case cases[] = {
      {"GB18030", 0, "", kCodeInGbk, kNameInGbk, kRareInGb18030, "𠮷村", "GB18030 (by .cpg)", false},
      {"936", 0, "", kCodeInGbk, kNameInGbk, kTownInGbk, "澄江街道", "GBK (by .cpg)", false},
      {"UTF-8", 0, "", "编码", "名称", "澄江街道", "澄江街道", "UTF-8 (by .cpg)", false},
      {"", 0x4D, "", kCodeInGbk, kNameInGbk, kTownInGbk, "澄江街道", "GBK (by the DBF's LDID 0x4D)", false},
      {"", 0x78, "", "code", "name", "\xBF\xA4", "縣", "Big5 (by the DBF's LDID 0x78)", false},
      {"", 0x57, "", kCodeInGbk, kNameInGbk, kTownInGbk, "澄江街道",
       "GBK (guessed: not UTF-8, and neither .cpg nor LDID)", false},
      {"", 0x00, "", "编码", "名称", "澄江街道", "澄江街道", "UTF-8", false},
      {"ISO-8859-1", 0, "gb18030", kCodeInGbk, kNameInGbk, kRareInGb18030, "𠮷村", "GB18030 (given by the caller)",
       false},
      {"UTF-8", 0, "", kCodeInGbk, kNameInGbk, kTownInGbk, "澄江街道", "GBK (.cpg says UTF-8, which its text is not)",
       true},
      {"GBK", 0, "", "编码", "名称", "澄江街道", "澄江街道", "UTF-8 (.cpg says GBK, but its text is UTF-8)", true},
  };
  for (const Case& c : cases) {
    write_table(folder / "a.shp", c.cpg, c.ldid, c.code_field, c.name_field, {c.name});
    LayerQuery query = query_of(folder / "a.shp");
    query.reading.encoding = c.given;
    const auto layers = read_layers(query);
    ASSERT_TRUE(layers.ok()) << c.told << layers.error().message;
    EXPECT_EQ(layers->front().encoding, c.told);
    EXPECT_EQ(layers->front().features[0].name, c.shown_name) << c.told;
    EXPECT_EQ(layers->front().features[0].code, "1") << c.told;
    EXPECT_EQ(layers->front().notes.size(), c.noted ? 1u : 0u) << c.told;
  }
  LayerQuery query = query_of(folder / "a.shp");
  query.reading.encoding = "nonsense";
  EXPECT_SAYS(refusal(folder / "a.shp", query), "no encoding 'nonsense'");
}

TEST(layer_reader, bytes_that_are_no_characters_are_shown_and_counted) {
  const test::TemporaryFolder folder;
  write_table(folder / "a.shp", "GBK", 0, "code", "name", {kTownInGbk, "\xFF" + kTownInGbk, kTownInGbk});
  const auto layers = read_layers(query_of(folder / "a.shp"));
  ASSERT_TRUE(layers.ok()) << layers.error().message;
  EXPECT_EQ(layers->front().features[1].name, "\uFFFD澄江街道");
  ASSERT_EQ(layers->front().notes.size(), 1u);
  EXPECT_SAYS(layers->front().notes[0], "1 features have text with bytes that are no GBK");
}

TEST(layer_reader, json_in_gbk_keeps_its_chinese_and_is_told) {
  const test::TemporaryFolder folder;
  test::write_bytes(folder / "a.geojson",
                    R"({"type":"FeatureCollection","features":[{"type":"Feature","properties":{")" + kCodeInGbk +
                        R"(":"1",")" + kNameInGbk + R"(":")" + kTownInGbk +
                        R"("},"geometry":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}}]})");
  const auto layers = read_layers(query_of(folder / "a.geojson"));
  ASSERT_TRUE(layers.ok()) << layers.error().message;
  EXPECT_EQ(layers->front().code_field, "编码");
  EXPECT_EQ(layers->front().features[0].name, "澄江街道");
  EXPECT_EQ(layers->front().encoding, "GBK (the format says UTF-8, which its text is not)");
}

TEST(layer_reader, a_filter_works_in_the_layer_s_own_encoding) {
  const test::TemporaryFolder folder;
  write_table(folder / "a.shp", "GBK", 0, kCodeInGbk, kNameInGbk, {kTownInGbk, kRareInGb18030, kTownInGbk});
  LayerQuery query = query_of(folder / "a.shp");
  query.reading.where = "\"名称\" = '澄江街道'";
  const auto layers = read_layers(query);
  ASSERT_TRUE(layers.ok()) << layers.error().message;
  EXPECT_EQ(layers->front().features.size(), 2u);
}

TEST(layer_reader, a_filter_leaves_features_out_in_every_format_and_a_bad_one_is_told) {
  const test::TemporaryFolder folder;
  for (const Format& format : kFormats) {
    write_layer(folder / format.name, nested(format.driver));
    LayerQuery query = query_of(folder / format.name);
    query.reading.where = "level >= 2 AND name <> '心格'";
    const auto layers = read_layers(query);
    ASSERT_TRUE(layers.ok()) << layers.error().message;
    EXPECT_EQ(layers->front().features.size(), 3u) << format.driver;
    query.reading.where = "level > 7";
    EXPECT_SAYS(refusal(folder / format.name, query), "no feature passes the filter \"level > 7\"");
    query.reading.where = "nosuch = 1";
    EXPECT_SAYS(refusal(folder / format.name, query), "the filter \"nosuch = 1\" is not understood: ");
    query.reading.where = "level >";
    EXPECT_SAYS(refusal(folder / format.name, query), "is not understood");
  }
}

TEST(layer_reader, a_promise_of_more_features_is_noticed_behind_a_filter_too) {
  const test::TemporaryFolder folder;
  write_layer(folder / "a.gpkg", nested("GPKG"));
  GDALDatasetH dataset =
      GDALOpenEx((folder / "a.gpkg").c_str(), GDAL_OF_VECTOR | GDAL_OF_UPDATE, nullptr, nullptr, nullptr);
  ASSERT_NE(dataset, nullptr);
  GDALDatasetExecuteSQL(dataset, "UPDATE gpkg_ogr_contents SET feature_count = 5000", nullptr, nullptr);
  GDALClose(dataset);
  LayerQuery query;
  EXPECT_SAYS(refusal(folder / "a.gpkg", query), "it promises 5000 features and gives 7");
  query.reading.where = "level = 1";
  EXPECT_SAYS(refusal(folder / "a.gpkg", query), "it promises 5000 features and gives 7");
}

TEST(layer_reader, the_area_that_a_source_states_is_taken_only_where_it_is_named) {
  const test::TemporaryFolder folder;
  test::write_bytes(folder / "a.geojson", R"({"type":"FeatureCollection","features":[
      {"type":"Feature","properties":{"code":1,"area":12.5},"geometry":
       {"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}},
      {"type":"Feature","properties":{"code":2,"area":-1},"geometry":
       {"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}},
      {"type":"Feature","properties":{"code":3,"area":null},"geometry":
       {"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}}]})");
  LayerQuery query = query_of(folder / "a.geojson");
  EXPECT_FALSE(read_layers(query)->front().features[0].stated_area_m2.has_value());
  query.mapping.area_field = "area";
  query.mapping.area_unit_m2 = 10'000;
  const auto layers = read_layers(query);
  EXPECT_EQ(layers->front().area_field, "area");
  EXPECT_EQ(layers->front().features[0].stated_area_m2, 125'000);
  EXPECT_FALSE(layers->front().features[1].stated_area_m2.has_value()) << "no area is below nothing";
  EXPECT_FALSE(layers->front().features[2].stated_area_m2.has_value());
}

TEST(layer_reader, numbers_and_odd_text_of_json_become_plain_codes_and_names) {
  const test::TemporaryFolder folder;
  test::write_bytes(folder / "a.geojson", R"({"type":"FeatureCollection","features":[
      {"type":"Feature","properties":{"code":3.20281e5,"name":"江\u0000阴\u001b[31m","parent":"320200.0"},"geometry":
       {"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}},
      {"type":"Feature","properties":{"code":320282.0,"name":" 宜兴\n市\u3000"},"geometry":null}]})");
  const auto layers = read_layers(query_of(folder / "a.geojson"));
  ASSERT_TRUE(layers.ok()) << layers.error().message;
  const auto& features = layers->front().features;
  EXPECT_EQ(features[0].code, "320281");
  EXPECT_EQ(features[0].parent_code, "320200");
  EXPECT_EQ(features[0].name.find('\x1b'), std::string::npos);
  EXPECT_EQ(features[1].code, "320282");
  EXPECT_EQ(features[1].name, "宜兴 市");
  EXPECT_EQ(layers->front().without_polygon_count, 1u);
}

TEST(layer_reader, points_that_are_no_numbers_are_left_out_and_told_by_feature) {
  const test::TemporaryFolder folder;
  TestLayer layer;
  layer.features = {{"1", "", "", "POLYGON((0 0,1e308 0,1 0,1 1,0 1,0 0))"},
                    {"2", "", "", "MULTIPOLYGON(((0 0,1 0,0 0)),((0 0,1 0,1 1,0 0)))"},
                    {"3", "", "", box_wkt(0, 0, 1, 1)}};
  write_layer(folder / "a.gpkg", layer);
  const auto layers = read_layers(query_of(folder / "a.gpkg"));
  ASSERT_TRUE(layers.ok()) << layers.error().message;
  const auto& features = layers->front().features;
  EXPECT_EQ(features[0].note, "1 points left out whose coordinates are no numbers or beyond 1e+09");
  EXPECT_EQ(ring_sizes(layers->front(), features[0]), std::vector<std::uint32_t>{4});
  EXPECT_EQ(features[1].note, "1 rings of fewer than three points left out");
  EXPECT_EQ(features[2].note, "");
}

TEST(layer_reader, parent_given_as_an_object_yields_its_code) {
  const test::TemporaryFolder folder;
  test::write_bytes(folder / "a.json", R"({"type":"FeatureCollection","features":[{"type":"Feature","properties":
      {"adcode":320281,"name":"江阴市","level":"district","parent":{"adcode":320200}},"geometry":
      {"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}}]})");
  const auto layers = read_layers(query_of(folder / "a.json"));
  ASSERT_TRUE(layers.ok()) << layers.error().message;
  EXPECT_EQ(layers->front().features[0].code, "320281");
  EXPECT_EQ(layers->front().features[0].parent_code, "320200");
  EXPECT_FALSE(layers->front().features[0].level.has_value());
}

TEST(layer_reader, curves_heights_and_collections_come_as_plain_polygons) {
  const test::TemporaryFolder folder;
  TestLayer layer;
  layer.features = {
      {"1", "curve", "", "CURVEPOLYGON(CIRCULARSTRING(0 0,1 1,2 0,1 -1,0 0))"},
      {"2", "height", "", "POLYGON Z((0 0 5,1 0 5,1 1 5,0 0 5))"},
      {"3", "many", "", "GEOMETRYCOLLECTION(POINT(1 1),MULTIPOLYGON(((0 0,1 0,1 1,0 0)),((5 5,6 5,6 6,5 5))))"},
      {"4", "line", "", "LINESTRING(0 0,1 1)"}};
  write_layer(folder / "a.gpkg", layer);
  const auto layers = read_layers(query_of(folder / "a.gpkg"));
  ASSERT_TRUE(layers.ok()) << layers.error().message;
  const auto& features = layers->front().features;
  EXPECT_GT(ring_sizes(layers->front(), features[0]).at(0), 20u);
  EXPECT_EQ(ring_sizes(layers->front(), features[1]).at(0), 3u);
  EXPECT_EQ(ring_sizes(layers->front(), features[2]).size(), 2u);
  EXPECT_EQ(layers->front().without_polygon_count, 1u);
}

TEST(layer_reader, what_is_no_layer_file_gets_one_sentence) {
  const test::TemporaryFolder folder;
  EXPECT_SAYS(refusal(folder / "absent.gpkg"), "no such file");
  EXPECT_SAYS(refusal(std::filesystem::temp_directory_path()), "is a folder");
  test::write_bytes(folder / "empty.geojson", "");
  EXPECT_SAYS(refusal(folder / "empty.geojson"), "is empty");
  test::write_bytes(folder / "noise.gpkg", "this is no database, nor anything else");
  EXPECT_SAYS(refusal(folder / "noise.gpkg"), "cannot be opened as a layer file");
  ASSERT_EQ(::mkfifo((folder / "pipe.geojson").c_str(), 0600), 0);
  EXPECT_SAYS(refusal(folder / "pipe.geojson"), "no ordinary file");
}

TEST(layer_reader, files_without_polygons_get_one_sentence) {
  const test::TemporaryFolder folder;
  TestLayer points;
  points.features = {{"1", "点", "", "POINT(1 1)"}};
  write_layer(folder / "points.gpkg", points);
  EXPECT_SAYS(refusal(folder / "points.gpkg"), "holds no polygons (1 features");
  TestLayer bare;
  bare.type = wkbNone;
  bare.features = {{"1", "表", "", ""}};
  write_layer(folder / "table.gpkg", bare);
  EXPECT_SAYS(refusal(folder / "table.gpkg"), "no layer with geometry");
  write_layer(folder / "none.gpkg", TestLayer{});
  EXPECT_SAYS(refusal(folder / "none.gpkg"), "holds no polygons (0 features");
  test::write_bytes(folder / "nothing.geojson", R"({"type":"FeatureCollection","features":[]})");
  EXPECT_SAYS(refusal(folder / "nothing.geojson"), "polygons");
}

// Goal: no cut makes the reader crash, hang or pass off a part as the whole. Method: every format, cut at many places
// of a file long enough to span several pages.
TEST(layer_reader, cut_file_is_refused_wherever_it_is_cut) {
  const test::TemporaryFolder folder;
  for (const Format& format : kFormats) {
    TestLayer layer = nested(format.driver);
    layer.features.clear();
    for (int i = 0; i < 400; ++i) {
      layer.features.push_back(
          {std::to_string(i), "格" + std::to_string(i), "", box_wkt(i * 0.1, 0, i * 0.1 + 0.1, 1)});
    }
    write_layer(folder / format.name, layer);
    ASSERT_TRUE(read_layers(query_of(folder / format.name)).ok()) << format.driver;
    const std::string whole = test::read_bytes(folder / format.name);
    for (const double share : {0.003, 0.1, 0.37, 0.5, 0.81, 0.97}) {
      test::write_bytes(folder / format.name,
                        whole.substr(0, static_cast<std::size_t>(share * static_cast<double>(whole.size()))));
      EXPECT_FALSE(refusal(folder / format.name).empty()) << format.driver << " cut at " << share;
    }
  }
}

}  // namespace
}  // namespace gridwall::geo
