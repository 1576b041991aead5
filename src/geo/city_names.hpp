// Real names and codes of a district's towns and villages (divisions.csv: code,name,level,parent), and made-up ones
// where the list ends. Private to this room. Test: tests/unit/geo/city_names_test.cpp.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace gridwall::geo {

struct CityName {
  std::string code, name;
};

struct CityTown {
  CityName own;
  bool street = false;             // 街道, the urban kind: code 001 to 099 in its county
  std::vector<CityName> villages;  // by code: communities before villages
};

// Towns and streets first, then development zones, farms and the like (400 and above); each group by code. A missing
// file gives an empty list. Errors name the line.
base::Result<std::vector<CityTown>> read_city_names(const std::filesystem::path& csv_file);

// "花园社区居委会" is 花园社区, "竹湖村委会" is 竹湖村: what a map has room for.
std::string short_division_name(std::string_view official);

// Exactly `count` names under `parent_code`: the first of `known`, then "第13村" with codes that go on behind them.
// `digits` of the serial; raised where the count needs more.
std::vector<CityName> complete_names(const std::vector<CityName>& known, std::uint32_t count,
                                     const std::string& parent_code, std::string_view level_name, std::size_t digits);

}  // namespace gridwall::geo
