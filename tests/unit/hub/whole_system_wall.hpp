// A wall of the simulated system: the real Follower and a real World, as feed::Subscriber and app would use them.
#pragma once

#include <deque>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "geo/event_resolver.hpp"
#include "state/world.hpp"
#include "whole_system_net.hpp"
#include "whole_system_truth.hpp"
#include "wire/clock_offset.hpp"
#include "wire/follower.hpp"

namespace gridwall::hub {

struct SimWallOptions {
  std::string path;
  std::shared_ptr<const model::DivisionTree> tree;
  std::shared_ptr<const model::Vocabulary> vocabulary;
  std::shared_ptr<const model::DistrictRules> rules;
};

class SimulatedWall {
 public:
  SimulatedWall(SimWallOptions options, std::string name, const geo::EventResolver& resolver, const Truth& truth,
                base::Random& random);

  // A process that has just been started knows nothing.
  void start(base::Duration now);
  void step(base::Duration now, const Weather& weather);
  void on_pong(base::Duration now, base::Duration there, base::Duration back, base::Duration hub_mono,
               std::uint64_t epoch);
  // Memory goes wrong: a case that nobody reported.
  void corrupt(base::Duration now);

  [[nodiscard]] bool follows(const FeedOut& out) const;
  [[nodiscard]] const std::vector<std::string>& prefixes() const { return m_follower.prefixes(); }
  [[nodiscard]] const model::FeedStatus& status() const { return m_follower.status(); }
  [[nodiscard]] state::World& world() { return m_world; }
  [[nodiscard]] std::uint64_t proof_count() const { return m_proof_count; }
  // Divisions' counts are their own and their children's.
  void check_sums();

  Channel<FeedOutPointer> feed, heartbeats;
  Channel<wire::SyncParts> sync_down;
  Channel<std::string> sync_up;
  std::string client;           // of this start
  base::Duration reads_from{};  // stalled or dead until then

 private:
  struct Answer {
    base::Duration due_at{};
    std::uint64_t beat = 0;
    bool equal = false;
    base::Duration sent_at_true{};
  };
  void hear(const FeedOut& out, wire::Now wall_now);
  void take_items(wire::Now wall_now, base::Duration now, const Weather& weather);
  void apply(wire::RestoreItem restore, wire::Now wall_now, base::Duration now);
  void apply(const wire::EventItem& event);
  void apply(const wire::BeatItem& beat, base::Duration now, const Weather& weather);
  void check_holes(std::uint64_t feed_sequence);
  void answer_beats(wire::Now wall_now, base::Duration now);
  void check_status(base::Duration now) const;

  SimWallOptions m_options;
  std::string m_name;
  const geo::EventResolver& m_resolver;
  const Truth& m_truth;
  base::Random& m_random;
  std::size_t m_start_count = 0;
  wire::Follower m_follower;
  wire::ClockOffset m_offset;
  base::Duration m_zero{};
  state::World m_world;
  std::deque<Answer> m_answers;
  std::uint64_t m_proof_count = 0;

  // What the model knows of the state.
  std::uint64_t m_epoch = 0, m_sequence = 0;  // 0: none yet
  base::UtcTime m_state_time = base::UtcTime::min();
  std::uint64_t m_checked_through = 0;                   // of m_applied: nothing is missing up to there
  std::set<std::uint64_t> m_applied;                     // after m_checked_through
  base::Duration m_wrong_since = base::Duration::max();  // by our own doing
  base::Duration m_proven_at_true = base::Duration::min();
};

}  // namespace gridwall::hub
