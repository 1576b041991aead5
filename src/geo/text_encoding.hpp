// What encoding the text of a layer is in, and how that is known: stated by a .cpg or a DBF's language byte, given by
// the caller, or seen from the text itself. Whatever is decoded comes out as clean UTF-8: broken bytes become U+FFFD
// and are counted, control characters are gone. Test: tests/unit/geo/text_encoding_test.cpp.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace gridwall::geo {

// Whether every byte belongs to a well-formed character (RFC 3629: no overlong forms, no surrogates).
bool is_utf8(std::string_view text);

// On one line, without control characters and blanks at either end (the ideographic one too); broken bytes become
// U+FFFD and are counted.
std::string clean_utf8(std::string_view text, std::uint64_t* broken_count = nullptr);

struct Encoding {
  std::string iconv_name;  // GB18030 for all of its subsets: files that claim GBK hold its longer characters too
  std::string shown;       // "GBK"
};

// By any of its usual names: "GBK", "cp936", "936", "ANSI 936", "UTF-8", "65001", "BIG5"; nothing when unknown.
std::optional<Encoding> find_encoding(std::string_view name);

// Of byte 29 of a DBF. Nothing for 0 and for 0x57 ("ANSI"), which say no more than "as on the writer's machine".
std::optional<Encoding> encoding_of_ldid(std::uint8_t ldid);

// What pieces of text look like. Only those with bytes beyond ASCII count.
struct TextEvidence {
  std::uint64_t text_count = 0, utf8_count = 0, gb_count = 0;  // well-formed as; a character cut at the end is forgiven
  std::uint64_t utf8_wide_count = 0;                           // characters of three bytes and more
  std::uint64_t gb_char_count = 0, gb_common_count = 0;        // two-byte characters; those of GB 2312's rows of hanzi
  void add(std::string_view bytes);
};

enum class StatedBy : std::uint8_t { Nobody, Cpg, Ldid, Caller, Format };

struct StatedEncoding {
  std::optional<Encoding> encoding;
  StatedBy by = StatedBy::Nobody;
  std::string how;  // ".cpg", "the DBF's LDID 0x4D"
};

struct ChosenEncoding {
  Encoding encoding;
  std::string told;      // "GBK (by .cpg)", "GBK (guessed: not UTF-8, and neither .cpg nor LDID)"
  bool doubted = false;  // what was stated is not what the text is
};

// The caller is obeyed; a file's own word is, unless its text says otherwise; without any the text decides.
ChosenEncoding choose_encoding(const StatedEncoding& stated, const TextEvidence& evidence);

// One thread each.
class TextDecoder {
 public:
  explicit TextDecoder(const Encoding& encoding);
  ~TextDecoder();
  TextDecoder(const TextDecoder&) = delete;
  TextDecoder& operator=(const TextDecoder&) = delete;

  // See clean_utf8. `broken_count` grows by the bytes that were no characters.
  std::string decode(std::string_view bytes, std::uint64_t* broken_count = nullptr);
  // The same in place; most texts of most files are clean already.
  void decode_in_place(std::string& bytes, std::uint64_t* broken_count = nullptr);
  // The other way, for filters; nothing when a character has no place in the encoding.
  std::optional<std::string> encode(std::string_view utf8);

 private:
  std::string m_name;
  bool m_is_utf8 = false;
  void* m_to_utf8;  // iconv_t; (iconv_t)-1 never: find_encoding has tried it
  void* m_from_utf8;
};

}  // namespace gridwall::geo
