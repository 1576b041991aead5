// The header's bytes: round trip, the end never overrun, other versions refused.
#include "wire/feed_header.hpp"

#include <gtest/gtest.h>

namespace gridwall::wire {
namespace {

FeedHeader some_header() {
  FeedHeader header;
  for (std::size_t i = 0; i < header.journal.size(); ++i) header.journal[i] = static_cast<std::uint8_t>(0xf0 + i);
  header.epoch = 0xfedcba9876543210;
  header.sequence = 258;
  header.state_time = base::UtcTime(base::Duration(-5));
  header.sent_at = std::chrono::nanoseconds(123456789);
  header.durable_through = 7;
  header.previous = {257, 255, 0};
  return header;
}

TEST(FeedHeader, comes_back_equal) {
  const FeedHeader header = some_header();
  const auto decoded = decode_feed_header(encode_feed_header(header));
  ASSERT_TRUE(decoded.ok()) << decoded.error().message;
  EXPECT_EQ(*decoded, header);
}

TEST(FeedHeader, is_little_endian_with_fixed_places) {
  const std::string bytes = encode_feed_header(some_header());
  ASSERT_EQ(bytes.size(), 68u + 3 * 8);
  EXPECT_EQ(bytes.substr(0, 8), std::string("GWFH\x01\x00\x00\x00", 8));
  EXPECT_EQ(bytes.substr(24, 8), "\x10\x32\x54\x76\x98\xba\xdc\xfe");
  EXPECT_EQ(bytes.substr(32, 8), std::string("\x02\x01\x00\x00\x00\x00\x00\x00", 8));
  EXPECT_EQ(bytes.substr(64, 4), std::string("\x03\x00\x00\x00", 4));
}

TEST(FeedHeader, any_cut_or_longer_form_is_refused) {
  const std::string bytes = encode_feed_header(some_header());
  for (std::size_t i = 0; i < bytes.size(); ++i) EXPECT_FALSE(decode_feed_header(bytes.substr(0, i)).ok()) << i;
  EXPECT_FALSE(decode_feed_header(bytes + "x").ok());
}

TEST(FeedHeader, a_lying_count_is_refused) {
  std::string bytes = encode_feed_header(some_header());
  for (const int index : {64, 65, 66, 67}) {
    std::string lying = bytes;
    lying[static_cast<std::size_t>(index)] = '\xff';
    EXPECT_FALSE(decode_feed_header(lying).ok()) << index;
  }
}

TEST(FeedHeader, another_version_is_refused_by_a_message_that_names_both) {
  std::string bytes = encode_feed_header(some_header());
  bytes[4] = 9;
  const auto decoded = decode_feed_header(bytes);
  ASSERT_FALSE(decoded.ok());
  EXPECT_EQ(decoded.error().code, base::ErrorCode::Unsupported);
  EXPECT_NE(decoded.error().message.find("version 9"), std::string::npos) << decoded.error().message;
  EXPECT_NE(decoded.error().message.find("version 1"), std::string::npos);
}

TEST(FeedHeader, a_monotonic_time_that_would_overflow_is_refused) {
  FeedHeader header = some_header();
  header.sent_at = base::Duration::max();
  EXPECT_FALSE(decode_feed_header(encode_feed_header(header)).ok());
}

TEST(FeedHeader, journal_ids_are_text_of_32_digits) {
  const JournalId journal = some_header().journal;
  EXPECT_EQ(journal_text(journal), "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff");
  EXPECT_EQ(*parse_journal(journal_text(journal)), journal);
  EXPECT_FALSE(parse_journal("f0").ok());
  EXPECT_FALSE(parse_journal("g0f1f2f3f4f5f6f7f8f9fafbfcfdfeff").ok());
}

}  // namespace
}  // namespace gridwall::wire
