// Outside alerts through the hub: the topic of what their codes share, and masked texts.
#include "hub/alert_intake.hpp"

#include <gtest/gtest.h>

#include "hub/intake.hpp"
#include "intake_support.hpp"

namespace gridwall::hub {
namespace {

using Codes = std::vector<std::string>;

model::Event alert_event(const Codes& codes) {
  model::Event event;
  event.id = "a1";
  event.source = "/feeds/cap";
  event.type = "alert.raised";
  event.occurred_at = test::kHubNow;
  event.incident.incident_id = "qx,1";
  model::AlertFacts& alert = event.alert.emplace();
  alert.alert_id = "qx,1";
  alert.headline = "暴雨";
  alert.description = "电话13812345678";
  alert.area.codes = codes;
  return event;
}

TEST(AlertTopic, is_the_path_of_the_one_division_that_all_codes_share) {
  const auto tree = test::small_tree();
  EXPECT_EQ(alert_topic(*tree, {"R0102"}), "R/01/02/");
  EXPECT_EQ(alert_topic(*tree, {"R01"}), "R/01/~");
  EXPECT_EQ(alert_topic(*tree, {"R0102", "R0103"}), "R/01/~");
  EXPECT_EQ(alert_topic(*tree, {"R0102", "R0102"}), "R/01/02/");
  EXPECT_EQ(alert_topic(*tree, {"R01", "R0103"}), "R/01/~");
  EXPECT_EQ(alert_topic(*tree, {"R0102", "R0203"}), "R/~");
}

TEST(AlertTopic, is_the_root_where_there_is_no_code_or_an_unknown_one) {
  const auto tree = test::small_tree();
  EXPECT_EQ(alert_topic(*tree, {}), "R/~");
  EXPECT_EQ(alert_topic(*tree, {"320500"}), "R/~");
  EXPECT_EQ(alert_topic(*tree, {"R0102", "320500"}), "R/~");
  EXPECT_EQ(alert_topic(*tree, {"320500", "R0102"}), "R/~");
}

TEST(AlertIntake, an_alert_goes_out_once_with_its_topic_and_without_telephone_numbers) {
  IntakeOptions options;
  options.ledger.tree = test::small_tree();
  options.ledger.rules = test::plain_rules();
  options.ledger.vocabulary = test::small_vocabulary();
  Intake intake = std::move(Intake::create(std::move(options))).value();
  const std::string message = wire::encode_intake_event(alert_event({"R0102", "R0103"}));
  const IntakeResult first = intake.take(message, test::kHubNow, base::MonoTime{});
  ASSERT_EQ(first.batch.messages.size(), 1u);
  EXPECT_EQ(first.batch.messages[0].topic, "R/01/~");
  const model::Event out = wire::decode_feed_event(first.batch.messages[0].body).value();
  EXPECT_EQ(out.alert->description, "电话***");
  EXPECT_EQ(out.alert->headline, "暴雨");
  EXPECT_EQ(out.division_path, "R/01/~");
  EXPECT_EQ(intake.counters().scrub.masked_text_count, 1u);
  EXPECT_EQ(intake.counters().unknown_type_count, 0u);
  EXPECT_EQ(intake.ledger().find(out.incident.incident_id), nullptr);
  const IntakeResult again = intake.take(message, test::kHubNow, base::MonoTime{});
  EXPECT_TRUE(again.batch.messages.empty());
  EXPECT_EQ(again.answers.at(0).status, wire::AnswerStatus::Duplicate);
}

}  // namespace
}  // namespace gridwall::hub
