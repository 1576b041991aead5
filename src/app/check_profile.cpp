#include "app/check_profile.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "geo/transform.hpp"
#include "model/departments.hpp"
#include "model/finding_scope.hpp"
#include "model/lifecycle.hpp"
#include "model/limit_rules.hpp"
#include "model/profile.hpp"
#include "model/vocabulary.hpp"

namespace gridwall::app {

namespace fs = std::filesystem;
using base::Error;
using model::ConfigTable;

namespace {

std::vector<std::string> names_in(const fs::path& folder, bool folders) {
  std::vector<std::string> names;
  std::error_code failure;
  for (const auto& entry : fs::directory_iterator(folder, failure)) {
    if (folders ? entry.is_directory() : entry.path().extension() == ".toml") {
      names.push_back(entry.path().stem().string());
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

base::Result<std::vector<ConfigTable>> no_tables() {
  return std::vector<ConfigTable>();
}

bool holds(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

struct Entry {
  std::string text;
  Error place;  // of the key, with its line
};

void collect(const ConfigTable& table, const std::string& prefix, std::map<std::string, Entry>& entries,
             std::vector<Finding>* findings) {
  for (const std::string& key : table.keys()) {
    if (const auto nested = table.table(key); nested.ok()) {
      collect(*nested, prefix + key + ".", entries, findings);
    } else if (const auto text = table.text(key); text.ok()) {
      entries.emplace(prefix + key, Entry{*text, table.error_at(key, "")});
    } else if (findings != nullptr) {
      findings->push_back(finding_of(text.error()));
    }
  }
}

std::set<std::string> slots_of(const std::string& text) {
  std::set<std::string> slots;
  for (std::size_t i = 0; i + 2 < text.size(); ++i) {
    if (text[i] == '{' && text[i + 1] >= '0' && text[i + 1] <= '9' && text[i + 2] == '}')
      slots.insert(text.substr(i, 3));
  }
  return slots;
}

std::string joined(const std::set<std::string>& words) {
  std::string list;
  for (const std::string& word : words) list += fmt::format("{}{}", list.empty() ? "" : " ", word);
  return list.empty() ? "none" : list;
}

// One profile with the tables that its rows were read from.
class ProfileCheck {
 public:
  ProfileCheck(const fs::path& root, const CommonConfig& common, const ConfigTable& file, const model::Profile& profile,
               std::vector<Finding>& findings)
      : m_root(root), m_common(common), m_file(file), m_profile(profile), m_findings(findings) {}

  void run() {
    check_head();
    check_rules();
    check_classes();
    check_ids("channel", m_profile.tables.channels, "channels", m_common.channels);
    check_ids("department", m_profile.tables.departments, "departments", m_common.departments);
    check_steps();
    check_words();
    check_ways();
  }

 private:
  void complain(const ConfigTable& table, std::string_view key, std::string_view expected,
                const std::vector<std::string>& candidates) {
    m_findings.push_back(finding_of(table.error_at(key, expected), candidates));
  }

  [[nodiscard]] std::vector<ConfigTable> rows(std::string_view name) const {
    auto tables = m_file.has(name) ? m_file.tables(name) : no_tables();
    return tables.ok() ? std::move(*tables) : std::vector<ConfigTable>();
  }

  void check_sources() {
    for (const std::string& file : m_profile.source.files) {
      const bool is_path = file.find(':') == std::string::npos;
      if (!is_path || fs::exists(file)) continue;
      const auto source = m_file.table("source");
      if (source.ok()) complain(*source, "files", fmt::format("files that are there (\"{}\" is none)", file), {});
    }
    const auto source = m_file.has("source") ? m_file.table("source") : m_file;
    if (source.ok() && source->has("crs")) check_crs(*source, "crs", m_findings);
  }

  void check_basemap() {
    if (!m_file.has("basemap")) return;
    const auto table = m_file.table("basemap");
    if (!table.ok() || !table->has_text("source")) return;
    const std::string& source = m_profile.basemap.source;
    const bool is_path = source.find(':') == std::string::npos && !source.starts_with("<");
    std::error_code code;
    if (is_path && !source.empty() && !fs::exists(source, code)) {
      complain(*table, "source", fmt::format("a raster that is there (\"{}\" is none)", source), {});
    }
    check_crs(*table, "crs", m_findings);
  }

  void check_head() {
    for (const std::string_view key : {"outline_crs", "world_crs"}) check_crs(m_file, key, m_findings);
    const auto metres = geo::Transform::create(geo::kLonLatCrs, m_profile.world_crs);
    if (metres.ok() && metres->to_degrees()) {
      complain(m_file, "world_crs", "a projected system in metres, such as the district's Gauss-Krüger zone EPSG:4549",
               {});
    }
    check_sources();
    check_basemap();
    const bool own_layers = !m_profile.source.files.empty();
    if (!own_layers && !m_profile.district.empty() && !holds(m_common.districts, m_profile.district)) {
      complain(m_file, "district", "a folder of assets/districts, or files under [source]", m_common.districts);
    }
    const std::string& code = m_profile.county_code;
    const bool is_code = code.size() == 6 && code.find_first_not_of("0123456789") == std::string::npos;
    if (!own_layers && !code.empty() && !is_code) complain(m_file, "county_code", "six digits, such as \"320281\"", {});
  }

  void check_rules() {
    const auto table = m_file.has("rules") ? m_file.table("rules") : m_file;
    if (!table.ok() || !m_file.has("rules")) return;
    const std::tuple<std::string_view, const std::string&, const std::vector<std::string>&> kRules[] = {
        {"calendar", m_profile.rules.calendar, m_common.calendars},
        {"limits", m_profile.rules.limits, m_common.limits},
        {"stages", m_profile.rules.stages, m_common.stages},
        {"indicators", m_profile.rules.indicators, m_common.indicators}};
    for (const auto& [key, name, names] : kRules) {
      if (holds(names, name)) continue;
      complain(*table, key, fmt::format("one of {}", fmt::join(names, ", ")), names);
    }
  }

  void check_classes() {
    const model::ProfileTables& tables = m_profile.tables;
    if (!holds(m_common.editions, tables.edition)) {
      const auto table = m_file.table("classes");
      if (table.ok()) {
        complain(*table, "edition", fmt::format("one of {}", fmt::join(m_common.editions, ", ")), m_common.editions);
      }
      return;
    }
    const auto edition = model::load_class_set(m_root / "config" / "classes" / (tables.edition + ".toml"));
    if (!edition.ok()) return;  // told of with its own file
    std::vector<std::string> codes;
    for (const auto& one : edition->classes) codes.push_back(one.code);
    const auto own_rows = rows("class");
    for (std::size_t i = 0; i < std::min(own_rows.size(), tables.classes.size()); ++i) {
      const model::OwnClass& own = tables.classes[i];
      if (holds(codes, own.code)) complain(own_rows[i], "code", "a code that the edition does not have", {});
      if (!own.like.empty() && !holds(codes, own.like)) {
        complain(own_rows[i], "like", fmt::format("a class of {}", edition->class_set), codes);
      }
    }
  }

  template <typename Row>
  void check_ids(std::string_view row_name, const std::vector<Row>& own, std::string_view table_name,
                 const std::vector<std::string>& common) {
    const auto own_rows = rows(row_name);
    for (std::size_t i = 0; i < std::min(own_rows.size(), own.size()); ++i) {
      if (!holds(common, own[i].id)) continue;
      complain(own_rows[i], "id", fmt::format("an id that config/{}.toml does not have", table_name), {});
    }
    const auto table = m_file.has(table_name) ? m_file.table(table_name) : m_file;
    if (!m_file.has(table_name) || !table.ok()) return;
    const auto used = table->has("use") ? table->texts("use") : base::Result(std::vector<std::string>());
    if (!used.ok()) return;
    for (const std::string& id : *used) {
      if (holds(common, id)) continue;
      complain(*table, "use",
               fmt::format("ids of config/{0}.toml (\"{1}\" is none), each one of {2}", table_name, id,
                           fmt::join(common, ", ")),
               common);
    }
  }

  void check_steps() {
    const fs::path config = m_root / "config";
    const auto lifecycle = model::load_lifecycle(config / "lifecycle.toml");
    if (!lifecycle.ok()) return;
    const auto stages = model::load_stage_set(config / "stages" / (m_profile.rules.stages + ".toml"), *lifecycle);
    if (!stages.ok()) return;
    std::vector<std::string> ids;
    for (const model::Stage& stage : stages->stages) ids.push_back(stage.id);
    for (const ConfigTable& workflow : rows("workflow")) {
      const auto steps = workflow.has("step") ? workflow.tables("step") : no_tables();
      if (!steps.ok()) continue;
      for (const ConfigTable& step : *steps) {
        if (!step.has_text("stage")) continue;
        if (const auto stage = step.text("stage"); holds(ids, *stage)) continue;
        complain(
            step, "stage",
            fmt::format("a stage of config/stages/{}.toml, one of {}", m_profile.rules.stages, fmt::join(ids, ", ")),
            ids);
      }
    }
  }

  // What the simulator's own ways name.
  void check_ways() {
    const auto simulation = m_file.has("simulation") ? m_file.table("simulation") : m_file;
    if (!m_file.has("simulation") || !simulation.ok() || !simulation->has("way")) return;
    const auto ways = simulation->tables("way");
    if (!ways.ok()) return;
    std::vector<std::string> channels = m_common.channels, departments = m_common.departments, codes;
    for (const auto& own : m_profile.tables.channels) channels.push_back(own.id);
    for (const auto& own : m_profile.tables.departments) departments.push_back(own.id);
    for (const auto& own : m_profile.tables.classes) codes.push_back(own.code);
    const fs::path classes = m_root / "config" / "classes" / (m_profile.tables.edition + ".toml");
    if (const auto edition = model::load_class_set(classes); edition.ok()) {
      for (const auto& one : edition->classes) codes.push_back(one.code);
    }
    for (const ConfigTable& way : *ways) {
      if (const auto id = way.has_text("channel") ? *way.text("channel") : ""; !id.empty() && !holds(channels, id)) {
        complain(way, "channel", "an id of config/channels.toml or of a [[channel]]", channels);
      }
      check_all(way, "departments", departments, "ids of config/departments.toml or of a [[department]]");
      check_all(way, "classes", codes, "codes of the edition or of a [[class]]");
    }
  }

  void check_all(const ConfigTable& row, std::string_view key, const std::vector<std::string>& known,
                 std::string_view expected) {
    if (!row.has(key)) return;
    const auto words = row.texts(key);
    if (!words.ok()) return;
    for (const std::string& word : *words) {
      if (holds(known, word)) continue;
      complain(row, key, fmt::format("{} (\"{}\" is none)", expected, word), known);
    }
  }

  void check_words() {
    std::vector<std::string> keys;
    for (const auto& [key, text] : m_common.words_zh) keys.push_back(key);
    for (const ConfigTable& row : rows("word")) {
      if (!row.has_text("key")) continue;
      const auto key = row.text("key");
      const auto known = m_common.words_zh.find(*key);
      if (known == m_common.words_zh.end()) {
        complain(row, "key", "a key of assets/words", keys);
        continue;
      }
      const auto slots = slots_of(known->second);
      for (const std::string_view language : {"zh", "en"}) {
        if (!row.has_text(language) || slots_of(*row.text(language)) == slots) continue;
        complain(row, language, fmt::format("the places to fill in that the dictionary's text has: {}", joined(slots)),
                 {});
      }
    }
  }

  const fs::path& m_root;
  const CommonConfig& m_common;
  const ConfigTable& m_file;
  const model::Profile& m_profile;
  std::vector<Finding>& m_findings;
};

}  // namespace

CommonConfig read_common(const fs::path& root) {
  const fs::path config = root / "config";
  CommonConfig common;
  common.calendars = names_in(config / "calendars", false);
  common.limits = names_in(config / "limits", false);
  common.stages = names_in(config / "stages", false);
  common.indicators = names_in(config / "indicators", false);
  common.districts = names_in(root / "assets" / "districts", true);
  for (const std::string& name : names_in(config / "classes", false)) {
    const auto table = ConfigTable::open(config / "classes" / (name + ".toml"));
    if (table.ok() && table->has("class_set")) common.editions.push_back(name);
  }
  const auto ids_of = [&](const char* file, std::string_view rows, std::vector<std::string>& ids) {
    const auto table = ConfigTable::open(config / file);
    const auto tables = table.ok() ? table->tables(rows) : no_tables();
    if (!tables.ok()) return;
    for (const ConfigTable& row : *tables) {
      if (row.has_text("id")) ids.push_back(*row.text("id"));
    }
  };
  ids_of("channels.toml", "channel", common.channels);
  ids_of("departments.toml", "department", common.departments);
  if (const auto words = ConfigTable::open(root / "assets" / "words" / "zh.toml"); words.ok()) {
    std::map<std::string, Entry> entries;
    collect(*words, "", entries, nullptr);
    for (const auto& [key, entry] : entries) common.words_zh.emplace(key, entry.text);
  }
  return common;
}

void check_profile(const fs::path& path, const fs::path& root, const CommonConfig& common,
                   std::vector<Finding>& findings) {
  std::vector<Error> errors;
  model::Profile profile;
  {
    const model::FindingScope scope(errors);
    profile = model::load_profile(path, errors);
  }
  for (const Error& error : errors) findings.push_back(finding_of(error));
  const auto file = ConfigTable::open(path);
  if (file.ok()) ProfileCheck(root, common, *file, profile, findings).run();
}

void check_crs(const ConfigTable& table, std::string_view key, std::vector<Finding>& findings) {
  if (!table.has_text(key)) return;
  const std::string crs = *table.text(key);
  if (crs.empty() || geo::Transform::create(crs, geo::kLonLatCrs).ok()) return;
  static const std::vector<std::string> kUsual{"EPSG:4490", "EPSG:4326", "EPSG:4549", "EPSG:4548", "EPSG:4547",
                                               "EPSG:4550", "EPSG:4546", "EPSG:3857", "GCJ-02",    "BD-09"};
  findings.push_back(finding_of(
      table.error_at(key, "a coordinate system that PROJ knows, such as \"EPSG:4490\", or \"GCJ-02\" or \"BD-09\""),
      kUsual));
}

void check_dictionary_pair(const fs::path& zh, const fs::path& en, std::vector<Finding>& findings) {
  std::map<std::string, Entry> entries[2];
  const fs::path files[2] = {zh, en};
  for (std::size_t i = 0; i < 2; ++i) {
    const auto table = ConfigTable::open(files[i]);
    if (!table.ok()) return findings.push_back(finding_of(table.error()));
    collect(*table, "", entries[i], &findings);
  }
  for (std::size_t i = 0; i < 2; ++i) {
    std::vector<std::string> strangers;  // keys that only the other has: likely what was meant
    for (const auto& [key, entry] : entries[1 - i]) {
      if (!entries[i].contains(key)) strangers.push_back(key);
    }
    for (const auto& [key, entry] : entries[i]) {
      Finding finding = finding_of(entry.place);
      const auto other = entries[1 - i].find(key);
      const std::string other_file = files[1 - i].filename().string();
      if (other == entries[1 - i].end()) {
        finding.problem = fmt::format("expected the same key in {}, which lacks it", other_file);
        finding.instead = nearest(key, strangers);
        findings.push_back(std::move(finding));
      } else if (i == 1 && slots_of(entry.text) != slots_of(other->second.text)) {
        finding.problem = fmt::format("expected the places to fill in that {} has: {}, found {}", other_file,
                                      joined(slots_of(other->second.text)), joined(slots_of(entry.text)));
        findings.push_back(std::move(finding));
      }
    }
  }
}

}  // namespace gridwall::app
