#include "model/storm_day.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include "base/text_file.hpp"
#include "support/temp_folder.hpp"

namespace gridwall::model {
namespace {

const std::filesystem::path kShipped = GRIDWALL_SOURCE_DIR "/config/storm.toml";

TEST(StormDay, the_shipped_one_is_whole_and_in_order) {
  const auto storm = load_storm_day(kShipped);
  ASSERT_TRUE(storm.ok()) << storm.error().message;
  EXPECT_EQ(storm->day, base::LocalDays(std::chrono::sys_days(std::chrono::year(2026) / 7 / 14).time_since_epoch()));
  EXPECT_LT(storm->cases.begin, storm->cases.peak);
  EXPECT_GE(storm->warnings.size(), 3u);
  EXPECT_EQ(storm->warnings.back().severity, Severity::Critical);
  EXPECT_GE(storm->bookmarks.size(), 4u);
  EXPECT_EQ(storm->bookmarks.front().at, std::chrono::minutes(9 * 60 + 30));
}

TEST(StormDay, a_fault_is_named_with_its_line_and_key) {
  const std::string text = base::read_text_file(kShipped).value();
  const auto fault_of = [&](std::string_view from, std::string_view to) {
    std::string changed = text;
    const std::size_t at = changed.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    changed.replace(at, from.size(), to);
    const std::filesystem::path file = test::process_folder() / "storm.toml";
    EXPECT_TRUE(base::write_text_file(file, changed).ok());
    const auto read = load_storm_day(file);
    std::filesystem::remove(file);
    return read.ok() ? std::string("no fault") : read.error().message;
  };
  const auto names = [](const std::string& message, std::string_view part) {
    return message.find(part) != std::string::npos && message.find(".toml:") != std::string::npos;
  };
  EXPECT_TRUE(names(fault_of("peak = \"15:10\"", "peak = \"11:00\""), "peak"));
  EXPECT_TRUE(names(fault_of("end = \"21:00\"", "end = \"25:00\""), "14:30")) << "what is expected";
  EXPECT_TRUE(names(fault_of("day = \"2026-07-14\"", "day = \"14 July\""), "day"));
  EXPECT_TRUE(names(fault_of("count = 320", "cuont = 320"), "cuont"));
  EXPECT_TRUE(
      names(fault_of("at = \"13:05\"\nname_zh = \"黄色预警\"", "at = \"09:00\"\nname_zh = \"黄色预警\""), "at"));
  EXPECT_TRUE(names(fault_of("until = \"13:05\"", "until = \"10:00\""), "until"));
}

}  // namespace
}  // namespace gridwall::model
