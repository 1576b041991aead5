#include "geo/load_checks.hpp"

#include <algorithm>
#include <cmath>

#include "geo/point_reader.hpp"
#include "geo/shift_check.hpp"
#include "model/locator.hpp"
#include "shape/family_check.hpp"

namespace gridwall::geo {

using model::DivisionIndex;
using model::DivisionTree;

namespace {

constexpr double kStatedAreaTolerance = 0.01;
constexpr double kOtherUnitRatio = 0.1;  // farther from 1 in the middle: another unit rather than bad figures

struct FamilyNotes {
  LayerReport& report;
  const DivisionTree& tree;
  std::span<const std::size_t> source_of;
  const Transform& world_from_lonlat;

  [[nodiscard]] DivisionNote note(DivisionIndex division, base::Vec2d at_world, double area_m2,
                                  std::string reason) const {
    return {std::string(tree.at(division).code),
            std::move(reason),
            source_of[division.value],
            -1,
            world_from_lonlat.inverse(at_world),
            area_m2};
  }
  void add(const shape::FamilyFault& family);
};

std::string gap_text(const shape::FamilyFault& family, const char* about) {
  if (family.gap_count == 1) return fmt::format("a gap of {}{:.2f} m²", about, family.gap_m2);
  return fmt::format("{} gaps of {}{:.2f} m² together, the largest {:.2f} m²", family.gap_count, about, family.gap_m2,
                     family.gap_largest_m2);
}

void FamilyNotes::add(const shape::FamilyFault& family) {
  const char* about = family.approximate ? "about " : "";
  if (!family.not_measured.empty()) {
    report.warnings.push_back(fmt::format("the children of '{}' were not checked for gaps and overlaps: {}",
                                          tree.at(family.parent).code, family.not_measured));
  }
  for (const shape::SiblingOverlap& overlap : family.overlaps) {
    report.overlaps.push_back(
        note(overlap.first, overlap.at_world, overlap.area_m2,
             fmt::format("overlaps '{}' by {}{:.2f} m²", tree.at(overlap.second).code, about, overlap.area_m2)));
  }
  if (family.overlap_count > family.overlaps.size()) {
    report.warnings.push_back(fmt::format(
        "of '{}', {} pairs of children overlap ({}{:.0f} m²); the {} largest are listed", tree.at(family.parent).code,
        family.overlap_count, about, family.overlap_m2, family.overlaps.size()));
  }
  for (const shape::ChildOutside& outside : family.outside) {
    report.overlaps.push_back(note(outside.child, outside.at_world, outside.area_m2,
                                   fmt::format("lies by {}{:.2f} m² outside its parent '{}'", about, outside.area_m2,
                                               tree.at(family.parent).code)));
  }
  if (family.outside_count > family.outside.size()) {
    report.warnings.push_back(fmt::format(
        "of '{}', {} children lie partly outside ({}{:.0f} m²); the {} largest are listed", tree.at(family.parent).code,
        family.outside_count, about, family.outside_m2, family.outside.size()));
  }
  if (family.gap_count > 0) {
    report.gaps.push_back(note(family.parent, family.gap_at_world, family.gap_m2, gap_text(family, about)));
  }
}

}  // namespace

void CoverShare::add(std::string_view code, double share) {
  const auto count = static_cast<double>(parent_count++);
  mean = count == 0 ? share : (mean * count + share) / (count + 1);
  if (worst_code.empty() || std::abs(share - 1) > std::abs(worst - 1)) {
    worst = share;
    worst_code = code;
  }
}

void check_families_into(LayerReport& report, const DivisionTree& tree, std::span<const std::size_t> source_of,
                         const Transform& world_from_lonlat) {
  FamilyNotes notes{report, tree, source_of, world_from_lonlat};
  for (const shape::FamilyFault& family : shape::check_families(tree)) {
    notes.add(family);
    if (family.covered_share < 0) continue;
    const model::Division& parent = tree.at(family.parent);
    report.covered_shares.emplace_back(parent.code, family.covered_share);
    report.levels[parent.level_index].cover.add(parent.code, family.covered_share);
    report.sources[source_of[family.parent.value]].cover.add(parent.code, family.covered_share);
  }
  const auto larger = [](const DivisionNote& a, const DivisionNote& b) { return a.area_m2 > b.area_m2; };
  std::stable_sort(report.overlaps.begin(), report.overlaps.end(), larger);
  std::stable_sort(report.gaps.begin(), report.gaps.end(), larger);
}

void compare_stated_areas(LayerReport& report, std::vector<StatedArea> areas, double area_unit_m2) {
  StatedAreaReport& told = report.stated_area;
  told.compared_count = areas.size();
  if (areas.empty()) return;
  std::vector<double> ratios;
  for (const StatedArea& area : areas) ratios.push_back(area.stated_m2 / area.computed_m2);
  const auto middle = ratios.begin() + static_cast<std::ptrdiff_t>(ratios.size() / 2);
  std::nth_element(ratios.begin(), middle, ratios.end());
  told.ratio_median = *middle;
  if (std::abs(told.ratio_median - 1) > kOtherUnitRatio) {
    report.warnings.push_back(fmt::format(
        "the {} stated areas are {:.4g} times the computed ones in the middle; if their unit is another, say what "
        "one of it is in m² with --area-unit (area_unit_m2 in a profile); {:.6g} would fit",
        areas.size(), told.ratio_median, area_unit_m2 / told.ratio_median));
    return;  // each of them would differ, for one reason
  }
  for (StatedArea& area : areas) {
    const double ratio = area.stated_m2 / area.computed_m2;
    if (std::abs(ratio - 1) <= kStatedAreaTolerance) continue;
    area.note.reason =
        fmt::format("states {:.1f} m², computed {:.1f} m² (ratio {:.4g})", area.stated_m2, area.computed_m2, ratio);
    told.differing.push_back(std::move(area.note));
  }
}

base::Status check_points_into(LayerReport& report, const LayerQuery& query,
                               const std::shared_ptr<const DivisionTree>& hierarchy) {
  TRY_ASSIGN(const RawPoints raw, read_points(query));
  TRY_ASSIGN(const Transform lonlat_from_source, Transform::create(raw.crs, kLonLatCrs));
  std::vector<base::Vec2d> points_lonlat;
  std::vector<std::string> codes;
  for (const PointRecord& record : raw.points) {
    base::Vec2d point = record.point;
    if (query.reading.axes == model::AxisOrder::Yx) std::swap(point.x, point.y);
    const auto lonlat = lonlat_from_source.forward(point);
    if (!lonlat) continue;
    points_lonlat.push_back(*lonlat);
    codes.push_back(record.code);
  }
  const std::uint64_t unusable_count = raw.points.size() - points_lonlat.size() + raw.left_out_count;
  if (unusable_count > 0) {
    report.warnings.push_back(fmt::format("{}: {} of {} points have no coordinates that fit {}", raw.source,
                                          unusable_count, raw.points.size() + raw.left_out_count, raw.crs_name));
  }
  if (raw.cut) {
    report.warnings.push_back(
        fmt::format("{}: only its first {} points were looked at", raw.source, raw.points.size()));
  }
  return check_shift_into(report, {fmt::format("points of {} ({})", raw.source, raw.crs_name), points_lonlat, codes},
                          hierarchy);
}

base::Status check_shift_into(LayerReport& report, const PointsToCheck& points,
                              std::shared_ptr<const DivisionTree> hierarchy) {
  TRY_ASSIGN(const Transform world_from_lonlat, Transform::create(kLonLatCrs, hierarchy->world_crs()));
  const model::Locator locator(hierarchy);
  std::vector<DivisionIndex> claimed;
  for (const std::string& code : points.codes) claimed.push_back(hierarchy->find(code));
  const bool with_codes = std::any_of(claimed.begin(), claimed.end(), [](DivisionIndex d) { return d.valid(); });
  const auto belongs = [&](std::size_t index, base::Vec2d lonlat) {
    const auto world = world_from_lonlat.forward(lonlat);
    const DivisionIndex found = world ? locator.locate(*world) : DivisionIndex::none();
    return with_codes ? claimed[index].valid() && hierarchy->is_within(found, claimed[index]) : found.valid();
  };
  const ShiftReport shift = shift_check(points.points_lonlat, belongs);
  PlacedPoints& placed = report.placed_points.emplace_back();
  placed.name = points.name;
  placed.by_code = with_codes;
  placed.point_count = shift.point_count;
  placed.share_as_stated = shift.share(Reading::AsStated);
  placed.share_if_gcj02 = shift.share(Reading::PointsGcj02);
  placed.share_if_bd09 = shift.share(Reading::PointsBd09);
  if (const auto doubt = shift_doubt(
          shift, points.name, with_codes ? "lie in the division that their code names" : "lie inside the hierarchy")) {
    report.warnings.push_back(*doubt);
  }
  return {};
}

}  // namespace gridwall::geo
