// DivisionWatch: the alerts of a division that its figures give away, at whole minutes of state time.
//   overtime share   disposed late or waiting past the deadline, of should-handle       > above_per_mille of this
//   month's recurrence share recurrent of reports                                               > above_per_mille of
//   this month's missing address  unlocated of reports                                               > above_per_mille
//   of this month's abnormal day     |reports - median| > mads * MAD of the up to days_max days before, and >=
//   difference_min; judged
//                    for the day that ended, at the begin of the next, and in force until that ends; at least days_min
//                    days must have passed since the watch began. Looked at: divisions that had difference_min reports
//                    or more on one of the days (no other can be abnormal by much). `since` is the day's begin.
//   silent grid      nothing reported in a division without children for silent_after; `since` is when that was over.
//   It
//                    ends at the report that breaks the silence. (Visits are people's tracks: no feed has them.)
//   storm mode       of the district: cases_min of one storm class in the window, or a live outside alert
// A value stays what it was when the episode began. A share is looked at anew when its division was touched since the
// last minute, and when a month begins. Month and day are those of the cases' reported stamps, as in all figures.
// Integers only.
//
// Keyframe: content() and restore().
// Test: tests/unit/state/division_watch_test.cpp, with figures made up.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time_zone.hpp"
#include "model/alert_rules.hpp"
#include "model/division_tree.hpp"
#include "state/big_memory.hpp"
#include "state/share_book.hpp"

namespace gridwall::state {

// Where the figures come from: a division's with all below it. Null: nothing was reported.
class FigureSource {
 public:
  virtual ~FigureSource() = default;
  [[nodiscard]] virtual const Figures* find(model::DivisionIndex division, const base::Period& period) const = 0;
  // Of a month.
  [[nodiscard]] virtual ShareCounts shares(model::DivisionIndex division, const base::Period& month) const {
    const Figures* found = find(division, month);
    return found == nullptr ? ShareCounts{} : share_counts(*found);
  }
  [[nodiscard]] virtual std::int64_t reports(model::DivisionIndex division, const base::Period& period) const {
    const Figures* found = find(division, period);
    return found == nullptr ? 0 : found->of(model::Count::Report);
  }
};

struct DivisionAlertKey {
  model::AlertRule rule = model::AlertRule::SilentGrid;
  model::DivisionIndex division;
  auto operator<=>(const DivisionAlertKey&) const = default;
};
struct DivisionEpisode {
  base::UtcTime since{};
  // Shares in parts of 1000 (rounded down); a day's reports against the median (rounded down); days of silence; cases
  // of one storm class.
  std::int64_t value = 0, threshold = 0;
  bool operator==(const DivisionEpisode&) const = default;
};
struct DivisionChange {
  DivisionAlertKey key;
  bool begun = false;  // else ended
  base::UtcTime at{};
  DivisionEpisode episode;
  bool operator==(const DivisionChange&) const = default;
};

// Reports of one day against those of the days before, in any order; at least one day.
struct DayJudgement {
  bool abnormal = false;
  std::int64_t median = 0;  // rounded down
};
DayJudgement judge_day(std::int64_t reports, std::vector<std::int64_t> before, const model::AbnormalDayRule& rule);

// One thread. A copy is independent but for the tree, which nobody writes.
class DivisionWatch {
 public:
  DivisionWatch(std::shared_ptr<const model::DivisionTree> tree, base::TimeZone zone, const model::AlertRules& rules);

  // A case of the division changed a figure that shares are made of. True: it is the first since the last minute, so
  // that next_due() may be another.
  bool touch(model::DivisionIndex division);
  // A case was reported there: the grid is not silent, and it may be one of a storm. Touches too. `state_time` is that
  // of the event, to which sweep() has come.
  void report(model::DivisionIndex division, std::string_view class_code, base::UtcTime state_time);
  // Asks for what a report that is to come will write.
  void prefetch(model::DivisionIndex division) const {
    prefetch_line(&m_content.last_report[division.value]);
    prefetch_line(&m_tree->divisions()[division.value].children);
  }
  // A live outside alert of the storm rule's category and severity is there, or not any more.
  void set_outside_storm(bool live) { m_content.outside_storm = live; }

