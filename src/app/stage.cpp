#include "app/stage.hpp"

namespace gridwall::app {

base::Result<std::unique_ptr<Stage>> Stage::create(const StageOptions& options) {
  std::unique_ptr<Stage> stage(new Stage);
  if (options.headless) {
    TRY_ASSIGN(stage->m_headless, platform::HeadlessContext::create());
    TRY_ASSIGN(stage->m_context, gfx::Context::create(platform::HeadlessContext::get_proc_address));
    TRY_ASSIGN(stage->m_framebuffer, gfx::Framebuffer::create(*stage->m_context, options.size_px, "stage"));
    stage->m_gpu_timer.emplace(*stage->m_context);
    return stage;
  }
  platform::WindowOptions window;
  window.title = options.title;
  window.size = options.size_px;
  if (options.fullscreen) window.fullscreen_monitor = 0;
  TRY_ASSIGN(stage->m_window, platform::Window::create(window));
  TRY_ASSIGN(stage->m_context, gfx::Context::create(platform::Window::get_proc_address));
  stage->m_gpu_timer.emplace(*stage->m_context);
  return stage;
}

Stage::~Stage() {
  m_gpu_timer.reset();
  m_framebuffer.reset();
  m_context.reset();
}

base::Vec2i Stage::size_px() const {
  return m_window ? m_window->framebuffer_size_px() : m_framebuffer->size_px();
}

platform::InputFrame Stage::wait_input(base::Duration patience) {
  if (m_window) return m_window->wait_events(patience);
  platform::InputFrame nothing;
  nothing.framebuffer_size_px = size_px();
  return nothing;
}

void Stage::begin_picture() {
  m_context->begin_frame();
  m_gpu_timer->begin();
  m_context->set_framebuffer(m_framebuffer ? &*m_framebuffer : nullptr);
}

void Stage::end_picture() {
  m_gpu_timer->end();
  if (m_capture_wanted) {
    m_context->set_framebuffer(m_framebuffer ? &*m_framebuffer : nullptr);
    m_captured = gfx::read_pixels(*m_context, size_px());
    m_capture_wanted = false;
  }
  if (m_window) m_window->swap();
}

}  // namespace gridwall::app
