#include "render/ground.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace gridwall::render {

namespace {

// A layer that is being drawn is given up when the view has gone on by this factor, or by this share of the map.
constexpr double kScaleAwayMax = 1.5;
constexpr double kShiftAwayMax = 0.5;

// What is left of `rects` without `hole`.
std::vector<gfx::PixelRect> without(const std::vector<gfx::PixelRect>& rects, const gfx::PixelRect& hole) {
  std::vector<gfx::PixelRect> left;
  const auto add = [&](std::int32_t x0, std::int32_t y0, std::int32_t x1, std::int32_t y1) {
    if (x0 < x1 && y0 < y1) left.push_back({x0, y0, x1 - x0, y1 - y0});
  };
  for (const gfx::PixelRect& r : rects) {
    const std::int32_t x1 = r.x + r.width, y1 = r.y + r.height;
    const std::int32_t hx0 = std::max(r.x, hole.x), hx1 = std::min(x1, hole.x + hole.width);
    const std::int32_t hy0 = std::max(r.y, hole.y), hy1 = std::min(y1, hole.y + hole.height);
    if (hx0 >= hx1 || hy0 >= hy1) {
      left.push_back(r);
      continue;
    }
    add(r.x, r.y, x1, hy0);
    add(r.x, hy1, x1, y1);
    add(r.x, hy0, hx0, hy1);
    add(hx1, hy0, x1, hy1);
  }
  return left;
}

}  // namespace

void Ground::forget() {
  m_shown.forget();
  m_next.forget();
  m_exact = false;
  ++m_version;
}

base::Status Ground::update(const GroundTools& tools, const GroundLook& look, const model::MapView& view,
                            GroundBudget budget) {
  m_view = view;
  m_exact = false;
  const bool is_other_map =
      m_shown.begun() && (m_shown.look().tree != look.tree || m_shown.look().size_px != look.size_px);
  if (is_other_map) m_shown.forget();
  // Once more when a layer was completed for a view that has gone on meanwhile.
  for (int turn = 0; turn < 2 && !m_exact; ++turn) {
    if (m_shown.complete() && m_shown.look() == look) {
      if (const auto moved = m_shown.moved_px(view)) {
        if (*moved != base::Vec2i{}) TRY(m_shown.move(tools, view, *moved));
        if (m_next.begun()) ++m_version;
        m_next.forget();
        m_exact = true;
        return {};
      }
    }
    TRY(refine(tools, look, view, budget));
    if (m_next.begun()) return {};
  }
  return {};
}

base::Status Ground::refine(const GroundTools& tools, const GroundLook& look, const model::MapView& view,
                            GroundBudget& budget) {
  if (!next_is_worth(look, view)) {
    TRY(m_next.begin(tools.context, look, view));
    ++m_version;
  }
  const std::size_t tiles_before = m_next.tiles_drawn();
  TRY(m_next.advance(tools, budget));
  if (m_next.tiles_drawn() != tiles_before) ++m_version;
  if (!m_next.complete()) return {};
  std::swap(m_shown, m_next);
  m_next.forget();
  ++m_version;
  m_exact = m_shown.view() == view;
  return {};
}

bool Ground::next_is_worth(const GroundLook& look, const model::MapView& view) const {
  if (!m_next.begun() || m_next.look() != look) return false;
  const double ratio = view.px_per_m / m_next.view().px_per_m;
  if (ratio > kScaleAwayMax || ratio < 1 / kScaleAwayMax) return false;
  const base::Vec2d moved = (view.center_world - m_next.view().center_world) * view.px_per_m;
  return std::abs(moved.x) < kShiftAwayMax * look.size_px.x && std::abs(moved.y) < kShiftAwayMax * look.size_px.y;
}

GroundPiece Ground::piece(const GroundLayer& layer) const {
  const base::Vec2i size = layer.look().size_px;
  const model::MapView& own = layer.view();
  GroundPiece piece;
  piece.layer = &layer;
  const double scale = own.px_per_m / m_view.px_per_m;
  const base::Vec2d middle{size.x / 2.0, size.y / 2.0};
  const base::Vec2d apart_px = (m_view.center_world - own.center_world) * own.px_per_m;
  piece.scale = static_cast<float>(scale);
  piece.shift_px = {static_cast<float>(middle.x + apart_px.x - middle.x * scale),
                    static_cast<float>(middle.y + apart_px.y - middle.y * scale)};
  for (const gfx::PixelRect& rect : layer.drawn()) {
    const auto to_view_x = [&](double x) { return (x - middle.x - apart_px.x) / scale + middle.x; };
    const auto to_view_y = [&](double y) { return (y - middle.y - apart_px.y) / scale + middle.y; };
    const auto whole = [](double v, std::int32_t high) {
      return static_cast<std::int32_t>(std::clamp(std::round(v), 0.0, static_cast<double>(high)));
    };
    const std::int32_t left = whole(to_view_x(rect.x), size.x), right = whole(to_view_x(rect.x + rect.width), size.x);
    const std::int32_t low = whole(to_view_y(rect.y), size.y), high = whole(to_view_y(rect.y + rect.height), size.y);
    if (left < right && low < high) piece.rects.push_back({left, low, right - left, high - low});
  }
  return piece;
}

std::vector<GroundPiece> Ground::pieces() const {
  std::vector<GroundPiece> pieces;
  if (m_shown.complete()) pieces.push_back(piece(m_shown));
  if (!m_next.begun() || m_next.tiles_drawn() == 0) return pieces;
  GroundPiece refined = piece(m_next);
  for (GroundPiece& below : pieces) {
    for (const gfx::PixelRect& rect : refined.rects) below.rects = without(below.rects, rect);
  }
  pieces.push_back(std::move(refined));
  return pieces;
}

}  // namespace gridwall::render
