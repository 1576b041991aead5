#include "platform/window.hpp"

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>

#include "base/log.hpp"

namespace gridwall::platform {

namespace {

GLFWwindow* glfw(void* window) {
  return static_cast<GLFWwindow*>(window);
}

std::string last_glfw_reason() {
  const char* text = nullptr;
  const int code = glfwGetError(&text);
  return text == nullptr ? fmt::format("no reason given, code {}", code) : std::string(text);
}

base::Error window_error(std::string_view step) {
  return {
      base::ErrorCode::Unavailable,
      fmt::format("Cannot open a window: {} ({}); check that DISPLAY names a running display with OpenGL 4.5, or use "
                  "--headless.",
                  step, last_glfw_reason())};
}

void set_hints(const WindowOptions& options) {
  glfwDefaultWindowHints();
  glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 4);
  glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 5);
  glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
  glfwWindowHint(GLFW_OPENGL_DEBUG_CONTEXT, options.debug ? GLFW_TRUE : GLFW_FALSE);
  glfwWindowHint(GLFW_DEPTH_BITS, 0);
  glfwWindowHint(GLFW_STENCIL_BITS, 0);
  glfwWindowHint(GLFW_VISIBLE, options.visible ? GLFW_TRUE : GLFW_FALSE);
  glfwWindowHint(GLFW_AUTO_ICONIFY, GLFW_FALSE);  // a wall stays when another window takes the focus
  if (options.borderless_rect.has_value()) glfwWindowHint(GLFW_DECORATED, GLFW_FALSE);
}

base::Result<GLFWwindow*> open_window(const WindowOptions& options) {
  set_hints(options);
  GLFWmonitor* monitor = nullptr;
  base::Vec2i size = options.size;
  if (options.fullscreen_monitor.has_value()) {
    int count = 0;
    GLFWmonitor** monitors = glfwGetMonitors(&count);
    const int number = *options.fullscreen_monitor;
    if (number < 0 || number >= count) {
      return base::Error{
          base::ErrorCode::InvalidArgument,
          fmt::format("Cannot open a full-screen window on monitor {}: {} are there, numbered from 0.", number, count)};
    }
    monitor = monitors[number];
    const GLFWvidmode* mode = glfwGetVideoMode(monitor);
    size = {mode->width, mode->height};
    glfwWindowHint(GLFW_REFRESH_RATE, mode->refreshRate);
  } else if (options.borderless_rect.has_value()) {
    size = options.borderless_rect->size;
  }
  GLFWwindow* window = glfwCreateWindow(size.x, size.y, options.title.c_str(), monitor, nullptr);
  if (window == nullptr) return window_error("no window with OpenGL 4.5 core");
  if (options.borderless_rect.has_value()) {
    glfwSetWindowPos(window, options.borderless_rect->position.x, options.borderless_rect->position.y);
  }
  return window;
}

InputFrame& input_of(GLFWwindow* window) {
  return *static_cast<InputFrame*>(glfwGetWindowUserPointer(window));
}

// Cursor positions come in screen coordinates; pictures are made of framebuffer pixels.
base::Vec2f to_framebuffer_px(GLFWwindow* window, double x, double y) {
  base::Vec2i window_size;
  base::Vec2i framebuffer;
  glfwGetWindowSize(window, &window_size.x, &window_size.y);
  glfwGetFramebufferSize(window, &framebuffer.x, &framebuffer.y);
  if (window_size.x <= 0 || window_size.y <= 0) return {};
  return {static_cast<float>(x * framebuffer.x / window_size.x), static_cast<float>(y * framebuffer.y / window_size.y)};
}

void on_button(GLFWwindow* window, int button, int action, int) {
  if (button < 0 || button >= static_cast<int>(kMouseButtonCount)) return;
  InputFrame& input = input_of(window);
  const bool pressed = action == GLFW_PRESS;
  input.buttons[static_cast<std::size_t>(button)] = pressed;
  input.button_changes.push_back({static_cast<MouseButton>(button), pressed, input.mouse_px});
}

}  // namespace

