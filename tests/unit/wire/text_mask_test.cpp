#include "wire/text_mask.hpp"

#include <gtest/gtest.h>

namespace gridwall::wire {
namespace {

std::string masked(std::string_view text) {
  return mask_personal(text).text;
}

TEST(TextMask, telephone_numbers_are_masked_however_they_are_written) {
  EXPECT_EQ(masked("咨询电话13812345678，请拨打"), "咨询电话***，请拨打");
  EXPECT_EQ(masked("138 1234 5678"), "***");
  EXPECT_EQ(masked("138-1234-5678."), "***.");
  EXPECT_EQ(masked("Tel. 0510-86861234"), "Tel. ***");
  EXPECT_EQ(masked("call (781) 853-9016 now"), "call (*** now");
  EXPECT_EQ(masked("400-820-8820"), "***");
  EXPECT_EQ(masked("+8613812345678"), "+***");
  EXPECT_EQ(masked("１３８１２３４５６７８"), "***");
}

TEST(TextMask, identity_numbers_go_with_their_last_letter) {
  EXPECT_EQ(masked("身份证32028119900101123X。"), "身份证***。");
  EXPECT_EQ(masked("320281199001011234"), "***");
  EXPECT_EQ(masked("320281900101123"), "***");
}

TEST(TextMask, number_plates_are_masked) {
  EXPECT_EQ(masked("车牌苏B12345违停"), "车牌***违停");
  EXPECT_EQ(masked("苏B·1234A 苏BD12345 粤Z1234港"), "*** *** ***");
  EXPECT_EQ(masked("苏Ｂ１２３４５"), "***");
}

TEST(TextMask, addresses_of_mail_are_masked) {
  EXPECT_EQ(masked("write to pat.o-b@example.org, please"), "write to ***, please");
}

TEST(TextMask, service_numbers_dates_times_and_amounts_stay) {
  for (const char* text : {"拨打110或12345", "2026-07-01 12:00至15:30", "2026年7月1日", "降雨量120.5毫米，水位3.85米",
                           "31.8, 120.2", "苏州市B区", "川A线", "@所有人", "风力10-12级"}) {
    EXPECT_EQ(masked(text), text);
    EXPECT_EQ(mask_personal(text).masked_count, 0u);
  }
}

TEST(TextMask, counts_each_find_and_survives_broken_characters) {
  EXPECT_EQ(mask_personal("13812345678 和 13912345678").masked_count, 2u);
  EXPECT_EQ(masked("a\xE4\xBD"), "a\xE4\xBD");
  EXPECT_EQ(masked(""), "");
}

}  // namespace
}  // namespace gridwall::wire
