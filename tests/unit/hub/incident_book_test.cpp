#include "hub/incident_book.hpp"

#include <gtest/gtest.h>

namespace gridwall::hub {
namespace {

using model::CaseState;

BookedIncident incident(std::string id, CaseState state) { return {std::move(id), state, "R/01/", std::nullopt}; }

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
  const model::LifecycleRow filed{"incident.filed", {CaseState::Reported, CaseState::PendingFile}, CaseState::Filed,
                                  "", ""};
  const BookedIncident fresh = incident("a", CaseState::Reported);
  const BookedIncident closed = incident("a", CaseState::Closed);
  EXPECT_TRUE(follows_lifecycle(reported, nullptr));
  EXPECT_FALSE(follows_lifecycle(reported, &fresh));
  EXPECT_FALSE(follows_lifecycle(filed, nullptr));
  EXPECT_TRUE(follows_lifecycle(filed, &fresh));
  EXPECT_FALSE(follows_lifecycle(filed, &closed));
}

}  // namespace
}  // namespace gridwall::hub
