// Context: the key to OpenGL. Every function that reaches GL takes it; it caches the pipeline state, counts the work
// and deletes what was dropped at the start of the next frame, so an object may die while its last draw still runs.
// One thread. It must outlive every object made with it. Test: tests/gl/gfx/context_gl_test.cpp.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "base/geometry.hpp"
#include "base/result.hpp"
#include "gfx/stats.hpp"

namespace gridwall::gfx {

class Buffer;
class Framebuffer;
class Program;
class Texture;
class VertexArray;

using GlProc = void (*)();
using GetGlProc = GlProc (*)(const char* name);

enum class Blend : std::uint8_t {
  Off,
  Premultiplied,  // source colours are multiplied by their alpha
  Max,            // per channel, for coverages
};

enum class Primitive : std::uint8_t { Triangles, TriangleStrip, Lines };

// All state of a pass in one value.
struct PipelineState {
  const Program* program = nullptr;
  const VertexArray* vertex_array = nullptr;
  Blend blend = Blend::Off;
};

// Bottom left corner and size, as GL counts.
struct PixelRect {
  std::int32_t x = 0, y = 0, width = 0, height = 0;
  bool operator==(const PixelRect&) const = default;
};

inline PixelRect common_part(PixelRect a, PixelRect b) {
  const std::int32_t left = std::max(a.x, b.x), right = std::min(a.x + a.width, b.x + b.width);
  const std::int32_t low = std::max(a.y, b.y), high = std::min(a.y + a.height, b.y + b.height);
  return {left, low, std::max(0, right - left), std::max(0, high - low)};
}

// Of elements or vertices: [first, first + count).
struct DrawRange {
  std::uint32_t first = 0, count = 0;
};

enum class ObjectKind : std::uint8_t { Buffer, Texture, VertexArray, Program, Framebuffer };

class Context {
 public:
  // `get_proc` is the platform's; its context must be current. Error: Unsupported below OpenGL 4.5.
  static base::Result<std::unique_ptr<Context>> create(GetGlProc get_proc);
  ~Context();
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  // Deletes what was dropped and starts new counts.
  void begin_frame();
  // After ImGui or any foreign GL: nothing is assumed to be set any more.
  void forget_state();

  void set_pipeline(const PipelineState& state);
  void set_viewport(PixelRect rect);
  void set_scissor(std::optional<PixelRect> rect);
  // Null: the window's own framebuffer.
  void set_framebuffer(const Framebuffer* framebuffer);
  [[nodiscard]] const Framebuffer* framebuffer() const { return m_framebuffer; }
  void clear(std::array<float, 4> color);

  void bind_uniform_buffer(std::uint32_t binding, const Buffer& buffer);
  void bind_storage_buffer(std::uint32_t binding, const Buffer& buffer);
  void bind_texture(std::uint32_t unit, const Texture& texture);

  void draw_arrays(Primitive primitive, DrawRange vertices);
  // Several ranges in one call of the driver; counts as one draw. 32-bit indices.
  void draw_elements(std::span<const DrawRange> index_ranges);
  void draw_arrays(Primitive primitive, std::span<const DrawRange> vertex_ranges);

  // The pictures are computed by the processor, not by a graphics card.
  [[nodiscard]] bool is_software() const;
  void finish();  // waits for the device; for tests and measurements only

  [[nodiscard]] const FrameStats& frame_stats() const { return m_frame; }
  [[nodiscard]] const LiveStats& live_stats() const { return m_live; }
  [[nodiscard]] const DebugStats& debug_stats() const { return m_debug; }
  [[nodiscard]] const std::string& renderer_name() const { return m_renderer_name; }

  // For the wrappers of this room.
  void count_created(ObjectKind kind, std::uint64_t bytes = 0);
  void drop(ObjectKind kind, std::uint32_t id, std::uint64_t bytes = 0);
  void count_upload(std::uint64_t bytes) { m_frame.bytes_uploaded += bytes; }
  void count_debug_message(bool medium_or_worse) { ++(medium_or_worse ? m_debug.medium_or_worse : m_debug.low); }
  void check_thread() const;

 private:
  struct Dropped {
    ObjectKind kind;
    std::uint32_t id;
  };

  Context() = default;
  std::uint64_t& live_count(ObjectKind kind);
  void delete_dropped();

  std::thread::id m_thread = std::this_thread::get_id();
  std::string m_renderer_name;
  std::vector<Dropped> m_dropped;
  std::vector<std::int32_t> m_firsts, m_counts;  // reused by draws of several ranges
  std::vector<const void*> m_offsets;

  // What is set now; empty: unknown.
  std::optional<std::uint32_t> m_program_id, m_vertex_array_id;
  std::optional<Blend> m_blend;
  std::optional<PixelRect> m_viewport;
  const Framebuffer* m_framebuffer = nullptr;

  FrameStats m_frame;
  LiveStats m_live;
  DebugStats m_debug;
};

// A named section of the frame in a GL debugger.
class DebugGroup {
 public:
  DebugGroup(Context& context, const char* name);
  ~DebugGroup();
  DebugGroup(const DebugGroup&) = delete;
  DebugGroup& operator=(const DebugGroup&) = delete;
};

}  // namespace gridwall::gfx
