// EventResolver: gives events that came over the feed their place in our own tree: the division by its path, and the
// point in the tree's world coordinates: the hub's own, in units of the tree, where the event has them, so that no two
// walls differ by a rounding. One thread (PROJ contexts are not shared).
#pragma once

#include <memory>
#include <vector>

#include "base/result.hpp"
#include "geo/transform.hpp"
#include "model/event.hpp"

namespace gridwall::geo {

class EventResolver {
 public:
  static base::Result<EventResolver> create(std::shared_ptr<const model::DivisionTree> tree);

  void resolve(model::SequencedEvent& event) const;
  // Paths that our tree does not know: layers differ. Such events count at the root's unlocated tray.
  [[nodiscard]] std::uint64_t unknown_path_count() const { return m_unknown_path_count; }

 private:
  EventResolver(std::shared_ptr<const model::DivisionTree> tree, Transform transform)
      : m_tree(std::move(tree)), m_world_from_lonlat(std::move(transform)) {}

  std::shared_ptr<const model::DivisionTree> m_tree;
  Transform m_world_from_lonlat;
  mutable std::uint64_t m_unknown_path_count = 0;
};

}  // namespace gridwall::geo
