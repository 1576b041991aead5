// The maps that give alerts: USGS earthquakes and CAP 1.2.
#include "feed_map_support.hpp"

namespace gridwall::wire {
namespace {

using model::AlertFacts;
using model::AlertStatus;
using model::Severity;
using test::event_of;
using test::mapped;
using test::sample;
using test::steps;
using test::utc;
using Steps = std::vector<std::string>;

constexpr const char* kChain = "qx@jiangyin.example,JY-QX-2026-0001";

const AlertFacts& raised(const MappedFeed& feed, std::string_view id) {
  return *event_of(feed, id, "alert.raised").alert;
}

TEST(UsgsMap, the_newest_version_of_a_quake_is_raised_and_a_deleted_one_cleared) {
  const MappedFeed feed = mapped("usgs", sample("usgs.geojson"));
  EXPECT_EQ(steps(feed, "nc75000001"), (Steps{"raised 2025-11-22T08:15:00Z"}));
  EXPECT_EQ(raised(feed, "nc75000001").headline, "M 1.5 - 6 km NW of The Geysers, CA");
  EXPECT_EQ(steps(feed, "ci40000009"), (Steps{"cleared 2025-11-22T08:25:00Z"}));
  EXPECT_EQ(feed.doubts.of(FeedDoubt::Superseded), 2u);
  EXPECT_EQ(feed.skipped_count, 0u);
}

TEST(UsgsMap, a_quake_is_a_point_with_a_grade_and_ends_after_a_day) {
  const AlertFacts alert = raised(mapped("usgs", sample("usgs.geojson")), "at00zz01");
  EXPECT_EQ(alert.severity, Severity::Major);
  EXPECT_EQ(alert.category, "Geo");
  EXPECT_EQ(alert.name, "earthquake");
  EXPECT_EQ(alert.effective_at, utc("2025-11-22T07:53:20Z"));
  EXPECT_EQ(alert.expires_at, utc("2025-11-23T07:53:20Z"));
  ASSERT_EQ(alert.area.circles.size(), 1u);
  EXPECT_EQ(alert.area.circles[0].center_lonlat, (base::Vec2d{121.5, 31.2}));
}

TEST(UsgsMap, records_that_name_each_other_are_one_alert_and_the_other_id_ends) {
  const MappedFeed feed = mapped("usgs", sample("usgs.geojson"));
  EXPECT_EQ(steps(feed, "at00zz01"), (Steps{"raised 2025-11-22T08:01:40Z"}));
  EXPECT_EQ(steps(feed, "us7000zz01"), (Steps{"cleared 2025-11-22T08:01:40Z"}));
  EXPECT_EQ(feed.doubts.of(FeedDoubt::MergedRecord), 1u);
}

TEST(UsgsMap, a_quake_that_is_missing_from_the_next_pull_is_not_cleared) {
  const MappedFeed feed = mapped("usgs", R"({"type":"FeatureCollection","features":[]})");
  EXPECT_EQ(feed.record_count, 0u);
  EXPECT_TRUE(feed.events.empty());
}

TEST(CapMap, updates_and_cancels_keep_the_id_of_the_first_message_whatever_the_order) {
  const MappedFeed feed = mapped("cap", sample("cap.xml"));
  EXPECT_EQ(steps(feed, kChain),
            (Steps{"raised 2026-07-01T00:00:00Z", "raised 2026-07-01T01:00:00Z", "cleared 2026-07-01T04:00:00Z"}));
  EXPECT_TRUE(steps(feed, "qx@jiangyin.example,JY-QX-2026-0002").empty());
}

TEST(CapMap, positions_are_latitude_first_whatever_the_white_space) {
  const MappedFeed feed = mapped("cap", sample("cap.xml"));
  const model::AlertArea& area = feed.events.at(1).event.alert->area;
  ASSERT_EQ(area.polygons_lonlat.size(), 1u);
  EXPECT_EQ(area.polygons_lonlat[0],
            (std::vector<base::Vec2d>{{120.2, 31.8}, {120.4, 31.8}, {120.4, 31.95}, {120.2, 31.95}, {120.2, 31.8}}));
  ASSERT_EQ(area.circles.size(), 1u);
  EXPECT_EQ(area.circles[0].center_lonlat, (base::Vec2d{120.3, 31.9}));
  EXPECT_EQ(area.circles[0].radius_km, 5.5);
  EXPECT_EQ(area.codes, (std::vector<std::string>{"320281"}));
  EXPECT_EQ(feed.doubts.of(FeedDoubt::UnreadableArea), 2u);
}

TEST(CapMap, the_wanted_language_is_taken_and_else_the_first) {
  const std::string text = sample("cap.xml");
  const AlertFacts chinese = *mapped("cap", text, {"zh"}).events.at(1).event.alert;
  EXPECT_EQ(chinese.name, "暴雨");
  EXPECT_EQ(chinese.instruction, "不要涉水 & 不要停留在低洼处");
  EXPECT_EQ(chinese.severity, Severity::Critical);
  EXPECT_EQ(chinese.onset_at, utc("2026-07-01T09:30:00+08:00"));
  EXPECT_EQ(chinese.expires_at, utc("2026-07-01T15:00:00+08:00"));
  EXPECT_EQ(mapped("cap", text, {"en"}).events.at(1).event.alert->name, "Rainstorm");
  EXPECT_EQ(mapped("cap", text, {"fr"}).events.at(1).event.alert->name, "Rainstorm");
}

TEST(CapMap, exercises_keep_their_status) {
  EXPECT_EQ(raised(mapped("cap", sample("cap.xml")), "yj@jiangyin.example,JY-YL-2026-0009").status,
            AlertStatus::Exercise);
}

TEST(CapMap, system_private_and_acknowledging_messages_are_skipped_and_told) {
  const MappedFeed feed = mapped("cap", sample("cap.xml"));
  ASSERT_EQ(feed.skipped_count, 3u);
  EXPECT_EQ(feed.skipped[0].record_number, 87u);
  EXPECT_EQ(feed.skipped[0].reason, "no status: 'status' is empty, missing or a word that the map does not take");
  EXPECT_EQ(feed.skipped[1].reason, "'scope' is not one of the words that the map takes");
  EXPECT_EQ(feed.skipped[2].reason, "yields no event: the map has none for its kind or state");
}

TEST(CapMap, the_letter_z_is_taken_and_counted) {
  const MappedFeed feed = mapped("cap", sample("cap.xml"));
  EXPECT_EQ(feed.events.at(0).event.alert->effective_at, utc("2026-07-01T00:10:00Z"));
  EXPECT_EQ(feed.doubts.of(FeedDoubt::UtcLetter), 1u);
}

TEST(CapMap, long_identifiers_are_shortened_without_running_together) {
  const auto alert = [](const std::string& end) {
    return "<alert><identifier>urn:oid:2.49.0.1.840.0.0123456789012345678901234567890123456789." + end +
           "</identifier><sender>a@b.c</sender><sent>2026-07-01T08:00:00+08:00</sent><status>Test</status>"
           "<msgType>Alert</msgType><scope>Public</scope></alert>";
  };
  const MappedFeed feed = mapped("cap", "<all>" + alert("001") + alert("002") + "</all>");
  ASSERT_EQ(feed.events.size(), 2u);
  EXPECT_NE(feed.events[0].event.incident.incident_id, feed.events[1].event.incident.incident_id);
  EXPECT_EQ(feed.events[0].event.incident.incident_id.size(), 64u);
  EXPECT_LE(feed.events[0].event.id.size(), 128u);
}

TEST(CapMap, messages_that_refer_in_a_circle_end_somewhere) {
  const auto alert = [](const std::string& id, const std::string& other) {
    return "<alert><identifier>" + id + "</identifier><sender>s</sender><sent>2026-07-01T08:00:00+08:00</sent>" +
           "<status>Actual</status><msgType>Update</msgType><scope>Public</scope><references>s," + other +
           ",2026-07-01T07:00:00+08:00</references></alert>";
  };
  EXPECT_FALSE(mapped("cap", "<all>" + alert("a", "b") + alert("b", "a") + "</all>").events.empty());
}

}  // namespace
}  // namespace gridwall::wire
