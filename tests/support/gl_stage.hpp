// GlStage: a headless context, a picture to draw into and its pixels, for gl and golden tests. Its check() fails a test
// on any message of the driver of medium severity or above.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>

#include "gfx/context.hpp"
#include "gfx/framebuffer.hpp"
#include "platform/headless_context.hpp"

namespace gridwall::test {

inline std::filesystem::path shader_folder() {
  return std::filesystem::path(GRIDWALL_SOURCE_DIR) / "shaders";
}

class GlStage {
 public:
  explicit GlStage(base::Vec2i size_px = {320, 200}) : m_size_px(size_px) {
    auto headless = platform::HeadlessContext::create({.debug = true});
    ASSERT(headless.ok(), "{}", headless.error().message);
    m_headless = std::move(headless).value();
    auto context = gfx::Context::create(platform::HeadlessContext::get_proc_address);
    ASSERT(context.ok(), "{}", context.error().message);
    m_context = std::move(context).value();
    auto framebuffer = gfx::Framebuffer::create(*m_context, size_px, "stage");
    ASSERT(framebuffer.ok(), "{}", framebuffer.error().message);
    m_framebuffer = std::move(framebuffer).value();
  }
  ~GlStage() { check(); }

  gfx::Context& context() { return *m_context; }
  [[nodiscard]] base::Vec2i size_px() const { return m_size_px; }

  // Starts a frame on a canvas of one colour, so that what was not drawn shows.
  void begin(base::Color canvas = {255, 0, 255, 255}) {
    m_context->begin_frame();
    m_context->set_framebuffer(&m_framebuffer);
    m_context->set_scissor(std::nullopt);
    m_context->clear({static_cast<float>(canvas.r) / 255, static_cast<float>(canvas.g) / 255,
                      static_cast<float>(canvas.b) / 255, static_cast<float>(canvas.a) / 255});
  }
  gfx::Image pixels() {
    m_context->set_framebuffer(&m_framebuffer);
    return gfx::read_pixels(*m_context, m_size_px);
  }
  void check() const {
    EXPECT_EQ(m_context->debug_stats().medium_or_worse, 0u) << "the driver complained; see the log";
  }

 private:
  base::Vec2i m_size_px;
  std::unique_ptr<platform::HeadlessContext> m_headless;
  std::unique_ptr<gfx::Context> m_context;
  gfx::Framebuffer m_framebuffer;
};

}  // namespace gridwall::test
