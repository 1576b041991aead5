// What stands beside incidents, in and out: what gets in, what is bounded, what is refused with which word.
#include "wire/register_codec.hpp"

#include <gtest/gtest.h>

#include "base/time_text.hpp"

namespace gridwall::wire {
namespace {

std::string message(const std::string& type, const std::string& properties, const std::string& geometry = "null") {
  return R"({"specversion":"1.0","id":"a","source":"s","type":")" + type +
         R"(","time":"2026-07-01T09:00:00+08:00","subject":"x","data":{"type":"Feature","geometry":)" + geometry +
         R"(,"properties":{)" + properties + "}}}";
}

model::Event read(const std::string& text) {
  const DecodedBatch batch = decode_events(text);
  if (const auto* event = std::get_if<model::Event>(&batch.elements.at(0))) return *event;
  if (const auto* refusal = std::get_if<Refusal>(&batch.elements.at(0))) ADD_FAILURE() << refusal->detail;
  return {};
}

Refusal refused(const std::string& text) {
  const DecodedBatch batch = decode_events(text);
  if (const auto* refusal = std::get_if<Refusal>(&batch.elements.at(0))) return *refusal;
  ADD_FAILURE() << "taken: " << text;
  return {};
}

const std::string kSite =
    R"("crs":"EPSG:4326","division":"320281001","department":"shizheng","table":"stations","state":"open","tier":"2",)"
    R"("value":3,"of":4.5,"radius_m":1000,"exercise":true,"checked":["b","a","b"])";
constexpr const char* kPoint = R"({"type":"Point","coordinates":[120.28,31.91]})";

TEST(RegisterCodec, reads_a_site_with_all_that_it_may_say) {
  const model::Event event = read(message("site.status", kSite, kPoint));
  ASSERT_TRUE(event.entry);
  EXPECT_EQ(event.entry->kind, model::RegisterKind::Site);
  EXPECT_EQ(event.incident.incident_id, "x");
  EXPECT_EQ(event.incident.division_code, "320281001");
  EXPECT_EQ(event.incident.department, "shizheng");
  EXPECT_EQ(event.incident.point, (base::Vec2d{120.28, 31.91}));
  EXPECT_EQ(event.entry->table, "stations");
  EXPECT_EQ(event.entry->value_milli, 3000);
  EXPECT_EQ(event.entry->of_milli, 4500);
  EXPECT_EQ(event.entry->radius_m, 1000);
  EXPECT_EQ(event.entry->checked, (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(event.entry->exercise);
}

TEST(RegisterCodec, what_is_read_is_written_back_the_same) {
  const std::string kMessages[] = {
      message("site.status", kSite, kPoint),
      message("metric.value", R"("table":"rates","entity":"org-0431","column":"points","value":-0.125,"of":7,)"
                              R"("period":"2026-W47","state":"red","due_at":"2026-07-01T09:00:00.5+08:00")"),
      message("metric.value", R"("table":"big","value":8999999999.999)"),
      message("task.step", R"("table":"orders","step":"accept","rating":5)"),
      message("task.step", R"("table":"orders","state":"retired")"),
      message("notice.posted", R"("table":"notice","text":"今日 18 时起停水")")};
  for (const std::string& text : kMessages) {
    model::Event event = read(text);
    EXPECT_EQ(read(encode_intake_event(event)), event) << text;
    event.division_path = "320281/~";
    EXPECT_EQ(decode_feed_event(encode_event(event)).value(), event) << text;
    EXPECT_FALSE(decode_feed_event(encode_intake_event(event)).ok()) << text;
  }
}

TEST(RegisterCodec, only_a_notice_has_a_text) {
  EXPECT_EQ(read(message("site.status", R"("table":"stations","text":"call me")")).entry->text, "");
  EXPECT_EQ(refused(message("notice.posted", R"("table":"notice")")).reason, RefusalReason::MissingMember);
}

TEST(RegisterCodec, words_are_words_of_lists_and_hold_no_telephone) {
  for (const char* member : {"table", "entity", "column", "state", "tier", "step"}) {
    for (const char* word : {"a b", "张三", "13812345678", "a1234567", "a/b", ""}) {
      const std::string table = std::string(member) == "table" ? "" : R"("table":"t",)";
      const auto found = refused(message("metric.value", table + '"' + member + R"(":")" + word + '"'));
      EXPECT_EQ(found.reason, RefusalReason::BadText) << member << " " << word;
      EXPECT_NE(found.detail.find(member), std::string::npos);
      if (*word != 0) {
        EXPECT_EQ(found.detail.find(word), std::string::npos) << "a refusal tells no content";
      }
    }
  }
  EXPECT_EQ(refused(message("site.status", R"("table":"t","checked":["13812345678"])")).reason, RefusalReason::BadText);
}

TEST(RegisterCodec, what_is_out_of_bounds_is_refused_with_what_was_expected) {
  const struct {
    const char* type;
    const char* properties;
    RefusalReason reason;
  } kCases[] = {
      {"metric.value", R"("value":1)", RefusalReason::MissingMember},
      {"task.step", R"("table":"t")", RefusalReason::MissingMember},
      {"metric.value", R"("table":"t","value":"1")", RefusalReason::WrongType},
      {"metric.value", R"("table":"t","value":1e10)", RefusalReason::WrongType},
      {"metric.value", R"("table":"t","period":"2026-13-1")", RefusalReason::BadText},
      {"metric.value", R"("table":"t","period":"2026W47")", RefusalReason::BadText},
      {"task.step", R"("table":"t","step":"s","rating":6)", RefusalReason::WrongType},
      {"site.status", R"("table":"t","radius_m":0)", RefusalReason::WrongType},
      {"site.status", R"("table":"t","exercise":1)", RefusalReason::WrongType},
      {"site.status", R"("table":"t","checked":"a")", RefusalReason::WrongType},
      {"task.step", R"("table":"t","step":"s","due_at":"tomorrow")", RefusalReason::BadTime},
  };
  for (const auto& one : kCases)
    EXPECT_EQ(refused(message(one.type, one.properties)).reason, one.reason) << one.properties;
  EXPECT_EQ(refused(message("site.status", R"("table":"t")", kPoint)).reason, RefusalReason::CrsMissing);
}

}  // namespace
}  // namespace gridwall::wire
