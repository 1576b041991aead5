// A recording folded again gives what the hub had: from any place, from a piece, after the configuration changed. And
// verify finds what was changed in it.
#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include "app/paths.hpp"
#include "app/recording_content.hpp"
#include "app/recording_cut.hpp"
#include "app/recording_export.hpp"
#include "app/recording_figures.hpp"
#include "app/recording_fold.hpp"
#include "app/recording_tools.hpp"
#include "app/recording_verify.hpp"
#include "base/random.hpp"
#include "base/text_file.hpp"
#include "base/time_text.hpp"
#include "journal/writer.hpp"
#include "model/path.hpp"
#include "support/small_tree.hpp"
#include "support/temp_folder.hpp"

namespace gridwall::app {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

const base::UtcTime kMorning = base::parse_rfc3339("2026-11-22T08:00:00+08:00").value();

WallData district() {
  ::setenv("GRIDWALL_ROOT", GRIDWALL_SOURCE_DIR, 1);
  WallData data;
  data.root = find_root().value();
  data.profile = open_profile(data.root, "lianyuan").value();
  auto vocabulary = model::load_vocabulary(data.root / "config", data.profile.tables).value();
  data.rules = model::load_district_rules(data.root / "config", data.profile, vocabulary).value();
  data.vocabulary = std::make_shared<const model::Vocabulary>(std::move(vocabulary));
  data.tree = test::small_tree();
  return data;
}

// A hub without sockets: three days of cases that are reported, move on and move away, with a keyframe each 150 events.
class RecordedDistrict : public testing::Test {
 protected:
  void SetUp() override {
    // What reading unpacks goes there too, so that a test can see what stays of it.
    ::setenv("TMPDIR", m_folder.c_str(), 1);
    m_data = district();
    auto content = collect_content(m_data, "lianyuan");
    ASSERT_TRUE(content.ok()) << content.error().message;
    m_content = std::move(*content);
    journal::Identity identity = recorded_identity(m_data, {1, 2, 3}, true);
    auto writer = journal::Writer::open(m_folder / "journal", identity, m_content);
    ASSERT_TRUE(writer.ok()) << writer.error().message;
    m_writer = std::make_unique<journal::Writer>(std::move(*writer));
    auto ledger = hub::Ledger::create({m_data.tree, m_data.vocabulary, m_data.rules, identity.journal, 5});
    m_ledger = std::make_unique<hub::Ledger>(std::move(*ledger));
    for (int i = 0; i < 600; ++i) step(i);
    ASSERT_TRUE(m_writer->put_bookmark({0, 222, kMorning, "storm"}).ok());
  }

  journal::Keyframe keyframe() const {
    hub::StateCopy copy = m_ledger->copy();
    journal::Keyframe made{copy.sequence, copy.state_time, copy.digest, copy.head, {}, copy.memory};
    for (auto& part : copy.parts) made.parts.push_back({part.prefix, part.bytes});
    return made;
  }

