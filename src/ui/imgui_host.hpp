// ImguiHost: the ImGui context, its fonts and its backends. Draws over what the map has drawn; whoever draws GL next
// must forget cached state (gfx::Context::forget_state). Main thread; one at a time. The GL context must be current.
// Test: tests/unit/ui/wall_ui_test.cpp (without GL).
#pragma once

#include <memory>
#include <string>

#include "base/clock.hpp"
#include "base/geometry.hpp"
#include "base/result.hpp"
#include "ui/font_set.hpp"

struct ImGuiContext;

namespace gridwall::ui {

enum class Backend {
  None,      // lays out and records, draws nothing: tests
  Headless,  // OpenGL, no window
  Window,    // OpenGL and GLFW's input
};

struct HostOptions {
  Backend backend = Backend::Headless;
  void* window = nullptr;  // GLFWwindow, for Backend::Window
  FontFace font;
  double body_px = 16;
  FontTexts texts;
};

class ImguiHost {
 public:
  // Errors: a font that cannot be read, a GL context that the backend refuses.
  static base::Result<std::unique_ptr<ImguiHost>> create(const HostOptions& options);
  ~ImguiHost();
  ImguiHost(const ImguiHost&) = delete;
  ImguiHost& operator=(const ImguiHost&) = delete;

  // Builds the fonts anew where the size or the texts changed (30-100 ms); between frames only.
  base::Status set_fonts(double body_px, const FontTexts& texts);

  // `size_px` is the framebuffer's; with a window, mouse and keys come from GLFW.
  void begin_frame(base::Vec2i size_px, base::Duration delta);
  // Draws into the bound framebuffer (Backend::None: nothing).
  void end_frame();

  // The pointer is over a panel or a key goes to it: the map leaves it alone.
  [[nodiscard]] bool wants_mouse() const;
  [[nodiscard]] bool wants_keys() const;
  [[nodiscard]] const FontSet& fonts() const { return m_fonts; }

  // Headless: where the pointer is and whether it is pressed, from the next frame on.
  void set_pointer(base::Vec2f point_px, bool pressed);

 private:
  ImguiHost() = default;
  base::Status start(const HostOptions& options);

  ImGuiContext* m_context = nullptr;
  Backend m_backend = Backend::None;
  bool m_gl_started = false, m_glfw_started = false;
  FontFace m_font;
  FontTexts m_texts;
  FontSet m_fonts;
};

}  // namespace gridwall::ui
