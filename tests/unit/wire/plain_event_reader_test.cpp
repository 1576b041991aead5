#include "wire/plain_event_reader.hpp"

#include <gtest/gtest.h>

#include "some_event.hpp"
#include "wire/constants.hpp"
#include "wire/event_reader.hpp"

namespace gridwall::wire {
namespace {

std::optional<model::Event> read_in_general(const std::string& bytes) {
  static JsonDocument document(kMessageBytesMax, kMessageDepthMax);
  if (document.parse(bytes) != JsonFault::None) return std::nullopt;
  Element element = EventReader(Side::Feed).read(document.root());
  auto* event = std::get_if<model::Event>(&element);
  return event == nullptr ? std::nullopt : std::optional(std::move(*event));
}

std::optional<model::Event> read_plain(const std::string& bytes) {
  model::Event event;
  return read_plain_event(bytes, event) ? std::optional(std::move(event)) : std::nullopt;
}

// False: it stepped aside.
bool takes_what_the_general_way_takes(const std::string& bytes) {
  const auto plain = read_plain(bytes);
  if (!plain) return false;
  const auto general = read_in_general(bytes);
  EXPECT_TRUE(general.has_value()) << "taken, but to be refused: " << bytes;
  EXPECT_EQ(plain, general) << bytes;
  return true;
}

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  const std::size_t at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return at == std::string::npos ? text : text.replace(at, what.size(), by);
}

// The same without what JSON escapes.
model::Event unescaped(model::Event event) {
  model::IncidentFacts& facts = event.incident;
  for (std::string* text : {&event.id, &event.source, &event.type, &event.claimed_code, &facts.incident_id,
                            &facts.class_set, &facts.class_code, &facts.channel, &facts.department,
                            &facts.division_code, &facts.condition, &facts.limit, &facts.duplicate_of}) {
    std::erase_if(*text, [](char c) { return c == '"' || c == '\\'; });
  }
  return event;
}

std::string usual_event() {
  model::Event event;
  event.id = "e-1";
  event.source = "/app";
  event.type = "incident.reported";
  event.occurred_at = kTimeMin;
  event.incident.incident_id = "26-1";
  event.incident.crs = "EPSG:4528";
  event.incident.severity = model::Severity::Major;
  event.incident.point = base::Vec2d{12.5, -7};
  event.incident.reason = "not_ours";
  event.incident.if_version = 7;
  event.incident.solved_level = 3;
  event.division_path = "320281/~";
  event.claimed_code = "320281001";
  event.point_lonlat = base::Vec2d{120.25, 31.75};
  event.point_units = base::Vec2i{-5, 6};
  event.out_of_order = true;
  return encode_event(event);
}

TEST(PlainEventReader, takes_every_event_that_needs_no_escapes) {
  for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
    base::Random random(seed);
    const model::Event event = some_event(random);
    const std::string bytes = encode_event(event);
    const bool has_escapes = bytes.find('\\') != std::string::npos;
    ASSERT_EQ(takes_what_the_general_way_takes(bytes), !has_escapes) << "seed " << seed << ": " << bytes;
    ASSERT_TRUE(takes_what_the_general_way_takes(encode_event(unescaped(event)))) << "seed " << seed;
  }
  EXPECT_TRUE(takes_what_the_general_way_takes(usual_event()));
}

TEST(PlainEventReader, no_changed_added_or_missing_byte_is_taken_that_the_general_way_refuses) {
  base::Random random(5);
  const std::string bytes = usual_event();
  static constexpr std::string_view kBytes = "0123456789\"\\,:{}[]+-.eETtZz~/% \n\x7f\x01\xff\xc3";
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    EXPECT_FALSE(read_plain(bytes.substr(0, i))) << i;
    std::string without = bytes;
    takes_what_the_general_way_takes(without.erase(i, 1));
    for (const char byte : kBytes) {
      std::string changed = bytes, longer = bytes;
      changed[i] = byte;
      longer.insert(i, 1, byte);
      takes_what_the_general_way_takes(changed);
      takes_what_the_general_way_takes(longer);
    }
  }
}

TEST(PlainEventReader, numbers_that_are_none_in_JSON_are_not_taken) {
  const std::string bytes = usual_event();
  for (const std::string_view number : {"012.5", "12.", ".5", "+12.5", "1e", "1e+", "0x10", "nan", "inf", "-", "1e400",
                                        "1e-400", "2e9", "99999999999999999999", "12.5 ", "-01"}) {
    EXPECT_FALSE(takes_what_the_general_way_takes(replaced(bytes, "[12.5", "[" + std::string(number)))) << number;
  }
  for (const std::string_view number : {"-0", "0", "1e5", "1E-5", "12.50", "-3.25e+1", "123456789", "0.1"}) {
    EXPECT_TRUE(takes_what_the_general_way_takes(replaced(bytes, "[12.5", "[" + std::string(number)))) << number;
  }
  for (const std::string_view units : {"2147483648", "-2147483649", "1.0", "1e2", "01"}) {
    EXPECT_FALSE(takes_what_the_general_way_takes(replaced(bytes, "[-5", "[" + std::string(units)))) << units;
  }
}

TEST(PlainEventReader, what_is_to_be_refused_is_left_to_the_general_way) {
  const std::string bytes = usual_event();
  const auto taken = [&](std::string_view what, std::string_view by) {
    return takes_what_the_general_way_takes(replaced(bytes, what, by));
  };
  EXPECT_FALSE(taken("not_ours", "")) << "an empty reason";
  EXPECT_FALSE(taken("not_ours", "Not ours"));
  EXPECT_FALSE(taken("EPSG:4528", ""));
  EXPECT_FALSE(taken("\"severity\":2", "\"severity\":5"));
  EXPECT_FALSE(taken("\"solved_level\":3", "\"solved_level\":16"));
  EXPECT_FALSE(taken("\"if_version\":7", "\"if_version\":-7"));
  EXPECT_FALSE(taken("320281/~", "320281"));
  EXPECT_FALSE(taken("[120.25", "[180.25"));
  EXPECT_FALSE(taken("1970-01-01", "1969-12-31"));
  EXPECT_FALSE(taken("incident.reported", "incident.moved_in")) << "a moved case stands elsewhere";
  EXPECT_FALSE(taken("incident.reported", "alert.raised"));
  EXPECT_FALSE(taken("incident.reported", "derived.value"));
  EXPECT_FALSE(taken("e-1", std::string(kIdBytesMax + 1, 'x')));
  EXPECT_FALSE(taken("e-1", "\xc3\x28")) << "no UTF-8";
  EXPECT_FALSE(taken("\"crs\":", "\"crs\":\"EPSG:1\",\"crs\":")) << "twice";
}

}  // namespace
}  // namespace gridwall::wire
