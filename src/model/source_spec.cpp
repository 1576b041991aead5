#include "model/source_spec.hpp"

#include <fmt/ranges.h>

#include <algorithm>

#include "model/config_table.hpp"

namespace gridwall::model {

using base::Result;
using base::Status;

std::optional<ParentBy> parent_by_word(std::string_view word) {
  const auto found = std::find(std::begin(kParentWords), std::end(kParentWords), word);
  if (found == std::end(kParentWords)) return std::nullopt;
  return static_cast<ParentBy>(found - std::begin(kParentWords));
}

std::optional<AxisOrder> axis_order_word(std::string_view word) {
  if (word == "xy") return AxisOrder::Xy;
  if (word == "yx") return AxisOrder::Yx;
  return std::nullopt;
}

namespace {

Status read_code_lengths(const ConfigTable& table, SourceMapping& mapping) {
  if (!table.has("code_lengths")) return {};
  TRY_ASSIGN(const auto lengths, table.integers("code_lengths"));
  for (const auto length : lengths) {
    const bool grows = mapping.code_lengths.empty() || length > mapping.code_lengths.back();
    if (length < 1 || length > 64 || !grows) {
      return table.error_at("code_lengths", "growing lengths from 1 to 64, the root's first");
    }
    mapping.code_lengths.push_back(static_cast<std::uint32_t>(length));
  }
  return {};
}

Status read_mapping(const ConfigTable& table, SourceMapping& mapping) {
  TRY_ASSIGN(mapping.code_field, table.text_or("code_field", ""));
  TRY_ASSIGN(mapping.name_field, table.text_or("name_field", ""));
  TRY_ASSIGN(mapping.parent_field, table.text_or("parent_field", ""));
  TRY_ASSIGN(mapping.level_field, table.text_or("level_field", ""));
  TRY_ASSIGN(mapping.kind_field, table.text_or("kind_field", ""));
  TRY_ASSIGN(mapping.area_field, table.text_or("area_field", ""));
  TRY_ASSIGN(mapping.area_unit_m2, table.number_or("area_unit_m2", 1, 1e-6, 1e12));
  TRY(read_code_lengths(table, mapping));
  TRY_ASSIGN(const auto rule, table.text_or("parents", "auto"));
  const auto parent_by = parent_by_word(rule);
  if (!parent_by) return table.error_at("parents", fmt::format("one of {}", fmt::join(kParentWords, ", ")));
  mapping.parent_by = *parent_by;
  if (mapping.parent_by == ParentBy::CodeLengths && mapping.code_lengths.empty()) {
    return table.error_at("parents", "code_lengths beside \"lengths\"");
  }
  return {};
}

}  // namespace

Result<SourceSpec> read_source(const ConfigTable& table) {
  TRY(table.expect_only({"files", "layers", "where", "encoding", "crs", "axes", "code_field", "name_field",
                         "parent_field", "level_field", "kind_field", "area_field", "area_unit_m2", "code_lengths",
                         "parents"}));
  SourceSpec source;
  if (table.has("files")) {
    TRY_ASSIGN(source.files, table.texts("files"));
  }
  if (table.has("layers")) {
    TRY_ASSIGN(source.reading.layers, table.texts("layers"));
  }
  TRY_ASSIGN(source.reading.where, table.text_or("where", ""));
  TRY_ASSIGN(source.reading.encoding, table.text_or("encoding", ""));
  TRY_ASSIGN(source.reading.crs, table.text_or("crs", ""));
  TRY_ASSIGN(const auto axes, table.text_or("axes", "xy"));
  const auto order = axis_order_word(axes);
  if (!order) return table.error_at("axes", "\"xy\" (x, easting or longitude first) or \"yx\"");
  source.reading.axes = *order;
  TRY(read_mapping(table, source.mapping));
  return source;
}

}  // namespace gridwall::model
