#include "ui/imgui_host.hpp"

#include <backends/imgui_impl_glfw.h>
#include <backends/imgui_impl_opengl3.h>
#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "base/log.hpp"

namespace gridwall::ui {

base::Result<std::unique_ptr<ImguiHost>> ImguiHost::create(const HostOptions& options) {
  std::unique_ptr<ImguiHost> host(new ImguiHost);
  TRY(host->start(options));
  return host;
}

base::Status ImguiHost::start(const HostOptions& options) {
  m_backend = options.backend;
  m_font = options.font;
  m_context = ImGui::CreateContext();
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;  // nothing of a past run may change a picture
  io.LogFilename = nullptr;
  io.ConfigFlags |= ImGuiConfigFlags_NoMouseCursorChange;
  TRY(set_fonts(options.body_px, options.texts));
  if (m_backend == Backend::None) return {};
  if (m_backend == Backend::Window) {
    m_glfw_started = ImGui_ImplGlfw_InitForOpenGL(static_cast<GLFWwindow*>(options.window), true);
  }
  m_gl_started = ImGui_ImplOpenGL3_Init("#version 450 core");
  if (!m_gl_started || (m_backend == Backend::Window && !m_glfw_started)) {
    return base::Error{base::ErrorCode::Unavailable,
                       "panels cannot draw: ImGui found no OpenGL in the current context; "
                       "libGL.so.1 must be installed"};
  }
  return {};
}

ImguiHost::~ImguiHost() {
  if (m_context == nullptr) return;
  ImGui::SetCurrentContext(m_context);
  if (m_gl_started) ImGui_ImplOpenGL3_Shutdown();
  if (m_glfw_started) ImGui_ImplGlfw_Shutdown();
  ImGui::DestroyContext(m_context);
}

base::Status ImguiHost::set_fonts(double body_px, const FontTexts& texts) {
  const bool is_same = std::round(body_px) == m_fonts.body_px() && texts.body == m_texts.body &&
                       texts.title == m_texts.title;
  if (is_same) return {};
  ImGui::SetCurrentContext(m_context);
  TRY(m_fonts.build(m_font, body_px, texts));
  m_texts = texts;
  if (m_gl_started) {
    ImGui_ImplOpenGL3_DestroyFontsTexture();
    ImGui_ImplOpenGL3_CreateFontsTexture();
  }
  const ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
  base::log_debug("ui", "fonts built body_px={} atlas={}x{}", m_fonts.body_px(), atlas.TexWidth, atlas.TexHeight);
  return {};
}

void ImguiHost::begin_frame(base::Vec2i size_px, base::Duration delta) {
  ImGui::SetCurrentContext(m_context);
  ImGuiIO& io = ImGui::GetIO();
  if (m_gl_started) ImGui_ImplOpenGL3_NewFrame();
  if (m_glfw_started) ImGui_ImplGlfw_NewFrame();
  // After GLFW's part, which counts in screen coordinates: here one unit is one pixel of the framebuffer.
  if (m_glfw_started && io.DisplaySize.x > 0 && io.MousePos.x > -1e30f) {
    io.MousePos.x *= static_cast<float>(size_px.x) / io.DisplaySize.x;
    io.MousePos.y *= static_cast<float>(size_px.y) / io.DisplaySize.y;
  }
  io.DisplaySize = {static_cast<float>(std::max(1, size_px.x)), static_cast<float>(std::max(1, size_px.y))};
  io.DisplayFramebufferScale = {1, 1};
  io.DeltaTime = std::max(1e-4f, std::chrono::duration<float>(delta).count());
  ImGui::NewFrame();
}

void ImguiHost::end_frame() {
  ImGui::Render();
  if (m_gl_started) ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
}

bool ImguiHost::wants_mouse() const { return ImGui::GetIO().WantCaptureMouse; }
bool ImguiHost::wants_keys() const { return ImGui::GetIO().WantCaptureKeyboard; }

void ImguiHost::set_pointer(base::Vec2f point_px, bool pressed) {
  ImGui::SetCurrentContext(m_context);
  ImGuiIO& io = ImGui::GetIO();
  io.MousePos = {point_px.x, point_px.y};
  io.MouseDown[0] = pressed;
}

}  // namespace gridwall::ui
