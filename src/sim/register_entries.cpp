#include "sim/register_entries.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "base/hash.hpp"

namespace gridwall::sim {

namespace {

using model::BoardSpec;
using model::RegisterKind;
using model::SiteSpec;
using model::WorkflowSpec;

constexpr std::uint32_t kAssumedCount = 24;  // where a table gives no number
constexpr std::uint32_t kSlots = 10;         // orders, whistles and lists that run side by side
constexpr std::uint32_t kItems = 100;        // of each department's own indicators
constexpr double kSpreadM = 60;

class EntryMaker {
 public:
  explicit EntryMaker(const RegisterPlanInput& input) : m_input(input), m_places(input.tree, input.seed) {}

  std::vector<PlannedEntry> make() {
    for (const SiteSpec& site : m_input.tables.sites) site.counts_only ? add_counts(site) : add_sites(site);
    for (const BoardSpec& board : m_input.tables.boards) add_board(board);
    for (const model::FigureSpec& figure : m_input.tables.figures) add_figure(figure);
    for (const model::LayerSpec& layer : m_input.tables.layers) add_fill(layer);
    for (const WorkflowSpec& workflow : m_input.tables.workflows) add_workflow(workflow);
    return std::move(m_entries);
  }

 private:
  PlannedEntry& add(RegisterKind kind, const std::string& table, std::string_view origin, const std::string& nature,
                    model::DivisionIndex division) {
    PlannedEntry entry;
    entry.kind = kind;
    entry.table = table;
    entry.nature = nature;
    entry.division = division;
    const std::string stem = fmt::format("{}-{}", origin, table);
    entry.key = fmt::format("{}-{}", stem, ++m_count_by_stem[stem]);
    entry.seed = base::hash_bytes(entry.key, m_input.seed);
    m_entries.push_back(std::move(entry));
    return m_entries.back();
  }

  [[nodiscard]] std::size_t level_of(const std::string& level_name) const {
    const auto& levels = m_input.tree->levels();
    std::size_t level = std::min<std::size_t>(1, levels.size() - 1);
    for (std::size_t i = 0; i < levels.size(); ++i) {
      if (levels[i].name_zh == level_name) level = i;
    }
    return level;
  }
  [[nodiscard]] model::Range level_range(const std::string& level_name) const {
    return m_input.tree->levels()[level_of(level_name)].divisions;
  }
  // The divisions of the level that the table names, or of the level above it that has few enough.
  [[nodiscard]] model::Range divisions(const std::string& level_name, std::size_t each) const {
    const auto& levels = m_input.tree->levels();
    std::size_t level = level_of(level_name);
    while (level > 0 && levels[level].divisions.size() * each > RegisterPlan::kTableEntriesMax) --level;
    return levels[level].divisions;
  }
  [[nodiscard]] model::DivisionIndex nth(model::Range range, std::uint64_t i, std::uint64_t count) const {
    const std::uint64_t place = count <= range.size() ? i * range.size() / std::max<std::uint64_t>(count, 1) : i;
    return model::DivisionIndex{range.begin + static_cast<std::uint32_t>(place % range.size())};
  }

  void add_sites(const SiteSpec& site) {
    const std::uint32_t count = site.count.value_or(kAssumedCount);
    const model::Range range = divisions(site.level, 1);
    for (std::uint32_t i = 0; i < count && i < RegisterPlan::kTableEntriesMax; ++i) {
      // Parts are one of each level from the root: 1 + 16 + 114 command sites.
      const model::DivisionIndex where =
          site.parts.size() > 1 && site.kind == "command" ? of_part(site, i) : nth(range, i, count);
      PlannedEntry& entry = add(RegisterKind::Site, site.id, "site", site.kind, where);
      base::Random random(entry.seed);
      place_inside(entry, random);
      if (!site.tiers.empty()) entry.tier = fmt::format("t{}", 1 + random.next_below(site.tiers.size()));
      for (std::size_t k = 0; k < site.checklist.size(); ++k) entry.checklist.push_back(fmt::format("k{}", k + 1));
      entry.state_count = static_cast<std::uint32_t>(site.states.size());
      entry.cadence = Cadence::Cycle;
      entry.cycle_days = 5 + static_cast<std::int32_t>(random.next_below(20));
    }
  }

