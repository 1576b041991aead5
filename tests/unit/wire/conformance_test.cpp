// Exact bytes beside their description (tests/data/wire), for this implementation and any other.
#include <gtest/gtest.h>

#include <filesystem>

#include "base/text_file.hpp"
#include "wire/event_codec.hpp"
#include "wire/message_fields.hpp"
#include "wire/sync_messages.hpp"

namespace gridwall::wire {
namespace {

const std::filesystem::path kFolder = std::filesystem::path(GRIDWALL_SOURCE_DIR) / "tests/data/wire";

std::string read(const std::string& name) {
  auto text = base::read_text_file(kFolder / name);
  EXPECT_TRUE(text.ok()) << name;
  return text.ok() ? *text : std::string();
}

std::string without_newline(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

std::string bytes_of_hex(const std::string& hex) {
  std::string bytes, digits;
  for (const char c : hex) {
    if (std::isxdigit(static_cast<unsigned char>(c)) != 0) digits += c;
  }
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
  }
  return bytes;
}

FeedHeader described_header(const std::string& name) {
  JsonDocument document(kControlBytesMax, kControlDepthMax);
  const auto object = parse_object(document, read(name), name);
  EXPECT_TRUE(object.ok()) << name;
  FieldReader fields(*object, name);
  FeedHeader header;
  header.journal = fields.journal("journal");
  header.epoch = fields.hex("epoch");
  header.sequence = fields.count("sequence");
  header.state_time = fields.time("state_time");
  header.sent_at = fields.nanoseconds("sent_at");
  header.durable_through = fields.count("durable_through");
  for (const JsonView& item : object->find("previous")->items()) {
    header.previous.push_back(item.unsigned_integer().value());
  }
  EXPECT_TRUE(fields.status().ok()) << name;
  return header;
}

TEST(Conformance, headers_have_exactly_the_bytes_of_their_description) {
  for (const std::string name : {"header_first", "header_grid", "header_own_leaf"}) {
    const FeedHeader header = described_header(name + ".json");
    const std::string bytes = bytes_of_hex(read(name + ".hex"));
    EXPECT_EQ(encode_feed_header(header), bytes) << name;
    const auto decoded = decode_feed_header(bytes);
    ASSERT_TRUE(decoded.ok()) << name << ": " << decoded.error().message;
    EXPECT_EQ(*decoded, header) << name;
  }
}

TEST(Conformance, canonical_events_are_written_as_they_were_read) {
  for (const char* name : {"event_minimal.json", "event_full.json", "event_step.json", "event_alert.json"}) {
    const std::string text = without_newline(read(name));
    const auto event = decode_feed_event(text);
    ASSERT_TRUE(event.ok()) << name << ": " << event.error().message;
    EXPECT_EQ(encode_event(*event), text) << name;
  }
}

TEST(Conformance, a_heartbeat_is_written_as_it_was_read) {
  const std::string text = without_newline(read("heartbeat.json"));
  const auto heartbeat = decode_heartbeat(text);
  ASSERT_TRUE(heartbeat.ok()) << heartbeat.error().message;
  EXPECT_EQ(encode_heartbeat(*heartbeat), text);
}

TEST(Conformance, a_heartbeat_of_a_hub_without_digests_and_sync_is_read_too) {
  const auto heartbeat = decode_heartbeat(without_newline(read("heartbeat_plain.json")));
  ASSERT_TRUE(heartbeat.ok()) << heartbeat.error().message;
  EXPECT_EQ(heartbeat->feed_sequence, 0u);
  EXPECT_EQ(heartbeat->rules_hash, 0u);
}

TEST(Conformance, syncs_asks_are_written_as_they_were_read) {
  for (const char* name : {"sync_ask.json", "sync_credit.json", "sync_stop.json"}) {
    const std::string text = without_newline(read(name));
    const auto ask = decode_sync_ask(text);
    ASSERT_TRUE(ask.ok()) << name << ": " << ask.error().message;
    EXPECT_EQ(encode_sync_ask(*ask), text) << name;
  }
}

TEST(Conformance, syncs_answers_without_a_payload_are_written_as_they_were_read) {
  for (const char* name : {"sync_begin.json", "sync_end.json", "sync_refused.json"}) {
    const std::string text = without_newline(read(name));
    const auto answer = decode_sync_answer(text, {});
    ASSERT_TRUE(answer.ok()) << name << ": " << answer.error().message;
    EXPECT_EQ(encode_sync_answer(*answer).head, text) << name;
    EXPECT_EQ(encode_sync_answer(*answer).payload, "") << name;
  }
}

// How zstd packs is its own affair; what comes out is ours.
TEST(Conformance, syncs_pieces_unpack_to_exactly_their_bytes) {
  const auto piece = [](const std::string& name) {
    auto answer = decode_sync_answer(without_newline(read(name + ".json")), bytes_of_hex(read(name + ".hex")));
    EXPECT_TRUE(answer.ok()) << name << (answer.ok() ? "" : answer.error().message);
    EXPECT_EQ(encode_sync_piece_head(std::get<SyncPiece>(*answer)), without_newline(read(name + ".json")));
    return std::get<SyncPiece>(*answer);
  };
  EXPECT_EQ(piece("sync_piece").bytes, "the part's bytes");
  const std::string bytes = bytes_of_hex(read("sync_events_unpacked.hex"));
  EXPECT_EQ(piece("sync_events").bytes, bytes);
  const auto messages = read_sync_events(bytes);
  ASSERT_TRUE(messages.ok());
  std::string again;
  for (const FeedMessageView& message : *messages) {
    EXPECT_TRUE(decode_feed_header(message.header).ok());
    append_sync_event(again, message);
  }
  EXPECT_EQ(messages->size(), 2u);
  EXPECT_EQ(again, bytes);
}

}  // namespace
}  // namespace gridwall::wire
