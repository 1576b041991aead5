// A layer report for people (the worst first) and for programs.
#pragma once

#include <string>
#include <vector>

#include "geo/layer_report.hpp"

namespace gridwall::app {

struct NamedReport {
  std::string title;  // empty: the main hierarchy; else the overlay's
  const geo::LayerReport* report = nullptr;
};

std::string report_as_text(const NamedReport& named);
// One JSON object; `overlays` becomes an array of the same objects. The keys are listed in `gridwall layers --help`'s
// page in src/geo/README.md.
std::string reports_as_json(const geo::LayerReport& main, const std::vector<NamedReport>& overlays);

}  // namespace gridwall::app