  [[nodiscard]] model::DivisionIndex of_part(const SiteSpec& site, std::uint32_t i) const {
    const auto& levels = m_input.tree->levels();
    for (std::size_t level = 0; level < site.parts.size() && level < levels.size(); ++level) {
      if (i < site.parts[level]) return nth(levels[level].divisions, i, site.parts[level]);
      i -= site.parts[level];
    }
    return nth(levels.back().divisions, i, levels.back().divisions.size());
  }

  // Inside a leaf of its division, so that the hub puts it where the plan does.
  void place_inside(PlannedEntry& entry, base::Random& random) const {
    model::DivisionIndex leaf = entry.division;
    while (m_input.tree->at(leaf).children.size() > 0) {
      const model::Range children = m_input.tree->at(leaf).children;
      leaf = model::DivisionIndex{children.begin + static_cast<std::uint32_t>(random.next_below(children.size()))};
    }
    const Place place = m_places.near({leaf, m_input.tree->at(leaf).anchor_world}, kSpreadM, random);
    if (m_input.to_lonlat) entry.point_lonlat = m_input.to_lonlat(place.point_world);
    if (entry.point_lonlat) entry.division = leaf;
  }

  // Homes: how many in each division, never where. The counts add up to the table's.
  void add_counts(const SiteSpec& site) {
    const model::Range range = divisions(site.level, 1);
    const std::uint64_t count = site.count.value_or(range.size()), size = range.size();
    for (std::uint64_t i = 0; i < size; ++i) {
      PlannedEntry& entry = add(RegisterKind::Metric, site.id, "count", "count",
                                model::DivisionIndex{range.begin + static_cast<std::uint32_t>(i)});
      entry.fixed = static_cast<std::int64_t>(((i + 1) * count / size - i * count / size) * 1000);
    }
  }

  void add_board(const BoardSpec& board) {
    const bool handled = board.of == "task" || board.of == "project" || board.kind == "tasks";
    if (board.kind == "sources") return add_sources(board);
    if (board.of == "department" && board.kind == "lists") return add_pairs(board);
    if (handled && !has_workflow(board.id)) return add_tasks(board);
    if (handled) return;
    const std::size_t columns = std::max<std::size_t>(board.columns.size(), 1);
    if (board.of == "division") {
      const model::Range range = divisions(board.level, columns);
      const std::size_t count = std::min<std::size_t>(board.entries.value_or(range.size()), range.size());
      for (std::size_t i = 0; i < count; ++i) add_row(board, nth(range, i, count), "");
      return;
    }
    const std::uint32_t count = std::min<std::uint32_t>(board.entries.value_or(kAssumedCount), 500);
    for (std::uint32_t i = 0; i < count; ++i) {
      const bool of_department = board.of == "department";
      const std::string entity = of_department ? department(i) : fmt::format("{}-{:04}", short_word(board.of), i + 1);
      add_row(board, m_input.tree->root(), entity);
    }
  }

  static std::string short_word(const std::string& of) { return of == "organisation" ? "org" : of; }

  void add_row(const BoardSpec& board, model::DivisionIndex division, const std::string& entity) {
    const bool items = board.kind == "metrics" && board.of == "department" && board.entries.value_or(0) > 10;
    const bool is_state = board.kind == "red_black" || board.kind == "cards";
    const std::size_t columns = items ? kItems : is_state ? 1 : std::max<std::size_t>(board.columns.size(), 1);
    for (std::size_t i = 0; i < columns; ++i) {
      PlannedEntry& entry = add(RegisterKind::Metric, board.id, "board", board.kind, division);
      entry.entity = entity;
      if (items) {
        entry.column = fmt::format("i{}", i + 1);
      } else if (!is_state && !board.columns.empty()) {
        entry.column = fmt::format("c{}", i + 1);
      }
      entry.cadence = cadence_of(board);
      entry.base_value = 40 + 48 * base::Random(entry.seed).next_unit();
      if (board.kind == "coverage") entry.of_milli = 18'000;
      if (board.kind == "coverage") entry.base_value = 11 + 8 * base::Random(entry.seed).next_unit();
    }
  }

