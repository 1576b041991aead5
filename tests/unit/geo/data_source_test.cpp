// Sources that are no plain layer file, and what their names may show.
#include "geo/data_source.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>

#include "unit/geo/layer_files.hpp"

namespace gridwall::geo {
namespace {

using test::box_wkt;
using test::TestLayer;
using test::write_bytes;
using test::write_layer;

#define EXPECT_SAYS(text, part) EXPECT_NE((text).find(part), std::string::npos) << (text)

TestLayer nested(const std::string& driver) {
  TestLayer layer;
  layer.driver = driver;
  layer.features = test::nested_features();
  layer.epsg = 4326;
  layer.type = wkbPolygon;
  return layer;
}

base::Result<std::vector<RawLayer>> read(const std::string& source, const std::string& crs = {}) {
  LayerQuery query;
  query.source = source;
  query.reading.crs = crs;
  return read_layers(query);
}

std::string refusal(const std::string& source, const std::string& crs = {}) {
  const auto layers = read(source, crs);
  EXPECT_FALSE(layers.ok()) << source;
  return layers.ok() ? std::string() : layers.error().message;
}

void expect_nested(const base::Result<std::vector<RawLayer>>& layers, const std::string& what) {
  ASSERT_TRUE(layers.ok()) << what << ": " << layers.error().message;
  ASSERT_EQ(layers->size(), 1u) << what;
  auto expected = test::nested_features();
  RawLayer layer = layers->front();
  // FlatGeobuf puts them into an order of its own.
  std::sort(expected.begin(), expected.end(), [](const auto& a, const auto& b) { return a.code < b.code; });
  std::sort(layer.features.begin(), layer.features.end(), [](const auto& a, const auto& b) { return a.code < b.code; });
  ASSERT_EQ(layer.features.size(), expected.size()) << what;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(layer.features[i].code, expected[i].code) << what;
    EXPECT_EQ(layer.features[i].name, expected[i].name) << what;
    EXPECT_EQ(layer.features[i].parent_code, expected[i].parent) << what;
    EXPECT_EQ(layer.features[i].ring_end - layer.features[i].ring_begin, expected[i].name == "环格" ? 2u : 1u) << what;
  }
}

TEST(data_source, every_format_that_gdal_writes_comes_back) {
  const test::TemporaryFolder folder;
  struct Format {
    const char *driver, *name;
  };
  for (const Format& format :
       {Format{"GPKG", "a b.gpkg"}, Format{"GeoJSON", "层 一.geojson"}, Format{"GeoJSONSeq", "a.geojsonl"},
        Format{"ESRI Shapefile", "江阴.shp"}, Format{"FlatGeobuf", "a.fgb"}, Format{"OpenFileGDB", "a.gdb"},
        Format{"LIBKML", "a.kml"}, Format{"LIBKML", "a.kmz"}, Format{"GML", "a.gml"}, Format{"SQLite", "a.sqlite"},
        Format{"MapInfo File", "a.tab"}, Format{"MapInfo File", "a.mif"}}) {
    TestLayer layer = nested(format.driver);
    if (layer.driver == "ESRI Shapefile") layer.options = {"ENCODING=UTF-8"};
    if (layer.driver == "MapInfo File") layer.options = {"ENCODING=UTF-8"};
    const auto file = folder / format.name;
    write_layer(file, layer);
    expect_nested(read(file.string()), format.name);
    EXPECT_FALSE(std::filesystem::exists(folder / "a.gfs")) << "reading leaves nothing behind";
  }
}

TEST(data_source, a_relative_path_that_looks_like_a_service_is_a_path) {
  const test::TemporaryFolder folder;
  write_layer(folder / "a.gpkg", nested("GPKG"));
  const auto here = std::filesystem::current_path();
  std::filesystem::current_path((folder / "a.gpkg").parent_path());
  std::filesystem::rename("a.gpkg", "PG:host=x.gpkg");
  const auto layers = read("PG:host=x.gpkg");
  std::filesystem::current_path(here);
  expect_nested(layers, "PG:");
}

TEST(data_source, a_table_is_read_by_its_column_of_shapes_and_needs_a_coordinate_system) {
  const test::TemporaryFolder folder;
  for (const char* column : {"WKT", "wkt", "geom", "the_geom"}) {
    write_bytes(folder / "a.csv", std::string("code,name,") + column + "\n007,一格,\"POLYGON((0 0,1 0,1 1,0 0))\"\n");
    EXPECT_SAYS(refusal((folder / "a.csv").string()), "does not state its coordinate system");
    const auto layers = read((folder / "a.csv").string(), "EPSG:4490");
    ASSERT_TRUE(layers.ok()) << layers.error().message;
    EXPECT_EQ(layers->front().features[0].code, "007");
    EXPECT_EQ(layers->front().features[0].name, "一格");
  }
  write_bytes(folder / "b.csv", "code,name\n1,x\n");
  EXPECT_SAYS(refusal((folder / "b.csv").string(), "EPSG:4490"), "a CSV needs a column WKT");
}

TEST(data_source, topojson_keeps_its_id_and_says_that_it_has_no_place_for_a_coordinate_system) {
  const test::TemporaryFolder folder;
  const std::string file = (folder / "a.topojson").string();
  write_bytes(file, R"({"type":"Topology","objects":{"g":{"type":"GeometryCollection","geometries":[{"type":"Polygon",
      "arcs":[[0]],"id":"01001","properties":{"name":"x"}}]}},"arcs":[[[0,0],[1,0],[1,1],[0,0]]]})");
  EXPECT_SAYS(refusal(file), "TopoJSON has no place for it");
  const auto layers = read(file, "EPSG:4326");
  ASSERT_TRUE(layers.ok()) << layers.error().message;
  EXPECT_EQ(layers->front().features[0].code, "01001");
}

