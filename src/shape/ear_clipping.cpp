#include "shape/ear_clipping.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <type_traits>

#include "shape/ear_clipper.hpp"

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

}  // namespace

template <typename Number>
auto EarClipper<Number>::insert(const RingCorner& corner, Link last) -> Link {
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

template <typename Number>
void EarClipper<Number>::remove(Link n) {
  const Node gone = at(n);
  at(gone.next).prev = gone.prev;
  at(gone.prev).next = gone.next;
  if (gone.z_prev != kNone) at(gone.z_prev).z_next = gone.z_next;
  if (gone.z_next != kNone) at(gone.z_next).z_prev = gone.z_prev;
  if (m_beside) m_xs[n] = m_ys[n] = kGone;
}

template <typename Number>
auto EarClipper<Number>::link_ring(const std::vector<RingCorner>& ring, bool counter_clockwise) -> Link {
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
template <typename Number>
auto EarClipper<Number>::filter(Link start, Link end) -> Link {
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
template <typename Number>
auto EarClipper<Number>::split(Link a, Link b) -> Link {
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

template <typename Number>
void EarClipper<Number>::set_hash_frame() {
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

template <typename Number>
std::uint32_t EarClipper<Number>::z_of(Vec2i point) const {
  const double x = (static_cast<double>(point.x) - m_low.x) * m_z_per_unit;
  const double y = (static_cast<double>(point.y) - m_low.y) * m_z_per_unit;
  return spread_bits(static_cast<std::uint32_t>(x)) | (spread_bits(static_cast<std::uint32_t>(y)) << 1);
}

template <typename Number>
void EarClipper<Number>::hash(Link start) {
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

template <typename Number>
auto EarClipper<Number>::leftmost(Link start) const -> Link {
  Link best = start;
  for (Link n = next(start); n != start; n = next(n)) {
    if (p(n).x < p(best).x || (p(n).x == p(best).x && p(n).y < p(best).y)) best = n;
  }
  return best;
}

// Holes are joined from left to right, so that a bridge never crosses a hole that is not yet joined.
template <typename Number>
auto EarClipper<Number>::join_holes(Link outer) -> Link {
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
    return turn<Number>(p(a), p(next(a)), p(next(b))) > 0;  // two holes that touch here: the lower one first
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

template <typename Number>
auto EarClipper<Number>::join(Link hole, Link bridge) -> Link {
  const Link copy = split(bridge, hole);
  filter(copy, next(copy));
  return filter(bridge, next(bridge));
}

// Joins every hole that touches the outer list, or one that does, where it touches: no bridge is needed there.
template <typename Number>
auto EarClipper<Number>::join_touching(std::vector<Link>& holes, Link outer) -> Link {
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
template <typename Number>
auto EarClipper<Number>::contact_in(Link outer, Link hole_node) -> Link {
  Link n = outer;
  do {
    if (++m_contact_steps > kContactStepsMax) return kNone;
    if (p(n) == p(hole_node) && locally_inside(n, next(hole_node)) && locally_inside(n, prev(hole_node))) return n;
    n = next(n);
  } while (n != outer);
  return kNone;
}

template <typename Number>
void EarClipper<Number>::forget_contacts(Link start) {
  Link n = start;
  do {
    at(n).is_contact = false;
    n = next(n);
  } while (n != start);
}

// A ray from the hole to the left meets the outer list first at some edge; the bridge goes to a visible end near it.
template <typename Number>
auto EarClipper<Number>::find_bridge(Link hole, Link outer) const -> Link {
  const Vec2i h = p(hole);
  Link hit = kNone, edge_from = kNone;
  long double best_x = -std::numeric_limits<long double>::infinity();
  Link n = outer;
  if (p(n) == h) return n;
  do {
    const Vec2i a = p(n), b = p(next(n));
    if (b == h) return next(n);
    // Downward edges have the inside to the east; turn >= 0: the hole's point is on that side or on the edge.
    if (h.y <= a.y && h.y >= b.y && a.y != b.y && turn<Number>(a, b, h) >= 0) {
      const long double x = a.x + static_cast<long double>(static_cast<std::int64_t>(h.y) - a.y) *
                                      static_cast<long double>(static_cast<std::int64_t>(b.x) - a.x) /
                                      static_cast<long double>(static_cast<std::int64_t>(b.y) - a.y);
      if (x > best_x) {
        best_x = x;
        hit = a.x < b.x ? n : next(n);
        edge_from = n;
        if (turn<Number>(a, b, h) == 0) return hit;  // the hole touches this edge
      }
    }
    n = next(n);
  } while (n != outer);
  return hit == kNone ? kNone : nearest_visible(hole, hit, edge_from);
}

// Points inside the triangle of hole, edge and `hit` may hide `hit`: the one of the smallest angle to the ray is seen.
template <typename Number>
auto EarClipper<Number>::nearest_visible(Link hole, Link hit, Link edge_from) const -> Link {
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
    if (in_band && turn<Number>(edge_a, edge_b, q) >= 0 && side * turn<Number>(h, m, q) >= 0) {
      const long double tan = std::abs(static_cast<long double>(static_cast<std::int64_t>(h.y) - q.y)) /
                              static_cast<long double>(static_cast<std::int64_t>(h.x) - q.x);
      const auto sector_holds = [this](Link outer, Link inner) {
        return turn<Number>(p(prev(outer)), p(outer), p(prev(inner))) > 0 &&
               turn<Number>(p(next(inner)), p(outer), p(next(outer))) > 0;
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

template <typename Number>
void EarClipper<Number>::emit(Link a, Link b, Link c) {
  const Number area = turn<Number>(p(a), p(b), p(c));
  if (area == 0) return;
  m_triangles.push_back(at(a).vertex);
  m_triangles.push_back(at(area > 0 ? b : c).vertex);
  m_triangles.push_back(at(area > 0 ? c : b).vertex);
}

// Would point n forbid the ear? Only reflex corners can; the ear's own first corner seen again (a bridge) does not.
template <typename Number>
bool EarClipper<Number>::blocks(Link n, const Ear& ear) const {
  const Vec2i q = p(n);
  if (q.x < ear.low.x || q.x > ear.high.x || q.y < ear.low.y || q.y > ear.high.y || q == ear.a) return false;
  if (m_joining == Joining::ByContacts && (q == ear.b || q == ear.c)) return false;  // opens_inward() has looked there
  return in_triangle<Number>(ear.a, ear.b, ear.c, q) && turn_at(n) <= 0;
}

// The cut from the ear's first corner to its last runs inside at both ends.
template <typename Number>
bool EarClipper<Number>::opens_inward(Link ear) const {
  return m_joining == Joining::ByRays || (locally_inside(prev(ear), next(ear)) && locally_inside(next(ear), prev(ear)));
}

template <typename Number>
auto EarClipper<Number>::ear_at(Link n) const -> Ear {
  const Vec2i a = p(prev(n)), b = p(n), c = p(next(n));
  return {a,
          b,
          c,
          {std::min({a.x, b.x, c.x}), std::min({a.y, b.y, c.y})},
          {std::max({a.x, b.x, c.x}), std::max({a.y, b.y, c.y})}};
}

template <typename Number>
bool EarClipper<Number>::is_ear(Link at_ear) const {
  if (turn_at(at_ear) <= 0 || !opens_inward(at_ear)) return false;
  const Ear ear = ear_at(at_ear);
  for (Link n = next(next(at_ear)); n != prev(at_ear); n = next(n)) {
    if (blocks(n, ear)) return false;
  }
  return true;
}

// The same as is_ear(), whose answer does not depend on the order in which corners are looked at.
template <typename Number>
bool EarClipper<Number>::is_ear_beside(Link at_ear) const {
  using Four = std::int32_t __attribute__((vector_size(4 * sizeof(std::int32_t))));
  using Two = std::int64_t __attribute__((vector_size(2 * sizeof(std::int64_t))));
  if (turn_at(at_ear) <= 0) return false;
  const Ear ear = ear_at(at_ear);
  for (Link first = 0; first < m_xs.size(); first += 4) {
    Four x{}, y{};
    std::memcpy(&x, m_xs.data() + first, sizeof x);
    std::memcpy(&y, m_ys.data() + first, sizeof y);
    const Four in_box = (x >= ear.low.x) & (x <= ear.high.x) & (y >= ear.low.y) & (y <= ear.high.y);
    const Two any = std::bit_cast<Two>(in_box);
    if ((any[0] | any[1]) == 0) continue;
    for (Link k = 0; k < 4; ++k) {
      const Link n = first + k;
      if (in_box[k] != 0 && n != at_ear && n != prev(at_ear) && n != next(at_ear) && blocks(n, ear)) return false;
    }
  }
  return true;
}

template <typename Number>
bool EarClipper<Number>::is_ear_hashed(Link at_ear) const {
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
template <typename Number>
auto EarClipper<Number>::clip_pass(Link ear) -> Link {
  Link stop = ear;
  while (prev(ear) != next(ear)) {
    const Link before = prev(ear), after = next(ear);
    if (m_beside ? is_ear_beside(ear) : m_hashed ? is_ear_hashed(ear) : is_ear(ear)) {
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

template <typename Number>
void EarClipper<Number>::clip(Link start) {
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
template <typename Number>
auto EarClipper<Number>::cure(Link start) -> Link {
  Link n = start;
  do {
    const Link a = prev(n), b = next(next(n));
    if (p(a) != p(b) && segments_meet<Number>(p(a), p(n), p(next(n)), p(b)) && locally_inside(a, b) &&
        locally_inside(b, a)) {
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
template <typename Number>
void EarClipper<Number>::split_and_queue(Link start) {
  Link a = start;
  do {
    for (Link b = next(next(a)); b != prev(a); b = next(b)) {
      if (m_diagonal_steps > kDiagonalStepsMax) return;
      if (at(a).vertex == at(b).vertex || !is_diagonal(a, b)) continue;
      m_beside = false;
      const Link other = split(a, b);
      m_queue.push_back(filter(a, next(a)));
      m_queue.push_back(filter(other, next(other)));
      return;
    }
    a = next(a);
  } while (a != start);
}

template <typename Number>
bool EarClipper<Number>::is_diagonal(Link a, Link b) {
  if (at(next(a)).vertex == at(b).vertex || at(prev(a)).vertex == at(b).vertex || crosses_ring(a, b)) return false;
  if (locally_inside(a, b) && locally_inside(b, a) && middle_inside(a, b)) {
    // Not a flat cut through two opposite sectors.
    return turn<Number>(p(prev(a)), p(a), p(prev(b))) != 0 || turn<Number>(p(a), p(prev(b)), p(b)) != 0;
  }
  return p(a) == p(b) && turn_at(a) < 0 && turn_at(b) < 0;  // two reflex corners at one point
}

template <typename Number>
bool EarClipper<Number>::locally_inside(Link a, Link b) const {
  const Vec2i before = p(prev(a)), here = p(a), after = p(next(a)), there = p(b);
  return turn<Number>(before, here, after) > 0
             ? turn<Number>(here, there, after) <= 0 && turn<Number>(here, before, there) <= 0
             : turn<Number>(here, there, before) > 0 || turn<Number>(here, after, there) > 0;
}

template <typename Number>
bool EarClipper<Number>::crosses_ring(Link a, Link b) {
  Link n = a;
  do {
    ++m_diagonal_steps;
    const Link m = next(n);
    const std::uint32_t va = at(a).vertex, vb = at(b).vertex, vn = at(n).vertex, vm = at(m).vertex;
    if (vn != va && vm != va && vn != vb && vm != vb && segments_meet<Number>(p(n), p(m), p(a), p(b))) return true;
    n = m;
  } while (n != a);
  return false;
}

template <typename Number>
bool EarClipper<Number>::middle_inside(Link a, Link b) const {
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

template <typename Number>
std::vector<std::uint32_t> EarClipper<Number>::run() {
  if (m_rings.empty() || m_rings[0].size() < 3) return {};
  std::size_t count = 0;
  for (const auto& ring : m_rings) count += ring.size();
  m_nodes.reserve(count + 2 * m_rings.size() + 16);
  m_triangles.reserve(3 * (count + 2 * m_rings.size()));
  set_hash_frame();
  const Link shell = link_ring(m_rings[0], true);
  if (shell == kNone || next(shell) == prev(shell)) return {};
  m_queue.push_back(join_holes(shell));
  // Holes that found no bridge would be lists of their own.
  m_beside = std::is_same_v<Number, Narrow> && !m_hashed && m_rings.size() == 1 && m_joining == Joining::ByRays;
  if (m_beside) {
    const std::size_t whole = (m_nodes.size() + 3) / 4 * 4;
    m_xs.assign(whole, kGone);
    m_ys.assign(whole, kGone);
    Link n = m_queue.back();
    do {
      m_xs[n] = p(n).x, m_ys[n] = p(n).y;
      n = next(n);
    } while (n != m_queue.back());
  }
  while (!m_queue.empty()) {
    const Link list = m_queue.back();
    m_queue.pop_back();
    clip(list);
  }
  return std::move(m_triangles);
}

namespace {

template <typename Number>
std::vector<std::uint32_t> clip_with(const std::vector<IntRing>& rings) {
  using Clipper = EarClipper<Number>;
  std::vector<std::vector<RingCorner>> corners;
  std::uint32_t vertex = 0;
  for (const IntRing& ring : rings) {
    auto& out = corners.emplace_back();
    out.reserve(ring.size());
    for (const Vec2i p : ring) out.push_back({p, vertex++, false});
  }
  auto triangles = Clipper(std::move(corners), Clipper::Joining::ByRays).run();
  if (rings.size() < 2) return triangles;
  const double area = twice_ring_area(rings);
  const double missed = std::abs(twice_triangle_area(rings, triangles) - area);
  if (missed == 0) return triangles;
  auto again = Clipper(find_contacts(rings), Clipper::Joining::ByContacts).run();
  return std::abs(twice_triangle_area(rings, again) - area) < missed ? again : triangles;
}

}  // namespace

std::vector<std::uint32_t> clip_ears(const std::vector<IntRing>& rings) {
  const bool narrow = std::all_of(rings.begin(), rings.end(),
                                  [](const IntRing& ring) { return std::all_of(ring.begin(), ring.end(), is_narrow); });
  return narrow ? clip_with<Narrow>(rings) : clip_with<Wide>(rings);
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
