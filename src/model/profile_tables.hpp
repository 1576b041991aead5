// ProfileTables: what a profile says of its system beside hierarchy and rules: classes, channels, workflows,
// departments, sites, boards, figures, layers, views and words. Data only: nothing here knows how it is drawn, and no
// table of a profile judges a case. What each key means for its writer: config/profiles/README.md. Invariant: ids are
// unique within a table, and what names another row of the same profile names one that is there. Test:
// tests/unit/model/profile_tables_test.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "model/name_pair.hpp"

namespace gridwall::model {

class ConfigTable;
struct LevelSpec;
struct OverlaySpec;

// What every row has: its id (a word of [a-z0-9_-]), its names, and what a reader ought to know.
struct NamedRow {
  std::string id;
  std::string name_zh, name_en;
  std::string note;
};

// [[class]]: a kind of event that the edition does not have.
struct OwnClass {
  std::string code, name_zh, name_en;
  std::string like;  // a class of the edition with the same handling; empty: none
  int severity = 4;  // as config/classes has it
  bool sensitive = false;
};

// [[channel]]: where reports come from beside config/channels.toml.
struct OwnChannel : NamedRow {
  bool is_public = false;
};

// [[department]]: who acts: "department", "bureau", "platform" (one of a centre's handling desks), "partner" (another
// system that cases go to), "role" (a force in the grid: never a person).
struct OwnDepartment : NamedRow {
  std::string kind;
};

// [[workflow]]: steps of something that is handled: "cases", "orders", "whistle", "escalation", "chain" of offices,
// "meeting", "list" (demand to done), "supervision".
struct WorkflowStep {
  std::string id, name_zh, name_en;
  std::string stage;  // of config/stages/<rules.stages>.toml; empty: the step is none of a case
  std::string level{};  // of an escalation: name_zh of the level that acts; empty: the level of the step's own name
};
struct WorkflowSpec : NamedRow {
  std::string kind;
  std::vector<WorkflowStep> steps;  // the first is where it begins
};

// [[site]]: places of one kind.
struct SiteSpec : NamedRow {
  std::string kind;   // "station", "centre", "command", "position", "space", "estate", "base", "demo"
  std::string level;  // name_zh of the level that they belong to; empty: none in particular
  std::optional<std::uint32_t> count;
  bool at_least = false;             // "more than count" in the source
  bool assumed = false;              // the source gives no number
  std::vector<std::uint32_t> parts;  // add up to count
  std::vector<std::string> tiers, checklist, states;
  bool counts_only = false;  // they are people's homes: never a point
};

// [[board]]: a list, table or matrix of a screen. Its entries are organisations or divisions, never people.
struct BoardSpec : NamedRow {
  std::string kind;  // "ranking", "red_black", "cards", "points", "tasks", "projects", "lists", "metrics", "matrix",
                     // "scenes", "radar", "sources", "coverage"
  std::string of;    // whom it is about: "division", "organisation", "department", "task", "project", "scene", "source"
  std::string level;  // of the divisions; empty: not of divisions
  std::optional<std::uint32_t> entries;
  bool at_least = false;
  std::vector<NamePair> columns;     // lists, cards, dimensions, rows of a matrix
  std::vector<std::string> periods;  // "week", "month", "quarter", "half-year", "year"
};

// [[figure]]: one number that the system's own material states. Two that contradict both stand: `conflicts_with`.
struct FigureSpec : NamedRow {
  std::optional<double> number;  // none: the system shows it and its material gives no number
  std::string unit;              // of the number as printed: "%", "grids", "visits"
  std::string kind;              // "count", "rate", "target", "norm"
  std::string scope;             // what was counted
  std::string as_of;             // "2019", "2019-05", "2019-05-31"; empty: the material gives no date
  std::string source;            // id of a [[material]]
  std::string level;             // the level whose divisions are counted: then equal to its count or in conflict
  std::string conflicts_with;    // id of the other figure
  std::vector<double> parts;     // add up to the number
  bool at_least = false;
  bool assumed = false;
};

// [[material]]: the texts that the figures come from.
struct MaterialSpec : NamedRow {
  std::string as_of;
};

// [[layer]]: something that can lie on the map.
struct LayerSpec : NamedRow {
  std::string kind;     // "points", "areas", "lines", "arcs", "choropleth", "density", "heat", "buffers"
  std::string site;     // whose places; empty: of none
  std::string overlay;  // whose polygons
  std::string level;    // whose divisions
  std::string figure;   // whose number it spreads out
  std::optional<std::uint32_t> count;
};

// [[view]]: what is on together when a screen is chosen.
struct ViewSpec : NamedRow {
  bool is_default = false;
  std::string level;  // the finest drawn; empty: as the wall chooses
  std::vector<std::string> layers, boards, figures, workflows;
};

// [[word]]: what this system calls a thing: in the place of the dictionary's text.
struct WordSpec {
  std::string key, zh, en;
};

struct ProfileTables {
  std::string edition = "gbt30428";             // [classes] edition: a file of config/classes
  std::vector<std::string> common_channels;     // [channels] use: of config/channels.toml; empty: all
  std::vector<std::string> common_departments;  // [departments] use: of config/departments.toml; empty: all
  std::vector<OwnClass> classes;
  std::vector<OwnChannel> channels;
  std::vector<OwnDepartment> departments;
  std::vector<WorkflowSpec> workflows;
  std::vector<SiteSpec> sites;
  std::vector<BoardSpec> boards;
  std::vector<MaterialSpec> materials;
  std::vector<FigureSpec> figures;
  std::vector<LayerSpec> layers;
  std::vector<ViewSpec> views;
  std::vector<WordSpec> words;
};

// Reads every table that is there, the broken ones too: each complaint ("file:line: key: expected ...") is put behind
// `findings`. With findings the result is for further checks only. Any thread.
ProfileTables read_profile_tables(const ConfigTable& file, const std::vector<LevelSpec>& levels,
                                  const std::vector<OverlaySpec>& overlays, std::vector<base::Error>& findings);

}  // namespace gridwall::model
