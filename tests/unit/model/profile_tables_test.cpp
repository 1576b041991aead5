#include "model/profile_tables.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "model/config_table.hpp"
#include "model/profile.hpp"

namespace gridwall::model {
namespace {

struct Reading {
  ProfileTables tables;
  std::vector<std::string> findings;
};

Reading read(const std::string& text) {
  const std::vector<LevelSpec> levels = {{"市", "city", "admin", 1, false}, {"镇街", "town", "admin", 16, false}};
  OverlaySpec police;
  police.id = "police";
  const auto file = ConfigTable::parse(text, "p.toml");
  EXPECT_TRUE(file.ok()) << (file.ok() ? "" : file.error().message);
  std::vector<base::Error> errors;
  Reading reading;
  if (!file.ok()) return reading;
  reading.tables = read_profile_tables(*file, levels, {police}, errors);
  for (const base::Error& error : errors) reading.findings.push_back(error.message);
  return reading;
}

const std::string kNames = "name_zh = 'x'\nname_en = 'x'\n";
const std::string kMaterial = "[[material]]\nid = 'report'\n" + kNames;

TEST(ProfileTables, without_any_takes_the_common_classes_channels_and_departments) {
  const Reading reading = read("");
  EXPECT_TRUE(reading.findings.empty());
  EXPECT_EQ(reading.tables.edition, "gbt30428");
  EXPECT_TRUE(reading.tables.common_channels.empty());
}

// A row of every table.
const std::string kWhole = R"(
[classes]
edition = "cjt214"
[channels]
use = ["collector"]
[departments]
use = ["chengguan"]
[[class]]
code = "S01.01"
name_zh = "诈骗"
name_en = "Fraud"
like = "E06"
severity = 3
sensitive = true
[[channel]]
id = "courier"
name_zh = "骑手"
name_en = "Courier"
public = true
[[department]]
id = "office"
name_zh = "平台"
name_en = "Platform"
kind = "platform"
[[workflow]]
id = "order"
name_zh = "点单"
name_en = "Order"
kind = "orders"
step = [{ id = "a", name_zh = "a", name_en = "a", stage = "report" }, { id = "b", name_zh = "b", name_en = "b" }]
[[site]]
id = "command"
name_zh = "站"
name_en = "Site"
kind = "command"
level = "镇街"
count = 17
parts = [1, 16]
tiers = ["one", "two"]
counts_only = true
[[board]]
id = "red"
name_zh = "榜"
name_en = "Board"
kind = "red_black"
of = "division"
level = "镇街"
columns = ["1", { zh = "黑榜", en = "Black list" }]
periods = ["month"]
[[material]]
id = "report"
name_zh = "报告"
name_en = "Report"
as_of = "2019-05"
[[figure]]
id = "towns"
name_zh = "镇"
name_en = "Towns"
number = 16
unit = "towns"
kind = "count"
scope = "whole city"
source = "report"
level = "镇街"
[[layer]]
id = "sites"
name_zh = "站"
name_en = "Sites"
kind = "density"
site = "command"
figure = "towns"
overlay = "police"
[[view]]
id = "main"
name_zh = "总"
name_en = "Main"
default = true
layers = ["sites"]
boards = ["red"]
figures = ["towns"]
workflows = ["order"]
[[word]]
key = "header.live"
zh = "在线"
en = "On line"
)";

TEST(ProfileTables, holds_what_each_table_says) {
  const Reading reading = read(kWhole);;
  for (const std::string& finding : reading.findings) ADD_FAILURE() << finding;
  const ProfileTables& tables = reading.tables;
  EXPECT_EQ(tables.edition, "cjt214");
  EXPECT_EQ(tables.common_channels, std::vector<std::string>{"collector"});
  EXPECT_EQ(tables.common_departments, std::vector<std::string>{"chengguan"});
  ASSERT_EQ(tables.classes.size(), 1u);
  EXPECT_EQ(tables.classes[0].severity, 3);
  EXPECT_TRUE(tables.classes[0].sensitive);
  ASSERT_EQ(tables.channels.size(), 1u);
  EXPECT_TRUE(tables.channels[0].is_public);
  ASSERT_EQ(tables.departments.size(), 1u);
  EXPECT_EQ(tables.departments[0].kind, "platform");
  ASSERT_EQ(tables.workflows.size(), 1u);
  ASSERT_EQ(tables.workflows[0].steps.size(), 2u);
  EXPECT_EQ(tables.workflows[0].steps[0].stage, "report");
  ASSERT_EQ(tables.sites.size(), 1u);
  EXPECT_EQ(tables.sites[0].parts, (std::vector<std::uint32_t>{1, 16}));
  EXPECT_TRUE(tables.sites[0].counts_only);
  ASSERT_EQ(tables.boards.size(), 1u);
  EXPECT_EQ(tables.boards[0].columns, (std::vector<NamePair>{{"1", "1"}, {"黑榜", "Black list"}}));
  ASSERT_EQ(tables.materials.size(), 1u);
  EXPECT_EQ(tables.materials[0].as_of, "2019-05");
  ASSERT_EQ(tables.figures.size(), 1u);
  EXPECT_EQ(tables.figures[0].number, 16);
  ASSERT_EQ(tables.layers.size(), 1u);
  EXPECT_EQ(tables.layers[0].overlay, "police");
  ASSERT_EQ(tables.views.size(), 1u);
  EXPECT_TRUE(tables.views[0].is_default);
  ASSERT_EQ(tables.words.size(), 1u);
  EXPECT_EQ(tables.words[0].zh, "在线");
}

TEST(ProfileTables, names_the_line_the_key_and_what_it_would_take) {
  const std::pair<std::string, std::string> kMistakes[] = {
      {"[classes]\nedition = 'x'\nextra = 1\n", "p.toml:3: classes.extra: unknown key; known here: edition"},
      {"[[class]]\ncode = 'A'\n" + kNames + "severity = 9\n", ":5: class[1].severity: expected a whole number from 1"},
      {"[[channel]]\nid = 'Courier'\n" + kNames, ":2: channel[1].id: expected a word of a-z"},
      {"[[department]]\nid = 'a'\n" + kNames + "kind = 'platfrm'\n",
       ":5: department[1].kind: expected one of department, bureau, platform"},
      {"[[workflow]]\nid = 'a'\n" + kNames + "kind = 'cases'\n", "workflow[1].step: expected two steps or more"},
      {"[[site]]\nid = 'a'\n" + kNames + "kind = 'centre'\ncount = 130\nparts = [1, 16, 114]\n",
       ":6: site[1].count: expected 131: what its parts add up to, found 130"},
      {"[[site]]\nid = 'a'\n" + kNames + "kind = 'centre'\nlevel = '村'\n",
       ":6: site[1].level: expected the name_zh of a [[level]], one of 市, 镇街, found \"村\""},
      {"[[board]]\nid = 'a'\n" + kNames + "kind = 'ranking'\nof = 'person'\n",
       ":6: board[1].of: expected one of division, organisation"},
      {kMaterial + "as_of = 'May 2019'\n", ":5: material[1].as_of: expected a year, month or day"},
      {kMaterial + kMaterial, ":6: material[2].id: expected one that no other [[material]] has"},
      {"[[figure]]\nid = 'a'\n" + kNames + "unit = 'x'\nkind = 'count'\nscope = 's'\nnumber = 3\n",
       "figure[1].source: expected the id of a [[material]], or assumed = true"},
      {"[[figure]]\nid = 'a'\n" + kNames +
           "unit = 'x'\nkind = 'count'\nscope = 's'\nassumed = true\nlevel = '镇街'\nnumber = 15\n",
       ":10: figure[1].number: expected 16, the count of level 镇街, or conflicts_with, found 15"},
      {"[[figure]]\nid = 'a'\n" + kNames + "unit = 'x'\nkind = 'count'\nscope = 's'\nconflicts_with = 'a'\n",
       ":8: figure[1].conflicts_with: expected the id of another [[figure]]"},
      {"[[layer]]\nid = 'a'\n" + kNames + "kind = 'points'\nsite = 'b'\n",
       ":6: layer[1].site: expected the id of a [[site]], one of (none is there), found \"b\""},
      {"[[site]]\nid = 'h'\n" + kNames + "kind = 'station'\ncounts_only = true\n[[layer]]\nid = 'a'\n" + kNames +
           "kind = 'points'\nsite = 'h'\n",
       ":11: layer[1].kind: expected density or choropleth"},
      {"[[view]]\nid = 'a'\n" + kNames, "view[1].default: expected true in one [[view]]"},
      {"[[view]]\nid = 'a'\n" + kNames + "default = true\nlayers = ['b']\n", ":6: view[1].layers: expected ids of"},
      {"[[word]]\nkey = 'a'\nzh = 'a'\n", "word[1].en: expected text in quotes, found nothing"},
      {"word = 3\n", ":1: word: expected tables [[word]]"},
  };
  for (const auto& [text, expected] : kMistakes) {
    const Reading reading = read(text);
    ASSERT_EQ(reading.findings.size(), 1u) << text << (reading.findings.empty() ? "" : reading.findings[0]);
    EXPECT_NE(reading.findings[0].find(expected), std::string::npos) << reading.findings[0];
  }
}

TEST(ProfileTables, tells_all_mistakes_of_a_file_at_once) {
  const Reading reading = read("[[channel]]\nid = 'a'\nname = 'x'\n[[word]]\nkey = 3\nzh = 'a'\nen = 'b'\n");
  ASSERT_EQ(reading.findings.size(), 4u);
  EXPECT_NE(reading.findings[0].find("channel[1].name_zh"), std::string::npos);
  EXPECT_NE(reading.findings[1].find("channel[1].name_en"), std::string::npos);
  EXPECT_NE(reading.findings[2].find(":3: channel[1].name: unknown key"), std::string::npos);
  EXPECT_NE(reading.findings[3].find(":5: word[1].key: expected text in quotes, found 3"), std::string::npos);
}

TEST(ProfileTables, lets_two_figures_that_contradict_stand_together) {
  const std::string row = kNames + "unit = 'x'\nkind = 'count'\nscope = 's'\nsource = 'report'\nlevel = '镇街'\n";
  const Reading reading = read(kMaterial + "[[figure]]\nid = 'a'\nnumber = 16\nconflicts_with = 'b'\n" + row +
                               "[[figure]]\nid = 'b'\nnumber = 12\nconflicts_with = 'a'\n" + row);
  for (const std::string& finding : reading.findings) ADD_FAILURE() << finding;
  EXPECT_EQ(reading.tables.figures.size(), 2u);
}

}  // namespace
}  // namespace gridwall::model
