#include "platform/input.hpp"

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>

namespace gridwall::platform {

namespace {

Key named_key(int glfw_key) {
  switch (glfw_key) {
    case GLFW_KEY_ESCAPE:
      return Key::Escape;
    case GLFW_KEY_ENTER:
    case GLFW_KEY_KP_ENTER:
      return Key::Enter;
    case GLFW_KEY_SPACE:
      return Key::Space;
    case GLFW_KEY_TAB:
      return Key::Tab;
    case GLFW_KEY_BACKSPACE:
      return Key::Backspace;
    case GLFW_KEY_HOME:
      return Key::Home;
    case GLFW_KEY_LEFT:
      return Key::Left;
    case GLFW_KEY_RIGHT:
      return Key::Right;
    case GLFW_KEY_UP:
      return Key::Up;
    case GLFW_KEY_DOWN:
      return Key::Down;
    case GLFW_KEY_PAGE_UP:
      return Key::PageUp;
    case GLFW_KEY_PAGE_DOWN:
      return Key::PageDown;
    default:
      return Key::Other;
  }
}

char character_of(int glfw_key) {
  if (glfw_key >= GLFW_KEY_A && glfw_key <= GLFW_KEY_Z) return static_cast<char>('A' + (glfw_key - GLFW_KEY_A));
  if (glfw_key >= GLFW_KEY_0 && glfw_key <= GLFW_KEY_9) return static_cast<char>('0' + (glfw_key - GLFW_KEY_0));
  if (glfw_key >= GLFW_KEY_KP_0 && glfw_key <= GLFW_KEY_KP_9) {
    return static_cast<char>('0' + (glfw_key - GLFW_KEY_KP_0));
  }
  if (glfw_key == GLFW_KEY_KP_ADD || glfw_key == GLFW_KEY_EQUAL) return '+';
  if (glfw_key == GLFW_KEY_KP_SUBTRACT || glfw_key == GLFW_KEY_MINUS) return '-';
  if (glfw_key == GLFW_KEY_COMMA) return ',';
  if (glfw_key == GLFW_KEY_PERIOD) return '.';
  if (glfw_key == GLFW_KEY_LEFT_BRACKET) return '[';
  if (glfw_key == GLFW_KEY_RIGHT_BRACKET) return ']';
  return 0;
}

}  // namespace

KeyPress key_press(int glfw_key, int glfw_mods, bool repeated) {
  KeyPress press;
  press.shift = (glfw_mods & GLFW_MOD_SHIFT) != 0;
  press.control = (glfw_mods & GLFW_MOD_CONTROL) != 0;
  press.alt = (glfw_mods & GLFW_MOD_ALT) != 0;
  press.repeated = repeated;
  press.character = character_of(glfw_key);
  if (press.character != 0) {
    press.key = Key::Character;
  } else if (glfw_key >= GLFW_KEY_F1 && glfw_key <= GLFW_KEY_F25) {
    press.key = Key::Function;
    press.function_number = glfw_key - GLFW_KEY_F1 + 1;
  } else {
    press.key = named_key(glfw_key);
  }
  return press;
}

}  // namespace gridwall::platform
