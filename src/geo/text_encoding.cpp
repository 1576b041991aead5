#include "geo/text_encoding.hpp"

#include <fmt/format.h>
#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>

#include "base/assert.hpp"

namespace gridwall::geo {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
constexpr char32_t kBroken = 0xFFFFFFFF;

std::uint8_t byte_at(std::string_view text, std::size_t i) {
  return static_cast<std::uint8_t>(text[i]);
}

struct Character {
  char32_t code = 0;
  std::size_t length = 1;  // bytes; of a broken one always 1
  bool cut = false;        // broken only because the text ends
};

// The character at `i` < text.size().
Character character_at(std::string_view text, std::size_t i) {
  const std::uint8_t lead = byte_at(text, i);
  if (lead < 0x80) return {lead, 1, false};
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4) return {kBroken, 1, false};
  char32_t code = lead & (0x7Fu >> length);
  for (std::size_t k = 1; k < length; ++k) {
    if (i + k >= text.size()) return {kBroken, 1, true};
    const std::uint8_t next = byte_at(text, i + k);
    if ((next & 0xC0) != 0x80) return {kBroken, 1, false};
    code = (code << 6) | (next & 0x3Fu);
  }
  const bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (overlong || surrogate || code > 0x10FFFF) return {kBroken, 1, false};
  return {code, length, false};
}

// Those that show nothing and can turn a line of text around.
bool is_unseen(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0xFEFF || c == 0x200E || c == 0x200F ||
         (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

bool is_blank(char32_t c) {
  return c == ' ' || c == 0xA0 || c == 0x3000;
}

bool is_plain_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
}

std::string_view without_blanks(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

// "ANSI 936", "cp-936" and "Windows936" are all 936.
std::string plain_name(std::string_view name) {
  std::string plain;
  for (const char c : name) {
    if (c >= 'a' && c <= 'z') {
      plain += static_cast<char>(c - 'a' + 'A');
    } else if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) {
      plain += c;
    }
  }
  for (const std::string_view prefix : {"ANSI", "OEM", "CP", "WINDOWS", "MS", "IBM"}) {
    const std::string_view rest = std::string_view(plain).substr(std::min(prefix.size(), plain.size()));
    const bool number = !rest.empty() && std::all_of(rest.begin(), rest.end(), [](char c) { return c <= '9'; });
    if (plain.starts_with(prefix) && number) return std::string(rest);
  }
  return plain;
}

bool iconv_knows(const std::string& name) {
  const iconv_t both[] = {iconv_open("UTF-8", name.c_str()), iconv_open(name.c_str(), "UTF-8")};
  bool known = true;
  for (iconv_t one : both) {
    if (one == reinterpret_cast<iconv_t>(-1)) {
      known = false;
    } else {
      iconv_close(one);
    }
  }
  return known;
}

struct NamedEncoding {
  std::string_view plain, iconv_name, shown;
};
constexpr NamedEncoding kEncodings[] = {
    {"UTF8", "UTF-8", "UTF-8"},
    {"65001", "UTF-8", "UTF-8"},
    {"GBK", "GB18030", "GBK"},
    {"936", "GB18030", "GBK"},
    {"GB2312", "GB18030", "GBK"},
    {"GB231280", "GB18030", "GBK"},
    {"EUCCN", "GB18030", "GBK"},
    {"CHINESE", "GB18030", "GBK"},
    {"GB18030", "GB18030", "GB18030"},
    {"GB180302000", "GB18030", "GB18030"},
    {"GB180302005", "GB18030", "GB18030"},
    {"54936", "GB18030", "GB18030"},
    {"BIG5", "BIG5-HKSCS", "Big5"},
    {"950", "BIG5-HKSCS", "Big5"},
    {"BIG5HKSCS", "BIG5-HKSCS", "Big5"},
    {"932", "CP932", "Shift_JIS"},
    {"SJIS", "CP932", "Shift_JIS"},
    {"SHIFTJIS", "CP932", "Shift_JIS"},
    {"949", "UHC", "EUC-KR"},
    {"EUCKR", "UHC", "EUC-KR"},
    {"ISO88591", "CP1252", "ISO-8859-1"},
    {"88591", "CP1252", "ISO-8859-1"},
    {"LATIN1", "CP1252", "ISO-8859-1"},
};

struct LdidEncoding {
  std::uint8_t ldid;
  std::string_view name;
};
constexpr LdidEncoding kLdids[] = {
    {0x01, "437"}, {0x02, "850"}, {0x03, "1252"}, {0x13, "932"},  {0x26, "866"},  {0x4D, "936"},  {0x4E, "949"},
    {0x4F, "950"}, {0x50, "874"}, {0x64, "852"},  {0x65, "866"},  {0x78, "950"},  {0x79, "949"},  {0x7A, "936"},
    {0x7B, "932"}, {0x7C, "874"}, {0xC8, "1250"}, {0xC9, "1251"}, {0xCA, "1254"}, {0xCB, "1253"}, {0xCC, "1257"},
};

// Two bytes of GBK or four of GB 18030; 0: none.
std::size_t gb_length(std::string_view text, std::size_t i) {
  const std::uint8_t lead = byte_at(text, i);
  if (lead < 0x81 || lead > 0xFE || i + 1 >= text.size()) return 0;
  const std::uint8_t second = byte_at(text, i + 1);
  if (second >= 0x40 && second <= 0xFE && second != 0x7F) return 2;
  if (second < 0x30 || second > 0x39 || i + 3 >= text.size()) return 0;
  const std::uint8_t third = byte_at(text, i + 2), fourth = byte_at(text, i + 3);
  return third >= 0x81 && third <= 0xFE && fourth >= 0x30 && fourth <= 0x39 ? 4 : 0;
}

bool fits_gb(const TextEvidence& seen) {
  return 2 * seen.gb_count >= seen.text_count && 2 * seen.gb_common_count >= seen.gb_char_count;
}

bool fits_utf8(const TextEvidence& seen) {
  return 2 * seen.utf8_count >= seen.text_count;
}

// Text of another encoding is hardly ever whole UTF-8 with several long characters.
bool surely_utf8(const TextEvidence& seen) {
  constexpr std::uint64_t kWideMin = 3;
  return seen.utf8_count == seen.text_count && seen.utf8_wide_count >= kWideMin;
}

}  // namespace

bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const Character c = character_at(text, i);
    if (c.code == kBroken) return false;
    i += c.length;
  }
  return true;
}

std::string clean_utf8(std::string_view text, std::uint64_t* broken_count) {
  text = without_blanks(text);
  if (is_plain_ascii(text)) return std::string(text);
  std::string clean;
  std::size_t end = 0;  // of the last character that is no blank
  for (std::size_t i = 0; i < text.size();) {
    const Character c = character_at(text, i);
    const bool line_end = c.code == '\n' || c.code == '\r' || c.code == '\t' || c.code == 0x2028 || c.code == 0x2029;
    if (c.code == kBroken) {
      clean += kReplacement;
      if (broken_count != nullptr) ++*broken_count;
    } else if (line_end || is_blank(c.code)) {
      if (!clean.empty()) clean.append(line_end ? " " : text.substr(i, c.length));
    } else if (!is_unseen(c.code)) {
      clean.append(text.substr(i, c.length));
    }
    if (c.code == kBroken || !(line_end || is_blank(c.code) || is_unseen(c.code))) end = clean.size();
    i += c.length;
  }
  clean.resize(end);
  return clean;
}

std::optional<Encoding> find_encoding(std::string_view name) {
  const std::string plain = plain_name(name);
  if (plain.empty()) return std::nullopt;
  for (const NamedEncoding& known : kEncodings) {
    if (plain == known.plain) return Encoding{std::string(known.iconv_name), std::string(known.shown)};
  }
  const bool number = std::all_of(plain.begin(), plain.end(), [](char c) { return c <= '9'; });
  std::string own = number && plain.starts_with("8859") ? "ISO-8859-" + plain.substr(4)
                    : number                            ? "CP" + plain
                                                        : std::string(without_blanks(name));
  // Nothing that iconv would take for an instruction ("//TRANSLIT") or that spells no ASCII text.
  const bool harmless = std::all_of(own.begin(), own.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '_' ||
           c == ':';
  });
  const bool spells_ascii = !plain.starts_with("UTF") && !plain.starts_with("UCS");
  if (!harmless || !spells_ascii || !iconv_knows(own)) return std::nullopt;
  return Encoding{own, own};
}

std::optional<Encoding> encoding_of_ldid(std::uint8_t ldid) {
  for (const LdidEncoding& known : kLdids) {
    if (known.ldid == ldid) return find_encoding(known.name);
  }
  return std::nullopt;
}

void TextEvidence::add(std::string_view bytes) {
  if (std::all_of(bytes.begin(), bytes.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; })) return;
  ++text_count;
  bool utf8 = true;
  for (std::size_t i = 0; i < bytes.size() && utf8;) {
    const Character c = character_at(bytes, i);
    utf8 = c.code != kBroken || c.cut;
    utf8_wide_count += c.length > 2;
    i += c.cut ? bytes.size() : c.length;
  }
  utf8_count += utf8;
  bool gb = true;
  for (std::size_t i = 0; i < bytes.size() && gb;) {
    if (byte_at(bytes, i) < 0x80) {
      ++i;
      continue;
    }
    const std::size_t length = gb_length(bytes, i);
    gb = length > 0 || (i + 1 == bytes.size() && byte_at(bytes, i) > 0x80 && byte_at(bytes, i) < 0xFF);
    gb_char_count += length == 2;
    gb_common_count +=
        length == 2 && byte_at(bytes, i) >= 0xB0 && byte_at(bytes, i) <= 0xF7 && byte_at(bytes, i + 1) >= 0xA1;
    i += std::max<std::size_t>(length, 1);
  }
  gb_count += gb;
}

