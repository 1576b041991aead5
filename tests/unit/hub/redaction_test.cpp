// Nothing that tells a person goes through the intake, whatever field it stands in.
#include "hub/redaction.hpp"

#include <gtest/gtest.h>

#include "hub/intake.hpp"
#include "intake_support.hpp"

namespace gridwall::hub {
namespace {

// Seeds that do not occur in anything else of an event.
const std::vector<std::string> kSeeds = {
    "13812345678",
    "138 1234 5678",
    "138-1234-5678",
    "１３８１２３４５６７８",
    "+8613812345678",
    "0512-85012345",
    "051285012345",
    "32028119900101123X",
    "320281199001011234",
    "320281680101123",
    "3202 8119 9001 0112 34",
    "苏B12345",
    "苏BD12345",
    "苏Ｂ·Ｄ１２３４５",
    "3栋2单元501室",
    "12-3-402",
    "pat.ob@example.org",
    "王小明",
    "欧阳小明",
    "李雷先生",
};

class RedactionTest : public testing::Test {
 protected:
  RedactionTest() {
    IntakeOptions options;
    options.ledger.tree = test::small_tree();
    options.ledger.rules = test::plain_rules();
    options.ledger.vocabulary = test::small_vocabulary();
    m_intake.emplace(std::move(Intake::create(std::move(options))).value());
  }
  IntakeResult take(const model::Event& event) {
    return m_intake->take(wire::encode_intake_event(event), test::kHubNow, base::MonoTime{});
  }
  // Everything that others than the sender get to see.
  static std::string seen(const IntakeResult& result) {
    std::string all;
    for (const FeedMessage& message : result.batch.messages) all += message.topic + message.header + message.body;
    for (const Judged& judged : result.judged) all += judged.event_id + judged.incident_id + judged.reason;
    return all;
  }
  std::optional<Intake> m_intake;
};

model::Event named() {
  return test::coded(test::event("e1", "case-1"), "R0102");
}

TEST_F(RedactionTest, a_seed_in_any_member_of_an_incident_is_seen_nowhere) {
  using Set = void (*)(model::Event&, const std::string&);
  const std::pair<const char*, Set> kMembers[] = {
      {"id", [](model::Event& e, const std::string& s) { e.id = s; }},
      {"source", [](model::Event& e, const std::string& s) { e.source = s; }},
      {"subject", [](model::Event& e, const std::string& s) { e.incident.incident_id = s; }},
      {"type", [](model::Event& e, const std::string& s) { e.type = "incident." + s; }},
      {"class_set", [](model::Event& e, const std::string& s) { e.incident.class_set = s; }},
      {"class", [](model::Event& e, const std::string& s) { e.incident.class_code = s; }},
      {"channel", [](model::Event& e, const std::string& s) { e.incident.channel = s; }},
      {"department", [](model::Event& e, const std::string& s) { e.incident.department = s; }},
      {"division", [](model::Event& e, const std::string& s) { e.incident.division_code = s; }},
      {"condition", [](model::Event& e, const std::string& s) { e.incident.condition = s; }},
      {"duplicate_of", [](model::Event& e, const std::string& s) { e.incident.duplicate_of = s; }},
      {"reason", [](model::Event& e, const std::string& s) { e.incident.reason = s; }},
      {"command's subject",
       [](model::Event& e, const std::string& s) {
         e.incident.incident_id = s;
         e.incident.command = true;
       }},
  };
  int round = 0;
  for (const auto& [member, set] : kMembers) {
    for (const std::string& seed : kSeeds) {
      model::Event event = named();
      event.id = "e" + std::to_string(++round);
      event.incident.incident_id = "case-" + event.id;
      set(event, seed);
      const IntakeResult result = take(event);
      EXPECT_EQ(seen(result).find(seed), std::string::npos) << member << " " << seed;
    }
  }
  EXPECT_GT(m_intake->counters().scrub.hashed_id_count, 0u);
  EXPECT_GT(m_intake->counters().scrub.dropped_word_count, 0u);
}

TEST_F(RedactionTest, a_seed_in_any_text_of_an_alert_is_masked_but_for_names_in_prose) {
  for (const std::string& seed : kSeeds) {
    const bool is_name = wire::looks_like_name(seed);
    model::Event event = test::event("a-" + std::to_string(&seed - kSeeds.data()), "qx-1", "alert.raised");
    model::AlertFacts& alert = event.alert.emplace();
    alert.alert_id = "qx-1";
    alert.category = alert.urgency = alert.certainty = alert.name = seed;
    alert.area.codes = {seed};
    if (!is_name) alert.headline = alert.description = alert.instruction = "请联系 " + seed + "，谢谢";
    const IntakeResult result = take(event);
    ASSERT_EQ(result.batch.messages.size(), 1u) << seed;
    EXPECT_EQ(seen(result).find(seed), std::string::npos) << seed;
  }
  EXPECT_GT(m_intake->counters().scrub.masked_text_count, 0u);
}

TEST_F(RedactionTest, a_case_stays_one_case_and_its_sender_is_answered_by_its_own_id) {
  model::Event event = named();
  event.id = "13812345678/1";
  event.incident.incident_id = "13812345678";
  const IntakeResult first = take(event);
  EXPECT_EQ(first.answers.at(0).id, "13812345678/1");
  EXPECT_EQ(take(event).answers.at(0).status, wire::AnswerStatus::Duplicate);
  event.id = "13812345678/2";
  event.type = "incident.filed";
  const IntakeResult second = take(event);
  ASSERT_EQ(second.batch.messages.size(), 1u);
  const auto a = wire::decode_feed_event(first.batch.messages.at(0).body).value();
  const auto b = wire::decode_feed_event(second.batch.messages.at(0).body).value();
  EXPECT_EQ(a.incident.incident_id, b.incident.incident_id);
  EXPECT_TRUE(a.incident.incident_id.starts_with("h-"));
  EXPECT_FALSE(b.out_of_order);
}

TEST_F(RedactionTest, what_a_refused_message_was_called_is_not_in_the_audit_log_either) {
  model::Event event = named();
  event.id = "32028119900101123X";
  std::string message = wire::encode_intake_event(event);
  message.replace(message.find("\"1.0\""), 5, "\"9.9\"");
  const IntakeResult result = m_intake->take(message, test::kHubNow, base::MonoTime{});
  ASSERT_EQ(result.judged.size(), 1u);
  EXPECT_EQ(seen(result).find("32028119900101123X"), std::string::npos);
  EXPECT_EQ(result.answers.at(0).id, "32028119900101123X");
}

TEST_F(RedactionTest, plain_case_numbers_codes_and_offices_go_through_as_they_are) {
  for (const char* id : {"20231122000123", "59999999", "101004116078", "WX-20231122-0042", "nyc/59999999", "us7000abcd",
                         "urn:oid:2.49.0.1.156.0.20261122", "3e6f1a52-8d1c-4b8e-9f57-0b5a3a1c9d77"}) {
    model::Event event = named();
    event.incident.incident_id = id;
    event.incident.department = "城市管理局";
    event.incident.channel = "热线";
    event.id = std::string(id) + ".reported";
    const IntakeResult result = take(event);
    ASSERT_EQ(result.batch.messages.size(), 1u) << id;
    const auto out = wire::decode_feed_event(result.batch.messages.at(0).body).value();
    EXPECT_EQ(out.incident.incident_id, id);
    EXPECT_EQ(out.incident.department, "城市管理局");
    EXPECT_EQ(out.incident.channel, "热线");
    EXPECT_EQ(out.incident.division_code, "R0102");
  }
  EXPECT_EQ(m_intake->counters().scrub.hashed_id_count, 0u);
}

}  // namespace
}  // namespace gridwall::hub
