#include "hub/intake.hpp"

#include <gtest/gtest.h>

#include "intake_support.hpp"
#include "wire/constants.hpp"

namespace gridwall::hub {
namespace {

using namespace std::chrono_literals;
using test::at;
using test::coded;
using test::event;
using test::kHubNow;
using wire::AnswerStatus;

class IntakeTest : public testing::Test {
 protected:
  static Intake make() {
    IntakeOptions options;
    options.ledger.tree = test::small_tree();
    options.ledger.rules = test::plain_rules();
    options.ledger.vocabulary = test::small_vocabulary();
    options.ledger.epoch = 5;
    options.dedupe_capacity_keys = 1000;
    options.incidents_max = 1200;
    return std::move(Intake::create(std::move(options))).value();
  }
  IntakeResult take_text(std::string_view text) { return m_intake.take(text, m_now, base::MonoTime(1s)); }
  wire::Answer take(const model::Event& subject) {
    IntakeResult result = take_text(wire::encode_intake_event(subject));
    EXPECT_EQ(result.answers.size(), 1u);
    m_messages = std::move(result.batch.messages);
    return result.answers.at(0);
  }
  model::Event published() {
    EXPECT_EQ(m_messages.size(), 1u);
    auto decoded = wire::decode_feed_event(m_messages.at(0).body);
    EXPECT_TRUE(decoded.ok()) << decoded.error().message;
    return *decoded;
  }
  const IntakeCounters& counters() { return m_intake.counters(); }

