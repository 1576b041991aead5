#include "app/class_guard.hpp"

#include <algorithm>

namespace gridwall::app {

namespace {

using model::Count;
using state::Figures;

bool is_small(std::uint32_t count) {
  return model::shown_alone(count) == model::CellShown::Small;
}

// Of a sensitive class. What is left of the reports when a count is taken off counts too: 38 closed of 40.
RowShown need_of(const Figures& figures) {
  const std::uint32_t reports = figures.of(Count::Report);
  if (is_small(reports)) return RowShown::Nothing;
  const auto tells = [&](std::uint32_t count) {
    return is_small(count) || (count < reports && is_small(reports - count));
  };
  const bool some = std::any_of(figures.counts.begin(), figures.counts.end(), tells) ||
                    is_small(figures.accept.count) || is_small(figures.handle.count);
  return some ? RowShown::ReportsOnly : RowShown::Whole;
}

// What a division has itself: its figures without its children's. Times do not matter here.
ClassRows own_rows(ClassRows whole, std::span<const ClassRows> parts) {
  for (state::KeyedFigures& row : whole) {
    for (const ClassRows& part : parts) {
      const auto found = std::ranges::find(part, row.key, &state::KeyedFigures::key);
      if (found == part.end()) continue;
      for (std::size_t i = 0; i < row.figures.counts.size(); ++i) row.figures.counts[i] -= found->figures.counts[i];
    }
    row.figures.accept = row.figures.handle = {};
  }
  return whole;
}

// One hidden row alone follows from the total: the smallest of the others goes with it. Who knows that it is the
// smallest knows that it is not above the next one; where that is close the next one goes too.
void hide_another(HiddenRows& hidden, const ClassRows& whole, RowShown level) {
  const auto count = std::ranges::count_if(hidden.rows, [&](const auto& row) { return row.second >= level; });
  if (count != 1) return;
  std::vector<const state::KeyedFigures*> others;
  for (const state::KeyedFigures& row : whole) {
    if (hidden.of(row.key) < level && row.figures.of(Count::Report) >= model::kSmallCellBelow) others.push_back(&row);
  }
  const auto reports = [](const state::KeyedFigures* row) { return row->figures.of(Count::Report); };
  std::ranges::stable_sort(others, {}, reports);
  hidden.all = hidden.all || others.empty();
  for (std::size_t i = 0; i < std::min<std::size_t>(2, others.size()); ++i) {
    if (i > 0 && reports(others[i]) >= reports(others[0]) + model::kSmallCellBelow - 2) return;
    hidden.rows[others[i]->key] = level;
  }
}

}  // namespace

RowShown HiddenRows::of(const std::string& class_code) const {
  if (all) return RowShown::Nothing;
  const auto found = rows.find(class_code);
  return found == rows.end() ? RowShown::Whole : found->second;
}

bool HiddenRows::tells_small(const ClassRows& of) const {
  std::int64_t sum = 0;
  for (const state::KeyedFigures& row : of) {
    if (this->of(row.key) == RowShown::Nothing) sum += row.figures.of(Count::Report);
  }
  return sum >= 2 * model::kSmallCellBelow - 1;
}

HiddenRows hide_rows(HiddenRows of_whole, const ClassRows& whole, std::span<const ClassRows> parts,
                     const std::function<bool(const std::string&)>& is_sensitive) {
  HiddenRows hidden = std::move(of_whole);
  for (const ClassRows& part : parts) {
    for (const state::KeyedFigures& row : part) {
      if (!is_sensitive(row.key)) continue;
      const RowShown need = need_of(row.figures);
      if (need > hidden.of(row.key)) hidden.rows[row.key] = need;
    }
  }
  hide_another(hidden, whole, RowShown::Nothing);
  hide_another(hidden, whole, RowShown::ReportsOnly);
  return hidden;
}

bool ClassGuard::is_sensitive(const std::string& class_code) const {
  const model::IncidentClass* found = m_vocabulary.find_class(class_code);
  return found != nullptr && found->sensitive;
}

ClassRows ClassGuard::rows(model::DivisionIndex division, base::Period period) const {
  ClassRows rows = m_world.figures_by(division, period, state::Dimension::Class);
  std::erase_if(rows, [](const state::KeyedFigures& row) { return row.figures == Figures{}; });
  return rows;
}

const HiddenRows& ClassGuard::hidden(model::DivisionIndex division, base::Period period) {
  const bool is_root = division == m_tree.root();
  const model::DivisionIndex above = is_root ? model::DivisionIndex::none() : m_tree.at(division).parent;
  const auto key = std::tuple(above.value, base::period_text(period));
  if (const auto known = m_known.find(key); known != m_known.end()) return known->second;
  const ClassRows whole = rows(is_root ? division : above, period);
  std::vector<ClassRows> parts;
  if (is_root) {
    parts.push_back(whole);
  } else {
    const model::Range children = m_tree.at(above).children;
    for (std::uint32_t i = children.begin; i < children.end; ++i) {
      parts.push_back(rows(model::DivisionIndex{i}, period));
    }
    parts.push_back(own_rows(whole, parts));
  }
  HiddenRows of_whole = is_root ? HiddenRows{} : hidden(above, period);
  HiddenRows made =
      hide_rows(std::move(of_whole), whole, parts, [&](const std::string& code) { return is_sensitive(code); });
  return m_known.emplace(key, std::move(made)).first->second;
}

}  // namespace gridwall::app
