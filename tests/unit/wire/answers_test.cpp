// Answers to a publisher.
#include "wire/answers.hpp"

#include <gtest/gtest.h>

namespace gridwall::wire {
namespace {

TEST(Answers, come_back_equal_in_their_order) {
  Answer accepted;
  accepted.id = "e\"1";
  accepted.source = "/s";
  accepted.status = AnswerStatus::Accepted;
  accepted.sequence = 12;
  accepted.path = "320281/~";
  Answer duplicate = accepted;
  duplicate.status = AnswerStatus::Duplicate;
  duplicate.durable = true;
  const Answer refused = refusal_answer({RefusalReason::CrsMissing, "e2", "/s", "say the crs"});
  const std::vector<Answer> answers{accepted, refused, duplicate};
  const auto decoded = decode_answers(encode_answers(answers));
  ASSERT_TRUE(decoded.ok()) << decoded.error().message;
  EXPECT_EQ(*decoded, answers);
}

TEST(Answers, durable_is_always_said) {
  EXPECT_EQ(encode_answers({refusal_answer({RefusalReason::Empty, "", "", "nothing"})}),
            R"({"answers":[{"id":"","source":"","status":"refused","durable":false,)"
            R"("reason":"empty","detail":"nothing"}]})");
}

TEST(Answers, broken_ones_are_refused) {
  EXPECT_FALSE(decode_answers("").ok());
  EXPECT_FALSE(decode_answers("{}").ok());
  EXPECT_FALSE(decode_answers(R"({"answers":[7]})").ok());
  EXPECT_FALSE(decode_answers(R"({"answers":[{"id":"","source":"","status":"perhaps"}]})").ok());
  EXPECT_EQ(decode_answers(R"({"error":"go away"})").error().code, base::ErrorCode::Refused);
}

}  // namespace
}  // namespace gridwall::wire
