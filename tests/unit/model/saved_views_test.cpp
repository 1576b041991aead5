#include "model/saved_views.hpp"

#include <gtest/gtest.h>

namespace gridwall::model {
namespace {

SavedView view_of(std::int64_t number) {
  const auto n = static_cast<double>(number);
  return {number, {120 + n / 1000, 31.9 - n / 1000}, 500 + n, "overview", "32028\"1\\\n", Indicator::OpenPerKm2};
}

TEST(SavedViews, a_hundred_come_back_as_they_were) {
  std::vector<SavedView> views;
  for (std::int64_t number = 1; number <= 100; ++number) views.push_back(view_of(number));
  views[7].view.clear();
  views[8].division.clear();
  const auto again = read_saved_views(saved_views_text(views), "saved.toml");
  ASSERT_TRUE(again.ok()) << again.error().message;
  EXPECT_EQ(*again, views);
}

TEST(SavedViews, an_empty_file_has_none) {
  EXPECT_TRUE(read_saved_views("", "a.toml")->empty());
  EXPECT_TRUE(read_saved_views(saved_views_text({}), "a.toml")->empty());
}

TEST(SavedViews, what_does_not_fit_is_told_with_its_line) {
  const auto refusal = [](const std::string& text) {
    const auto read = read_saved_views(text, "saved.toml");
    return read.ok() ? std::string("taken") : read.error().message;
  };
  const std::string good = saved_views_text({view_of(3)});
  EXPECT_NE(refusal(good + good).find("saved.toml:"), std::string::npos);
  EXPECT_NE(refusal(good + good).find("no other saved view has"), std::string::npos);
  EXPECT_NE(refusal("[[saved_view]]\nnumber = 0\n").find("saved.toml:2: "), std::string::npos);
  EXPECT_NE(refusal("[[saved_view]]\nnumber = 1\nlongitude = 190\n").find("saved.toml:3: "), std::string::npos);
  EXPECT_NE(refusal("[[saved_view]]\nnumber = 1\n").find("longitude"), std::string::npos);
  EXPECT_NE(refusal("views = 1\n").find("views"), std::string::npos);
  EXPECT_NE(refusal("[[saved_view]\n").find("saved.toml:"), std::string::npos);
}

}  // namespace
}  // namespace gridwall::model
