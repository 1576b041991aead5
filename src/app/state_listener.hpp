// StateListener: walls without pictures: the whole protocol, the fold and its digests, for several prefixes in one
// process and one thread. Tests with many walls use it (gridwall listen --state). Test: tests/e2e/feed.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/state_items.hpp"
#include "app/wall_data.hpp"
#include "feed/subscriber.hpp"
#include "geo/event_resolver.hpp"

namespace gridwall::app {

struct StateListenerOptions {
  feed::SubscriberOptions subscriber;  // prefix and hashes are set for each wall
  std::vector<std::string> prefixes;   // empty: the whole district
  bool json = false;
  bool beats = false;  // a line for each beat that was compared
};

class StateListener {
 public:
  static base::Result<std::unique_ptr<StateListener>> connect(const StateListenerOptions& options, const WallData& data,
                                                              const base::Clock& clock);
  // One turn over all walls; waits at most `patience` when nothing came.
  void poll(base::Duration patience);
  // A line for each wall.
  void print_states(std::string_view kind) const;
  [[nodiscard]] std::uint64_t heard_count() const { return m_heard_count; }
  [[nodiscard]] bool all_in_step() const;

 private:
  struct Wall {
    std::string prefix;
    feed::Subscriber subscriber;
    state::World world;
    model::FeedStatus status;
    base::Duration worst_behind{};  // while in step
    std::uint64_t restore_count = 0, event_count = 0;
    std::optional<model::FeedState> told;
  };
  StateListener(const StateListenerOptions& options, const WallData& data, geo::EventResolver resolver);
  void poll_one(Wall& wall, base::Duration patience);
  void print_state(const Wall& wall, std::string_view kind) const;

  StateListenerOptions m_options;
  std::shared_ptr<const model::DivisionTree> m_tree;
  geo::EventResolver m_resolver;
  std::vector<Wall> m_walls;
  std::uint64_t m_heard_count = 0;
};

}  // namespace gridwall::app
