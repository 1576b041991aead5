#include "wire/text_mask.hpp"

#include <gtest/gtest.h>

#include "base/random.hpp"

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

TEST(TextMask, a_number_right_behind_a_plate_is_masked_too_and_a_mask_hides_nothing_else) {
  EXPECT_EQ(masked("苏B12345613812345678"), "******");
  EXPECT_EQ(masked("12-3-402 13812345678"), "*** ***");
  for (const char* text : {"苏B12345613812345678", "12-3-402 13812345678", "138 1234 5678 12-3-402 501室501室"}) {
    EXPECT_EQ(masked(masked(text)), masked(text)) << text;
  }
}

TEST(TextMask, addresses_of_mail_are_masked) {
  EXPECT_EQ(masked("write to pat.o-b@example.org, please"), "write to ***, please");
}

TEST(TextMask, door_numbers_are_masked_in_words_and_in_figures) {
  EXPECT_EQ(masked("请到3栋2单元501室登记"), "请到***登记");
  EXPECT_EQ(masked("12-3-402号住户"), "***号住户");
  EXPECT_EQ(masked("１２－３－４０２"), "***");
  EXPECT_EQ(masked("三幢二单元"), "***");
}

TEST(TextMask, numbers_are_found_spaced_dashed_and_in_full_width) {
  const auto apart = [](std::string_view digits, std::string_view between, bool wide) {
    std::string text;
    for (std::size_t i = 0; i < digits.size(); ++i) {
      if (i > 0) text += between;
      const bool widened = wide && static_cast<unsigned char>(digits[i]) < 0x80;
      if (widened) {
        text += "\xEF\xBC";
        text += static_cast<char>(static_cast<unsigned char>(digits[i]) - 0x20 + 0x80);
      } else {
        text += digits[i];
      }
    }
    return text;
  };
  for (const std::string_view number : {"13812345678", "320281199001011234", "32028119900101123X", "051285012345"}) {
    for (const std::string_view between : {"", " ", "-", ".", "\xE3\x80\x80", "\xE2\x80\x93", "\xC2\xA0"}) {
      for (const bool wide : {false, true}) {
        const std::string text = apart(number, between, wide);
        EXPECT_EQ(masked("电话" + text + "。"), "电话***。") << text;
      }
    }
  }
}

TEST(TextMask, class_codes_case_numbers_dates_and_division_codes_stay) {
  for (const char* text : {"E04.06",
                           "C01.06",
                           "案件20231122000123",
                           "案号20231122-0042",
                           "WX20231122-0042",
                           "2026-11-22 14:30:00",
                           "22-11-2026",
                           "20261122",
                           "320281001003012",
                           "320281001003",
                           "320281001",
                           "320281",
                           "2026-11-22T09:30:00+08:00",
                           "GB/T 30428.2-2013",
                           "第3次",
                           "5号线",
                           "3栋楼",
                           "11月22日12时",
                           "12.5-13.8米",
                           "1:10000"}) {
    EXPECT_EQ(masked(text), text);
    EXPECT_EQ(find_personal(text), std::nullopt) << text;
  }
}

TEST(TextMask, a_seed_is_found_between_any_other_characters) {
  base::Random random(7);
  const std::string_view kAround[] = {"，", "a", " ", "。", "电话", ":", "\n", "（", "楼", "E04.06 ", "：", "于"};
  const std::string_view kPersonal[] = {"13812345678", "32028119900101123X", "苏B12345", "3栋2单元501室",
                                        "１３８１２３４５６７８"};
  const auto some = [&] {
    std::string text;
    for (std::uint64_t i = random.next_below(6); i > 0; --i) text += kAround[random.next_below(std::size(kAround))];
    return text;
  };
  for (int round = 0; round < 2000; ++round) {
    const std::string seed(kPersonal[random.next_below(std::size(kPersonal))]);
    const std::string text = some() + "、" + seed + "、" + some();
    EXPECT_EQ(masked(text).find(seed), std::string::npos) << text;
  }
}

TEST(TextMask, whole_words_that_look_like_names_are_told_from_offices) {
  for (const char* name : {"王小明", "李雷", "欧阳小明", "张伟先生", "赵女士"})
    EXPECT_TRUE(looks_like_name(name)) << name;
  for (const char* word : {"城市管理局", "江阴市", "热线", "石桥村", "NYPD", "", "E04.06", "黄线违停车"}) {
    EXPECT_FALSE(looks_like_name(word)) << word;
  }
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
