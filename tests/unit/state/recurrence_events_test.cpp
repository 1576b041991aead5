// Goal: what is near each other recurs, but never a case whose point is its grid's and not its own. Method: reports of
// one place, of classes that are sensitive and that are not, through RecurrenceEvents; no hub.
#include "state/recurrence_events.hpp"

#include <gtest/gtest.h>

#include "base/time_text.hpp"
#include "support/small_tree.hpp"

namespace gridwall::test {
namespace {

constexpr const char* kOurs = "ours-2013";

class RecurrenceEventsTest : public ::testing::Test {
 protected:
  static model::Vocabulary vocabulary() {
    model::Vocabulary vocabulary;
    vocabulary.class_set = kOurs;
    vocabulary.classes = {{.code = "E01.01", .name_zh = "", .name_en = ""},
                          {.code = "E09.01", .name_zh = "", .name_en = "", .sensitive = true}};
    return vocabulary;
  }

  // What follows from a report at the anchor of the first leaf.
  std::size_t facts_of(const std::string& id, const std::string& class_code, const std::string& class_set = kOurs) {
    model::SequencedEvent sequenced;
    model::Event& event = sequenced.event;
    event.type = "incident.reported";
    event.incident.incident_id = id;
    event.incident.class_set = class_set;
    event.incident.class_code = class_code;
    event.occurred_at = sequenced.state_time = m_now += std::chrono::minutes(1);
    const auto leaf = model::DivisionIndex{m_tree->levels().back().divisions.begin};
    sequenced.division = leaf;
    sequenced.point_world = m_tree->at(leaf).anchor_world;
    return m_events.follow(sequenced).size();
  }

  std::shared_ptr<const model::DivisionTree> m_tree = small_tree();
  state::RecurrenceEvents m_events{model::RecurrenceRule{}, m_tree, vocabulary()};
  base::UtcTime m_now = base::parse_rfc3339("2026-03-02T08:00:00+08:00").value();
};

TEST_F(RecurrenceEventsTest, cases_of_one_place_recur) {
  EXPECT_EQ(facts_of("a", "E01.01"), 0u);
  EXPECT_EQ(facts_of("b", "E01.01"), 1u);  // may be reported twice
  EXPECT_EQ(facts_of("c", "E01.01"), 4u);  // that, and all three recur
}

TEST_F(RecurrenceEventsTest, cases_of_a_sensitive_class_that_share_their_grids_anchor_do_not_recur) {
  for (const char* id : {"a", "b", "c", "d"}) EXPECT_EQ(facts_of(id, "E09.01"), 0u);
}

TEST_F(RecurrenceEventsTest, the_same_code_of_another_edition_is_not_taken_for_a_sensitive_class) {
  EXPECT_EQ(facts_of("a", "E09.01", "theirs"), 0u);
  EXPECT_EQ(facts_of("b", "E09.01", "theirs"), 1u);
}

TEST_F(RecurrenceEventsTest, a_case_that_was_sensitive_stays_out_when_its_class_changes) {
  EXPECT_EQ(facts_of("a", "E01.01"), 0u);
  EXPECT_EQ(facts_of("b", "E09.01"), 0u);
  EXPECT_EQ(facts_of("b", "E01.01"), 0u);
  EXPECT_EQ(facts_of("c", "E01.01"), 1u);  // of `a` alone
}

TEST_F(RecurrenceEventsTest, what_is_left_out_stays_so_in_a_memory_that_was_written_and_read) {
  EXPECT_EQ(facts_of("a", "E01.01"), 0u);
  EXPECT_EQ(facts_of("b", "E09.01"), 0u);
  ASSERT_TRUE(m_events.restore(m_events.encode()));
  EXPECT_EQ(facts_of("b", "E01.01"), 0u);
  EXPECT_EQ(facts_of("c", "E01.01"), 1u);
}

}  // namespace
}  // namespace gridwall::test