base::Result<std::unique_ptr<Window>> Window::create(const WindowOptions& options) {
  if (glfwInit() == GLFW_FALSE) return window_error("the window library does not start");
  auto opened = open_window(options);
  if (!opened.ok()) {
    glfwTerminate();
    return opened.error();
  }
  auto window = std::unique_ptr<Window>(new Window(opened.value()));
  glfwMakeContextCurrent(opened.value());
  window->set_vsync(options.vsync);
  window->install_callbacks();
  return window;
}

Window::~Window() {
  glfwDestroyWindow(glfw(m_window));
  glfwTerminate();
}

GlProc Window::get_proc_address(const char* name) {
  return glfwGetProcAddress(name);
}

void Window::install_callbacks() {
  GLFWwindow* window = glfw(m_window);
  m_input.framebuffer_size_px = framebuffer_size_px();
  m_input.content_scale = content_scale();
  glfwSetWindowUserPointer(window, &m_input);
  glfwSetCursorPosCallback(window, [](GLFWwindow* w, double x, double y) {
    input_of(w).mouse_px = to_framebuffer_px(w, x, y);
    input_of(w).moved = true;
  });
  glfwSetCursorEnterCallback(window, [](GLFWwindow* w, int entered) {
    input_of(w).mouse_inside = entered == GLFW_TRUE;
    input_of(w).moved = true;
  });
  glfwSetMouseButtonCallback(window, on_button);
  glfwSetScrollCallback(window,
                        [](GLFWwindow* w, double, double y) { input_of(w).wheel_steps += static_cast<float>(y); });
  glfwSetKeyCallback(window, [](GLFWwindow* w, int key, int, int action, int mods) {
    if (action != GLFW_RELEASE) input_of(w).keys.push_back(key_press(key, mods, action == GLFW_REPEAT));
  });
  glfwSetFramebufferSizeCallback(window, [](GLFWwindow* w, int width, int height) {
    input_of(w).framebuffer_size_px = {width, height};
    input_of(w).resized = true;
  });
  glfwSetWindowContentScaleCallback(window, [](GLFWwindow* w, float x, float) {
    input_of(w).content_scale = x;
    input_of(w).rescaled = true;
  });
  glfwSetWindowRefreshCallback(window, [](GLFWwindow* w) { input_of(w).redraw_needed = true; });
  glfwSetWindowCloseCallback(window, [](GLFWwindow* w) { input_of(w).close_requested = true; });
}

InputFrame Window::wait_events(base::Duration patience) {
  m_input.start_next();
  if (patience <= base::Duration::zero()) {
    glfwPollEvents();
  } else {
    glfwWaitEventsTimeout(std::chrono::duration<double>(patience).count());
  }
  return m_input;
}

void Window::wake() {
  glfwPostEmptyEvent();
}

void Window::swap() {
  glfwSwapBuffers(glfw(m_window));
}

void Window::set_vsync(bool on) {
  glfwSwapInterval(on ? 1 : 0);
}

void Window::set_title(const std::string& title) {
  glfwSetWindowTitle(glfw(m_window), title.c_str());
}

base::Vec2i Window::framebuffer_size_px() const {
  base::Vec2i size;
  glfwGetFramebufferSize(glfw(m_window), &size.x, &size.y);
  return size;
}

float Window::content_scale() const {
  float x = 1;
  float y = 1;
  glfwGetWindowContentScale(glfw(m_window), &x, &y);
  return x;
}

std::vector<MonitorInfo> Window::monitors() const {
  int count = 0;
  GLFWmonitor** found = glfwGetMonitors(&count);
  std::vector<MonitorInfo> monitors;
  for (int i = 0; i < count; ++i) {
    MonitorInfo info;
    info.name = glfwGetMonitorName(found[i]);
    glfwGetMonitorPos(found[i], &info.rect.position.x, &info.rect.position.y);
    if (const GLFWvidmode* mode = glfwGetVideoMode(found[i])) {
      info.rect.size = {mode->width, mode->height};
      info.refresh_hz = mode->refreshRate;
    }
    monitors.push_back(std::move(info));
  }
  return monitors;
}

}  // namespace gridwall::platform
