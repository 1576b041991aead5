#include "journal/key_run.hpp"

#include "journal_support.hpp"

namespace gridwall::journal {
namespace {

TEST(KeyRun, keys_come_back_as_they_were) {
  std::vector<DedupeKey> keys = keys_of(records(100, 300)), read;
  keys[3].occurred_at = base::UtcTime::max();
  keys[4].occurred_at = base::UtcTime::min();
  keys[5].sequence = 1;
  const std::string bytes = encode_key_run(keys);
  ASSERT_TRUE(decode_key_run(bytes, read).ok());
  EXPECT_EQ(read, keys);
  EXPECT_LT(bytes.size(), 300 * 25u);
}

TEST(KeyRun, bytes_cut_anywhere_are_refused) {
  const std::string bytes = encode_key_run(keys_of(records(1, 4)));
  std::vector<DedupeKey> read;
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(decode_key_run(std::string_view(bytes).substr(0, size), read).ok()) << size;
  }
  EXPECT_FALSE(decode_key_run(bytes + "x", read).ok());
}

TEST(KeyFilter, holds_all_it_was_given_and_little_else) {
  KeyFilter filter;
  base::Random random(1);
  std::vector<std::pair<std::uint64_t, std::uint64_t>> given;
  for (std::size_t i = 0; i < KeyFilter::kKeysMax; ++i) {
    given.emplace_back(random.next_u64(), random.next_u64());
    filter.add(given.back().first, given.back().second);
  }
  for (const auto& [low, high] : given) ASSERT_TRUE(filter.may_hold(low, high));
  int wrong = 0;
  for (int i = 0; i < 100'000; ++i) wrong += filter.may_hold(random.next_u64(), random.next_u64()) ? 1 : 0;
  EXPECT_LT(wrong, 100);
}

}  // namespace
}  // namespace gridwall::journal
