// Masks what may tell a person in the only free text that there is, an alert's: telephone numbers, identity numbers,
// number plates, e-mail addresses. It rather masks too much: a long number says nothing on a wall. Short numbers of
// services (110, 12345), dates, times and amounts stay. Test: tests/unit/wire/text_mask_test.cpp.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace gridwall::wire {

struct MaskedText {
  std::string text;
  std::uint64_t masked_count = 0;
};
// `text` is UTF-8; each find becomes "***".
MaskedText mask_personal(std::string_view text);

}  // namespace gridwall::wire
