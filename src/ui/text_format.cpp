#include "ui/text_format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "scene/scene_builder.hpp"

namespace gridwall::ui {

std::string grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, 1, ',');
  return digits;
}

std::string percent(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return "–";
  // Tenths of a percent, rounded down: 99.96 % is not yet all of it.
  const std::uint64_t tenths = part * 1000 / whole;
  return fmt::format("{}.{}%", tenths / 10, tenths % 10);
}

std::string plain_number(double value) { return fmt::format("{:.4g}", value); }

std::string age_text(base::Duration age, const model::Words& words) {
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(age).count();
  if (minutes < 1) return words.get("incidents.now");
  if (minutes < 60) return words.fill("incidents.minutes", {std::to_string(minutes)});
  if (minutes < 48 * 60) return words.fill("incidents.hours", {std::to_string(minutes / 60)});
  return words.fill("incidents.days", {std::to_string(minutes / (24 * 60))});
}

std::string class_text(const scene::LegendEntry& entry, bool whole_numbers, const model::Words& words) {
  if (entry.up_to == 0) return "0";
  if (std::isinf(entry.up_to)) return words.fill("legend.above", {plain_number(entry.above)});
  if (!whole_numbers) {
    if (entry.above == 0) return fmt::format("≤{}", plain_number(entry.up_to));
    return fmt::format("{}–{}", plain_number(entry.above), plain_number(entry.up_to));
  }
  if (entry.up_to - entry.above <= 1) return plain_number(entry.up_to);
  return fmt::format("{}–{}", plain_number(entry.above + 1), plain_number(entry.up_to));
}

std::string share_text(const scene::LegendEntry& entry, const model::Words& words) {
  const auto whole = [](double share) { return plain_number(std::round(share * 100)); };
  if (std::isinf(entry.up_to)) return words.fill("legend.share_from", {whole(entry.above)});
  if (entry.above == 0) return words.fill("legend.share_below", {whole(entry.up_to)});
  return words.fill("legend.share_between", {whole(entry.above), whole(entry.up_to)});
}

std::string stated_number(double number) {
  if (number == std::floor(number) && number >= 0 && number < 1e15) return grouped(static_cast<std::uint64_t>(number));
  return plain_number(number);
}

std::string translated(const model::Words& words, std::string_view section, const std::string& text) {
  const std::string key = std::string(section) + "." + text;
  return words.has(key) ? words.get(key) : text;
}

std::string stated_with_unit(double number, const std::string& unit, const model::Words& words) {
  if (unit == "%") return stated_number(number) + "%";
  const bool is_chinese = words.language() == model::Language::Chinese;
  return stated_number(number) + (is_chinese ? "" : " ") + translated(words, "unit", unit);
}

ScaleBar scale_bar(double px_per_m, double room_px) {
  if (!(px_per_m > 0) || !(room_px > 0)) return {};
  const double room_m = room_px / px_per_m;
  const double power = std::pow(10.0, std::floor(std::log10(room_m)));
  double length_m = power;
  for (const double digit : {1.0, 2.0, 5.0}) {
    if (digit * power <= room_m) length_m = digit * power;
  }
  return {length_m * px_per_m, length_m};
}

std::string place_text(const state::WorldSnapshot& snapshot, const state::Incident& incident,
                       const model::Words& words) {
  const model::DivisionTree& tree = *snapshot.tree;
  if (!incident.division.valid() || incident.division.value >= tree.divisions().size()) return {};
  const std::string& suffixes = words.get("map.name_suffixes");
  const model::Division& division = tree.at(incident.division);
  std::string text{scene::short_name(division.name, suffixes)};
  const model::DivisionIndex town = tree.ancestor_at_level(incident.division, 1);
  if (town.valid() && town != incident.division) {
    text = fmt::format("{} · {}", scene::short_name(tree.at(town).name, suffixes), text);
  }
  return text;
}

}  // namespace gridwall::ui
