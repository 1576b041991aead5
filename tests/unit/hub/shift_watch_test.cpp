#include "hub/shift_watch.hpp"

#include <gtest/gtest.h>

#include "base/random.hpp"
#include "geo/map_shift.hpp"
#include "support/small_tree.hpp"

namespace gridwall::hub {
namespace {

using base::Vec2d;
using model::DivisionIndex;

// The small tree's 16 grids of 2 km, laid on degrees for the test: 0.02 degrees of longitude and latitude each.
class ShiftWatchTest : public testing::Test {
 protected:
  static constexpr Vec2d kLow{120, 31};

  [[nodiscard]] DivisionIndex locate(Vec2d lonlat) const {
    const int column = static_cast<int>(std::floor((lonlat.x - kLow.x) / 0.02));
    const int row = static_cast<int>(std::floor((lonlat.y - kLow.y) / 0.02));
    if (column < 0 || column > 3 || row < 0 || row > 3) return {};
    return m_tree->find(fmt::format("R{:02}{:02}", 1 + column / 2 + 2 * (row / 2), 1 + column % 2 + 2 * (row % 2)));
  }
  void note(const std::string& source, Vec2d lonlat, DivisionIndex claimed) {
    m_watch.note(*m_tree, source, lonlat, claimed, [this](Vec2d at) {
      ++m_asked_count;
      return locate(at);
    });
  }
  // Places in the district with the grid's code, told by `told`.
  template <typename Told>
  void send(const std::string& source, int count, const Told& told, bool with_code = true) {
    for (int i = 0; i < count; ++i) {
      const Vec2d place{kLow.x + m_random.next_between(0, 0.08), kLow.y + m_random.next_between(0, 0.08)};
      note(source, told(place), with_code ? locate(place) : DivisionIndex{});
    }
  }

  std::shared_ptr<const model::DivisionTree> m_tree = test::small_tree();
  base::Random m_random{11};
  ShiftWatch m_watch;
  int m_asked_count = 0;
};

Vec2d unshifted(Vec2d p) {
  return p;
}

TEST_F(ShiftWatchTest, names_the_source_whose_points_are_shifted_once_with_its_figures) {
  send("/app", 400, geo::gcj02_from_wgs84);
  send("/hotline", 400, unshifted);
  send("/baidu", 400, geo::bd09_from_wgs84);
  send("/app", 400, geo::gcj02_from_wgs84);
  ASSERT_EQ(m_watch.doubts().size(), 2u);
  EXPECT_EQ(m_watch.doubts()[0].source, "/app");
  EXPECT_EQ(m_watch.doubts()[0].report.best, geo::Reading::PointsGcj02);
  EXPECT_NE(m_watch.doubts()[0].sentence.find("points of source '/app'"), std::string::npos);
  EXPECT_NE(m_watch.doubts()[0].sentence.find("state GCJ-02"), std::string::npos) << m_watch.doubts()[0].sentence;
  EXPECT_EQ(m_watch.doubts()[1].source, "/baidu");
  EXPECT_EQ(m_watch.doubts()[1].report.best, geo::Reading::PointsBd09);
}

TEST_F(ShiftWatchTest, tells_a_source_that_says_gcj02_and_sends_wgs84) {
  // Its points came here through the inverse that they did not need.
  send("/app", 200, geo::wgs84_from_gcj02);
  ASSERT_EQ(m_watch.doubts().size(), 1u);
  EXPECT_EQ(m_watch.doubts()[0].report.best, geo::Reading::PolygonsGcj02);
  EXPECT_NE(m_watch.doubts()[0].sentence.find("wrongly stated"), std::string::npos) << m_watch.doubts()[0].sentence;
}

TEST_F(ShiftWatchTest, says_nothing_of_points_without_code_that_lie_inside_either_way) {
  send("/app", 400, unshifted, false);
  EXPECT_TRUE(m_watch.doubts().empty());
}

TEST_F(ShiftWatchTest, takes_the_same_point_for_one_however_often_it_comes) {
  for (int i = 0; i < 1000; ++i) note("/app", {120.021, 31.01}, m_tree->find("R0101"));
  EXPECT_EQ(m_asked_count, 0) << "one point is no sample";
  EXPECT_TRUE(m_watch.doubts().empty());
}

TEST_F(ShiftWatchTest, looks_at_a_bounded_number_of_points_and_sources) {
  send("/app", 10'000, unshifted);
  EXPECT_LE(m_asked_count, 5 * (50 + 100 + 200));
  for (int i = 0; i < 1000; ++i) note(fmt::format("/{}", i), kLow, {});
  EXPECT_EQ(m_watch.source_count(), kShiftSources);
  send("/one more", 400, geo::gcj02_from_wgs84);
  EXPECT_TRUE(m_watch.doubts().empty());
}

}  // namespace
}  // namespace gridwall::hub
