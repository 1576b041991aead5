// The headless context and what gfx makes of it.
#include <gtest/gtest.h>

#include <cstdlib>

#include "gfx/context.hpp"
#include "platform/headless_context.hpp"
#include "platform/window.hpp"

namespace gridwall {
namespace {

TEST(HeadlessContext, gives_opengl_4_5_without_a_display) {
  auto headless = platform::HeadlessContext::create();
  ASSERT_TRUE(headless.ok()) << headless.error().message;
  auto context = gfx::Context::create(platform::HeadlessContext::get_proc_address);
  ASSERT_TRUE(context.ok()) << context.error().message;
  EXPECT_FALSE((*context)->renderer_name().empty());
}

TEST(HeadlessContext, can_be_made_again_after_the_first_is_gone) {
  for (int i = 0; i < 2; ++i) {
    auto headless = platform::HeadlessContext::create({.debug = true});
    ASSERT_TRUE(headless.ok()) << headless.error().message;
  }
}

TEST(GfxContext, without_a_current_context_one_sentence_says_so) {
  const auto context = gfx::Context::create([](const char*) -> gfx::GlProc { return nullptr; });
  ASSERT_FALSE(context.ok());
  EXPECT_NE(context.error().message.find("no context is current"), std::string::npos) << context.error().message;
}

TEST(Window, without_a_display_the_error_names_headless) {
  ::unsetenv("DISPLAY");
  ::unsetenv("WAYLAND_DISPLAY");
  const auto window = platform::Window::create({.title = "test"});
  ASSERT_FALSE(window.ok());
  EXPECT_EQ(window.error().code, base::ErrorCode::Unavailable);
  EXPECT_NE(window.error().message.find("--headless"), std::string::npos) << window.error().message;
}

}  // namespace
}  // namespace gridwall
