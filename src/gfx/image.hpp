// Image: 8-bit RGBA pixels as they stand in a picture file: rows from the top, sRGB bytes, straight alpha.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/geometry.hpp"

namespace gridwall::gfx {

struct Image {
  base::Vec2i size_px;
  std::vector<std::uint8_t> rgba;  // size_px.x * size_px.y * 4

  static Image filled(base::Vec2i size_px, base::Color color) {
    Image image{size_px, {}};
    image.rgba.resize(static_cast<std::size_t>(size_px.x) * static_cast<std::size_t>(size_px.y) * 4);
    for (std::size_t i = 0; i < image.rgba.size(); i += 4) image.set_bytes(i, color);
    return image;
  }
  // The caller keeps x and y inside.
  [[nodiscard]] base::Color at(int x, int y) const {
    const std::size_t i = offset(x, y);
    return {rgba[i], rgba[i + 1], rgba[i + 2], rgba[i + 3]};
  }
  void set(int x, int y, base::Color color) { set_bytes(offset(x, y), color); }

 private:
  [[nodiscard]] std::size_t offset(int x, int y) const {
    return (static_cast<std::size_t>(y) * static_cast<std::size_t>(size_px.x) + static_cast<std::size_t>(x)) * 4;
  }
  void set_bytes(std::size_t i, base::Color color) {
    rgba[i] = color.r;
    rgba[i + 1] = color.g;
    rgba[i + 2] = color.b;
    rgba[i + 3] = color.a;
  }

 public:
  bool operator==(const Image&) const = default;
};

}  // namespace gridwall::gfx
