#include "hub/dedupe.hpp"

#include <gtest/gtest.h>

#include <string>

namespace gridwall::hub {
namespace {

using namespace std::chrono_literals;
constexpr base::UtcTime kNow{std::chrono::hours(500'000)};

TEST(Dedupe, gives_the_first_sequence_again) {
  Dedupe dedupe(720h, 100);
  EXPECT_FALSE(dedupe.find("city", "1"));
  dedupe.remember("city", "1", kNow, 7);
  dedupe.remember("city", "1", kNow, 8);
  EXPECT_EQ(dedupe.find("city", "1"), 7u);
  EXPECT_EQ(dedupe.size(), 1u);
}

TEST(Dedupe, tells_sources_apart_even_when_the_texts_join_to_the_same) {
  Dedupe dedupe(720h, 100);
  dedupe.remember("city", "12", kNow, 7);
  EXPECT_FALSE(dedupe.find("city1", "2"));
  EXPECT_FALSE(dedupe.find("12", "city"));
}

TEST(Dedupe, forgets_what_lies_behind_the_window) {
  Dedupe dedupe(720h, 100);
  dedupe.remember("city", "old", kNow - 719h, 1);
  dedupe.remember("city", "new", kNow, 2);
  dedupe.expire(kNow);
  EXPECT_EQ(dedupe.find("city", "old"), 1u);
  dedupe.expire(kNow + 3h);
  EXPECT_FALSE(dedupe.find("city", "old"));
  EXPECT_EQ(dedupe.find("city", "new"), 2u);
  EXPECT_EQ(dedupe.forgotten_early_count(), 0u);
}

TEST(Dedupe, keeps_its_capacity_by_forgetting_the_oldest_and_counts_them) {
  Dedupe dedupe(720h, 3);
  for (int i = 0; i < 5; ++i) {
    dedupe.remember("city", std::to_string(i), kNow + std::chrono::hours(i), static_cast<std::uint64_t>(i));
  }
  EXPECT_EQ(dedupe.size(), 3u);
  EXPECT_EQ(dedupe.forgotten_early_count(), 2u);
  EXPECT_FALSE(dedupe.find("city", "1"));
  EXPECT_EQ(dedupe.find("city", "4"), 4u);
}

}  // namespace
}  // namespace gridwall::hub
