// TimelinePanel: a replay's recording as a strip: how much happened when, bookmarks, loop, where the picture stands;
// and the buttons that steer its clock. What the strip shows as "here" is the state time of the picture, not of the
// hub. Drawn for replays alone. Test: tests/unit/ui/timeline_panel_test.cpp.
#pragma once

#include <optional>
#include <vector>

#include "ui/canvas.hpp"
#include "ui/inputs.hpp"

namespace gridwall::ui {

// The rates that the buttons go through: replayed seconds a second.
inline constexpr double kReplayRates[] = {0.1, 0.5, 1, 2, 4, 8, 16, 60, 300, 900, 3600};
// The next of them above or below; the last one where there is none.
double next_replay_rate(double rate, bool faster);

// What a key does: space, comma, full stop, brackets, B; none: the key is not the timeline's. `at`: of the picture.
std::optional<model::ReplayOrder> replay_order_of_key(char key, const model::ReplayStatus& replay, base::UtcTime at,
                                                      const model::Words& words, const base::TimeZone& zone);

// `counts` in at most `bar_count_max` bars of equally many counts each, the last one excepted; the sums are equal.
std::vector<std::uint64_t> density_bars(const std::vector<std::uint64_t>& counts, std::size_t bar_count_max);

// What a full bar stands for: the most of all, or, where a few stand far above the others (a history that was read in
// at once), so much that the others are still seen. Those few are drawn cut, and the axis tells both figures.
std::uint64_t full_bar(const std::vector<std::uint64_t>& bars);

// A bookmark on the strip and how wide its name is.
struct MarkedName {
  double x_px = 0, width_px = 0;
};
// Where each name begins, beside its mark; none: it would leave [left, right], run into the name before or over the
// next mark. `marks` in order.
std::vector<std::optional<double>> place_names(const std::vector<MarkedName>& marks, double left_px, double right_px,
                                               double em_px);

class TimelinePanel {
 public:
  void draw(const base::Box2d& box, const FontSet& fonts, const Inputs& inputs, CommandSink& commands,
            std::vector<TextRun>* record);

 private:
  struct Frame;
  void draw_controls(Frame& frame, base::Box2d row);
  void draw_loop_button(Frame& frame, base::Box2d& rest);
  void draw_strip(Frame& frame, const base::Box2d& names, const base::Box2d& strip, const base::Box2d& axis);

  static void draw_axis(Frame& frame, base::Box2d row, const std::vector<std::uint64_t>& bars);

  std::optional<base::UtcTime> m_loop_from;  // A was set, B not yet
  std::optional<double> m_sought_x_px;       // while the hand drags: the last place that was asked for
};

}  // namespace gridwall::ui
