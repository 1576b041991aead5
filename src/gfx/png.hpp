// PNG files in and out through libpng. Bytes are written as they are: no gamma, no colour management.
// Test: tests/unit/gfx/png_test.cpp.
#pragma once

#include <filesystem>

#include "base/result.hpp"
#include "gfx/image.hpp"

namespace gridwall::gfx {

enum class PngEffort {
  Fast,   // screenshots: large files, several times quicker
  Small,  // goldens, documentation
};

// Written beside the target and renamed over it. Opaque pictures are written without alpha.
base::Status write_png(const std::filesystem::path& path, const Image& image, PngEffort effort = PngEffort::Fast);

// Error: NotFound, or Unreadable with libpng's reason. At most 16384 pixels a side.
base::Result<Image> read_png(const std::filesystem::path& path);

}  // namespace gridwall::gfx
