#include "scene/marker_fan.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>

namespace gridwall::scene {

namespace {

constexpr double kApart = 2.3;      // markers beside each other, in markers: the heaviest are 1.6 and have an edge
constexpr double kInnerRing = 3.6;  // of the innermost ring, in markers: room for the stack's own and its count

struct Ring {
  double radius = 0;  // in markers
  std::size_t room = 0;
};

std::vector<Ring> rings_for(std::size_t count) {
  std::vector<Ring> rings;
  for (double radius = kInnerRing; count > 0; radius += kApart) {
    // A chord of two neighbours is no shorter than kApart.
    const auto room = static_cast<std::size_t>(std::numbers::pi / std::asin(kApart / 2 / radius));
    rings.push_back({radius, std::min(room, count)});
    count -= rings.back().room;
  }
  return rings;
}

constexpr std::uint32_t kNone = 0xffffffff;

// First ones by the square cell that they stand in: a flat table of cells, and chains of those of one cell.
class HeadCells {
 public:
  explicit HeadCells(std::size_t count) : m_slots(std::bit_ceil(2 * count + 2)), m_next(count, kNone) {}

  [[nodiscard]] std::uint32_t first(std::int32_t x, std::int32_t y) const { return m_slots[slot_of(x, y)].head; }
  [[nodiscard]] std::uint32_t next(std::uint32_t head) const { return m_next[head]; }
  void add(std::int32_t x, std::int32_t y, std::uint32_t head) {
    Slot& slot = m_slots[slot_of(x, y)];
    m_next[head] = slot.head;
    slot = {x, y, head};
  }

 private:
  struct Slot {
    std::int32_t x = 0, y = 0;
    std::uint32_t head = kNone;  // none: free
  };
  // The cell's, or the free one that it would get.
  [[nodiscard]] std::size_t slot_of(std::int32_t x, std::int32_t y) const {
    const std::uint64_t key = std::uint64_t{static_cast<std::uint32_t>(x)} << 32 | static_cast<std::uint32_t>(y);
    const std::size_t mask = m_slots.size() - 1;
    std::size_t at = (key * 0x9e3779b97f4a7c15ull >> 32) & mask;
    while (m_slots[at].head != kNone && (m_slots[at].x != x || m_slots[at].y != y)) at = (at + 1) & mask;
    return at;
  }

  std::vector<Slot> m_slots;
  std::vector<std::uint32_t> m_next;  // by point
};

double moved_within(double at, double low, double high) {
  return low <= high ? std::clamp(at, low, high) : (low + high) / 2;
}

}  // namespace

std::vector<std::uint32_t> stack_points(std::span<const base::Vec2d> points_px, double reach_px) {
  std::vector<std::uint32_t> heads(points_px.size());
  HeadCells cells(points_px.size());
  const auto cell_of = [&](double v) { return static_cast<std::int32_t>(std::floor(v / reach_px)); };
  for (std::uint32_t i = 0; i < points_px.size(); ++i) {
    const base::Vec2d p = points_px[i];
    const std::int32_t column = cell_of(p.x), row = cell_of(p.y);
    heads[i] = i;
    for (std::int32_t x = column - 1; x <= column + 1; ++x) {
      for (std::int32_t y = row - 1; y <= row + 1; ++y) {
        for (std::uint32_t head = cells.first(x, y); head != kNone; head = cells.next(head)) {
          const base::Vec2d gap = points_px[head] - p;
          if (gap.x * gap.x + gap.y * gap.y <= reach_px * reach_px) heads[i] = std::min(heads[i], head);
        }
      }
    }
    if (heads[i] == i) cells.add(column, row, i);
  }
  return heads;
}

Fan fan_out(base::Vec2d place_px, std::size_t count, double marker_px, const base::Box2d& room_px) {
  const std::vector<Ring> rings = rings_for(std::min(count, kFanPage));
  const double outer = rings.empty() ? 0 : rings.back().radius + kApart / 2;  // in markers
  const double room = std::min(room_px.width(), room_px.height()) / 2;
  Fan fan;
  fan.marker_px = outer > 0 ? std::min(marker_px, room / outer) : marker_px;
  const double reach = outer * fan.marker_px;
  fan.center_px = {moved_within(place_px.x, room_px.min.x + reach, room_px.max.x - reach),
                   moved_within(place_px.y, room_px.min.y + reach, room_px.max.y - reach)};
  for (const Ring& ring : rings) {
    for (std::size_t i = 0; i < ring.room; ++i) {
      // From the top, clockwise, as a list is read.
      const double angle = 2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(ring.room);
      fan.positions_px.push_back(fan.center_px +
                                 base::Vec2d{std::sin(angle), -std::cos(angle)} * (ring.radius * fan.marker_px));
    }
  }
  return fan;
}

}  // namespace gridwall::scene
