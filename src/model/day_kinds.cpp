#include "model/day_kinds.hpp"

#include <algorithm>
#include <array>

#include "model/config_table.hpp"

namespace gridwall::model {

namespace {

constexpr std::array<std::string_view, kDayKindCount> kWords{"normal", "quiet", "holiday", "storm"};
constexpr int kOneInMax = 10'000;
constexpr double kFactorMax = 100;

}  // namespace

std::string_view day_kind_word(DayKind kind) {
  return kWords[static_cast<std::size_t>(kind)];
}

std::optional<DayKind> find_day_kind(std::string_view word) {
  const auto found = std::find(kWords.begin(), kWords.end(), word);
  if (found == kWords.end()) return std::nullopt;
  return static_cast<DayKind>(found - kWords.begin());
}

base::Result<DayKinds> load_day_kinds(const std::filesystem::path& file) {
  TRY_ASSIGN(const ConfigTable root, ConfigTable::open(file));
  TRY(root.expect_only({"quiet", "holiday", "storm", "notice"}));
  DayKinds kinds;
  TRY_ASSIGN(const ConfigTable quiet, root.table("quiet"));
  TRY(quiet.expect_only({"cases", "one_in"}));
  TRY_ASSIGN(kinds.quiet_cases, quiet.number("cases", 0, kFactorMax));
  TRY_ASSIGN(const auto quiet_one_in, quiet.integer("one_in", 1, kOneInMax));
  kinds.quiet_one_in = static_cast<int>(quiet_one_in);
  TRY_ASSIGN(const ConfigTable holiday, root.table("holiday"));
  TRY(holiday.expect_only({"cases", "public", "channel"}));
  TRY_ASSIGN(kinds.holiday_cases, holiday.number("cases", 0, kFactorMax));
  TRY_ASSIGN(kinds.holiday_public, holiday.number("public", 0, kFactorMax));
  TRY_ASSIGN(const auto channels, holiday.tables("channel"));
  for (const ConfigTable& table : channels) {
    TRY(table.expect_only({"id", "factor"}));
    DayKinds::ChannelFactor channel;
    TRY_ASSIGN(channel.id, table.text("id"));
    TRY_ASSIGN(channel.factor, table.number("factor", 0, kFactorMax));
    kinds.holiday_channels.push_back(std::move(channel));
  }
  TRY_ASSIGN(const ConfigTable storm, root.table("storm"));
  TRY(storm.expect_only({"one_in", "months"}));
  TRY_ASSIGN(const auto storm_one_in, storm.integer("one_in", 1, kOneInMax));
  kinds.storm_one_in = static_cast<int>(storm_one_in);
  TRY_ASSIGN(const auto months, storm.integers("months"));
  for (const std::int64_t month : months) {
    if (month < 1 || month > 12) return storm.error_at("months", "numbers of months, from 1 to 12");
    kinds.storm_months.push_back(static_cast<int>(month));
  }
  TRY_ASSIGN(const auto notices, root.tables("notice"));
  for (const ConfigTable& table : notices) {
    TRY(table.expect_only({"at", "text_zh", "text_en"}));
    DayKinds::Notice notice;
    TRY_ASSIGN(notice.at, table.time_of_day("at"));
    TRY_ASSIGN(notice.text_zh, table.text("text_zh"));
    TRY_ASSIGN(notice.text_en, table.text("text_en"));
    kinds.notices.push_back(std::move(notice));
  }
  return kinds;
}

}  // namespace gridwall::model
