#include "hub/rate_limiter.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace gridwall::hub {
namespace {

using namespace std::chrono_literals;
constexpr base::MonoTime kStart{};

TEST(RateLimiter, admits_a_burst_then_the_rate) {
  RateLimiter limiter({10, 20}, 100);
  EXPECT_TRUE(limiter.admit("a", 20, kStart));
  EXPECT_FALSE(limiter.admit("a", 1, kStart));
  EXPECT_FALSE(limiter.admit("a", 6, kStart + 500ms));
  EXPECT_TRUE(limiter.admit("a", 5, kStart + 500ms));
  EXPECT_TRUE(limiter.admit("a", 20, kStart + 1h));
  EXPECT_FALSE(limiter.admit("a", 1, kStart + 1h)) << "an idle hour gives one burst, not an hour's worth";
}

TEST(RateLimiter, keeps_clients_apart) {
  RateLimiter limiter({10, 20}, 100);
  EXPECT_TRUE(limiter.admit("a", 20, kStart));
  EXPECT_TRUE(limiter.admit("b", 20, kStart));
}

TEST(RateLimiter, without_a_limit_admits_everything) {
  RateLimiter limiter({}, 100);
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(limiter.admit("a", 1e9, kStart));
  EXPECT_EQ(limiter.client_count(), 0u);
}

TEST(RateLimiter, remembers_a_bounded_number_of_clients) {
  RateLimiter limiter({10, 20}, 50);
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(limiter.admit(fmt::format("client {}", i), 20, kStart));
  EXPECT_LE(limiter.client_count(), 50u);
}

}  // namespace
}  // namespace gridwall::hub
