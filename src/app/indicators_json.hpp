// `gridwall indicators --json`: one object, or with --all a head line and a line for each division. Counts that are 0
// and rates with denominator 0 are left out; a rate is [numerator, denominator]. The keys are described in the README.
// Test: tests/e2e/indicators compares every value with an independent recomputation.
#pragma once

#include <string>

#include "app/event_file.hpp"
#include "app/indicator_sheet.hpp"
#include "base/json_writer.hpp"

namespace gridwall::app {

// What the whole run is about: members of an object that is open.
void write_head(base::JsonWriter& json, const EventFileResult& folded, const WallData& data,
                const IndicatorQuery& query);
void write_sheet(base::JsonWriter& json, const IndicatorSheet& sheet, const WallData& data);
// "scores": of each asked period, each peer group and score.
void write_scores(base::JsonWriter& json, const state::World& world, const WallData& data, const IndicatorQuery& query);

}  // namespace gridwall::app
