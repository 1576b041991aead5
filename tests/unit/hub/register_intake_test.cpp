// What stands beside incidents through the hub: one place for as long as it stands, masked notices, a bounded register.
#include <gtest/gtest.h>

#include "hub/intake.hpp"
#include "intake_support.hpp"

namespace gridwall::hub {
namespace {

model::Event entry(const std::string& id, std::string_view type, const std::string& key) {
  model::Event event;
  event.id = id;
  event.source = "/city/register";
  event.type = type;
  event.occurred_at = test::kHubNow;
  event.incident.incident_id = key;
  model::RegisterFacts& facts = event.entry.emplace();
  facts.table = "stations";
  if (type == model::kTaskStep) facts.step = "order";
  if (type == model::kNoticePosted) facts.text = "电话13812345678";
  return event;
}

class RegisterIntake : public testing::Test {
 protected:
  RegisterIntake() : m_intake(std::move(Intake::create(options())).value()) {}

  static IntakeOptions options() {
    IntakeOptions options;
    options.ledger.tree = test::small_tree();
    options.ledger.rules = test::plain_rules();
    options.ledger.vocabulary = test::small_vocabulary();
    options.entries_max = 3;
    return options;
  }
  wire::Answer take(const model::Event& event) {
    return m_intake.take(wire::encode_intake_event(event), test::kHubNow, base::MonoTime{}).answers.at(0);
  }
  [[nodiscard]] const state::RegisterEntry* find(const char* key) const {
    return m_intake.ledger().world().register_book().find(model::RegisterKind::Site, key);
  }

  Intake m_intake;
};

TEST_F(RegisterIntake, an_entry_stays_where_it_stands_until_it_is_retired) {
  EXPECT_EQ(take(test::coded(entry("1", model::kSiteStatus, "s"), "R0102")).path, "R/01/02/");
  const wire::Answer elsewhere = take(test::coded(entry("2", model::kSiteStatus, "s"), "R0103"));
  EXPECT_EQ(elsewhere.reason, "elsewhere");
  EXPECT_NE(elsewhere.detail.find("R0102"), std::string::npos);
  EXPECT_EQ(take(entry("3", model::kSiteStatus, "s")).path, "R/01/02/") << "says no place";
  EXPECT_EQ(take(test::coded(entry("4", model::kMetricValue, "s"), "R0103")).path, "R/01/03/") << "another kind";
  model::Event retired = entry("5", model::kSiteStatus, "s");
  retired.entry->state = model::kRetired;
  EXPECT_EQ(take(retired).path, "R/01/02/");
  EXPECT_EQ(find("s"), nullptr);
  EXPECT_EQ(take(test::coded(entry("6", model::kSiteStatus, "s"), "R0103")).path, "R/01/03/");
  retired.id = "7";
  retired.incident.incident_id = "unheard";
  EXPECT_EQ(take(retired).reason, "unknown_entry");
}

TEST_F(RegisterIntake, a_point_puts_it_into_the_division_that_it_lies_in) {
  const wire::Answer answer = take(test::at(entry("1", model::kSiteStatus, "s"), -3000, -3000));
  EXPECT_EQ(answer.status, wire::AnswerStatus::Accepted);
  ASSERT_NE(find("s"), nullptr);
  EXPECT_TRUE(find("s")->located);
  const base::Vec2i units = find("s")->point_units;
  EXPECT_EQ(take(entry("2", model::kSiteStatus, "s")).path, answer.path) << "says no place";
  EXPECT_TRUE(find("s")->located);
  EXPECT_EQ(find("s")->point_units, units);
}

TEST_F(RegisterIntake, a_point_that_comes_later_does_not_change_its_topic) {
  const wire::Answer pointed = take(test::at(entry("1", model::kSiteStatus, "other"), -3000, -3000));
  const model::DivisionIndex division = find("other")->division;
  const std::string code(m_intake.ledger().tree().at(division).code);
  EXPECT_EQ(take(test::coded(entry("2", model::kSiteStatus, "s"), code)).path, pointed.path);
  EXPECT_FALSE(find("s")->located);
  EXPECT_EQ(take(test::at(entry("3", model::kSiteStatus, "s"), -3000, -3000)).path, pointed.path);
  EXPECT_TRUE(find("s")->located);
}

TEST_F(RegisterIntake, a_notice_goes_out_without_telephone_numbers) {
  const IntakeResult result =
      m_intake.take(wire::encode_intake_event(entry("1", model::kNoticePosted, "n")), test::kHubNow, base::MonoTime{});
  ASSERT_EQ(result.batch.messages.size(), 1u);
  EXPECT_EQ(wire::decode_feed_event(result.batch.messages[0].body)->entry->text, "电话***");
}

TEST_F(RegisterIntake, a_task_whose_step_may_tell_a_person_is_refused_for_nobody_could_read_it) {
  model::Event task = entry("1", model::kTaskStep, "t");
  task.entry->step = "12-3-402";
  EXPECT_EQ(take(task).reason, "bad_text");
  EXPECT_EQ(m_intake.ledger().world().register_book().count(), 0u);
}

TEST_F(RegisterIntake, a_register_that_is_full_refuses_what_is_new_and_takes_what_is_known) {
  for (const char* key : {"a", "b", "c"}) {
    EXPECT_EQ(take(entry(key, model::kTaskStep, key)).status, wire::AnswerStatus::Accepted);
  }
  EXPECT_EQ(take(entry("d", model::kTaskStep, "d")).reason, "too_many_entries");
  EXPECT_EQ(take(entry("e", model::kTaskStep, "a")).status, wire::AnswerStatus::Accepted);
}

}  // namespace
}  // namespace gridwall::hub
