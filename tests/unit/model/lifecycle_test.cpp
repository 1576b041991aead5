// The shipped lifecycle and its projections, walked; and what is said of broken ones.
#include "model/lifecycle.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "base/text_file.hpp"
#include "support/temp_folder.hpp"

namespace gridwall::model {
namespace {

namespace fs = std::filesystem;

const fs::path kConfig = GRIDWALL_SOURCE_DIR "/config";
const char* const kStageSets[] = {"seven", "lianyuan", "county", "eight"};

std::vector<LifecycleRow> shipped_rows() {
  auto rows = load_lifecycle(kConfig / "lifecycle.toml");
  EXPECT_TRUE(rows.ok()) << (rows.ok() ? "" : rows.error().message);
  return rows.ok() ? std::move(rows).value() : std::vector<LifecycleRow>{};
}

StageSet shipped_stages(const std::string& id) {
  auto stages = load_stage_set(kConfig / "stages" / (id + ".toml"), shipped_rows());
  EXPECT_TRUE(stages.ok()) << (stages.ok() ? "" : stages.error().message);
  return stages.ok() ? std::move(stages).value() : StageSet{};
}

const LifecycleRow& row_of(const std::vector<LifecycleRow>& rows, std::string_view type) {
  const auto found = std::find_if(rows.begin(), rows.end(), [&](const LifecycleRow& row) { return row.type == type; });
  EXPECT_NE(found, rows.end()) << type;
  return *found;
}

// The states that a new incident can come to.
std::set<CaseState> reachable(const std::vector<LifecycleRow>& rows) {
  std::set<CaseState> reached;
  for (bool grew = true; grew;) {
    const std::size_t before = reached.size();
    for (const LifecycleRow& row : rows) {
      if (!row.to) continue;
      const bool open = row.creates() || std::any_of(row.from.begin(), row.from.end(),
                                                     [&](CaseState state) { return reached.contains(state); });
      if (open) reached.insert(*row.to);
    }
    grew = reached.size() > before;
  }
  return reached;
}

TEST(Lifecycle, every_state_is_reached_from_nothing_and_every_one_but_the_ends_is_left) {
  const auto rows = shipped_rows();
  EXPECT_EQ(reachable(rows).size(), kCaseStateCount);
  for (const CaseState state : kCaseStates) {
    const bool left = std::any_of(rows.begin(), rows.end(), [&](const LifecycleRow& row) {
      return row.to && *row.to != state && row.leads_from(state);
    });
    const bool end = state == CaseState::Rejected || state == CaseState::Cancelled;
    EXPECT_EQ(left, !end) << static_cast<int>(state);
    EXPECT_EQ(legal_next(rows, state).empty(), end) << static_cast<int>(state);
  }
}

TEST(Lifecycle, every_open_state_can_come_to_being_closed_on_the_ordinary_way) {
  const auto rows = shipped_rows();
  std::set<CaseState> closing{CaseState::Closed};
  for (std::size_t round = 0; round < kCaseStateCount; ++round) {
    for (const LifecycleRow& row : rows) {
      if (row.to && closing.contains(*row.to)) closing.insert(row.from.begin(), row.from.end());
    }
  }
  for (const CaseState state : kCaseStates) {
    if (!is_settled(state)) {
      EXPECT_TRUE(closing.contains(state)) << static_cast<int>(state);
    }
  }
}

TEST(Lifecycle, every_stamp_is_given_by_some_event_and_every_effect_by_one_at_least) {
  std::set<Stamp> stamps;
  std::set<Effect> effects;
  for (const LifecycleRow& row : shipped_rows()) {
    stamps.insert(row.stamps.begin(), row.stamps.end());
    effects.insert(row.effect);
  }
  EXPECT_EQ(stamps.size(), kStampCount);
  EXPECT_EQ(effects.size(), static_cast<std::size_t>(Effect::Satisfaction) + 1);
}

TEST(Lifecycle, whoever_sends_back_turns_away_or_stops_the_clock_must_say_why) {
  const auto rows = shipped_rows();
  for (const char* type :
       {"incident.returned", "incident.returned_to_acceptor", "incident.sent_back", "incident.rework_ordered",
        "incident.rejected", "incident.cancelled", "incident.force_closed", "incident.suspended"}) {
    EXPECT_TRUE(row_of(rows, type).reason_required) << type;
  }
  EXPECT_FALSE(row_of(rows, "incident.closed").reason_required);
}

TEST(Lifecycle, each_row_has_both_names_and_a_sender_and_only_marks_leave_the_state) {
  const std::set<std::string> marks{"incident.urged",          "incident.supervised", "incident.appeal_opened",
                                    "incident.appeal_decided", "incident.exempted",   "incident.marked_duplicate",
                                    "incident.follow_up"};
  for (const LifecycleRow& row : shipped_rows()) {
    EXPECT_FALSE(row.name_zh.empty() || row.name_en.empty() || row.role.empty()) << row.type;
    EXPECT_EQ(!row.to, marks.contains(row.type)) << row.type;
    EXPECT_EQ(row.creates(), row.type == "incident.reported") << row.type;
  }
}

TEST(Lifecycle, a_supervisor_cancels_whatever_is_not_settled) {
  const auto rows = shipped_rows();
  for (const CaseState state : kCaseStates) {
    EXPECT_EQ(row_of(rows, "incident.cancelled").leads_from(state), !is_settled(state)) << static_cast<int>(state);
  }
}

TEST(Stages, each_shipped_set_has_four_to_eight_stages_in_which_every_state_of_the_chain_stands_once) {
  for (const std::string id : kStageSets) {
    const StageSet set = shipped_stages(id);
    EXPECT_EQ(set.id, id);
    EXPECT_GE(set.stages.size(), 4u) << id;
    EXPECT_LE(set.stages.size(), 8u) << id;
    std::multiset<CaseState> standing;
    for (const Stage& stage : set.stages) standing.insert(stage.states.begin(), stage.states.end());
    for (const CaseState state : kCaseStates) {
      const bool end = state == CaseState::Rejected || state == CaseState::Cancelled;
      EXPECT_EQ(standing.count(state), end ? 0u : 1u) << id << " " << static_cast<int>(state);
    }
  }
}

TEST(Stages, no_event_of_the_main_path_goes_back_to_an_earlier_stage) {
  for (const std::string id : kStageSets) {
    const StageSet set = shipped_stages(id);
    const CaseState path[] = {CaseState::Reported,     CaseState::PendingFile, CaseState::Filed,
                              CaseState::Dispatched,   CaseState::Handling,    CaseState::Handled,
                              CaseState::PendingCheck, CaseState::Checking,    CaseState::CheckPassed,
                              CaseState::Closed,       CaseState::Evaluated};
    std::size_t before = 0;
    for (const CaseState state : path) {
      const std::size_t stage = set.stage_of(state).value();
      EXPECT_GE(stage, before) << id << " " << static_cast<int>(state);
      before = stage;
    }
  }
}

TEST(Stages, shortcuts_let_lianyuans_chain_run_from_discovery_to_feedback) {
  const auto rows = shipped_rows();
  const auto shorter = with_shortcuts(rows, shipped_stages("lianyuan"));
  CaseState state = CaseState::Reported;
  for (const char* type : {"incident.dispatched", "incident.handled", "incident.closed"}) {
    EXPECT_TRUE(row_of(shorter, type).leads_from(state)) << type;
    EXPECT_FALSE(row_of(rows, type).leads_from(state)) << type << " without the shortcut";
    state = row_of(shorter, type).to.value();
  }
  EXPECT_EQ(state, CaseState::Closed);
  ASSERT_EQ(shorter.size(), rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (const CaseState from : rows[i].from) EXPECT_TRUE(shorter[i].leads_from(from)) << "nothing is taken away";
  }
}

TEST(Stages, with_any_set_of_shortcuts_every_state_stays_reachable) {
  for (const std::string id : kStageSets) {
    EXPECT_EQ(reachable(with_shortcuts(shipped_rows(), shipped_stages(id))).size(), kCaseStateCount) << id;
  }
}

TEST(Lifecycle, stamps_have_words_that_are_read_back) {
  for (std::size_t i = 0; i < kStampCount; ++i) {
    const auto stamp = static_cast<Stamp>(i);
    EXPECT_EQ(stamp_from_word(stamp_word(stamp)), stamp);
  }
  EXPECT_EQ(stamp_word(Stamp::VerifySent), "verify_sent");
  EXPECT_FALSE(stamp_from_word("paid"));
}

// What is said of a file with this text.
std::string complaint(const std::string& text, bool of_stages) {
  const auto* test = testing::UnitTest::GetInstance()->current_test_info();
  const fs::path file = test::process_folder() / (std::string(test->name()) + ".toml");
  EXPECT_TRUE(base::write_text_file(file, text).ok());
  std::string message;
  if (of_stages) {
    const auto loaded = load_stage_set(file, shipped_rows());
    if (!loaded.ok()) message = loaded.error().message;
  } else {
    const auto loaded = load_lifecycle(file);
    if (!loaded.ok()) message = loaded.error().message;
  }
  fs::remove(file);
  return message;
}

struct Broken {
  const char* text;
  const char* said;
};

TEST(Lifecycle, a_broken_row_is_named_with_file_line_and_what_was_expected) {
  const std::string names = R"(, name_zh = "a", name_en = "b" })";
  const Broken cases[] = {
      {R"({ type = "incident.a", from = [10], to = 35)", "to: expected a state"},
      {R"({ type = "incident.a", from = [10, 15], to = 12)", "from: expected states"},
      {R"({ type = "incident.a", from = [10, 4294967306], to = 12)", "from: expected states"},
      {R"({ type = "incident.a", from = [10, 10], to = 12)", "each state once"},
      {R"({ type = "incident.a", from = [])", "mark"},
      {R"({ type = "alert.a", from = [10], to = 12)", "incident."},
      {R"({ type = "incident.a", from = [10], to = 12, stamps = ["paid"])", "verify_sent"},
      {R"({ type = "incident.a", from = [10], to = 12, stamps = ["filed", "filed"])", "each stamp once"},
      {R"({ type = "incident.a", from = [10], to = 12, effect = "explode")", "extension_decision"},
      {R"({ type = "incident.a", from = [10], to = 12, role = "king")", "dispatcher"},
      {R"({ type = "incident.a", from = [10], to = 12, reason = "yes")", "true or false"},
      {R"({ type = "incident.a", from = [10], to = 12, stamp = ["filed"])", "unknown key"},
  };
  for (const Broken& broken : cases) {
    const std::string said = complaint("event = [\n" + (broken.text + names) + "\n]\n", false);
    EXPECT_NE(said.find(broken.said), std::string::npos) << broken.text << ": " << said;
    EXPECT_NE(said.find(".toml:2:"), std::string::npos) << said;
  }
}

TEST(Stages, a_broken_set_is_named_with_what_was_expected) {
  std::string text = base::read_text_file(kConfig / "stages/county.toml").value();
  const auto with = [&](std::string_view from, std::string_view to) {
    std::string changed = text;
    const auto at = changed.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return changed.replace(at, from.size(), to);
  };
  EXPECT_EQ(complaint(text, true), "");
  EXPECT_NE(complaint(with("[50, 51, 60]", "[50, 51]"), true).find("60 is in none"), std::string::npos);
  EXPECT_NE(complaint(with("[50, 51, 60]", "[50, 51, 60, 10]"), true).find("in no stage above"), std::string::npos);
  EXPECT_NE(complaint(with("incident.handled", "incident.painted"), true).find("lifecycle.toml"), std::string::npos);
  EXPECT_NE(complaint(with("incident.handled", "incident.reported"), true).find("create"), std::string::npos);
  EXPECT_NE(complaint(with("\"close\"", "\"handle\""), true).find("not used above"), std::string::npos);
}

}  // namespace
}  // namespace gridwall::model
