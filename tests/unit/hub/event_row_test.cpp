// Events that are used anew are as new.
#include "hub/event_row.hpp"

#include <gtest/gtest.h>

namespace gridwall::hub {
namespace {

// Something in every member.
model::SequencedEvent full() {
  model::SequencedEvent full;
  model::Event& event = full.event;
  for (std::string* text : {&event.id, &event.source, &event.type, &event.division_path, &event.claimed_code,
                            &event.derived_name, &event.moved_case}) {
    *text = "a text that is longer than a short one";
  }
  model::IncidentFacts& facts = event.incident;
  for (std::string* text :
       {&facts.incident_id, &facts.class_set, &facts.class_code, &facts.channel, &facts.department,
        &facts.division_code, &facts.crs, &facts.condition, &facts.limit, &facts.reason, &facts.duplicate_of}) {
    *text = "another text that is longer than a short one";
  }
  const base::UtcTime time{std::chrono::hours(5)};
  facts.severity = model::Severity::Major;
  facts.point = event.point_lonlat = base::Vec2d{1, 2};
  facts.deadline = facts.resume_at = event.occurred_at = time;
  facts.approved = facts.satisfied = true;
  facts.solved_level = 3;
  facts.command = true;
  facts.if_version = 9;
  event.alert = model::AlertFacts{};
  event.entry = model::RegisterFacts{};
  event.point_units = base::Vec2i{3, 4};
  event.out_of_order = true;
  event.derived_value = 7;
  full.sequence = 8;
  full.state_time = full.received_at = time;
  full.division = full.unlocated_in = model::DivisionIndex{6};
  full.point_world = base::Vec2d{5, 6};
  return full;
}

TEST(EventRow, an_event_that_is_used_anew_is_as_new) {
  // Whoever adds a member makes it empty in model/event.cpp and fills it above.
  static_assert(sizeof(model::IncidentFacts) + 7 * sizeof(std::string) < sizeof(model::Event));
  EventRow row;
  row.add() = full();
  row.clear();
  EXPECT_TRUE(row.empty());
  const model::SequencedEvent& used = row.add();
  const model::SequencedEvent fresh;
  EXPECT_EQ(used.event, fresh.event);
  EXPECT_EQ(used.sequence, 0u);
  EXPECT_EQ(used.state_time, fresh.state_time);
  EXPECT_EQ(used.received_at, fresh.received_at);
  EXPECT_EQ(used.division, fresh.division);
  EXPECT_EQ(used.unlocated_in, fresh.unlocated_in);
  EXPECT_EQ(used.point_world, fresh.point_world);
  EXPECT_GE(used.event.id.capacity(), 38u) << "its texts keep their memory";
}

TEST(EventRow, what_is_released_is_what_was_added_last) {
  EventRow row;
  for (std::uint64_t i = 0; i < 5; ++i) row.add().sequence = i;
  row.clear();
  row.add().sequence = 11;
  row.add().sequence = 12;
  row.drop_last();
  ASSERT_EQ(row.all().size(), 1u);
  const auto events = row.release();
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events.front().sequence, 11u);
  EXPECT_TRUE(row.empty());
}

}  // namespace
}  // namespace gridwall::hub
