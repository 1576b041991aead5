// A desk's commands are judged strictly by the shipped lifecycle; the same as facts they go through and are flagged.
#include <gtest/gtest.h>

#include "hub/intake.hpp"
#include "intake_support.hpp"

namespace gridwall::hub {
namespace {

using test::event;
using test::kHubNow;
using wire::AnswerStatus;

class CommandsTest : public testing::Test {
 protected:
  static Intake make() {
    model::Vocabulary vocabulary = *test::small_vocabulary();
    vocabulary.lifecycle = model::load_lifecycle(GRIDWALL_SOURCE_DIR "/config/lifecycle.toml").value();
    IntakeOptions options;
    options.ledger.tree = test::small_tree();
    options.ledger.rules = test::plain_rules();
    options.ledger.vocabulary = std::make_shared<const model::Vocabulary>(std::move(vocabulary));
    return std::move(Intake::create(std::move(options))).value();
  }
  wire::Answer take(model::Event subject) {
    IntakeResult result =
        m_intake.take(wire::encode_intake_event(subject), m_now, base::MonoTime(std::chrono::seconds(1)));
    m_messages = std::move(result.batch.messages);
    return result.answers.at(0);
  }
  wire::Answer command(const std::string& step, const std::string& reason = {}) {
    model::Event subject = event(std::to_string(++m_id), "a", "incident." + step);
    subject.incident.command = true;
    subject.incident.reason = reason;
    return take(std::move(subject));
  }
  wire::Answer fact(const std::string& step) { return take(event(std::to_string(++m_id), "a", "incident." + step)); }
  [[nodiscard]] model::CaseState state() const { return m_intake.ledger().find("a")->state; }

  Intake m_intake = make();
  base::UtcTime m_now = kHubNow;
  std::vector<FeedMessage> m_messages;
  int m_id = 0;
};

TEST_F(CommandsTest, a_command_that_the_table_allows_is_published_in_order) {
  for (const char* step : {"reported", "accepted", "filed", "dispatched", "handling_started", "urged", "handled"}) {
    EXPECT_EQ(command(step).status, AnswerStatus::Accepted) << step;
    ASSERT_EQ(m_messages.size(), 1u);
    EXPECT_FALSE(wire::decode_feed_event(m_messages[0].body)->out_of_order) << step;
  }
  EXPECT_EQ(state(), model::CaseState::Handled);
}

TEST_F(CommandsTest, a_forbidden_command_is_refused_with_the_state_and_what_may_come_instead) {
  command("reported");
  const wire::Answer answer = command("closed");
  EXPECT_EQ(answer.status, AnswerStatus::Refused);
  EXPECT_EQ(answer.reason, "lifecycle_forbids");
  EXPECT_NE(answer.detail.find("state 10"), std::string::npos) << answer.detail;
  for (const char* type : {"incident.accepted", "incident.rejected", "incident.self_handled", "incident.urged"}) {
    EXPECT_NE(answer.detail.find(type), std::string::npos) << type << ": " << answer.detail;
  }
  EXPECT_EQ(answer.detail.find("incident.handled"), std::string::npos) << answer.detail;
  EXPECT_TRUE(m_messages.empty());
  EXPECT_EQ(state(), model::CaseState::Reported);
  EXPECT_EQ(m_intake.counters().refused_by_reason.at("lifecycle_forbids"), 1u);
  EXPECT_EQ(m_intake.counters().out_of_order_count, 0u);
}

TEST_F(CommandsTest, the_same_as_a_fact_is_accepted_and_flagged) {
  command("reported");
  EXPECT_EQ(fact("closed").status, AnswerStatus::Accepted);
  EXPECT_TRUE(wire::decode_feed_event(m_messages.at(0).body)->out_of_order);
  EXPECT_EQ(state(), model::CaseState::Closed);
  EXPECT_EQ(fact("follow_up").status, AnswerStatus::Accepted);
  EXPECT_FALSE(wire::decode_feed_event(m_messages.at(0).body)->out_of_order) << "a mark for a closed incident";
}

TEST_F(CommandsTest, a_command_without_the_reason_it_must_give_is_refused_and_may_be_sent_again) {
  for (const char* step : {"reported", "filed", "dispatched"}) command(step);
  const wire::Answer answer = command("returned");
  EXPECT_EQ(answer.status, AnswerStatus::Refused);
  EXPECT_EQ(answer.reason, "reason_missing");
  EXPECT_NE(answer.detail.find("reason"), std::string::npos);
  EXPECT_EQ(state(), model::CaseState::Dispatched);
  EXPECT_EQ(command("returned", "not_ours").status, AnswerStatus::Accepted);
  EXPECT_EQ(state(), model::CaseState::ReturnedToDispatcher);
}

TEST_F(CommandsTest, a_fact_without_its_reason_is_accepted) {
  for (const char* step : {"reported", "filed", "dispatched", "returned"}) {
    EXPECT_EQ(fact(step).status, AnswerStatus::Accepted) << step;
  }
}

TEST_F(CommandsTest, an_unknown_incident_takes_only_the_command_that_begins_one) {
  const wire::Answer answer = command("dispatched");
  EXPECT_EQ(answer.reason, "lifecycle_forbids");
  EXPECT_NE(answer.detail.find("not known here"), std::string::npos) << answer.detail;
  EXPECT_NE(answer.detail.find("incident.reported"), std::string::npos) << answer.detail;
  EXPECT_EQ(m_intake.ledger().find("a"), nullptr);
  EXPECT_EQ(command("urged").reason, "lifecycle_forbids");
  EXPECT_EQ(command("reported").status, AnswerStatus::Accepted);
}

TEST_F(CommandsTest, an_event_that_no_row_describes_is_no_command) {
  command("reported");
  EXPECT_EQ(command("painted").reason, "lifecycle_forbids");
  EXPECT_EQ(fact("painted").status, AnswerStatus::Accepted);
}

TEST_F(CommandsTest, after_the_end_nothing_comes) {
  command("reported");
  command("rejected", "no_case");
  EXPECT_NE(command("filed").detail.find("state 90, after which nothing comes"), std::string::npos);
}

TEST_F(CommandsTest, a_suspension_that_ended_by_itself_lets_the_handler_go_on) {
  for (const char* step : {"reported", "filed", "dispatched", "handling_started"}) command(step);
  model::Event suspended = event(std::to_string(++m_id), "a", "incident.suspended");
  suspended.incident.resume_at = kHubNow + std::chrono::hours(1);
  EXPECT_EQ(take(suspended).status, AnswerStatus::Accepted);
  EXPECT_EQ(command("handled").reason, "lifecycle_forbids");
  m_now += std::chrono::hours(1);
  EXPECT_EQ(command("handled").status, AnswerStatus::Accepted);
  EXPECT_FALSE(wire::decode_feed_event(m_messages.at(0).body)->out_of_order);
}

}  // namespace
}  // namespace gridwall::hub
