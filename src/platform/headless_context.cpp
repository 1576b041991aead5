#include "platform/headless_context.hpp"

#include <EGL/egl.h>
#include <EGL/eglext.h>

#include <array>
#include <string_view>
#include <vector>

#include "base/log.hpp"

namespace gridwall::platform {

namespace {

std::string egl_error_text() {
  return fmt::format("EGL error 0x{:04x}", static_cast<unsigned>(eglGetError()));
}

bool has_client_extension(std::string_view name) {
  const char* list = eglQueryString(EGL_NO_DISPLAY, EGL_EXTENSIONS);
  return list != nullptr && std::string_view(list).find(name) != std::string_view::npos;
}

EGLDisplay platform_display(EGLenum platform, void* native) {
  const auto get = reinterpret_cast<PFNEGLGETPLATFORMDISPLAYEXTPROC>(eglGetProcAddress("eglGetPlatformDisplayEXT"));
  return get == nullptr ? EGL_NO_DISPLAY : get(platform, native, nullptr);
}

// A current context on `display`, or the reason why not. The display is terminated on failure.
base::Result<EGLContext> make_current(EGLDisplay display, bool debug) {
  EGLint major = 0;
  EGLint minor = 0;
  if (display == EGL_NO_DISPLAY || eglInitialize(display, &major, &minor) == EGL_FALSE) {
    return base::Error{base::ErrorCode::Unavailable, "no display: " + egl_error_text()};
  }
  const auto fail = [&](std::string_view step) {
    base::Error error{base::ErrorCode::Unavailable, fmt::format("{}: {}", step, egl_error_text())};
    eglTerminate(display);
    return error;
  };
  if (eglBindAPI(EGL_OPENGL_API) == EGL_FALSE) return fail("desktop OpenGL is not offered");
  const std::array<EGLint, 5> config_wish{EGL_SURFACE_TYPE, EGL_PBUFFER_BIT, EGL_RENDERABLE_TYPE, EGL_OPENGL_BIT,
                                          EGL_NONE};
  EGLConfig config = nullptr;
  EGLint count = 0;
  if (eglChooseConfig(display, config_wish.data(), &config, 1, &count) == EGL_FALSE || count < 1) {
    return fail("no configuration for desktop OpenGL");
  }
  const std::array<EGLint, 9> context_wish{EGL_CONTEXT_MAJOR_VERSION,
                                           4,
                                           EGL_CONTEXT_MINOR_VERSION,
                                           5,
                                           EGL_CONTEXT_OPENGL_PROFILE_MASK,
                                           EGL_CONTEXT_OPENGL_CORE_PROFILE_BIT,
                                           EGL_CONTEXT_OPENGL_DEBUG,
                                           debug ? EGL_TRUE : EGL_FALSE,
                                           EGL_NONE};
  const EGLContext context = eglCreateContext(display, config, EGL_NO_CONTEXT, context_wish.data());
  if (context == EGL_NO_CONTEXT) return fail("no OpenGL 4.5 core context");
  if (eglMakeCurrent(display, EGL_NO_SURFACE, EGL_NO_SURFACE, context) == EGL_FALSE) {
    eglDestroyContext(display, context);
    return fail("the context cannot be made current without a surface");
  }
  return context;
}

struct DisplayAndContext {
  EGLDisplay display = EGL_NO_DISPLAY;
  EGLContext context = EGL_NO_CONTEXT;
};

base::Result<DisplayAndContext> open_surfaceless(bool debug) {
  if (!has_client_extension("EGL_MESA_platform_surfaceless")) {
    return base::Error{base::ErrorCode::Unavailable, "the driver does not offer it"};
  }
  const EGLDisplay display = platform_display(EGL_PLATFORM_SURFACELESS_MESA, nullptr);
  TRY_ASSIGN(const EGLContext context, make_current(display, debug));
  return DisplayAndContext{display, context};
}

base::Result<DisplayAndContext> open_device(bool debug) {
  const auto query = reinterpret_cast<PFNEGLQUERYDEVICESEXTPROC>(eglGetProcAddress("eglQueryDevicesEXT"));
  if (query == nullptr) return base::Error{base::ErrorCode::Unavailable, "the driver does not offer it"};
  EGLint count = 0;
  if (query(0, nullptr, &count) == EGL_FALSE || count < 1) {
    return base::Error{base::ErrorCode::Unavailable, "no EGL device"};
  }
  std::vector<EGLDeviceEXT> devices(static_cast<std::size_t>(count));
  query(count, devices.data(), &count);
  std::string reasons;
  for (EGLDeviceEXT device : devices) {
    const EGLDisplay display = platform_display(EGL_PLATFORM_DEVICE_EXT, device);
    auto context = make_current(display, debug);
    if (context.ok()) return DisplayAndContext{display, context.value()};
    reasons += (reasons.empty() ? "" : "; ") + context.error().message;
  }
  return base::Error{base::ErrorCode::Unavailable, reasons};
}

}  // namespace

base::Result<std::unique_ptr<HeadlessContext>> HeadlessContext::create(const HeadlessOptions& options) {
  std::string reasons;
  const auto attempt = [&](const char* name, auto open) -> std::unique_ptr<HeadlessContext> {
    auto opened = open(options.debug);
    if (!opened.ok()) {
      reasons += fmt::format("{}{}: {}", reasons.empty() ? "" : "; ", name, opened.error().message);
      return nullptr;
    }
    base::log_debug("platform", "headless_context platform={} debug={}", name, options.debug);
    return std::unique_ptr<HeadlessContext>(new HeadlessContext(opened->display, opened->context, name));
  };
  if (options.platform != HeadlessPlatform::Device) {
    if (auto made = attempt("surfaceless", open_surfaceless)) return made;
  }
  if (options.platform != HeadlessPlatform::Surfaceless) {
    if (auto made = attempt("device", open_device)) return made;
  }
  return base::Error{base::ErrorCode::Unavailable,
                     fmt::format("Cannot make an OpenGL 4.5 context without a display ({}); install a driver with EGL, "
                                 "for example the packages libegl1 and libegl-mesa0.",
                                 reasons)};
}

HeadlessContext::~HeadlessContext() {
  eglMakeCurrent(m_display, EGL_NO_SURFACE, EGL_NO_SURFACE, EGL_NO_CONTEXT);
  eglDestroyContext(m_display, m_context);
  eglTerminate(m_display);
}

GlProc HeadlessContext::get_proc_address(const char* name) {
  return eglGetProcAddress(name);
}

}  // namespace gridwall::platform
