#include "state/recurrence.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "base/random.hpp"
#include "fixtures.hpp"

namespace gridwall::test {
namespace {

using state::RecurrenceFact;
using state::RecurrenceFinder;
using state::RecurrenceKind;
using std::chrono::days;
using std::chrono::hours;

constexpr double kUnit = 0.001;
constexpr std::int32_t kMetre = 1000;

struct Noted {
  std::uint64_t incident;
  std::uint32_t class_symbol;
  base::Vec2i point;
  base::UtcTime reported_at, state_time;
};

// The definition, word by word.
class Plain {
 public:
  std::vector<RecurrenceFact> note(const Noted& now) {
    std::vector<RecurrenceFact> facts;
    if (now.reported_at < now.state_time - days(30) || now.reported_at > now.state_time + days(30)) return facts;
    std::vector<const Noted*> near;
    bool duplicate = false;
    for (const Noted& other : m_noted) {
      const auto before = now.reported_at - other.reported_at;
      const std::int64_t dx = std::int64_t{now.point.x} - other.point.x, dy = std::int64_t{now.point.y} - other.point.y;
      constexpr std::int64_t kNear = 50 * kMetre;
      const bool close = std::abs(dx) <= kNear && std::abs(dy) <= kNear && dx * dx + dy * dy <= kNear * kNear;
      if (other.class_symbol != now.class_symbol || before < hours(0) || before > days(30) || !close) continue;
      near.push_back(&other);
      duplicate = duplicate || before <= hours(24);
    }
    const auto mark = [&](std::uint64_t incident) {
      if (m_recurrent.insert(incident).second) facts.push_back({incident, RecurrenceKind::Recurrence});
    };
    if (near.size() >= 2) mark(now.incident);
    if (duplicate) facts.push_back({now.incident, RecurrenceKind::SuspectedDuplicate});
    if (near.size() >= 2) {
      for (const Noted* other : near) mark(other->incident);
    }
    m_noted.push_back(now);
    return facts;
  }