ChosenEncoding choose_encoding(const StatedEncoding& stated, const TextEvidence& seen) {
  const Encoding utf8{"UTF-8", "UTF-8"}, gbk{"GB18030", "GBK"};
  if (stated.by == StatedBy::Caller && stated.encoding) {
    return {*stated.encoding, fmt::format("{} (given by the caller)", stated.encoding->shown)};
  }
  if (stated.encoding) {
    const Encoding& said = *stated.encoding;
    const bool says_utf8 = said.iconv_name == utf8.iconv_name;
    if (says_utf8 && seen.text_count > 0 && !fits_utf8(seen) && fits_gb(seen)) {
      return {gbk, fmt::format("GBK ({} says UTF-8, which its text is not)", stated.how), true};
    }
    if (!says_utf8 && seen.text_count > 0 && surely_utf8(seen)) {
      return {utf8, fmt::format("UTF-8 ({} says {}, but its text is UTF-8)", stated.how, said.shown), true};
    }
    return {said, stated.by == StatedBy::Format ? said.shown : fmt::format("{} (by {})", said.shown, stated.how)};
  }
  // "联通" in GBK looks like UTF-8; a whole layer of such words does not happen.
  if (seen.text_count == 0 || (fits_utf8(seen) && seen.utf8_count >= seen.gb_count)) return {utf8, "UTF-8"};
  const std::string_view none = "not UTF-8, and neither .cpg nor LDID";
  if (fits_gb(seen)) return {gbk, fmt::format("GBK (guessed: {})", none)};
  if (fits_utf8(seen)) return {utf8, "UTF-8"};
  return {{"CP1252", "Windows-1252"}, fmt::format("Windows-1252 (guessed: {})", none)};
}

TextDecoder::TextDecoder(const Encoding& encoding)
    : m_name(encoding.iconv_name),
      m_is_utf8(encoding.iconv_name == "UTF-8"),
      m_to_utf8(iconv_open("UTF-8", m_name.c_str())),
      m_from_utf8(iconv_open(m_name.c_str(), "UTF-8")) {
  const auto none = reinterpret_cast<iconv_t>(-1);
  ASSERT(m_to_utf8 != none && m_from_utf8 != none, "iconv has no {}", m_name);
}

TextDecoder::~TextDecoder() {
  iconv_close(m_to_utf8);
  iconv_close(m_from_utf8);
}

std::string TextDecoder::decode(std::string_view bytes, std::uint64_t* broken_count) {
  if (m_is_utf8 || is_plain_ascii(bytes)) return clean_utf8(bytes, broken_count);
  iconv(m_to_utf8, nullptr, nullptr, nullptr, nullptr);
  std::string utf8;
  std::array<char, 512> piece{};
  char* in = const_cast<char*>(bytes.data());  // iconv's signature; it does not write there
  std::size_t in_left = bytes.size();
  while (in_left > 0) {
    char* out = piece.data();
    std::size_t out_left = piece.size();
    const std::size_t done = iconv(m_to_utf8, &in, &in_left, &out, &out_left);
    const int reason = errno;
    utf8.append(piece.data(), piece.size() - out_left);
    if (done != static_cast<std::size_t>(-1) || reason == E2BIG) continue;
    utf8 += kReplacement;
    if (broken_count != nullptr) ++*broken_count;
    ++in;
    --in_left;
    iconv(m_to_utf8, nullptr, nullptr, nullptr, nullptr);
  }
  return clean_utf8(utf8);
}

void TextDecoder::decode_in_place(std::string& bytes, std::uint64_t* broken_count) {
  const bool has_outer_blank = !bytes.empty() && (bytes.front() == ' ' || bytes.back() == ' ');
  if (has_outer_blank || !is_plain_ascii(bytes)) bytes = decode(bytes, broken_count);
}

std::optional<std::string> TextDecoder::encode(std::string_view utf8) {
  if (m_is_utf8) return std::string(utf8);
  iconv(m_from_utf8, nullptr, nullptr, nullptr, nullptr);
  std::string bytes(4 * utf8.size() + 16, '\0');
  char* in = const_cast<char*>(utf8.data());
  char* out = bytes.data();
  std::size_t in_left = utf8.size(), out_left = bytes.size();
  if (iconv(m_from_utf8, &in, &in_left, &out, &out_left) == static_cast<std::size_t>(-1)) return std::nullopt;
  bytes.resize(bytes.size() - out_left);
  return bytes;
}

}  // namespace gridwall::geo
