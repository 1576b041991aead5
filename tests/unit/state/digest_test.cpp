#include "state/digest.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <string>

#include "base/random.hpp"
#include "state/symbols.hpp"
#include "support/small_tree.hpp"

namespace gridwall::test {
namespace {

using state::CaseTexts;
using state::Incident;

struct Case {
  Incident incident;
  model::CaseRecord record;
  CaseTexts texts;
  [[nodiscard]] std::uint64_t hash() const { return state::hash_case(incident, record, texts); }
};
using Change = std::function<void(Case&)>;

base::UtcTime at_s(std::int64_t seconds) {
  return base::UtcTime(std::chrono::seconds(seconds));
}

// One change for each field that two folds must agree on.
std::vector<std::pair<std::string, Change>> changes() {
  std::vector<std::pair<std::string, Change>> all;
  const auto add = [&](const char* name, Change change) { all.emplace_back(name, std::move(change)); };
  add("id", [](Case& c) { c.incident.id = "b"; });
  add("class", [](Case& c) { c.texts.class_code = 1; });
  add("channel", [](Case& c) { c.texts.channel = 1; });
  add("department", [](Case& c) { c.texts.department = 1; });
  add("division", [](Case& c) { c.texts.division_code = 1; });
  add("x", [](Case& c) { c.incident.point_units.x = 1; });
  add("y", [](Case& c) { c.incident.point_units.y = 1; });
  add("x below 0", [](Case& c) { c.incident.point_units.x = -1; });
  add("y below 0", [](Case& c) { c.incident.point_units.y = -1; });
  add("severity", [](Case& c) { c.incident.severity = model::Severity::Critical; });
  add("located", [](Case& c) { c.incident.located = true; });
  add("simulated", [](Case& c) { c.incident.simulated = true; });
  add("recurrent", [](Case& c) { c.incident.recurrent = true; });
  add("suspected duplicate", [](Case& c) { c.incident.suspected_duplicate = true; });
  add("first seen", [](Case& c) { c.incident.first_seen_at = at_s(1); });
  add("changed", [](Case& c) { c.incident.changed_at = at_s(1); });
  for (const model::CaseState to : model::kCaseStates) {
    if (to != model::CaseState::Reported) add("state", [to](Case& c) { c.record.state = to; });
  }
  for (unsigned bit = 0; bit < 16; ++bit) {
    add("mark", [bit](Case& c) { c.record.marks = static_cast<std::uint16_t>(1u << bit); });
    add("flaw", [bit](Case& c) { c.record.flaws = static_cast<std::uint16_t>(1u << bit); });
  }
  add("returns", [](Case& c) { c.record.return_count = 1; });
  add("reworks", [](Case& c) { c.record.rework_count = 1; });
  add("extensions", [](Case& c) { c.record.extension_count = 1; });
  add("suspensions", [](Case& c) { c.record.suspension_count = 1; });
  add("urges", [](Case& c) { c.record.urge_count = 1; });
  add("reopenings", [](Case& c) { c.record.reopen_count = 1; });
  add("solved at level 0", [](Case& c) { c.record.solved_level = 0; });
  add("limit's unit", [](Case& c) { c.record.limit.unit = model::LimitUnit::WorkDay; });
  add("limit's count", [](Case& c) { c.record.limit.count = 1; });
  for (std::size_t i = 0; i < model::kStampCount; ++i) {
    add("stamp", [i](Case& c) { c.record.stamps[i] = at_s(1); });
  }
  add("deadline", [](Case& c) { c.record.deadline_at = at_s(1); });
  add("paused", [](Case& c) { c.record.paused_at = at_s(1); });
  add("resume due", [](Case& c) { c.record.resume_due_at = at_s(1); });
  add("warn", [](Case& c) { c.record.warn_at = at_s(1); });
  add("milestone", [](Case& c) { c.record.milestone_at = at_s(1); });
  add("stage due", [](Case& c) { c.record.stage_due_at = at_s(1); });
  add("paused used", [](Case& c) { c.record.paused_used = std::chrono::seconds(1); });
  add("pause", [](Case& c) { c.record.pauses = {{at_s(1), at_s(2)}}; });
  add("pause's end", [](Case& c) { c.record.pauses = {{at_s(1), at_s(3)}}; });
  add("two pauses", [](Case& c) { c.record.pauses = {{at_s(1), at_s(2)}, {at_s(3), at_s(4)}}; });
  return all;
}

TEST(HashCase, a_change_of_any_field_is_another_hash) {
  Case plain;
  plain.incident.id = "a";
  std::set<std::uint64_t> hashes{plain.hash()};
  for (const auto& [name, change] : changes()) {
    Case changed = plain;
    change(changed);
    EXPECT_TRUE(hashes.insert(changed.hash()).second) << name;
  }
  EXPECT_EQ(hashes.size(), 1 + changes().size());
}

TEST(HashCase, a_copy_with_other_symbols_and_another_number_has_the_same_hash) {
  Case one;
  one.incident.id = "a";
  one.record.pauses = {{at_s(1), at_s(2)}};
  Case other = one;
  const std::string same_id = "a";
  other.incident.id = same_id;
  other.incident.class_symbol = 7;
  other.incident.department_symbol = 9;
  other.incident.division = {12};
  other.incident.last_sequence = 99;  // counts batches of a feed, and not what is so
  other.record.pauses.reserve(50);
  EXPECT_EQ(other.hash(), one.hash());
}

TEST(HashCase, texts_hash_alike_in_whatever_order_they_were_interned) {
  const std::vector<std::string> words{"hotline", "patrol", "cityadmin", "E01.10"};
  state::Symbols forward, backward;
  for (std::size_t i = 0; i < words.size(); ++i) {
    forward.intern(words[i]);
    backward.intern(words[words.size() - 1 - i]);
  }
  const auto hash_with = [&](state::Symbols& symbols) {
    Case one;
    one.incident.id = "a";
    one.texts = {symbols.hash(symbols.intern("E01.10")), symbols.hash(symbols.intern("hotline")),
                 symbols.hash(symbols.intern("cityadmin")), 5};
    return one.hash();
  };
  EXPECT_NE(forward.find("hotline"), backward.find("hotline"));
  EXPECT_EQ(hash_with(forward), hash_with(backward));
}

TEST(HashCounted, a_change_of_any_field_is_another_hash) {
  using state::CountedCase;
  struct Counted {
    CountedCase counted;
    CaseTexts texts;
  };
  std::vector<std::function<void(Counted&)>> all{
      [](Counted& c) { c.texts.class_code = 1; },
      [](Counted& c) { c.texts.channel = 1; },
      [](Counted& c) { c.texts.department = 1; },
      [](Counted& c) { c.texts.division_code = 1; },
      [](Counted& c) { c.counted.measure.accept_ms = 1; },
      [](Counted& c) { c.counted.measure.handle_ms = 1; },
      [](Counted& c) { c.counted.reported_at = at_s(1); },
      [](Counted& c) { c.counted.keys[static_cast<std::size_t>(state::Dimension::Severity)] = 4; },
  };
  for (std::size_t i = 0; i < model::kCountCount; ++i) {
    all.emplace_back([i](Counted& c) { c.counted.measure.flags = model::CaseFlags{1} << i; });
  }
  std::set<std::uint64_t> hashes{state::hash_counted({}, {})};
  for (const auto& change : all) {
    Counted changed;
    change(changed);
    EXPECT_TRUE(hashes.insert(state::hash_counted(changed.counted, changed.texts)).second);
  }
  CountedCase other_symbols;
  other_symbols.keys = {5, 6, 7, 0};
  other_symbols.division = {3};
  EXPECT_EQ(state::hash_counted(other_symbols, {}), state::hash_counted({}, {}));
}

class DigestBookTest : public testing::Test {
 protected:
  std::shared_ptr<const model::DivisionTree> tree = small_tree();  // R, 4 towns (1..4), 16 grids (5..20)
  std::shared_ptr<const state::Ancestry> ancestry = std::make_shared<const state::Ancestry>(*tree);
};

TEST_F(DigestBookTest, a_division_has_its_own_sum_and_its_childrens) {
  state::DigestBook book(ancestry);
  base::Random random(4);
  for (int i = 0; i < 500; ++i) {
    book.change({static_cast<std::uint32_t>(random.next_below(21))}, 0, random.next_u64());
  }
  for (std::uint32_t d = 0; d < 21; ++d) {
    std::uint64_t sum = book.own({d});
    const auto& children = tree->at({d}).children;
    for (std::uint32_t child = 1; child < 21; ++child) {
      if (tree->at({child}).parent == model::DivisionIndex{d}) sum += book.total({child});
    }
    EXPECT_EQ(book.total({d}), sum) << d;
    EXPECT_EQ(children.size() == 0, book.total({d}) == book.own({d})) << d;
    EXPECT_NE(book.own({d}), 0u);
  }
}

TEST_F(DigestBookTest, the_order_of_coming_changing_and_going_does_not_matter) {
  state::DigestBook one(ancestry), other(ancestry);
  one.change({5}, 0, 100), one.change({5}, 0, 7), one.change({5}, 100, 300), one.change({2}, 0, 9);
  one.change({5}, 7, 0), one.change({20}, 0, 7);  // moved
  other.change({2}, 0, 9), other.change({20}, 0, 7), other.change({5}, 0, 300);
  for (std::uint32_t d = 0; d < 21; ++d) {
    EXPECT_EQ(one.total({d}), other.total({d})) << d;
    EXPECT_EQ(one.own({d}), other.own({d})) << d;
  }
  other.change({5}, 300, 301);
  EXPECT_NE(one.total({0}), other.total({0}));
}

TEST_F(DigestBookTest, two_equal_hashes_do_not_cancel_out) {
  state::DigestBook book(ancestry);
  book.change({5}, 0, 77), book.change({5}, 0, 77);
  EXPECT_EQ(book.total({5}), 154u);
  EXPECT_EQ(book.total({0}), 154u);
}

TEST_F(DigestBookTest, after_everything_is_gone_or_cleared_all_sums_are_zero) {
  state::DigestBook book(ancestry);
  book.change({5}, 0, ~std::uint64_t{0}), book.change({6}, 0, 8);
  book.change({5}, ~std::uint64_t{0}, 0);
  EXPECT_EQ(book.total({0}), 8u);
  EXPECT_EQ(book.total({5}), 0u);
  book.clear();
  for (std::uint32_t d = 0; d < 21; ++d) EXPECT_EQ(book.total({d}) | book.own({d}), 0u);
}

}  // namespace
}  // namespace gridwall::test
