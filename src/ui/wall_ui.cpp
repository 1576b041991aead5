#include "ui/wall_ui.hpp"

namespace gridwall::ui {

namespace {

// Names, columns and words of a profile's own tables.
void add_texts(const model::ProfileTables& tables, std::string& texts) {
  const auto add_row = [&](const auto& row) { texts += row.name_zh + row.name_en; };
  const auto add_all = [&](const std::vector<std::string>& list) {
    for (const std::string& text : list) texts += text;
  };
  for (const auto& row : tables.classes) add_row(row);
  for (const auto& row : tables.channels) add_row(row);
  for (const auto& row : tables.departments) add_row(row);
  for (const auto& row : tables.workflows) {
    add_row(row);
    for (const auto& step : row.steps) add_row(step);
  }
  for (const auto& row : tables.sites) {
    add_row(row);
    add_all(row.tiers);
    add_all(row.checklist);
    add_all(row.states);
  }
  for (const auto& row : tables.boards) {
    add_row(row);
    for (const model::NamePair& column : row.columns) texts += column.zh + column.en;
  }
  for (const auto& row : tables.figures) {
    add_row(row);
    texts += row.scope + row.unit;
  }
  for (const auto& row : tables.layers) add_row(row);
  for (const auto& row : tables.views) add_row(row);
}

}  // namespace

// Not in the header: inlined into a panel, g++ 12 warns of members that the variant does not hold.
void CommandSink::emit(model::Command command) { m_commands.push_back(std::move(command)); }

void WallUi::draw(const PanelBoxes& boxes, const FontSet& fonts, const Inputs& inputs, CommandSink& commands,
                  std::vector<TextRun>* record) {
  m_header.draw(boxes.header, fonts, inputs, commands, record);
  m_figures.draw(boxes.figures, fonts, inputs, commands, record);
  m_incidents.draw(boxes.incidents, fonts, inputs, commands, record);
  m_detail.draw(boxes.detail, fonts, inputs, commands, record);
  m_legend.draw(boxes.legend, fonts, inputs, commands, record);
  m_footer.draw(boxes.footer, fonts, inputs, commands, record);
  if (inputs.feed.clock_mode == model::ClockMode::Replay) {
    m_timeline.draw(boxes.timeline, fonts, inputs, commands, record);
  }
  if (boxes.tabs.width() > 0) m_views.draw(boxes.tabs, fonts, inputs, commands, record);
  if (boxes.layers.width() > 0) m_layers.draw(boxes.layers, fonts, inputs, commands, record);
  if (boxes.boards.width() > 0) m_boards.draw(boxes.boards, fonts, inputs, commands, record);
  if (inputs.health_shown) m_health.draw(boxes.health, fonts, inputs, commands, record);
}

FontTexts font_texts(const model::Words& words, const model::Profile& profile, const model::Vocabulary& vocabulary,
                     const model::DivisionTree& tree, std::string_view more) {
  FontTexts texts;
  texts.title = profile.system_zh + profile.system_en + profile.name_zh + profile.name_en;
  texts.body = texts.title;
  texts.body += more;
  for (const std::string& key : words.keys()) texts.body += words.get(key);
  for (const model::BigClass& big : vocabulary.big_classes) texts.body += big.name_zh + big.name_en;
  for (const model::IncidentClass& one : vocabulary.classes) texts.body += one.name_zh + one.name_en;
  for (const model::Channel& channel : vocabulary.channels) texts.body += channel.name_zh + channel.name_en;
  add_texts(profile.tables, texts.body);
  for (const model::DivisionLevel& level : tree.levels()) texts.body += level.name_zh + level.name_en;
  for (const model::Division& division : tree.divisions()) texts.body += division.name;
  return texts;
}

}  // namespace gridwall::ui
