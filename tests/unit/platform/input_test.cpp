#include "platform/input.hpp"

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>
#include <gtest/gtest.h>

namespace gridwall::platform {
namespace {

TEST(Input, letters_digits_and_signs_come_as_characters) {
  EXPECT_EQ(key_press(GLFW_KEY_G, 0, false), (KeyPress{.key = Key::Character, .character = 'G'}));
  EXPECT_EQ(key_press(GLFW_KEY_KP_7, 0, false).character, '7');
  EXPECT_EQ(key_press(GLFW_KEY_EQUAL, GLFW_MOD_SHIFT, false).character, '+');
}

TEST(Input, function_keys_are_numbered_from_one) {
  EXPECT_EQ(key_press(GLFW_KEY_F1, 0, false).function_number, 1);
  EXPECT_EQ(key_press(GLFW_KEY_F12, 0, false).function_number, 12);
}

TEST(Input, modifiers_and_repeats_are_kept) {
  const KeyPress press = key_press(GLFW_KEY_LEFT, GLFW_MOD_CONTROL | GLFW_MOD_ALT, true);
  EXPECT_EQ(press.key, Key::Left);
  EXPECT_TRUE(press.control && press.alt && press.repeated);
  EXPECT_FALSE(press.shift);
}

TEST(Input, an_unknown_key_is_other) {
  EXPECT_EQ(key_press(GLFW_KEY_UNKNOWN, 0, false).key, Key::Other);
}

TEST(Input, the_next_frame_forgets_events_and_keeps_what_is_held) {
  InputFrame input;
  input.mouse_px = {5, 6};
  input.buttons[0] = true;
  input.button_changes.push_back({MouseButton::Left, true, {5, 6}});
  input.wheel_steps = 2;
  input.moved = input.resized = input.redraw_needed = true;
  EXPECT_TRUE(input.something_happened());
  input.start_next();
  EXPECT_FALSE(input.something_happened());
  EXPECT_TRUE(input.buttons[0]);
  EXPECT_EQ(input.mouse_px, (base::Vec2f{5, 6}));
}

}  // namespace
}  // namespace gridwall::platform
