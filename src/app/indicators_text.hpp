// `gridwall indicators` for a person: aligned tables with every rate's numerator, denominator, period and label; the
// words come from assets/words. What is not known is said, never shown as 0. Test: tests/e2e/indicators/answers.py.
#pragma once

#include <string>

#include "app/event_file.hpp"
#include "app/indicator_sheet.hpp"

namespace gridwall::app {

// District, moment, how many events, that they are simulated, what is wrong with them.
std::string head_text(const EventFileResult& folded, const WallData& data, const IndicatorQuery& query);
std::string sheet_text(const IndicatorSheet& sheet, const WallData& data);
std::string scores_text(const state::World& world, const WallData& data, const IndicatorQuery& query);

}  // namespace gridwall::app
