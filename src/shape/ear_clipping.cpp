#include "shape/ear_clipping.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "shape/exact_turn.hpp"
#include "shape/ring_contacts.hpp"

namespace gridwall::shape {

using base::Vec2i;

namespace {

constexpr std::size_t kHashFromPoints = 80;  // below it a plain scan is quicker than the z-order list
// Looking for a diagonal is cubic at worst, which only rings that cross themselves reach: about a second's work.
constexpr std::uint64_t kDiagonalStepsMax = 300'000'000;
constexpr std::uint64_t kContactStepsMax = 300'000'000;  // of outer corners looked at for a hole's contact

Wide twice_signed_area(const IntRing& ring) {
  Wide sum = 0;
  for (std::size_t i = 0, j = ring.size() - 1; i < ring.size(); j = i++) {
    sum += static_cast<Wide>(ring[j].x) * ring[i].y - static_cast<Wide>(ring[i].x) * ring[j].y;
  }
  return sum;
}

// Spreads the low 16 bits to the even positions.
std::uint32_t spread_bits(std::uint32_t v) {
  v = (v | (v << 8)) & 0x00ff00ffu;
  v = (v | (v << 4)) & 0x0f0f0f0fu;
  v = (v | (v << 2)) & 0x33333333u;
  return (v | (v << 1)) & 0x55555555u;
}

// Nodes of circular lists live in one vector and point to each other by index, so growing it breaks nothing.
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
    Vec2i p;
    std::uint32_t vertex;
    Link prev, next;
    Link z_prev = kNone, z_next = kNone;
    std::uint32_t z = 0;
    bool is_lone_hole = false;  // a hole of one point: kept although it has no area
    bool is_contact = false;    // another ring touches here: kept although it may stand on a straight line
  };

  struct Ear {
    Vec2i a, b, c, low, high;  // corners and box
  };

  Node& at(Link n) { return m_nodes[n]; }
  [[nodiscard]] const Node& at(Link n) const { return m_nodes[n]; }
  [[nodiscard]] Vec2i p(Link n) const { return m_nodes[n].p; }
  [[nodiscard]] Link prev(Link n) const { return m_nodes[n].prev; }
  [[nodiscard]] Link next(Link n) const { return m_nodes[n].next; }
  [[nodiscard]] Wide turn_at(Link n) const { return turn(p(prev(n)), p(n), p(next(n))); }

  Link insert(const RingCorner& corner, Link last);
  void remove(Link n);
  Link link_ring(const std::vector<RingCorner>& ring, bool counter_clockwise);
  Link filter(Link start, Link end);
  Link split(Link a, Link b);

  void set_hash_frame();
  void hash(Link start);
  [[nodiscard]] std::uint32_t z_of(Vec2i point) const;

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
  Vec2i m_low;
  double m_z_per_unit = 0;
};

EarClipper::Link EarClipper::insert(const RingCorner& corner, Link last) {
  const auto n = static_cast<Link>(m_nodes.size());
  Node node{corner.p, corner.vertex, n, n};
  node.is_contact = corner.is_contact;
  m_nodes.push_back(node);
  if (last != kNone) {
    at(n).next = next(last);
    at(n).prev = last;
    at(next(last)).prev = n;
    at(last).next = n;
  }
  return n;
}

void EarClipper::remove(Link n) {
  const Node gone = at(n);
  at(gone.next).prev = gone.prev;
  at(gone.prev).next = gone.next;
  if (gone.z_prev != kNone) at(gone.z_prev).z_next = gone.z_next;
  if (gone.z_next != kNone) at(gone.z_next).z_prev = gone.z_prev;
}

