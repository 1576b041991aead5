#include "geo/layer_fields.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <span>
#include <string_view>

namespace gridwall::geo {

using base::Error;
using base::ErrorCode;
using base::Result;

namespace {

using Names = std::span<const std::string_view>;

// Usual spellings, the most telling first. Compared without regard to ASCII case. XZQDM and the like are the field
// names of the national cadastral and land-survey data standards (initials of 行政区代码 ...).
constexpr std::string_view kCodeNames[] = {
    "code",     "grid_code", "gridcode", "grid_id",      "gridid",     "division_code", "adcode",
    "ad_code",  "geoid",     "fips",     "网格编码",     "网格代码",   "网格编号",      "单元网格编码",
    "编码",     "代码",      "编号",     "行政区划代码", "行政区代码", "区划代码",      "区划编码",
    "社区代码", "社区编码",  "村代码",   "pac",          "xzqdm",      "xzqhdm",        "wgbm",
    "wgdm",     "wgbh",      "bgcode",   "zldwdm",       "qsdwdm",     "sqdm",          "bm",
    "dm",       "bh",        "gb",       "zoneid",       "id"};
constexpr std::string_view kNameNames[] = {
    "name",       "grid_name",    "gridname", "division_name", "网格名称", "单元网格名称", "名称",
    "行政区名称", "行政区划名称", "区划名称", "社区名称",      "村名称",   "xzqmc",        "xzqhmc",
    "wgmc",       "bgname",       "zldwmc",   "qsdwmc",        "sqmc",     "mc",           "name_zh",
    "name_chn",   "cname",        "fullname", "namelsad",      "admin",    "name_1"};
constexpr std::string_view kParentNames[] = {
    "parent",   "parent_code", "parentcode", "parent_id",    "parentid", "上级编码", "上级代码", "上级区划代码",
    "父级编码", "父级代码",    "父编码",     "上级网格编码", "所属编码", "sjbm",     "sjdm",     "sjwgbm",
    "fjbm",     "fjdm",        "sjxzqdm",    "pcode",        "p_code",   "pid",      "up_code"};
constexpr std::string_view kLevelNames[] = {"level",    "lvl",      "admin_level", "grid_level", "级别", "层级",
                                            "网格级别", "网格层级", "等级",        "cj",         "wgjb", "jb"};
constexpr std::string_view kKindNames[] = {"kind"};
constexpr std::string_view kSyntheticNames[] = {"synthetic"};

bool same_ignoring_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [&](char x, char y) { return lower(x) == lower(y); });
}

// Letters are too short to tell a cut name from another one.
bool is_start_of(const FieldName& field, std::string_view name) {
  constexpr std::size_t kBytesMin = 8;
  return field.cut && field.name.size() >= kBytesMin && field.name.size() < name.size() &&
         same_ignoring_case(field.name, name.substr(0, field.name.size()));
}

int find(const std::vector<FieldName>& fields, Names names) {
  for (const std::string_view name : names) {
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (same_ignoring_case(fields[i].name, name)) return static_cast<int>(i);
    }
  }
  for (const std::string_view name : names) {
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (is_start_of(fields[i], name)) return static_cast<int>(i);
    }
  }
  return -1;
}

struct Chooser {
  const std::vector<FieldName>& fields;

  base::Status choose(const std::string& wanted, Names usual, std::string_view what, int& index) const {
    if (wanted.empty()) {
      index = find(fields, usual);
      return {};
    }
    const std::string_view only = wanted;
    index = find(fields, Names(&only, 1));
    if (index >= 0) return {};
    std::vector<std::string_view> known;
    for (const FieldName& field : fields) known.push_back(field.name);
    return Error{ErrorCode::InvalidArgument,
                 fmt::format("has no {} field '{}'; it has: {}", what, wanted,
                             known.empty() ? "none" : fmt::format("{}", fmt::join(known, ", ")))};
  }
};

}  // namespace

Result<FieldChoice> choose_fields(const std::vector<FieldName>& fields, const model::SourceMapping& mapping) {
  FieldChoice chosen;
  const Chooser chooser{fields};
  TRY(chooser.choose(mapping.code_field, kCodeNames, "code", chosen.code));
  TRY(chooser.choose(mapping.name_field, kNameNames, "name", chosen.name));
  TRY(chooser.choose(mapping.parent_field, kParentNames, "parent", chosen.parent));
  TRY(chooser.choose(mapping.level_field, kLevelNames, "level", chosen.level));
  TRY(chooser.choose(mapping.kind_field, kKindNames, "kind", chosen.kind));
  TRY(chooser.choose(mapping.area_field, {}, "area", chosen.area));
  chosen.synthetic = find(fields, kSyntheticNames);
  return chosen;
}

}  // namespace gridwall::geo
