#include "app/check_config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "app/check_profile.hpp"
#include "model/alert_rules.hpp"
#include "model/config_table.hpp"
#include "model/day_kinds.hpp"
#include "model/departments.hpp"
#include "model/finding_scope.hpp"
#include "model/indicator_spec.hpp"
#include "model/lifecycle.hpp"
#include "model/limit_rules.hpp"
#include "model/storm_day.hpp"
#include "model/vocabulary.hpp"
#include "model/work_calendar.hpp"
#include "wall/wall_profile.hpp"
#include "wire/feed_map.hpp"

namespace gridwall::app {

namespace fs = std::filesystem;
using base::Error;
using model::ConfigTable;

namespace {

enum class Kind : std::uint8_t {
  Profile,
  Classes,
  ClassTable,
  Channels,
  Departments,
  Lifecycle,
  Alerts,
  Storm,
  Days,
  Calendar,
  Limits,
  Stages,
  Indicators,
  Map,
  Wall,
  Words,
  Unknown,
};

Kind kind_by_place(const fs::path& file) {
  constexpr std::pair<std::string_view, Kind> kFolders[] = {{"profiles", Kind::Profile},
                                                            {"calendars", Kind::Calendar},
                                                            {"limits", Kind::Limits},
                                                            {"stages", Kind::Stages},
                                                            {"indicators", Kind::Indicators},
                                                            {"maps", Kind::Map},
                                                            {"walls", Kind::Wall},
                                                            {"words", Kind::Words}};
  constexpr std::pair<std::string_view, Kind> kNames[] = {{"channels.toml", Kind::Channels},
                                                          {"departments.toml", Kind::Departments},
                                                          {"lifecycle.toml", Kind::Lifecycle},
                                                          {"alerts.toml", Kind::Alerts},
                                                          {"storm.toml", Kind::Storm},
                                                          {"days.toml", Kind::Days}};
  for (const auto& [folder, kind] : kFolders) {
    if (file.parent_path().filename() == folder) return kind;
  }
  for (const auto& [name, kind] : kNames) {
    if (file.filename() == name) return kind;
  }
  return Kind::Unknown;
}

Kind kind_by_keys(const ConfigTable& table) {
  constexpr std::pair<std::string_view, Kind> kKeys[] = {
      {"level", Kind::Profile},     {"county_code", Kind::Profile},  {"class_set", Kind::Classes},
      {"from", Kind::ClassTable},   {"channel", Kind::Channels},     {"department", Kind::Departments},
      {"stage", Kind::Stages},      {"windows", Kind::Calendar},     {"fallback", Kind::Limits},
      {"warn_share", Kind::Limits}, {"native_width_px", Kind::Wall}, {"rate", Kind::Indicators},
      {"base", Kind::Indicators},   {"near_deadline", Kind::Alerts}, {"replay_from", Kind::Storm},
      {"quiet", Kind::Days}};
  if (table.has("fields") || table.has("facts")) return Kind::Map;
  for (const auto& [key, kind] : kKeys) {
    if (table.has(key)) return kind;
  }
  return table.has("event") ? Kind::Lifecycle : Kind::Unknown;
}

class Check {
 public:
  explicit Check(const CheckScope& scope) : m_scope(scope), m_config(scope.root / "config") {}

  CheckResult run() {
    // What a file of one's own is checked against has to be good itself, but is not complained of.
    std::vector<Error> unasked;
    {
      const model::FindingScope quiet(unasked);
      if (auto lifecycle = model::load_lifecycle(m_config / "lifecycle.toml"); lifecycle.ok()) m_lifecycle = *lifecycle;
      if (auto vocabulary = model::load_vocabulary(m_config); vocabulary.ok()) m_vocabulary = std::move(*vocabulary);
      m_common = read_common(m_scope.root);
    }
    std::vector<fs::path> files = m_scope.files.empty() ? all_files() : m_scope.files;
    for (std::size_t i = 0; i < files.size(); ++i) {
      if (m_scope.tell) m_scope.tell(files[i].filename().string(), static_cast<double>(i) / double(files.size()));
      check_file(files[i]);
    }
    if (m_scope.files.empty()) check_dictionaries();
    tidy_findings(m_result.findings);
    m_result.file_count = files.size();
    return std::move(m_result);
  }

