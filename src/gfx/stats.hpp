// Counts of GL work: per frame (reset by Context::begin_frame) and alive now. The overlay, golden metrics and leak
// tests read them. Test: tests/gl/gfx/context_gl_test.cpp.
#pragma once

#include <cstdint>

namespace gridwall::gfx {

struct FrameStats {
  std::uint64_t draws = 0;
  std::uint64_t triangles = 0;       // submitted, instances counted
  std::uint64_t bytes_uploaded = 0;  // buffers and textures
  std::uint64_t state_changes = 0;   // pipelines really set
};

struct LiveStats {
  std::uint64_t buffers = 0, textures = 0, vertex_arrays = 0, programs = 0, framebuffers = 0;
  std::uint64_t buffer_bytes = 0, texture_bytes = 0;
  [[nodiscard]] std::uint64_t objects() const { return buffers + textures + vertex_arrays + programs + framebuffers; }
};

struct DebugStats {
  std::uint64_t medium_or_worse = 0;  // messages of the driver; a test fails on any
  std::uint64_t low = 0;
};

}  // namespace gridwall::gfx
