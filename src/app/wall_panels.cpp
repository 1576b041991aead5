#include "app/wall_panels.hpp"

#include "ui/health_panel.hpp"
#include "ui/imgui_host.hpp"
#include "ui/wall_ui.hpp"

namespace gridwall::app {

struct WallPanels::Parts {
  Stage& stage;
  const WallData& data;
  std::string data_source;
  std::unique_ptr<ui::ImguiHost> host;
  ui::WallUi ui;
  ui::PanelBoxes boxes;
  ui::FontTexts texts;
  double body_px = 16;
  std::vector<model::ReplayStatus::Mark> bookmarks;  // whose names the fonts have

  void place(const wall::Layout& layout) {
    boxes = {layout.header, layout.figures, layout.incidents, layout.detail,
             layout.legend, layout.footer,  layout.timeline,  {},
             layout.tabs,   {},             layout.boards};
    body_px = layout.body_px;
    boxes.health = ui::health_box(layout.map, body_px, layout.gap_px);
  }

  // People name bookmarks; the fonts hold only what was asked for.
  base::Status learn_names(const model::HubView* hub) {
    if (hub == nullptr || !hub->replay || hub->replay->bookmarks == bookmarks) return {};
    bookmarks = hub->replay->bookmarks;
    for (const auto& mark : bookmarks) texts.body += mark.name;
    return host->set_fonts(body_px, texts);
  }
};

WallPanels::WallPanels(std::unique_ptr<Parts> parts) : m_parts(std::move(parts)) {}
WallPanels::~WallPanels() = default;

base::Result<std::unique_ptr<WallPanels>> WallPanels::create(Stage& stage, const WallData& data,
                                                             const wall::Layout& layout, std::string data_source) {
  auto parts = std::make_unique<Parts>(Parts{stage, data, std::move(data_source), nullptr, {}, {}, {}, 16, {}});
  parts->place(layout);
  parts->texts = ui::font_texts(data.words, data.profile, *data.names, *data.tree, parts->data_source);
  for (const model::Department& one : data.departments.all) parts->texts.body += one.name_zh + one.name_en;
  ui::HostOptions options;
  options.backend = stage.headless() ? ui::Backend::Headless : ui::Backend::Window;
  options.window = stage.native_window();
  TRY_ASSIGN(options.font, ui::find_chinese_font());
  options.body_px = layout.body_px;
  options.texts = parts->texts;
  TRY_ASSIGN(parts->host, ui::ImguiHost::create(options));
  return std::unique_ptr<WallPanels>(new WallPanels(std::move(parts)));
}

base::Status WallPanels::resize(const wall::Layout& layout) {
  m_parts->place(layout);
  return m_parts->host->set_fonts(layout.body_px, m_parts->texts);
}

base::Result<std::vector<model::Command>> WallPanels::draw(const PanelContext& context, base::UtcTime now_utc,
                                                           base::MonoTime now_mono, base::Duration delta) {
  const model::HubView* hub = context.sight.hub.get();
  TRY(m_parts->learn_names(hub));
  ui::CommandSink commands;
  const ui::Inputs inputs{*context.live.snapshot, context.live.status,  m_parts->data.profile,
                          *m_parts->data.names,   m_parts->data.words,  context.legend,
                          now_utc,                context.px_per_m,     context.hovered,
                          context.selected,       context.selected_incident,
                          m_parts->data_source,   GRIDWALL_VERSION,     hub,
                          context.sight.health,
                          hub != nullptr ? now_mono - hub->answered_at : base::Duration{},
                          context.health_shown,
                          &m_parts->data.departments,
                          &m_parts->data.rules->stages,
                          context.view_index,
                          context.layers};
  m_parts->boxes.layers = context.layers_px;
  m_parts->host->begin_frame(m_parts->stage.size_px(), delta);
  m_parts->ui.draw(m_parts->boxes, m_parts->host->fonts(), inputs, commands);
  m_parts->host->end_frame();
  return commands.take();
}

bool WallPanels::wants_mouse() const { return m_parts->host->wants_mouse(); }
bool WallPanels::wants_keys() const { return m_parts->host->wants_keys(); }

}  // namespace gridwall::app
