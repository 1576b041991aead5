#include "base/result.hpp"

#include <gtest/gtest.h>

#include "base/random.hpp"

namespace gridwall::base {
namespace {

Result<int> half(int number) {
  if (number % 2 != 0) return Error{ErrorCode::InvalidArgument, fmt::format("{} is odd", number)};
  return number / 2;
}

Result<int> quarter(int number) {
  TRY_ASSIGN(const int first, half(number));
  return half(first);
}

TEST(Result, passes_the_first_error_on) {
  EXPECT_EQ(*quarter(12), 3);
  EXPECT_EQ(quarter(6).error().message, "3 is odd");
  EXPECT_EQ(quarter(5).error().message, "5 is odd");
}

TEST(Result, dies_with_the_message_when_a_missing_value_is_read) {
  EXPECT_DEATH((void)half(3).value(), "3 is odd");
}

TEST(Random, repeats_its_sequence_for_a_seed_and_differs_between_streams) {
  Random a(7), b(7);
  EXPECT_EQ(a.next_u64(), b.next_u64());
  EXPECT_NE(a.fork(1).next_u64(), a.fork(2).next_u64());
  double sum = 0;
  for (int i = 0; i < 10000; ++i) sum += a.next_normal();
  EXPECT_NEAR(sum / 10000, 0, 0.05);
}

}  // namespace
}  // namespace gridwall::base
