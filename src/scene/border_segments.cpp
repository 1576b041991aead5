#include "scene/border_segments.hpp"

#include <bit>
#include <cmath>
#include <unordered_map>
#include <utility>

namespace gridwall::scene {

namespace {

BorderSegment ordered(base::Vec2i a, base::Vec2i b) {
  const bool swap = b.x < a.x || (b.x == a.x && b.y < a.y);
  return swap ? BorderSegment{b, a} : BorderSegment{a, b};
}

std::uint64_t hash_of(const BorderSegment& s) {
  const auto pack = [](base::Vec2i p) {
    return (std::uint64_t{static_cast<std::uint32_t>(p.x)} << 32) | static_cast<std::uint32_t>(p.y);
  };
  std::uint64_t h = pack(s.from) * 0x9e3779b97f4a7c15ull;
  h = (h ^ (h >> 29)) + pack(s.to) * 0xbf58476d1ce4e5b9ull;
  h = (h ^ (h >> 32)) * 0x94d049bb133111ebull;
  return h ^ (h >> 31);
}

// An open-addressed set of numbers of segments: one flat array, several times quicker than std::unordered_set.
class SegmentSet {
 public:
  explicit SegmentSet(std::size_t count_max) : m_slots(std::bit_ceil(count_max * 2 + 2), kFree) {}

  // Appends `segment` to `segments` unless it is there.
  void insert(const BorderSegment& segment, std::vector<BorderSegment>& segments) {
    const std::size_t mask = m_slots.size() - 1;
    std::size_t slot = hash_of(segment) & mask;
    while (m_slots[slot] != kFree) {
      if (segments[m_slots[slot]] == segment) return;
      slot = (slot + 1) & mask;
    }
    m_slots[slot] = static_cast<std::uint32_t>(segments.size());
    segments.push_back(segment);
  }

 private:
  static constexpr std::uint32_t kFree = 0xffffffff;
  std::vector<std::uint32_t> m_slots;
};

std::uint64_t key_of(base::Vec2i p) {
  return (std::uint64_t{static_cast<std::uint32_t>(p.x)} << 32) | static_cast<std::uint32_t>(p.y);
}

double length_of(const BorderSegment& s) {
  return std::hypot(static_cast<double>(s.to.x) - s.from.x, static_cast<double>(s.to.y) - s.from.y);
}

// A run of segments that may become one.
struct Run {
  base::Vec2i first, last;
  double length = 0;
  bool turnable = true;  // one segment only: either end may go on

  explicit Run(const BorderSegment& s) : first(s.from), last(s.to), length(length_of(s)) {}

  // Takes `s` in when it goes on from an end where nothing else meets.
  template <typename MayPass>
  bool take(const BorderSegment& s, double length_max, MayPass may_pass) {
    const double longer = length + length_of(s);
    if (longer > length_max) return false;
    if (turnable && (s.from == first || s.to == first)) std::swap(first, last);
    if ((s.from != last && s.to != last) || !may_pass(last)) return false;
    last = s.from == last ? s.to : s.from;
    length = longer;
    turnable = false;
    return first != last;
  }
};

template <typename Visit>
void visit_edges(const model::DivisionTree& tree, const model::Division& division, Visit visit) {
  const auto& vertices = tree.vertices();
  for (std::uint32_t r = division.rings.begin; r < division.rings.end; ++r) {
    const model::Range ring = tree.rings()[r].vertices;
    for (std::uint32_t v = ring.begin; v < ring.end; ++v) {
      const base::Vec2i a = vertices[v];
      const base::Vec2i b = vertices[v + 1 < ring.end ? v + 1 : ring.begin];
      if (a != b) visit(ordered(a, b));
    }
  }
}

}  // namespace

BorderSegments extract_border_segments(const model::DivisionTree& tree) {
  BorderSegments result;
  SegmentSet known(tree.vertices().size());
  // Divisions stand level by level, so the first that has an edge is of the heaviest level.
  for (const model::DivisionLevel& level : tree.levels()) {
    const auto begin = static_cast<std::uint32_t>(result.segments.size());
    for (std::uint32_t d = level.divisions.begin; d < level.divisions.end; ++d) {
      visit_edges(tree, tree.divisions()[d], [&](const BorderSegment& s) { known.insert(s, result.segments); });
    }
    result.levels.push_back({begin, static_cast<std::uint32_t>(result.segments.size())});
  }
  return result;
}

BorderSegments thin_out(const BorderSegments& borders, double run_length_units) {
  std::unordered_map<std::uint64_t, std::uint32_t> meeting;  // segments at each point
  meeting.reserve(borders.segments.size());
  for (const BorderSegment& s : borders.segments) {
    ++meeting[key_of(s.from)];
    ++meeting[key_of(s.to)];
  }
  const auto may_pass = [&](base::Vec2i p) { return meeting[key_of(p)] == 2; };
  BorderSegments thin;
  for (const model::Range& level : borders.levels) {
    const auto begin = static_cast<std::uint32_t>(thin.segments.size());
    for (std::uint32_t i = level.begin; i < level.end;) {
      Run run(borders.segments[i++]);
      while (i < level.end) {
        const Run before = run;
        if (!run.take(borders.segments[i], run_length_units, may_pass)) {
          run = before;
          break;
        }
        ++i;
      }
      thin.segments.push_back(ordered(run.first, run.last));
    }
    thin.levels.push_back({begin, static_cast<std::uint32_t>(thin.segments.size())});
  }
  return thin;
}

std::vector<BorderSegment> outline_segments(const model::DivisionTree& tree, model::DivisionIndex division) {
  std::vector<BorderSegment> segments;
  visit_edges(tree, tree.at(division), [&](const BorderSegment& s) { segments.push_back(s); });
  return segments;
}

}  // namespace gridwall::scene