TEST(data_source, curves_of_gml_are_made_linear_and_told) {
  const test::TemporaryFolder folder;
  const std::string file = (folder / "a.gml").string();
  write_bytes(file, R"(<?xml version="1.0"?><c:FeatureCollection xmlns:c="http://www.opengis.net/wfs"
      xmlns:g="http://www.opengis.net/gml" xmlns:a="http://example.org/a"><g:featureMember><a:grid><a:code>1</a:code>
      <a:geom><g:Surface srsName="urn:ogc:def:crs:EPSG::4490"><g:patches><g:PolygonPatch><g:exterior><g:Ring>
      <g:curveMember><g:Curve><g:segments><g:Arc><g:posList>31 120 32 121 31 122</g:posList></g:Arc>
      <g:LineStringSegment><g:posList>31 122 31 120</g:posList></g:LineStringSegment></g:segments></g:Curve>
      </g:curveMember></g:Ring></g:exterior></g:PolygonPatch></g:patches></g:Surface></a:geom></a:grid>
      </g:featureMember></c:FeatureCollection>)");
  const auto layers = read(file);
  ASSERT_TRUE(layers.ok()) << layers.error().message;
  EXPECT_EQ(layers->front().crs, "EPSG:4490");
  EXPECT_EQ(layers->front().features[0].note, "curves made linear");
  EXPECT_GT(layers->front().points.size(), 20u);
  EXPECT_GT(layers->front().points[0].x, 119) << "x is the longitude, whatever the order of the file";
}

TEST(data_source, points_and_tracks_are_told_to_be_no_polygons) {
  const test::TemporaryFolder folder;
  const std::string file = (folder / "a.gpx").string();
  write_bytes(file, R"(<?xml version="1.0"?><gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1">
      <wpt lat="31" lon="120"><name>a</name></wpt><trk><trkseg><trkpt lat="31" lon="120"/><trkpt lat="32" lon="120"/>
      </trkseg></trk></gpx>)");
  EXPECT_SAYS(refusal(file), "holds no polygons");
  EXPECT_SAYS(refusal(file), "of points and lines");
}

