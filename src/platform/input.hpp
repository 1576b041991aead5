// InputFrame: what mouse, keys and the window did since the last frame, as plain values.
// Test: tests/unit/platform/input_test.cpp.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "base/geometry.hpp"

namespace gridwall::platform {

enum class MouseButton : std::uint8_t { Left, Right, Middle };
inline constexpr std::size_t kMouseButtonCount = 3;

// The keys the product listens to; letters and digits come as their upper-case character.
enum class Key : std::uint8_t {
  Other,
  Character,
  Escape,
  Enter,
  Space,
  Tab,
  Backspace,
  Home,
  Left,
  Right,
  Up,
  Down,
  PageUp,
  PageDown,
  Function
};

struct KeyPress {
  Key key = Key::Other;
  char character = 0;       // with Key::Character: 'A'..'Z', '0'..'9', '+', '-', ',', '.', '[', ']'
  int function_number = 0;  // with Key::Function: 1 is F1
  bool shift = false, control = false, alt = false;
  bool repeated = false;
  bool operator==(const KeyPress&) const = default;
};

struct ButtonChange {
  MouseButton button = MouseButton::Left;
  bool pressed = false;
  base::Vec2f position_px;
};

struct InputFrame {
  base::Vec2f mouse_px;  // framebuffer pixels from the top left
  bool mouse_inside = false;
  std::array<bool, kMouseButtonCount> buttons{};  // down now
  std::vector<ButtonChange> button_changes;       // in order
  float wheel_steps = 0;                          // upward is positive; parts of a step on touch pads
  std::vector<KeyPress> keys;
  base::Vec2i framebuffer_size_px;
  float content_scale = 1;
  bool resized = false;
  bool rescaled = false;
  bool redraw_needed = false;  // the window system lost its picture
  bool close_requested = false;

  // Anything that could change the picture.
  [[nodiscard]] bool something_happened() const {
    return resized || rescaled || redraw_needed || close_requested || moved || wheel_steps != 0 ||
           !button_changes.empty() || !keys.empty();
  }
  bool moved = false;

  // Forgets the events, keeps what is still so (positions, buttons held, sizes).
  void start_next() {
    button_changes.clear();
    keys.clear();
    wheel_steps = 0;
    resized = rescaled = redraw_needed = moved = false;
  }
};

// A GLFW key code and its modifier bits as ours.
KeyPress key_press(int glfw_key, int glfw_mods, bool repeated);

}  // namespace gridwall::platform
