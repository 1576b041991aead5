#include "app/wall_view.hpp"

#include <algorithm>
#include <cmath>

#include "base/log.hpp"
#include "base/overloaded.hpp"
#include "scene/marker_fan.hpp"
#include "ui/layers_panel.hpp"
#include "ui/timeline_panel.hpp"
#include "ui/view_panel.hpp"

namespace gridwall::app {

namespace {

constexpr double kHomePaddingEm = 1.5;
constexpr double kZoomPerWheelStep = 1.25;
constexpr double kZoomPerKey = 1.5;
constexpr double kPanPerKeyPx = 120;
constexpr float kClickSlackPx = 4;  // a press that moves less is a click

}  // namespace

WallView::WallView(Stage& stage, const WallData& data, WallViewOptions options)
    : m_stage(stage), m_data(data), m_options(std::move(options)), m_locator(data.tree),
      m_indicator(m_options.indicator), m_health_shown(m_options.health_shown) {}

WallView::~WallView() = default;

base::Result<std::unique_ptr<WallView>> WallView::create(Stage& stage, const WallData& data, WallViewOptions options) {
  std::unique_ptr<WallView> view(new WallView(stage, data, std::move(options)));
  TRY(view->prepare());
  return view;
}

base::Status WallView::prepare() {
  TRY_ASSIGN(m_renderer, render::MapRenderer::create(m_stage.context(), m_data.root / "shaders", {}));
  m_scene_builder = std::make_unique<scene::SceneBuilder>(m_renderer->glyph_metrics());
  TRY_ASSIGN(m_measuring, Measuring::create(m_data.tree, m_data.words, m_renderer->glyph_metrics()));
  if (!m_options.state_folder.empty()) {
    const std::string name = m_data.profile.id + "-" + std::string(m_data.tree->at(m_data.tree->root()).code);
    TRY_ASSIGN(m_places, SavedPlaces::open(m_options.state_folder, name, m_data.tree->world_crs()));
  }
  TRY(choose_first_view());
  lay_out(false);
  if (m_options.panels) {
    TRY_ASSIGN(m_panels, WallPanels::create(m_stage, m_data, m_layout, m_options.data_source));
  }
  const base::Box2d home_world = m_data.tree->at(m_data.tree->root()).extent_world;
  m_camera = scene::Camera(home_world, m_layout.map_offset_px(), m_layout.map_size_px(),
                           kHomePaddingEm * m_layout.body_px);
  if (!m_options.basemap.source.empty()) {
    m_basemap = std::make_unique<Basemap>(m_options.basemap, m_data.tree->world_crs(), home_world, m_clock);
  }
  return {};
}

base::Status WallView::choose_first_view() {
  const auto& views = m_data.profile.tables.views;
  const auto wanted = std::ranges::find_if(views, [&](const model::ViewSpec& view) {
    return m_options.view.empty() ? view.is_default : view.id == m_options.view;
  });
  if (wanted != views.end()) m_view_index = static_cast<std::uint32_t>(wanted - views.begin());
  if (wanted != views.end() || m_options.view.empty()) return {};
  std::string ids;
  for (const model::ViewSpec& view : views) ids += (ids.empty() ? "" : ", ") + view.id;
  return base::Error{base::ErrorCode::InvalidArgument, fmt::format("--view {}: expected one of profile {}: {}",
                                                                   m_options.view, m_data.profile.id, ids)};
}

const model::ViewSpec* WallView::shown_view() const {
  const auto& views = m_data.profile.tables.views;
  return m_view_index < views.size() ? &views[m_view_index] : nullptr;
}

void WallView::show_view(std::uint32_t index) {
  if (index < m_data.profile.tables.views.size()) m_view_index = index;
}

base::Box2d WallView::layers_box() const {
  const model::ViewSpec* view = shown_view();
  const std::size_t row_count = view != nullptr ? ui::layer_row_count(*view, m_data.profile.tables) : 0;
  return ui::layers_box(m_layout.map, m_layout.body_px, m_layout.gap_px, row_count);
}

void WallView::add_layers(scene::SceneOptions& options) const {
  const model::ViewSpec* view = shown_view();
  if (view == nullptr) return;
  options.tables = &m_data.profile.tables;
  options.layers = view->layers;
  options.covered_px = m_panels ? layers_box() : base::Box2d{};
  const auto& levels = m_data.tree->levels();
  const auto level = std::ranges::find_if(levels, [&](const auto& one) { return one.name_zh == view->level; });
  if (!view->level.empty() && level != levels.end()) {
    options.finest_level = static_cast<std::uint32_t>(level - levels.begin());
  }
}

void WallView::add_basemap(scene::SceneOptions& options, const scene::Viewport& viewport) {
  if (!m_basemap) return;
  options.basemap = &m_basemap->update(viewport);
  options.fill_opacity = m_basemap->fill_opacity();
  const std::string& credit = m_data.words.pick(m_options.basemap.credit_zh, m_options.basemap.credit_en);
  if (m_basemap->is_shown() && !credit.empty()) {
    options.basemap_credit = m_data.words.fill("map.basemap_credit", {credit});
  }
}

base::Status WallView::finish_basemap(base::Duration patience, base::MonoTime now) {
  return m_basemap ? m_basemap->finish(m_camera.viewport(now), patience) : base::Status{};
}

void WallView::lay_out(bool with_timeline) {
  const model::ViewSpec* view = shown_view();
  const bool has_boards =
      view != nullptr && !(view->boards.empty() && view->figures.empty() && view->workflows.empty());
  m_parts = {.timeline = with_timeline, .tabs = view != nullptr, .boards = has_boards};
  m_layout = wall::make_layout(m_options.wall, m_stage.size_px(), m_parts);
  if (m_options.panels || m_options.map_in_place) return;
  m_layout.map = {{0, 0}, {static_cast<double>(m_layout.size_px.x), static_cast<double>(m_layout.size_px.y)}};
}

base::Status WallView::fit_to_output(bool with_timeline) {
  const base::Vec2i size_px = m_layout.size_px;
  const wall::LayoutParts parts = m_parts;
  lay_out(with_timeline);
  if (size_px == m_layout.size_px && parts == m_parts) return {};
  if (m_panels) TRY(m_panels->resize(m_layout));
  m_camera.resize(m_layout.map_offset_px(), m_layout.map_size_px());
  return {};
}

void WallView::handle(const platform::InputFrame& input, base::MonoTime now) {
  if (!input.keys.empty() || !input.button_changes.empty() || input.wheel_steps != 0) m_follow.hand_moved(now);
  if (!m_panels || !m_panels->wants_keys()) handle_keys(input, now);
  handle_mouse(input, now);
}

void WallView::handle_keys(const platform::InputFrame& input, base::MonoTime now) {
  const scene::Viewport viewport = m_camera.viewport(now);
  const base::Vec2d middle{viewport.offset_px.x + viewport.size_px.x / 2.0,
                           viewport.offset_px.y + viewport.size_px.y / 2.0};
  for (const platform::KeyPress& press : input.keys) {
    using platform::Key;
    if (handle_place_key(press, now) || m_measuring->handle_key(press) || handle_replay_key(press, now)) continue;
    switch (press.key) {
      case Key::Home: apply(model::GoHome{}, now); break;
      case Key::Escape:
        if (m_fan_of.empty()) apply(model::SelectDivision{}, now);
        close_fan();
        break;
      case Key::Tab: step_in_fan(press.shift, now); break;
      case Key::Left: m_camera.pan_by({kPanPerKeyPx, 0}, now); break;
      case Key::Right: m_camera.pan_by({-kPanPerKeyPx, 0}, now); break;
      case Key::Up: m_camera.pan_by({0, kPanPerKeyPx}, now); break;
      case Key::Down: m_camera.pan_by({0, -kPanPerKeyPx}, now); break;
      case Key::PageUp: m_camera.zoom_about(middle, kZoomPerKey, now); break;
      case Key::PageDown: m_camera.zoom_about(middle, 1 / kZoomPerKey, now); break;
      case Key::Function: {
        const int first = static_cast<int>(ui::kFirstViewKey);
        if (press.function_number >= first && press.function_number < first + static_cast<int>(ui::kViewsMax)) {
          apply(model::ShowView{static_cast<std::uint32_t>(press.function_number - first)}, now);
        }
        break;
      }
      case Key::Character:
        if (press.character == '+') m_camera.zoom_about(middle, kZoomPerKey, now);
        if (press.character == '-') m_camera.zoom_about(middle, 1 / kZoomPerKey, now);
        if (press.character == 'H') apply(model::ToggleHealth{}, now);
        if (press.character == 'F') m_follow.toggle();
        if (press.character >= '1' && press.character <= '3') {
          apply(model::SetIndicator{static_cast<model::Indicator>(press.character - '1')}, now);
        }
        break;
      default: break;
    }
  }
}

bool WallView::handle_replay_key(const platform::KeyPress& press, base::MonoTime now) {
  if (!m_sight.hub || !m_sight.hub->replay || !m_shown) return false;
  const char key = press.key == platform::Key::Space ? ' ' : press.character;
  const auto order = ui::replay_order_of_key(key, *m_sight.hub->replay, m_shown->state_time, m_data.words,
                                             m_data.profile.zone);
  if (order) apply(*order, now);
  return order.has_value();
}

void WallView::handle_mouse(const platform::InputFrame& input, base::MonoTime now) {
  const base::Vec2d mouse{input.mouse_px.x, input.mouse_px.y};
  const bool on_map = input.mouse_inside && scene::is_inside(m_camera.viewport(now), mouse) &&
                      !(m_panels && m_panels->wants_mouse());
  if (on_map && input.wheel_steps != 0) {
    m_camera.zoom_about(mouse, std::pow(kZoomPerWheelStep, static_cast<double>(input.wheel_steps)), now);
  }
  for (const platform::ButtonChange& change : input.button_changes) {
    if (change.button != platform::MouseButton::Left) continue;
    if (change.pressed) {
      m_pressed = on_map;
      m_dragging = false;
      m_pressed_at_px = m_mouse_px = change.position_px;
    } else {
      if (m_pressed && !m_dragging) click({change.position_px.x, change.position_px.y}, now);
      m_pressed = m_dragging = false;
    }
  }
  if (m_pressed) {
    const float moved = std::hypot(input.mouse_px.x - m_pressed_at_px.x, input.mouse_px.y - m_pressed_at_px.y);
    m_dragging = m_dragging || moved > kClickSlackPx;
    if (m_dragging) {
      m_camera.pan_by({static_cast<double>(input.mouse_px.x - m_mouse_px.x),
                       static_cast<double>(input.mouse_px.y - m_mouse_px.y)}, now);
    }
  }
  m_mouse_px = input.mouse_px;
  m_measuring->point_at(on_map ? std::optional(mouse) : std::nullopt);
  if (on_map && !m_dragging && !m_measuring->is_on()) {
    if (const model::Locator* locator = m_locator.if_ready()) hover(*locator, mouse, now);
  } else if (!on_map || m_measuring->is_on()) {
    m_hovered = model::DivisionIndex::none();
  }
}

void WallView::hover(const model::Locator& locator, base::Vec2d point_px, base::MonoTime now) {
  const base::Vec2d point_world = scene::world_from_px(m_camera.viewport(now), point_px);
  const model::DivisionIndex deepest = locator.locate(point_world);
  m_hovered = deepest.valid() ? m_data.tree->ancestor_at_level(deepest, m_scene_builder->levels().fill_level)
                              : model::DivisionIndex::none();
}

void WallView::click(base::Vec2d point_px, base::MonoTime now) {
  if (m_measuring->is_on()) return m_measuring->click(m_camera.viewport(now), point_px);
  const auto& drawn = m_scene_builder->drawn_incidents();
  if (const auto* stack = scene::pick_stack(m_scene_builder->stacks(), drawn, point_px); stack != nullptr && m_shown) {
    const bool was_open = m_scene_builder->fan().place_px == stack->position_px && !m_fan_of.empty();
    close_fan();
    if (!was_open) m_fan_of = m_shown->incident(stack->members.front()).id;
    return;
  }
  if (const auto incident = scene::pick_top_incident(drawn, point_px); incident && m_shown) {
    apply(model::SelectIncident{std::string(m_shown->incident(*incident).id)}, now);
    return;
  }
  close_fan();
  if (const auto gathered = scene::pick_bubble(m_scene_builder->bubbles(), point_px); gathered.valid()) {
    apply(model::SelectDivision{gathered}, now);
    apply(model::FlyToDivision{gathered}, now);
    return;
  }
  hover(m_locator.get(), point_px, now);
  apply(model::SelectDivision{m_hovered}, now);
}

bool WallView::handle_place_key(const platform::KeyPress& press, base::MonoTime now) {
  const bool is_digit = press.key == platform::Key::Character && press.character >= '1' && press.character <= '9';
  if (!m_places || !is_digit || press.control == press.alt) return false;
  const std::int64_t number = press.character - '0';
  press.control ? save_place(number, now) : go_to_place(number, now);
  return true;
}

void WallView::save_place(std::int64_t number, base::MonoTime now) {
  const scene::Viewport viewport = m_camera.viewport(now);
  const model::ViewSpec* view = shown_view();
  const std::string_view selected = m_selected.valid() ? m_data.tree->at(m_selected).code : std::string_view();
  const SavedPlaces::Place place{viewport.view, view != nullptr ? view->id : std::string(), std::string(selected),
                                 m_indicator};
  const base::Status saved = m_places->save(number, place, std::min(viewport.size_px.x, viewport.size_px.y));
  if (!saved.ok()) base::log_warning("app", "view {} is not saved: {}", number, saved.error().message);
  tell(m_data.words.fill(saved.ok() ? "map.view_saved" : "map.view_not_saved", {std::to_string(number)}), now);
}

void WallView::go_to_place(std::int64_t number, base::MonoTime now) {
  const base::Vec2i size_px = m_camera.viewport(now).size_px;
  const auto place = m_places->find(number, std::min(size_px.x, size_px.y));
  if (!place) return tell(m_data.words.fill("map.no_saved_view", {std::to_string(number)}), now);
  const auto& views = m_data.profile.tables.views;
  const auto view = std::ranges::find(views, place->view, &model::ViewSpec::id);
  if (view != views.end()) show_view(static_cast<std::uint32_t>(view - views.begin()));
  m_indicator = place->indicator;
  apply(model::SelectDivision{m_data.tree->find(place->division)}, now);
  m_camera.fly_to(place->map, now);
}

void WallView::follow(const Live& live, base::MonoTime now) {
  constexpr double kGroundShown_m = 1500;  // around a case, over the shorter side
  const auto wish =
      m_follow.update(*live.snapshot, m_scene_builder->critical(), live.status.figures_are_current(), now);
  if (wish.home) m_camera.fly_home(now);
  if (!wish.incident) return;
  const state::Incident& incident = live.snapshot->incident(*wish.incident);
  apply(model::SelectIncident{std::string(incident.id)}, now);
  const base::Vec2i size_px = m_camera.viewport(now).size_px;
  m_camera.fly_to({m_data.tree->to_world(incident.point_units), std::min(size_px.x, size_px.y) / kGroundShown_m}, now);
}

void WallView::tell(std::string text, base::MonoTime now) {
  constexpr base::Duration kTold = std::chrono::seconds(2);
  m_told = std::move(text);
  m_told_until = now + kTold;
}

std::string WallView::notice(base::MonoTime now) const {
  if (!m_notice.empty()) return m_notice;
  if (now < m_told_until) return m_told;
  if (!m_follow.is_on()) return {};
  return m_data.words.get(m_follow.is_paused(now) ? "map.following_paused" : "map.following");
}

void WallView::close_fan() {
  m_fan_of.clear();
  m_fan_page = 0;
}

void WallView::point_out(const std::string& incident_id) {
  m_selected_incident = m_fan_of = incident_id;
}

void WallView::step_in_fan(bool backward, base::MonoTime now) {
  const std::vector<std::uint32_t>& members = m_scene_builder->fan().members;
  if (members.empty() || m_shown == nullptr) return;
  const auto id_of = [&](std::uint32_t number) { return m_shown->incident(number).id; };
  const auto at = std::ranges::find(members, std::string_view(m_selected_incident), id_of);
  const auto place = static_cast<std::size_t>(at - members.begin());
  const std::size_t count = members.size();
  // From outside: the first of the page, or the last.
  std::size_t next = backward ? std::min((m_fan_page + 1) * scene::kFanPage, count) - 1 : m_fan_page * scene::kFanPage;
  if (place < count) next = (place + (backward ? count - 1 : 1)) % count;
  m_fan_page = next / scene::kFanPage;
  apply(model::SelectIncident{std::string(id_of(members[next]))}, now);
}

void WallView::apply(const model::Command& command, base::MonoTime now) {
  std::visit(base::Overloaded{
                 [&](const model::SelectDivision& select) {
                   m_selected = select.division;
                   m_selected_incident.clear();
                 },
                 [&](const model::SelectIncident& select) { m_selected_incident = select.incident_id; },
                 [&](const model::FlyTo& flight) { m_camera.fly_to(flight.view, now); },
                 [&](const model::FlyToDivision& flight) {
                   if (!flight.division.valid()) return;
                   m_camera.fly_to_box(m_data.tree->at(flight.division).extent_world, now);
                 },
                 [&](const model::GoHome&) { m_camera.fly_home(now); },
                 [&](const model::SetIndicator& set) { m_indicator = set.indicator; },
                 [&](const model::ReplayOrder& order) {
                   if (m_options.give_order) m_options.give_order(order);
                 },
                 [&](const model::ToggleHealth&) { m_health_shown = !m_health_shown; },
                 [&](const model::ShowView& show) { show_view(show.index); },
             },
             command);
}

bool WallView::differs(const HubSight& sight, const HubSight& drawn) const {
  if (sight.hub == drawn.hub) return false;
  if (m_health_shown || !sight.hub || !drawn.hub) return true;
  return sight.hub->replay != drawn.hub->replay || sight.hub->density != drawn.hub->density ||
         sight.hub->problem != drawn.hub->problem;
}

base::Status WallView::draw(const Live& live, const HubSight& sight, Moment now) {
  TRY(fit_to_output(m_options.panels && live.status.clock_mode == model::ClockMode::Replay));
  m_sight = sight;
  m_shown = live.snapshot;
  scene::SceneOptions options;
  options.indicator = m_indicator;
  options.hovered = m_hovered;
  options.selected = m_selected;
  options.selected_incident = m_selected_incident;
  options.fan_of = m_fan_of;
  options.fan_page = m_fan_page;
  options.feed_state = live.status.state;
  options.now_utc = now.utc;
  options.ui_scale = m_layout.ui_scale;
  options.colouring = m_data.profile.colouring;
  options.name_suffixes = m_data.words.get("map.name_suffixes");
  options.notice = notice(now.mono);
  add_layers(options);
  const scene::Viewport viewport = m_camera.viewport(now.mono);
  add_basemap(options, viewport);
  options.sketch = &m_measuring->sketch(viewport, m_layout.ui_scale, options.covered_px);
  const scene::FrameScene& scene =
      m_scene_builder->build(*live.snapshot, *m_data.names, viewport, options);

  // Its stack came apart, was gathered or left the map.
  if (m_scene_builder->fan().members.empty()) close_fan();
  m_fan_page = m_scene_builder->fan().page;
  follow(live, now.mono);

  if (m_started_at == base::MonoTime{}) m_started_at = m_drawn_at = now.mono;
  gfx::Context& context = m_stage.context();
  m_stage.begin_picture();
  const base::Color page = scene.background;
  context.set_scissor(std::nullopt);
  context.set_viewport({0, 0, m_layout.size_px.x, m_layout.size_px.y});
  context.clear({page.r / 255.0f, page.g / 255.0f, page.b / 255.0f, 1.0f});
  // What goes into a file is complete.
  m_renderer->set_pace(m_stage.headless() || m_stage.will_capture() ? render::Pace::AtOnce : render::Pace::Fluent);
  TRY(m_renderer->draw(scene, m_layout.size_px, std::chrono::duration<float>(now.mono - m_started_at).count()));
  if (m_panels) {
    const PanelContext panel_context{live, sight, m_scene_builder->legend(), m_measuring->px_per_true_m(viewport.view),
                                     m_hovered, m_selected,
                                     m_selected_incident, m_health_shown, m_view_index,
                                     m_scene_builder->layer_legend(), layers_box()};
    TRY_ASSIGN(const auto commands, m_panels->draw(panel_context, now.utc, now.mono, now.mono - m_drawn_at));
    for (const model::Command& command : commands) apply(command, now.mono);
    context.forget_state();
  }
  m_drawn_at = now.mono;
  m_stage.end_picture();
  return {};
}

bool WallView::animates(base::MonoTime now) const {
  return m_camera.is_flying(now) || m_scene_builder->animates() || m_renderer->is_refining() ||
         (m_basemap && m_basemap->has_news());
}

}  // namespace gridwall::app