// Copies files into an archive by GDAL's own writer.
void zip(const std::string& archive, const std::vector<std::pair<std::string, std::string>>& members) {
  void* out = CPLCreateZip(archive.c_str(), nullptr);
  ASSERT_NE(out, nullptr);
  for (const auto& [name, content] : members) {
    ASSERT_EQ(CPLCreateFileInZip(out, name.c_str(), nullptr), CE_None);
    ASSERT_EQ(CPLWriteFileInZip(out, content.data(), static_cast<int>(content.size())), CE_None);
    CPLCloseFileInZip(out);
  }
  CPLCloseZip(out);
}

TEST(data_source, every_layer_file_of_an_archive_is_read) {
  const test::TemporaryFolder folder;
  TestLayer layer = nested("ESRI Shapefile");
  layer.options = {"ENCODING=GBK"};
  write_layer(folder / "a.shp", layer);
  std::vector<std::pair<std::string, std::string>> members;
  for (const char* extension : {".shp", ".shx", ".dbf", ".prj", ".cpg"}) {
    const std::string bytes = test::read_bytes(folder / (std::string("a") + extension));
    members.emplace_back(std::string("一/grids") + extension, bytes);
    members.emplace_back(std::string("two") + extension, bytes);
  }
  members.emplace_back("readme.txt", "nothing to see");
  zip((folder / "some.zip").string(), members);
  const auto layers = read((folder / "some.zip").string());
  ASSERT_TRUE(layers.ok()) << layers.error().message;
  ASSERT_EQ(layers->size(), 2u);
  EXPECT_EQ(layers->at(0).source, (folder / "some.zip").string());
  EXPECT_EQ(layers->at(0).layer + layers->at(1).layer, "twogrids");
  EXPECT_EQ(layers->at(0).features[0].name, "江阴市");
  EXPECT_EQ(layers->at(0).encoding, "GBK (by .cpg)");
  zip((folder / "none.zip").string(), {{"readme.txt", "x"}});
  EXPECT_SAYS(refusal((folder / "none.zip").string()), "holds no layer file");
}

TEST(data_source, a_packed_file_is_read) {
  const test::TemporaryFolder folder;
  write_layer(folder / "a.geojson", nested("GeoJSON"));
  const std::string bytes = test::read_bytes(folder / "a.geojson");
  const std::string packed = (folder / "a.geojson.gz").string();
  VSILFILE* out = VSIFOpenL(("/vsigzip/" + packed).c_str(), "wb");
  ASSERT_NE(out, nullptr);
  ASSERT_EQ(VSIFWriteL(bytes.data(), 1, bytes.size(), out), bytes.size());
  VSIFCloseL(out);
  expect_nested(read(packed), "gz");
  expect_nested(read("/vsigzip/" + packed), "vsigzip");
}

TEST(data_source, vector_tiles_are_web_mercator_by_their_place) {
  const test::TemporaryFolder folder;
  TestLayer layer = nested("MVT");
  layer.dataset_options = {"MINZOOM=9", "MAXZOOM=9", "COMPRESS=NO"};
  const std::string tiles = (folder / "tiles").string();
  write_layer(tiles, layer);
  const auto layers = read(tiles + "/9");
  ASSERT_TRUE(layers.ok()) << layers.error().message;
  EXPECT_EQ(layers->front().driver, "MVT");
  EXPECT_EQ(layers->front().crs, "EPSG:3857");
  EXPECT_SAYS(refusal(tiles), "is a folder");
}

// A server that would notice being asked.
class Listener {
 public:
  Listener() : m_socket(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    EXPECT_EQ(::bind(m_socket, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(::listen(m_socket, 16), 0);
    EXPECT_EQ(::getsockname(m_socket, reinterpret_cast<sockaddr*>(&address), &size), 0);
    m_address = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port));
  }
  ~Listener() { ::close(m_socket); }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  [[nodiscard]] const std::string& address() const { return m_address; }
  [[nodiscard]] bool was_asked() const {
    const int client = ::accept(m_socket, nullptr, nullptr);
    if (client >= 0) ::close(client);
    return client >= 0;
  }

 private:
  int m_socket;
  std::string m_address;
};

