#include "model/profile_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "model/config_table.hpp"
#include "model/profile.hpp"
#include "model/row_reader.hpp"

namespace gridwall::model {

namespace {

using base::Error;
using Findings = std::vector<Error>;

// What rows of one profile may name in each other.
struct Known {
  const std::vector<LevelSpec>& levels;
  const std::vector<OverlaySpec>& overlays;
  const ProfileTables& tables;
};

const std::string& id_of(const NamedRow& row) {
  return row.id;
}
const std::string& id_of(const OwnClass& row) {
  return row.code;
}
const std::string& id_of(const WordSpec& row) {
  return row.key;
}
const std::string& id_of(const OverlaySpec& row) {
  return row.id;
}

template <typename Row>
const Row* find_row(const std::vector<Row>& rows, std::string_view id) {
  const auto found = std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return id_of(row) == id; });
  return found == rows.end() ? nullptr : &*found;
}

const LevelSpec* find_level(const Known& known, std::string_view name) {
  const auto found = std::find_if(known.levels.begin(), known.levels.end(),
                                  [&](const LevelSpec& level) { return level.name_zh == name; });
  return found == known.levels.end() ? nullptr : &*found;
}

template <typename Row>
std::string ids_of(const std::vector<Row>& rows) {
  std::string list;
  for (const Row& row : rows) list += fmt::format("{}{}", list.empty() ? "" : ", ", id_of(row));
  return list.empty() ? "(none is there)" : list;
}

std::string read_level(RowReader& row, const Known& known) {
  std::string level = row.text_or_none("level");
  if (level.empty() || find_level(known, level) != nullptr) return level;
  std::string list;
  for (const LevelSpec& one : known.levels) list += fmt::format("{}{}", list.empty() ? "" : ", ", one.name_zh);
  row.complain("level", fmt::format("the name_zh of a [[level]], one of {}", list));
  return level;
}

// A key that names a row of another table of this profile.
template <typename Row>
std::string read_link(RowReader& row, std::string_view key, std::string_view table, const std::vector<Row>& rows) {
  std::string id = row.text_or_none(key);
  if (!id.empty() && find_row(rows, id) == nullptr) {
    row.complain(key, fmt::format("the id of a [[{}]], one of {}", table, ids_of(rows)));
  }
  return id;
}

template <typename Row>
std::vector<std::string> read_links(RowReader& row, std::string_view key, std::string_view table,
                                    const std::vector<Row>& rows) {
  std::vector<std::string> ids = row.texts(key);
  for (const std::string& id : ids) {
    if (find_row(rows, id) != nullptr) continue;
    row.complain(key, fmt::format("ids of [[{}]] (\"{}\" is none), each one of {}", table, id, ids_of(rows)));
  }
  return ids;
}

void read_names(RowReader& row, NamedRow& target) {
  target.id = row.id("id");
  target.name_zh = row.text("name_zh");
  target.name_en = row.text("name_en");
  target.note = row.text_or_none("note");
}

void check_sum(RowReader& row, std::string_view key, double total, const std::vector<double>& parts) {
  if (parts.empty()) return;
  const double sum = std::accumulate(parts.begin(), parts.end(), 0.0);
  if (std::abs(sum - total) > 1e-6 * std::max(1.0, total)) {
    row.complain(key, fmt::format("{}: what its parts add up to", sum));
  }
}

void read(RowReader& row, const Known&, OwnClass& entry) {
  entry.code = row.text("code");
  entry.name_zh = row.text("name_zh");
  entry.name_en = row.text("name_en");
  entry.like = row.text_or_none("like");
  const auto severity = row.count("severity");
  if (severity && (*severity < 1 || *severity > 4)) row.complain("severity", "a whole number from 1 to 4");
  entry.severity = static_cast<int>(severity.value_or(4));
  entry.sensitive = row.truth("sensitive");
}

void read(RowReader& row, const Known&, OwnChannel& entry) {
  read_names(row, entry);
  entry.is_public = row.truth("public");
}

void read(RowReader& row, const Known&, OwnDepartment& entry) {
  read_names(row, entry);
  entry.kind = row.word("kind", {"department", "bureau", "platform", "partner", "role"});
}

void read_steps(RowReader& row, const Known& known, WorkflowSpec& entry, Findings& findings) {
  for (const ConfigTable& table : row.tables("step")) {
    RowReader inner(table, findings);
    WorkflowStep step;
    step.id = inner.id("id");
    step.name_zh = inner.text("name_zh");
    step.name_en = inner.text("name_en");
    step.stage = inner.text_or_none("stage");
    step.level = read_level(inner, known);
    const bool twice = std::any_of(entry.steps.begin(), entry.steps.end(),
                                   [&](const WorkflowStep& other) { return other.id == step.id; });
    if (twice) inner.complain("id", "an id that no other step of this workflow has");
    if (inner.finish()) entry.steps.push_back(std::move(step));
  }
}

