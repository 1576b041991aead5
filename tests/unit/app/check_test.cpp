// gridwall check: each of many mistakes is found where it is, and with what to write instead; what is shipped is good.
#include "app/check_config.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "support/temp_folder.hpp"

namespace gridwall::app {
namespace {

namespace fs = std::filesystem;

const fs::path kRoot = GRIDWALL_SOURCE_DIR;

std::string text_of(const fs::path& file) {
  std::ifstream in(file);
  std::stringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

void write(const fs::path& file, const std::string& text) {
  std::ofstream(file, std::ios::trunc) << text;
}

// A copy of what is shipped, to spoil.
class CheckTest : public testing::Test {
 protected:
  CheckTest() {
    fs::copy(kRoot / "config", m_folder / "config", fs::copy_options::recursive);
    fs::create_directories(m_folder / "assets");
    fs::copy(kRoot / "assets" / "words", m_folder / "assets" / "words", fs::copy_options::recursive);
    for (const auto& entry : fs::directory_iterator(kRoot / "assets" / "districts")) {
      if (entry.is_directory()) fs::create_directories(m_folder / "assets" / "districts" / entry.path().filename());
    }
  }
  [[nodiscard]] CheckResult check(std::vector<fs::path> files = {}) const {
    CheckScope scope;
    scope.root = m_folder.path();
    scope.files = std::move(files);
    return check_config(scope);
  }
  test::TempFolder m_folder;
};

struct Seed {
  const char* file;
  const char* before;  // its first occurrence is replaced
  const char* after;
  const char* key;   // the finding's
  const char* says;  // stands in its sentence or in what to write instead
};

constexpr const char* kWujin = "config/profiles/wujin.toml";
constexpr const char* kJiangyin = "config/profiles/jiangyin.toml";

const Seed kSeeds[] = {
    // Heads of profiles.
    {kWujin, "name_zh = \"武进区\"", "nam_zh = \"武进区\"", "nam_zh", "name_zh"},
    {kWujin, "system_en = \"Wujin grid governance command centre\"", "system_en = 7", "system_en", "text in quotes"},
    {kWujin, "district = \"wujin\"", "district = \"wujn\"", "district", "wujin"},
    {kWujin, "county_code = \"320412\"", "county_code = \"32041\"", "county_code", "six digits"},
    {kWujin, "outline_crs = \"EPSG:4490\"", "outline_crs = \"EPSG:44900\"", "outline_crs", "EPSG:4490"},
    {kWujin, "world_crs = \"EPSG:4549\"", "world_crs = \"EPSG:4490\"", "world_crs", "in metres"},
    {kWujin, "world_crs = \"EPSG:4549\"", "world_crs = \"ESPG:4549\"", "world_crs", "EPSG:4549"},
    {kWujin, "time_zone = \"Asia/Shanghai\"", "time_zone = \"Asia/Shangai\"", "time_zone", "IANA name"},
    {kWujin, "outline_illustrative = true", "outline_illustrative = \"yes\"", "outline_illustrative", "true or false"},
    {kWujin, "time_zone = \"Asia/Shanghai\"", "basemap = { source = \"no.tif\" }\ntime_zone = \"Asia/Shanghai\"",
     "basemap.source", "a raster that is there"},
    {kWujin, "time_zone = \"Asia/Shanghai\"", "basemap = { source = \"WMTS:http://a\", crs = \"GCJ-2\" }",
     "basemap.crs", "GCJ-02"},
    {kWujin, "time_zone = \"Asia/Shanghai\"", "basemap = { source = \"WMTS:http://a\", opacity = 3 }",
     "basemap.opacity", "from 0 to 1"},
    {kWujin, "time_zone = \"Asia/Shanghai\"", "basemap = { source = \"WMTS:http://a\", creditzh = \"x\" }",
     "basemap.creditzh", "credit_zh"},
    // Rules and common files that profiles name.
    {kJiangyin, "calendar = \"cn\"", "calendar = \"ch\"", "rules.calendar", "cn"},
    {kJiangyin, "limits = \"default\"", "limits = \"defualt\"", "rules.limits", "default"},
    {kJiangyin, "stages = \"seven\"", "stages = \"sevn\"", "rules.stages", "seven"},
    {kJiangyin, "indicators = \"default\"", "indicators = \"jinhau\"", "rules.indicators", "jinhua"},
    {kJiangyin, "limits = \"default\"", "limit = \"default\"", "rules.limit", "limits"},
    {kJiangyin, "edition = \"gbt30428\"", "edition = \"gbt30248\"", "classes.edition", "gbt30428"},
    {kJiangyin, "use = [\"collector\"", "use = [\"colector\"", "channels.use", "collector"},
    // Tables of profiles.
    {kJiangyin, "{ code = \"G02.01\"", "{ code = \"E01.01\"", "class[2].code", "does not have"},
    {kJiangyin, "{ code = \"G02.01\"", "{ like = \"E01.1\", code = \"G02.01\"", "class[2].like", "E01.1"},
    {kJiangyin, "severity = 3 }", "severity = 5 }", "class[3].severity", "from 1 to 4"},
    {kJiangyin, "{ id = \"courier\"", "{ id = \"hotline\"", "channel[1].id", "does not have"},
    {kJiangyin, "{ id = \"courier\"", "{ id = \"Cour ier\"", "channel[1].id", "a-z"},
    {kJiangyin, "{ id = \"raised\",", "{ stage = \"reprot\", id = \"raised\",", "workflow[1].step[1].stage", "report"},
    {kJiangyin, "kind = \"meeting\"", "kind = \"meting\"", "workflow[1].kind", "meeting"},
    {kJiangyin, "level = \"微网格\", count = 2832", "level = \"微网络\", count = 2832", "site[2].level", "微网格"},
    {kJiangyin, "kind = \"demo\"", "kind = \"dmo\"", "site[3].kind", "demo"},
    {kJiangyin, "kind = \"projects\", of = \"project\"", "kind = \"project\", of = \"project\"", "board[1].kind",
     "projects"},
    {kJiangyin, "zh = \"资源\", en = \"Resources\"", "zh = \"资源\", English = \"Resources\"", "board[2].columns[2].en",
     "text in quotes"},
    {kJiangyin, "{ zh = \"资源\", en = \"Resources\" }", "7", "board[2].columns", "an array of texts"},
    {kJiangyin, "of = \"source\"", "of = \"sorce\"", "board[4].of", "source"},
    {kJiangyin, "source = \"report2019\"", "source = \"report2018\"", "figure[7].source", "report2019"},
    {kJiangyin, "conflicts_with = \"stations_2019\"", "conflicts_with = \"station_2019\"", "figure[6].conflicts_with",
     "stations_2019"},
    {kJiangyin, "parts = [1, 1, 3]", "parts = [1, 1, 4]", "figure[4].number", "add up"},
    {kJiangyin, "unit = \"brands\", kind = \"count\"", "unit = \"brands\", kind = \"counts\"", "figure[5].kind",
     "count"},
    {kJiangyin, "kind = \"points\", site = \"estate_stations\"", "kind = \"point\", site = \"estate_stations\"",
     "layer[1].kind", "points"},
    {kJiangyin, "site = \"pilots\", count = 35", "site = \"pilot\", count = 35", "layer[4].site", "pilots"},
    {kJiangyin, "kind = \"density\", level", "kind = \"points\", level", "layer[2].kind", "never points"},
    {kJiangyin, "boards = [\"sources\", \"radar\"]", "boards = [\"sources\", \"rader\"]", "view[1].boards", "radar"},
    {kJiangyin, "default = true, ", "", "view[1].default", "true in one"},
    {kJiangyin, "key = \"incidents.title\"", "key = \"incidents.titel\"", "word[1].key", "incidents.title"},
    {kJiangyin, "zh = \"最新民情\"", "zh = \"最新民情 {0}\"", "word[1].zh", "places to fill in"},
    {kJiangyin, "count = 260", "count = 12", "level[3].count", "level above"},
    {kJiangyin, "cases_per_day = 570", "cases_per_day = \"570\"", "simulation.cases_per_day", "a number"},
    {kJiangyin, "kind_field = \"kind\"", "kind_fild = \"kind\"", "source.kind_fild", "kind_field"},
    // The common files.
    {"config/channels.toml", "weight = 13", "wieght = 13", "channel[2].wieght", "weight"},
    {"config/departments.toml", "\"E01.10\"", "\"E01.1O\"", "department[2].classes", "E01.10"},
    {"config/departments.toml", "id = \"huanwei\"", "id = \"chengguan\"", "department[2].id", "not used above"},
    {"config/classes/gbt30428.toml", "shape = \"diamond\"", "shape = \"dimond\"", "big[3].shape", "diamond"},
    {"config/lifecycle.toml", "role = \"collector\"", "role = \"colector\"", "event[1].role", "collector"},
    {"config/stages/seven.toml", "states = [34]", "states = [35]", "stage[5].states", "states of the lifecycle"},
    {"config/limits/default.toml", "code = \"E01.02\"", "code = \"E10.02\"", "class[3].code", "E01.02"},
    {"config/limits/default.toml", "limit = \"1ud\"", "limit = \"1 day\"", "class[3].limit", "15um"},
    {"config/calendars/cn.toml", "2024-06-10", "2024-06-31", "holiday[5].days", "dates such as"},
    {"config/indicators/default.toml", "rate = \"rework\"", "rate = \"rewrok\"", "score[1].part[3].rate", "rework"},
    {"config/alerts.toml", "[overdue]", "[overdeu]", "overdeu", "overdue"},
    {"config/storm.toml", "code = \"E05.03\"", "code = \"E05.3\"", "cases.class[2].code", "E05.03"},
    {"config/maps/egova.toml", "type = \"incident.accepted\"", "type = \"incident.acepted\"", "event[2].type",
     "incident.accepted"},
    {"config/maps/egova.toml", "class_table = \"cjt214\"", "class_table = \"cjt215\"", "class_table", "file of config"},
    {"config/walls/wall-4k.toml", "pixel_pitch_mm", "pixel_pich_mm", "pixel_pich_mm", "pixel_pitch_mm"},
    // The dictionaries.
    {"assets/words/en.toml", "journal_fails =", "journal_fail =", "health.journal_fail", "health.journal_fails"},
    {"assets/words/en.toml", "behind = \"Behind {0} s\"", "behind = \"Behind {1} s\"", "header.behind", "{0}"},
};

TEST_F(CheckTest, what_is_shipped_is_good) {
  const CheckResult result = check();
  EXPECT_GT(result.file_count, 25u);
  EXPECT_TRUE(result.findings.empty()) << findings_as_text(result.findings, result.file_count);
}

TEST_F(CheckTest, every_mistake_is_found_with_file_line_and_key_and_what_to_write_instead) {
  EXPECT_GE(std::size(kSeeds), 50u);
  for (const Seed& seed : kSeeds) {
    const fs::path file = m_folder / seed.file;
    const std::string good = text_of(file);
    const std::size_t at = good.find(seed.before);
    ASSERT_NE(at, std::string::npos) << seed.file << ": " << seed.before;
    std::string bad = good;
    bad.replace(at, std::string_view(seed.before).size(), seed.after);
    write(file, bad);
    const bool is_dictionary = std::string_view(seed.file).starts_with("assets/words");
    const CheckResult result = check(is_dictionary ? std::vector<fs::path>{} : std::vector<fs::path>{file});
    write(file, good);
    const auto line =
        static_cast<std::size_t>(std::count(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(at), '\n') + 1);
    const bool found = std::any_of(result.findings.begin(), result.findings.end(), [&](const Finding& finding) {
      const bool helps =
          finding.problem.find(seed.says) != std::string::npos || finding.instead.find(seed.says) != std::string::npos;
      return finding.file == file.string() && finding.line == line && finding.key == seed.key && helps;
    });
    EXPECT_TRUE(found) << seed.file << ":" << line << ": " << seed.key << " for " << seed.after << "\n"
                       << findings_as_text(result.findings, result.file_count);
    EXPECT_LE(result.findings.size(), 4u) << seed.after << "\n" << findings_as_text(result.findings, result.file_count);
  }
}

TEST_F(CheckTest, many_mistakes_of_many_files_are_told_in_one_run) {
  for (const auto& [file, before, after] : {std::tuple(kWujin, "district = \"wujin\"", "district = \"wujn\""),
                                            std::tuple(kWujin, "time_zone = \"Asia/Shanghai\"", "time_zone = 8"),
                                            std::tuple("config/channels.toml", "weight = 13", "wieght = 13"),
                                            std::tuple("config/channels.toml", "weight = 9", "weight = \"9\""),
                                            std::tuple("config/stages/eight.toml", "name_en", "nam_en")}) {
    std::string text = text_of(m_folder / file);
    text.replace(text.find(before), std::string_view(before).size(), after);
    write(m_folder / file, text);
  }
  const CheckResult result = check();
  EXPECT_GE(result.findings.size(), 5u) << findings_as_text(result.findings, result.file_count);
}

TEST_F(CheckTest, broken_toml_and_files_that_are_not_there_are_findings_too) {
  const fs::path own = m_folder / "own.toml";
  write(own, "name_zh = \"甲\nlevel = 3\n");
  const CheckResult broken = check({own, m_folder / "absent.toml"});
  ASSERT_EQ(broken.findings.size(), 2u);
  EXPECT_NE(broken.findings[1].problem.find("not valid TOML"), std::string::npos);
  EXPECT_EQ(broken.findings[1].line, 1u);
  write(own, "colour = 3\n");
  EXPECT_EQ(check({own}).findings.size(), 1u);
}

TEST_F(CheckTest, findings_are_told_as_text_and_as_json) {
  const std::vector<Finding> findings{
      {"a.toml", 3, "site[2].kind", "expected one of station, found \"sation\"", "station"}};
  EXPECT_EQ(findings_as_text(findings, 1),
            "a.toml:3: site[2].kind: expected one of station, found \"sation\"\n    did you mean station?\n1 files, 1 "
            "findings\n");
  EXPECT_EQ(findings_as_json(findings, 1),
            R"({"files":1,"findings":[{"file":"a.toml","line":3,"key":"site[2].kind",)"
            R"("problem":"expected one of station, found \"sation\"","instead":"station"}]})");
}

TEST(CheckNearest, is_the_word_with_the_fewest_letters_to_change_or_none) {
  const std::vector<std::string> words{"station", "centre", "微网格", "网格"};
  EXPECT_EQ(nearest("sation", words), "station");
  EXPECT_EQ(nearest("center", words), "centre");
  EXPECT_EQ(nearest("微网络", words), "微网格");
  EXPECT_EQ(nearest("elephant", words), "");
}

}  // namespace
}  // namespace gridwall::app
