// Exact bytes beside their description (tests/data/wire), for this implementation and any other.
#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <vector>

#include "base/text_file.hpp"
#include "wire/answers.hpp"
#include "wire/control.hpp"
#include "wire/event_codec.hpp"
#include "wire/message_fields.hpp"
#include "wire/requests.hpp"
#include "wire/sync_messages.hpp"
#include "wire/topics.hpp"

namespace gridwall::wire {
namespace {

const std::filesystem::path kFolder = std::filesystem::path(GRIDWALL_SOURCE_DIR) / "tests/data/wire";

// The examples by what is done with them; the others are named in their tests.
const std::vector<std::string> kHeaders{"header_first", "header_grid", "header_own_leaf"};
const std::vector<std::string> kEvents{"event_minimal", "event_full",          "event_located",   "event_step",
                                       "event_alert",   "event_alert_cleared", "event_moved_out", "event_moved_in",
                                       "event_derived", "event_site",          "event_metric",    "event_task",
                                       "event_notice"};
const std::vector<std::string> kControls{
    "control_play", "control_pause",    "control_max",           "control_rate", "control_seek_time", "control_step",
    "control_loop", "control_loop_off", "control_seek_sequence", "control_skip", "control_bookmark"};
const std::vector<std::string> kSyncAsks{"sync_ask", "sync_credit", "sync_stop"};
const std::vector<std::string> kSyncAnswers{"sync_begin", "sync_end", "sync_refused"};

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
  for (const std::string& name : kHeaders) {
    const FeedHeader header = described_header(name + ".json");
    const std::string bytes = bytes_of_hex(read(name + ".hex"));
    EXPECT_EQ(encode_feed_header(header), bytes) << name;
    const auto decoded = decode_feed_header(bytes);
    ASSERT_TRUE(decoded.ok()) << name << ": " << decoded.error().message;
    EXPECT_EQ(*decoded, header) << name;
  }
}

TEST(Conformance, canonical_events_are_written_as_they_were_read) {
  for (const std::string& name : kEvents) {
    const std::string text = without_newline(read(name + ".json"));
    const auto event = decode_feed_event(text);
    ASSERT_TRUE(event.ok()) << name << ": " << event.error().message;
    EXPECT_EQ(encode_event(*event), text) << name;
  }
}

TEST(Conformance, heartbeats_and_the_clock_are_written_as_they_were_read) {
  for (const char* name : {"heartbeat.json", "heartbeat_replay.json"}) {
    const std::string text = without_newline(read(name));
    const auto heartbeat = decode_heartbeat(text);
    ASSERT_TRUE(heartbeat.ok()) << name << ": " << heartbeat.error().message;
    EXPECT_EQ(encode_heartbeat(*heartbeat), text) << name;
  }
  const std::string text = without_newline(read("clock.json"));
  const auto beacon = decode_clock_beacon(text);
  ASSERT_TRUE(beacon.ok()) << beacon.error().message;
  EXPECT_EQ(encode_clock_beacon(*beacon), text);
}

TEST(Conformance, a_heartbeat_of_a_hub_without_digests_and_sync_is_read_too) {
  const auto heartbeat = decode_heartbeat(without_newline(read("heartbeat_plain.json")));
  ASSERT_TRUE(heartbeat.ok()) << heartbeat.error().message;
  EXPECT_EQ(heartbeat->feed_sequence, 0u);
  EXPECT_EQ(heartbeat->rules_hash, 0u);
}

TEST(Conformance, what_a_publisher_sends_is_taken_as_described) {
  const DecodedBatch least = decode_events(read("publish_minimal.json"));
  ASSERT_EQ(least.elements.size(), 1u);
  EXPECT_TRUE(std::holds_alternative<model::Event>(least.elements[0]));

  const std::string command = without_newline(read("publish_command.json"));
  const DecodedBatch asked = decode_events(command);
  ASSERT_EQ(asked.elements.size(), 1u);
  EXPECT_EQ(encode_intake_event(std::get<model::Event>(asked.elements[0])), command);
  EXPECT_TRUE(std::get<model::Event>(asked.elements[0]).incident.command);

  const DecodedBatch three = decode_events(read("publish_array.json"));
  ASSERT_EQ(three.elements.size(), 3u);
  EXPECT_TRUE(std::holds_alternative<model::Event>(three.elements[0]));
  EXPECT_EQ(std::get<Refusal>(three.elements[1]).reason, RefusalReason::CrsMissing);
  EXPECT_TRUE(std::holds_alternative<UnknownType>(three.elements[2]));
  EXPECT_EQ(three.dropped_member_count, 1u);
  for (const char* name : {"publish_minimal.json", "publish_command.json", "publish_array.json"}) {
    EXPECT_TRUE(std::holds_alternative<PublishRequest>(decode_request(read(name)))) << name;
  }
}

TEST(Conformance, answers_are_written_as_they_were_read) {
  for (const char* name : {"answer_events.json", "answer_whole.json"}) {
    const std::string text = without_newline(read(name));
    const auto answers = decode_answers(text);
    ASSERT_TRUE(answers.ok()) << name << ": " << answers.error().message;
    EXPECT_EQ(encode_answers(*answers), text) << name;
  }
  const std::string text = without_newline(read("answer_error.json"));
  const auto bad = decode_request(R"({"op":"sing"})");
  EXPECT_EQ(encode_error(std::get<BadRequest>(bad).detail), text);
  EXPECT_FALSE(decode_answers(text).ok());
}

TEST(Conformance, small_talk_is_written_as_it_was_read) {
  const std::string ping = without_newline(read("request_ping.json"));
  const auto asked = decode_request(ping);
  EXPECT_EQ(encode_ping(std::get<PingRequest>(asked).sent), ping);
  const std::string pong = without_newline(read("answer_pong.json"));
  const auto answered = decode_pong(pong);
  ASSERT_TRUE(answered.ok()) << answered.error().message;
  EXPECT_EQ(encode_pong(*answered), pong);
  EXPECT_EQ(answered->sent, std::get<PingRequest>(asked).sent);

  const std::string hello_request = without_newline(read("request_hello.json"));
  EXPECT_TRUE(std::holds_alternative<HelloRequest>(decode_request(hello_request)));
  EXPECT_EQ(encode_hello_request(), hello_request);
  const std::string hello = without_newline(read("answer_hello.json"));
  const auto told = decode_hello(hello);
  ASSERT_TRUE(told.ok()) << told.error().message;
  EXPECT_EQ(encode_hello(*told), hello);

  const std::string status = without_newline(read("request_status.json"));
  EXPECT_TRUE(std::holds_alternative<StatusRequest>(decode_request(status)));
  EXPECT_EQ(encode_status_request(), status);
}

TEST(Conformance, control_is_written_as_it_was_read) {
  for (const std::string& name : kControls) {
    const std::string text = without_newline(read(name + ".json"));
    const auto request = decode_control(text);
    ASSERT_TRUE(request.ok()) << name << ": " << request.error().message;
    EXPECT_EQ(encode_control(*request), text) << name;
  }
  const std::string text = without_newline(read("answer_control.json"));
  const auto status = decode_replay_status(text);
  ASSERT_TRUE(status.ok()) << status.error().message;
  EXPECT_EQ(encode_replay_status(*status), text);
  const std::string bookmark = without_newline(read("answer_bookmark.json"));
  const auto kept = decode_kept_bookmark(bookmark);
  ASSERT_TRUE(kept.ok()) << kept.error().message;
  EXPECT_EQ(encode_kept_bookmark(*kept), bookmark);
}

TEST(Conformance, density_is_asked_and_answered_as_it_was_read) {
  const std::string question = without_newline(read("request_density.json"));
  const auto request = decode_request(question);
  ASSERT_TRUE(std::holds_alternative<DensityRequest>(request));
  EXPECT_EQ(encode_density_request(std::get<DensityRequest>(request).bucket_count), question);
  const std::string text = without_newline(read("answer_density.json"));
  const auto density = decode_density(text);
  ASSERT_TRUE(density.ok()) << density.error().message;
  EXPECT_EQ(encode_density(*density), text);
}

TEST(Conformance, topics_have_their_places_in_a_header) {
  JsonDocument document(kControlBytesMax, kControlDepthMax);
  ASSERT_EQ(document.parse(read("topics.json")), JsonFault::None);
  ASSERT_EQ(document.root().item_count(), 4u);
  for (const JsonView& item : document.root().items()) {
    const std::string topic(item.find("topic")->text().value());
    const auto places = item.find("chain")->members();
    EXPECT_EQ(places.size(), chain_length(topic)) << topic;
    for (const JsonMember& place : places) {
      EXPECT_EQ(chain_index(topic, place.name), place.value.unsigned_integer()) << topic << " " << place.name;
    }
    const auto others = item.find("not_under");
    for (const JsonView& prefix : others ? others->items() : std::vector<JsonView>()) {
      EXPECT_FALSE(is_under(topic, *prefix.text())) << topic << " " << *prefix.text();
    }
  }
}

TEST(Conformance, syncs_asks_are_written_as_they_were_read) {
  for (const std::string& name : kSyncAsks) {
    const std::string text = without_newline(read(name + ".json"));
    const auto ask = decode_sync_ask(text);
    ASSERT_TRUE(ask.ok()) << name << ": " << ask.error().message;
    EXPECT_EQ(encode_sync_ask(*ask), text) << name;
  }
}

TEST(Conformance, syncs_answers_without_a_payload_are_written_as_they_were_read) {
  for (const std::string& name : kSyncAnswers) {
    const std::string text = without_newline(read(name + ".json"));
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

// One that nobody checks would be believed all the same.
TEST(Conformance, no_example_is_left_unchecked_or_undescribed) {
  std::set<std::string> checked{
      "publish_minimal", "publish_command", "publish_array",       "answer_events",  "answer_whole",
      "answer_error",    "answer_pong",     "answer_hello",        "answer_control", "answer_bookmark",
      "answer_density",  "request_density", "request_ping",        "request_hello",  "request_status",
      "heartbeat",       "heartbeat_plain", "heartbeat_replay",    "clock",          "topics",
      "sync_piece",      "sync_events",     "sync_events_unpacked"};
  for (const auto* names : {&kHeaders, &kEvents, &kControls, &kSyncAsks, &kSyncAnswers}) {
    checked.insert(names->begin(), names->end());
  }
  const std::string description = read("README.md");
  std::set<std::string> found;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
    const std::string name = entry.path().stem();
    if (name == "README") continue;
    found.insert(name);
    const std::string family = name.substr(0, name.find('_')) + "_*`";
    EXPECT_TRUE(description.find("`" + name) != std::string::npos || description.find(family) != std::string::npos)
        << name << " is not in README.md";
  }
  EXPECT_EQ(found, checked);
}

}  // namespace
}  // namespace gridwall::wire
