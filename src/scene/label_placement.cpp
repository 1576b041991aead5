#include "scene/label_placement.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace gridwall::scene {

namespace {

constexpr double kCellPx = 96;
constexpr double kGapEm = 0.35;       // air around a label
constexpr double kHeightEm = 1.15;

// Where a label may stand: shares of its width and lines of its height away from the anchor, the best first.
struct Place {
  double widths, lines;
};
constexpr std::array<Place, 11> kPlaces{{{0, 0}, {0, 1}, {0, -1}, {0.3, 0}, {-0.3, 0}, {0, 2}, {0, -2}, {0.5, 1},
                                         {-0.5, 1}, {0.5, -1}, {-0.5, -1}}};
constexpr std::uint8_t kNowhere = 255;

base::Vec2d offset_px(const base::Box2d& box_px, std::uint8_t place, double size_px) {
  return {kPlaces[place].widths * box_px.width(), kPlaces[place].lines * kHeightEm * size_px};
}

base::Box2d moved(const base::Box2d& box_px, std::uint8_t place, double size_px) {
  const base::Vec2d by = offset_px(box_px, place, size_px);
  return {box_px.min + by, box_px.max + by};
}

// The next character of UTF-8 text from `at`, which moves behind it.
char32_t next_character(std::string_view text, std::size_t& at) {
  constexpr char32_t kUnknown = 0xfffd;
  const auto lead = static_cast<unsigned char>(text[at++]);
  if (lead < 0x80) return lead;
  const int more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : lead >= 0xc0 ? 1 : 0;
  if (more == 0 || at + static_cast<std::size_t>(more) > text.size()) return kUnknown;
  char32_t character = lead & (0x3fu >> more);
  for (int i = 0; i < more; ++i) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if ((byte & 0xc0u) != 0x80u) return kUnknown;
    character = character << 6u | (byte & 0x3fu);
    ++at;
  }
  return character;
}

template <typename Visit>
void for_each_cell(const base::Box2d& box_px, const Visit& visit) {
  const auto cell = [](double v) { return static_cast<std::int32_t>(std::floor(v / kCellPx)); };
  for (std::int32_t y = cell(box_px.min.y); y <= cell(box_px.max.y); ++y) {
    for (std::int32_t x = cell(box_px.min.x); x <= cell(box_px.max.x); ++x) {
      visit(static_cast<std::uint64_t>(static_cast<std::uint32_t>(y)) << 32u | static_cast<std::uint32_t>(x));
    }
  }
}

}  // namespace

double text_width_em(std::string_view text, const model::GlyphMetrics& metrics) {
  double width_em = 0;
  for (std::size_t at = 0; at < text.size();) width_em += metrics.advance_em(next_character(text, at));
  return width_em;
}

base::Box2d label_box_px(base::Vec2d anchor_px, std::string_view text, double size_px,
                         const model::GlyphMetrics& metrics) {
  const double half_width = (text_width_em(text, metrics) / 2 + kGapEm) * size_px;
  const double half_height = kHeightEm / 2 * size_px;
  base::Box2d box;
  box.extend(base::Vec2d{anchor_px.x - half_width, anchor_px.y - half_height});
  box.extend(base::Vec2d{anchor_px.x + half_width, anchor_px.y + half_height});
  return box;
}

void LabelPlacer::BoxIndex::clear() {
  boxes.clear();
  cells.clear();
}

void LabelPlacer::BoxIndex::add(const base::Box2d& box_px) {
  const auto number = static_cast<std::uint32_t>(boxes.size());
  boxes.push_back(box_px);
  for_each_cell(box_px, [&](std::uint64_t cell) { cells[cell].push_back(number); });
}

std::uint32_t LabelPlacer::BoxIndex::count_hits(const base::Box2d& box_px, std::uint32_t enough) const {
  std::uint32_t hits = 0;
  for_each_cell(box_px, [&](std::uint64_t cell) {
    const auto found = cells.find(cell);
    if (found == cells.end()) return;
    for (const std::uint32_t other : found->second) {
      if (hits < enough && boxes[other].intersects(box_px)) ++hits;
    }
  });
  return hits;
}

void LabelPlacer::begin(const Viewport& viewport) {
  m_candidates.clear();
  m_taken.clear();
  m_markers.clear();
  m_viewport_px = {};
  const base::Vec2d corner{static_cast<double>(viewport.offset_px.x), static_cast<double>(viewport.offset_px.y)};
  m_viewport_px.extend(corner);
  m_viewport_px.extend(corner + base::Vec2d{static_cast<double>(viewport.size_px.x),
                                            static_cast<double>(viewport.size_px.y)});
}

double LabelPlacer::reach_px() const { return 0.25 * std::max(m_viewport_px.width(), m_viewport_px.height()); }

void LabelPlacer::block(const base::Box2d& box_px) { m_taken.add(box_px); }

void LabelPlacer::avoid(const base::Box2d& box_px) { m_markers.add(box_px); }

std::uint8_t LabelPlacer::choose_place(const LabelCandidate& label, const base::Box2d& box_px) const {
  std::uint8_t best = kNowhere;
  std::uint32_t best_hits = label.is_needed ? UINT32_MAX : 1;
  const auto look_at = [&](std::uint8_t place) {
    if (best_hits == 0) return;
    const base::Vec2d aside = offset_px(box_px, place, label.size_px);
    if (std::hypot(aside.x, aside.y) > label.roam_px) return;
    const base::Box2d box = moved(box_px, place, label.size_px);
    if (m_taken.count_hits(box, 1) > 0) return;
    const std::uint32_t hits = m_markers.count_hits(box, best_hits);
    if (hits >= best_hits) return;
    best = place;
    best_hits = hits;
  };
  if (const auto last = m_last_place.find(label.key); last != m_last_place.end()) look_at(last->second);
  for (std::uint8_t place = 0; place < kPlaces.size(); ++place) look_at(place);
  return best;
}

void LabelPlacer::place(const model::GlyphMetrics& metrics, std::vector<LabelInstance>& out) {
  std::sort(m_candidates.begin(), m_candidates.end(), [](const LabelCandidate& a, const LabelCandidate& b) {
    return a.priority != b.priority ? a.priority < b.priority : a.key < b.key;
  });
  std::unordered_map<std::uint32_t, std::uint8_t> places;
  for (LabelCandidate& label : m_candidates) {
    const base::Box2d home = label_box_px(label.anchor_px, label.text, label.size_px, metrics);
    const std::uint8_t place = choose_place(label, home);
    if (place == kNowhere) continue;
    places[label.key] = place;
    const base::Box2d box = moved(home, place, label.size_px);
    m_taken.add(box);
    if (!m_viewport_px.contains(box.min) || !m_viewport_px.contains(box.max)) continue;
    const base::Vec2d middle = box.center();
    out.push_back({{static_cast<float>(middle.x), static_cast<float>(middle.y)}, std::move(label.text), label.size_px,
                   label.color, label.halo});
  }
  m_last_place = std::move(places);
}

}  // namespace gridwall::scene