 private:
  std::vector<Noted> m_noted;
  std::set<std::uint64_t> m_recurrent;
};

std::vector<RecurrenceFact> note(RecurrenceFinder& finder, const Noted& one) {
  const auto facts = finder.note(one.incident, one.class_symbol, one.point, one.reported_at, one.state_time);
  return {facts.begin(), facts.end()};
}

class Recurrence : public testing::Test {
 protected:
  // One case after another, each reported when it is heard of.
  std::vector<RecurrenceFact> at(base::Vec2i metres, base::Duration after, std::uint32_t class_symbol = 1) {
    const base::UtcTime time = m_begin + after;
    return note(m_finder, {++m_last, class_symbol, {metres.x * kMetre, metres.y * kMetre}, time, time});
  }
  RecurrenceFinder m_finder{model::RecurrenceRule{}, kUnit};
  base::UtcTime m_begin = test::at("2026-03-02T10:00:00+08:00");
  std::uint64_t m_last = 0;
};

using Facts = std::vector<RecurrenceFact>;
constexpr RecurrenceFact recurs(std::uint64_t incident) {
  return {incident, RecurrenceKind::Recurrence};
}
constexpr RecurrenceFact doubles(std::uint64_t incident) {
  return {incident, RecurrenceKind::SuspectedDuplicate};
}

TEST_F(Recurrence, the_third_of_a_class_within_fifty_metres_marks_all_three_once) {
  EXPECT_EQ(at({0, 0}, days(0)), Facts{});
  EXPECT_EQ(at({30, 40}, days(10)), Facts{});
  EXPECT_EQ(at({15, 20}, days(30)), (Facts{recurs(3), recurs(1), recurs(2)}));
  EXPECT_EQ(at({15, 20}, days(32)), (Facts{recurs(4)}));
}

TEST_F(Recurrence, a_metre_a_second_or_a_class_too_far_does_not_count) {
  at({0, 0}, days(0));
  at({0, 0}, days(2));
  EXPECT_EQ(at({50, 1}, days(4)), Facts{});
  EXPECT_EQ(at({0, 0}, days(4), 2), Facts{});
  EXPECT_EQ(at({0, 0}, days(30) + std::chrono::nanoseconds(1)), Facts{});
  EXPECT_EQ(at({50, 0}, days(32)), (Facts{recurs(6), recurs(2), recurs(3), recurs(5)}));
}

TEST_F(Recurrence, cases_of_one_instant_all_count_at_the_very_end_of_the_window) {
  for (std::uint32_t kind = 1; kind <= 8; ++kind) at({0, 0}, days(0), kind);
  for (std::uint32_t kind = 1; kind <= 8; ++kind) EXPECT_EQ(at({0, 0}, days(0), kind), (Facts{doubles(8 + kind)}));
  for (std::uint32_t kind = 1; kind <= 8; ++kind) {
    EXPECT_EQ(at({0, 0}, days(30), kind), (Facts{recurs(16 + kind), recurs(kind), recurs(8 + kind)}));
  }
}

TEST_F(Recurrence, a_second_report_within_a_day_may_be_a_duplicate_and_only_the_new_one_is) {
  at({0, 0}, hours(0));
  EXPECT_EQ(at({0, 50}, hours(24)), (Facts{doubles(2)}));
  EXPECT_EQ(at({0, 0}, hours(48) + std::chrono::nanoseconds(1)), (Facts{recurs(3), recurs(1), recurs(2)}));
}

TEST_F(Recurrence, a_late_report_looks_back_from_its_own_time_and_one_far_too_late_is_left_out) {
  const base::UtcTime now = m_begin + days(20);
  note(m_finder, {1, 1, {}, now - days(3), now});
  note(m_finder, {2, 1, {}, now, now});
  EXPECT_EQ(note(m_finder, {3, 1, {}, now - days(1), now}), Facts{});  // only 1 was before it
  EXPECT_EQ(note(m_finder, {4, 1, {}, now - days(30) - hours(1), now}), Facts{});
  EXPECT_EQ(note(m_finder, {5, 1, {}, now + days(31), now}), Facts{});
  EXPECT_EQ(m_finder.case_count(), 3u);
}

TEST_F(Recurrence, forgets_what_no_report_can_need_any_more) {
  for (int i = 0; i < 400; ++i) at({i * 1000, 0}, days(i));
  EXPECT_LE(m_finder.case_count(), 66u);
}

// Some hot corners, some noise, late reports, points on edges of cells, in every corner of the integers.
std::vector<Noted> mixed_feed(std::uint64_t seed, int count) {
  base::Random random(seed);
  std::vector<Noted> feed;
  base::UtcTime now = at("2026-01-01T00:00:00Z");
  const base::Vec2i corners[] = {{0, 0}, {-35'355, -35'356}, {2'147'400'000, -2'147'400'000}};
  for (int i = 0; i < count; ++i) {
    now += std::chrono::minutes(random.next_below(120));
    const base::Vec2i corner = corners[random.next_below(3)];
    const auto off = [&] {
      return static_cast<std::int32_t>(random.next_below(5) == 0 ? random.next_below(160'000) : random.next_below(4)) -
             (random.next_below(2) == 0 ? 50'000 : 0);
    };
    const auto clamp = [](std::int64_t value) {
      return static_cast<std::int32_t>(std::clamp<std::int64_t>(value, -2'147'483'648LL, 2'147'483'647LL));
    };
    const base::Vec2i point{clamp(std::int64_t{corner.x} + off()), clamp(std::int64_t{corner.y} + off())};
    const auto late = random.next_below(4) == 0 ? hours(random.next_below(24 * 40)) : hours(0);
    feed.push_back(
        {static_cast<std::uint64_t>(i), static_cast<std::uint32_t>(random.next_below(3)), point, now - late, now});
  }
  return feed;
}

TEST(RecurrenceProperty, agrees_with_the_definition_whatever_the_order_of_times) {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    RecurrenceFinder finder(model::RecurrenceRule{}, kUnit);
    Plain plain;
    for (const Noted& one : mixed_feed(seed, 1500)) {
      ASSERT_EQ(note(finder, one), plain.note(one)) << "seed " << seed << ", case " << one.incident;
    }
  }
}

TEST(RecurrenceProperty, goes_on_the_same_from_its_content) {
  const auto feed = mixed_feed(9, 1200);
  RecurrenceFinder finder(model::RecurrenceRule{}, kUnit);
  for (std::size_t i = 0; i < 600; ++i) note(finder, feed[i]);
  RecurrenceFinder other(model::RecurrenceRule{}, kUnit);
  other.restore(finder.content());
  for (std::size_t i = 600; i < feed.size(); ++i) ASSERT_EQ(note(other, feed[i]), note(finder, feed[i])) << i;
  EXPECT_EQ(other.content(), finder.content());
}

TEST(RecurrenceProperty, a_hot_corner_beside_another_answers_each_case_once) {
  RecurrenceFinder finder(model::RecurrenceRule{}, kUnit);
  const base::UtcTime begin = at("2026-03-02T00:00:00Z");
  std::size_t recurrences = 0, doubles = 0;
  for (std::uint64_t i = 0; i < 40'000; ++i) {
    // Two corners 60 m apart: each lies in cells that the other has to look at.
    const base::UtcTime time = begin + std::chrono::seconds(i * 60);
    for (const auto& fact : finder.note(i, 1, {i % 2 == 0 ? 0 : 60 * kMetre, 0}, time, time)) {
      ++(fact.kind == RecurrenceKind::Recurrence ? recurrences : doubles);
    }
  }
  EXPECT_EQ(recurrences, 40'000u);
  EXPECT_EQ(doubles, 39'998u);
}

}  // namespace
}  // namespace gridwall::test
