#include "model/indicator_spec.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "model/config_table.hpp"
#include "model/finding_scope.hpp"

namespace gridwall::model {

using base::Result;
using base::Status;

std::int64_t value_of(const CountSum& sum, std::span<const std::uint32_t> counts) {
  ASSERT(counts.size() == kCountCount, "{} counts given", counts.size());
  std::int64_t value = 0;
  for (const Count count : sum.plus) value += counts[static_cast<std::size_t>(count)];
  for (const Count count : sum.minus) value -= counts[static_cast<std::size_t>(count)];
  return std::max<std::int64_t>(value, 0);  // two counts taken off may have cases in common
}

std::optional<double> Rate::value() const {
  if (denominator == 0) return std::nullopt;
  return static_cast<double>(numerator) / static_cast<double>(denominator);
}

Rate rate_of(const RateSpec& spec, std::span<const std::uint32_t> counts) {
  return {value_of(spec.numerator, counts), value_of(spec.denominator, counts)};
}

std::optional<double> score_of(const ScoreSpec& spec, std::span<const RateSpec> rates,
                               std::span<const std::uint32_t> counts) {
  double score = 0;
  for (const ScoreSpec::Part& part : spec.parts) {
    const auto found =
        std::find_if(rates.begin(), rates.end(), [&](const auto& rate) { return rate.id == part.rate_id; });
    ASSERT(found != rates.end(), "score {} has a rate {} that is not there", spec.id, part.rate_id);
    const Rate rate = rate_of(*found, counts);
    const auto value = rate.value();
    if (!value || rate.denominator < spec.cases_min) return std::nullopt;
    // Some rates have cases in the numerator that the denominator lacks; a score stays within 0 to 100.
    const double share = std::min(*value, 1.0);
    score += part.weight * (found->higher_is_better ? share : 1 - share);
  }
  return score;
}

std::vector<std::optional<int>> rank(std::span<const std::optional<double>> scores) {
  std::vector<std::optional<int>> ranks(scores.size());
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (!scores[i]) continue;
    ranks[i] = 1 + static_cast<int>(std::count_if(scores.begin(), scores.end(),
                                                  [&](const auto& other) { return other && *other > *scores[i]; }));
  }
  return ranks;
}

const RateSpec* IndicatorSpec::find_rate(std::string_view id) const {
  const auto found = std::find_if(rates.begin(), rates.end(), [&](const RateSpec& rate) { return rate.id == id; });
  return found == rates.end() ? nullptr : &*found;
}

