#include "geo/event_resolver.hpp"

namespace gridwall::geo {

base::Result<EventResolver> EventResolver::create(std::shared_ptr<const model::DivisionTree> tree) {
  TRY_ASSIGN(auto transform, Transform::create("EPSG:4326", tree->world_crs()));
  return EventResolver(std::move(tree), std::move(transform));
}

void EventResolver::resolve(model::SequencedEvent& event) const {
  std::string_view path = event.event.division_path;
  if (path.ends_with('~')) path.remove_suffix(1);
  model::DivisionIndex division = m_tree->find_path(path);
  if (!division.valid()) {
    ++m_unknown_path_count;
    event.unlocated_in = m_tree->root();
    return;
  }
  if (event.event.point_units) {
    event.point_world = m_tree->to_world(*event.event.point_units);
  } else if (event.event.point_lonlat) {
    event.point_world = m_world_from_lonlat.forward(*event.event.point_lonlat);
  }
  if (event.point_world) {
    event.division = division;
  } else {
    event.unlocated_in = division;
  }
}

}  // namespace gridwall::geo
