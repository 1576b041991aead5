// The engine below the maps: what a map's file must say, and what holds for every feed.
#include "feed_map_support.hpp"
#include "wire/event_codec.hpp"

namespace gridwall::wire {
namespace {

using test::event_of;
using test::mapped;
using test::sample;

constexpr std::string_view kHead =
    "form = \"json\"\nkind = \"incident\"\nsource = \"/s\"\nzone = \"Asia/Shanghai\"\ntimes = \"YYYY-MM-DD "
    "hh:mm:ss\"\n";
constexpr std::string_view kTail =
    "[fields]\nkey = \"id\"\nstate = \"state\"\nat = \"at\"\ndone = \"done\"\nseen = \"seen\"\n"
    "[facts]\nid = \"{key}\"\nstate = \"{state}\"\n"
    "[[event]]\ntype = \"incident.reported\"\nat = \"at\"\n"
    "[[event]]\ntype = \"incident.urged\"\nat = \"seen\"\nmark = true\n"
    "[[event]]\ntype = \"incident.closed\"\nat = \"done\"\nstates = [50]\n";

base::Result<FeedMap> read(const std::string& text) {
  return read_feed_map(model::ConfigTable::parse(text, "m.toml").value(), nullptr);
}
std::string complaint(const std::string& more, std::string_view tail = kTail) {
  const auto map = read(std::string(kHead) + more + std::string(tail));
  return map.ok() ? "taken" : map.error().message;
}
MappedFeed map_json(const std::string& bytes) {
  return map_feed(read(std::string(kHead) + std::string(kTail)).value(), bytes).value();
}

TEST(FeedMap, a_map_that_makes_no_sense_is_told_with_file_line_and_key) {
  EXPECT_EQ(complaint(""), "taken");
  EXPECT_NE(complaint("colour = 1\n").find("m.toml:6: colour: unknown key"), std::string::npos);
  const auto says = [](std::string_view tail, const std::string& part) {
    const std::string found = complaint("", tail);
    EXPECT_NE(found.find("m.toml:"), std::string::npos) << found;
    EXPECT_NE(found.find(part), std::string::npos) << found;
  };
  says("[fields]\na = \"a\"\n[facts]\nid = \"{b}\"\n", "facts.id: expected a field of [fields] in {b}");
  says("[fields]\na = \"a\"\n[facts]\nid = \"{a\"\n", "a closing brace");
  says("[fields]\na = \"a\"\n[facts]\nid = \"{a:x}\"\n", "a width of 01 to 09");
  says("[fields]\na = \"a\"\n[facts]\nstate = \"{a}\"\n", "facts.id: expected what tells one record from another");
  says("[fields]\na = \"a\"\n[facts]\nid = \"{a}\"\nx = \"{a}\"\n", "x and y, or neither");
  says("[fields]\na = \"a\"\n[facts]\nid = \"{a}\"\nx = \"{a}\"\ny = \"{a}\"\n", "crs: expected the coordinate system");
  says("[fields]\na = \"a\"\n[facts]\nid = \"{a}\"\nclass = \"{a}\"\n", "class_set: expected the edition");
  says("[fields]\na = \"a\"\n[facts]\nid = \"{a}\"\nheadline = \"{a}\"\n", "a fact of this kind of event");
  says("[fields]\na = \"a\"\n[values.b]\nx = \"y\"\n[facts]\nid = \"{a}\"\n", "values.b: expected the name of a field");
  const std::string fine = "[fields]\na = \"a\"\n[facts]\nid = \"{a}\"\nupdated = \"{a}\"\n[[event]]\n";
  says(fine + "type = \"alert.raised\"\nat = \"a\"\n", "a type that begins with incident.");
  says(fine + "type = \"incident.closed\"\n", "event[1].at: expected the field that holds the event's time");
  says(fine + "type = \"incident.closed\"\nat = \"b\"\n", "fields of [fields]");
  says(fine + "type = \"incident.closed\"\nat = \"a\"\nstates = [17]\n", "states of the lifecycle");
  says(fine + "type = \"incident.closed\"\nat = \"a\"\nelse_at = \"a\"\n", "else_at together with");
  says(fine + "type = \"incident.closed\"\nat = \"a\"\nwhen = \"a\"\n", "when and is together");
}

TEST(FeedMap, zones_and_times_are_checked_when_the_map_is_read) {
  const auto with = [](std::string_view from, const std::string& to) {
    std::string head(kHead);
    head.replace(head.find(from), from.size(), to);
    const auto map = read(head + std::string(kTail));
    return map.ok() ? std::string("taken") : map.error().message;
  };
  EXPECT_NE(with("Asia/Shanghai", "Asia/Wujin").find("m.toml:4: zone: expected an IANA name"), std::string::npos);
  EXPECT_NE(with("YYYY-MM-DD hh:mm:ss", "DD.MM.").find("m.toml:5: times: expected rfc3339"), std::string::npos);
  EXPECT_NE(with("\"json\"", "\"yaml\"").find("m.toml:1: form: expected one of csv"), std::string::npos);
  EXPECT_NE(with("\"json\"", "\"xml\"").find("element: expected the name of a record's element"), std::string::npos);
}

TEST(FeedMap, mapping_twice_gives_the_same_ids_and_no_id_twice) {
  for (const auto& [map, file] : {std::pair{"nyc311", "nyc311.csv"},
                                  {"boston311", "boston311.csv"},
                                  {"usgs", "usgs.geojson"},
                                  {"cap", "cap.xml"},
                                  {"egova", "egova.json"},
                                  {"eido", "eido.json"}}) {
    const MappedFeed first = mapped(map, sample(file)), second = mapped(map, sample(file));
    ASSERT_EQ(first.events.size(), second.events.size());
    std::set<std::string> ids;
    for (std::size_t i = 0; i < first.events.size(); ++i) {
      EXPECT_EQ(first.events[i].event, second.events[i].event);
      EXPECT_TRUE(ids.insert(first.events[i].event.id).second) << first.events[i].event.id;
    }
  }
}

TEST(FeedMap, every_event_of_the_samples_is_taken_by_the_hubs_decoder_unchanged) {
  for (const auto& [map, file] : {std::pair{"nyc311", "nyc311.csv"},
                                  {"boston311", "boston311.csv"},
                                  {"usgs", "usgs.geojson"},
                                  {"cap", "cap.xml"},
                                  {"egova", "egova.json"},
                                  {"open311", "open311.xml"}}) {
    for (const MappedEvent& one : mapped(map, sample(file)).events) {
      const DecodedBatch batch = decode_events(encode_intake_event(one.event));
      ASSERT_TRUE(std::holds_alternative<model::Event>(batch.elements.at(0))) << one.event.id;
      EXPECT_EQ(std::get<model::Event>(batch.elements[0]), one.event);
    }
  }
}

TEST(FeedMap, events_come_by_time_and_of_one_record_in_the_order_of_business) {
  const MappedFeed feed =
      map_json(R"([{"id":1,"state":50,"at":"2026-01-01 10:00:00","done":"2026-01-01 09:00:00"},)"
               R"({"id":2,"state":10,"at":"2026-01-01 08:00:00"},{"id":3,"state":10,"at":"2026-01-01 09:30:00"}])");
  std::vector<std::string> order;
  for (const MappedEvent& one : feed.events) order.push_back(one.event.id.substr(0, one.event.id.rfind(':')));
  EXPECT_EQ(order, (std::vector<std::string>{"2:reported", "3:reported", "1:reported", "1:closed"}));
}

TEST(FeedMap, a_mark_stands_at_its_own_time_and_backward_steps_are_not_its_fault) {
  const MappedFeed feed = map_json(
      R"([{"id":1,"state":50,"at":"2026-01-01 10:00:00","done":"2026-01-01 11:00:00","seen":"2026-01-01 12:00:00"}])");
  EXPECT_EQ(feed.doubts.of(FeedDoubt::BackwardTime), 0u);
  EXPECT_EQ(feed.events.back().event.type, "incident.urged");
}

TEST(FeedMap, a_changed_record_gives_only_its_new_events) {
  const std::string open = R"([{"id":1,"state":10,"at":"2026-01-01 10:00:00"}])";
  const std::string closed = R"([{"id":1,"state":50,"at":"2026-01-01 10:00:00","done":"2026-01-02 10:00:00"}])";
  const MappedFeed before = map_json(open), after = map_json(closed);
  ASSERT_EQ(after.events.size(), 2u);
  EXPECT_EQ(after.events[0].event.id, before.events.at(0).event.id);
}

TEST(FeedMap, states_without_a_time_and_words_without_a_meaning_are_counted) {
  const MappedFeed feed = map_json(
      R"([{"id":1,"state":50,"at":"2026-01-01 10:00:00"},{"id":2,"state":"late","at":"2026-01-01 10:00:00"}])");
  EXPECT_EQ(feed.doubts.of(FeedDoubt::StateWithoutTime), 1u);
  EXPECT_EQ(feed.doubts.of(FeedDoubt::UnknownValue), 1u);
}

TEST(FeedMap, bad_files_are_one_sentence_with_a_line) {
  const auto error = [](const char* map, const std::string& bytes) {
    const auto feed = map_feed(test::shipped_map(map), bytes);
    return feed.ok() ? std::string("taken") : feed.error().message;
  };
  EXPECT_EQ(error("nyc311", ""), "line 1: the file is empty; expected a header and rows");
  EXPECT_EQ(error("nyc311", "Unique Key\n1\n\xC4\xFA\n"),
            "line 3: not UTF-8; convert the file first (iconv -f GB18030 -t UTF-8)");
  EXPECT_EQ(error("egova", "{\"rows\":"), "the message is not valid JSON");
  EXPECT_EQ(error("egova", "{\"data\":[]}"), "no records at 'rows'; is this the right map?");
  EXPECT_EQ(error("cap", "<feed/>"), "line 1: no <alert> in <feed>; expected CAP 1.2");
  EXPECT_EQ(error("cap", "<alert>\n<a></b></alert>").substr(0, 31), "line 2: not well-formed XML: St");
  EXPECT_EQ(error("open311", "<html/>"), "line 1: no <request> in <html>; is this the right map?");
  EXPECT_EQ(error("open311", "<service_requests/>"), "taken");
  EXPECT_EQ(error("nyc311", "\xEF\xBB\xBFUnique Key,Created Date\n1,01/01/2026 01:00:00 AM\n"), "taken");
}

TEST(FeedMap, a_row_with_too_few_cells_is_skipped_and_the_rest_goes_on) {
  const MappedFeed feed = mapped("nyc311", "Unique Key,Created Date,Status\n1\n2,01/01/2026 01:00:00 AM,Open\n");
  ASSERT_EQ(feed.skipped_count, 1u);
  EXPECT_EQ(feed.skipped[0].reason, "1 cells, and the header has 3 columns");
  EXPECT_EQ(feed.events.size(), 1u);
}

TEST(FeedMap, texts_are_cut_between_characters) {
  std::string agency;
  for (int i = 0; i < 60; ++i) agency += "局";  // 180 bytes
  const MappedFeed feed =
      mapped("nyc311", "Unique Key,Created Date,Status,Agency\n1,01/01/2026 01:00:00 AM,Open," + agency + "\n");
  EXPECT_EQ(feed.events.at(0).event.incident.department.size(), 126u);
  EXPECT_EQ(feed.doubts.of(FeedDoubt::TextCut), 1u);
}

}  // namespace
}  // namespace gridwall::wire