namespace {

std::optional<Count> count_from_word(std::string_view word) {
  for (std::size_t i = 0; i < kCountCount; ++i) {
    if (count_word(static_cast<Count>(i)) == word) return static_cast<Count>(i);
  }
  return std::nullopt;
}

// The next larger count that has every case of this one.
Count next_around(Count count) {
  switch (count) {
    case Count::SelfHandled:
    case Count::Register:
      return Count::ValidReport;
    case Count::InTimeRegister:
    case Count::PublicRegister:
      return Count::Register;
    case Count::InTimeDispatch:
    case Count::AccurateDispatch:
    case Count::ShouldHandle:
      return Count::Dispatch;
    case Count::Dispose:
    case Count::ToDispose:
    case Count::NeedArchive:
    case Count::NeedArchiveSuspended:
      return Count::ShouldHandle;
    case Count::InTimeDispose:
    case Count::OvertimeDispose:
      return Count::Dispose;
    case Count::ToDisposeOverdue:
      return Count::ToDispose;
    case Count::Archive:
      return Count::NeedArchive;
    case Count::InTimeArchive:
      return Count::Archive;
    case Count::InTimeVerify:
      return Count::Verify;
    case Count::InTimeCheck:
      return Count::Check;
    case Count::Satisfied:
      return Count::Answered;
    case Count::ReturnedTwice:
      return Count::Return;
    default:
      return Count::Report;
  }
}

bool is_within(Count inner, Count outer) {
  for (Count count = inner;; count = next_around(count)) {
    if (count == outer) return true;
    if (count == Count::Report) return false;
  }
}

std::string known_words() {
  std::string list;
  for (std::size_t i = 0; i < kCountCount; ++i) {
    list += fmt::format("{}{}", i == 0 ? "" : " ", count_word(static_cast<Count>(i)));
  }
  return list;
}

// "should_handle - need_archive_suspended": words of counts with + or - between them, set apart by blanks.
Result<CountSum> read_sum(const ConfigTable& table, std::string_view key) {
  TRY_ASSIGN(const std::string text, table.text(key));
  CountSum sum;
  bool wants_word = true, taken_off = false;
  for (std::size_t begin = text.find_first_not_of(' '); begin != std::string::npos;) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    const std::string_view word = std::string_view(text).substr(begin, end - begin);
    begin = text.find_first_not_of(' ', end);
    const auto count = count_from_word(word);
    if (wants_word != count.has_value() || (!wants_word && word != "+" && word != "-")) {
      return table.error_at(key, wants_word
                                     ? fmt::format("a count where '{}' stands; the counts are: {}", word, known_words())
                                     : fmt::format("'+' or '-' where '{}' stands", word));
    }
    if (count) {
      (taken_off ? sum.minus : sum.plus).push_back(*count);
    } else {
      taken_off = word == "-";
    }
    wants_word = !wants_word;
  }
  if (wants_word) return table.error_at(key, "counts with '+' or '-' between them, ending with a count");
  for (const Count minus : sum.minus) {
    const auto holds = [&](Count plus) { return is_within(minus, plus); };
    if (std::none_of(sum.plus.begin(), sum.plus.end(), holds)) {
      return table.error_at(key, fmt::format("to take '{}' off a count that has all its cases", count_word(minus)));
    }
  }
  return sum;
}

template <typename T>
Status read_names(const ConfigTable& table, T& out) {
  TRY_ASSIGN(out.id, table.text("id"));
  const bool plain = out.id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos;
  if (out.id.empty() || !plain) return table.error_at("id", "small letters, digits and '_'");
  TRY_ASSIGN(out.name_zh, table.text("name_zh"));
  TRY_ASSIGN(out.name_en, table.text("name_en"));
  return {};
}

Result<RateSpec> read_rate(const ConfigTable& table) {
  TRY(table.expect_only({"id", "name_zh", "name_en", "numerator", "numerator_zh", "numerator_en", "denominator",
                         "denominator_zh", "denominator_en", "better"}));
  RateSpec rate;
  TRY(read_names(table, rate));
  TRY_ASSIGN(rate.numerator, read_sum(table, "numerator"));
  TRY_ASSIGN(rate.denominator, read_sum(table, "denominator"));
  TRY_ASSIGN(rate.numerator_zh, table.text("numerator_zh"));
  TRY_ASSIGN(rate.numerator_en, table.text("numerator_en"));
  TRY_ASSIGN(rate.denominator_zh, table.text("denominator_zh"));
  TRY_ASSIGN(rate.denominator_en, table.text("denominator_en"));
  TRY_ASSIGN(const std::string better, table.text("better"));
  if (better != "high" && better != "low") return table.error_at("better", "\"high\" or \"low\"");
  rate.higher_is_better = better == "high";
  return rate;
}

Result<ScoreSpec> read_score(const ConfigTable& table, const IndicatorSpec& spec) {
  TRY(table.expect_only({"id", "name_zh", "name_en", "cases_min", "part"}));
  ScoreSpec score;
  TRY(read_names(table, score));
  TRY_ASSIGN(score.cases_min, table.integer_or("cases_min", 1, 1, 1'000'000));
  TRY_ASSIGN(const auto parts, table.tables("part"));
  double total = 0;
  for (const ConfigTable& entry : parts) {
    TRY(entry.expect_only({"rate", "weight"}));
    ScoreSpec::Part part;
    TRY_ASSIGN(part.rate_id, entry.text("rate"));
    if (spec.find_rate(part.rate_id) == nullptr) {
      std::vector<std::string_view> ids;
      for (const RateSpec& rate : spec.rates) ids.push_back(rate.id);
      return entry.error_at("rate", fmt::format("the id of a rate of this file, one of {}", fmt::join(ids, ", ")));
    }
    const auto same = [&](const ScoreSpec::Part& other) { return other.rate_id == part.rate_id; };
    if (std::any_of(score.parts.begin(), score.parts.end(), same)) {
      return entry.error_at("rate", "a rate that the score does not have yet");
    }
    TRY_ASSIGN(part.weight, entry.number("weight", 0, 100));
    total += part.weight;
    score.parts.push_back(std::move(part));
  }
  if (std::abs(total - 100) > 1e-6) {
    return table.error_at("part", fmt::format("weights that are 100 together, not {}", total));
  }
  return score;
}

