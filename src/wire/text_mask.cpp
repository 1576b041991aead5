#include "wire/text_mask.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace gridwall::wire {

namespace {

// A character, with full-width forms as their plain ones.
struct Letter {
  char32_t code = 0;
  std::size_t begin = 0, end = 0;  // bytes
};

std::vector<Letter> letters_of(std::string_view text) {
  std::vector<Letter> letters;
  letters.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const std::size_t wanted = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    const std::size_t size = std::min(wanted, text.size() - at);
    char32_t code = size == 1 ? lead : lead & (0xFFu >> (size + 1));
    for (std::size_t i = 1; i < size; ++i) code = code << 6 | (static_cast<unsigned char>(text[at + i]) & 0x3Fu);
    if (code >= 0xFF01 && code <= 0xFF5E) code -= 0xFEE0;
    letters.push_back({code, at, at + size});
    at += size;
  }
  return letters;
}

bool is_digit(char32_t c) {
  return c >= U'0' && c <= U'9';
}
bool is_latin(char32_t c) {
  return (c >= U'A' && c <= U'Z') || (c >= U'a' && c <= U'z');
}

using Letters = std::vector<Letter>;

// Each finder returns the end of what begins at `at`, or `at` when nothing does.

// Seven digits or more in a row, and an X behind fifteen or more of them: telephone, identity and account numbers.
std::size_t find_long_number(const Letters& letters, std::size_t at) {
  std::size_t end = at;
  while (end < letters.size() && is_digit(letters[end].code)) ++end;
  constexpr std::size_t kDigitsMin = 7, kIdentityDigits = 15;
  if (end - at < kDigitsMin) return at;
  if (end - at >= kIdentityDigits && end < letters.size() && (letters[end].code == U'X' || letters[end].code == U'x'))
    ++end;
  return end;
}

// Groups of digits between single spaces, hyphens or brackets, by the sizes in which telephone numbers are written.
std::size_t find_grouped_number(const Letters& letters, std::size_t at) {
  static constexpr std::array<std::array<std::size_t, 3>, 8> kSizes{
      {{3, 4, 4}, {3, 3, 4}, {3, 8, 0}, {4, 8, 0}, {4, 7, 0}, {3, 7, 0}, {4, 4, 4}, {4, 3, 4}}};
  const auto is_between = [](char32_t c) { return c == U' ' || c == U'-' || c == U')' || c == U'('; };
  std::array<std::size_t, 3> sizes{}, ends{};
  std::size_t group = 0, next = at;
  while (group < 3) {
    const std::size_t begin = next;
    while (next < letters.size() && is_digit(letters[next].code)) ++next;
    if (next == begin) break;
    sizes[group] = next - begin;
    ends[group++] = next;
    while (next < letters.size() && next - ends[group - 1] < 2 && is_between(letters[next].code)) ++next;
    if (next == ends[group - 1]) break;
  }
  for (const auto& wanted : kSizes) {
    const std::size_t count = wanted[2] == 0 ? 2 : 3;
    if (group >= count &&
        std::equal(wanted.begin(), wanted.begin() + static_cast<std::ptrdiff_t>(count), sizes.begin())) {
      return ends[count - 1];
    }
  }
  return at;
}

// 苏B·12345: a province's character, a letter, then five or six letters and digits.
std::size_t find_plate(const Letters& letters, std::size_t at) {
  static constexpr std::u32string_view kProvinces = U"京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";
  if (kProvinces.find(letters[at].code) == std::u32string_view::npos) return at;
  std::size_t next = at + 1;
  if (next >= letters.size() || !is_latin(letters[next].code)) return at;
  ++next;
  if (next < letters.size() &&
      (letters[next].code == U'·' || letters[next].code == U' ' || letters[next].code == U'-')) {
    ++next;
  }
  const std::size_t begin = next;
  std::size_t digit_count = 0;
  while (next < letters.size() && next - begin < 6 && (is_digit(letters[next].code) || is_latin(letters[next].code))) {
    digit_count += is_digit(letters[next++].code) ? 1 : 0;
  }
  static constexpr std::u32string_view kEnds = U"挂学警港澳领";
  if (next - begin == 4 && next < letters.size() && kEnds.find(letters[next].code) != std::u32string_view::npos) ++next;
  return next - begin >= 5 && digit_count >= 2 ? next : at;
}

std::size_t find_address(const Letters& letters, std::size_t at) {
  const auto is_part = [](char32_t c) {
    return is_digit(c) || is_latin(c) || c == U'.' || c == U'_' || c == U'-' || c == U'+' || c == U'%';
  };
  std::size_t next = at;
  while (next < letters.size() && is_part(letters[next].code)) ++next;
  if (next == at || next >= letters.size() || letters[next].code != U'@') return at;
  const std::size_t host = ++next;
  while (next < letters.size() && is_part(letters[next].code)) ++next;
  return next > host ? next : at;
}

}  // namespace

MaskedText mask_personal(std::string_view text) {
  const Letters letters = letters_of(text);
  MaskedText out;
  for (std::size_t at = 0; at < letters.size();) {
    const auto before = at > 0 ? letters[at - 1].code : U' ';
    const bool inside_number = is_digit(before);
    const bool inside_word = inside_number || is_latin(before);
    std::size_t end = at;
    if (!inside_word && end == at) end = find_address(letters, at);
    if (!inside_number && end == at) end = find_grouped_number(letters, at);
    if (!inside_number && end == at) end = find_long_number(letters, at);
    if (end == at) end = find_plate(letters, at);
    if (end == at) {
      out.text.append(text.substr(letters[at].begin, letters[at].end - letters[at].begin));
      ++at;
      continue;
    }
    out.text += "***";
    ++out.masked_count;
    at = end;
  }
  return out;
}

}  // namespace gridwall::wire
