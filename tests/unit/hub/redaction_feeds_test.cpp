// A seed in each field of each foreign feed's record, one at a time: through its shipped map and the intake, and
// nowhere in what others get to see. What the journal keeps and what walls hear are these messages, byte for byte.
#include <gtest/gtest.h>

#include "hub/intake.hpp"
#include "intake_support.hpp"
#include "model/profile_tables.hpp"
#include "unit/wire/feed_map_support.hpp"

namespace gridwall::hub {
namespace {

// Without what would break a feed's own form: quotes, commas, angle brackets.
const std::vector<std::string> kSeeds = {"13812345678",
                                         "138-1234-5678",
                                         "１３８１２３４５６７８",
                                         "0512-85012345",
                                         "32028119900101123X",
                                         "苏B12345",
                                         "苏BD12345",
                                         "320281680101123",
                                         "3栋2单元501室",
                                         "12-3-402",
                                         "王小明",
                                         "3202 8119 9001 0112 34"};

using Span = std::pair<std::size_t, std::size_t>;

// The values of a text: what stands in quotes, between tags, in cells of the rows below the header.
std::vector<Span> values_of(const std::string& text, const std::string& form) {
  std::vector<Span> spans;
  const char open = form == "xml" ? '>' : '"', close = form == "xml" ? '<' : '"';
  if (form != "csv") {
    for (std::size_t at = text.find(open); at != std::string::npos;) {
      const std::size_t end = text.find(close, at + 1);
      if (end == std::string::npos) break;
      const bool is_name = form == "json" && text.find_first_not_of(" \n", end + 1) == text.find(':', end + 1);
      if (!is_name && end > at + 1) spans.emplace_back(at + 1, end);
      at = text.find(open, end + 1);
    }
    return spans;
  }
  std::size_t begin = text.find('\n') + 1;
  for (std::size_t at = begin; at <= text.size(); ++at) {
    const bool over = at == text.size() || text[at] == ',' || text[at] == '\n';
    if (!over) continue;
    if (at > begin && text[begin] != '"') spans.emplace_back(begin, at);
    begin = at + 1;
  }
  return spans;
}

Intake make_intake(std::shared_ptr<const model::Vocabulary> vocabulary = test::small_vocabulary()) {
  IntakeOptions options;
  options.ledger.tree = test::small_tree();
  options.ledger.rules = test::plain_rules();
  options.ledger.vocabulary = std::move(vocabulary);
  options.is_history = true;
  return std::move(Intake::create(std::move(options))).value();
}

// Everything that others than the sender get to see of a feed.
// Each time from another source, so that nothing is taken for a repetition.
std::string seen_of(Intake& intake, wire::MappedFeed feed) {
  static int round = 0;
  const std::string source = "/feed/" + std::to_string(++round);
  std::string all;
  for (wire::MappedEvent& mapped : feed.events) {
    mapped.event.source = source;
    const auto result =
        intake.take(wire::encode_intake_event(mapped.event), mapped.event.occurred_at, base::MonoTime{});
    for (const FeedMessage& message : result.batch.messages) all += message.topic + message.header + message.body;
    for (const Judged& judged : result.judged) all += judged.event_id + judged.incident_id + judged.reason;
  }
  return all;
}

bool is_prose(const std::string& text, Span value) {
  for (const std::string_view tag :
       {"<headline>", "<description>", "<instruction>", "<event>", "\"title\": \"", "\"title\":\""}) {
    if (std::string_view(text).substr(0, value.first).ends_with(tag)) return true;
  }
  return false;
}

struct Feed {
  const char *map, *file, *form;
};

TEST(RedactionOfFeeds, a_seed_in_any_field_of_any_feed_is_seen_nowhere) {
  constexpr Feed kFeeds[] = {
      {"egova", "egova.json", "json"},     {"nyc311", "nyc311.csv", "csv"},   {"boston311", "boston311.csv", "csv"},
      {"open311", "open311.json", "json"}, {"open311", "open311.xml", "xml"}, {"usgs", "usgs.geojson", "json"},
      {"cap", "cap.xml", "xml"},           {"eido", "eido.json", "json"}};
  Intake intake = make_intake();
  for (const Feed& feed : kFeeds) {
    const std::string text = test::sample(feed.file);
    const wire::FeedMap map = test::shipped_map(feed.map);
    ASSERT_FALSE(seen_of(intake, test::mapped(feed.map, text)).empty()) << feed.file;
    const std::vector<Span> values = values_of(text, feed.form);
    ASSERT_GT(values.size(), 8u) << feed.file;
    std::size_t tried = 0, mapped_count = 0;
    for (const Span& value : values) {
      for (std::size_t i = 0; i < 3; ++i) {
        const std::string& seed = kSeeds[tried++ % kSeeds.size()];
        if (wire::looks_like_name(seed) && is_prose(text, value)) continue;  // names in prose cannot be told
        // Milliseconds since 1970 are a time in every feed that has such; the time is what is kept of them.
        const bool is_time = seed == "13812345678" && text.substr(value.first, 4).starts_with("20");
        if (is_time) continue;
        std::string spoilt = text;
        spoilt.replace(value.first, value.second - value.first, seed);
        const auto mapped = wire::map_feed(map, spoilt);
        if (!mapped.ok()) continue;  // refused as a whole
        ++mapped_count;
        EXPECT_EQ(seen_of(intake, *mapped).find(seed), std::string::npos)
            << feed.file << ": " << seed << " in the place of " << text.substr(value.first, value.second - value.first);
      }
    }
    EXPECT_GT(mapped_count, values.size()) << feed.file << ": most of it has to be mapped";
  }
}

TEST(RedactionOfFeeds, a_districts_own_sensitive_class_goes_to_the_middle_of_its_division) {
  model::ProfileTables tables;
  model::OwnClass dispute;
  dispute.code = "G01.01";
  dispute.sensitive = true;
  model::OwnClass open = dispute;
  open.code = "G02.01";
  open.sensitive = false;
  tables.classes = {dispute, open};
  auto vocabulary = model::load_vocabulary(GRIDWALL_SOURCE_DIR "/config", tables).value();
  Intake intake = make_intake(std::make_shared<const model::Vocabulary>(std::move(vocabulary)));
  const auto point_of = [&](const std::string& code, const std::string& id) {
    model::Event event = test::at(test::event(id, id), -3000, -2500);
    event.incident.class_code = code;
    const auto result = intake.take(wire::encode_intake_event(event), test::kHubNow, base::MonoTime{});
    return wire::decode_feed_event(result.batch.messages.at(0).body).value().point_lonlat.value();
  };
  const base::Vec2d exact = point_of("G02.01", "a"), coarse = point_of("G01.01", "b");
  EXPECT_FALSE(exact == coarse);
  EXPECT_EQ(intake.counters().coarsened_count, 1u);
}

}  // namespace
}  // namespace gridwall::hub
