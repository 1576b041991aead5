// What raw coordinates, as they stand in a file, say against the coordinate system that is stated for them. Sentences
// with figures and the setting that would mend it; nothing is ever changed on a suspicion.
// Any thread (each call owns its PROJ context). Test: tests/unit/geo/crs_doubts_test.cpp.
#pragma once

#include <string>
#include <vector>

#include "base/geometry.hpp"

namespace gridwall::geo {

// `crs` as Transform takes it; `extent_source`: the layer's own figures, x and y in the file's order. Nothing to say,
// no coordinates, and a system that is not understood (whoever opens it says so) give no sentence. Costs some tens of
// milliseconds where the system is a projected one: once a layer, not once a feature.
std::vector<std::string> crs_doubts(const std::string& crs, const base::Box2d& extent_source);

// For a layer that states no system at all: what the figures look like, as one sentence with the option to give; empty
// where they look like nothing known. A hint for people, never to be acted upon.
std::string crs_hint(const base::Box2d& extent_source);

}  // namespace gridwall::geo
