// Masks what may tell a person: telephone numbers, identity numbers, number plates, door numbers, e-mail addresses, in
// full-width digits, spaced and dashed too. In free text it rather masks too much: a long number says nothing on a
// wall. Short numbers of services (110, 12345), dates, times, amounts, class codes, division codes and case numbers
// that begin with a date stay. Names cannot be known by their look in a text; only a whole word can look like one.
// Tests: tests/unit/wire/text_mask_test.cpp; tests/unit/hub/redaction_test.cpp.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gridwall::wire {

// What was found; a name in whole words only (see hub/redaction.hpp).
enum class PersonalMark : std::uint8_t { Phone, Identity, Plate, Door, Mail, LongNumber, Name };
inline constexpr std::size_t kPersonalMarkCount = 7;
std::string_view personal_mark_word(PersonalMark mark);  // "phone", for status and health

using MarkCounts = std::array<std::uint64_t, kPersonalMarkCount>;

struct MaskedText {
  std::string text;
  std::uint64_t masked_count = 0;
  MarkCounts by_mark{};
};
// `text` is UTF-8; each find becomes "***".
MaskedText mask_personal(std::string_view text);

// The first mark in an identifier or a code. Stricter than for text: a long number alone is no mark there.
std::optional<PersonalMark> find_personal(std::string_view word);

// Whether a whole word looks like a Chinese personal name: two or three characters (four with a double family name)
// that begin with a family name, with or without a form of address, and no word for an office at the end.
bool looks_like_name(std::string_view word);

// Whether there are no other characters than printable ASCII without the blank.
bool is_plain_id(std::string_view id);

}  // namespace gridwall::wire
