#include "scene/measure_text.hpp"

#include <fmt/format.h>

#include <cmath>

namespace gridwall::scene {

namespace {

// Whole numbers stand in full: no 1.234e+04.
std::string four_digits(double number) {
  return number >= 1000 ? fmt::format("{:.0f}", number) : fmt::format("{:.4g}", number);
}

}  // namespace

std::string length_text(double length_m, const model::Words& words) {
  return length_m >= 1000 ? words.fill("map.kilometres", {four_digits(length_m / 1000)})
                          : words.fill("map.metres", {four_digits(length_m)});
}

std::string area_text(double area_m2, const model::Words& words) {
  constexpr double kSquareKilometre = 1e6;
  return area_m2 >= kSquareKilometre / 10
             ? words.fill("map.square_kilometres", {four_digits(area_m2 / kSquareKilometre)})
             : words.fill("map.square_metres", {four_digits(area_m2)});
}

std::string azimuth_text(double azimuth_deg) {
  const double tenths = std::round(azimuth_deg * 10);
  return fmt::format("{:.1f}", std::fmod(tenths, 3600) / 10);
}

}  // namespace gridwall::scene
