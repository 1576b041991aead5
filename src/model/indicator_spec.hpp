// IndicatorSpec: which rates a district shows, with what numerator and denominator, under which label, and what
// composite scores and peer groups are made of them: config/indicators/<id>.toml. Cities differ in the denominators, so
// both are always shown. Test: tests/unit/model/indicator_spec_test.cpp.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "model/case_flags.hpp"

namespace gridwall::model {

// A sum of counts less others: 应处置 - 缓办. What is taken off is a part of what it is taken from.
struct CountSum {
  std::vector<Count> plus, minus;
};
// Counts by Count, as a division and period have them. At least 0.
std::int64_t value_of(const CountSum& sum, std::span<const std::uint32_t> counts);

struct RateSpec {
  std::string id, name_zh, name_en;
  CountSum numerator, denominator;
  std::string numerator_zh, numerator_en, denominator_zh, denominator_en;  // labels
  bool higher_is_better = true;
};
// value = numerator / denominator; none when the denominator is 0: a unit with no case is not 100 %.
struct Rate {
  std::int64_t numerator = 0, denominator = 0;
  [[nodiscard]] std::optional<double> value() const;
  bool operator==(const Rate&) const = default;
};
Rate rate_of(const RateSpec& spec, std::span<const std::uint32_t> counts);

// Weighted sum of rates from 0 to 100; a rate that is better when lower counts as 1 - value. None when any part has no
// denominator (the unit is not ranked) or fewer cases than `cases_min`.
struct ScoreSpec {
  std::string id, name_zh, name_en;
  struct Part {
    std::string rate_id;
    double weight = 0;  // together 100
  };
  std::vector<Part> parts;
  std::int64_t cases_min = 1;
};
std::optional<double> score_of(const ScoreSpec& spec, std::span<const RateSpec> rates,
                               std::span<const std::uint32_t> counts);

// Units that are ranked with each other and nobody else.
struct PeerGroup {
  std::string id, name_zh, name_en;
  std::vector<std::string> division_codes;  // empty: every division of `level`
  int level = 1;
};
// Ranks by score, the best is 1; equal scores share the better rank; without a score: none.
std::vector<std::optional<int>> rank(std::span<const std::optional<double>> scores);

struct IndicatorSpec {
  std::vector<RateSpec> rates;
  std::vector<ScoreSpec> scores;
  std::vector<PeerGroup> peer_groups;
  [[nodiscard]] const RateSpec* find_rate(std::string_view id) const;
};
base::Result<IndicatorSpec> load_indicator_spec(const std::filesystem::path& file);

}  // namespace gridwall::model
