#include "sim/own_ways.hpp"

#include <algorithm>

namespace gridwall::sim {

namespace {

// The place of the one whose word it is.
template <typename Rows, typename WordOf>
base::Result<std::size_t> place_of(const Rows& rows, const std::string& word, const char* what, WordOf word_of) {
  const auto found = std::find_if(rows.begin(), rows.end(), [&](const auto& row) { return word_of(row) == word; });
  if (found != rows.end()) return static_cast<std::size_t>(found - rows.begin());
  return base::Error{base::ErrorCode::Malformed,
                     fmt::format("[simulation] way: \"{}\" is no {} of this district", word, what)};
}

}  // namespace

base::Result<OwnWays> OwnWays::create(const std::vector<model::SimulatedWay>& ways,
                                      const std::vector<model::LevelSpec>& levels, const model::Vocabulary& vocabulary,
                                      const model::Departments& departments) {
  OwnWays own;
  const auto id = [](const auto& row) -> const std::string& { return row.id; };
  for (const model::SimulatedWay& way : ways) {
    OwnWay found;
    found.share = way.share;
    if (!way.channel.empty()) {
      TRY_ASSIGN(const std::size_t place, place_of(vocabulary.channels, way.channel, "channel", id));
      found.channel_index = static_cast<std::uint32_t>(place);
    }
    for (const std::string& code : way.classes) {
      TRY_ASSIGN(const std::size_t place,
                 place_of(vocabulary.classes, code, "class", [](const model::IncidentClass& row) { return row.code; }));
      found.classes.push_back(static_cast<std::uint32_t>(place));
    }
    for (const std::string& department : way.departments) {
      TRY_ASSIGN(const std::size_t place, place_of(departments.all, department, "department", id));
      found.departments.push_back(static_cast<std::uint16_t>(place));
    }
    if (!way.level.empty()) {
      TRY_ASSIGN(found.level_index,
                 place_of(levels, way.level, "level", [](const model::LevelSpec& level) { return level.name_zh; }));
    }
    own.m_ways.push_back(std::move(found));
  }
  return own;
}

const OwnWay* OwnWays::draw(base::Random& random) const {
  double at = random.next_unit();
  for (const OwnWay& way : m_ways) {
    if ((at -= way.share) < 0) return &way;
  }
  return nullptr;
}

}  // namespace gridwall::sim
