#include "geo/wkb_reader.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>

namespace gridwall::geo {
namespace {

// Bytes of a geometry in one byte order.
struct Writer {
  std::vector<std::uint8_t> bytes;
  bool big = false;
  std::size_t dimensions = 2;

  template <typename T>
  Writer& put(T value) {
    std::uint8_t raw[sizeof(T)];
    std::memcpy(raw, &value, sizeof(T));
    if (big != (std::endian::native == std::endian::big)) std::reverse(std::begin(raw), std::end(raw));
    bytes.insert(bytes.end(), std::begin(raw), std::end(raw));
    return *this;
  }
  Writer& head(std::uint32_t type) {
    bytes.push_back(big ? 0 : 1);
    return put(type);
  }
  Writer& points(const std::vector<base::Vec2d>& points) {
    put(static_cast<std::uint32_t>(points.size()));
    for (const base::Vec2d p : points) {
      put(p.x).put(p.y);
      for (std::size_t d = 2; d < dimensions; ++d) put(99.0);
    }
    return *this;
  }
};

const std::vector<base::Vec2d> kSquare{{0, 0}, {4, 0}, {4, 4}, {0, 4}, {0, 0}};
const std::vector<base::Vec2d> kHole{{1, 1}, {1, 2}, {2, 2}, {1, 1}};

struct Outcome {
  WkbVerdict verdict;
  RawLayer layer;
  GeometryLosses losses;
};

Outcome read(const std::vector<std::uint8_t>& bytes, double step = 0) {
  Outcome outcome{};
  outcome.verdict = read_wkb_polygons(bytes, outcome.layer, outcome.losses, step);
  return outcome;
}

TEST(wkb_reader, polygons_come_in_either_byte_order_with_any_dimensions) {
  struct Kind {
    std::uint32_t flags;
    std::size_t dimensions;
    bool srid;
  };
  for (const bool big : {false, true}) {
    for (const Kind& kind : {Kind{0, 2, false}, Kind{1000, 3, false}, Kind{2000, 3, false}, Kind{3000, 4, false},
                             Kind{0x80000000, 3, false}, Kind{0x40000000, 3, false}, Kind{0xC0000000, 4, false},
                             Kind{0xA0000000, 3, true}}) {
      Writer writer{{}, big, kind.dimensions};
      writer.head(3 + kind.flags);
      if (kind.srid) writer.put(std::uint32_t{4490});
      writer.put(std::uint32_t{2}).points(kSquare).points(kHole);
      const Outcome outcome = read(writer.bytes);
      ASSERT_EQ(outcome.verdict, WkbVerdict::Read) << kind.flags;
      ASSERT_EQ(outcome.layer.rings.size(), 2u);
      EXPECT_EQ(outcome.layer.points.size(), 7u);
      EXPECT_EQ(outcome.layer.points[2], (base::Vec2d{4, 4}));
      EXPECT_FALSE(outcome.layer.rings[0].is_hole);
      EXPECT_TRUE(outcome.layer.rings[1].is_hole);
      EXPECT_EQ(outcome.layer.polygon_count, 1u);
    }
  }
}

TEST(wkb_reader, collections_give_their_polygons_and_nothing_else) {
  for (const std::uint32_t outer : {6u, 7u, 15u, 16u}) {
    Writer writer;
    writer.head(outer).put(std::uint32_t{4});
    writer.head(3).put(std::uint32_t{1}).points(kSquare);
    writer.head(2).points(kHole);
    writer.head(1).put(1.0).put(2.0);
    writer.head(17).put(std::uint32_t{1}).points(kHole);
    const Outcome outcome = read(writer.bytes);
    ASSERT_EQ(outcome.verdict, WkbVerdict::Read) << outer;
    EXPECT_EQ(outcome.layer.polygon_count, 2u);
    EXPECT_EQ(outcome.layer.rings.size(), 2u);
  }
}

TEST(wkb_reader, on_a_grid_what_falls_together_goes_and_what_is_left_lies_on_it) {
  Writer writer;
  writer.head(6).put(std::uint32_t{2});
  writer.head(3).put(std::uint32_t{2});
  writer.points({{0.1, 0}, {2.2, -0.2}, {4.1, 0.1}, {4.2, 0.3}, {4, 3.9}, {0, 4.4}, {0.1, 0}});
  writer.points({{1, 1}, {1, 1.2}, {1.2, 1}, {1, 1}});
  writer.head(3).put(std::uint32_t{2}).points({{9, 9}, {9.3, 9}, {9, 9.3}, {9, 9}}).points(kSquare);
  const Outcome outcome = read(writer.bytes, 1.0);
  ASSERT_EQ(outcome.verdict, WkbVerdict::Read);
  EXPECT_EQ(outcome.layer.points, (std::vector<base::Vec2d>{{0, 0}, {2, 0}, {4, 0}, {4, 4}, {0, 4}}));
  ASSERT_EQ(outcome.layer.rings.size(), 1u) << "neither the hole that is a point nor the part that is one";
  EXPECT_EQ(outcome.layer.polygon_count, 1u);
  EXPECT_EQ(outcome.losses.ring_count, 0u) << "being small is no fault";
  // A grid of another width, and numbers that are none.
  Writer odd;
  odd.head(3).put(std::uint32_t{1});
  odd.points({{0, 0}, {std::numeric_limits<double>::quiet_NaN(), 1}, {4, 0}, {4, 4}, {0, 0}});
  const Outcome coarse = read(odd.bytes, 2.5);
  EXPECT_EQ(coarse.layer.points, (std::vector<base::Vec2d>{{0, 0}, {5, 0}, {5, 5}}));
  EXPECT_EQ(coarse.losses.point_count, 1u);
}

TEST(wkb_reader, what_is_no_ring_or_no_number_is_left_out_and_counted) {
  const double nan = std::numeric_limits<double>::quiet_NaN(), inf = std::numeric_limits<double>::infinity();
  Writer writer;
  writer.head(6).put(std::uint32_t{3});
  writer.head(3).put(std::uint32_t{1}).points({{0, 0}, {nan, 1}, {4, 0}, {1e308, 4}, {4, 4}, {2, -inf}, {0, 0}});
  writer.head(3).put(std::uint32_t{2}).points({{0, 0}, {1, 1}, {0, 0}}).points(kHole);
  writer.head(3).put(std::uint32_t{3}).points(kSquare).points({{0, 0}, {nan, nan}}).points(kHole);
  const Outcome outcome = read(writer.bytes);
  ASSERT_EQ(outcome.verdict, WkbVerdict::Read);
  EXPECT_EQ(outcome.losses.point_count, 4u);
  EXPECT_EQ(outcome.losses.ring_count, 2u);
  EXPECT_EQ(outcome.layer.polygon_count, 2u);
  ASSERT_EQ(outcome.layer.rings.size(), 3u) << "a hole without its shell is no ring";
  EXPECT_EQ(outcome.layer.rings[0].end - outcome.layer.rings[0].begin, 3u);
}

TEST(wkb_reader, curves_are_left_to_gdal_and_nothing_is_taken_of_them) {
  for (const std::uint32_t type : {8u, 9u, 10u, 11u, 12u, 13u, 14u, 1010u}) {
    Writer writer;
    writer.head(7).put(std::uint32_t{2});
    writer.head(3).put(std::uint32_t{1}).points(kSquare);
    writer.head(type).put(std::uint32_t{0});
    const Outcome outcome = read(writer.bytes);
    EXPECT_EQ(outcome.verdict, WkbVerdict::Curved) << type;
    EXPECT_TRUE(outcome.layer.points.empty());
    EXPECT_TRUE(outcome.layer.rings.empty());
    EXPECT_EQ(outcome.layer.polygon_count, 0u);
  }
}

TEST(wkb_reader, every_beginning_of_a_geometry_is_broken_and_leaves_the_layer_as_it_was) {
  Writer writer;
  writer.head(6).put(std::uint32_t{2});
  writer.head(3).put(std::uint32_t{2}).points(kSquare).points(kHole);
  writer.head(3).put(std::uint32_t{1}).points(kSquare);
  ASSERT_EQ(read(writer.bytes).verdict, WkbVerdict::Read);
  for (std::size_t size = 0; size < writer.bytes.size(); ++size) {
    const std::vector<std::uint8_t> start(writer.bytes.begin(),
                                          writer.bytes.begin() + static_cast<std::ptrdiff_t>(size));
    const Outcome outcome = read(start);
    ASSERT_EQ(outcome.verdict, WkbVerdict::Broken) << size;
    EXPECT_TRUE(outcome.layer.points.empty() && outcome.layer.rings.empty() && outcome.layer.polygon_count == 0);
  }
}

TEST(wkb_reader, counts_that_lie_and_nesting_without_end_are_broken) {
  for (const std::uint32_t lie : {1'000'000'000u, 0xFFFFFFFFu, 0x20000000u}) {
    for (const std::uint32_t type : {2u, 3u, 4u, 5u, 6u, 7u, 15u, 16u, 17u}) {
      EXPECT_EQ(read(Writer{}.head(type).put(lie).bytes).verdict, WkbVerdict::Broken) << type;
    }
    EXPECT_EQ(read(Writer{}.head(3).put(std::uint32_t{1}).put(lie).bytes).verdict, WkbVerdict::Broken);
  }
  Writer deep;
  for (int i = 0; i < 100'000; ++i) deep.head(7).put(std::uint32_t{1});
  deep.head(3).put(std::uint32_t{1}).points(kSquare);
  EXPECT_EQ(read(deep.bytes).verdict, WkbVerdict::Broken);
  EXPECT_EQ(read(Writer{}.head(99).bytes).verdict, WkbVerdict::Broken);
  EXPECT_EQ(read(Writer{}.head(4003).bytes).verdict, WkbVerdict::Broken);
  EXPECT_EQ(read({2, 3, 0, 0, 0, 0, 0, 0, 0}).verdict, WkbVerdict::Broken);
  EXPECT_EQ(read({}).verdict, WkbVerdict::Broken);
}

}  // namespace
}  // namespace gridwall::geo
