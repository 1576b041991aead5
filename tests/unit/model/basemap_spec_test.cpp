#include "model/basemap_spec.hpp"

#include <gtest/gtest.h>

#include "model/config_table.hpp"

namespace gridwall::model {
namespace {

base::Result<BasemapSpec> read(const std::string& text) {
  auto table = ConfigTable::parse(text, "own.toml");
  EXPECT_TRUE(table.ok());
  return read_basemap(*table);
}

TEST(BasemapSpec, is_calm_and_lets_the_map_through_unless_told_otherwise) {
  const auto spec = read("source = \"map.tif\"");
  ASSERT_TRUE(spec.ok()) << spec.error().message;
  EXPECT_EQ(spec->source, "map.tif");
  EXPECT_EQ(spec->style.opacity, 1);
  EXPECT_LT(spec->style.brightness, 1);
  EXPECT_LT(spec->style.saturation, 1);
  EXPECT_LT(spec->fill_opacity, 1);
  EXPECT_EQ(BasemapSpec{}.source, "");
}

TEST(BasemapSpec, takes_every_key) {
  const auto spec = read(
      "source = \"map.tif\"\ncrs = \"GCJ-02\"\nopacity = 0.5\nbrightness = 1.25\nsaturation = 0\nfill_opacity = 0.25\n"
      "credit_zh = \"某图\"\ncredit_en = \"Some map\"");
  ASSERT_TRUE(spec.ok()) << spec.error().message;
  EXPECT_EQ(spec->crs, "GCJ-02");
  EXPECT_EQ(spec->style, (BasemapStyle{0.5f, 1.25f, 0.0f}));
  EXPECT_EQ(spec->fill_opacity, 0.25);
  EXPECT_EQ(spec->credit_zh, "某图");
  EXPECT_EQ(spec->credit_en, "Some map");
}

TEST(BasemapSpec, mistakes_are_told_by_line_and_key) {
  for (const auto& [text, words] : {std::pair{"source = \"a\"\nopacity = 2", "own.toml:2: opacity"},
                                    std::pair{"source = \"a\"\n\nbrightness = 3", "own.toml:3: brightness"},
                                    std::pair{"source = \"a\"\nbrightnes = 1", "own.toml:2: brightnes"},
                                    std::pair{"source = 3", "own.toml:1: source"},
                                    std::pair{"opacity = 1", "source"}}) {
    const auto spec = read(text);
    ASSERT_FALSE(spec.ok()) << text;
    EXPECT_NE(spec.error().message.find(words), std::string::npos) << spec.error().message;
  }
}

}  // namespace
}  // namespace gridwall::model