 private:
  [[nodiscard]] std::vector<fs::path> all_files() {
    std::vector<fs::path> files;
    for (const fs::path& folder : {m_config, m_scope.root / "assets" / "words"}) {
      std::error_code failure;
      for (auto it = fs::recursive_directory_iterator(folder, failure); !failure && it != fs::end(it);
           it.increment(failure)) {
        if (it->path().extension() == ".toml") files.push_back(it->path());
      }
      if (failure) m_result.findings.push_back({folder.string(), 0, "", failure.message(), ""});
    }
    std::sort(files.begin(), files.end());
    return files;
  }

  // Runs a loader and takes what it complains of.
  template <typename Load>
  void take(const Load& load) {
    std::vector<Error> errors;
    {
      const model::FindingScope scope(errors);
      if (const auto loaded = load(); !loaded.ok()) errors.push_back(loaded.error());
    }
    for (const Error& error : errors) m_result.findings.push_back(finding_of(error));
  }

  void check_file(const fs::path& file) {
    const auto table = ConfigTable::open(file);
    if (!table.ok()) {
      m_result.findings.push_back(finding_of(table.error()));
      return;
    }
    Kind kind = kind_by_place(file);
    if (kind == Kind::Unknown) kind = kind_by_keys(*table);
    switch (kind) {
      case Kind::Profile:
        return check_profile(file, m_scope.root, m_common, m_result.findings);
      case Kind::Classes:
        return take([&] { return model::load_class_set(file); });
      case Kind::ClassTable:
        return check_class_table(*table);
      case Kind::Channels:
        return take([&] { return model::load_channels(file); });
      case Kind::Departments:
        return check_departments(file, *table);
      case Kind::Lifecycle:
        return take([&] { return model::load_lifecycle(file); });
      case Kind::Alerts:
        return check_alerts(file, *table);
      case Kind::Storm:
        return check_storm(file, *table);
      case Kind::Days:
        return check_days(file, *table);
      case Kind::Calendar:
        return take([&] { return model::load_work_calendar(file, base::TimeZone()); });
      case Kind::Limits:
        return check_limits(file);
      case Kind::Stages:
        return take([&] { return model::load_stage_set(file, m_lifecycle); });
      case Kind::Indicators:
        return take([&] { return model::load_indicator_spec(file); });
      case Kind::Map:
        return check_map(*table);
      case Kind::Wall:
        return take([&] { return wall::load_wall_profile(file); });
      case Kind::Words:
        return;  // both together: check_dictionaries
      case Kind::Unknown:
        break;
    }
    m_result.findings.push_back({file.string(), 0, "",
                                 "expected a file of config/: a profile, classes, channels, departments, lifecycle, "
                                 "alerts, a calendar, limits, stages, indicators, a map or a wall",
                                 ""});
  }

  [[nodiscard]] std::vector<std::string> class_codes() const {
    std::vector<std::string> codes;
    for (const auto& big : m_vocabulary.big_classes) codes.push_back(big.code);
    for (const auto& one : m_vocabulary.classes) codes.push_back(one.code);
    return codes;
  }

  void check_codes(const ConfigTable& table, std::string_view key, const std::vector<std::string>& codes) {
    const std::vector<std::string> known = class_codes();
    for (const std::string& code : codes) {
      if (std::find(known.begin(), known.end(), code) != known.end()) continue;
      m_result.findings.push_back(finding_of(
          table.error_at(key,
                         fmt::format("classes or big classes of {} (\"{}\" is none)", m_vocabulary.class_set, code)),
          known));
    }
  }

  void check_departments(const fs::path& file, const ConfigTable& table) {
    take([&] { return model::load_departments(file); });
    const auto rows = table.tables("department");
    if (!rows.ok()) return;
    for (const ConfigTable& row : *rows) {
      if (const auto codes = row.texts("classes"); codes.ok()) check_codes(row, "classes", *codes);
    }
  }

  void check_alerts(const fs::path& file, const ConfigTable& table) {
    take([&] { return model::load_alert_rules(file); });
    const auto storm = table.table("storm_mode");
    if (!storm.ok()) return;
    if (const auto codes = storm->texts("classes"); codes.ok()) check_codes(*storm, "classes", *codes);
  }

