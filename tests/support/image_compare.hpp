// Compares a picture with its golden by three numbers, as OpenImageIO does, and on failure leaves the picture, the
// difference and one HTML page to look at. Test: tests/unit/gfx/image_compare_test.cpp.
#pragma once

#include <filesystem>
#include <string>

#include "gfx/image.hpp"

namespace gridwall::test {

struct CompareLimits {
  int pixel_threshold = 2;              // a pixel differs when a channel is off by more than this
  double differing_fraction = 0.00015;  // at most so many pixels may differ
  int hard_limit = 48;                  // no channel of any pixel may be off by more
};

struct Comparison {
  bool same = false;
  bool same_size = false;
  int worst = 0;                 // largest difference of a channel
  double differing = 0;          // fraction of pixels
  base::Vec2i first_px{-1, -1};  // of the pixels that differ, from the top left
  gfx::Image difference;         // black: equal; brighter: more
  [[nodiscard]] std::string text() const;
};

Comparison compare_images(const gfx::Image& actual, const gfx::Image& expected, const CompareLimits& limits);

// Fails the running test when `actual` is not tests/golden/<name>/expected.png. With GRIDWALL_UPDATE_GOLDENS=1 in the
// environment (or --update on the command line) the golden is rewritten, and the test fails all the same.
void expect_golden(const gfx::Image& actual, const std::string& name, const CompareLimits& limits = {});

// The same for a text file tests/golden/<name>.
void expect_golden_text(const std::string& actual, const std::string& name);

}  // namespace gridwall::test