  void step(int i) {
    static constexpr const char* kTypes[] = {"incident.reported", "incident.filed", "incident.dispatched",
                                             "incident.handled", "incident.closed"};
    const base::UtcTime now = kMorning + i * 7min;
    m_ledger->advance(now);
    const auto& divisions = m_data.tree->divisions();
    const auto& division = divisions[m_random.next_below(divisions.size())];
    model::Event event;
    event.id = fmt::format("e{}", i);
    event.source = "/test";
    event.type = kTypes[m_random.next_below(5)];
    event.occurred_at = now;
    event.incident.incident_id = fmt::format("c{}", m_random.next_below(60));
    event.incident.class_code = m_data.vocabulary->classes[m_random.next_below(9)].code;
    event.incident.channel = "hotline";
    const bool is_leaf = division.children.size() == 0;
    event.division_path = model::leaf_of(division);
    if (is_leaf) event.point_units = m_data.tree->to_units(division.anchor_world);
    if (m_writer->needs_segment(now)) {
      ASSERT_TRUE(m_writer->begin_segment(now, keyframe()).ok());
    }
    hub::FeedBatch batch;
    m_ledger->publish(std::move(event), {now, base::Duration(i)}, batch);
    std::vector<journal::Record> records;
    for (std::size_t n = 0; n < batch.messages.size(); ++n) {
      const auto& message = batch.messages[n];
      records.push_back(
          {batch.events[n].sequence, batch.events[n].state_time, message.topic, message.header, message.body});
    }
    ASSERT_TRUE(m_writer->append(records).ok());
    ASSERT_TRUE(m_writer->commit().ok());
    m_digest_at.resize(m_writer->last_sequence() + 1);
    m_digest_at.back() = m_ledger->world().digest(m_data.tree->root());
    // A heartbeat later, as a hub would.
    if (i % 150 == 149) {
      m_ledger->advance(now + 3min);
      ASSERT_TRUE(m_writer->put_keyframe(keyframe()).ok());
    }
  }

  journal::Recording open(const fs::path& path) const {
    auto recording = journal::Recording::open(path);
    EXPECT_TRUE(recording.ok()) << recording.error().message;
    return std::move(*recording);
  }
  static VerifyResult verify(journal::Recording& recording) {
    const auto result = verify_recording(recording, [](std::string_view, double) {});
    EXPECT_TRUE(result.ok()) << result.error().message;
    return *result;
  }

  test::TempFolder m_temporary;
  const fs::path m_folder = m_temporary.path();
  WallData m_data;
  std::vector<journal::ContentItem> m_content;
  std::unique_ptr<journal::Writer> m_writer;
  std::unique_ptr<hub::Ledger> m_ledger;
  base::Random m_random{11};
  std::vector<std::uint64_t> m_digest_at;  // by sequence; 0 inside a batch
};

TEST_F(RecordedDistrict, folded_again_it_has_the_same_digest_at_every_place) {
  auto recording = open(m_folder / "journal");
  ASSERT_EQ(recording.segments().size(), 4u);
  auto fold = RecordingFold::open(recording, model::Language::English);
  ASSERT_TRUE(fold.ok()) << fold.error().message;
  const auto root = fold->data().tree->root();
  for (std::uint64_t sequence = 1; sequence < m_digest_at.size(); ++sequence) {
    ASSERT_TRUE(fold->fold_through(sequence).ok());
    if (m_digest_at[sequence] == 0) continue;
    ASSERT_EQ(fold->ledger().world().digest(root), m_digest_at[sequence]) << sequence;
  }
  base::Random random(3);
  for (int i = 0; i < 40; ++i) {
    const std::uint64_t sequence = 1 + random.next_below(m_digest_at.size() - 1);
    if (m_digest_at[sequence] == 0) continue;
    ASSERT_TRUE(fold->seek(sequence).ok());
    ASSERT_EQ(fold->ledger().world().digest(root), m_digest_at[sequence]) << sequence;
  }
}

TEST_F(RecordedDistrict, is_verified_whole_with_all_its_keyframes) {
  auto recording = open(m_folder / "journal");
  const VerifyResult result = verify(recording);
  EXPECT_TRUE(result.problems.empty()) << result.problems.front();
  EXPECT_EQ(result.event_count, m_writer->last_sequence());
  EXPECT_GE(result.keyframe_count, 6u);
  EXPECT_EQ(result.digest, m_digest_at.back());
}

TEST_F(RecordedDistrict, the_district_comes_back_without_the_configuration) {
  auto recording = open(m_folder / "journal");
  const auto read = load_recorded_data(recording, 0, model::Language::English);
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read->tree->content_hash(), m_data.tree->content_hash());
  EXPECT_EQ(read->profile.name_zh, m_data.profile.name_zh);
  EXPECT_EQ(read->profile.zone.name(), m_data.profile.zone.name());
  EXPECT_EQ(read->vocabulary->classes.size(), m_data.vocabulary->classes.size());
  EXPECT_EQ(read->vocabulary->lifecycle.size(), m_data.vocabulary->lifecycle.size());
  // Nothing of it stays behind.
  for (const auto& entry : fs::directory_iterator(m_folder)) {
    EXPECT_FALSE(entry.path().filename().string().starts_with("gridwall-recorded-") &&
                 fs::exists(entry.path() / "config" / "profiles" / "recorded.toml"));
  }
}

