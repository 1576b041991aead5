// Window: one GLFW window with an OpenGL 4.5 core context, and its input as plain values. One a process, main thread
// only. Positions are framebuffer pixels from the top left, whatever the display's scale.
// Test: tests/gl/platform/context_gl_test.cpp (without a display), tests/unit/platform/input_test.cpp.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/geometry.hpp"
#include "base/result.hpp"
#include "platform/headless_context.hpp"
#include "platform/input.hpp"

namespace gridwall::platform {

// A rectangle of the desktop, in screen coordinates.
struct ScreenRect {
  base::Vec2i position;
  base::Vec2i size;
};

struct MonitorInfo {
  std::string name;
  ScreenRect rect;
  int refresh_hz = 0;
};

struct WindowOptions {
  std::string title{};
  base::Vec2i size{1920, 1080};                 // screen coordinates, when neither of the next two is given
  std::optional<int> fullscreen_monitor{};      // number in monitors()
  std::optional<ScreenRect> borderless_rect{};  // over one or several outputs of a wall
  bool vsync = true;
  bool visible = true;
#ifdef NDEBUG
  bool debug = false;
#else
  bool debug = true;
#endif
};

class Window {
 public:
  // Error: Unavailable, with the library's own reason and what to do.
  static base::Result<std::unique_ptr<Window>> create(const WindowOptions& options);
  ~Window();
  Window(const Window&) = delete;
  Window& operator=(const Window&) = delete;

  [[nodiscard]] static GlProc get_proc_address(const char* name);

  // Sleeps until an event comes or `patience` has passed (zero: only looks), then hands over what happened since.
  InputFrame wait_events(base::Duration patience);
  // Ends a running wait_events. Any thread.
  static void wake();

  void swap();
  void set_vsync(bool on);
  void set_title(const std::string& title);
  [[nodiscard]] base::Vec2i framebuffer_size_px() const;
  [[nodiscard]] float content_scale() const;
  [[nodiscard]] std::vector<MonitorInfo> monitors() const;
  // The GLFWwindow, for ImGui's backend, which chains its callbacks before ours.
  [[nodiscard]] void* native_handle() const { return m_window; }

 private:
  explicit Window(void* window) : m_window(window) {}
  void install_callbacks();

  void* m_window;  // GLFWwindow
  InputFrame m_input;
};

}  // namespace gridwall::platform
