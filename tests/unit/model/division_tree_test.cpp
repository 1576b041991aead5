#include "model/division_tree.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "support/small_tree.hpp"

namespace gridwall::model {
namespace {

DivisionRecord bare(const std::string& code, const std::string& parent) {
  DivisionRecord record;
  record.code = code;
  record.name = "n" + code;
  record.parent_code = parent;
  return record;
}

std::string complaint(std::vector<DivisionRecord> records) {
  TreeSpec spec;
  spec.records = std::move(records);
  const auto built = assemble_tree(std::move(spec));
  EXPECT_FALSE(built.ok());
  return built.ok() ? "" : built.error().message;
}

TEST(division_tree, stands_level_by_level_with_families_side_by_side) {
  const auto tree = test::small_tree({{2, 3}});
  ASSERT_EQ(tree->levels().size(), 3u);
  EXPECT_EQ(tree->levels()[1].divisions, (Range{1, 5}));
  EXPECT_EQ(tree->levels()[2].divisions, (Range{5, 41}));
  for (std::uint32_t i = 0; i < tree->divisions().size(); ++i) {
    const Division& division = tree->divisions()[i];
    for (std::uint32_t c = division.children.begin; c < division.children.end; ++c) {
      EXPECT_EQ(tree->divisions()[c].parent, DivisionIndex{i});
      EXPECT_EQ(tree->divisions()[c].level_index, division.level_index + 1);
    }
  }
}

TEST(division_tree, order_and_hash_do_not_depend_on_the_order_of_the_records) {
  std::vector<DivisionRecord> records{bare("R", ""), bare("R1", "R"), bare("R2", "R"), bare("R11", "R1")};
  TreeSpec forward, backward;
  forward.records = records;
  std::reverse(records.begin(), records.end());
  backward.records = records;
  const auto a = assemble_tree(std::move(forward)), b = assemble_tree(std::move(backward));
  ASSERT_TRUE(a.ok() && b.ok());
  EXPECT_EQ(a->content_hash(), b->content_hash());
  EXPECT_EQ(a->find("R11"), b->find("R11"));
}

TEST(division_tree, siblings_whose_codes_differ_in_the_parents_alone_have_topics_of_their_own) {
  TreeSpec spec;
  spec.records = {bare("D", ""), bare("B", "D"), bare("DB", "D"), bare("DDB", "D")};
  const auto tree = assemble_tree(std::move(spec));
  ASSERT_TRUE(tree.ok());
  for (const Division& division : tree->divisions()) {
    EXPECT_EQ(tree->find_path(division.path), tree->find(division.code)) << division.path;
  }
  EXPECT_EQ(tree->at(tree->find("B")).path, "D/B/");
  EXPECT_EQ(tree->at(tree->find("DB")).path, "D/%=DB/");
  EXPECT_EQ(tree->at(tree->find("DDB")).path, "D/DB/");
}

TEST(division_tree, hash_changes_with_a_name_and_with_a_vertex) {
  const auto hash_of = [](const std::string& name, std::int32_t x) {
    TreeSpec spec;
    spec.records = {bare("R", "")};
    spec.records[0].name = name;
    spec.records[0].parts.push_back({{{{0, 0}, {x, 0}, {0, 9}}}, {0, 1, 2}});
    return assemble_tree(std::move(spec)).value().content_hash();
  };
  EXPECT_EQ(hash_of("a", 9), hash_of("a", 9));
  EXPECT_NE(hash_of("a", 9), hash_of("b", 9));
  EXPECT_NE(hash_of("a", 9), hash_of("a", 8));
}

TEST(division_tree, is_found_by_code_and_by_path) {
  const auto tree = test::small_tree();
  const DivisionIndex leaf = tree->find("R0203");
  ASSERT_TRUE(leaf.valid());
  EXPECT_EQ(tree->at(leaf).path, "R/02/03/");
  EXPECT_EQ(tree->find_path("R/02/03/"), leaf);
  EXPECT_FALSE(tree->find("R99").valid());
  EXPECT_FALSE(tree->find_path("R/02/03").valid());
}

TEST(division_tree, ancestors_are_found_by_level) {
  const auto tree = test::small_tree();
  const DivisionIndex leaf = tree->find("R0203"), town = tree->find("R02");
  EXPECT_EQ(tree->ancestor_at_level(leaf, 1), town);
  EXPECT_EQ(tree->ancestor_at_level(leaf, 2), leaf);
  EXPECT_FALSE(tree->ancestor_at_level(town, 2).valid());
  EXPECT_TRUE(tree->is_within(leaf, town));
  EXPECT_TRUE(tree->is_within(leaf, leaf));
  EXPECT_FALSE(tree->is_within(town, leaf));
  EXPECT_FALSE(tree->is_within(DivisionIndex::none(), town));
}

TEST(division_tree, areas_count_parts_and_not_holes_in_square_metres) {
  TreeSpec spec;
  spec.unit_m = 0.5;
  spec.records = {bare("R", "")};
  const std::vector<base::Vec2i> shell{{0, 0}, {10, 0}, {10, 10}, {0, 10}};
  spec.records[0].parts.push_back({{shell, {{2, 2}, {2, 4}, {4, 4}, {4, 2}}}, {}});
  spec.records[0].parts.push_back({{{{20, 0}, {22, 0}, {22, 2}, {20, 2}}}, {}});
  const auto tree = assemble_tree(std::move(spec));
  ASSERT_TRUE(tree.ok());
  EXPECT_DOUBLE_EQ(tree->at(tree->root()).area_m2, (100 - 4 + 4) * 0.25);
  EXPECT_EQ(tree->rings().size(), 3u);
  EXPECT_TRUE(tree->rings()[1].is_hole);
  EXPECT_FALSE(tree->rings()[2].is_hole);
}

TEST(division_tree, division_without_polygon_takes_extent_and_area_from_its_children) {
  TreeSpec spec;
  spec.unit_m = 1;
  spec.records = {bare("ALL", ""), bare("A", "ALL"), bare("B", "ALL")};
  spec.records[1].parts.push_back({{{{0, 0}, {10, 0}, {10, 10}, {0, 10}}}, {}});
  spec.records[2].parts.push_back({{{{20, 0}, {30, 0}, {30, 10}, {20, 10}}}, {}});
  const auto tree = assemble_tree(std::move(spec));
  ASSERT_TRUE(tree.ok());
  const Division& root = tree->at(tree->root());
  EXPECT_EQ(root.extent_world.max, (base::Vec2d{30, 10}));
  EXPECT_EQ(root.anchor_world, (base::Vec2d{15, 5}));
  EXPECT_EQ(root.area_m2, 200);
  EXPECT_EQ(root.rings.size(), 0u);
}

TEST(division_tree, positions_round_to_units_and_far_ones_are_clamped) {
  const auto tree = test::small_tree();
  EXPECT_EQ(tree->to_units({500000.0004, 3500000.0006}), (base::Vec2i{0, 1}));
  EXPECT_EQ(tree->to_world({1500, -1}), (base::Vec2d{500001.5, 3499999.999}));
  EXPECT_EQ(tree->to_units({1e12, -1e12}), (base::Vec2i{2147483647, -2147483647}));
}

TEST(division_tree, levels_without_names_show_their_number) {
  TreeSpec spec;
  spec.records = {bare("R", ""), bare("R1", "R")};
  spec.level_names = {{"市", "City", {}}};
  const auto tree = assemble_tree(std::move(spec));
  ASSERT_TRUE(tree.ok());
  EXPECT_EQ(tree->levels()[0].name_en, "City");
  EXPECT_EQ(tree->levels()[1].name_en, "Level 1");
}

TEST(division_tree, every_fault_is_refused_with_the_code_concerned) {
  struct Case {
    std::vector<DivisionRecord> records;
    const char* says;
  };
  for (const Case& c : {Case{{}, "no root"}, Case{{bare("A", "B"), bare("B", "A")}, "no root"},
                        Case{{bare("R", ""), bare("Q", "")}, "'Q'"}, Case{{bare("R", ""), bare("A", "X")}, "'X'"},
                        Case{{bare("R", ""), bare("R", "")}, "'R' appears twice"},
                        Case{{bare("R", ""), bare("A", "B"), bare("B", "A")}, "its own ancestor"}}) {
    const std::string text = complaint(c.records);
    EXPECT_NE(text.find(c.says), std::string::npos) << text;
  }
}

TEST(division_tree, refuses_a_chain_of_parents_that_no_district_has) {
  TreeSpec spec;
  spec.world_crs = "EPSG:4549";
  for (int i = 0; i < 20'000; ++i) {
    DivisionRecord record;
    record.code = "d" + std::to_string(i);
    if (i > 0) record.parent_code = "d" + std::to_string(i - 1);
    spec.records.push_back(std::move(record));
  }
  const auto tree = assemble_tree(spec);
  ASSERT_FALSE(tree.ok());
  EXPECT_NE(tree.error().message.find("'d65' lies 65 levels below the root"), std::string::npos)
      << tree.error().message;
  spec.records.resize(65);
  EXPECT_TRUE(assemble_tree(spec).ok());
}

}  // namespace
}  // namespace gridwall::model