  // Everything that is due up to `state_time`, in the order of (time, what it is, division). The figures are taken as
  // they are now: sweep at next_due(), or at each event before it is folded.
  std::vector<DivisionChange> sweep(base::UtcTime state_time, const FigureSource& figures);
  // Not before this has sweep() anything to do; none: before the first sweep, which a watch needs to begin.
  [[nodiscard]] std::optional<base::UtcTime> next_due() const;
  [[nodiscard]] const std::map<DivisionAlertKey, DivisionEpisode>& active() const { return m_content.active; }
  void clear();

  struct StormCase {
    std::uint16_t class_place = 0;  // in the rule's list
    base::UtcTime heard_at{};
    std::uint32_t division = 0;
    bool operator==(const StormCase&) const = default;
  };
  struct SilenceDue {
    base::UtcTime due{};
    std::uint32_t division = 0;
    auto operator<=>(const SilenceDue&) const = default;
  };
  struct Content {
    std::optional<base::UtcTime> begun_at, swept_to;
    std::map<DivisionAlertKey, DivisionEpisode> active;
    std::vector<base::UtcTime> last_report;   // by division; of those without children only, else begun_at
    std::vector<std::int32_t> last_busy_day;  // by division: the last day with difference_min reports; days since 1970
    std::vector<std::uint32_t> touched;       // divisions since the last minute, each once
    std::vector<std::uint32_t> reported_in_day;  // divisions since the last begin of a day, each once
    // A heap, the earliest on top: one for each silent-to-be division. restore() works it out.
    std::vector<SilenceDue> silence;
    std::deque<StormCase> storm;  // of the window, oldest first
    std::vector<std::pair<std::uint32_t, base::UtcTime>>
        woken;  // silent divisions and their report, since the last sweep
    bool outside_storm = false;
    bool operator==(const Content&) const = default;
  };
  [[nodiscard]] const Content& content() const { return m_content; }
  void restore(Content content);

 private:
  using Changes = std::vector<DivisionChange>;
  void begin(base::UtcTime state_time);
  void put_silence_due(SilenceDue due);
  void end_woken(Changes& changes);
  void come_to_silence(base::UtcTime until, Changes& changes);
  void come_to_minute(base::UtcTime minute, const FigureSource& figures, Changes& changes);
  void come_to_day(base::UtcTime day_begin, const FigureSource& figures, Changes& changes);
  void judge_shares(model::DivisionIndex division, base::UtcTime minute, const base::Period& month_now,
                    const FigureSource& figures, Changes& changes);
  void judge_share(DivisionAlertKey key, const model::ShareRule& rule, std::int64_t numerator, std::int64_t denominator,
                   base::UtcTime minute, Changes& changes);
  void judge_storm(base::UtcTime minute, Changes& changes);
  [[nodiscard]] std::int64_t storm_count() const;
  void set(DivisionAlertKey key, bool holds, const DivisionEpisode& now, base::UtcTime at, Changes& changes);
  [[nodiscard]] bool enabled(model::AlertRule rule) const { return m_rules.spec(rule).enabled; }
  [[nodiscard]] bool is_active(DivisionAlertKey key) const { return m_content.active.contains(key); }
  [[nodiscard]] std::optional<base::UtcTime> next_minute() const;
  void come_to(base::UtcTime time);

  std::shared_ptr<const model::DivisionTree> m_tree;
  base::TimeZone m_zone;
  model::AlertRules m_rules;
  Content m_content;
  std::vector<model::DivisionIndex> m_parents;    // close together, unlike the tree's divisions
  base::UtcTime m_next_day{};                     // the first begin of a day after swept_to
  std::vector<bool> m_is_touched, m_is_reported;  // the lists of the content, by division
  std::vector<std::uint8_t> m_shares_active;      // by division, a bit for each of the share rules
};

}  // namespace gridwall::state
