// Objects live and die with the counts they should; state is cached and forgotten; pixels come back upright.
#include "gfx/context.hpp"

#include <gtest/gtest.h>

#include "gfx/buffer.hpp"
#include "gfx/gpu_timer.hpp"
#include "gfx/texture.hpp"
#include "support/gl_stage.hpp"

namespace gridwall::gfx {
namespace {

TEST(GfxContext, dropped_objects_are_counted_off_and_deleted_at_the_next_frame) {
  test::GlStage stage;
  Context& context = stage.context();
  const LiveStats before = context.live_stats();
  {
    const Buffer buffer = Buffer::create_streamed(context, 1000, "a");
    const Texture texture = Texture::create(context, {.size_px = {10, 20}, .format = PixelFormat::R8}, "b");
    EXPECT_EQ(context.live_stats().objects(), before.objects() + 2);
    EXPECT_EQ(context.live_stats().buffer_bytes, before.buffer_bytes + 1000);
    EXPECT_EQ(context.live_stats().texture_bytes, before.texture_bytes + 200);
  }
  EXPECT_EQ(context.live_stats().objects(), before.objects());
  EXPECT_EQ(context.live_stats().buffer_bytes, before.buffer_bytes);
  context.begin_frame();
}

TEST(GfxContext, a_moved_object_is_deleted_once) {
  test::GlStage stage;
  const std::uint64_t before = stage.context().live_stats().buffers;
  Buffer a = Buffer::create_streamed(stage.context(), 16, "a");
  Buffer b = std::move(a);
  EXPECT_FALSE(a.valid());  // NOLINT: what a moved one is, is the question
  EXPECT_EQ(stage.context().live_stats().buffers, before + 1);
  b = Buffer();
  EXPECT_EQ(stage.context().live_stats().buffers, before);
}

TEST(GfxBuffer, replace_counts_bytes_and_says_when_it_had_to_grow) {
  test::GlStage stage;
  Buffer buffer = Buffer::create_streamed(stage.context(), 64, "a");
  stage.context().begin_frame();
  const std::vector<std::byte> small(40);
  const std::vector<std::byte> large(100);
  EXPECT_FALSE(buffer.replace(small));
  EXPECT_TRUE(buffer.replace(large));
  EXPECT_FALSE(buffer.replace(small));
  EXPECT_EQ(stage.context().frame_stats().bytes_uploaded, 180u);
}

TEST(GfxFramebuffer, pixels_come_back_with_the_top_row_first) {
  test::GlStage stage({8, 4});
  stage.begin({10, 20, 30, 255});
  stage.context().set_scissor(PixelRect{0, 3, 1, 1});  // GL counts rows from the bottom
  stage.context().clear({1, 0, 0, 1});
  stage.context().set_scissor(std::nullopt);
  const Image image = stage.pixels();
  EXPECT_EQ(image.at(0, 0), (base::Color{255, 0, 0, 255}));
  EXPECT_EQ(image.at(0, 3), (base::Color{10, 20, 30, 255}));
}

TEST(GfxFramebuffer, refuses_a_size_that_the_driver_cannot_make) {
  test::GlStage stage;
  const auto framebuffer = Framebuffer::create(stage.context(), {0, 10}, "none");
  ASSERT_FALSE(framebuffer.ok());
  EXPECT_NE(framebuffer.error().message.find("0 x 10"), std::string::npos);
}

TEST(GpuTimer, tells_each_frame_once_and_never_more_than_are_under_way) {
  test::GlStage stage;
  GpuTimer timer(stage.context());
  stage.begin();
  EXPECT_FALSE(timer.take_ms().has_value());
  for (int i = 0; i < 9; ++i) {
    timer.begin();
    stage.context().clear({0, 0, 0, 1});
    timer.end();
  }
  stage.context().finish();
  int told = 0;
  for (; timer.take_ms().has_value(); ++told) {
  }
  EXPECT_GT(told, 0);
  EXPECT_LE(told, 4);
  timer.begin();
  timer.begin();
  timer.end();
  timer.end();
  stage.context().finish();
  const auto took_ms = timer.take_ms();
  ASSERT_TRUE(took_ms.has_value());
  EXPECT_GE(*took_ms, 0);
  EXPECT_FALSE(timer.take_ms().has_value());
}

}  // namespace
}  // namespace gridwall::gfx
