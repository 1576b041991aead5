#include "journal/chunk_codec.hpp"

#include "journal_support.hpp"

namespace gridwall::journal {
namespace {

std::string encode(const std::vector<Record>& all) {
  ChunkBuilder builder;
  for (const Record& one : all) builder.add(one);
  std::string chunk;
  builder.finish(chunk);
  return chunk;
}

TEST(ChunkCodec, records_come_back_as_they_were) {
  std::vector<Record> all = records(41, 500);
  all[3].header.clear();
  all[4].header = "abc";
  all[5].header = "abd";
  all[6].header = std::string(kHeaderBytesMax, 'h');
  all[7].header = std::string(kHeaderBytesMax, 'i');
  all[8].body.clear();
  all[9].topic.clear();
  all[10].body = std::string(300'000, 'b');
  all[11].state_time = all[10].state_time;
  std::vector<Record> read;
  const auto status = ChunkReader().read(encode(all), read);
  ASSERT_TRUE(status.ok()) << status.error().message;
  EXPECT_EQ(read, all);
}

TEST(ChunkCodec, a_builder_and_a_reader_forget_the_chunk_before) {
  ChunkBuilder builder;
  ChunkReader reader;
  std::string chunk;
  std::vector<Record> read;
  for (const std::uint64_t first : {1, 1000, 5}) {
    const auto all = records(first, 20);
    for (const Record& one : all) builder.add(one);
    builder.finish(chunk);
    EXPECT_EQ(chunk, encode(all));
    ASSERT_TRUE(reader.read(chunk, read).ok());
    EXPECT_EQ(read, all);
  }
}

TEST(ChunkCodec, headers_that_differ_by_a_little_are_mostly_zeros) {
  const std::string chunk = encode(records(1, 200));
  const auto zeros = std::count(chunk.begin(), chunk.end(), '\0');
  EXPECT_GT(zeros, 200 * 60);
}

TEST(ChunkCodec, a_chunk_cut_anywhere_is_refused) {
  const std::string chunk = encode(records(1, 5));
  std::vector<Record> read;
  for (std::size_t size = 0; size < chunk.size(); ++size) {
    const auto status = ChunkReader().read(chunk.substr(0, size), read);
    ASSERT_FALSE(status.ok()) << size;
    EXPECT_TRUE(read.empty());
    EXPECT_TRUE(status.error().message.starts_with("chunk of events: ")) << status.error().message;
  }
  EXPECT_FALSE(ChunkReader().read(chunk + "x", read).ok());
}

TEST(ChunkCodec, another_version_is_refused_by_its_number) {
  std::string chunk = encode(records(1, 1));
  chunk[0] = 9;
  std::vector<Record> read;
  const auto status = ChunkReader().read(chunk, read);
  ASSERT_FALSE(status.ok());
  EXPECT_NE(status.error().message.find("version 9, version 1 is understood"), std::string::npos);
}

TEST(ChunkCodec, a_count_that_its_bytes_cannot_hold_takes_no_memory) {
  std::string chunk = encode(records(1, 1));
  for (int i = 1; i <= 4; ++i) chunk[static_cast<std::size_t>(i)] = '\xff';
  std::vector<Record> read;
  EXPECT_FALSE(ChunkReader().read(chunk, read).ok());
  EXPECT_EQ(read.capacity(), 0u);
}

TEST(ChunkCodec, the_example_of_the_rooms_page_is_what_is_written) {
  Record one;
  one.sequence = 5;
  one.topic = "a/";
  one.body = "{}";
  std::string hex;
  for (const char byte : encode({one})) hex += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  EXPECT_EQ(hex,
            "010100000005000000000000000000000000000000040000000200000000000000020000000002000"
            "2612f7b7d");
}

}  // namespace
}  // namespace gridwall::journal
