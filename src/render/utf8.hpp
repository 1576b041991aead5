// UTF-8 text as characters; broken bytes become U+FFFD, one each. Test: tests/unit/render/utf8_test.cpp.
#pragma once

#include <string_view>
#include <vector>

namespace gridwall::render {

inline std::vector<char32_t> characters_of(std::string_view text) {
  std::vector<char32_t> characters;
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
    const unsigned char lead = byte(i);
    const std::size_t length = lead < 0x80   ? 1
                               : lead < 0xc2 ? 0
                               : lead < 0xe0 ? 2
                               : lead < 0xf0 ? 3
                               : lead < 0xf5 ? 4
                                             : 0;
    char32_t character = length <= 1 ? lead : lead & (0x7fu >> length);
    bool good = length != 0 && i + length <= text.size();
    for (std::size_t k = 1; good && k < length; ++k) {
      good = (byte(i + k) & 0xc0) == 0x80;
      character = (character << 6) | (byte(i + k) & 0x3fu);
    }
    // Overlong forms, surrogates and what lies above Unicode are broken too.
    if (good && ((length == 3 && (character < 0x800 || (character >= 0xd800 && character < 0xe000))) ||
                 (length == 4 && (character < 0x10000 || character > 0x10ffff)))) {
      good = false;
    }
    characters.push_back(good ? character : U'\xfffd');
    i += good ? length : 1;
  }
  return characters;
}

}  // namespace gridwall::render
