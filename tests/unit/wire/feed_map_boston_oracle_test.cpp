// The city of Boston writes for each request whether it was on time. Goal: our own judgement, from the events that the
// map makes and the rules of the lifecycle, comes out the same wherever the city gives both dates, and for open
// requests as they stood when the file was written. Method: each row's events through apply_event, then standing_at and
// measure.
#include <map>

#include "feed_map_support.hpp"
#include "model/case_flags.hpp"
#include "model/lifecycle.hpp"
#include "wire/csv_rows.hpp"

namespace gridwall::wire {
namespace {

using model::CaseRecord;
using model::Count;
using model::DeadlineStatus;

// All requests of the sample that are open and past their target are called overdue in it: it was written after that.
const base::UtcTime kWrittenAt = test::utc("2022-07-01T00:00:00Z");

class Judge {
 public:
  Judge()
      : m_rows(model::load_lifecycle(test::kFeedRoot / "config/lifecycle.toml").value()),
        m_calendar(model::load_work_calendar(test::kFeedRoot / "config/calendars/cn.toml",
                                             base::TimeZone::find("America/New_York").value())
                       .value()) {
    m_limits.fallback = {};  // no target: no deadline
  }

  // Incident id -> "ONTIME" or "OVERDUE".
  std::map<std::string, std::string> judge(const MappedFeed& feed) const {
    std::map<std::string, CaseRecord> records;
    for (const MappedEvent& mapped : feed.events) {
      const auto [found, is_new] = records.try_emplace(mapped.event.incident.incident_id);
      model::apply_event(found->second, is_new, row(mapped.event.type), mapped.event, nullptr, rules());
    }
    std::map<std::string, std::string> verdicts;
    for (const auto& [id, record] : records) verdicts[id] = verdict(record);
    return verdicts;
  }

 private:
  [[nodiscard]] model::CaseRules rules() const { return {&m_limits, &m_calendar}; }
  [[nodiscard]] const model::LifecycleRow& row(std::string_view type) const {
    const auto found = std::find_if(m_rows.begin(), m_rows.end(), [&](const auto& one) { return one.type == type; });
    EXPECT_NE(found, m_rows.end()) << type;
    return *found;
  }
  [[nodiscard]] std::string verdict(const CaseRecord& record) const {
    const model::CaseStanding standing = model::standing_at(record, kWrittenAt, rules());
    const model::CaseFlags flags = model::measure(record, standing, {}, rules()).flags;
    const auto has = [&](Count count) { return (flags & model::flag(count)) != 0; };
    if (!has(Count::Archive)) return standing.deadline == DeadlineStatus::Overdue ? "OVERDUE" : "ONTIME";
    // Handled and closed at once, so handling and closing must agree, and the standing with both.
    EXPECT_EQ(has(Count::InTimeArchive), has(Count::InTimeDispose));
    EXPECT_EQ(has(Count::InTimeArchive), standing.deadline != DeadlineStatus::DoneLate);
    return has(Count::InTimeArchive) ? "ONTIME" : "OVERDUE";
  }

  std::vector<model::LifecycleRow> m_rows;
  model::WorkCalendar m_calendar;
  model::LimitRules m_limits;
};

struct Oracle {
  std::map<std::string, std::string> ontime;
  std::size_t both_dates_count = 0, open_count = 0, late_count = 0;
};

Oracle read_oracle(std::string_view text) {
  const auto rows = read_csv(text).value();
  const auto column = [&](std::string_view name) {
    const auto& header = rows.at(0).cells;
    return static_cast<std::size_t>(std::find(header.begin(), header.end(), name) - header.begin());
  };
  const std::size_t id = column("case_enquiry_id"), target = column("target_dt"), closed = column("closed_dt"),
                    ontime = column("ontime");
  Oracle oracle;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const auto& cells = rows[i].cells;
    oracle.ontime[cells.at(id)] = cells.at(ontime);
    oracle.both_dates_count += !cells.at(target).empty() && !cells.at(closed).empty() ? 1u : 0u;
    oracle.open_count += cells.at(closed).empty() ? 1u : 0u;
    oracle.late_count += cells.at(ontime) == "OVERDUE" ? 1u : 0u;
  }
  return oracle;
}

TEST(BostonOracle, our_on_time_is_the_citys_for_every_row) {
  const std::string text = test::sample("boston311.csv");
  const Oracle oracle = read_oracle(text);
  EXPECT_GE(oracle.both_dates_count, 20u);
  EXPECT_GE(oracle.open_count, 10u);
  EXPECT_GE(oracle.late_count, 10u);
  EXPECT_EQ(Judge().judge(test::mapped("boston311", text)), oracle.ontime);
}

TEST(BostonOracle, closing_on_the_very_second_of_the_target_is_on_time_and_one_later_is_not) {
  const std::string text =
      "case_enquiry_id,open_dt,target_dt,closed_dt,ontime,case_status\n"
      "1,2022-03-12 10:00:00,2022-03-14 10:00:00,2022-03-14 10:00:00,ONTIME,Closed\n"
      "2,2022-03-12 10:00:00,2022-03-14 10:00:00,2022-03-14 10:00:01,OVERDUE,Closed\n"
      "3,2022-03-12 10:00:00,2022-03-14 10:00:00,2022-03-14 09:59:59,ONTIME,Closed\n"
      // The target is the file's own moment, 20:00 in summer time.
      "4,2022-06-01 10:00:00,2022-06-30 20:00:00,,ONTIME,Open\n"
      "5,2022-06-01 10:00:00,2022-06-30 19:59:59,,OVERDUE,Open\n";
  EXPECT_EQ(Judge().judge(test::mapped("boston311", text)), read_oracle(text).ontime);
}

}  // namespace
}  // namespace gridwall::wire
