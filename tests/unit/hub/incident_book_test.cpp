#include "hub/incident_book.hpp"

#include <gtest/gtest.h>

namespace gridwall::hub {
namespace {

using model::CaseState;

constexpr base::UtcTime kNow{std::chrono::hours(490'000)};

BookedIncident incident(std::string id, CaseState state) {
  return {std::move(id), state, "R/01/", std::nullopt, {}};
}

TEST(IncidentBook, replaces_an_incident_whatever_its_state_was) {
  IncidentBook book(10);
  EXPECT_EQ(book.find("a"), nullptr);
  book.note(incident("a", CaseState::Reported));
  book.note(incident("a", CaseState::Closed));
  book.note(incident("a", CaseState::Reopened));
  ASSERT_NE(book.find("a"), nullptr);
  EXPECT_EQ(book.find("a")->state, CaseState::Reopened);
  EXPECT_EQ(book.size(), 1u);
  EXPECT_EQ(book.forgotten_count(), 0u);
}

TEST(IncidentBook, forgets_settled_incidents_before_open_ones_and_the_longest_untouched_first) {
  IncidentBook book(3);
  book.note(incident("open-1", CaseState::Reported));
  book.note(incident("open-2", CaseState::Filed));
  book.note(incident("closed", CaseState::Closed));
  book.note(incident("open-3", CaseState::Handling));
  EXPECT_EQ(book.find("closed"), nullptr);
  book.note(incident("open-1", CaseState::Filed));  // touched
  book.note(incident("open-4", CaseState::Filed));
  EXPECT_EQ(book.find("open-2"), nullptr);
  EXPECT_NE(book.find("open-1"), nullptr);
  EXPECT_EQ(book.size(), 3u);
  EXPECT_EQ(book.forgotten_count(), 2u);
}

TEST(IncidentBook, lets_follow_only_what_the_table_allows) {
  const model::LifecycleRow reported{"incident.reported", {}, CaseState::Reported, "", ""};
  const model::LifecycleRow filed{
      "incident.filed", {CaseState::Reported, CaseState::PendingFile}, CaseState::Filed, "", ""};
  const BookedIncident fresh = incident("a", CaseState::Reported);
  const BookedIncident closed = incident("a", CaseState::Closed);
  EXPECT_TRUE(follows_lifecycle(reported, nullptr, kNow));
  EXPECT_FALSE(follows_lifecycle(reported, &fresh, kNow));
  EXPECT_FALSE(follows_lifecycle(filed, nullptr, kNow));
  EXPECT_TRUE(follows_lifecycle(filed, &fresh, kNow));
  EXPECT_FALSE(follows_lifecycle(filed, &closed, kNow));
}

TEST(IncidentBook, a_suspension_with_an_end_is_over_at_that_instant_and_a_mark_leaves_it) {
  const model::LifecycleRow suspended{"incident.suspended",  {CaseState::Handling}, CaseState::Suspended, "", "", {},
                                      model::Effect::Suspend};
  const model::LifecycleRow urged{"incident.urged", {CaseState::Suspended}, std::nullopt, "", ""};
  model::Event event;
  event.incident.incident_id = "a";
  event.occurred_at = kNow;
  event.incident.resume_at = kNow + std::chrono::hours(2);
  const BookedIncident handling = incident("a", CaseState::Handling);
  const BookedIncident asleep = after_event(suspended, &handling, event, kNow);
  const BookedIncident urged_once = after_event(urged, &asleep, model::Event{}, kNow + std::chrono::hours(1));
  for (const BookedIncident& it : {asleep, urged_once}) {
    EXPECT_EQ(it.state_at(kNow + std::chrono::hours(2) - base::Duration(1)), CaseState::Suspended);
    EXPECT_EQ(it.state_at(kNow + std::chrono::hours(2)), CaseState::Handling);
  }
  const BookedIncident awake = after_event(urged, &urged_once, model::Event{}, kNow + std::chrono::hours(3));
  EXPECT_EQ(awake.state, CaseState::Handling) << "a mark afterwards finds it at work";
  event.incident.resume_at = kNow;
  EXPECT_EQ(after_event(suspended, &handling, event, kNow).state_at(kNow), CaseState::Suspended) << "no end at all";
}

}  // namespace
}  // namespace gridwall::hub
