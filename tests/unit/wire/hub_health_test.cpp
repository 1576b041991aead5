#include "wire/hub_health.hpp"

#include <gtest/gtest.h>

#include "wire/control.hpp"
#include "wire/requests.hpp"

namespace gridwall::wire {
namespace {

TEST(HubHealth, reads_what_a_wall_shows_and_passes_over_the_rest) {
  const auto read = decode_hub_status(
      R"({"op":"status","last_sequence":812,"requests":40,"refused":2,"rate_limited":1,"answers_dropped":3,)"
      R"("waiting_answers":4,"followed_prefixes":5,"state_ahead_s":3456000.5,)"
      R"("accept_p50_ms":1.5,"accept_p99_ms":9.25,"later":[1,{}],)"
      R"("journal":{"durable_through":800,"behind_events":12,"failure":"disk full","commit_p50_ms":3,)"
      R"("commit_p99_ms":8.5},)"
      R"("sync":{"snapshots":6,"finished":7,"refused":8,"open":9},"security":{"keyed":true,"refused":10},)"
      R"("replay":null})");
  ASSERT_TRUE(read.ok()) << read.error().message;
  const model::HubHealth& health = read->health;
  EXPECT_EQ(health.last_sequence, 812u);
  EXPECT_EQ(health.request_count, 40u);
  EXPECT_EQ(health.refused_count, 2u);
  EXPECT_EQ(health.rate_limited_count, 1u);
  EXPECT_EQ(health.answer_dropped_count, 3u);
  EXPECT_EQ(health.waiting_answer_count, 4u);
  EXPECT_EQ(health.followed_prefix_count, 5u);
  EXPECT_EQ(health.state_ahead_s, 3'456'000.5);
  EXPECT_EQ(health.accept_p99_ms, 9.25);
  ASSERT_TRUE(health.journal);
  EXPECT_EQ(*health.journal, (model::HubHealth::Journal{800, 12, 3, 8.5, "disk full"}));
  EXPECT_EQ(health.snapshot_count, 6u);
  EXPECT_EQ(health.sync_finished_count, 7u);
  EXPECT_EQ(health.sync_refused_count, 8u);
  EXPECT_EQ(health.sync_open_count, 9u);
  EXPECT_TRUE(health.keyed);
  EXPECT_EQ(health.peer_refused_count, 10u);
  EXPECT_FALSE(read->replay);
}

TEST(HubHealth, a_replay_comes_with_it) {
  ReplayStatus replay;
  replay.rate = 8;
  replay.playing = true;
  replay.bookmarks = {{3, base::UtcTime{std::chrono::hours(2)}, "积水高峰"}};
  const auto read =
      decode_hub_status(R"({"last_sequence":1,"journal":null,"replay":)" + encode_replay_status(replay) + "}");
  ASSERT_TRUE(read.ok()) << read.error().message;
  ASSERT_TRUE(read->replay);
  EXPECT_EQ(*read->replay, static_cast<const model::ReplayStatus&>(replay));
  EXPECT_FALSE(read->health.journal);
}

TEST(HubHealth, another_message_is_none_and_a_refusal_says_the_hubs_words) {
  EXPECT_FALSE(decode_hub_status("{}").ok());
  EXPECT_FALSE(decode_hub_status("[1]").ok());
  EXPECT_FALSE(decode_hub_status(R"({"last_sequence":-1})").ok());
  EXPECT_FALSE(decode_hub_status(R"({"last_sequence":1,"replay":{}})").ok());
  const auto refused = decode_hub_status(R"({"error":"not for you"})");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, base::ErrorCode::Refused);
  EXPECT_NE(refused.error().message.find("not for you"), std::string::npos);
}

TEST(Density, question_and_answer_come_back_as_they_were_sent) {
  const auto asked = decode_request(encode_density_request(240));
  ASSERT_TRUE(std::holds_alternative<DensityRequest>(asked));
  EXPECT_EQ(std::get<DensityRequest>(asked).bucket_count, 240u);
  for (const char* bad :
       {R"({"op":"density"})", R"({"op":"density","buckets":0})", R"({"op":"density","buckets":2001})"}) {
    EXPECT_TRUE(std::holds_alternative<BadRequest>(decode_request(bad))) << bad;
  }
  const model::ReplayDensity density{
      base::UtcTime{std::chrono::hours(1)}, base::UtcTime{std::chrono::hours(2)}, {0, 7, 3}};
  const auto read = decode_density(encode_density(density));
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(*read, density);
  EXPECT_FALSE(decode_density(R"({"ok":true,"first":"2026-07-01T00:00:00Z","last":"2026-07-01T00:00:00Z"})").ok());
  EXPECT_FALSE(
      decode_density(R"({"ok":true,"first":"2026-07-01T00:00:00Z","last":"2026-07-01T00:00:00Z","counts":[-1]})").ok());
}

}  // namespace
}  // namespace gridwall::wire