TEST_F(RecordedDistrict, a_piece_is_a_recording_of_its_own_with_the_same_digests) {
  auto recording = open(m_folder / "journal");
  const std::uint64_t first = first_event_from(recording, "storm").value();
  EXPECT_EQ(first, 222u);
  const std::uint64_t last = last_event_until(recording, "2026-11-24T08:00:00+08:00").value();
  ASSERT_GT(last, first);
  EXPECT_LE(recording.time_of(last).value(), kMorning + 48h);
  EXPECT_GT(recording.time_of(last + 1).value(), kMorning + 48h);
  const fs::path file = m_folder / "piece.gwr";
  const auto cut = cut_recording(recording, first, last, file, [](std::string_view, double) {});
  ASSERT_TRUE(cut.ok()) << cut.error().message;
  EXPECT_GT(cut->keyframe_count, 1u);
  EXPECT_EQ(cut->bookmark_count, 1u);
  auto piece = open(file);
  EXPECT_EQ(piece.first_sequence(), first);
  EXPECT_EQ(piece.last_sequence(), last);
  const VerifyResult result = verify(piece);
  EXPECT_TRUE(result.problems.empty()) << result.problems.front();
  EXPECT_TRUE(m_digest_at[last] == 0 || result.digest == m_digest_at[last]);
  EXPECT_FALSE(cut_recording(recording, first, last, file, [](std::string_view, double) {}).ok());
  EXPECT_EQ(std::distance(fs::directory_iterator(m_folder), {}), 2);
}

TEST_F(RecordedDistrict, the_fold_goes_on_over_a_change_of_the_configuration) {
  m_writer.reset();
  auto changed = m_content;
  for (auto& item : changed) {
    if (item.name == "config/alerts.toml") item.bytes += "# changed\n";
  }
  auto writer = journal::Writer::open(m_folder / "journal", recorded_identity(m_data, {}, true), changed);
  ASSERT_TRUE(writer.ok()) << writer.error().message;
  m_writer = std::make_unique<journal::Writer>(std::move(*writer));
  for (int i = 600; i < 700; ++i) step(i);
  auto recording = open(m_folder / "journal");
  EXPECT_EQ(recording.segments().size(), 5u);
  const VerifyResult result = verify(recording);
  EXPECT_TRUE(result.problems.empty()) << result.problems.front();
  EXPECT_EQ(result.digest, m_digest_at.back());
  const auto cut =
      cut_recording(recording, 500, m_writer->last_sequence(), m_folder / "both.gwr", [](std::string_view, double) {});
  ASSERT_FALSE(cut.ok());
  EXPECT_NE(cut.error().message.find("the configuration changed at event"), std::string::npos) << cut.error().message;
}

TEST_F(RecordedDistrict, verify_names_a_keyframe_that_its_events_do_not_give) {
  auto wrong = keyframe();
  m_ledger->advance(kMorning + 600 * 7min);
  wrong.digest ^= 1;
  ASSERT_TRUE(m_writer->begin_segment(kMorning + 96h, wrong).ok());
  auto recording = open(m_folder / "journal");
  const VerifyResult result = verify(recording);
  ASSERT_FALSE(result.problems.empty());
  EXPECT_NE(result.problems[0].find(fmt::format("keyframe at event {}", wrong.sequence)), std::string::npos);
}

