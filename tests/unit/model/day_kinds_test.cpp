#include "model/day_kinds.hpp"

#include <gtest/gtest.h>

#include "base/text_file.hpp"
#include "support/temp_folder.hpp"

namespace gridwall::model {
namespace {

const std::filesystem::path kShipped = GRIDWALL_SOURCE_DIR "/config/days.toml";

TEST(DayKinds, the_shipped_ones_make_a_quiet_day_quieter_and_a_holiday_louder_in_public) {
  const auto kinds = load_day_kinds(kShipped);
  ASSERT_TRUE(kinds.ok()) << kinds.error().message;
  EXPECT_LT(kinds->quiet_cases, kinds->holiday_cases);
  EXPECT_LT(kinds->holiday_cases, 1);
  EXPECT_GT(kinds->holiday_public, 1);
  ASSERT_FALSE(kinds->holiday_channels.empty());
  EXPECT_LT(kinds->holiday_channels.front().factor, 1);
  EXPECT_GE(kinds->notices.size(), 2u);
}

TEST(DayKinds, words_go_both_ways) {
  for (const DayKind kind : {DayKind::Normal, DayKind::Quiet, DayKind::Holiday, DayKind::Storm}) {
    EXPECT_EQ(find_day_kind(day_kind_word(kind)), kind);
  }
  EXPECT_FALSE(find_day_kind("stormy").has_value());
}

TEST(DayKinds, a_fault_is_named_with_its_line_and_key) {
  const std::string text = base::read_text_file(kShipped).value();
  const auto fault_of = [&](std::string_view from, std::string_view to) {
    std::string changed = text;
    const std::size_t at = changed.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    changed.replace(at, from.size(), to);
    const std::filesystem::path file = test::process_folder() / "days.toml";
    EXPECT_TRUE(base::write_text_file(file, changed).ok());
    const auto read = load_day_kinds(file);
    return read.ok() ? std::string("no fault") : read.error().message;
  };
  const auto names = [](const std::string& message, std::string_view key) {
    return message.find(key) != std::string::npos && message.find("days.toml:") != std::string::npos;
  };
  EXPECT_PRED2(names, fault_of("one_in = 14", "one_in = 0"), "one_in");
  EXPECT_PRED2(names, fault_of("[5, 6, 7, 8, 9]", "[5, 13]"), "months");
  EXPECT_PRED2(names, fault_of("\"09:00\"", "\"9 o'clock\""), "at");
  EXPECT_PRED2(names, fault_of("public = 1.8", "publik = 1.8"), "publik");
}

}  // namespace
}  // namespace gridwall::model
