// What single steps carry: read, bounded, refused by word, written only where given.
#include "wire/step_facts.hpp"

#include <gtest/gtest.h>

#include "base/time_text.hpp"
#include "wire/event_codec.hpp"

namespace gridwall::wire {
namespace {

std::string with_properties(const std::string& members) {
  return R"({"specversion":"1.0","id":"e1","source":"s","type":"incident.suspended","time":"2026-11-22T09:30:00Z",)"
         R"("subject":"JY-1","data":{"type":"Feature","geometry":null,"properties":{)" +
         members + "}}}";
}

model::IncidentFacts facts_of(const std::string& members) {
  const DecodedBatch batch = decode_events(with_properties(members));
  if (const auto* event = std::get_if<model::Event>(&batch.elements.at(0))) return event->incident;
  ADD_FAILURE() << std::get<Refusal>(batch.elements.at(0)).detail;
  return {};
}

Refusal refusal_of(const std::string& members) {
  const DecodedBatch batch = decode_events(with_properties(members));
  if (const auto* refusal = std::get_if<Refusal>(&batch.elements.at(0))) return *refusal;
  ADD_FAILURE() << "accepted: " << members;
  return {};
}

TEST(StepFacts, every_member_is_read) {
  const auto facts =
      facts_of(R"("condition":"3.2","limit":"2uh","deadline":"2026-11-22T11:30:00+08:00","reason":"waits_for_parts_2",)"
               R"("approved":false,"resume_at":"2026-12-01T00:00:00Z","duplicate_of":"JY-0","solved_level":15,)"
               R"("satisfied":true,"command":true)");
  EXPECT_EQ(facts.condition, "3.2");
  EXPECT_EQ(facts.limit, "2uh");
  EXPECT_EQ(facts.deadline, *base::parse_rfc3339("2026-11-22T03:30:00Z"));
  EXPECT_EQ(facts.reason, "waits_for_parts_2");
  EXPECT_EQ(facts.approved, false);
  EXPECT_EQ(facts.resume_at, *base::parse_rfc3339("2026-12-01T00:00:00Z"));
  EXPECT_EQ(facts.duplicate_of, "JY-0");
  EXPECT_EQ(facts.solved_level, 15);
  EXPECT_EQ(facts.satisfied, true);
  EXPECT_TRUE(facts.command);
}

TEST(StepFacts, absent_and_null_members_say_nothing) {
  const auto facts =
      facts_of(R"("condition":null,"limit":null,"deadline":null,"reason":null,"approved":null,"resume_at":null,)"
               R"("duplicate_of":null,"solved_level":null,"satisfied":null,"command":null)");
  model::IncidentFacts nothing;
  nothing.incident_id = "JY-1";
  EXPECT_EQ(facts, nothing);
}

TEST(StepFacts, a_limit_that_nobody_can_read_is_still_a_fact) {
  EXPECT_EQ(facts_of(R"("limit":"soon")").limit, "soon");
}

TEST(StepFacts, each_broken_member_is_refused_by_its_word_and_name) {
  struct Case {
    const char* members;
    const char* word;
    const char* name;
  };
  const Case cases[] = {
      {R"("limit":"12345678901234567")", "text_too_long", "limit"},
      {R"("limit":2)", "wrong_type", "limit"},
      {R"("deadline":"2026-11-22")", "bad_time", "deadline"},
      {R"("resume_at":"1969-01-01T00:00:00Z")", "bad_time", "resume_at"},
      {R"("resume_at":7)", "wrong_type", "resume_at"},
      {R"("reason":"The resident Mr Wang")", "bad_text", "reason"},
      {R"("reason":"退回")", "bad_text", "reason"},
      {R"("reason":"")", "bad_text", "reason"},
      {R"("reason":"a1234567890123456789012345678901234567890123456789012345678901234")", "text_too_long", "reason"},
      {R"("approved":"yes")", "wrong_type", "approved"},
      {R"("satisfied":1)", "wrong_type", "satisfied"},
      {R"("command":"true")", "wrong_type", "command"},
      {R"("solved_level":16)", "wrong_type", "solved_level"},
      {R"("solved_level":-1)", "wrong_type", "solved_level"},
      {R"("solved_level":1.5)", "wrong_type", "solved_level"},
      {R"("reason":"a","reason":"b")", "duplicate_member", "reason"},
  };
  for (const Case& c : cases) {
    const Refusal refusal = refusal_of(c.members);
    EXPECT_EQ(reason_word(refusal.reason), c.word) << c.members << ": " << refusal.detail;
    EXPECT_NE(refusal.detail.find(c.name), std::string::npos) << refusal.detail;
    EXPECT_EQ(refusal.detail.find("Wang"), std::string::npos) << "a refusal never repeats content";
  }
}

TEST(StepFacts, an_event_without_them_is_written_without_their_names) {
  const DecodedBatch batch = decode_events(with_properties(""));
  const std::string bytes = encode_intake_event(std::get<model::Event>(batch.elements.at(0)));
  for (const auto name : kStepNames) EXPECT_EQ(bytes.find(name), std::string::npos) << name;
}

}  // namespace
}  // namespace gridwall::wire