void read(RowReader& row, const Known& known, SiteSpec& entry) {
  read_names(row, entry);
  entry.kind = row.word("kind", {"station", "centre", "command", "position", "space", "estate", "base", "demo"});
  entry.level = read_level(row, known);
  entry.count = row.count("count");
  entry.at_least = row.truth("at_least");
  entry.assumed = row.truth("assumed");
  const auto parts = row.numbers("parts");
  if (!entry.count && !parts.empty()) row.complain("count", "the sum of parts");
  if (entry.count) check_sum(row, "count", *entry.count, parts);
  for (const double part : parts) entry.parts.push_back(static_cast<std::uint32_t>(std::min(part, 1e9)));
  entry.tiers = row.texts("tiers");
  entry.checklist = row.texts("checklist");
  entry.states = row.texts("states");
  entry.counts_only = row.truth("counts_only");
}

void read(RowReader& row, const Known& known, BoardSpec& entry) {
  read_names(row, entry);
  entry.kind = row.word("kind", {"ranking", "red_black", "cards", "points", "tasks", "projects", "lists", "metrics",
                                 "matrix", "scenes", "radar", "sources", "coverage"});
  entry.of = row.word("of", {"division", "organisation", "department", "task", "project", "scene", "source"});
  entry.level = read_level(row, known);
  if (entry.of == "division" && entry.level.empty()) row.complain("level", "the name_zh of the ranked [[level]]");
  entry.entries = row.count("entries");
  entry.at_least = row.truth("at_least");
  entry.columns = row.names("columns");
  entry.periods = row.texts("periods");
  constexpr std::string_view kPeriods[] = {"week", "month", "quarter", "half-year", "year"};
  for (const std::string& period : entry.periods) {
    if (std::find(std::begin(kPeriods), std::end(kPeriods), period) != std::end(kPeriods)) continue;
    row.complain("periods",
                 fmt::format("words (\"{}\" is none), each one of week, month, quarter, half-year, year", period));
  }
}

void read(RowReader& row, const Known&, MaterialSpec& entry) {
  read_names(row, entry);
  entry.as_of = row.date_or_none("as_of");
}

void read(RowReader& row, const Known& known, FigureSpec& entry) {
  read_names(row, entry);
  entry.number = row.number("number");
  entry.unit = row.text("unit");
  entry.kind = row.word("kind", {"count", "rate", "target", "norm"});
  entry.scope = row.text("scope");
  entry.as_of = row.date_or_none("as_of");
  entry.source = read_link(row, "source", "material", known.tables.materials);
  entry.level = read_level(row, known);
  entry.conflicts_with = row.text_or_none("conflicts_with");
  entry.parts = row.numbers("parts");
  entry.at_least = row.truth("at_least");
  entry.assumed = row.truth("assumed");
  if (entry.number) check_sum(row, "number", *entry.number, entry.parts);
  if (entry.number && entry.source.empty() && !entry.assumed) {
    row.complain("source", "the id of a [[material]], or assumed = true");
  }
  const LevelSpec* level = entry.level.empty() ? nullptr : find_level(known, entry.level);
  if (level != nullptr && entry.number && *entry.number != level->count && entry.conflicts_with.empty()) {
    row.complain("number", fmt::format("{}, the count of level {}, or conflicts_with", level->count, entry.level));
  }
}

void read(RowReader& row, const Known& known, LayerSpec& entry) {
  read_names(row, entry);
  entry.kind = row.word("kind", {"points", "areas", "lines", "arcs", "choropleth", "density", "heat", "buffers"});
  entry.site = read_link(row, "site", "site", known.tables.sites);
  entry.overlay = read_link(row, "overlay", "overlay", known.overlays);
  entry.level = read_level(row, known);
  entry.figure = read_link(row, "figure", "figure", known.tables.figures);
  entry.count = row.count("count");
  if (entry.kind == "choropleth" && entry.level.empty()) row.complain("level", "the name_zh of the coloured [[level]]");
  const SiteSpec* site = entry.site.empty() ? nullptr : find_row(known.tables.sites, entry.site);
  if (site != nullptr && site->counts_only && (entry.kind == "points" || entry.kind == "buffers")) {
    row.complain("kind", "density or choropleth: its sites are homes (counts_only) and never points");
  }
}

void read(RowReader& row, const Known& known, ViewSpec& entry) {
  read_names(row, entry);
  entry.is_default = row.truth("default");
  entry.level = read_level(row, known);
  entry.layers = read_links(row, "layers", "layer", known.tables.layers);
  entry.boards = read_links(row, "boards", "board", known.tables.boards);
  entry.figures = read_links(row, "figures", "figure", known.tables.figures);
  entry.workflows = read_links(row, "workflows", "workflow", known.tables.workflows);
}