  static Cadence cadence_of(const BoardSpec& board) {
    if (board.periods.empty()) return Cadence::Month;
    const std::string& finest = board.periods.front();
    if (finest == "week") return Cadence::Week;
    if (finest == "half-year") return Cadence::HalfYear;
    return finest == "year" ? Cadence::Year : Cadence::Month;
  }

  void add_sources(const BoardSpec& board) {
    for (std::uint32_t i = 0; i < board.entries.value_or(kAssumedCount); ++i) {
      PlannedEntry& entry = add(RegisterKind::Metric, board.id, "board", board.kind, m_input.tree->root());
      entry.entity = fmt::format("source-{:03}", i + 1);
      entry.cadence = Cadence::Hour;
    }
  }

  // A department and the community that it looks after: one pair for each of the table's departments.
  void add_pairs(const BoardSpec& board) {
    const model::Range range = divisions("村社区", std::max<std::size_t>(board.columns.size(), 1));
    const std::uint32_t count = board.entries.value_or(kAssumedCount);
    for (std::uint32_t i = 0; i < count; ++i) add_row(board, nth(range, i, count), department(i));
  }

  [[nodiscard]] std::string department(std::uint32_t i) const {
    const auto& all = m_input.departments.all;
    return i < all.size() ? all[i].id : fmt::format("dept-{:03}", i + 1);
  }

  [[nodiscard]] bool has_workflow(const std::string& id) const {
    return std::any_of(m_input.tables.workflows.begin(), m_input.tables.workflows.end(),
                       [&](const WorkflowSpec& one) { return one.id == id; });
  }

  // Tasks and projects take months.
  void add_tasks(const BoardSpec& board) {
    const std::uint32_t count = std::min<std::uint32_t>(board.entries.value_or(kAssumedCount), 500);
    const model::Range range = divisions("", 1);
    for (std::uint32_t i = 0; i < count; ++i) {
      PlannedEntry& entry = add(RegisterKind::Task, board.id, "board", board.kind, nth(range, i, count));
      entry.entity = fmt::format("{}-{:03}", board.of, i + 1);
      entry.steps = {"planned", "started", "checked", "done"};
      set_course(entry, 90 + static_cast<std::int32_t>(base::Random(entry.seed).next_below(180)), 24 * 60);
    }
  }

  // A figure that is shown and not stated: the district's own number of the month.
  void add_figure(const model::FigureSpec& figure) {
    const auto same = [&](const BoardSpec& board) { return board.id == figure.id; };
    const auto& boards = m_input.tables.boards;
    if (figure.number || std::any_of(boards.begin(), boards.end(), same)) return;
    PlannedEntry& entry = add(RegisterKind::Metric, figure.id, "figure", figure.kind, m_input.tree->root());
    const bool is_rate = figure.kind == "rate" || figure.unit == "%";
    entry.base_value =
        is_rate ? 85 + 10 * base::Random(entry.seed).next_unit() : 50 + 450 * base::Random(entry.seed).next_unit();
    if (is_rate) entry.of_milli = 100'000;
  }

