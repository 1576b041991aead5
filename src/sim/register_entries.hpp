// register_entries: which entries a district's register has, from its profile's tables. Private to sim's RegisterPlan.
#pragma once

#include "sim/register_plan.hpp"

namespace gridwall::sim {

// In the order of the tables. One key for each entry; at most RegisterPlan::kTableEntriesMax of a table.
std::vector<PlannedEntry> planned_entries(const RegisterPlanInput& input);

}  // namespace gridwall::sim
