#include "geo/text_encoding.hpp"

#include <gtest/gtest.h>

namespace gridwall::geo {
namespace {

constexpr std::string_view kRiverInGbk = "\xBD\xAD\xD2\xF5\xCA\xD0";  // 江阴市
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

TEST(text_encoding, well_formed_utf8_is_told_from_all_else) {
  struct Case {
    std::string_view text;
    bool good;
  };
  for (const Case& c : {Case{"plain", true}, Case{"江阴市", true}, Case{"𠮷", true}, Case{"\xC0\xAF", false},
                        Case{"\xED\xA0\x80", false}, Case{"\xF4\x90\x80\x80", false}, Case{"\xE6\xB1", false},
                        Case{"\x80", false}, Case{"\xE0\x80\x80", false}}) {
    EXPECT_EQ(is_utf8(c.text), c.good) << c.text;
  }
}

TEST(text_encoding, cleaned_text_is_one_line_of_utf8_without_control_characters) {
  using namespace std::string_literals;
  struct Case {
    std::string text, clean;
    std::uint64_t broken;
  };
  const Case cases[] = {
      {" \t江阴\n", "江阴", 0},
      {"一\n二", "一 二", 0},
      {"nul\0inside"s, "nulinside", 0},
      {"\x1B[31mred\x7F", "[31mred", 0},
      {"\xC2\x85next", "next", 0},
      {"\u3000村\u3000", "村", 0},
      {"\u202Eturned", "turned", 0},
      {"\uFEFFmark", "mark", 0},
      {"a\xFFz", "a\uFFFDz", 1},
      {"\xE6\xB1", "\uFFFD\uFFFD", 2},
      {"\xED\xA0\x80", "\uFFFD\uFFFD\uFFFD", 3},
      {"", "", 0},
      {"   ", "", 0},
  };
  for (const Case& c : cases) {
    std::uint64_t broken = 0;
    EXPECT_EQ(clean_utf8(c.text, &broken), c.clean);
    EXPECT_EQ(broken, c.broken) << c.clean;
    EXPECT_TRUE(is_utf8(clean_utf8(c.text)));
  }
}

TEST(text_encoding, encodings_are_known_by_any_of_their_names) {
  struct Case {
    std::string_view name, iconv_name;
  };
  for (const Case& c :
       {Case{"GBK", "GB18030"}, Case{"cp936", "GB18030"}, Case{"936", "GB18030"}, Case{"ANSI 936", "GB18030"},
        Case{"gb2312", "GB18030"}, Case{"GB18030", "GB18030"}, Case{"54936", "GB18030"}, Case{"utf-8\r\n", "UTF-8"},
        Case{"65001", "UTF-8"}, Case{"Big5", "BIG5-HKSCS"}, Case{"OEM 950", "BIG5-HKSCS"}, Case{"ISO-8859-1", "CP1252"},
        Case{"88592", "ISO-8859-2"}, Case{"1251", "CP1251"}, Case{"KOI8-R", "KOI8-R"}}) {
    const auto found = find_encoding(c.name);
    ASSERT_TRUE(found.has_value()) << c.name;
    EXPECT_EQ(found->iconv_name, c.iconv_name) << c.name;
  }
  for (const char* name : {"", "nonsense", "UTF-16", "GBK//TRANSLIT", "99999999999999999999"}) {
    EXPECT_FALSE(find_encoding(name).has_value()) << name;
  }
  EXPECT_EQ(encoding_of_ldid(0x4D)->shown, "GBK");
  EXPECT_EQ(encoding_of_ldid(0x4F)->shown, "Big5");
  EXPECT_EQ(encoding_of_ldid(0x78)->shown, "Big5");
  EXPECT_FALSE(encoding_of_ldid(0x57).has_value());
  EXPECT_FALSE(encoding_of_ldid(0x00).has_value());
}

TEST(text_encoding, rare_characters_survive_gb18030) {
  TextDecoder decoder(*find_encoding("GB18030"));
  std::uint64_t broken = 0;
  EXPECT_EQ(decoder.decode("\x95\x34\xB2\x35", &broken), "𠮷");
  EXPECT_EQ(decoder.decode(kRiverInGbk, &broken), "江阴市");
  EXPECT_EQ(broken, 0u);
  for (const std::string text : {"𠮷", "㙍", "塘湾〇村", "plain"})
    EXPECT_EQ(decoder.decode(*decoder.encode(text)), text);
  EXPECT_FALSE(TextDecoder(*find_encoding("Big5")).encode("𠀀江阴为").has_value());
}

TEST(text_encoding, broken_bytes_are_shown_and_counted) {
  TextDecoder decoder(*find_encoding("GBK"));
  std::uint64_t broken = 0;
  EXPECT_EQ(decoder.decode("\xBD\xAD\xFF\xD2\xF5", &broken), "江\uFFFD阴");
  EXPECT_EQ(broken, 1u);
  EXPECT_EQ(decoder.decode("\xBD\xAD\xD2", &broken), "江\uFFFD");
  EXPECT_EQ(broken, 2u);
  const std::string many(5000, '\xFF');
  const std::string shown = decoder.decode(many, &broken);
  EXPECT_EQ(shown.size(), many.size() * kReplacement.size());
  EXPECT_TRUE(is_utf8(shown));
}

ChosenEncoding chosen(const StatedEncoding& stated, std::initializer_list<std::string_view> texts) {
  TextEvidence seen;
  for (const std::string_view text : texts) seen.add(text);
  return choose_encoding(stated, seen);
}

TEST(text_encoding, the_choice_weighs_what_is_stated_against_the_text) {
  const StatedEncoding none;
  const StatedEncoding cpg_utf8{find_encoding("UTF-8"), StatedBy::Cpg, ".cpg"};
  const StatedEncoding cpg_gbk{find_encoding("GBK"), StatedBy::Cpg, ".cpg"};
  const StatedEncoding cpg_gb18030{find_encoding("GB18030"), StatedBy::Cpg, ".cpg"};
  const StatedEncoding ldid{encoding_of_ldid(0x4D), StatedBy::Ldid, "the DBF's LDID 0x4D"};
  const StatedEncoding caller{find_encoding("Big5"), StatedBy::Caller, {}};
  struct Case {
    ChosenEncoding chosen;
    std::string_view told;
    bool doubted;
  };
  const Case cases[] = {
      {chosen(none, {"plain"}), "UTF-8", false},
      {chosen(none, {"江阴市", "宜兴"}), "UTF-8", false},
      {chosen(none, {kRiverInGbk}), "GBK (guessed: not UTF-8, and neither .cpg nor LDID)", false},
      {chosen(none, {"M\xFCller",
                     "Stra\xDF"
                     "e"}),
       "Windows-1252 (guessed: not UTF-8, and neither .cpg nor LDID)", false},
      {chosen(cpg_gb18030, {kRiverInGbk}), "GB18030 (by .cpg)", false},
      {chosen(ldid, {kRiverInGbk}), "GBK (by the DBF's LDID 0x4D)", false},
      {chosen(caller, {kRiverInGbk}), "Big5 (given by the caller)", false},
      {chosen(cpg_utf8, {kRiverInGbk}), "GBK (.cpg says UTF-8, which its text is not)", true},
      {chosen(cpg_gbk, {"江阴市", "宜兴"}), "UTF-8 (.cpg says GBK, but its text is UTF-8)", true},
      // The last character is cut by the field's width: that proves nothing.
      {chosen(cpg_utf8, {"江阴\xE5\xB8"}), "UTF-8 (by .cpg)", false},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(c.chosen.told, c.told);
    EXPECT_EQ(c.chosen.doubted, c.doubted) << c.told;
  }
}

}  // namespace
}  // namespace gridwall::geo
