// The decoder of publishers' events: what gets in, what is dropped and counted, what is refused with which word.
#include "wire/event_codec.hpp"

#include <gtest/gtest.h>

#include "base/time_text.hpp"
#include "wire/constants.hpp"

namespace gridwall::wire {
namespace {

const char* const kFull =
    R"({"specversion":"1.0","id":"e1","source":"/jiangyin/12345","type":"incident.reported",)"
    R"("time":"2026-11-22T09:30:00+08:00","subject":"JY-1","datacontenttype":"application/json",)"
    R"("data":{"type":"Feature","geometry":{"type":"Point","coordinates":[120.28,31.91]},"properties":{)"
    R"("crs":"EPSG:4326","class_set":"GB/T 30428.2-2013","class":"E04.06","severity":3,"channel":"app",)"
    R"("division":"320281001","department":"城管局"}}})";

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  if (at != std::string::npos) text.replace(at, from.size(), to);
  return text;
}

Refusal only_refusal(std::string_view message) {
  const DecodedBatch batch = decode_events(message);
  if (batch.elements.size() == 1) {
    if (const auto* refusal = std::get_if<Refusal>(&batch.elements[0])) return *refusal;
  }
  ADD_FAILURE() << "expected one refusal for " << message.substr(0, 200);
  return {};
}

model::Event only_event(std::string_view message) {
  const DecodedBatch batch = decode_events(message);
  if (batch.elements.size() == 1) {
    if (const auto* event = std::get_if<model::Event>(&batch.elements[0])) return *event;
    if (const auto* refusal = std::get_if<Refusal>(&batch.elements[0])) ADD_FAILURE() << refusal->detail;
  }
  ADD_FAILURE() << "expected one event";
  return {};
}

TEST(EventCodec, reads_every_member_of_an_incident_event) {
  const model::Event event = only_event(kFull);
  EXPECT_EQ(event.id, "e1");
  EXPECT_EQ(event.source, "/jiangyin/12345");
  EXPECT_EQ(event.type, "incident.reported");
  EXPECT_EQ(event.occurred_at, *base::parse_rfc3339("2026-11-22T01:30:00Z"));
  EXPECT_EQ(event.incident.incident_id, "JY-1");
  EXPECT_EQ(event.incident.class_set, "GB/T 30428.2-2013");
  EXPECT_EQ(event.incident.class_code, "E04.06");
  EXPECT_EQ(event.incident.severity, model::Severity::Moderate);
  EXPECT_EQ(event.incident.channel, "app");
  EXPECT_EQ(event.incident.division_code, "320281001");
  EXPECT_EQ(event.incident.department, "城管局");
  EXPECT_EQ(event.incident.crs, "EPSG:4326");
  EXPECT_EQ(event.incident.point, (base::Vec2d{120.28, 31.91}));
  EXPECT_EQ(decode_events(kFull).dropped_member_count, 0u);
}

TEST(EventCodec, needs_no_place_and_no_data) {
  const model::Event nowhere =
      only_event(replaced(kFull, R"({"type":"Point","coordinates":[120.28,31.91]})", "null"));
  EXPECT_FALSE(nowhere.incident.point);
  EXPECT_EQ(nowhere.incident.division_code, "320281001");
  const model::Event bare = only_event(
      R"({"specversion":"1.0","id":"e2","source":"s","type":"incident.closed",)"
      R"("time":"2026-11-22T09:30:00Z","subject":"x"})");
  EXPECT_EQ(bare.incident.incident_id, "x");
  EXPECT_FALSE(bare.incident.severity);
}

TEST(EventCodec, drops_and_counts_members_that_are_not_on_the_list) {
  std::string message = replaced(kFull, R"("id":"e1")", R"("id":"e1","reporter_phone":"13800000000","x":{"a":[1]})");
  message = replaced(message, R"("crs":)", R"("description":"free text","crs":)");
  const DecodedBatch batch = decode_events(message);
  EXPECT_EQ(batch.dropped_member_count, 3u);
  EXPECT_EQ(std::get<model::Event>(batch.elements.at(0)), only_event(kFull));
}

TEST(EventCodec, drops_what_only_the_hub_may_add_when_a_publisher_sends_it) {
  const std::string message = replaced(kFull, R"("crs":)", R"("resolved":{"path":"320281/"},"crs":)");
  const DecodedBatch batch = decode_events(message);
  EXPECT_EQ(batch.dropped_member_count, 1u);
  EXPECT_EQ(std::get<model::Event>(batch.elements.at(0)).division_path, "");
}

TEST(EventCodec, passes_unknown_types_through_and_counts_them) {
  const DecodedBatch batch =
      decode_events(R"([{"specversion":"1.0","id":"a","source":"s","type":"weather.now"}])");
  EXPECT_EQ(batch.unknown_type_count, 1u);
  EXPECT_EQ(std::get<UnknownType>(batch.elements.at(0)).type, "weather.now");
}

TEST(EventCodec, answers_an_array_element_by_element_in_its_order) {
  const std::string message = std::string("[") + kFull + R"(,17,{"specversion":"1.0","id":"b"},)" + kFull + "]";
  const DecodedBatch batch = decode_events(message);
  ASSERT_EQ(batch.elements.size(), 4u);
  EXPECT_TRUE(std::holds_alternative<model::Event>(batch.elements[0]));
  EXPECT_EQ(std::get<Refusal>(batch.elements[1]).reason, RefusalReason::NotAnObject);
  EXPECT_EQ(std::get<Refusal>(batch.elements[2]).reason, RefusalReason::MissingMember);
  EXPECT_EQ(std::get<Refusal>(batch.elements[2]).id, "b");
  EXPECT_TRUE(std::holds_alternative<model::Event>(batch.elements[3]));
}

TEST(EventCodec, refuses_each_broken_member_by_its_reason) {
  struct Case {
    const char* from;
    const char* to;
    const char* word;
  };
  const Case cases[] = {
      {R"("id":"e1",)", "", "missing_member"},
      {R"("id":"e1")", R"("id":"")", "bad_text"},
      {R"("id":"e1")", R"("id":7)", "wrong_type"},
      {R"("id":"e1")", R"("id":"e\u0000")", "bad_text"},
      {R"("id":"e1")", R"("id":"e1","id":"e2")", "duplicate_member"},
      {R"("id":"e1")", R"("id":"e1","\u0069d":"e2")", "duplicate_member"},
      {R"("1.0")", R"("0.3")", "bad_specversion"},
      {R"(09:30:00+08:00)", R"(09:30:00)", "bad_time"},
      {R"(2026-11-22)", R"(1678-01-01)", "bad_time"},
      {R"("JY-1")", R"("0123456789012345678901234567890123456789012345678901234567890123x")", "text_too_long"},
      {R"(application/json)", R"(text/xml)", "bad_content_type"},
      {R"("Feature")", R"("Thing")", "bad_geometry"},
      {R"("Point")", R"("Polygon")", "bad_geometry"},
      {R"([120.28,31.91])", R"([120.28])", "bad_coordinates"},
      {R"([120.28,31.91])", R"(["120.28","31.91"])", "bad_coordinates"},
      {R"([120.28,31.91])", R"([1e300,31.91])", "bad_coordinates"},
      {R"("crs":"EPSG:4326",)", "", "crs_missing"},
      {R"("severity":3)", R"("severity":0)", "bad_severity"},
      {R"("severity":3)", R"("severity":"3")", "bad_severity"},
      {R"("channel":"app")", R"("channel":["app"])", "wrong_type"},
  };
  for (const Case& c : cases) {
    const Refusal refusal = only_refusal(replaced(kFull, c.from, c.to));
    EXPECT_EQ(reason_word(refusal.reason), c.word) << c.to << ": " << refusal.detail;
    EXPECT_FALSE(refusal.detail.empty());
  }
}

TEST(EventCodec, a_refusal_names_the_event_but_never_its_content) {
  const Refusal refusal = only_refusal(replaced(kFull, R"("channel":"app")", R"("channel":{"phone":"13812345678"})"));
  EXPECT_EQ(refusal.id, "e1");
  EXPECT_EQ(refusal.source, "/jiangyin/12345");
  EXPECT_EQ(refusal.detail.find("138"), std::string::npos);
}

TEST(EventCodec, refuses_a_whole_message_that_is_no_json) {
  EXPECT_EQ(only_refusal("").reason, RefusalReason::Empty);
  EXPECT_EQ(only_refusal("[]").reason, RefusalReason::Empty);
  EXPECT_EQ(only_refusal("{\"id\":").reason, RefusalReason::MalformedJson);
  EXPECT_EQ(only_refusal(std::string(kFull) + "x").reason, RefusalReason::MalformedJson);
  EXPECT_EQ(only_refusal(replaced(kFull, "e1", "e\xff")).reason, RefusalReason::BadUtf8);
  EXPECT_EQ(only_refusal(R"("text")").reason, RefusalReason::NotAnObject);
}

TEST(EventCodec, refuses_what_is_too_deep_too_long_or_too_many) {
  EXPECT_EQ(only_refusal(std::string(500, '[') + std::string(500, ']')).reason, RefusalReason::TooDeep);
  EXPECT_EQ(only_refusal(std::string(kMessageBytesMax + 1, ' ')).reason, RefusalReason::TooLarge);
  std::string many = "[0";
  for (std::size_t i = 0; i < kMessageElementsMax; ++i) many += ",0";
  EXPECT_EQ(only_refusal(many + "]").reason, RefusalReason::TooManyElements);
}

TEST(EventCodec, a_decoder_survives_a_bad_message_and_reads_the_next) {
  EventDecoder decoder;
  decoder.decode_intake(std::string(500, '['));
  decoder.decode_intake(std::string(200'000, ' ') + "[");
  const DecodedBatch batch = decoder.decode_intake(kFull);
  EXPECT_TRUE(std::holds_alternative<model::Event>(batch.elements.at(0)));
  EXPECT_EQ(std::get<Refusal>(decoder.decode_intake(std::string(20, '[') + std::string(20, ']')).elements.at(0)).reason,
            RefusalReason::TooDeep);
}

TEST(EventCodec, the_feed_carries_what_the_hub_resolved) {
  model::Event event = only_event(kFull);
  event.division_path = "320281/001/~";
  event.claimed_code = "320281002";
  event.point_lonlat = base::Vec2d{120.28, 31.91};
  event.out_of_order = true;
  const auto decoded = decode_feed_event(encode_event(event));
  ASSERT_TRUE(decoded.ok()) << decoded.error().message;
  EXPECT_EQ(*decoded, event);
  EXPECT_EQ(encode_intake_event(event).find("resolved"), std::string::npos);
}

TEST(EventCodec, the_feed_refuses_an_event_without_a_good_path) {
  EXPECT_FALSE(decode_feed_event(kFull).ok());
  for (const char* path : {"320281", "", "/", "320281//", "@hb/"}) {
    const std::string resolved = std::string(R"("resolved":{"path":")") + path + R"("},"crs":)";
    EXPECT_FALSE(decode_feed_event(replaced(kFull, R"("crs":)", resolved)).ok()) << path;
  }
  EXPECT_FALSE(decode_feed_event("[]").ok());
}

}  // namespace
}  // namespace gridwall::wire
