#include "geo/layer_fields.hpp"

#include <gtest/gtest.h>

namespace gridwall::geo {
namespace {

std::vector<FieldName> fields(std::initializer_list<const char*> names) {
  std::vector<FieldName> made;
  for (const char* name : names) made.push_back({name});
  return made;
}

TEST(layer_fields, usual_spellings_are_found_the_most_telling_first) {
  struct Case {
    std::vector<FieldName> fields;
    int code, name, parent, level;
  };
  for (const Case& c : {
           Case{fields({"id", "CODE", "Name"}), 1, 2, -1, -1},
           Case{fields({"FIPS", "NAMELSAD"}), 0, 1, -1, -1},
           Case{fields({"GEOID", "name", "id"}), 0, 1, -1, -1},
           Case{fields({"网格编码", "网格名称", "上级网格编码", "网格层级"}), 0, 1, 2, 3},
           Case{fields({"XZQDM", "XZQMC", "SJXZQDM"}), 0, 1, 2, -1},
           Case{fields({"WGBM", "WGMC", "SJWGBM", "WGJB"}), 0, 1, 2, 3},
           Case{fields({"adcode", "name", "parent", "level"}), 0, 1, 2, 3},
           Case{fields({"单元网格编码", "单元网格名称", "所属编码"}), 0, 1, 2, -1},
           Case{fields({"bgcode", "bgname"}), 0, 1, -1, -1},
           Case{fields({"area", "note"}), -1, -1, -1, -1},
       }) {
    const auto chosen = choose_fields(c.fields, {});
    ASSERT_TRUE(chosen.ok());
    EXPECT_EQ(chosen->code, c.code) << c.fields[0].name;
    EXPECT_EQ(chosen->name, c.name) << c.fields[0].name;
    EXPECT_EQ(chosen->parent, c.parent) << c.fields[0].name;
    EXPECT_EQ(chosen->level, c.level) << c.fields[0].name;
    EXPECT_EQ(chosen->area, -1) << "an area's unit is unknown";
  }
}

TEST(layer_fields, names_that_a_dbf_has_cut_are_still_found) {
  const std::vector<FieldName> cut{{"行政区划代", true}, {"parent_cod", true}, {"nam", true}};
  const auto chosen = choose_fields(cut, {});
  ASSERT_TRUE(chosen.ok());
  EXPECT_EQ(chosen->code, 0);
  EXPECT_EQ(chosen->parent, 1);
  EXPECT_EQ(chosen->name, -1) << "too short to be sure";
  EXPECT_EQ(choose_fields({{"行政区划代"}}, {})->code, -1) << "not cut: another name";
}

TEST(layer_fields, the_mapping_wins_and_what_is_not_there_is_told_with_what_is) {
  model::SourceMapping mapping;
  mapping.code_field = "LABEL";
  mapping.area_field = "mj";
  const auto chosen = choose_fields(fields({"code", "label", "MJ"}), mapping);
  ASSERT_TRUE(chosen.ok());
  EXPECT_EQ(chosen->code, 1);
  EXPECT_EQ(chosen->area, 2);
  mapping.kind_field = "nosuch";
  const auto none = choose_fields(fields({"code", "label", "MJ"}), mapping);
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.error().message, "has no kind field 'nosuch'; it has: code, label, MJ");
}

}  // namespace
}  // namespace gridwall::geo
