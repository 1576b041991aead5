// Heartbeats and beacons as bytes.
#include "wire/heartbeat.hpp"

#include <gtest/gtest.h>

namespace gridwall::wire {
namespace {

Heartbeat some_heartbeat() {
  Heartbeat heartbeat;
  heartbeat.prefix = "320281/001/";
  heartbeat.journal[0] = 0xab;
  heartbeat.epoch = 0xffffffffffffffff;
  heartbeat.last_sequence = 9007199254740991;
  heartbeat.feed_sequence = 9007199254740992;
  heartbeat.digest = "00000000075bcd15";
  heartbeat.rules_hash = 0x8000000000000002;
  heartbeat.tree_hash = 0x8000000000000001;
  heartbeat.clock.mode = model::ClockMode::Simulated;
  heartbeat.clock.rate = 60;
  heartbeat.clock.state_time = base::UtcTime(base::Duration(1'795'311'000'123'456'789));
  heartbeat.clock.sent_at = base::Duration(987'654'321);
  return heartbeat;
}

TEST(Heartbeat, comes_back_equal_to_the_nanosecond) {
  const auto decoded = decode_heartbeat(encode_heartbeat(some_heartbeat()));
  ASSERT_TRUE(decoded.ok()) << decoded.error().message;
  EXPECT_EQ(*decoded, some_heartbeat());
}

TEST(Heartbeat, every_mode_of_the_clock_has_a_word) {
  for (const auto mode : {model::ClockMode::Live, model::ClockMode::Simulated, model::ClockMode::Replay}) {
    ClockBeacon beacon;
    beacon.epoch = 3;
    beacon.clock = some_heartbeat().clock;
    beacon.clock.mode = mode;
    const auto decoded = decode_clock_beacon(encode_clock_beacon(beacon));
    ASSERT_TRUE(decoded.ok()) << decoded.error().message;
    EXPECT_EQ(*decoded, beacon);
  }
}

TEST(Heartbeat, a_broken_one_is_refused_by_name_of_its_member) {
  const std::string good = encode_heartbeat(some_heartbeat());
  const auto broken = [&](std::string_view from, std::string_view to) {
    std::string text = good;
    text.replace(text.find(from), from.size(), to);
    const auto decoded = decode_heartbeat(text);
    return decoded.ok() ? std::string("accepted") : decoded.error().message;
  };
  EXPECT_NE(broken(R"("320281/001/")", R"("320281")").find("'prefix'"), std::string::npos);
  EXPECT_NE(broken("9007199254740992", "-1").find("'feed_sequence'"), std::string::npos);
  EXPECT_NE(broken("8000000000000002", "x").find("'rules'"), std::string::npos);
  EXPECT_NE(broken("ffffffffffffffff", "ff").find("'epoch'"), std::string::npos);
  EXPECT_NE(broken(R"("simulated")", R"("dreamt")").find("'mode'"), std::string::npos);
  EXPECT_NE(broken(R"("987654321")", R"("9223372036854775807")").find("'sent_at'"), std::string::npos);
  EXPECT_NE(broken(R"("v":1)", R"("v":2)").find("'v'"), std::string::npos);
  EXPECT_FALSE(decode_heartbeat("").ok());
  EXPECT_FALSE(decode_heartbeat("[1]").ok());
}

}  // namespace
}  // namespace gridwall::wire