TEST_F(RecordedDistrict, verify_names_an_event_whose_header_breaks_the_chain) {
  const std::uint64_t next = m_writer->last_sequence() + 1;
  hub::FeedBatch batch;
  model::Event event;
  event.id = "x";
  event.source = "/test";
  event.type = "incident.reported";
  event.occurred_at = kMorning + 100h;
  event.incident.incident_id = "x";
  event.division_path = model::own_leaf(m_data.tree->at(m_data.tree->root()).path);
  const auto header = m_ledger->publish(event, {kMorning + 100h, {}}, batch);
  auto broken = header;
  broken.previous.back() += 1;
  const journal::Record record{next, header.state_time, batch.messages[0].topic, wire::encode_feed_header(broken),
                               batch.messages[0].body};
  ASSERT_TRUE(m_writer->append({&record, 1}).ok());
  ASSERT_TRUE(m_writer->commit().ok());
  auto recording = open(m_folder / "journal");
  const VerifyResult result = verify(recording);
  ASSERT_EQ(result.problems.size(), 1u);
  EXPECT_NE(result.problems[0].find(fmt::format("event {}: its chain values", next)), std::string::npos);
}

TEST_F(RecordedDistrict, its_figures_at_a_moment_are_those_the_hub_had) {
  const auto now = kMorning + 599 * 7min + 3min;  // of the last heartbeat
  WallData data;
  const auto folded = fold_recording({(m_folder / "journal").string()}, now, model::Language::English, data);
  ASSERT_TRUE(folded.ok()) << folded.error().message;
  const auto root = m_data.tree->root();
  EXPECT_EQ(folded->world->digest(root), m_ledger->world().digest(root));
  const base::Period month = base::period_of(now, base::PeriodKind::Month, m_data.rules->zone);
  const auto there = folded->world->figures(root, month), here = m_ledger->world().figures(root, month);
  EXPECT_GT(here.of(model::Count::Report), 0);
  EXPECT_EQ(there.of(model::Count::Report), here.of(model::Count::Report));
  EXPECT_EQ(folded->events_begin, kMorning);
  const auto early = fold_recording({(m_folder / "journal").string()}, kMorning - 1h, model::Language::English, data);
  ASSERT_FALSE(early.ok());
  EXPECT_NE(early.error().message.find("nothing was recorded until then"), std::string::npos);
}

TEST_F(RecordedDistrict, is_exported_as_points_that_name_the_recording) {
  auto recording = open(m_folder / "journal");
  const auto tell = [](std::string_view, double) {};
  const ExportRange range{100, 160};
  for (const char* name : {"out.geojson", "out.csv", "out.gpkg"}) {
    const auto count = export_recording(recording, range, m_folder / name, tell);
    ASSERT_TRUE(count.ok()) << count.error().message;
    EXPECT_EQ(*count, 61u);
    EXPECT_FALSE(export_recording(recording, range, m_folder / name, tell).ok()) << "overwritten";
  }
  const std::string json = base::read_text_file(m_folder / "out.geojson").value();
  EXPECT_NE(json.find("REPLAY: recorded, simulated events of"), std::string::npos);
  EXPECT_NE(json.find(R"("sequence":100,)"), std::string::npos);
  EXPECT_EQ(std::count(json.begin(), json.end(), '\n'), 63);
  const std::string csv = base::read_text_file(m_folder / "out.csv").value();
  EXPECT_TRUE(csv.starts_with("sequence,state_time,")) << csv.substr(0, 80);
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 62);
  EXPECT_NE(base::read_text_file(m_folder / "out.csv-metadata.json").value().find("\"period_begin\""),
            std::string::npos);
  const auto wrong = export_recording(recording, range, m_folder / "out.shp", tell);
  ASSERT_FALSE(wrong.ok());
  EXPECT_NE(wrong.error().message.find(".gpkg, .geojson or .csv"), std::string::npos);
}

}  // namespace
}  // namespace gridwall::app
