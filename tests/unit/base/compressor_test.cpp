#include "base/compressor.hpp"

#include <gtest/gtest.h>

#include "base/hash.hpp"

namespace gridwall::base {
namespace {

TEST(Compressor, bytes_come_back_as_they_were) {
  Compressor compressor;
  Decompressor decompressor;
  std::string bytes;
  for (const std::string& text : {std::string(), std::string("a"), std::string(1 << 20, 'z')}) {
    const std::string frame = compressor.compress(text);
    ASSERT_TRUE(decompressor.decompress(frame, text.size(), bytes).ok());
    EXPECT_EQ(bytes, text);
  }
}

TEST(Compressor, a_frame_with_more_inside_than_the_limit_is_refused) {
  const std::string frame = Compressor().compress(std::string(1000, 'z'));
  std::string bytes = "old";
  const auto status = Decompressor().decompress(frame, 999, bytes);
  ASSERT_FALSE(status.ok());
  EXPECT_NE(status.error().message.find("1000 bytes inside, at most 999"), std::string::npos);
  EXPECT_TRUE(bytes.empty());
}

TEST(Compressor, what_is_no_frame_is_refused) {
  std::string bytes;
  const std::string frame = Compressor().compress("some text that is long enough to be cut in the middle");
  EXPECT_FALSE(Decompressor().decompress("", 100, bytes).ok());
  EXPECT_FALSE(Decompressor().decompress("no frame", 100, bytes).ok());
  for (std::size_t size = 0; size < frame.size(); ++size) {
    EXPECT_FALSE(Decompressor().decompress(frame.substr(0, size), 100, bytes).ok()) << size;
  }
}

TEST(ContentAddress, is_the_canonical_xxh3_of_128_bits) {
  // xxhsum -H2 of no bytes and of "abc".
  const auto text = [](std::string_view bytes) {
    std::string hex;
    for (const std::uint8_t byte : content_address(bytes)) hex += fmt::format("{:02x}", byte);
    return hex;
  };
  EXPECT_EQ(text(""), "99aa06d3014798d86001c324468d497f");
  EXPECT_EQ(text("abc"), "06b05ab6733a618578af5f94892f3950");
}

}  // namespace
}  // namespace gridwall::base
