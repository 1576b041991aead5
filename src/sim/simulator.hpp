// Simulator: a district's events in order of time, as a publisher would send them. The plan is a pure function of the
// seed: how the time is cut into calls changes nothing. Test: tests/unit/sim/simulator_test.cpp.
#pragma once

#include <functional>
#include <optional>
#include <queue>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/result.hpp"
#include "model/event.hpp"
#include "sim/day_plan.hpp"
#include "sim/register_plan.hpp"

namespace gridwall::sim {

// World metres to EPSG:4326 degrees; nullopt where that cannot be done. (The PROJ behind it is not this room's.)
using ToLonLat = std::function<std::optional<base::Vec2d>(base::Vec2d point_world)>;

struct SimulatorSpec {
  std::string profile_id;  // the source is "/gridwall/simulator/<profile_id>"
  DayPlanInput plan;
  ToLonLat to_lonlat;
  std::shared_ptr<const RegisterPlan> registers{};  // what is told beside the cases; null: nothing
};

// One thread.
class Simulator {
 public:
  // Errors: no tree or divisions, no class or channel with a weight, no department, an event of the courses that the
  // lifecycle lacks.
  static base::Result<Simulator> create(SimulatorSpec spec);

  // Goes to `start` and returns what a wall must hear to show its state there: the whole local day up to it, and what
  // earlier days left open. In order of time.
  std::vector<model::Event> begin(base::UtcTime start);
  // The same in a district where nothing has happened yet: the cases of `day` and after are all there are; what stands
  // beside them stood there that morning.
  void begin_empty(base::LocalDays day);
  // Goes on where another one of the same plan ended at the begin of `day`: what it told is not told again.
  void begin_after(base::LocalDays day);
  // What stands beside the cases at `at`, with what it was in earlier periods. Needs no begin.
  [[nodiscard]] std::vector<model::Event> standing(base::UtcTime at) const;
  // The events of [where the last call ended, to), in order of time. After begin().
  std::vector<model::Event> advance(base::UtcTime to);
  // When the next event happens.
  [[nodiscard]] base::UtcTime next_due();

  // begin() goes on where a history of this plan ended, at the begin of `day`, for a hub that has it already.
  void set_history_end(base::LocalDays day) { m_history_end = day; }

  // Cases that have been told and are not settled.
  [[nodiscard]] std::size_t open_count() const;

  // Put before every id from now on, so that a second run is not taken for the first one sent again.
  void set_run_tag(std::string tag) { m_run_tag = std::move(tag); }

 private:
  Simulator(SimulatorSpec spec, CourseTable table);
  struct ActiveCase {
    PlannedCase planned;
    std::string day_id;  // what the ids of its day begin with
    std::optional<base::Vec2d> point_lonlat;
    std::size_t told_count = 0;  // of its steps
  };
  struct Due {
    base::UtcTime at{};
    std::uint64_t case_number = 0;
    std::size_t step_index = 0;
    // The earliest stands at the top of the queue; ties in order of reporting.
    bool operator<(const Due& other) const { return at != other.at ? at > other.at : case_number > other.case_number; }
  };
  // Cases that were settled before `open_at` are history.
  void load_from(base::LocalDays day);
  void load_day(base::LocalDays day, base::UtcTime open_at);
  void load_next_day();
  void merge_registers(std::vector<model::Event>& events, base::UtcTime from, base::UtcTime to);
  [[nodiscard]] model::Event event_of(const ActiveCase& active, std::size_t step_index) const;

  SimulatorSpec m_spec;
  DayPlanner m_planner;
  std::string m_run_tag;
  std::optional<base::LocalDays> m_history_end{};
  std::unordered_map<std::uint64_t, ActiveCase> m_active;
  std::priority_queue<Due> m_due;
  bool m_begun = false;
  base::LocalDays m_next_day{};    // the first that is not loaded
  base::UtcTime m_loaded_until{};  // where it begins
  std::uint64_t m_next_case_number = 1;
  std::vector<model::Event> m_register_day;  // of the local day at hand, in order of time
  std::optional<base::LocalDays> m_register_day_of{};
  base::UtcTime m_told_until{};         // where the last call ended
  std::vector<model::Event> m_morning;  // told with the first events after begin_empty()
};

}  // namespace gridwall::sim
