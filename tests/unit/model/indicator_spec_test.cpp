#include "model/indicator_spec.hpp"

#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <fstream>

#include "base/text_file.hpp"
#include "support/temp_folder.hpp"

namespace gridwall::model {
namespace {

namespace fs = std::filesystem;

const fs::path kFolder = fs::path(GRIDWALL_SOURCE_DIR) / "config" / "indicators";

using Counts = std::array<std::uint32_t, kCountCount>;

Counts counts_of(std::initializer_list<std::pair<Count, std::uint32_t>> entries) {
  Counts counts{};
  for (const auto& [count, value] : entries) counts[static_cast<std::size_t>(count)] = value;
  return counts;
}

// A file of the test's own folder.
class IndicatorFile : public ::testing::Test {
 protected:
  fs::path write(const std::string& name, const std::string& text) {
    std::ofstream(m_folder / name) << text;
    return m_folder / name;
  }
  std::string complaint(const std::string& text) {
    const auto spec = load_indicator_spec(write("own.toml", text));
    return spec.ok() ? "" : spec.error().message;
  }

 private:
  test::TempFolder m_temporary;
  const fs::path m_folder = m_temporary.path();
};

std::string rate_text(const std::string& id, const std::string& numerator, const std::string& denominator) {
  return fmt::format(
      "[[rate]]\nid = \"{}\"\nname_zh = \"率\"\nname_en = \"rate\"\nnumerator = \"{}\"\nnumerator_zh = \"分子\"\n"
      "numerator_en = \"above\"\ndenominator = \"{}\"\ndenominator_zh = \"分母\"\ndenominator_en = \"below\"\n"
      "better = \"high\"\n",
      id, numerator, denominator);
}

const std::string kClosing = rate_text("closing", "archive", "need_archive");

TEST(Indicators, have_every_rate_of_the_catalogue_in_both_languages) {
  const auto spec = load_indicator_spec(kFolder / "default.toml");
  ASSERT_TRUE(spec.ok()) << spec.error().message;
  for (const char* id : {"filing",
                         "valid_report",
                         "disposal",
                         "disposal_on_time",
                         "disposal_on_time_of_disposed",
                         "closing",
                         "closing_on_time",
                         "rework",
                         "return",
                         "dispatch_accurate",
                         "filing_on_time",
                         "dispatch_on_time",
                         "verification_on_time",
                         "check_on_time",
                         "recurrence",
                         "suspected_duplicate",
                         "unlocated",
                         "public_report",
                         "satisfaction",
                         "solved_at_0",
                         "solved_at_7",
                         "forced_closing",
                         "flawed"}) {
    EXPECT_NE(spec->find_rate(id), nullptr) << id;
  }
  for (const RateSpec& rate : spec->rates) {
    for (const std::string& label :
         {rate.name_zh, rate.name_en, rate.numerator_zh, rate.numerator_en, rate.denominator_zh, rate.denominator_en}) {
      EXPECT_FALSE(label.empty()) << rate.id;
    }
  }
  ASSERT_EQ(spec->scores.size(), 1u);
  ASSERT_EQ(spec->peer_groups.size(), 1u);
  EXPECT_EQ(spec->peer_groups[0].level, 1);
  EXPECT_TRUE(spec->peer_groups[0].division_codes.empty());
}

TEST(Indicators, of_jinhua_take_the_suspended_off_what_is_due_and_keep_the_rest) {
  const auto base = load_indicator_spec(kFolder / "default.toml");
  const auto jinhua = load_indicator_spec(kFolder / "jinhua.toml");
  ASSERT_TRUE(jinhua.ok()) << jinhua.error().message;
  EXPECT_EQ(jinhua->rates.size(), base->rates.size());
  const Counts counts = counts_of({{Count::ShouldHandle, 100},
                                   {Count::NeedArchiveSuspended, 20},
                                   {Count::NeedArchive, 70},
                                   {Count::InTimeArchive, 60}});
  EXPECT_EQ(rate_of(*base->find_rate("closing_on_time"), counts), (Rate{60, 70}));
  EXPECT_EQ(rate_of(*jinhua->find_rate("closing_on_time"), counts), (Rate{60, 80}));
}

TEST(Indicators, a_rate_without_cases_has_no_value) {
  EXPECT_EQ((Rate{0, 0}).value(), std::nullopt);
  EXPECT_EQ((Rate{0, 4}).value(), 0.0);
  EXPECT_EQ((Rate{3, 4}).value(), 0.75);
}

TEST(Indicators, a_sum_never_goes_below_nothing) {
  const CountSum sum{{Count::Report}, {Count::Register, Count::ValidReport}};  // most cases are in both
  EXPECT_EQ(value_of(sum, counts_of({{Count::Report, 10}, {Count::Register, 8}, {Count::ValidReport, 9}})), 0);
  EXPECT_EQ(value_of(sum, counts_of({{Count::Report, 10}, {Count::Register, 3}, {Count::ValidReport, 4}})), 3);
}

TEST(Indicators, a_score_weighs_rates_and_turns_those_that_are_better_low) {
  RateSpec closing{"closing", "", "", {{Count::Archive}, {}}, {{Count::NeedArchive}, {}}, "", "", "", "", true};
  RateSpec rework{"rework", "", "", {{Count::Rework}, {}}, {{Count::Dispose}, {}}, "", "", "", "", false};
  const std::array rates{closing, rework};
  const ScoreSpec score{"score", "", "", {{"closing", 60}, {"rework", 40}}, 4};
  const Counts counts =
      counts_of({{Count::Archive, 3}, {Count::NeedArchive, 4}, {Count::Rework, 1}, {Count::Dispose, 10}});
  EXPECT_DOUBLE_EQ(score_of(score, rates, counts).value(), 60 * 0.75 + 40 * 0.9);
}

TEST(Indicators, a_unit_with_no_or_too_few_cases_has_no_score) {
  RateSpec closing{"closing", "", "", {{Count::Archive}, {}}, {{Count::NeedArchive}, {}}, "", "", "", "", true};
  const std::array rates{closing};
  const ScoreSpec score{"score", "", "", {{"closing", 100}}, 4};
  EXPECT_EQ(score_of(score, rates, Counts{}), std::nullopt);
  EXPECT_EQ(score_of(score, rates, counts_of({{Count::Archive, 3}, {Count::NeedArchive, 3}})), std::nullopt);
  EXPECT_EQ(score_of(score, rates, counts_of({{Count::Archive, 4}, {Count::NeedArchive, 4}})), 100.0);
}

TEST(Indicators, equal_scores_share_the_better_rank_and_none_has_none) {
  const std::array<std::optional<double>, 6> scores{80.0, std::nullopt, 90.0, 80.0, 70.0, std::nullopt};
  const std::vector<std::optional<int>> expected{2, std::nullopt, 1, 2, 4, std::nullopt};
  EXPECT_EQ(rank(scores), expected);
  EXPECT_TRUE(rank({}).empty());
}

TEST_F(IndicatorFile, a_wrong_entry_is_named_with_file_line_and_what_was_expected) {
  const struct {
    std::string text, expected;
  } cases[] = {
      {rate_text("a", "archived", "need_archive"), "own.toml:5: rate[1].numerator: expected a count where 'archived'"},
      {rate_text("a", "archive", "need_archive plus report"), "own.toml:8: rate[1].denominator: expected '+' or '-'"},
      {rate_text("a", "archive", "need_archive -"), "own.toml:8: rate[1].denominator: expected counts with"},
      {rate_text("a", "archive", ""), "own.toml:8: rate[1].denominator: expected counts with"},
      {rate_text("a", "archive", "need_archive - need_archive_suspended"),
       "own.toml:8: rate[1].denominator: expected to take 'need_archive_suspended' off a count that has all its cases"},
      {rate_text("A b", "archive", "report"), "own.toml:2: rate[1].id: expected small letters"},
      {kClosing + kClosing, "own.toml:13: rate[2].id: expected an id not used above"},
      {kClosing + "colour = \"red\"\n", "own.toml:12: rate[1].colour: unknown key"},
      {"[[score]]\nid = \"s\"\n", "expected at least one [[rate]]"},
      {kClosing + "[[score]]\nid = \"s\"\nname_zh = \"分\"\nname_en = \"score\"\n"
                  "part = [{ rate = \"closing\", weight = 90 }]\n",
       "own.toml:16: score[1].part: expected weights that are 100 together, not 90"},
      {kClosing + "[[score]]\nid = \"s\"\nname_zh = \"分\"\nname_en = \"score\"\n"
                  "part = [\n  { rate = \"closed\", weight = 100 },\n]\n",
       "own.toml:17: score[1].part[1].rate: expected the id of a rate"},
      {kClosing + "[[peer_group]]\nid = \"g\"\nname_zh = \"组\"\nname_en = \"group\"\n", "expected either level"},
      {kClosing + "[[peer_group]]\nid = \"g\"\nname_zh = \"组\"\nname_en = \"group\"\ndivisions = [\"1\", \"1\"]\n",
       "own.toml:16: peer_group[1].divisions: expected at least two codes, each once"},
      {"base = \"../default\"\n", "own.toml:1: base: expected the name of a file beside this one"},
  };
  for (const auto& entry : cases) {
    EXPECT_NE(complaint(entry.text).find(entry.expected), std::string::npos) << complaint(entry.text);
  }
}

TEST_F(IndicatorFile, takes_over_a_base_file_and_replaces_what_has_the_same_id) {
  write("common.toml", kClosing + rate_text("filing", "register", "report"));
  const auto spec =
      load_indicator_spec(write("own.toml", "base = \"common\"\n" + rate_text("closing", "archive", "dispatch") +
                                                rate_text("new", "accept", "report")));
  ASSERT_TRUE(spec.ok()) << spec.error().message;
  ASSERT_EQ(spec->rates.size(), 3u);
  EXPECT_EQ(spec->rates[0].id, "closing");
  EXPECT_EQ(spec->rates[0].denominator.plus, std::vector{Count::Dispatch});
  EXPECT_EQ(spec->rates[2].id, "new");
}

}  // namespace
}  // namespace gridwall::model