void read(RowReader& row, const Known&, WordSpec& entry) {
  entry.key = row.text("key");
  entry.zh = row.text("zh");
  entry.en = row.text("en");
}

// The rows of [[name]]; `more` reads what needs the findings itself.
template <typename Row, typename More>
void read_rows(const ConfigTable& file, std::string_view name, const Known& known, std::vector<Row>& rows,
               Findings& findings, const More& more) {
  if (!file.has(name)) return;
  const auto tables = file.tables(name);
  if (!tables.ok()) return findings.push_back(tables.error());
  for (const ConfigTable& table : *tables) {
    RowReader row(table, findings);
    Row entry;
    if constexpr (std::is_same_v<Row, WorkflowSpec>) {
      read_names(row, entry);
      more(row, entry);
    } else {
      read(row, known, entry);
    }
    if (!id_of(entry).empty() && find_row(rows, id_of(entry)) != nullptr) {
      const std::string_view key = std::is_same_v<Row, OwnClass>   ? "code"
                                   : std::is_same_v<Row, WordSpec> ? "key"
                                                                   : "id";
      row.complain(key, fmt::format("one that no other [[{}]] has", name));
    }
    row.finish();
    rows.push_back(std::move(entry));  // a broken one too: rows that name it are right
  }
}

template <typename Row>
void read_rows(const ConfigTable& file, std::string_view name, const Known& known, std::vector<Row>& rows,
               Findings& findings) {
  read_rows(file, name, known, rows, findings, [](RowReader&, Row&) {});
}

// [classes], [channels], [departments]: what is taken from the common files.
void read_choices(const ConfigTable& file, ProfileTables& tables, Findings& findings) {
  const auto open = [&](std::string_view name, const auto& use) {
    if (!file.has(name)) return;
    const auto table = file.table(name);
    if (!table.ok()) return findings.push_back(table.error());
    RowReader row(*table, findings);
    use(row);
    row.finish();
  };
  open("classes", [&](RowReader& row) { tables.edition = row.id("edition"); });
  open("channels", [&](RowReader& row) { tables.common_channels = row.texts("use"); });
  open("departments", [&](RowReader& row) { tables.common_departments = row.texts("use"); });
}

// What can be said only when all rows of a table are there.
void check_whole(const ConfigTable& file, const ProfileTables& tables, Findings& findings) {
  const auto rows_of = [&](std::string_view name) {
    auto rows = file.has(name) ? file.tables(name) : base::Result<std::vector<ConfigTable>>(std::vector<ConfigTable>{});
    return rows.ok() ? std::move(*rows) : std::vector<ConfigTable>{};
  };
  const auto figures = rows_of("figure");
  for (std::size_t i = 0; i < tables.figures.size() && i < figures.size(); ++i) {
    const std::string& other = tables.figures[i].conflicts_with;
    if (other.empty()) continue;
    if (other == tables.figures[i].id || find_row(tables.figures, other) == nullptr) {
      findings.push_back(figures[i].error_at(
          "conflicts_with", fmt::format("the id of another [[figure]], one of {}", ids_of(tables.figures))));
    }
  }
  const auto views = rows_of("view");
  std::size_t defaults = 0;
  for (std::size_t i = 0; i < tables.views.size() && i < views.size(); ++i) {
    if (tables.views[i].is_default && ++defaults > 1) {
      findings.push_back(views[i].error_at("default", "true in one [[view]] only"));
    }
  }
  if (!views.empty() && defaults == 0) findings.push_back(views[0].error_at("default", "true in one [[view]]"));
}

}  // namespace

ProfileTables read_profile_tables(const ConfigTable& file, const std::vector<LevelSpec>& levels,
                                  const std::vector<OverlaySpec>& overlays, Findings& findings) {
  ProfileTables tables;
  const Known known{levels, overlays, tables};
  read_choices(file, tables, findings);
  read_rows(file, "class", known, tables.classes, findings);
  read_rows(file, "channel", known, tables.channels, findings);
  read_rows(file, "department", known, tables.departments, findings);
  read_rows(file, "workflow", known, tables.workflows, findings, [&](RowReader& row, WorkflowSpec& entry) {
    entry.kind =
        row.word("kind", {"cases", "orders", "whistle", "escalation", "chain", "meeting", "list", "supervision"});
    const std::size_t before = findings.size();
    read_steps(row, known, entry, findings);
    if (findings.size() == before && entry.steps.size() < 2) row.complain("step", "two steps or more");
  });
  read_rows(file, "site", known, tables.sites, findings);
  read_rows(file, "board", known, tables.boards, findings);
  read_rows(file, "material", known, tables.materials, findings);
  read_rows(file, "figure", known, tables.figures, findings);
  read_rows(file, "layer", known, tables.layers, findings);
  read_rows(file, "view", known, tables.views, findings);
  read_rows(file, "word", known, tables.words, findings);
  check_whole(file, tables, findings);
  return tables;
}

}  // namespace gridwall::model
