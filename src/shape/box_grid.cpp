#include "shape/box_grid.hpp"

#include <algorithm>
#include <cmath>

namespace gridwall::shape {

using base::Box2d;

namespace {

int class_of(const Box2d& box) {
  const double size = std::max({box.width(), box.height(), 1.0});
  return std::min(static_cast<int>(std::ceil(std::log2(size))), BoxGrid::kSizeClasses - 1);
}

struct CellRange {
  std::int64_t x_begin, x_end, y_begin, y_end;  // both ends belong to it

  CellRange(const Box2d& box, int size_class) {
    const auto cell = [&](double v) { return static_cast<std::int64_t>(std::floor(std::ldexp(v, -size_class))); };
    x_begin = cell(box.min.x), x_end = cell(box.max.x), y_begin = cell(box.min.y), y_end = cell(box.max.y);
  }
  [[nodiscard]] double count() const {
    return (static_cast<double>(x_end - x_begin) + 1) * (static_cast<double>(y_end - y_begin) + 1);
  }
  template <typename Visit>
  void each(Visit&& visit) const {
    for (std::int64_t x = x_begin; x <= x_end; ++x) {
      for (std::int64_t y = y_begin; y <= y_end; ++y) {
        visit((static_cast<std::uint64_t>(static_cast<std::uint32_t>(x)) << 32) | static_cast<std::uint32_t>(y));
      }
    }
  }
};

}  // namespace

void BoxGrid::insert(const Box2d& box, std::uint32_t id) {
  const int size_class = class_of(box);
  Cells& cells = m_cells[static_cast<std::size_t>(size_class)];
  CellRange(box, size_class).each([&](std::uint64_t key) { cells[key].push_back(id); });
}

void BoxGrid::find(const Box2d& box, int finer_sizes, Lists& lists) const {
  lists.clear();
  for (int c = std::max(0, class_of(box) - finer_sizes); c < kSizeClasses; ++c) {
    const Cells& cells = m_cells[static_cast<std::size_t>(c)];
    const CellRange range(box, c);
    if (range.count() > static_cast<double>(cells.size())) {
      for (const auto& [key, list] : cells) lists.push_back(&list);
      continue;
    }
    range.each([&](std::uint64_t key) {
      if (const auto found = cells.find(key); found != cells.end()) lists.push_back(&found->second);
    });
  }
}

}  // namespace gridwall::shape
