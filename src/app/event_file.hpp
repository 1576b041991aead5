// A file of events (JSON lines, as `gridwall send` takes them) folded without a hub: the same intake, the same fold.
// state_time is the largest event time so far; equal times stay in file order, and nothing is too old.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include "app/wall_data.hpp"
#include "state/world.hpp"

namespace gridwall::app {

struct EventFileResult {
  std::shared_ptr<const state::WorldSnapshot> snapshot;
  std::shared_ptr<const state::World> world;  // for its figures
  base::UtcTime events_begin{};               // the earliest time of an accepted event; epoch: none
  std::uint64_t accepted_count = 0;
  std::uint64_t refused_count = 0;
  std::string first_refusal;  // with the file and the line
};

// Events later than `until` are left out, and the state's clock is moved to it.
base::Result<EventFileResult> fold_event_file(const std::filesystem::path& file, const WallData& data,
                                              std::optional<base::UtcTime> until);

}  // namespace gridwall::app
