#include "hub/placer.hpp"

#include <cmath>
#include <utility>

#include "model/path.hpp"

namespace gridwall::hub {

using base::Result;
using base::Vec2d;
using model::DivisionIndex;

namespace {

constexpr double kLonLatSteps = 1e6;  // per degree: about 0.1 m

Vec2d rounded(Vec2d lonlat) {
  return {std::round(lonlat.x * kLonLatSteps) / kLonLatSteps, std::round(lonlat.y * kLonLatSteps) / kLonLatSteps};
}

}  // namespace

Result<Placer> Placer::create(std::shared_ptr<const model::DivisionTree> tree) {
  TRY_ASSIGN(geo::Transform world_from_lonlat, geo::Transform::create(geo::kLonLatCrs, tree->world_crs()));
  return Placer(std::move(tree), std::move(world_from_lonlat));
}

Placer::Placer(std::shared_ptr<const model::DivisionTree> tree, geo::Transform world_from_lonlat)
    : m_tree(std::move(tree)), m_locator(m_tree), m_world_from_lonlat(std::move(world_from_lonlat)) {}

// No value: a point that the system does not know, so no usable place.
Result<std::optional<Vec2d>> Placer::to_lonlat(const model::IncidentFacts& facts, base::MonoTime now) {
  if (!facts.point) return std::optional<Vec2d>{};
  std::optional<Vec2d> lonlat = facts.point;
  if (facts.crs != geo::kLonLatCrs) {
    TRY_ASSIGN(const geo::Transform* transform, m_systems.lonlat_from(facts.crs, now));
    lonlat = transform->forward(*facts.point);
  }
  if (lonlat && (std::abs(lonlat->x) > 180 || std::abs(lonlat->y) > 90)) lonlat.reset();
  return lonlat;
}

void Placer::choose_division(Place& place, Vec2d point_world, DivisionIndex claimed) const {
  const DivisionIndex found = m_locator.locate(point_world);
  place.division = found;
  if (!claimed.valid() || (found.valid() && m_tree->is_within(found, claimed))) return;
  // The code names another division, or one below the one found.
  if (m_locator.distance_to_border_m(point_world, claimed, kBorderToleranceM) <= kBorderToleranceM) {
    place.division = claimed;
    place.code_won = true;
  }
}

DivisionIndex Placer::locate(Vec2d lonlat) const {
  const auto point_world = m_world_from_lonlat.forward(lonlat);
  return point_world ? m_locator.locate(*point_world) : DivisionIndex{};
}

Result<Place> Placer::place(const model::IncidentFacts& facts, bool sensitive, Sender sender) {
  Place place;
  DivisionIndex claimed;
  if (!facts.division_code.empty()) {
    claimed = m_tree->find(facts.division_code);
    place.code_unknown = !claimed.valid();
  }
  TRY_ASSIGN(std::optional<Vec2d> lonlat, to_lonlat(facts, sender.now));
  if (lonlat && !sender.source.empty()) {
    m_shift_watch.note(*m_tree, sender.source, *lonlat, claimed, [this](Vec2d point) { return locate(point); });
  }
  const std::optional<Vec2d> point_world = lonlat ? m_world_from_lonlat.forward(*lonlat) : std::nullopt;
  if (point_world) choose_division(place, *point_world, claimed);

  const bool located = point_world && place.division.valid();
  place.outside = facts.point.has_value() && !located;
  if (!located) {
    place.division = claimed.valid() ? claimed : m_tree->root();
    place.path = model::own_leaf(m_tree->at(place.division).path);
    if (place.code_unknown) place.claimed_code = facts.division_code;
    return place;
  }
  const model::Division& division = m_tree->at(place.division);
  place.path = model::leaf_of(division);
  const bool code_agrees = claimed.valid() && m_tree->is_within(place.division, claimed);
  if (!facts.division_code.empty() && !code_agrees) place.claimed_code = facts.division_code;
  if (sensitive) {
    lonlat = m_world_from_lonlat.inverse(division.anchor_world);
    place.coarsened = true;
  }
  if (lonlat) place.point_lonlat = rounded(*lonlat);
  return place;
}

std::optional<base::Vec2i> Placer::units_of(Vec2d lonlat) const {
  const std::optional<Vec2d> point_world = m_world_from_lonlat.forward(lonlat);
  if (!point_world) return std::nullopt;
  return m_tree->to_units(*point_world);
}

std::optional<Vec2d> Placer::lonlat_of(base::Vec2i units) const {
  const std::optional<Vec2d> lonlat = m_world_from_lonlat.inverse(m_tree->to_world(units));
  if (!lonlat) return std::nullopt;
  return rounded(*lonlat);
}

}  // namespace gridwall::hub