Result<PeerGroup> read_peer_group(const ConfigTable& table) {
  TRY(table.expect_only({"id", "name_zh", "name_en", "level", "divisions"}));
  PeerGroup group;
  TRY(read_names(table, group));
  if (table.has("level") == table.has("divisions")) {
    return table.error_at("level", "either level = N, for all divisions of a level, or divisions = [codes]");
  }
  if (table.has("level")) {
    TRY_ASSIGN(const auto level, table.integer("level", 0, 15));
    group.level = static_cast<int>(level);
    return group;
  }
  TRY_ASSIGN(group.division_codes, table.texts("divisions"));
  std::set<std::string_view> codes(group.division_codes.begin(), group.division_codes.end());
  if (codes.size() < 2 || codes.size() != group.division_codes.size()) {
    return table.error_at("divisions", "at least two codes, each once");
  }
  return group;
}

// An id may stand once in a file; one of the base file's is replaced in its place.
template <typename T>
Status put(const ConfigTable& table, Result<T> read, std::vector<T>& items, std::set<std::string>& own_ids) {
  TRY_ASSIGN(T item, std::move(read));
  if (!own_ids.insert(item.id).second) return table.error_at("id", "an id not used above");
  const auto same = std::find_if(items.begin(), items.end(), [&](const T& other) { return other.id == item.id; });
  if (same != items.end()) {
    *same = std::move(item);
  } else {
    items.push_back(std::move(item));
  }
  return {};
}

Status read_into(const ConfigTable& file, IndicatorSpec& spec) {
  std::set<std::string> rate_ids, score_ids, group_ids;
  if (file.has("rate")) {
    TRY_ASSIGN(const auto tables, file.tables("rate"));
    for (const ConfigTable& table : tables) {
      const Status row = put(table, read_rate(table), spec.rates, rate_ids);
      if (!FindingScope::go_on(row)) return row;
    }
  }
  if (spec.rates.empty()) return file.error_at("rate", "at least one [[rate]]");
  if (file.has("score")) {
    TRY_ASSIGN(const auto tables, file.tables("score"));
    for (const ConfigTable& table : tables) {
      const Status row = put(table, read_score(table, spec), spec.scores, score_ids);
      if (!FindingScope::go_on(row)) return row;
    }
  }
  if (file.has("peer_group")) {
    TRY_ASSIGN(const auto tables, file.tables("peer_group"));
    for (const ConfigTable& table : tables) {
      const Status row = put(table, read_peer_group(table), spec.peer_groups, group_ids);
      if (!FindingScope::go_on(row)) return row;
    }
  }
  return {};
}

}  // namespace

Result<IndicatorSpec> load_indicator_spec(const std::filesystem::path& file) {
  TRY_ASSIGN(const auto table, ConfigTable::open(file));
  TRY(table.expect_only({"base", "rate", "score", "peer_group"}));
  IndicatorSpec spec;
  if (table.has("base")) {
    TRY_ASSIGN(const std::string base_id, table.text("base"));
    if (base_id.empty() || base_id.find_first_of("/\\.") != std::string::npos) {
      return table.error_at("base", "the name of a file beside this one, without .toml");
    }
    TRY_ASSIGN(const auto base_table, ConfigTable::open(file.parent_path() / (base_id + ".toml")));
    TRY(base_table.expect_only({"rate", "score", "peer_group"}));  // no base of its own: one step is enough
    TRY(read_into(base_table, spec));
  }
  TRY(read_into(table, spec));
  return spec;
}

}  // namespace gridwall::model