EarClipper::Link EarClipper::link_ring(const std::vector<RingCorner>& ring, bool counter_clockwise) {
  Link last = kNone;
  if (ring.empty()) return last;
  Wide area = 0;
  for (std::size_t i = 0, j = ring.size() - 1; i < ring.size(); j = i++) {
    area += static_cast<Wide>(ring[j].p.x) * ring[i].p.y - static_cast<Wide>(ring[i].p.x) * ring[j].p.y;
  }
  const bool forward = (area > 0) == counter_clockwise;
  for (std::size_t k = 0; k < ring.size(); ++k) last = insert(ring[forward ? k : ring.size() - 1 - k], last);
  if (last != next(last) && p(last) == p(next(last))) {
    remove(last);
    last = next(last);
  }
  return last;
}

// Drops repeated points and points on a straight line between `start` and `end`; a node that stays.
EarClipper::Link EarClipper::filter(Link start, Link end) {
  if (start == kNone) return start;
  if (end == kNone) end = start;
  Link n = start;
  bool again = false;
  do {
    again = false;
    const bool is_kept = at(n).is_lone_hole || (at(n).is_contact && p(prev(n)) != p(next(n)));
    if (p(n) == p(next(n)) ? !at(n).is_lone_hole : !is_kept && turn_at(n) == 0) {
      remove(n);
      n = end = prev(n);
      if (n == next(n)) break;
      again = true;
    } else {
      n = next(n);
    }
  } while (again || n != end);
  return end;
}

// Joins a and b by a bridge: one list becomes two (or two become one). The second copy of b.
EarClipper::Link EarClipper::split(Link a, Link b) {
  const Link a2 = insert({p(a), at(a).vertex, at(a).is_contact}, kNone);
  const Link b2 = insert({p(b), at(b).vertex, at(b).is_contact}, kNone);
  const Link a_next = next(a), b_prev = prev(b);
  at(a).next = b;
  at(b).prev = a;
  at(a2).next = a_next;
  at(a_next).prev = a2;
  at(b2).next = a2;
  at(a2).prev = b2;
  at(b_prev).next = b2;
  at(b2).prev = b_prev;
  return b2;
}

void EarClipper::set_hash_frame() {
  Vec2i low = m_rings[0][0].p, high = low;
  std::size_t count = 0;
  for (const auto& ring : m_rings) {
    count += ring.size();
    for (const auto& [q, vertex, is_contact] : ring) {
      low = {std::min(low.x, q.x), std::min(low.y, q.y)};
      high = {std::max(high.x, q.x), std::max(high.y, q.y)};
    }
  }
  const double size = std::max(static_cast<double>(high.x) - low.x, static_cast<double>(high.y) - low.y);
  m_low = low;
  m_hashed = count > kHashFromPoints && size > 0;
  m_z_per_unit = size > 0 ? 32767.0 / size : 0;
}

std::uint32_t EarClipper::z_of(Vec2i point) const {
  const double x = (static_cast<double>(point.x) - m_low.x) * m_z_per_unit;
  const double y = (static_cast<double>(point.y) - m_low.y) * m_z_per_unit;
  return spread_bits(static_cast<std::uint32_t>(x)) | (spread_bits(static_cast<std::uint32_t>(y)) << 1);
}

void EarClipper::hash(Link start) {
  std::vector<Link> order;
  Link n = start;
  do {
    at(n).z = z_of(p(n));
    order.push_back(n);
    n = next(n);
  } while (n != start);
  std::sort(order.begin(), order.end(),
            [this](Link a, Link b) { return at(a).z != at(b).z ? at(a).z < at(b).z : a < b; });
  for (std::size_t i = 0; i < order.size(); ++i) {
    at(order[i]).z_prev = i > 0 ? order[i - 1] : kNone;
    at(order[i]).z_next = i + 1 < order.size() ? order[i + 1] : kNone;
  }
}

EarClipper::Link EarClipper::leftmost(Link start) const {
  Link best = start;
  for (Link n = next(start); n != start; n = next(n)) {
    if (p(n).x < p(best).x || (p(n).x == p(best).x && p(n).y < p(best).y)) best = n;
  }
  return best;
}

