// Figures, times and names as the panels write them. Pure. Test: tests/unit/ui/text_format_test.cpp.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "model/words.hpp"
#include "scene/choropleth.hpp"
#include "scene/measure_text.hpp"
#include "state/world_snapshot.hpp"

namespace gridwall::ui {

// 12345678 -> "12,345,678"
std::string grouped(std::uint64_t number);
// 0.734 -> "73.4%"; never 100.0% when something is open yet.
std::string percent(std::uint64_t part, std::uint64_t whole);
// Without needless zeros: 0.05, 0.5, 5, 50.
std::string plain_number(double value);

// "1,200", "3.97": as a system's material states it.
std::string stated_number(double number);
// "235 grids", "98%"; Chinese puts the unit next to the number.
std::string stated_with_unit(double number, const std::string& unit, const model::Words& words);
// A text of a profile's material ("grids") in the wall's language where the dictionary's section has it; else as it is.
std::string translated(const model::Words& words, std::string_view section, const std::string& text);

std::string age_text(base::Duration age, const model::Words& words);

// "1–5", "6–10", ">20" for counts; "≤0.5" and "0.5–1" for densities; "0" for the class of zero.
std::string class_text(const scene::LegendEntry& entry, bool whole_numbers, const model::Words& words);

// Of shares of a norm: "<70%", "70–80%", "≥100%".
std::string share_text(const scene::LegendEntry& entry, const model::Words& words);

// The longest round length (1, 2, 5 times a power of ten metres) that fits `room_px`; of a true metre's pixels.
struct ScaleBar {
  double length_px = 0;
  double length_m = 0;
};
ScaleBar scale_bar(double px_per_m, double room_px);
using scene::length_text;

// "澄江街道 · 第3网格": the division with its ancestor of level 1, each without the endings that the words drop.
std::string place_text(const state::WorldSnapshot& snapshot, const state::Incident& incident,
                       const model::Words& words);

}  // namespace gridwall::ui
