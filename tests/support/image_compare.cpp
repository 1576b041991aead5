#include "support/image_compare.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "base/text_file.hpp"
#include "gfx/png.hpp"

namespace gridwall::test {

namespace {

int difference_of(base::Color a, base::Color b) {
  const auto off = [](std::uint8_t x, std::uint8_t y) { return std::abs(int{x} - int{y}); };
  return std::max({off(a.r, b.r), off(a.g, b.g), off(a.b, b.b), off(a.a, b.a)});
}

std::string page(const std::string& name, const std::string& verdict) {
  const auto figure = [](std::string_view title, std::string_view file) {
    return fmt::format("<figure><figcaption>{}</figcaption><img src=\"{}\"></figure>\n", title, file);
  };
  return fmt::format(
      "<!doctype html><meta charset=\"utf-8\"><title>{0}</title>\n"
      "<style>body{{background:#222;color:#eee;font-family:sans-serif}}figure{{margin:1em 0}}"
      "img{{image-rendering:pixelated;border:1px solid #555}}</style>\n<h1>{0}</h1><p>{1}</p>\n{2}{3}{4}",
      name, verdict, figure("actual", "actual.png"), figure("expected", "expected.png"),
      figure("difference", "difference.png"));
}

bool updating() {
  const char* wish = std::getenv("GRIDWALL_UPDATE_GOLDENS");
  if (wish != nullptr && std::string_view(wish) == "1") return true;
  const auto arguments = testing::internal::GetArgvs();
  return std::find(arguments.begin(), arguments.end(), "--update") != arguments.end();
}

void leave_report(const gfx::Image& actual, const gfx::Image& expected, const Comparison& comparison,
                  const std::string& name) {
  const std::filesystem::path folder = std::filesystem::path(GRIDWALL_GOLDEN_OUT) / name;
  std::filesystem::create_directories(folder);
  EXPECT_TRUE(gfx::write_png(folder / "actual.png", actual).ok());
  EXPECT_TRUE(gfx::write_png(folder / "expected.png", expected).ok());
  if (comparison.same_size) {
    EXPECT_TRUE(gfx::write_png(folder / "difference.png", comparison.difference).ok());
  }
  EXPECT_TRUE(base::write_text_file(folder / "index.html", page(name, comparison.text())).ok());
  ADD_FAILURE() << name << ": " << comparison.text() << "; see " << (folder / "index.html");
}

}  // namespace

std::string Comparison::text() const {
  if (!same_size) return "the sizes differ";
  return fmt::format("{:.5f} of the pixels differ, worst by {}, first at ({}, {})", differing, worst, first_px.x,
                     first_px.y);
}

Comparison compare_images(const gfx::Image& actual, const gfx::Image& expected, const CompareLimits& limits) {
  Comparison result;
  result.same_size = actual.size_px == expected.size_px;
  if (!result.same_size) return result;
  result.difference = gfx::Image::filled(actual.size_px, {0, 0, 0, 255});
  std::size_t differing = 0;
  for (int y = 0; y < actual.size_px.y; ++y) {
    for (int x = 0; x < actual.size_px.x; ++x) {
      const int off = difference_of(actual.at(x, y), expected.at(x, y));
      result.worst = std::max(result.worst, off);
      const auto shown = static_cast<std::uint8_t>(std::min(255, off * 8));
      result.difference.set(x, y, {shown, shown, off > limits.hard_limit ? std::uint8_t{0} : shown, 255});
      if (off <= limits.pixel_threshold) continue;
      if (differing++ == 0) result.first_px = {x, y};
    }
  }
  const double pixels = static_cast<double>(actual.size_px.x) * actual.size_px.y;
  result.differing = static_cast<double>(differing) / std::max(pixels, 1.0);
  result.same = result.differing <= limits.differing_fraction && result.worst <= limits.hard_limit;
  return result;
}

void expect_golden(const gfx::Image& actual, const std::string& name, const CompareLimits& limits) {
  const std::filesystem::path golden =
      std::filesystem::path(GRIDWALL_SOURCE_DIR) / "tests/golden" / name / "expected.png";
  if (updating()) {
    std::filesystem::create_directories(golden.parent_path());
    ASSERT_TRUE(gfx::write_png(golden, actual, gfx::PngEffort::Small).ok());
    FAIL() << name << ": the golden was rewritten; look at it, then run again without the update.";
  }
  auto expected = gfx::read_png(golden);
  if (!expected.ok()) {
    leave_report(actual, gfx::Image::filled({1, 1}, {}), {}, name);
    FAIL() << expected.error().message;
  }
  const Comparison comparison = compare_images(actual, *expected, limits);
  if (!comparison.same) leave_report(actual, *expected, comparison, name);
}

void expect_golden_text(const std::string& actual, const std::string& name) {
  const std::filesystem::path golden = std::filesystem::path(GRIDWALL_SOURCE_DIR) / "tests/golden" / name;
  if (updating()) {
    std::filesystem::create_directories(golden.parent_path());
    ASSERT_TRUE(base::write_text_file(golden, actual).ok());
    ADD_FAILURE() << name << ": the golden was rewritten; look at it, then run again without the update.";
    return;
  }
  const auto expected = base::read_text_file(golden);
  ASSERT_TRUE(expected.ok()) << expected.error().message;
  EXPECT_EQ(actual, *expected) << name;
}

}  // namespace gridwall::test