// Holes are joined from left to right, so that a bridge never crosses a hole that is not yet joined.
EarClipper::Link EarClipper::join_holes(Link outer) {
  std::vector<Link> holes;
  for (std::size_t r = 1; r < m_rings.size(); ++r) {
    const Link ring = link_ring(m_rings[r], false);
    if (ring == kNone) continue;
    if (ring == next(ring)) at(ring).is_lone_hole = true;
    holes.push_back(leftmost(ring));
  }
  std::sort(holes.begin(), holes.end(), [this](Link a, Link b) {
    if (p(a).x != p(b).x) return p(a).x < p(b).x;
    if (p(a).y != p(b).y) return p(a).y < p(b).y;
    return turn(p(a), p(next(a)), p(next(b))) > 0;  // two holes that touch here: the lower one first
  });
  while (!holes.empty()) {
    if (m_joining == Joining::ByContacts) outer = join_touching(holes, outer);
    if (holes.empty()) break;
    const Link hole = holes.front();
    holes.erase(holes.begin());
    const Link bridge = find_bridge(hole, outer);
    if (bridge != kNone) outer = join(hole, bridge);
  }
  return outer;
}

EarClipper::Link EarClipper::join(Link hole, Link bridge) {
  const Link copy = split(bridge, hole);
  filter(copy, next(copy));
  return filter(bridge, next(bridge));
}

// Joins every hole that touches the outer list, or one that does, where it touches: no bridge is needed there.
EarClipper::Link EarClipper::join_touching(std::vector<Link>& holes, Link outer) {
  for (bool again = true; again;) {
    again = false;
    for (std::size_t k = 0; k < holes.size(); ++k) {
      Link n = holes[k], bridge = kNone;
      do {
        if (at(n).is_contact) bridge = contact_in(outer, n);
        if (bridge != kNone) break;
        n = next(n);
      } while (n != holes[k]);
      if (bridge == kNone) continue;
      holes.erase(holes.begin() + static_cast<std::ptrdiff_t>(k--));
      outer = join(n, bridge);
      again = true;
    }
  }
  return outer;
}

// The corner of the outer list at the place of a hole's corner, in whose angle the hole lies.
EarClipper::Link EarClipper::contact_in(Link outer, Link hole_node) {
  Link n = outer;
  do {
    if (++m_contact_steps > kContactStepsMax) return kNone;
    if (p(n) == p(hole_node) && locally_inside(n, next(hole_node)) && locally_inside(n, prev(hole_node))) return n;
    n = next(n);
  } while (n != outer);
  return kNone;
}

void EarClipper::forget_contacts(Link start) {
  Link n = start;
  do {
    at(n).is_contact = false;
    n = next(n);
  } while (n != start);
}

// A ray from the hole to the left meets the outer list first at some edge; the bridge goes to a visible end near it.
EarClipper::Link EarClipper::find_bridge(Link hole, Link outer) const {
  const Vec2i h = p(hole);
  Link hit = kNone, edge_from = kNone;
  long double best_x = -std::numeric_limits<long double>::infinity();
  Link n = outer;
  if (p(n) == h) return n;
  do {
    const Vec2i a = p(n), b = p(next(n));
    if (b == h) return next(n);
    // Downward edges have the inside to the east; turn >= 0: the hole's point is on that side or on the edge.
    if (h.y <= a.y && h.y >= b.y && a.y != b.y && turn(a, b, h) >= 0) {
      const long double x = a.x + static_cast<long double>(static_cast<std::int64_t>(h.y) - a.y) *
                                      static_cast<long double>(static_cast<std::int64_t>(b.x) - a.x) /
                                      static_cast<long double>(static_cast<std::int64_t>(b.y) - a.y);
      if (x > best_x) {
        best_x = x;
        hit = a.x < b.x ? n : next(n);
        edge_from = n;
        if (turn(a, b, h) == 0) return hit;  // the hole touches this edge
      }
    }
    n = next(n);
  } while (n != outer);
  return hit == kNone ? kNone : nearest_visible(hole, hit, edge_from);
}

