// Goal: a tree from the cache is the one that loading gives, and nothing that changed, broke or was left half done is
// ever shown. Method: small GeoJSON files and a shapefile's companions in folders of the test's own; the files' sizes
// and times are set to what they were where a change must not be seen by them.
#include "app/tree_cache.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "app/source_stamp.hpp"
#include "support/temp_folder.hpp"

namespace gridwall::app {
namespace {

namespace fs = std::filesystem;

class TreeCacheTest : public testing::Test {
 protected:
  // Cells of a hundredth of a degree in a row, the last one named; one code stands twice.
  void write_layer(int cell_count, const std::string& last_name = "Z") {
    std::string text = R"({"type":"FeatureCollection","features":[)";
    for (int i = 0; i < cell_count; ++i) {
      const double x = 120 + i * 0.01;
      text += fmt::format(R"({}{{"type":"Feature","properties":{{"code":"c{:04}","name":"{}"}},"geometry":{{"type":)"
                          R"("Polygon","coordinates":[[[{},31],[{},31],[{},31.01],[{},31.01],[{},31]]]}}}})",
                          i > 0 ? "," : "", i > 0 && i == cell_count - 2 ? i - 1 : i,
                          i + 1 == cell_count ? last_name : "A", x, x + 0.01, x + 0.01, x, x);
    }
    std::ofstream(m_layer, std::ios::binary) << text << "]}";
  }

  [[nodiscard]] CachedLoad load() {
    auto loaded = m_cache.load(m_request);
    EXPECT_TRUE(loaded.ok()) << loaded.error().message;
    if (!loaded.ok()) return {};
    if (loaded->work != nullptr) loaded->work->join();
    return std::move(*loaded);
  }
  [[nodiscard]] std::vector<fs::path> files() const {
    std::vector<fs::path> found;
    for (const auto& entry : fs::directory_iterator(m_folder)) found.push_back(entry.path());
    return found;
  }
  void change_byte(std::size_t from_the_end) {
    const fs::path file = files().at(0);
    std::fstream stream(file, std::ios::binary | std::ios::in | std::ios::out);
    stream.seekg(-static_cast<std::streamoff>(from_the_end), std::ios::end);
    const char old = static_cast<char>(stream.get());
    stream.seekp(-static_cast<std::streamoff>(from_the_end), std::ios::end);
    stream.put(static_cast<char>(old ^ 1));
  }

  test::TempFolder m_temporary;
  const fs::path m_folder = m_temporary / "cache";
  const fs::path m_layer = m_temporary / "cells.geojson";
  const TreeCache m_cache{m_folder, 0};
  geo::LayerRequest m_request;

