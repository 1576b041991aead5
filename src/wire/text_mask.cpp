#include "wire/text_mask.hpp"

#include <algorithm>
#include <vector>

namespace gridwall::wire {

namespace {

constexpr std::array<std::string_view, kPersonalMarkCount> kMarkWords{"phone", "identity", "plate", "door",
                                                                      "mail",  "number",   "name"};

// A character: full-width forms as their plain ones, every blank as a blank, every dash as a hyphen.
struct Letter {
  char32_t code = 0;
  std::size_t begin = 0, end = 0;  // bytes
};
using Letters = std::vector<Letter>;

bool is_invisible(char32_t c) {
  return (c >= 0x200B && c <= 0x200D) || c == 0x2060 || c == 0xFEFF || c == 0xAD;
}

char32_t plain(char32_t c) {
  if (c >= 0xFF01 && c <= 0xFF5E) return c - 0xFEE0;
  if (c == 0x3000 || c == 0xA0 || (c >= 0x2002 && c <= 0x200A) || c == 0x202F || c == U'\t') return U' ';
  if ((c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0xFE63) return U'-';
  if (c == 0x2022 || c == 0x30FB) return U'·';
  return c;
}

Letters letters_of(std::string_view text) {
  Letters letters;
  letters.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const std::size_t wanted = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    const std::size_t size = std::min(wanted, text.size() - at);
    char32_t code = size == 1 ? lead : lead & (0xFFu >> (size + 1));
    for (std::size_t i = 1; i < size; ++i) code = code << 6 | (static_cast<unsigned char>(text[at + i]) & 0x3Fu);
    // Nobody sees it: it belongs to the letter before, and goes with it.
    if (is_invisible(code) && !letters.empty()) {
      letters.back().end = at + size;
    } else {
      letters.push_back({plain(code), at, at + size});
    }
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
bool is_between(char32_t c) {
  return c == U' ' || c == U'-' || c == U'.' || c == U'_' || c == U'·' || c == U')' || c == U'(' || c == U'/';
}
bool is_one_of(char32_t c, std::u32string_view set) {
  return set.find(c) != std::u32string_view::npos;
}

char32_t code_at(const Letters& letters, std::size_t at) {
  return at < letters.size() ? letters[at].code : U'\0';
}

int number_of(std::string_view digits) {
  int number = 0;
  for (const char digit : digits) number = number * 10 + (digit - '0');
  return number;
}

bool is_day(std::string_view month_and_day) {
  const int month = number_of(month_and_day.substr(0, 2)), day = number_of(month_and_day.substr(2, 2));
  return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

// What codes of divisions and identity numbers begin with: 11 to 65, the provinces.
bool is_region(std::string_view digits) {
  const int province = number_of(digits.substr(0, 2));
  return province >= 11 && province <= 65;
}

// 20261122...: a day of the years 1990 to 2099.
bool begins_with_day(std::string_view digits) {
  if (digits.size() < 8) return false;
  const int year = number_of(digits.substr(0, 4));
  return year >= 1990 && year <= 2099 && is_day(digits.substr(4));
}

// Of 18, with the year of birth in full; of 15, where a year before 30 is rather a division's code.
bool is_identity(std::string_view digits, bool has_x) {
  if (digits.size() + (has_x ? 1 : 0) == 18) {
    const int year = number_of(digits.substr(6, 4));
    return is_region(digits) && year >= 1880 && year <= 2099 && is_day(digits.substr(10));
  }
  return digits.size() == 15 && !has_x && is_region(digits) && number_of(digits.substr(6, 2)) >= 30 &&
         is_day(digits.substr(8));
}

bool is_mobile(std::string_view digits) {
  for (const std::string_view country : {"0086", "86"}) {
    if (digits.size() == 11 + country.size() && digits.starts_with(country)) digits.remove_prefix(country.size());
  }
  return digits.size() == 11 && digits[0] == '1' && digits[1] >= '3';
}

// With its area code: 010 and 02x are followed by eight digits, the others by seven or eight.
bool is_landline(std::string_view digits) {
  if (digits.size() < 10 || digits.size() > 12 || digits[0] != '0' || digits[1] == '0') return false;
  return digits[1] > '2' ? digits.size() >= 11 : digits.size() == 11;
}

struct Find {
  std::size_t end = 0;
  PersonalMark mark = PersonalMark::Phone;
};
using MaybeFind = std::optional<Find>;

// Digits in groups, one or two separators between two of them.
struct Groups {
  std::string digits;
  std::vector<std::size_t> counts;  // digits up to the end of each group
  std::vector<std::size_t> ends;    // letters
};

Groups groups_at(const Letters& letters, std::size_t at) {
  constexpr std::size_t kDigitsMax = 24;
  Groups groups;
  std::size_t next = at;
  while (is_digit(code_at(letters, next)) && groups.digits.size() < kDigitsMax) {
    while (is_digit(code_at(letters, next)) && groups.digits.size() < kDigitsMax) {
      groups.digits += static_cast<char>(letters[next++].code);
    }
    groups.counts.push_back(groups.digits.size());
    groups.ends.push_back(next);
    const std::size_t end = next;
    while (next - end < 2 && is_between(code_at(letters, next))) ++next;
    if (next == end) break;
  }
  return groups;
}

// A number that is told by its digits, however they are set apart: in one run, in groups of three and more first, or
// one or two at a time. Anything else may be numbers that only stand side by side.
MaybeFind find_personal_number(const Letters& letters, std::size_t at) {
  const Groups groups = groups_at(letters, at);
  std::size_t largest = 0, before = 0;
  MaybeFind found;
  for (std::size_t i = 0; i < groups.counts.size(); ++i) {
    largest = std::max(largest, groups.counts[i] - before);
    before = groups.counts[i];
    const bool together = i == 0 || groups.counts[0] >= 2 || largest <= 2;
    if (!together || is_digit(code_at(letters, groups.ends[i]))) continue;
    const std::string_view digits = std::string_view(groups.digits).substr(0, groups.counts[i]);
    std::size_t x_at = groups.ends[i];
    if (i > 0 && is_between(code_at(letters, x_at))) ++x_at;
    const bool has_x = (code_at(letters, x_at) == U'X' || code_at(letters, x_at) == U'x') && digits.size() == 17;
    if (has_x && is_identity(digits, true)) return Find{x_at + 1, PersonalMark::Identity};
    if (is_identity(digits, false)) found = Find{groups.ends[i], PersonalMark::Identity};
    const bool phone_like = i == 0 || groups.counts[0] >= 3 || largest <= 2 || digits.starts_with("86");
    if (phone_like && (is_mobile(digits) || is_landline(digits))) found = Find{groups.ends[i], PersonalMark::Phone};
  }
  return found;  // the longest: a landline's first eleven digits are one too
}

// Groups by the sizes in which telephone numbers are written that do not tell themselves by their digits.
MaybeFind find_grouped_number(const Letters& letters, std::size_t at) {
  static constexpr std::array<std::array<std::size_t, 3>, 5> kSizes{
      {{3, 4, 4}, {3, 3, 4}, {4, 4, 4}, {4, 3, 4}, {3, 7, 0}}};
  const Groups groups = groups_at(letters, at);
  for (const auto& sizes : kSizes) {
    const std::size_t count = sizes[2] == 0 ? 2 : 3;
    if (groups.counts.size() < count || is_digit(code_at(letters, groups.ends[count - 1]))) continue;
    std::size_t total = 0;
    bool fits = true;
    for (std::size_t i = 0; i < count; ++i) fits = fits && groups.counts[i] == (total += sizes[i]);
    if (fits) return Find{groups.ends[count - 1], PersonalMark::Phone};
  }
  return std::nullopt;
}

// Seven digits or more in a row that are no division's code and begin with no day.
MaybeFind find_long_number(const Letters& letters, std::size_t at) {
  std::string digits;
  std::size_t end = at;
  while (is_digit(code_at(letters, end))) digits += static_cast<char>(letters[end++].code);
  constexpr std::size_t kDigitsMin = 7, kIdentityDigits = 15, kCaseDigitsMax = 24;
  if (digits.size() < kDigitsMin) return std::nullopt;
  if (begins_with_day(digits) && digits.size() <= kCaseDigitsMax) return std::nullopt;
  const bool code_size = digits.size() == 9 || digits.size() == 12 || digits.size() == 15;
  if (code_size && is_region(digits)) return std::nullopt;
  const bool has_x = code_at(letters, end) == U'X' || code_at(letters, end) == U'x';
  if (digits.size() >= kIdentityDigits && has_x) ++end;
  return Find{end, PersonalMark::LongNumber};
}

// 苏B·12345: a province's character, a letter, then five or six letters and digits; all close together, or each one set
// apart from the next.
MaybeFind find_plate(const Letters& letters, std::size_t at) {
  static constexpr std::u32string_view kProvinces = U"京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";
  static constexpr std::u32string_view kEnds = U"挂学警港澳领";
  if (!is_one_of(letters[at].code, kProvinces)) return std::nullopt;
  const auto separated = [&](std::size_t from) { return is_between(code_at(letters, from)) ? from + 1 : from; };
  for (const bool apart : {false, true}) {
    std::size_t next = separated(at + 1);
    if (!is_latin(code_at(letters, next))) return std::nullopt;
    ++next;
    std::size_t count = 0, digit_count = 0, end = next;
    for (std::size_t step = separated(next); count < 6; step = apart ? separated(end) : end) {
      const char32_t c = code_at(letters, step);
      if (apart && count > 0 && step == end) break;
      if (!is_digit(c) && !is_latin(c)) break;
      digit_count += is_digit(c) ? 1 : 0;
      ++count;
      end = step + 1;
    }
    if (count == 4 && is_one_of(code_at(letters, end), kEnds)) {
      ++end;
      ++count;
    }
    if (count >= 5 && digit_count >= 2) return Find{end, PersonalMark::Plate};
  }
  return std::nullopt;
}

// 3栋2单元501室, 501室: numbers each with what is counted, down to a door.
MaybeFind find_door_in_words(const Letters& letters, std::size_t at) {
  static constexpr std::u32string_view kNumerals = U"〇零一二三四五六七八九十百甲乙丙丁";
  static constexpr std::array<std::u32string_view, 9> kUnits{U"号楼", U"单元", U"楼道", U"栋", U"幢",
                                                             U"座",   U"楼",   U"室",   U"户"};
  std::size_t next = at, steps = 0, end = at;
  bool has_door = false, has_stair = false, long_room = false;
  while (steps < 5) {
    while (code_at(letters, next) == U' ' && steps > 0) ++next;
    const std::size_t begin = next;
    const auto counts = [&](char32_t c) { return is_digit(c) || is_one_of(c, kNumerals) || (is_latin(c) && c < U'a'); };
    while (next - begin < 5 && counts(code_at(letters, next))) ++next;
    if (next == begin) break;
    const auto fits = [&](std::u32string_view unit) {
      for (std::size_t i = 0; i < unit.size(); ++i) {
        if (code_at(letters, next + i) != unit[i]) return false;
      }
      return true;
    };
    const auto unit = std::find_if(kUnits.begin(), kUnits.end(), fits);
    if (unit == kUnits.end()) break;
    const bool is_room = *unit == U"室" || *unit == U"户";
    has_door = has_door || is_room;
    has_stair = has_stair || *unit == U"单元";
    long_room = long_room || (*unit == U"室" && next - begin >= 3 && is_digit(letters[begin].code));
    next += unit->size();
    end = next;
    ++steps;
  }
  const bool found = long_room || (steps >= 2 && (has_door || has_stair));
  if (!found) return std::nullopt;
  // 3栋2单元501: the room without its word.
  std::size_t room = end;
  while (is_digit(code_at(letters, room)) && room - end < 4) ++room;
  return Find{has_door || room - end < 3 ? end : room, PersonalMark::Door};
}

// 12-3-402: building, staircase, room. Two numbers of up to 31 before a year are a date.
MaybeFind find_door_in_numbers(const Letters& letters, std::size_t at) {
  const Groups groups = groups_at(letters, at);
  if (groups.counts.size() < 3) return std::nullopt;
  for (std::size_t i = 0; i < 2; ++i) {
    if (code_at(letters, groups.ends[i]) != U'-' || !is_digit(code_at(letters, groups.ends[i] + 1)))
      return std::nullopt;
  }
  const std::size_t first = groups.counts[0], second = groups.counts[1] - first,
                    third = groups.counts[2] - groups.counts[1];
  if (first > 3 || second > 2 || third < 3 || third > 4) return std::nullopt;
  const std::string_view digits = groups.digits;
  const int last = number_of(digits.substr(groups.counts[1], third));
  const bool is_date = third == 4 && last >= 1900 && last <= 2099 && number_of(digits.substr(0, first)) <= 31 &&
                       number_of(digits.substr(first, second)) <= 31;
  std::size_t end = groups.ends[2];
  if (is_date || is_latin(code_at(letters, end)) || code_at(letters, end) == U'-') return std::nullopt;
  if (code_at(letters, end) == U'室' || code_at(letters, end) == U'户') ++end;
  return Find{end, PersonalMark::Door};
}

MaybeFind find_address(const Letters& letters, std::size_t at) {
  const auto is_part = [](char32_t c) {
    return is_digit(c) || is_latin(c) || c == U'.' || c == U'_' || c == U'-' || c == U'+' || c == U'%';
  };
  std::size_t next = at;
  while (is_part(code_at(letters, next))) ++next;
  if (next == at || code_at(letters, next) != U'@') return std::nullopt;
  const std::size_t host = ++next;
  while (is_part(code_at(letters, next))) ++next;
  if (next == host) return std::nullopt;
  return Find{next, PersonalMark::Mail};
}

// What can be told for certain; the same in texts and in identifiers. `before` is the letter in front of it.
MaybeFind find_certain(const Letters& letters, std::size_t at, char32_t before) {
  const bool inside_number = is_digit(before);
  const bool inside_word = inside_number || is_latin(before);
  if (!inside_word) {
    if (const auto found = find_address(letters, at)) return found;
  }
  if (!inside_number && is_digit(letters[at].code)) {
    if (const auto found = find_personal_number(letters, at)) return found;
    if (!inside_word && before != U'-') {
      if (const auto found = find_door_in_numbers(letters, at)) return found;
    }
  }
  if (!inside_word) {
    if (const auto found = find_door_in_words(letters, at)) return found;
  }
  return find_plate(letters, at);
}

}  // namespace

std::string_view personal_mark_word(PersonalMark mark) {
  return kMarkWords[static_cast<std::size_t>(mark)];
}

namespace {

MaskedText masked_once(std::string_view text) {
  const Letters letters = letters_of(text);
  MaskedText out;
  std::size_t masked_to = 0;  // behind a find a word begins anew: a plate may stand right before a number
  for (std::size_t at = 0; at < letters.size();) {
    const char32_t before = at == masked_to ? U' ' : letters[at - 1].code;
    MaybeFind found = find_certain(letters, at, before);
    const bool begins_number = is_digit(letters[at].code) && !is_digit(before);
    if (!found && begins_number) found = find_grouped_number(letters, at);
    if (!found && begins_number) found = find_long_number(letters, at);
    if (!found) {
      out.text.append(text.substr(letters[at].begin, letters[at].end - letters[at].begin));
      ++at;
      continue;
    }
    out.text += "***";
    ++out.masked_count;
    ++out.by_mark[static_cast<std::size_t>(found->mark)];
    at = masked_to = found->end;
  }
  return out;
}

}  // namespace

MaskedText mask_personal(std::string_view text) {
  MaskedText out = masked_once(text);
  // What stood beside a find may be one itself once that is gone.
  for (bool finds = out.masked_count > 0; finds;) {
    MaskedText next = masked_once(out.text);
    finds = next.masked_count > 0;
    out.text = std::move(next.text);
    out.masked_count += next.masked_count;
    for (std::size_t i = 0; i < kPersonalMarkCount; ++i) out.by_mark[i] += next.by_mark[i];
  }
  return out;
}

std::optional<PersonalMark> find_personal(std::string_view word) {
  const Letters letters = letters_of(word);
  for (std::size_t at = 0; at < letters.size(); ++at) {
    if (const auto found = find_certain(letters, at, at > 0 ? letters[at - 1].code : U' ')) return found->mark;
  }
  return std::nullopt;
}

bool looks_like_name(std::string_view word) {
  // The commonest hundred and some: nine people in ten.
  static constexpr std::u32string_view kFamilies =
      U"王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔"
      U"钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤欧";
  static constexpr std::array<std::u32string_view, 5> kDoubles{U"欧阳", U"诸葛", U"司马", U"上官", U"司徒"};
  static constexpr std::u32string_view kOffices =
      U"局处队所站室中办委司街镇乡村社区院科部会厅署馆园校团府业组县市省路岗组网格台线类厂店行";
  static constexpr std::array<std::u32string_view, 6> kAddresses{U"先生", U"女士", U"小姐", U"同志", U"师傅", U"阿姨"};
  Letters letters = letters_of(word);
  while (!letters.empty() && letters.back().code == U' ') letters.pop_back();
  bool addressed = false;
  for (const auto address : kAddresses) {
    if (letters.size() <= 2 || code_at(letters, letters.size() - 2) != address[0] ||
        letters.back().code != address[1]) {
      continue;
    }
    letters.resize(letters.size() - 2);
    addressed = true;
  }
  const auto is_han = [](const Letter& letter) { return letter.code >= 0x4E00 && letter.code <= 0x9FFF; };
  if (letters.empty() || letters.size() > 4 || !std::all_of(letters.begin(), letters.end(), is_han)) return false;
  const bool is_double = std::any_of(kDoubles.begin(), kDoubles.end(), [&](std::u32string_view family) {
    return letters.size() >= 2 && letters[0].code == family[0] && letters[1].code == family[1];
  });
  if (!is_double && !is_one_of(letters.front().code, kFamilies)) return false;
  if (addressed) return true;
  const std::size_t given = letters.size() - (is_double ? 2 : 1);
  return given >= 1 && given <= 2 && !is_one_of(letters.back().code, kOffices);
}

bool is_plain_id(std::string_view id) {
  return std::all_of(id.begin(), id.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

}  // namespace gridwall::wire
