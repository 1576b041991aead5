// BurstWatch (突增): where more is reported within 15 minutes of state time than the hour explains, for each division
// with all below it, and each big class or all together.
// At each whole minute M: count of [M - 15 min, M) >= cases_min, and n * count > sum + sigmas * sqrt(n * sumsq - sum^2)
// over the n quarter hours of the same local hour on the days before (up to days_max, at least days_min of them; n is 4
// for each day), in integers. A day counts when the watch saw that hour from its begin. An episode begins at the first
// minute at which that holds and ends at the first at which it does not.
//
// Memory: eight bytes for each division, big class and quarter hour in which something was reported, for days_max + 1
// days (and as much again until it is swept out); windows by class only where something was reported lately. A quiet
// time of any length costs 15 steps. Keyframe: content() and restore(); or sweep() and report() for each case first
// heard of within days_max + 1 days, in the order of the feed. Test: tests/unit/state/burst_watch_test.cpp compares
// with a recount by brute force.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "base/time_zone.hpp"
#include "model/alert_rules.hpp"
#include "model/division_tree.hpp"

namespace gridwall::state {

// Instead of a big class: all of them together.
inline constexpr std::uint16_t kAllBigClasses = 0xffff;

struct BurstKey {
  model::DivisionIndex division;
  std::uint16_t big_class = kAllBigClasses;
  auto operator<=>(const BurstKey&) const = default;
};
struct BurstEpisode {
  base::UtcTime since{};
  std::int64_t count = 0;      // the highest of any minute so far
  std::int64_t threshold = 0;  // the least count that was a burst when it began
  bool operator==(const BurstEpisode&) const = default;
};
struct BurstChange {
  BurstKey key;
  bool begun = false;  // else ended
  base::UtcTime at{};  // a whole minute
  BurstEpisode episode;
  bool operator==(const BurstChange&) const = default;
};

// One thread. A copy is independent but for the tree, which nobody writes.
class BurstWatch {
 public:
  BurstWatch(std::shared_ptr<const model::DivisionTree> tree, base::TimeZone zone, const model::BurstRule& rule);

  // Everything that begins or ends at whole minutes up to `state_time`, in the order of (minute, division, class).
  std::vector<BurstChange> sweep(base::UtcTime state_time);
  // A case heard of at `state_time`, to which sweep() has come. `big_class` is the caller's number of it.
  void report(model::DivisionIndex division, std::uint16_t big_class, base::UtcTime state_time);
  // When sweep() has the next thing to do; none while nothing was reported lately.
  [[nodiscard]] std::optional<base::UtcTime> next_due() const;
  [[nodiscard]] const std::map<BurstKey, BurstEpisode>& active() const { return m_active; }
  void clear();
  // For a report that is to come: where what it writes is (at 0), then that (at 1).
  void prefetch(model::DivisionIndex division, int step) const;

  static constexpr std::int64_t kWindowMinutes = 15;  // also what a quarter hour of the history is

  // Reports of one division (with all below it) and big class within one quarter hour.
  struct Quarter {
    std::int32_t index = 0;  // quarter hours since 1970
    std::uint16_t big_class = 0, count = 0;
    bool operator==(const Quarter&) const = default;
  };
  struct Recent {
    std::int64_t minute = 0;  // since 1970
    BurstKey key;             // of the division itself
    bool operator==(const Recent&) const = default;
  };
  struct Content {
    std::optional<std::int64_t> begun_minute;  // the first that was seen whole; none: nothing seen yet
    std::int64_t swept_minute = 0;
    std::vector<std::vector<Quarter>> quarters;  // by division, oldest first
    std::deque<Recent> recent;                   // of the last 15 minutes, oldest first
    bool operator==(const Content&) const = default;
  };
  [[nodiscard]] const Content& content() const { return m_content; }
  // Quarters before it say nothing any more.
  [[nodiscard]] std::int32_t oldest_quarter(base::UtcTime state_time) const;
  // To those of one division; `quarter` is none before its last.
  static void add_quarter(std::vector<Quarter>& quarters, const Quarter& quarter);
  void restore(Content content, std::map<BurstKey, BurstEpisode> active);

 private:
  // The least count that is a burst; it holds for one local hour.
  struct Threshold {
    std::int64_t hour = -1;  // local, since 1970
    std::int64_t least = 0;  // 0: there is too little history
  };
  struct Window {
    std::uint16_t big_class = 0;
    std::uint32_t count = 0;
    Threshold threshold{};
  };
  // What was reported lately in one division; classes in order, each with at least one.
  struct Windows {
    std::uint32_t count = 0;
    Threshold threshold{};
    std::vector<Window> by_class;
  };
  void come_to(std::int64_t minute, std::vector<BurstChange>& changes);
  void drop_recent(std::int64_t minute);
  void count_in(const BurstKey& report);
  void count_out(const BurstKey& report);
  static std::vector<Window>::iterator place_of(Windows& windows, std::uint16_t big_class);
  // How many there are of the key, and (null: none) the room for its threshold.
  std::pair<std::int64_t, Threshold*> look(const BurstKey& key);
  void judge(const BurstKey& key, std::int64_t minute, std::vector<BurstChange>& changes);
  void drop_old(std::vector<Quarter>& quarters, std::int32_t now) const;
  [[nodiscard]] std::int64_t least_burst(const BurstKey& key, base::LocalInstant hour) const;
  void remember(model::DivisionIndex division, std::uint16_t big_class, std::int32_t quarter);
  template <typename Visit>
  void for_each_ancestor(model::DivisionIndex division, const Visit& visit) const;

  std::shared_ptr<const model::DivisionTree> m_tree;
  base::TimeZone m_zone;
  model::BurstRule m_rule;
  Content m_content;
  std::vector<model::DivisionIndex> m_parents;  // close together, unlike the tree's divisions
  std::vector<Windows> m_windows;               // by division
  std::set<std::uint32_t> m_busy;               // divisions with cases_min or more: no other has a class with as many
  std::map<BurstKey, BurstEpisode> m_active;
};

}  // namespace gridwall::state
