// Layer files in memory: whatever GDAL makes of the bytes, the reader gives layers that hold together, in clean UTF-8,
// or one sentence. The first byte chooses the format: those whose drivers stand it; GDAL itself is not under test.
#include <cpl_vsi.h>

#include <algorithm>
#include <bit>
#include <string>

#include "base/assert.hpp"
#include "fuzz_entry.hpp"
#include "geo/layer_reader.hpp"
#include "geo/text_encoding.hpp"

namespace gridwall {
namespace {

constexpr const char* kFormats[] = {"geojson", "topojson", "csv", "geojsonl", "dbf", "shp", "gpkg", "fgb"};

void check_layer(const geo::RawLayer& layer) {
  ASSERT(layer.points.size() <= 0xFFFFFFFFu, "indices have 32 bits");
  std::uint32_t ring = 0, point = 0;
  std::uint64_t bare_count = 0;
  for (const geo::RawFeature& feature : layer.features) {
    ASSERT(feature.ring_begin == ring && feature.ring_end >= ring, "rings of features must follow one another");
    ring = feature.ring_end;
    bare_count += feature.ring_begin == feature.ring_end;
    for (const std::string* text : {&feature.code, &feature.name, &feature.parent_code, &feature.kind, &feature.note}) {
      ASSERT(geo::clean_utf8(*text) == *text, "not clean: {}", *text);
    }
  }
  ASSERT(ring == layer.rings.size() && bare_count == layer.without_polygon_count, "{} of {}", ring, layer.rings.size());
  for (const geo::RawRing& one : layer.rings) {
    ASSERT(one.begin == point && one.end >= one.begin + 3, "{} {} {}", point, one.begin, one.end);
    point = one.end;
  }
  ASSERT(point == layer.points.size(), "{} of {}", point, layer.points.size());
  for (const std::string* text :
       {&layer.layer, &layer.encoding, &layer.code_field, &layer.name_field, &layer.crs_name}) {
    ASSERT(geo::is_utf8(*text), "no UTF-8");
  }
}

class MemoryFile {
 public:
  MemoryFile(std::string name, const std::string& bytes) : m_name(std::move(name)), m_bytes(bytes) {
    VSIFCloseL(VSIFileFromMemBuffer(m_name.c_str(), reinterpret_cast<GByte*>(m_bytes.data()), m_bytes.size(), FALSE));
  }
  ~MemoryFile() { VSIUnlink(m_name.c_str()); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

 private:
  std::string m_name, m_bytes;
};

template <typename T>
std::string raw(T value, bool big = false) {
  std::string bytes(reinterpret_cast<const char*>(&value), sizeof(T));
  if (big != (std::endian::native == std::endian::big)) std::reverse(bytes.begin(), bytes.end());
  return bytes;
}

constexpr std::uint32_t kRecordBytes = 4 + 32 + 8 + 4 + 4 * 16, kRecordCount = 2;

std::string shapefile_head(std::size_t bytes) {
  return raw(9994u, true) + std::string(20, '\0') + raw(static_cast<std::uint32_t>(bytes / 2), true) + raw(1000u) +
         raw(5u) + std::string(64, '\0');
}

// Two triangles: the table that the fuzzer gives has shapes to belong to.
std::string whole_shapes() {
  std::string bytes = shapefile_head(100 + kRecordCount * (8 + kRecordBytes));
  for (std::uint32_t i = 0; i < kRecordCount; ++i) {
    bytes +=
        raw(i + 1, true) + raw(kRecordBytes / 2, true) + raw(5u) + std::string(32, '\0') + raw(1u) + raw(4u) + raw(0u);
    for (const double number : {0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 0.0, 0.0}) bytes += raw(number);
  }
  return bytes;
}

// Of records as large as `record_bytes`.
std::string index_of(std::uint32_t record_bytes) {
  std::string bytes = shapefile_head(100 + kRecordCount * 8);
  for (std::uint32_t i = 0; i < kRecordCount; ++i) {
    bytes += raw(50 + i * (8 + record_bytes) / 2, true) + raw(record_bytes / 2, true);
  }
  return bytes;
}

}  // namespace
}  // namespace gridwall

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace gridwall;
  if (size == 0) return 0;
  const std::string format = kFormats[data[0] % std::size(kFormats)];
  const bool table = format == "dbf";
  const std::string folder = "/vsimem/fuzz/";
  const MemoryFile file(folder + "a." + format, std::string(fuzz::as_text(data + 1, size - 1)));
  // A Shapefile is three files: those that the fuzzer does not give stand beside its own.
  constexpr std::uint32_t kSeedRecordBytes = 128;  // of corpus/layer_reader/shapes.shp
  const MemoryFile shapes(folder + (table ? "a.shp" : "none.shp"), whole_shapes());
  const MemoryFile index(folder + (table || format == "shp" ? "a.shx" : "none.shx"),
                         index_of(table ? kRecordBytes : kSeedRecordBytes));
  geo::LayerQuery query;
  query.source = folder + (table ? "a.shp" : "a." + format);
  query.reading.crs = "EPSG:4490";
  const auto layers = geo::read_layers(query);
  if (!layers.ok()) {
    ASSERT(!layers.error().message.empty(), "a failure without a sentence");
    ASSERT(geo::clean_utf8(layers.error().message) == layers.error().message, "{}", layers.error().message);
    return 0;
  }
  for (const geo::RawLayer& layer : *layers) check_layer(layer);
  return 0;
}
