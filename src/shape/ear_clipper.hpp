// EarClipper: the work of clip_ears on one polygon, with numbers of 64 bits where its coordinates allow it and of 128
// where they do not. Private to ear_clipping.cpp, which has its definitions. Test:
// tests/unit/shape/ear_clipping_test.cpp.
#pragma once

#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "shape/exact_turn.hpp"
#include "shape/ring_contacts.hpp"

namespace gridwall::shape {

// Nodes of circular lists live in one vector and point to each other by index, so growing it breaks nothing.
template <typename Number>
class EarClipper {
 public:
  using Rings = std::vector<std::vector<RingCorner>>;
  // ByRays joins each hole by a bridge. ByContacts first joins rings where they touch and keeps the corners there, and
  // looks twice at ears there: slower, and exact where rings touch in many places.
  enum class Joining { ByRays, ByContacts };

  EarClipper(Rings rings, Joining joining) : m_rings(std::move(rings)), m_joining(joining) {}
  std::vector<std::uint32_t> run();

 private:
  using Link = std::uint32_t;
  static constexpr Link kNone = std::numeric_limits<Link>::max();
  enum class Pass { Plain, Filtered, Cured };

  struct Node {
    base::Vec2i p;
    std::uint32_t vertex;
    Link prev, next;
    Link z_prev = kNone, z_next = kNone;
    std::uint32_t z = 0;
    bool is_lone_hole = false;  // a hole of one point: kept although it has no area
    bool is_contact = false;    // another ring touches here: kept although it may stand on a straight line
  };

  struct Ear {
    base::Vec2i a, b, c, low, high;  // corners and box
  };

  Node& at(Link n) { return m_nodes[n]; }
  [[nodiscard]] const Node& at(Link n) const { return m_nodes[n]; }
  [[nodiscard]] base::Vec2i p(Link n) const { return m_nodes[n].p; }
  [[nodiscard]] Link prev(Link n) const { return m_nodes[n].prev; }
  [[nodiscard]] Link next(Link n) const { return m_nodes[n].next; }
  [[nodiscard]] Number turn_at(Link n) const { return turn<Number>(p(prev(n)), p(n), p(next(n))); }

  Link insert(const RingCorner& corner, Link last);
  void remove(Link n);
  Link link_ring(const std::vector<RingCorner>& ring, bool counter_clockwise);
  Link filter(Link start, Link end);
  Link split(Link a, Link b);

  void set_hash_frame();
  void hash(Link start);
  [[nodiscard]] std::uint32_t z_of(base::Vec2i point) const;

  Link join_holes(Link outer);
  Link join(Link hole, Link bridge);
  Link join_touching(std::vector<Link>& holes, Link outer);
  [[nodiscard]] Link contact_in(Link outer, Link hole_node);
  void forget_contacts(Link start);
  [[nodiscard]] Link leftmost(Link start) const;
  [[nodiscard]] Link find_bridge(Link hole, Link outer) const;
  [[nodiscard]] Link nearest_visible(Link hole, Link hit, Link edge_from) const;

  void clip(Link start);
  Link clip_pass(Link ear);
  Link cure(Link start);
  void split_and_queue(Link start);
  [[nodiscard]] Ear ear_at(Link n) const;
  [[nodiscard]] bool is_ear(Link at_ear) const;
  [[nodiscard]] bool is_ear_hashed(Link at_ear) const;
  [[nodiscard]] bool is_ear_beside(Link at_ear) const;
  [[nodiscard]] bool blocks(Link n, const Ear& ear) const;
  [[nodiscard]] bool opens_inward(Link ear) const;

  [[nodiscard]] bool locally_inside(Link a, Link b) const;
  [[nodiscard]] bool crosses_ring(Link a, Link b);
  [[nodiscard]] bool middle_inside(Link a, Link b) const;
  [[nodiscard]] bool is_diagonal(Link a, Link b);
  void emit(Link a, Link b, Link c);

  const Rings m_rings;
  const Joining m_joining;
  std::vector<Node> m_nodes;
  std::vector<Link> m_queue;  // lists still to be clipped: split() may leave two, and recursion would go deep
  std::vector<std::uint32_t> m_triangles;
  std::uint64_t m_diagonal_steps = 0, m_contact_steps = 0;
  bool m_hashed = false;
  // All nodes are in one list, and their places stand side by side, so that an ear looks at four at once.
  bool m_beside = false;
  std::vector<std::int32_t> m_xs, m_ys;  // by node; kGone: of one that was removed
  static constexpr std::int32_t kGone = std::numeric_limits<std::int32_t>::max();
  base::Vec2i m_low;
  double m_z_per_unit = 0;
};

}  // namespace gridwall::shape
