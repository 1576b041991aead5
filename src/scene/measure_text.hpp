// Lengths, areas and directions as the map and its panels write them: four digits, the unit in the wall's language.
// Pure. Test: tests/unit/scene/measure_sketch_test.cpp.
#pragma once

#include <string>

#include "model/words.hpp"

namespace gridwall::scene {

// "843.2 m", "1.243 km"
std::string length_text(double length_m, const model::Words& words);
// "84320 m²" below a tenth of a square kilometre, then "1.243 km²"
std::string area_text(double area_m2, const model::Words& words);
// "47.3"; never 360.0
std::string azimuth_text(double azimuth_deg);

}  // namespace gridwall::scene
