// Stage: where pictures appear: a window, or a framebuffer without a display. The rest of the program draws the same
// way on both, so what a window shows can be written as PNG on a server. Main thread only.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "gfx/context.hpp"
#include "gfx/framebuffer.hpp"
#include "gfx/gpu_timer.hpp"
#include "gfx/image.hpp"
#include "platform/window.hpp"

namespace gridwall::app {

struct StageOptions {
  std::string title = "Gridwall";
  base::Vec2i size_px{1920, 1080};
  bool headless = false;
  bool fullscreen = false;
};

class Stage {
 public:
  static base::Result<std::unique_ptr<Stage>> create(const StageOptions& options);
  ~Stage();
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

  [[nodiscard]] gfx::Context& context() { return *m_context; }
  [[nodiscard]] base::Vec2i size_px() const;
  // For ImGui's backend; null without a window.
  [[nodiscard]] void* native_window() const { return m_window ? m_window->native_handle() : nullptr; }
  [[nodiscard]] bool headless() const { return m_window == nullptr; }

  // Input since the last call. A window sleeps up to `patience` until something happens; headless returns at once
  // with nothing.
  platform::InputFrame wait_input(base::Duration patience);

  void begin_picture();
  void end_picture();
  // What the device needed for an earlier picture, each once; nothing: no other is done yet.
  std::optional<double> take_gpu_ms() { return m_gpu_timer->take_ms(); }
  // Reads the picture that ends next, before it is swapped away: afterwards a window's pixels are undefined.
  void capture_next() { m_capture_wanted = true; }
  [[nodiscard]] bool will_capture() const { return m_capture_wanted; }
  // What was captured last, rows from the top.
  [[nodiscard]] const gfx::Image& captured() const { return m_captured; }

 private:
  Stage() = default;

  std::unique_ptr<platform::HeadlessContext> m_headless;
  std::unique_ptr<platform::Window> m_window;
  std::unique_ptr<gfx::Context> m_context;        // dies before the platform's context
  std::optional<gfx::Framebuffer> m_framebuffer;  // dies before m_context
  std::optional<gfx::GpuTimer> m_gpu_timer;       // too
  bool m_capture_wanted = false;
  gfx::Image m_captured;
};

}  // namespace gridwall::app