  void check_days(const fs::path& file, const ConfigTable& table) {
    take([&] { return model::load_day_kinds(file); });
    const auto holiday = table.table("holiday");
    if (!holiday.ok() || !holiday->has("channel")) return;
    const auto channels = holiday->tables("channel");
    if (!channels.ok()) return;
    for (const ConfigTable& row : *channels) {
      if (!row.has_text("id")) continue;
      if (const auto id = row.text("id"); m_vocabulary.find_channel(*id) == nullptr) {
        m_result.findings.push_back(finding_of(row.error_at("id", "an id of config/channels.toml"), m_common.channels));
      }
    }
  }

  void check_storm(const fs::path& file, const ConfigTable& table) {
    take([&] { return model::load_storm_day(file); });
    const auto cases = table.table("cases");
    if (!cases.ok()) return;
    const auto rows = cases->tables("class");
    if (!rows.ok()) return;
    for (const ConfigTable& row : *rows) {
      if (const auto code = row.text("code"); code.ok()) check_codes(row, "code", {*code});
    }
  }

  // Limits may be of the edition of any profile that names them; the common one is looked at here, and each profile's
  // with the profile.
  void check_limits(const fs::path& file) {
    std::vector<Error> errors;
    {
      const model::FindingScope scope(errors);
      if (const auto loaded = model::load_limit_rules(file, m_vocabulary); !loaded.ok())
        errors.push_back(loaded.error());
    }
    const std::vector<std::string> known = class_codes();
    for (const Error& error : errors) {
      const bool is_code = error.message.find("a class or big class of") != std::string::npos;
      m_result.findings.push_back(is_code ? finding_of(error, known) : finding_of(error));
    }
  }

  void check_class_table(const ConfigTable& table) {
    const auto rows = table.tables("class");
    if (!rows.ok()) {
      m_result.findings.push_back(finding_of(rows.error()));
      return;
    }
    take([&] { return table.expect_only({"from", "to", "class"}); });
    for (const ConfigTable& row : *rows) {
      take([&] { return row.expect_only({"from", "to", "name_zh"}); });
      take([&] { return row.text("from"); });
      const auto code = row.text("to");
      if (!code.ok()) {
        m_result.findings.push_back(finding_of(code.error()));
      } else if (const auto set = table.text("to"); set.ok() && *set == m_vocabulary.class_set) {
        // A district's file of the edition need not have each small class that the standard has.
        if (m_vocabulary.find_big_class(*code) == nullptr) check_codes(row, "to", {*code});
      }
    }
  }

  void check_map(const ConfigTable& table) {
    std::optional<ConfigTable> classes;
    const auto name = wire::class_table_name(table);
    if (name.ok() && !name->empty()) {
      auto opened = ConfigTable::open(m_config / "classes" / (*name + ".toml"));
      if (opened.ok()) {
        classes = std::move(*opened);
      } else {
        m_result.findings.push_back(
            finding_of(table.error_at("class_table", "a file of config/classes without .toml"), m_common.editions));
      }
    }
    take([&] { return wire::read_feed_map(table, classes ? &*classes : nullptr); });
    if (table.has("crs")) check_crs(table, "crs", m_result.findings);
    const auto events = table.tables("event");
    if (!events.ok()) return;
    std::vector<std::string> types;
    for (const auto& row : m_lifecycle) types.push_back(row.type);
    for (const ConfigTable& event : *events) {
      const auto type = event.text("type");
      if (!type.ok() || !type->starts_with("incident.")) continue;
      if (std::find(types.begin(), types.end(), *type) != types.end()) continue;
      m_result.findings.push_back(finding_of(event.error_at("type", "a type of config/lifecycle.toml"), types));
    }
  }

  void check_dictionaries() {
    const fs::path folder = m_scope.root / "assets" / "words";
    check_dictionary_pair(folder / "zh.toml", folder / "en.toml", m_result.findings);
  }

  const CheckScope& m_scope;
  fs::path m_config;
  CheckResult m_result;
  std::vector<model::LifecycleRow> m_lifecycle;
  model::Vocabulary m_vocabulary;
  CommonConfig m_common;
};

}  // namespace

CheckResult check_config(const CheckScope& scope) {
  return Check(scope).run();
}

}  // namespace gridwall::app
