// Figures: the counts of the catalogue for one division (or one value of a dimension in it) and one period: how many of
// the cases reported in that period have each bit of CaseFlags, and how long accepting and handling took. Additive:
// a division's are its own cases' and its children's. Mean, median and p90 come from sums and fixed histograms.
// Test: tests/unit/state/figures_test.cpp.
#pragma once

#include <array>
#include <cstdint>
#include <type_traits>

#include "base/time_zone.hpp"
#include "model/case_flags.hpp"

namespace gridwall::state {

// One dimension at a time beside division and period.
enum class Dimension : std::uint8_t { Department, Channel, Class, Severity };
inline constexpr std::size_t kDimensionCount = 4;

// Upper edges of the bins in minutes, each bin [edge before, edge); what lies above the last edge is in the last bin.
inline constexpr std::array<std::int64_t, 23> kBinEdgesMin{
    1, 2, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 360, 480, 720, 1440, 2880, 4320, 5760, 7200, 14400, 28800};
inline constexpr std::size_t kBinCount = kBinEdgesMin.size() + 1;
std::size_t bin_of(std::int64_t ms);

struct Durations {
  std::uint32_t count = 0;
  std::int64_t sum_ms = 0;
  std::array<std::uint32_t, kBinCount> bins{};

  // Whole milliseconds, rounded down; -1 when count is 0.
  [[nodiscard]] std::int64_t mean_ms() const;
  // The value below which `per_mille` of 1000 lie: rank = ceil(per_mille * count / 1000), at least 1; in the rank's bin
  // low + (high - low) * (rank - ranks below the bin) / ranks in the bin, integers rounded down; in the last, open bin
  // its lower edge. -1 when count is 0.
  [[nodiscard]] std::int64_t quantile_ms(int per_mille) const;
  void add(std::int64_t ms);       // nothing below 0
  void subtract(std::int64_t ms);  // what was added
  Durations& operator+=(const Durations& other);
  bool operator==(const Durations&) const = default;
};

struct Figures {
  std::array<std::uint32_t, model::kCountCount> counts{};
  Durations accept, handle;

  [[nodiscard]] std::uint32_t of(model::Count count) const { return counts[static_cast<std::size_t>(count)]; }
  void add(const model::CaseMeasure& measure);
  void subtract(const model::CaseMeasure& measure);
  // What `before` added gives way to `after`.
  void change(const model::CaseMeasure& before, const model::CaseMeasure& after);
  Figures& operator+=(const Figures& other);
  bool operator==(const Figures&) const = default;
};

// The way from one measure to another, worked out once and gone by many Figures.
class FiguresChange {
 public:
  FiguresChange(const model::CaseMeasure& before, const model::CaseMeasure& after);
  void apply_to(Figures& figures) const;

 private:
  // Counters by their place in Figures, in which nothing else but the two sums is.
  struct Places {
    std::size_t count = 0;
    std::array<std::uint8_t, model::kCountCount + 4> items;
  };
  static void add(Places& places, std::size_t place) {
    places.items[places.count++] = static_cast<std::uint8_t>(place);
  }
  std::int64_t change_time(std::size_t offset, std::int64_t before_ms, std::int64_t after_ms);

  Places m_up, m_down;
  std::int64_t m_accept_ms = 0, m_handle_ms = 0;  // more
};
static_assert(std::is_standard_layout_v<Figures> && sizeof(Figures) / sizeof(std::uint32_t) <= 256);

}  // namespace gridwall::state
