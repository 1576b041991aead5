// Alerts in and out: what gets in, what is bounded, what is refused with which word.
#include <gtest/gtest.h>

#include "base/time_text.hpp"
#include "wire/constants.hpp"
#include "wire/event_codec.hpp"

namespace gridwall::wire {
namespace {

std::string alert(const std::string& geometry, const std::string& properties) {
  return R"({"specversion":"1.0","id":"a","source":"s","type":"alert.raised","time":"2026-07-01T09:00:00+08:00",)"
         R"("subject":"x","data":{"type":"Feature","geometry":)" +
         geometry + R"(,"properties":{)" + properties + "}}}";
}

model::Event read(const std::string& message) {
  const DecodedBatch batch = decode_events(message);
  if (const auto* event = std::get_if<model::Event>(&batch.elements.at(0))) return *event;
  if (const auto* refusal = std::get_if<Refusal>(&batch.elements.at(0))) ADD_FAILURE() << refusal->detail;
  return {};
}

RefusalReason refused(const std::string& message) {
  const DecodedBatch batch = decode_events(message);
  if (const auto* refusal = std::get_if<Refusal>(&batch.elements.at(0))) return refusal->reason;
  ADD_FAILURE() << "taken: " << message.substr(0, 300);
  return RefusalReason::Empty;
}

constexpr const char* kSquare = R"([[[120,31],[121,31],[121,32],[120,31]]])";

TEST(AlertCodec, reads_an_area_of_several_polygons_circles_and_codes) {
  const model::Event event =
      read(alert(R"({"type":"MultiPolygon","coordinates":[)" + std::string(kSquare) + "," + kSquare + "]}",
                 R"("status":"test","severity":2,"circles":[[120.5,31.5,3]],"codes":["320281"])"));
  ASSERT_TRUE(event.alert);
  EXPECT_EQ(event.alert->alert_id, "x");
  EXPECT_EQ(event.incident.incident_id, "x");
  EXPECT_EQ(event.alert->status, model::AlertStatus::Test);
  EXPECT_EQ(event.alert->severity, model::Severity::Major);
  ASSERT_EQ(event.alert->area.polygons_lonlat.size(), 2u);
  EXPECT_EQ(event.alert->area.polygons_lonlat[1][2], (base::Vec2d{121, 32}));
  EXPECT_EQ(event.alert->area.circles.at(0).radius_km, 3);
  EXPECT_EQ(event.alert->area.codes, (std::vector<std::string>{"320281"}));
}

TEST(AlertCodec, what_is_read_is_written_back_the_same) {
  const model::Event event = read(alert(
      R"({"type":"Polygon","coordinates":)" + std::string(kSquare) + "}",
      R"("category":"Met","name":"暴雨","headline":"h","description":"a\nb","instruction":"c","urgency":"Immediate",)"
      R"("certainty":"Likely","effective":"2026-07-01T09:00:00.123456789Z","expires":"2026-07-02T09:00:00+08:00")"));
  EXPECT_EQ(read(encode_intake_event(event)), event);
  model::Event resolved = event;
  resolved.division_path = "320281/~";
  EXPECT_EQ(decode_feed_event(encode_event(resolved)).value(), resolved);
  EXPECT_FALSE(decode_feed_event(encode_intake_event(event)).ok());
}

TEST(AlertCodec, a_clearing_needs_no_data) {
  const model::Event event = read(
      R"({"specversion":"1.0","id":"a","source":"s","type":"alert.cleared",)"
      R"("time":"2026-07-01T09:00:00Z","subject":"x"})");
  ASSERT_TRUE(event.alert);
  EXPECT_EQ(event.alert->alert_id, "x");
  EXPECT_EQ(read(encode_intake_event(event)), event);
}

TEST(AlertCodec, members_that_are_not_on_the_list_are_dropped_and_counted) {
  const DecodedBatch batch =
      decode_events(alert("null", R"("contact":"Pat","web":"http://x","resolved":{"path":"320281/~"})"));
  EXPECT_EQ(batch.dropped_member_count, 3u);
  EXPECT_TRUE(std::get<model::Event>(batch.elements.at(0)).division_path.empty());
}

TEST(AlertCodec, refuses_what_is_no_area) {
  const auto polygon = [](const std::string& coordinates) {
    return refused(alert(R"({"type":"Polygon","coordinates":)" + coordinates + "}", ""));
  };
  EXPECT_EQ(polygon("[[[120,31],[121,31],[121,32],[120,32]]]"), RefusalReason::BadGeometry);  // not closed
  EXPECT_EQ(polygon("[[[120,31],[121,31],[120,31]]]"), RefusalReason::BadGeometry);
  EXPECT_EQ(polygon("[" + std::string(kSquare).substr(1, std::string(kSquare).size() - 2) + ",[]]"),
            RefusalReason::BadGeometry);                                                         // a hole
  EXPECT_EQ(polygon("[[[31,120],[31,121],[32,121],[31,120]]]"), RefusalReason::BadCoordinates);  // latitude 120
  EXPECT_EQ(polygon("7"), RefusalReason::BadGeometry);
  EXPECT_EQ(refused(alert(R"({"type":"Point","coordinates":[120,31]})", "")), RefusalReason::BadGeometry);
  EXPECT_EQ(refused(alert("null", R"("circles":[[120,31]])")), RefusalReason::BadCoordinates);
  EXPECT_EQ(refused(alert("null", R"("circles":[[120,31,-1]])")), RefusalReason::BadCoordinates);
  EXPECT_EQ(refused(alert("null", R"("codes":[1])")), RefusalReason::WrongType);
}

TEST(AlertCodec, counts_and_texts_are_bounded) {
  std::string ring, polygons, circles, codes;
  for (std::size_t i = 0; i <= kAlertPointsMax; ++i) ring += "[120,31],";
  ring = "[[" + ring + "[120,31]]]";
  for (std::size_t i = 0; i <= kAlertPolygonsMax; ++i) polygons += (i > 0 ? "," : "") + std::string(kSquare);
  for (std::size_t i = 0; i <= kAlertCirclesMax; ++i) circles += std::string(i > 0 ? "," : "") + "[120,31,1]";
  for (std::size_t i = 0; i <= kAlertCodesMax; ++i) codes += std::string(i > 0 ? "," : "") + "\"1\"";
  EXPECT_EQ(refused(alert(R"({"type":"Polygon","coordinates":)" + ring + "}", "")), RefusalReason::BadGeometry);
  EXPECT_EQ(refused(alert(R"({"type":"MultiPolygon","coordinates":[)" + polygons + "]}", "")),
            RefusalReason::BadGeometry);
  EXPECT_EQ(refused(alert("null", R"("circles":[)" + circles + "]")), RefusalReason::BadGeometry);
  EXPECT_EQ(refused(alert("null", R"("codes":[)" + codes + "]")), RefusalReason::WrongType);
  EXPECT_EQ(refused(alert("null", R"("headline":")" + std::string(kHeadlineBytesMax + 1, 'h') + "\"")),
            RefusalReason::TextTooLong);
  EXPECT_EQ(refused(alert("null", R"("description":")" + std::string(kAlertTextBytesMax + 1, 'd') + "\"")),
            RefusalReason::TextTooLong);
  EXPECT_EQ(
      read(alert("null", R"("instruction":")" + std::string(kAlertTextBytesMax, 'd') + "\"")).alert->instruction.size(),
      kAlertTextBytesMax);
}

TEST(AlertCodec, refuses_words_that_it_does_not_know_and_control_characters) {
  EXPECT_EQ(refused(alert("null", R"("status":"draft")")), RefusalReason::BadText);
  EXPECT_EQ(refused(alert("null", R"("severity":5)")), RefusalReason::BadSeverity);
  EXPECT_EQ(refused(alert("null", R"("headline":"a\nb")")), RefusalReason::BadText);
  EXPECT_EQ(refused(alert("null", R"("description":"a\u0007b")")), RefusalReason::BadText);
  EXPECT_EQ(refused(alert("null", R"("expires":"tomorrow")")), RefusalReason::BadTime);
}

}  // namespace
}  // namespace gridwall::wire
