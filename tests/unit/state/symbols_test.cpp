#include "state/symbols.hpp"

#include <gtest/gtest.h>

#include "base/hash.hpp"

namespace gridwall::test {
namespace {

using state::Symbol;
using state::Symbols;

TEST(Symbols, numbers_follow_the_order_in_which_texts_were_first_seen) {
  Symbols symbols;
  EXPECT_EQ(symbols.count(), 2u);
  EXPECT_EQ(symbols.intern(""), state::kNoSymbol);
  EXPECT_EQ(symbols.intern("…"), state::kOtherSymbol);
  const Symbol first = symbols.intern("hotline"), second = symbols.intern("patrol");
  EXPECT_EQ(first, 2);
  EXPECT_EQ(second, 3);
  EXPECT_EQ(symbols.intern("hotline"), first);
  EXPECT_EQ(symbols.text(second), "patrol");
  EXPECT_EQ(symbols.count(), 4u);
}

TEST(Symbols, looking_for_a_text_does_not_add_it) {
  Symbols symbols;
  EXPECT_EQ(symbols.find("hotline"), state::kNoSymbol);
  EXPECT_EQ(symbols.count(), 2u);
  const Symbol symbol = symbols.intern("hotline");
  EXPECT_EQ(symbols.find("hotline"), symbol);
  EXPECT_EQ(symbols.find("hotlin"), state::kNoSymbol);
}

TEST(Symbols, the_hash_of_a_text_does_not_depend_on_its_number) {
  Symbols one, other;
  one.intern("a"), one.intern("b");
  other.intern("b"), other.intern("a");
  ASSERT_NE(one.find("a"), other.find("a"));
  EXPECT_EQ(one.hash(one.find("a")), other.hash(other.find("a")));
  EXPECT_EQ(one.hash(one.find("a")), base::hash_bytes("a"));
  EXPECT_NE(one.hash(one.find("a")), one.hash(one.find("b")));
}

TEST(Symbols, a_list_given_out_stays_as_it_is_and_a_new_text_comes_in_a_new_one) {
  Symbols symbols;
  symbols.intern("a");
  const auto given = symbols.names();
  EXPECT_EQ(symbols.names(), given);
  symbols.intern("a"), static_cast<void>(symbols.find("x"));
  EXPECT_EQ(symbols.names(), given) << "nothing new came";
  symbols.intern("b"), symbols.intern("c");
  const auto next = symbols.names();
  EXPECT_NE(next, given);
  EXPECT_EQ(*given, (std::vector<std::string>{"", "…", "a"}));
  EXPECT_EQ(*next, (std::vector<std::string>{"", "…", "a", "b", "c"}));
}

TEST(Symbols, above_the_maximum_every_further_text_is_the_others_and_is_counted) {
  Symbols symbols;
  while (symbols.count() < state::kSymbolsMax) symbols.intern(std::to_string(symbols.count()));
  EXPECT_EQ(symbols.overflow_count(), 0u);
  const auto full = symbols.names();
  EXPECT_EQ(symbols.intern("one more"), state::kOtherSymbol);
  EXPECT_EQ(symbols.intern("one more"), state::kOtherSymbol);
  EXPECT_EQ(symbols.intern("another"), state::kOtherSymbol);
  EXPECT_EQ(symbols.overflow_count(), 3u);
  EXPECT_EQ(symbols.count(), state::kSymbolsMax);
  EXPECT_EQ(symbols.names(), full) << "nothing was added";
  EXPECT_EQ(symbols.find("one more"), state::kNoSymbol);
  EXPECT_EQ(symbols.intern("19999"), 19'999) << "those that are known stay known";
  EXPECT_EQ(symbols.text(19'999), "19999");
  EXPECT_EQ(symbols.overflow_count(), 3u);
}

}  // namespace
}  // namespace gridwall::test