// Points inside the triangle of hole, edge and `hit` may hide `hit`: the one of the smallest angle to the ray is seen.
EarClipper::Link EarClipper::nearest_visible(Link hole, Link hit, Link edge_from) const {
  const Vec2i h = p(hole), m = p(hit);
  const Vec2i edge_a = p(edge_from), edge_b = p(next(edge_from));
  const int side = m.y < h.y ? -1 : 1;  // the triangle lies below or above the ray
  const Link stop = hit;
  Link best = hit;
  long double tan_min = std::numeric_limits<long double>::infinity();
  Link n = hit;
  do {
    const Vec2i q = p(n);
    const bool in_band = h.x > q.x && q.x >= m.x && (side < 0 ? q.y <= h.y : q.y >= h.y);
    if (in_band && turn(edge_a, edge_b, q) >= 0 && side * turn(h, m, q) >= 0) {
      const long double tan = std::abs(static_cast<long double>(static_cast<std::int64_t>(h.y) - q.y)) /
                              static_cast<long double>(static_cast<std::int64_t>(h.x) - q.x);
      const auto sector_holds = [this](Link outer, Link inner) {
        return turn(p(prev(outer)), p(outer), p(prev(inner))) > 0 && turn(p(next(inner)), p(outer), p(next(outer))) > 0;
      };
      const Vec2i b = p(best);
      if (locally_inside(n, hole) &&
          (tan < tan_min || (tan == tan_min && (q.x > b.x || (q.x == b.x && sector_holds(best, n)))))) {
        best = n;
        tan_min = tan;
      }
    }
    n = next(n);
  } while (n != stop);
  return best;
}

void EarClipper::emit(Link a, Link b, Link c) {
  const Wide area = turn(p(a), p(b), p(c));
  if (area == 0) return;
  m_triangles.push_back(at(a).vertex);
  m_triangles.push_back(at(area > 0 ? b : c).vertex);
  m_triangles.push_back(at(area > 0 ? c : b).vertex);
}

// Would point n forbid the ear? Only reflex corners can; the ear's own first corner seen again (a bridge) does not.
bool EarClipper::blocks(Link n, const Ear& ear) const {
  const Vec2i q = p(n);
  if (q.x < ear.low.x || q.x > ear.high.x || q.y < ear.low.y || q.y > ear.high.y || q == ear.a) return false;
  if (m_joining == Joining::ByContacts && (q == ear.b || q == ear.c)) return false;  // opens_inward() has looked there
  return in_triangle(ear.a, ear.b, ear.c, q) && turn_at(n) <= 0;
}

// The cut from the ear's first corner to its last runs inside at both ends.
bool EarClipper::opens_inward(Link ear) const {
  return m_joining == Joining::ByRays || (locally_inside(prev(ear), next(ear)) && locally_inside(next(ear), prev(ear)));
}

EarClipper::Ear EarClipper::ear_at(Link n) const {
  const Vec2i a = p(prev(n)), b = p(n), c = p(next(n));
  return {a,
          b,
          c,
          {std::min({a.x, b.x, c.x}), std::min({a.y, b.y, c.y})},
          {std::max({a.x, b.x, c.x}), std::max({a.y, b.y, c.y})}};
}

bool EarClipper::is_ear(Link at_ear) const {
  if (turn_at(at_ear) <= 0 || !opens_inward(at_ear)) return false;
  const Ear ear = ear_at(at_ear);
  for (Link n = next(next(at_ear)); n != prev(at_ear); n = next(n)) {
    if (blocks(n, ear)) return false;
  }
  return true;
}