TEST(data_source, no_file_makes_the_program_ask_a_server_or_read_another_file) {
  const test::TemporaryFolder folder;
  const Listener listener;
  const std::string at = listener.address();
  write_layer(folder / "other.geojson", nested("GeoJSON"));
  struct File {
    std::string name, content;
  };
  const File files[] = {
      {"a.vrt", "<OGRVRTDataSource><OGRVRTLayer name='g'><SrcDataSource>/vsicurl/" + at +
                    "/a.geojson</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"},
      {"other.vrt",
       "<OGRVRTDataSource><OGRVRTLayer name='other'><SrcDataSource relativeToVRT='1'>other.geojson"
       "</SrcDataSource><SrcLayer>divisions</SrcLayer></OGRVRTLayer></OGRVRTDataSource>"},
      {"a.xml", "<OGRWFSDataSource><URL>" + at + "/wfs</URL></OGRWFSDataSource>"},
      {"a.gml",
       "<?xml version='1.0'?><c:FeatureCollection xmlns:c='http://www.opengis.net/wfs' "
       "xmlns:g='http://www.opengis.net/gml' xmlns:a='http://example.org/a' "
       "xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xmlns:x='http://www.w3.org/1999/xlink' "
       "xsi:schemaLocation='http://example.org/a " +
           at +
           "/a.xsd'><g:featureMember><a:grid><a:code>1</a:code>"
           "<a:up x:href='" +
           at + "/b.gml#p'/></a:grid></g:featureMember></c:FeatureCollection>"},
      {"a.kml", "<?xml version='1.0'?><kml xmlns='http://www.opengis.net/kml/2.2'><Document><NetworkLink><Link><href>" +
                    at + "/b.kml</href></Link></NetworkLink><Placemark><styleUrl>" + at +
                    "/s.kml#s</styleUrl><Point><coordinates>1,2</coordinates></Point></Placemark></Document></kml>"},
      {"a.geojson", "{\"type\":\"FeatureCollection\",\"crs\":{\"type\":\"link\",\"properties\":{\"href\":\"" + at +
                        "/crs\",\"type\":\"ogcwkt\"}},\"features\":[]}"},
      {"b.geojson", at + "/c.geojson"},
      {"a.csv", "WKT\n" + at + "/a.csv\n"},
      {"a.gfs.gml", "<a/>"},
  };
  for (const File& file : files) {
    write_bytes(folder / file.name, file.content);
    const std::string text = refusal((folder / file.name).string());
    EXPECT_FALSE(listener.was_asked()) << file.name << ": " << text;
  }
  EXPECT_SAYS(refusal((folder / "other.vrt").string()), "name those themselves");
  EXPECT_SAYS(refusal(at + "/a.geojson"), "no such file");
  EXPECT_FALSE(listener.was_asked());
}

TEST(data_source, passwords_are_never_shown) {
  struct Case {
    const char *source, *shown;
  };
  for (const Case& c : {
           Case{"PG:host=h password=secret dbname=d", "PG:host=h password=*** dbname=d"},
           Case{"PG:host=h password = 'se cret' user=u", "PG:host=h password = '***' user=u"},
           Case{"PG:dbname=d password='it\\'s'", "PG:dbname=d password='***'"},
           Case{"PG:postgresql://u:secret@h:5432/d", "PG:postgresql://u:***@h:5432/d"},
           Case{"postgresql://u:p@ss@h/d", "postgresql://u:***@h/d"},
           Case{"WFS:http://u:secret@h/wfs?token=abc&x=1", "WFS:http://u:***@h/wfs?token=***&x=1"},
           Case{"MYSQL:d,user=u,password=secret,host=h", "MYSQL:d,user=u,password=***,host=h"},
           Case{"MSSQL:server=h;PWD=secret;database=d", "MSSQL:server=h;PWD=***;database=d"},
           Case{"WFS:http://h/wfs?x=1", "WFS:http://h/wfs?x=1"},
       }) {
    EXPECT_EQ(name_source(c.source).shown, c.shown);
  }
  const std::string text = refusal("PG:host=/no/such/folder password=verysecret dbname=verysecret connect_timeout=1");
  EXPECT_EQ(text.find("verysecret"), std::string::npos) << text;
  EXPECT_SAYS(text, "the service cannot be opened");
}

}  // namespace
}  // namespace gridwall::geo
