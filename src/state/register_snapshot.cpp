#include "state/register_snapshot.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <tuple>

#include <fmt/format.h>

namespace gridwall::state {

std::span<const std::shared_ptr<const RegisterEntry>> RegisterSnapshot::table(model::RegisterKind kind,
                                                                              std::string_view table) const {
  using Key = std::tuple<model::RegisterKind, std::string_view>;
  const auto key = [](const std::shared_ptr<const RegisterEntry>& entry) {
    return Key(entry->facts.kind, entry->facts.table);
  };
  const auto found = std::ranges::equal_range(entries, Key(kind, table), {}, key);
  return {found.begin(), found.end()};
}

namespace {

std::optional<double> number_of(const PeriodValue& value) {
  if (!value.of_milli) return static_cast<double>(value.value_milli);
  if (*value.of_milli == 0) return std::nullopt;
  return static_cast<double>(value.value_milli) / static_cast<double>(*value.of_milli);
}

std::optional<double> ratio(const PeriodValue& now, const PeriodValue& before) {
  const auto new_number = number_of(now), old_number = number_of(before);
  if (!new_number || !old_number || *old_number == 0) return std::nullopt;
  return (*new_number - *old_number) / std::abs(*old_number);
}

}  // namespace

std::optional<double> change_ratio(const RegisterEntry& entry) {
  const auto& history = entry.history;
  if (history.size() < 2) return std::nullopt;
  return ratio(history.back(), history[history.size() - 2]);
}

std::optional<double> change_ratio_of_year(const RegisterEntry& entry) {
  constexpr std::size_t kYearDigits = 4;
  if (entry.history.empty()) return std::nullopt;
  const std::string& period = entry.history.back().period;
  int year = 0;
  if (period.size() < kYearDigits ||
      std::from_chars(period.data(), period.data() + kYearDigits, year).ptr != period.data() + kYearDigits) {
    return std::nullopt;
  }
  const std::string wanted = fmt::format("{:04}{}", year - 1, period.substr(kYearDigits));
  const auto found = std::ranges::find(entry.history, wanted, &PeriodValue::period);
  return found == entry.history.end() ? std::nullopt : ratio(entry.history.back(), *found);
}

}  // namespace gridwall::state