bool EarClipper::is_ear_hashed(Link at_ear) const {
  if (turn_at(at_ear) <= 0 || !opens_inward(at_ear)) return false;
  const Ear ear = ear_at(at_ear);
  const std::uint32_t z_min = z_of(ear.low), z_max = z_of(ear.high);
  const auto hides = [&](Link n) { return n != prev(at_ear) && n != next(at_ear) && blocks(n, ear); };
  for (Link n = at(at_ear).z_prev; n != kNone && at(n).z >= z_min; n = at(n).z_prev) {
    if (hides(n)) return false;
  }
  for (Link n = at(at_ear).z_next; n != kNone && at(n).z <= z_max; n = at(n).z_next) {
    if (hides(n)) return false;
  }
  return true;
}

// Clips until no ear is found on a whole round. What is left, kNone when nothing is.
EarClipper::Link EarClipper::clip_pass(Link ear) {
  Link stop = ear;
  while (prev(ear) != next(ear)) {
    const Link before = prev(ear), after = next(ear);
    if (m_hashed ? is_ear_hashed(ear) : is_ear(ear)) {
      emit(before, ear, after);
      remove(ear);
      ear = stop = next(after);  // leaving one out gives fewer slivers
      continue;
    }
    ear = after;
    if (ear == stop) return ear;
  }
  return kNone;
}

void EarClipper::clip(Link start) {
  if (start == kNone || next(start) == prev(start)) return;
  if (m_hashed) hash(start);
  Link rest = start;
  for (const Pass pass : {Pass::Plain, Pass::Filtered, Pass::Cured}) {
    if (pass == Pass::Filtered) {
      forget_contacts(rest);
      rest = filter(rest, kNone);
    }
    if (pass == Pass::Cured) rest = cure(filter(rest, kNone));
    rest = clip_pass(rest);
    if (rest == kNone) return;
  }
  split_and_queue(rest);
}

// Small crossings of neighbouring edges: cuts the crossing off as a triangle.
EarClipper::Link EarClipper::cure(Link start) {
  Link n = start;
  do {
    const Link a = prev(n), b = next(next(n));
    if (p(a) != p(b) && segments_meet(p(a), p(n), p(next(n)), p(b)) && locally_inside(a, b) && locally_inside(b, a)) {
      emit(a, n, b);
      remove(next(n));
      remove(n);
      n = start = b;
    }
    n = next(n);
  } while (n != start);
  return filter(n, kNone);
}

// Cuts what is left in two along any diagonal; without one the rest is given up.
void EarClipper::split_and_queue(Link start) {
  Link a = start;
  do {
    for (Link b = next(next(a)); b != prev(a); b = next(b)) {
      if (m_diagonal_steps > kDiagonalStepsMax) return;
      if (at(a).vertex == at(b).vertex || !is_diagonal(a, b)) continue;
      const Link other = split(a, b);
      m_queue.push_back(filter(a, next(a)));
      m_queue.push_back(filter(other, next(other)));
      return;
    }
    a = next(a);
  } while (a != start);
}

bool EarClipper::is_diagonal(Link a, Link b) {
  if (at(next(a)).vertex == at(b).vertex || at(prev(a)).vertex == at(b).vertex || crosses_ring(a, b)) return false;
  if (locally_inside(a, b) && locally_inside(b, a) && middle_inside(a, b)) {
    // Not a flat cut through two opposite sectors.
    return turn(p(prev(a)), p(a), p(prev(b))) != 0 || turn(p(a), p(prev(b)), p(b)) != 0;
  }
  return p(a) == p(b) && turn_at(a) < 0 && turn_at(b) < 0;  // two reflex corners at one point
}

bool EarClipper::locally_inside(Link a, Link b) const {
  const Vec2i before = p(prev(a)), here = p(a), after = p(next(a)), there = p(b);
  return turn(before, here, after) > 0 ? turn(here, there, after) <= 0 && turn(here, before, there) <= 0
                                       : turn(here, there, before) > 0 || turn(here, after, there) > 0;
}

