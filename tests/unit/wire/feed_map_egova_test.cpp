// The maps of Chinese case records and of EIDO, and the two editions of class numbers.
#include <algorithm>

#include "feed_map_support.hpp"
#include "model/vocabulary.hpp"
#include "wire/event_codec.hpp"

namespace gridwall::wire {
namespace {

using test::event_of;
using test::mapped;
using test::sample;
using test::shipped_map;
using test::steps;
using test::utc;
using Steps = std::vector<std::string>;

TEST(EgovaMap, a_closed_case_walks_the_lifecycle_in_beijing_time) {
  const MappedFeed feed = mapped("egova", sample("egova.json"));
  EXPECT_EQ(steps(feed, "22041800001"), (Steps{"reported 2022-04-18T00:02:11Z", "accepted 2022-04-18T00:07:00Z",
                                               "filed 2022-04-18T00:09:30Z", "dispatched 2022-04-18T00:12:00Z",
                                               "handling_started 2022-04-18T00:20:00Z", "handled 2022-04-18T01:40:00Z",
                                               "check_requested 2022-04-18T01:40:00Z", "closed 2022-04-18T02:20:00Z"}));
  const model::IncidentFacts facts = event_of(feed, "22041800001", "incident.dispatched").incident;
  EXPECT_EQ(facts.deadline, utc("2022-04-18T10:12:00+08:00"));
  EXPECT_EQ(facts.department, "市城管局");
  EXPECT_EQ(facts.division_code, "320281001003012");
  EXPECT_EQ(facts.channel, "collector");
  EXPECT_EQ(facts.severity, model::Severity::Minor);
  EXPECT_EQ(facts.crs, "GCJ-02");
  EXPECT_EQ(facts.point, (base::Vec2d{120.2841, 31.9112}));
}

TEST(EgovaMap, each_stage_leads_to_its_state) {
  const MappedFeed feed = mapped("egova", sample("egova.json"));
  EXPECT_EQ(steps(feed, "22041800002").back(), "supervised 2022-04-18T00:50:00Z");
  EXPECT_EQ(steps(feed, "22041800002").at(4), "handling_started 2022-04-18T00:33:00Z");
  EXPECT_EQ(steps(feed, "22041800003"), (Steps{"reported 2022-04-18T01:00:00Z", "supervised 2022-04-18T01:10:00Z"}));
  EXPECT_EQ(steps(feed, "22041800004").back(), "suspended 2022-04-18T03:00:00Z");
  EXPECT_EQ(event_of(feed, "22041800004", "incident.suspended").incident.resume_at, utc("2022-05-18T11:00:00+08:00"));
  EXPECT_EQ(steps(feed, "22041800005").back(), "cancelled 2022-04-18T01:20:00Z");
  EXPECT_EQ(steps(feed, "22041800006"), (Steps{"reported 2022-04-18T01:00:00Z"}));
  EXPECT_EQ(feed.doubts.of(FeedDoubt::UnknownValue), 2u);  // stage 2 and the channel 微信群
}

TEST(EgovaMap, persons_and_addresses_are_never_read_and_every_other_member_is_known) {
  const MappedFeed feed = mapped("egova", sample("egova.json"));
  EXPECT_TRUE(feed.unknown_members.empty());
  for (const MappedEvent& one : feed.events) {
    const std::string bytes = encode_intake_event(one.event);
    for (const char* secret : {"张三", "13812345678", "人民东路", "游商占道"}) {
      EXPECT_EQ(bytes.find(secret), std::string::npos) << bytes;
    }
  }
}

TEST(ClassEditions, hawkers_and_collapses_do_not_change_places) {
  const MappedFeed feed = mapped("egova", sample("egova.json"));
  // 5-01 of CJ/T 214 is a hawker, and E05 of GB/T 30428.2 an emergency; 4-01 is a collapse, and E04 street order.
  const model::IncidentFacts hawker = event_of(feed, "22041800001", "incident.reported").incident;
  EXPECT_EQ(hawker.class_code, "E04.01");
  EXPECT_EQ(hawker.class_set, "GB/T 30428.2-2013");
  const model::IncidentFacts collapse = event_of(feed, "22041800002", "incident.reported").incident;
  EXPECT_EQ(collapse.class_code, "E05.05");
  EXPECT_EQ(collapse.class_set, "GB/T 30428.2-2013");
}

TEST(ClassEditions, what_has_no_partner_stays_under_its_own_edition) {
  const MappedFeed feed = mapped("egova", sample("egova.json"));
  const model::IncidentFacts crowd = event_of(feed, "22041800003", "incident.reported").incident;
  EXPECT_EQ(crowd.class_code, "E04.09");  // 群发性事件; in the newer edition that number is parking
  EXPECT_EQ(crowd.class_set, "CJ/T 214-2007");
  EXPECT_EQ(feed.doubts.of(FeedDoubt::UntranslatedClass), 1u);
}

TEST(ClassEditions, no_code_of_the_big_classes_4_and_5_keeps_its_number) {
  const FeedMap map = shipped_map("egova");
  ASSERT_GT(map.class_table.size(), 60u);
  for (const auto& [theirs, ours] : map.class_table) {
    EXPECT_EQ(theirs.starts_with("E04"), ours.starts_with("E05")) << theirs;
    EXPECT_EQ(theirs.size(), 6u);
    EXPECT_EQ(ours.size(), 6u);
  }
}

TEST(ClassEditions, a_map_must_say_which_edition_its_table_translates_from) {
  const std::string text =
      "form = \"json\"\nkind = \"incident\"\nsource = \"s\"\nzone = \"UTC\"\ntimes = \"rfc3339\"\n"
      "class_set = \"GB/T 30428.2-2013\"\nclass_table = \"cjt214\"\n[fields]\nid = \"id\"\nat = \"at\"\n"
      "[facts]\nid = \"{id}\"\nclass = \"{id}\"\n[[event]]\ntype = \"incident.reported\"\nat = \"at\"\n";
  const auto file = model::ConfigTable::parse(text, "m.toml").value();
  const auto classes = model::ConfigTable::open(test::kFeedRoot / "config/classes/cjt214.toml").value();
  const auto map = read_feed_map(file, &classes);
  ASSERT_FALSE(map.ok());
  EXPECT_NE(map.error().message.find("m.toml:6: class_set: expected \"CJ/T 214-2007\""), std::string::npos)
      << map.error().message;
}

TEST(EidoMap, the_most_advanced_of_several_statuses_counts) {
  const MappedFeed feed = mapped("eido", sample("eido.json"));
  constexpr const char* kId = "urn:emergency:uid:incidentid:a56e556d871:bcf.example.org";
  EXPECT_EQ(steps(feed, kId),
            (Steps{"reported 2026-05-02T23:43:49.439Z", "filed 2026-05-02T23:43:49.439Z",
                   "dispatched 2026-05-02T23:43:49.439Z", "handling_started 2026-05-02T23:43:49.439Z"}));
  const model::IncidentFacts facts = event_of(feed, kId, "incident.reported").incident;
  EXPECT_EQ(facts.class_code, "StructureFire");
  EXPECT_EQ(facts.severity, model::Severity::Critical);
  EXPECT_EQ(facts.department, "fire.example.org");
}

TEST(EidoMap, the_position_is_found_through_the_reference_latitude_first) {
  const MappedFeed feed = mapped("eido", sample("eido.json"));
  EXPECT_EQ(feed.events.at(0).event.incident.point, (base::Vec2d{-80.000266, 40.441345}));
}

TEST(EidoMap, persons_cannot_be_reached_even_by_a_location_reference) {
  std::string text = sample("eido.json");
  const std::string from = R"([{"$ref": "civic-1"}, {"$ref": "point-1"}])";
  text.replace(text.find(from), from.size(), R"([{"$ref": "person-1"}])");
  EXPECT_FALSE(mapped("eido", text).events.at(0).event.incident.point);
}

TEST(EidoMap, references_in_a_circle_and_broken_xml_give_no_position) {
  std::string text = sample("eido.json");
  const std::string from = R"({"$id": "civic-1", )";
  text.replace(text.find(from), from.size(), R"({"$id": "civic-1", "$ref": "civic-1", )");
  const std::string close = "</gml:pos>";
  text.replace(text.find(close), close.size(), "</gml:po>");
  EXPECT_FALSE(mapped("eido", text).events.at(0).event.incident.point);
}

// Every map's events are the lifecycle's, and every channel is one of config/channels.toml.
TEST(ShippedMaps, speak_of_events_and_channels_that_there_are) {
  const model::Vocabulary vocabulary = model::load_vocabulary(test::kFeedRoot / "config").value();
  std::size_t map_count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(test::kFeedRoot / "config/maps")) {
    const FeedMap map = shipped_map(entry.path().stem().string());
    ++map_count;
    for (const FeedEventSpec& event : map.events) {
      const bool known = vocabulary.find_event(event.type) != nullptr || event.type.starts_with("alert.");
      EXPECT_TRUE(known) << entry.path() << " " << event.type;
    }
    const auto& channel = map.facts[static_cast<std::size_t>(FeedFact::Channel)];
    if (channel.empty() || !channel[0].parts[0].field) continue;
    for (const auto& [theirs, ours] : map.fields[*channel[0].parts[0].field].values) {
      EXPECT_TRUE(ours.empty() || vocabulary.find_channel(ours) != nullptr) << entry.path() << " " << ours;
    }
  }
  EXPECT_EQ(map_count, 7u);
}

}  // namespace
}  // namespace gridwall::wire
