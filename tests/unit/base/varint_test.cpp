#include "base/varint.hpp"

#include <gtest/gtest.h>

namespace gridwall::base {
namespace {

TEST(Varint, numbers_of_any_size_come_back) {
  for (const std::uint64_t number : {0ull, 1ull, 127ull, 128ull, 16'383ull, 16'384ull, ~0ull, 1ull << 63}) {
    std::string bytes;
    put_varint(bytes, number);
    put_signed_varint(bytes, static_cast<std::int64_t>(number));
    NumberReader reader(bytes);
    EXPECT_EQ(reader.varint(), number);
    EXPECT_EQ(reader.signed_varint(), static_cast<std::int64_t>(number));
    EXPECT_FALSE(reader.bad());
    EXPECT_TRUE(reader.rest().empty());
  }
  NumberReader endless(std::string_view("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 11));
  EXPECT_EQ(endless.varint(), 0u);
  EXPECT_TRUE(endless.bad());
}

}  // namespace
}  // namespace gridwall::base