bool EarClipper::crosses_ring(Link a, Link b) {
  Link n = a;
  do {
    ++m_diagonal_steps;
    const Link m = next(n);
    const std::uint32_t va = at(a).vertex, vb = at(b).vertex, vn = at(n).vertex, vm = at(m).vertex;
    if (vn != va && vm != va && vn != vb && vm != vb && segments_meet(p(n), p(m), p(a), p(b))) return true;
    n = m;
  } while (n != a);
  return false;
}

bool EarClipper::middle_inside(Link a, Link b) const {
  // Twice the middle stays an integer.
  const auto mx = static_cast<std::int64_t>(p(a).x) + p(b).x, my = static_cast<std::int64_t>(p(a).y) + p(b).y;
  bool inside = false;
  Link n = a;
  do {
    Vec2i low = p(n), high = p(next(n));
    if (low.y > high.y) std::swap(low, high);
    if ((2 * static_cast<std::int64_t>(low.y) > my) != (2 * static_cast<std::int64_t>(high.y) > my)) {
      const Wide left =
          static_cast<Wide>(mx - 2 * static_cast<std::int64_t>(low.x)) * (static_cast<std::int64_t>(high.y) - low.y);
      const Wide right =
          static_cast<Wide>(my - 2 * static_cast<std::int64_t>(low.y)) * (static_cast<std::int64_t>(high.x) - low.x);
      if (left < right) inside = !inside;
    }
    n = next(n);
  } while (n != a);
  return inside;
}

std::vector<std::uint32_t> EarClipper::run() {
  if (m_rings.empty() || m_rings[0].size() < 3) return {};
  std::size_t count = 0;
  for (const auto& ring : m_rings) count += ring.size();
  m_nodes.reserve(count + 2 * m_rings.size() + 16);
  m_triangles.reserve(3 * (count + 2 * m_rings.size()));
  set_hash_frame();
  const Link shell = link_ring(m_rings[0], true);
  if (shell == kNone || next(shell) == prev(shell)) return {};
  m_queue.push_back(join_holes(shell));
  while (!m_queue.empty()) {
    const Link list = m_queue.back();
    m_queue.pop_back();
    clip(list);
  }
  return std::move(m_triangles);
}

}  // namespace

std::vector<std::uint32_t> clip_ears(const std::vector<IntRing>& rings) {
  EarClipper::Rings corners;
  std::uint32_t vertex = 0;
  for (const IntRing& ring : rings) {
    auto& out = corners.emplace_back();
    out.reserve(ring.size());
    for (const Vec2i p : ring) out.push_back({p, vertex++, false});
  }
  auto triangles = EarClipper(std::move(corners), EarClipper::Joining::ByRays).run();
  if (rings.size() < 2) return triangles;
  const double area = twice_ring_area(rings);
  const double missed = std::abs(twice_triangle_area(rings, triangles) - area);
  if (missed == 0) return triangles;
  auto again = EarClipper(find_contacts(rings), EarClipper::Joining::ByContacts).run();
  return std::abs(twice_triangle_area(rings, again) - area) < missed ? again : triangles;
}

double twice_ring_area(const std::vector<IntRing>& rings) {
  Wide sum = 0;
  for (std::size_t r = 0; r < rings.size(); ++r) {
    if (rings[r].empty()) continue;
    const Wide area = twice_signed_area(rings[r]);
    const Wide size = area < 0 ? -area : area;
    sum += r == 0 ? size : -size;
  }
  return static_cast<double>(sum);
}

double twice_triangle_area(const std::vector<IntRing>& rings, const std::vector<std::uint32_t>& triangle_indices) {
  IntRing points;
  for (const IntRing& ring : rings) points.insert(points.end(), ring.begin(), ring.end());
  Wide sum = 0;
  for (std::size_t i = 0; i + 2 < triangle_indices.size(); i += 3) {
    const Wide area =
        turn(points[triangle_indices[i]], points[triangle_indices[i + 1]], points[triangle_indices[i + 2]]);
    sum += area < 0 ? -area : area;
  }
  return static_cast<double>(sum);
}

}  // namespace gridwall::shape