  TreeCacheTest() {
    fs::create_directories(m_folder);
    m_request.sources = {m_layer.string()};
    m_request.family_check = geo::FamilyCheck::None;
    write_layer(20);
  }
};

void expect_same(const model::DivisionTree& a, const model::DivisionTree& b) {
  EXPECT_EQ(a.content_hash(), b.content_hash());
  EXPECT_TRUE(std::ranges::equal(a.vertices(), b.vertices()));
  EXPECT_TRUE(std::ranges::equal(a.triangle_indices(), b.triangle_indices()));
  ASSERT_EQ(a.divisions().size(), b.divisions().size());
  for (std::size_t i = 0; i < a.divisions().size(); ++i) {
    EXPECT_EQ(a.divisions()[i].name, b.divisions()[i].name);
    EXPECT_EQ(a.divisions()[i].anchor_world, b.divisions()[i].anchor_world);
    EXPECT_EQ(a.divisions()[i].area_m2, b.divisions()[i].area_m2);
  }
}

TEST_F(TreeCacheTest, the_second_start_has_the_same_tree_and_the_same_to_tell) {
  const CachedLoad first = load(), second = load();
  EXPECT_FALSE(first.from_cache);
  ASSERT_TRUE(second.from_cache);
  expect_same(*first.tree, *second.tree);
  EXPECT_EQ(first.summary, second.summary);
  EXPECT_EQ(first.summary.duplicate_count, 1u);
  EXPECT_EQ(files().size(), 1u);
}

TEST_F(TreeCacheTest, another_time_size_option_or_companion_is_another_tree) {
  (void)load();
  fs::last_write_time(m_layer, fs::last_write_time(m_layer) + std::chrono::nanoseconds(1));
  EXPECT_FALSE(load().from_cache) << "the time";
  EXPECT_TRUE(load().from_cache);
  write_layer(20, "ZZ");
  const CachedLoad renamed = load();
  EXPECT_FALSE(renamed.from_cache) << "the size";
  EXPECT_EQ(renamed.tree->at(renamed.tree->find("c0019")).name, "ZZ");
  m_request.reading.crs = "GCJ-02";
  EXPECT_FALSE(load().from_cache) << "an option";
  EXPECT_TRUE(load().from_cache);
  std::ofstream(m_temporary / "cells.cpg") << "UTF-8";
  EXPECT_FALSE(load().from_cache) << "a companion";
  std::ofstream(m_temporary / "other.cpg") << "UTF-8";
  EXPECT_TRUE(load().from_cache) << "nobody's companion";
  EXPECT_EQ(files().size(), 2u) << "a file for each way of asking";
}

TEST_F(TreeCacheTest, other_bytes_of_the_same_size_and_time_are_noticed_behind_the_picture) {
  (void)load();
  const auto time = fs::last_write_time(m_layer);
  write_layer(20, "Y");
  fs::last_write_time(m_layer, time);
  testing::internal::CaptureStderr();
  const CachedLoad shown = load();
  const std::string told = testing::internal::GetCapturedStderr();
  EXPECT_TRUE(shown.from_cache) << "not seen at once";
  EXPECT_NE(told.find("cells.geojson has other bytes"), std::string::npos) << told;
  EXPECT_TRUE(files().empty());
  const CachedLoad next = load();
  EXPECT_FALSE(next.from_cache);
  EXPECT_EQ(next.tree->at(next.tree->find("c0019")).name, "Y");
}

TEST_F(TreeCacheTest, damaged_cut_and_foreign_files_are_told_and_made_anew) {
  const CachedLoad first = load();
  const auto size = fs::file_size(files().at(0));
  for (const std::string damage : {"changed", "cut", "foreign", "empty"}) {
    if (damage == "changed") change_byte(40);
    if (damage == "cut") fs::resize_file(files().at(0), size / 2);
    if (damage == "foreign") std::ofstream(files().at(0), std::ios::binary) << std::string(4096, 'x');
    if (damage == "empty") fs::resize_file(files().at(0), 0);
    testing::internal::CaptureStderr();
    const CachedLoad again = load();
    const std::string told = testing::internal::GetCapturedStderr();
    EXPECT_FALSE(again.from_cache) << damage;
    expect_same(*first.tree, *again.tree);
    EXPECT_EQ(told.find("made anew") != std::string::npos, damage != "empty") << damage << ": " << told;
    EXPECT_TRUE(load().from_cache) << damage << " once, and whole again";
  }
}

// The tree that is shown looks into the file: it must not care what becomes of its name.
TEST_F(TreeCacheTest, a_tree_outlives_the_file_that_it_came_from) {
  const CachedLoad first = load(), second = load();
  ASSERT_TRUE(second.from_cache);
  EXPECT_EQ(m_cache.clear(), 1u);
  EXPECT_TRUE(files().empty());
  expect_same(*first.tree, *second.tree);
}

// Two children load at once, and one is killed as soon as anything of it is in the folder: what stands under the name
// is whole or not there.
TEST_F(TreeCacheTest, whoever_is_killed_leaves_no_half_file_and_several_at_once_do_not_mind) {
  write_layer(3000);
  const CachedLoad whole = load();
  int killed_count = 0;
  for (int round = 0; round < 24; ++round) {
    std::error_code code;
    for (const fs::path& file : files()) fs::remove(file, code);
    std::vector<pid_t> children;
    for (int k = 0; k < 1 + round % 2; ++k) {
      const pid_t child = ::fork();
      if (child == 0) {
        if (auto loaded = m_cache.load(m_request); loaded.ok() && loaded->work != nullptr) loaded->work->join();
        ::_exit(0);
      }
      children.push_back(child);
    }
    while (fs::is_empty(m_folder) && ::waitpid(children[0], nullptr, WNOHANG) == 0) continue;
    ::usleep(static_cast<useconds_t>(round * 20));
    killed_count += ::kill(children[0], SIGKILL) == 0 ? 1 : 0;
    for (const pid_t child : children) ::waitpid(child, nullptr, 0);
    for (const fs::path& file : files()) {
      if (file.extension() != ".gwi") continue;
      const CachedLoad found = load();
      ASSERT_TRUE(found.from_cache) << "round " << round;
      expect_same(*whole.tree, *found.tree);
      break;
    }
  }
  EXPECT_GT(killed_count, 12);
}

TEST_F(TreeCacheTest, small_sources_services_and_errors_leave_nothing) {
  const TreeCache choosy(m_folder, 1u << 30);
  EXPECT_TRUE(choosy.load(m_request).ok());
  EXPECT_FALSE(choosy.load(m_request)->from_cache);
  m_request.sources = {(m_temporary / "gone.geojson").string()};
  EXPECT_FALSE(m_cache.load(m_request).ok());
  EXPECT_FALSE(files_of_sources({"PG:host=nowhere"}));
  EXPECT_FALSE(files_of_sources({"/vsizip/" + m_layer.string()}));
  EXPECT_TRUE(files().empty());
}

TEST_F(TreeCacheTest, the_longest_unused_go) {
  for (int i = 0; i < 12; ++i) {
    std::ofstream(m_folder / fmt::format("tree-{:016x}.gwi", i)) << "old";
    fs::last_write_time(m_folder / fmt::format("tree-{:016x}.gwi", i),
                        fs::file_time_type::clock::now() - std::chrono::hours(24 + i));
  }
  std::ofstream(m_folder / "tree-0.gwi.77-0.part") << "left by one who was killed";
  fs::last_write_time(m_folder / "tree-0.gwi.77-0.part", fs::file_time_type::clock::now() - std::chrono::hours(2));
  std::ofstream(m_folder / "city-jiangyin.gpkg") << "another's";
  EXPECT_FALSE(load().from_cache);
  EXPECT_EQ(files().size(), 9u) << "eight, and what is none of ours";
  EXPECT_TRUE(fs::exists(m_folder / "tree-0000000000000000.gwi"));
  EXPECT_FALSE(fs::exists(m_folder / "tree-000000000000000b.gwi"));
  EXPECT_TRUE(load().from_cache);
}

}  // namespace
}  // namespace gridwall::app
