// Follow: where the map goes by itself while nobody has a hand on it: to each case that became critical after following
// began, no oftener than every kApart, the newest first, and home again when none came for kStay. A hand on the map
// pauses it for kPause. Nothing is followed while the feed cannot be believed. Pure but for what it remembers.
// Test: tests/unit/scene/follow_test.cpp.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "state/world_snapshot.hpp"

namespace gridwall::scene {

class Follow {
 public:
  static constexpr base::Duration kApart = std::chrono::seconds(5);
  static constexpr base::Duration kStay = std::chrono::seconds(20);
  static constexpr base::Duration kPause = std::chrono::seconds(30);

  struct Wish {
    std::optional<std::uint32_t> incident;  // number: show it
    bool home = false;
  };

  void toggle();
  [[nodiscard]] bool is_on() const { return m_is_on; }
  [[nodiscard]] bool is_paused(base::MonoTime now) const;
  void hand_moved(base::MonoTime now) { m_paused_until = now + kPause; }

  // `critical`: numbers of the open located critical cases of the snapshot.
  Wish update(const state::WorldSnapshot& snapshot, std::span<const std::uint32_t> critical, bool is_current,
              base::MonoTime now);

 private:
  bool m_is_on = false, m_knows = false;
  std::set<std::string, std::less<>> m_known;  // ids that were critical before, or were followed
  std::vector<std::string> m_waiting;          // to be shown, oldest first
  std::optional<base::MonoTime> m_flown_at;    // none: at home
  base::MonoTime m_paused_until{};
  const model::DivisionTree* m_tree = nullptr;
  base::UtcTime m_state_time{};
};

}  // namespace gridwall::scene
