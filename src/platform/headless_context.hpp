// HeadlessContext: an OpenGL 4.5 core context without a display, for tests, screenshots and walls off screen.
// There is no default framebuffer: draw into a gfx::Framebuffer. The context is current on the thread that made it,
// which is the only one that may use or destroy it. Test: tests/gl/platform/context_gl_test.cpp.
#pragma once

#include <memory>
#include <string>

#include "base/result.hpp"

namespace gridwall::platform {

using GlProc = void (*)();
using GetGlProc = GlProc (*)(const char* name);

enum class HeadlessPlatform {
  Auto,         // surfaceless, and the device platform where that is missing
  Surfaceless,  // Mesa, also on machines without a GPU
  Device,       // the first EGL device that gives a context: NVIDIA's driver
};

struct HeadlessOptions {
  HeadlessPlatform platform = HeadlessPlatform::Auto;
#ifdef NDEBUG
  bool debug = false;
#else
  bool debug = true;
#endif
};

class HeadlessContext {
 public:
  // Error: Unavailable, with what was tried and what to install.
  static base::Result<std::unique_ptr<HeadlessContext>> create(const HeadlessOptions& options = {});
  ~HeadlessContext();
  HeadlessContext(const HeadlessContext&) = delete;
  HeadlessContext& operator=(const HeadlessContext&) = delete;

  [[nodiscard]] static GlProc get_proc_address(const char* name);
  // "surfaceless" or "device".
  [[nodiscard]] const std::string& platform_name() const { return m_platform_name; }

 private:
  HeadlessContext(void* display, void* context, std::string platform_name)
      : m_display(display), m_context(context), m_platform_name(std::move(platform_name)) {}

  void* m_display;  // EGLDisplay
  void* m_context;  // EGLContext
  std::string m_platform_name;
};

}  // namespace gridwall::platform
