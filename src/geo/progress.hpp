// ProgressCallback: how a long job of this room tells how far it is. Called on the thread that does the job.
#pragma once

#include <functional>
#include <string_view>

namespace gridwall::geo {

// `share` is 0..1 of the whole job; `step` is a few English words ("reading", "clipping ears").
using ProgressCallback = std::function<void(std::string_view step, double share)>;

}  // namespace gridwall::geo
