// Real names where the list has them, plain ones behind.
#include "geo/city_names.hpp"

#include <gtest/gtest.h>

#include "base/text_file.hpp"
#include "support/temp_folder.hpp"

namespace gridwall::geo {
namespace {

namespace fs = std::filesystem;

class TempFile {
 public:
  explicit TempFile(std::string_view text) : m_path(test::process_folder() / "names.csv") {
    EXPECT_TRUE(base::write_text_file(m_path, text).ok());
  }
  ~TempFile() { fs::remove(m_path); }
  [[nodiscard]] const fs::path& path() const { return m_path; }

 private:
  fs::path m_path;
};

TEST(CityNames, lists_towns_before_development_zones_and_sorts_villages) {
  const TempFile file(
      "code,name,level,parent\n900001,某县,county,\n900001400,开发区,town,900001\n"
      "900001100,东镇,town,900001\n900001001,城关街道,town,900001\n"
      "900001100200,西岸村委会,village,900001100\n900001100001,街心社区居委会,village,900001100\n");
  const auto towns = read_city_names(file.path());
  ASSERT_TRUE(towns.ok()) << towns.error().message;
  ASSERT_EQ(towns->size(), 3u);
  EXPECT_EQ(towns->at(0).own.name, "城关街道");
  EXPECT_TRUE(towns->at(0).street);
  EXPECT_EQ(towns->at(1).own.name, "东镇");
  EXPECT_FALSE(towns->at(1).street);
  EXPECT_EQ(towns->at(2).own.name, "开发区");
  ASSERT_EQ(towns->at(1).villages.size(), 2u);
  EXPECT_EQ(towns->at(1).villages[0].name, "街心社区");
  EXPECT_EQ(towns->at(1).villages[1].name, "西岸村");
}

TEST(CityNames, names_the_line_that_is_broken) {
  const TempFile file("code,name,level,parent\n900001,某县,county\n");
  const auto towns = read_city_names(file.path());
  ASSERT_FALSE(towns.ok());
  EXPECT_NE(towns.error().message.find(":2:"), std::string::npos) << towns.error().message;
}

TEST(CityNames, does_without_a_list) {
  const auto towns = read_city_names("/nonexistent/divisions.csv");
  ASSERT_TRUE(towns.ok());
  EXPECT_TRUE(towns->empty());
}

TEST(CityNames, shortens_official_names) {
  const std::pair<const char*, const char*> cases[] = {{"花园社区居委会", "花园社区"},
                                                       {"丁堰社区居民委员会", "丁堰社区"},
                                                       {"红联村村委会", "红联村"},
                                                       {"竹湖村委会", "竹湖村"},
                                                       {"山前村村民委员会", "山前村"},
                                                       {"高新区", "高新区"},
                                                       {"居委会", "居委会"}};
  for (const auto& [official, expected] : cases) EXPECT_EQ(short_division_name(official), expected);
}

TEST(CityNames, goes_on_with_plain_names_and_fresh_codes) {
  const std::vector<CityName> known{{"900001100001", "街心社区"}, {"900001100207", "西岸村"}};
  const auto names = complete_names(known, 4, "900001100", "村", 3);
  ASSERT_EQ(names.size(), 4u);
  EXPECT_EQ(names[1].code, "900001100207");
  EXPECT_EQ(names[2].code, "900001100208");
  EXPECT_EQ(names[2].name, "第3村");
  EXPECT_EQ(names[3].code, "900001100209");
}

TEST(CityNames, cuts_what_is_too_many_and_widens_codes_for_very_many) {
  const std::vector<CityName> known{{"9001", "a"}, {"9002", "b"}};
  EXPECT_EQ(complete_names(known, 1, "9", "村", 3).size(), 1u);
  const auto many = complete_names({}, 120, "9", "格", 2);
  EXPECT_EQ(many[2].code, "9003");
  EXPECT_EQ(many[2].name, "第003格");
  EXPECT_EQ(many.back().code, "9120");
}

}  // namespace
}  // namespace gridwall::geo
