// The maps of the 311 feeds: New York, Boston, Open311.
#include "feed_map_support.hpp"

namespace gridwall::wire {
namespace {

using test::event_of;
using test::mapped;
using test::sample;
using test::steps;
using test::utc;
using Steps = std::vector<std::string>;

TEST(Nyc311Map, a_closed_request_becomes_its_steps_in_new_york_time) {
  const MappedFeed feed = mapped("nyc311", sample("nyc311.csv"));
  EXPECT_EQ(steps(feed, "42254749"), (Steps{"reported 2019-04-19T01:55:45Z", "dispatched 2019-04-19T01:55:45Z",
                                            "handled 2019-04-19T07:45:24Z", "closed 2019-04-19T07:45:24Z"}));
  const model::Event& dispatched = event_of(feed, "42254749", "incident.dispatched");
  EXPECT_EQ(dispatched.incident.deadline, utc("2019-04-19T05:55:45-04:00"));
  EXPECT_EQ(dispatched.incident.class_set, "NYC 311");
  EXPECT_EQ(dispatched.incident.class_code, "Noise - Residential");
  EXPECT_EQ(dispatched.incident.department, "NYPD");
  EXPECT_EQ(dispatched.incident.division_code, "15 BROOKLYN");
  EXPECT_EQ(dispatched.incident.channel, "hotline");
  EXPECT_EQ(dispatched.incident.crs, "EPSG:4326");
  EXPECT_EQ(dispatched.incident.point, (base::Vec2d{-73.933, 40.586}));
}

TEST(Nyc311Map, the_doubled_hour_is_read_so_that_steps_follow_each_other) {
  // Created 01:45 in summer time, closed 01:10 in winter time: 25 minutes later.
  const MappedFeed feed = mapped("nyc311", sample("nyc311.csv"));
  EXPECT_EQ(steps(feed, "90000001").front(), "reported 2019-11-03T05:45:00Z");
  EXPECT_EQ(steps(feed, "90000001").back(), "closed 2019-11-03T06:10:00Z");
  EXPECT_EQ(feed.doubts.of(FeedDoubt::AmbiguousTime), 2u);
}

TEST(Nyc311Map, the_skipped_hour_is_the_moment_of_the_change) {
  const MappedFeed feed = mapped("nyc311", sample("nyc311.csv"));
  EXPECT_EQ(steps(feed, "90000002"), (Steps{"reported 2019-03-10T07:00:00Z", "dispatched 2019-03-10T07:00:00Z",
                                            "handling_started 2019-03-10T07:05:00Z"}));
  EXPECT_EQ(feed.doubts.of(FeedDoubt::SkippedTime), 1u);
  EXPECT_FALSE(event_of(feed, "90000002", "incident.reported").incident.point);
  EXPECT_EQ(feed.doubts.of(FeedDoubt::UnusablePoint), 1u);
}

TEST(Nyc311Map, closing_before_creation_is_counted_and_keeps_its_order) {
  const MappedFeed feed = mapped("nyc311", sample("nyc311.csv"));
  EXPECT_EQ(steps(feed, "90000003").front(), "reported 2019-06-14T13:00:00Z");
  EXPECT_EQ(steps(feed, "90000003").back(), "closed 2019-06-13T21:00:00Z");
  EXPECT_EQ(feed.doubts.of(FeedDoubt::BackwardTime), 1u);
}

TEST(Nyc311Map, a_closed_request_without_a_date_closes_with_its_last_action) {
  EXPECT_EQ(steps(mapped("nyc311", sample("nyc311.csv")), "90000004").back(), "closed 2019-06-15T14:00:00Z");
}

TEST(Nyc311Map, rows_that_cannot_be_read_are_told_with_their_line) {
  const MappedFeed feed = mapped("nyc311", sample("nyc311.csv"));
  EXPECT_EQ(feed.number_word, "line");
  EXPECT_EQ(feed.record_count, 12u);
  ASSERT_EQ(feed.skipped_count, 2u);
  // A cell of line 8 has a line end in it, so later rows stand one line further down.
  EXPECT_EQ(feed.skipped[0].record_number, 13u);
  EXPECT_EQ(feed.skipped[0].reason, "yields no event: its times are missing or cannot be read");
  EXPECT_EQ(feed.skipped[1].record_number, 14u);
  EXPECT_EQ(feed.skipped[1].reason, "no id: 'Unique Key' is empty, missing or a word that the map does not take");
  EXPECT_EQ(feed.doubts.of(FeedDoubt::UnreadableTime), 1u);
  EXPECT_EQ(feed.doubts.of(FeedDoubt::UnknownValue), 1u);  // the channel FAX
}

TEST(Nyc311Map, all_of_the_41_columns_are_known_and_addresses_are_never_read) {
  const MappedFeed feed = mapped("nyc311", sample("nyc311.csv"));
  EXPECT_TRUE(feed.unknown_members.empty());
  for (const MappedEvent& one : feed.events) {
    for (const std::string* text : {&one.event.id, &one.event.incident.class_code, &one.event.incident.department,
                                    &one.event.incident.division_code, &one.event.incident.channel}) {
      EXPECT_EQ(text->find("EXAMPLE"), std::string::npos);
    }
  }
}

TEST(Nyc311Map, reads_the_headers_of_2025_and_names_columns_that_it_does_not_know) {
  const MappedFeed feed = mapped("nyc311",
                                 "Unique Key,Created Date,Problem (formerly Complaint Type),Status,Mood\n"
                                 "1,01/02/2026 12:00:00 AM,Noise,Open,bad\n"
                                 "2,01/02/2026 12:00:00 PM,Noise,Open,bad\n");
  EXPECT_EQ(event_of(feed, "1", "incident.reported").incident.class_code, "Noise");
  EXPECT_EQ(steps(feed, "1"), (Steps{"reported 2026-01-02T05:00:00Z"}));
  EXPECT_EQ(steps(feed, "2"), (Steps{"reported 2026-01-02T17:00:00Z"}));
  EXPECT_EQ(feed.unknown_members, (std::vector<std::string>{"Mood"}));
}

TEST(Nyc311Map, a_file_of_another_feed_is_refused_by_its_header) {
  const auto feed = map_feed(test::shipped_map("nyc311"), sample("boston311.csv"));
  ASSERT_FALSE(feed.ok());
  EXPECT_EQ(feed.error().message, "line 1: the header has no column 'Unique Key'; is this the right map?");
}

TEST(Boston311Map, maps_each_row_and_knows_each_column) {
  const MappedFeed feed = mapped("boston311", sample("boston311.csv"));
  EXPECT_EQ(feed.record_count, 36u);
  EXPECT_EQ(feed.skipped_count, 0u);
  EXPECT_TRUE(feed.unknown_members.empty());
  EXPECT_EQ(steps(feed, "101004113298"), (Steps{"reported 2022-01-01T05:16:00Z", "dispatched 2022-01-01T05:16:00Z",
                                                "handled 2022-01-10T13:42:23Z", "closed 2022-01-10T13:42:23Z"}));
  // The target lies in summer time.
  const model::Event& dispatched = event_of(feed, "101004113298", "incident.dispatched");
  EXPECT_EQ(dispatched.incident.deadline, utc("2022-04-01T04:16:06Z"));
  EXPECT_EQ(dispatched.incident.division_code, "0504");
  EXPECT_EQ(dispatched.incident.channel, "hotline");
}

TEST(Boston311Map, the_position_of_city_hall_is_no_position) {
  const MappedFeed feed = mapped("boston311", sample("boston311.csv"));
  EXPECT_FALSE(event_of(feed, "101004113717", "incident.reported").incident.point);
  EXPECT_EQ(feed.doubts.of(FeedDoubt::UnusablePoint), 3u);
}

TEST(Boston311Map, takes_the_older_name_of_the_target) {
  const MappedFeed feed = mapped("boston311",
                                 "case_enquiry_id,open_dt,sla_target_dt,closed_dt,case_status\n"
                                 "7,2021-05-01 10:00:00,2021-05-02 10:00:00,,Open\n");
  EXPECT_EQ(event_of(feed, "7", "incident.dispatched").incident.deadline, utc("2021-05-02T14:00:00Z"));
}

TEST(Open311Map, the_newest_version_of_a_request_counts) {
  const MappedFeed feed = mapped("open311", sample("open311.json"));
  EXPECT_EQ(steps(feed, "638349").back(), "closed 2010-04-20T17:00:00Z");
  EXPECT_EQ(feed.doubts.of(FeedDoubt::Superseded), 2u);
  EXPECT_EQ(feed.number_word, "record");
  ASSERT_EQ(feed.skipped_count, 1u);
  EXPECT_EQ(feed.skipped[0].record_number, 5u);
  EXPECT_EQ(feed.unknown_members, (std::vector<std::string>{"token"}));
}

TEST(Open311Map, json_and_xml_of_the_same_request_give_the_same_events) {
  const MappedFeed json = mapped("open311", sample("open311.json")), xml = mapped("open311", sample("open311.xml"));
  EXPECT_EQ(event_of(json, "638344", "incident.dispatched"), event_of(xml, "638344", "incident.dispatched"));
  EXPECT_EQ(event_of(xml, "638344", "incident.dispatched").incident.deadline, utc("2010-04-15T14:37:38Z"));
  EXPECT_EQ(steps(json, "638344"), steps(xml, "638344"));
  EXPECT_EQ(event_of(xml, "638344", "incident.reported").incident.point, (base::Vec2d{-122.4651145, 37.762221815}));
}

TEST(Open311Map, a_newer_pull_repeats_ids_and_adds_only_what_is_new) {
  std::set<std::string> before, after;
  for (const MappedEvent& one : mapped("open311", sample("open311.xml")).events) before.insert(one.event.id);
  for (const MappedEvent& one : mapped("open311", sample("open311.json")).events) after.insert(one.event.id);
  EXPECT_TRUE(std::includes(after.begin(), after.end(), before.begin(), before.end()));
  EXPECT_EQ(after.size(), before.size() + 2);  // 638349 was handled and closed
}

}  // namespace
}  // namespace gridwall::wire