  Intake m_intake = make();
  base::UtcTime m_now = kHubNow;
  std::vector<FeedMessage> m_messages;
};

TEST_F(IntakeTest, answers_publishes_and_numbers_an_event) {
  const wire::Answer answer = take(at(event("1", "a"), -3000, -3000));
  EXPECT_EQ(answer.status, AnswerStatus::Accepted);
  EXPECT_FALSE(answer.durable);
  EXPECT_EQ(answer.sequence, 1u);
  EXPECT_EQ(answer.path, "R/01/01/");
  ASSERT_EQ(m_messages.size(), 1u);
  EXPECT_EQ(m_messages[0].topic, "R/01/01/");
  const auto header = wire::decode_feed_header(m_messages[0].header);
  ASSERT_TRUE(header.ok());
  EXPECT_EQ(header->epoch, 5u);
  EXPECT_EQ(header->sequence, 1u);
  EXPECT_EQ(header->state_time, kHubNow);
  EXPECT_EQ(header->sent_at, base::Duration(1s));
  EXPECT_EQ(header->durable_through, 0u);
  EXPECT_EQ(published().division_path, "R/01/01/");
  EXPECT_EQ(take(event("2", "b")).sequence, 2u);
}

TEST_F(IntakeTest, answers_a_repeated_event_with_its_first_sequence_and_publishes_it_once) {
  take(event("1", "a"));
  const wire::Answer again = take(event("1", "a"));
  EXPECT_EQ(again.status, AnswerStatus::Duplicate);
  EXPECT_EQ(again.sequence, 1u);
  EXPECT_TRUE(m_messages.empty());
  EXPECT_EQ(counters().duplicate_count, 1u);
  model::Event elsewhere = event("1", "b");
  elsewhere.source = "another source";
  EXPECT_EQ(take(elsewhere).status, AnswerStatus::Accepted);
}

TEST_F(IntakeTest, does_not_remember_refusals_so_a_retry_may_succeed) {
  model::Event subject = at(event("1", "a"), 0, 0);
  subject.incident.crs = "BD09MC";
  const wire::Answer refused = take(subject);
  EXPECT_EQ(refused.status, AnswerStatus::Refused);
  EXPECT_EQ(refused.reason, "crs_unsupported");
  EXPECT_FALSE(refused.detail.empty());
  EXPECT_EQ(refused.id, "1");
  EXPECT_TRUE(m_messages.empty());
  subject.incident.crs = "EPSG:4549";
  EXPECT_EQ(take(subject).status, AnswerStatus::Accepted);
}

TEST_F(IntakeTest, counts_sources_whose_points_look_shifted_and_names_them) {
  const geo::Transform told = std::move(geo::Transform::create("EPSG:4549", "GCJ-02")).value();
  for (int i = 0; i < 200; ++i) {
    const std::string id = std::to_string(i);
    for (const char* source : {"app", "survey"}) {
      // Cells are 2000 m wide; the last tenth of R0101 before its border in the east.
      model::Event subject = coded(at(event(id, id + source), -2200 + i % 20 * 8, -3900 + i * 9), "R0101");
      subject.source = source;
      if (subject.source == "app") {
        subject.incident.point = told.forward(*subject.incident.point);
        subject.incident.crs = "EPSG:4326";
      }
      EXPECT_EQ(take(subject).status, AnswerStatus::Accepted);
    }
  }
  EXPECT_EQ(counters().shifted_source_count, 1u);
  ASSERT_EQ(m_intake.shift_doubts().size(), 1u);
  EXPECT_EQ(m_intake.shift_doubts()[0].source, "app");
  EXPECT_EQ(m_intake.shift_doubts()[0].report.best, geo::Reading::PointsGcj02);
}

TEST_F(IntakeTest, refuses_what_lies_behind_the_dedupe_window_only) {
  struct Case {
    base::Duration age;
    bool accepted;
  };
  int id = 0;
  for (const Case& it : {Case{720h, true}, Case{720h + 1s, false}, Case{-1h, true}}) {
    ++id;
    model::Event subject = event(fmt::format("{}", id), fmt::format("a{}", id));
    subject.occurred_at = kHubNow - it.age;
    const wire::Answer answer = take(subject);
    EXPECT_EQ(answer.status == AnswerStatus::Accepted, it.accepted) << it.age.count();
    EXPECT_EQ(answer.reason, it.accepted ? "" : "too_old");
  }
  EXPECT_EQ(counters().refused_by_reason.at("too_old"), 1u);
}

TEST_F(IntakeTest, a_clock_that_ran_ahead_and_was_set_back_makes_no_old_event_new) {
  EXPECT_EQ(take(event("1", "a")).status, AnswerStatus::Accepted);
  m_now += 35 * 24h;
  model::Event later = event("2", "b");
  later.occurred_at = m_now;
  EXPECT_EQ(take(later).status, AnswerStatus::Accepted);
  m_now = kHubNow;
  EXPECT_EQ(take(event("1", "a")).reason, "too_old") << "its key was forgotten when the clock ran ahead";
}

TEST_F(IntakeTest, answers_each_element_of_an_array_in_order) {
  const std::string first = wire::encode_intake_event(event("1", "a"));
  const std::string text = fmt::format(
      R"([{},42,{},{{"specversion":"1.0","id":"u","source":"city","type":"weather.changed"}}])", first, first);
  const IntakeResult result = take_text(text);
  ASSERT_EQ(result.answers.size(), 4u);
  EXPECT_EQ(result.answers[0].status, AnswerStatus::Accepted);
  EXPECT_EQ(result.answers[1].status, AnswerStatus::Refused);
  EXPECT_EQ(result.answers[2].status, AnswerStatus::Duplicate);
  EXPECT_EQ(result.answers[3].status, AnswerStatus::Accepted);
  EXPECT_EQ(result.answers[3].sequence, 0u);
  EXPECT_EQ(result.batch.messages.size(), 1u);
  EXPECT_EQ(counters().element_count, 4u);
  EXPECT_EQ(counters().accepted_count, 2u);
  EXPECT_EQ(counters().unknown_type_count, 1u);
}

TEST_F(IntakeTest, goes_on_after_garbage_and_oversized_messages_and_counts_them) {
  const std::string huge(wire::kMessageBytesMax + 1, 'x');
  for (const std::string_view text :
       {std::string_view("\xff\xfe garbage"), std::string_view(""), std::string_view("[[[["), std::string_view(huge)}) {
    const IntakeResult result = take_text(text);
    ASSERT_EQ(result.answers.size(), 1u);
    EXPECT_EQ(result.answers[0].status, AnswerStatus::Refused);
    EXPECT_FALSE(result.answers[0].reason.empty());
    EXPECT_TRUE(result.batch.messages.empty());
  }
  EXPECT_EQ(counters().refused_count, 4u);
  EXPECT_EQ(take(event("1", "a")).sequence, 1u);
}

TEST_F(IntakeTest, publishes_the_resolved_point_and_never_the_raw_one) {
  take(at(event("1", "a"), -3000, -3000));
  const model::Event plain = published();
  ASSERT_TRUE(plain.point_lonlat.has_value());
  EXPECT_EQ(plain.incident.crs, "EPSG:4326");
  EXPECT_EQ(plain.incident.point, plain.point_lonlat);

  model::Event dispute = at(event("2", "b"), -3333, -3333);
  dispute.incident.class_code = "E04.99";
  take(dispute);
  const model::Event coarse = published();
  take(at(event("3", "c"), -3000, -3000));
  EXPECT_EQ(coarse.point_lonlat, published().point_lonlat) << "the anchor of R0101 is its middle";
  EXPECT_EQ(m_messages[0].body.find("4549"), std::string::npos);
  EXPECT_EQ(counters().coarsened_count, 1u);
}

TEST_F(IntakeTest, counts_codes_that_differ_are_unknown_or_win_at_a_border) {
  take(coded(at(event("1", "a"), -3000, -3000), "R04"));
  EXPECT_EQ(published().claimed_code, "R04");
  take(coded(at(event("2", "b"), -2003, -3000), "R0102"));
  EXPECT_EQ(published().division_path, "R/01/02/");
  take(coded(event("3", "c"), "nowhere"));
  EXPECT_EQ(published().division_path, "R/~");
  EXPECT_FALSE(published().point_lonlat.has_value());
  take(at(event("4", "d"), 50'000, 0));
  EXPECT_EQ(counters().claimed_code_differs_count, 2u);
  EXPECT_EQ(counters().border_code_won_count, 1u);
  EXPECT_EQ(counters().unknown_code_count, 1u);
  EXPECT_EQ(counters().unlocated_count, 2u);
  EXPECT_EQ(counters().outside_count, 1u);
}

TEST_F(IntakeTest, keeps_an_incident_where_it_lies_until_an_event_says_another_place) {
  take(at(event("1", "a"), -3000, -3000));
  const auto first_point = published().point_lonlat;
  take(event("2", "a", "incident.filed"));
  EXPECT_EQ(published().division_path, "R/01/01/") << "an event without a place belongs to its incident's";
  EXPECT_EQ(published().point_lonlat, first_point);
  take(at(event("3", "a", "incident.urged"), 50'000, 0));
  EXPECT_EQ(published().division_path, "R/01/01/") << "a point in no division is no place";
  EXPECT_EQ(counters().moved_count, 0u);
}

TEST_F(IntakeTest, moves_an_incident_with_two_messages_and_the_event_behind_them) {
  take(at(event("1", "a"), -3000, -3000));
  take(event("2", "a", "incident.filed"));
  const wire::Answer answer = take(at(event("3", "a", "incident.closed"), 3000, 3000));
  ASSERT_EQ(m_messages.size(), 3u);
  EXPECT_EQ(m_messages[0].topic, "R/01/01/");
  EXPECT_NE(m_messages[1].topic, "R/01/01/");
  EXPECT_EQ(m_messages[2].topic, m_messages[1].topic);
  const auto out = wire::decode_feed_event(m_messages[0].body), in = wire::decode_feed_event(m_messages[1].body);
  ASSERT_TRUE(out.ok() && in.ok());
  EXPECT_EQ(out->type, model::kMovedOut);
  EXPECT_EQ(in->type, model::kMovedIn);
  EXPECT_FALSE(in->moved_case.empty());
  EXPECT_EQ(answer.sequence, 5u) << "the event's own; its move took two before it";
  EXPECT_EQ(wire::decode_feed_event(m_messages[2].body)->type, "incident.closed");
  EXPECT_EQ(m_intake.ledger().find("a")->state, model::CaseState::Closed);
  EXPECT_EQ(counters().moved_count, 1u);
  const state::World& world = m_intake.ledger().world();
  EXPECT_EQ(world.own_digest(m_intake.ledger().tree().find_path("R/01/01/")), 0u) << "nothing is left behind";
}

TEST_F(IntakeTest, refuses_what_the_hub_alone_may_say) {
  for (const std::string_view type : {model::kMovedOut, model::kMovedIn}) {
    EXPECT_EQ(take(event("1", "a", std::string(type))).reason, "reserved_type");
  }
}

TEST_F(IntakeTest, refuses_a_command_upon_a_version_that_is_no_longer) {
  take(event("1", "a"));
  take(event("2", "a", "incident.urged"));
  model::Event command = event("3", "a", "incident.filed");
  command.incident.command = true;
  command.incident.if_version = 1;
  EXPECT_EQ(take(command).reason, "conflict");
  command.incident.if_version = 2;
  EXPECT_EQ(take(command).status, AnswerStatus::Accepted);
}

TEST_F(IntakeTest, accepts_facts_that_break_the_lifecycle_and_flags_them) {
  struct Case {
    const char* incident;
    const char* type;
    bool out_of_order;
  };
  const Case cases[] = {
      {"a", "incident.reported", false}, {"a", "incident.filed", false},  {"a", "incident.reported", true},
      {"a", "incident.filed", false},    {"a", "incident.closed", false}, {"a", "incident.closed", true},
      {"b", "incident.closed", true},    {"b", "incident.urged", false},
  };
  int id = 0;
  std::uint64_t flagged = 0;
  for (const Case& it : cases) {
    const wire::Answer answer = take(event(std::to_string(++id), it.incident, it.type));
    EXPECT_EQ(answer.status, AnswerStatus::Accepted);
    EXPECT_EQ(published().out_of_order, it.out_of_order) << id << " " << it.type;
    flagged += it.out_of_order ? 1 : 0;
  }
  EXPECT_EQ(counters().out_of_order_count, flagged);
  EXPECT_EQ(counters().unknown_type_count, 1u) << "incident.urged is passed on and counted";
  EXPECT_EQ(m_intake.ledger().find("b")->state, model::CaseState::Closed);
}

TEST_F(IntakeTest, counts_clocks_that_run_ahead_or_behind) {
  const base::Duration offsets[] = {0min, 5min, 5min + 1s, 3h, -23h, -25h};
  int id = 0;
  for (const base::Duration offset : offsets) {
    ++id;
    model::Event subject = event(fmt::format("{}", id), fmt::format("a{}", id));
    subject.occurred_at = kHubNow + offset;
    EXPECT_EQ(take(subject).status, AnswerStatus::Accepted);
  }
  EXPECT_EQ(counters().skew_ahead_count, 2u);
  EXPECT_EQ(counters().skew_late_count, 1u);
}

TEST_F(IntakeTest, never_lets_state_time_go_back) {
  take(event("1", "a"));
  m_now -= 1h;
  take(event("2", "b"));
  EXPECT_EQ(wire::decode_feed_header(m_messages.at(0).header)->state_time, kHubNow);
}

TEST_F(IntakeTest, keeps_its_memory_bounded) {
  for (int i = 0; i < 3000; ++i) take(event(fmt::format("{}", i), fmt::format("incident {}", i % 1500)));
  EXPECT_EQ(m_intake.ledger().world().incident_count(), 1200u);
  EXPECT_EQ(counters().refused_by_reason.at("too_many_incidents"), 600u);
  EXPECT_LE(m_intake.dedupe().size(), 1000u);
  EXPECT_EQ(counters().accepted_count, 2400u) << "events of incidents that are known go on";
}

}  // namespace
}  // namespace gridwall::hub
