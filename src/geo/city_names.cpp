#include "geo/city_names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>

#include "base/text_file.hpp"

namespace gridwall::geo {

using base::Error;
using base::ErrorCode;
using base::Result;

namespace {

constexpr std::size_t kTownDigits = 9, kCountyDigits = 6;

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> pieces;
  for (;;) {
    const std::size_t end = text.find(separator);
    pieces.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return pieces;
    text.remove_prefix(end + 1);
  }
}

std::uint32_t serial_of(std::string_view code, std::size_t parent_size) {
  std::uint32_t serial = 0;
  if (code.size() > parent_size) {
    std::from_chars(code.data() + parent_size, code.data() + code.size(), serial);
  }
  return serial;
}

bool by_code(const CityName& a, const CityName& b) { return a.code < b.code; }

}  // namespace

std::string short_division_name(std::string_view official) {
  constexpr std::pair<std::string_view, std::string_view> kEndings[] = {
      {"村村民委员会", "村"}, {"村村委会", "村"}, {"村民委员会", "村"}, {"村委会", "村"}, {"居民委员会", ""}, {"居委会", ""}};
  for (const auto& [ending, kept] : kEndings) {
    if (official.size() > ending.size() && official.ends_with(ending)) {
      return std::string(official.substr(0, official.size() - ending.size())) + std::string(kept);
    }
  }
  return std::string(official);
}

Result<std::vector<CityTown>> read_city_names(const std::filesystem::path& csv_file) {
  if (!std::filesystem::exists(csv_file)) return std::vector<CityTown>{};
  TRY_ASSIGN(const std::string text, base::read_text_file(csv_file));
  std::map<std::string, CityTown, std::less<>> towns;
  std::vector<std::pair<std::string, CityName>> villages;
  std::size_t number = 0;
  for (std::string_view line : split(text, '\n')) {
    ++number;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || number == 1) continue;
    const auto fields = split(line, ',');
    if (fields.size() != 4) {
      return Error{ErrorCode::Malformed, fmt::format("{}:{}: expected code,name,level,parent, found {} fields",
                                                     csv_file.string(), number, fields.size())};
    }
    CityName name{std::string(fields[0]), std::string(fields[1])};
    if (fields[2] == "town") {
      const std::uint32_t serial = serial_of(name.code, kCountyDigits);
      towns[name.code] = {name, serial < 100 && name.code.size() == kTownDigits, {}};
    } else if (fields[2] == "village") {
      name.name = short_division_name(name.name);
      villages.emplace_back(fields[3], std::move(name));
    }
  }
  for (auto& [town, village] : villages) {
    const auto found = towns.find(town);
    if (found != towns.end()) found->second.villages.push_back(std::move(village));
  }
  std::vector<CityTown> list;
  for (auto& [code, town] : towns) {
    std::sort(town.villages.begin(), town.villages.end(), by_code);
    list.push_back(std::move(town));
  }
  std::stable_partition(list.begin(), list.end(),
                        [](const CityTown& town) { return serial_of(town.own.code, kCountyDigits) < 400; });
  return list;
}

std::vector<CityName> complete_names(const std::vector<CityName>& known, std::uint32_t count,
                                     const std::string& parent_code, std::string_view level_name,
                                     std::size_t digits) {
  std::vector<CityName> names(known.begin(), known.begin() + std::min<std::ptrdiff_t>(count, std::ssize(known)));
  std::uint32_t serial = 0;
  for (const CityName& name : known) serial = std::max(serial, serial_of(name.code, parent_code.size()));
  const std::size_t width = count < 10 ? 1 : std::to_string(count).size();
  const std::size_t code_width = std::max(digits, std::to_string(serial + count).size());
  while (names.size() < count) {
    ++serial;
    names.push_back({fmt::format("{}{:0{}}", parent_code, serial, code_width),
                     fmt::format("第{:0{}}{}", names.size() + 1, width, level_name)});
  }
  return names;
}

}  // namespace gridwall::geo
