// What a replay's clock is told, and what it answers: both come back as they were sent.
#include "wire/control.hpp"

#include <gtest/gtest.h>

#include "wire/requests.hpp"

namespace gridwall::wire {
namespace {

using namespace std::chrono_literals;

constexpr base::UtcTime kBegin{std::chrono::hours(490'000)};

std::vector<ControlRequest> one_of_each() {
  std::vector<ControlRequest> all(11);
  all[0].action = ControlAction::Play;
  all[1].action = ControlAction::Pause;
  all[2].action = ControlAction::Max;
  all[3].action = ControlAction::Rate;
  all[3].rate = 0.1;
  all[4].action = ControlAction::Seek;
  all[4].time = kBegin + 1ns;
  all[5].action = ControlAction::Seek;
  all[5].sequence = 12'345;
  all[6].action = ControlAction::Step;
  all[6].events = -3;
  all[7].action = ControlAction::Loop;
  all[7].loop = TimeSpan{kBegin, kBegin + 1min};
  all[8].action = ControlAction::Loop;
  all[9].action = ControlAction::Skip;
  all[9].skip = true;
  all[10].action = ControlAction::Bookmark;
  all[10].name = "主干管爆裂 \"B\"";
  return all;
}

TEST(Control, each_command_comes_back_equal_through_the_request_socket) {
  for (const ControlRequest& request : one_of_each()) {
    const std::string message = encode_control(request);
    const Request decoded = decode_request(message);
    ASSERT_TRUE(std::holds_alternative<ControlRequest>(decoded)) << message;
    EXPECT_EQ(std::get<ControlRequest>(decoded), request) << message;
  }
  EXPECT_TRUE(std::holds_alternative<StatusRequest>(decode_request(encode_status_request())));
}

TEST(Control, is_written_as_the_protocol_says) {
  EXPECT_EQ(encode_control(one_of_each()[0]), R"({"op":"control","do":"play"})");
  EXPECT_EQ(encode_control(one_of_each()[6]), R"({"op":"control","do":"step","events":-3})");
  const auto seek = decode_control(R"({"op":"control","do":"seek","time":"2026-07-01T08:00:00+08:00"})");
  ASSERT_TRUE(seek.ok()) << seek.error().message;
  EXPECT_EQ(seek->time, base::UtcTime(std::chrono::sys_days(std::chrono::year(2026) / 7 / 1)));
}

TEST(Control, a_command_that_is_not_whole_gets_a_sentence_with_the_member) {
  const std::pair<const char*, const char*> cases[] = {
      {R"({"op":"control"})", "'do'"},
      {R"({"op":"control","do":"dance"})", "'do'"},
      {R"({"op":"control","do":"rate"})", "'value'"},
      {R"({"op":"control","do":"rate","value":"8"})", "'value'"},
      {R"({"op":"control","do":"seek"})", "'sequence'"},
      {R"({"op":"control","do":"seek","time":"2026-07-01T08:00:00Z","sequence":1})", "'sequence'"},
      {R"({"op":"control","do":"seek","time":"noon"})", "'time'"},
      {R"({"op":"control","do":"seek","sequence":-1})", "'sequence'"},
      {R"({"op":"control","do":"step","events":0})", "'events'"},
      {R"({"op":"control","do":"step","events":1000001})", "'events'"},
      {R"({"op":"control","do":"step","events":-9223372036854775808})", "'events'"},
      {R"({"op":"control","do":"loop","from":"2026-07-01T08:00:00Z"})", "'to'"},
      {R"({"op":"control","do":"loop","from":"2026-07-01T08:00:00Z","to":"2026-07-01T08:00:00Z"})", "'to'"},
      {R"({"op":"control","do":"skip","value":1})", "'value'"},
      {R"({"op":"control","do":"bookmark","name":""})", "'name'"},
  };
  for (const auto& [message, member] : cases) {
    const Request request = decode_request(message);
    ASSERT_TRUE(std::holds_alternative<BadRequest>(request)) << message;
    EXPECT_NE(std::get<BadRequest>(request).detail.find(member), std::string::npos)
        << message << " -> " << std::get<BadRequest>(request).detail;
  }
  const std::string long_name(kControlNameBytesMax + 1, 'x');
  EXPECT_FALSE(decode_control(R"({"do":"bookmark","name":")" + long_name + R"("})").ok());
}

TEST(Control, a_replays_status_comes_back_equal_and_its_no_in_the_hubs_words) {
  ReplayStatus status;
  status.clock = {model::ClockMode::Replay, 8, kBegin + 3s, 77ns};
  status.position = kBegin + 3s + 1ns;
  status.playing = true;
  status.rate = 8;
  status.is_max = true;
  status.skips_idle = true;
  status.loop = TimeSpan{kBegin, kBegin + 1h};
  status.first = kBegin;
  status.last = kBegin + 24h;
  status.first_sequence = 1;
  status.last_sequence = 99;
  status.sequence = 42;
  status.bookmarks = {{7, kBegin + 1s, "first"}, {9, kBegin + 2s, "第二"}};
  const auto back = decode_replay_status(encode_replay_status(status));
  ASSERT_TRUE(back.ok()) << back.error().message;
  EXPECT_EQ(*back, status);
  status.bookmarks.resize(kReplayStatusBookmarksMax + 5, {1, kBegin, std::string(kControlNameBytesMax, '\x01')});
  const auto many = decode_replay_status(encode_replay_status(status));
  ASSERT_TRUE(many.ok()) << many.error().message;
  EXPECT_EQ(many->bookmarks.size(), kReplayStatusBookmarksMax);
  const auto refused = decode_replay_status(encode_error("nothing is replayed here"));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, base::ErrorCode::Refused);
  EXPECT_NE(refused.error().message.find("nothing is replayed here"), std::string::npos);
}

}  // namespace
}  // namespace gridwall::wire