  // What a choropleth colours: a number of each division of its level, in the table of its figure, or of the layer
  // where it has none. A board of the figure tells them already; layers of one figure and level share theirs.
  void add_fill(const model::LayerSpec& layer) {
    if (layer.kind != "choropleth") return;
    const std::string& table = layer.figure.empty() ? layer.id : layer.figure;
    const model::Range range = divisions(layer.level, 1), asked = level_range(layer.level);
    const auto tells = [&](const BoardSpec& board) { return board.id == table && board.of == "division"; };
    if (std::ranges::any_of(m_input.tables.boards, tells) || !m_filled.insert({table, range.begin}).second) return;
    const auto figure = std::ranges::find(m_input.tables.figures, layer.figure, &model::FigureSpec::id);
    const bool has_figure = figure != m_input.tables.figures.end();
    for (std::uint32_t i = range.begin; i < range.end; ++i) {
      PlannedEntry& entry = add(RegisterKind::Metric, table, "layer", "count", model::DivisionIndex{i});
      base::Random random(entry.seed);
      if (has_figure && figure->unit == "%") {
        entry.nature = "rate";
        entry.base_value = 82 + 22 * random.next_unit();
        entry.of_milli = 100'000;
      } else if (has_figure && figure->number) {
        // Of a norm for each division of a finer level, as many as lie within; so many to 10,000 residents stay so.
        const std::int64_t within = figure->unit.starts_with("per ") ? 1 : count_within(model::DivisionIndex{i}, asked);
        const std::int64_t of = static_cast<std::int64_t>(*figure->number) * within;
        entry.of_milli = of * 1000;
        entry.fixed = static_cast<std::int64_t>(static_cast<double>(of) * random.next_between(0.76, 1.08)) * 1000;
        entry.fixed = std::min(*entry.fixed, *entry.of_milli);
      } else {
        entry.fixed = static_cast<std::int64_t>(random.next_below(40)) * 1000;
      }
    }
  }
  // How many divisions of `range` lie within `division`, which is of its level or of one above it.
  [[nodiscard]] std::int64_t count_within(model::DivisionIndex division, model::Range range) const {
    const model::Range children = m_input.tree->at(division).children;
    if (division.value >= range.begin && division.value < range.end) return 1;
    std::int64_t count = 0;
    for (std::uint32_t i = children.begin; i < children.end; ++i) count += count_within(model::DivisionIndex{i}, range);
    return count;
  }

  // What cases go through is told by the cases themselves.
  void add_workflow(const WorkflowSpec& workflow) {
    if (workflow.kind == "cases" || workflow.kind == "escalation" || workflow.steps.empty()) return;
    const bool fast = workflow.kind == "orders" || workflow.kind == "whistle";
    const model::Range range = divisions("村社区", 1);
    for (std::uint32_t i = 0; i < kSlots; ++i) {
      base::Random random(base::hash_bytes(workflow.id, m_input.seed + i));
      PlannedEntry& entry = add(RegisterKind::Task, workflow.id, "flow", workflow.kind,
                                nth(range, random.next_below(range.size()), range.size()));
      for (const model::WorkflowStep& step : workflow.steps) entry.steps.push_back(step.id);
      const auto days = static_cast<std::int32_t>(random.next_below(40));
      fast ? set_course(entry, 1 + days % 3, 0) : set_course(entry, 20 + days, 24 * 60);
      if (fast) entry.department = department(i);
    }
  }

  // Of a course within a day the last step is reached before midnight: it begins in the morning.
  static void set_course(PlannedEntry& entry, std::int32_t days, std::int32_t minutes_a_day) {
    entry.cadence = Cadence::Cycle;
    entry.cycle_days = days;
    entry.cycle_minutes = minutes_a_day > 0 ? (days - 2) * minutes_a_day
                                            : 60 + static_cast<std::int32_t>(base::Random(entry.seed).next_below(300));
  }

  const RegisterPlanInput& m_input;
  PlacePicker m_places;
  std::vector<PlannedEntry> m_entries;
  std::unordered_map<std::string, std::uint32_t> m_count_by_stem;
  std::set<std::pair<std::string, std::uint32_t>> m_filled;  // table and first division of what add_fill has told
};

}  // namespace

std::vector<PlannedEntry> planned_entries(const RegisterPlanInput& input) {
  return EntryMaker(input).make();
}

}  // namespace gridwall::sim
