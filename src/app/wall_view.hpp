// WallView: one picture of the wall from one Live value: map, panels, overlays; and what mouse, keys and commands do to
// it. The same for a window and headless. Main thread only.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/basemap.hpp"
#include "app/lazy_locator.hpp"
#include "app/live_world.hpp"
#include "app/measuring.hpp"
#include "app/saved_places.hpp"
#include "app/stage.hpp"
#include "app/wall_data.hpp"
#include "app/wall_panels.hpp"
#include "model/view.hpp"
#include "render/map_renderer.hpp"
#include "scene/camera.hpp"
#include "scene/follow.hpp"
#include "scene/picking.hpp"
#include "scene/scene_builder.hpp"
#include "wall/layout.hpp"

namespace gridwall::app {

struct WallViewOptions {
  wall::WallProfile wall;
  model::Indicator indicator = model::Indicator::OpenCount;
  bool panels = true;             // false: the map alone
  std::string data_source;        // where events come from, for the footer
  std::function<void(model::ReplayOrder)> give_order{};  // to a replay's clock; none: nobody takes it
  bool health_shown = false;
  model::BasemapSpec basemap{};  // its source empty: none
  std::string view;  // id of one of the profile's views; empty: its default
  std::filesystem::path state_folder{};  // where saved views are kept; empty: none are
  bool map_in_place = false;  // without panels: the map where it stands beside them, not all over
};

// The moment of a picture: our own clock, which drives animation only.
struct Moment {
  base::UtcTime utc{};
  base::MonoTime mono{};
};

class WallView {
 public:
  // `data` outlives the view. Errors: fonts, shaders, GL.
  static base::Result<std::unique_ptr<WallView>> create(Stage& stage, const WallData& data, WallViewOptions options);
  ~WallView();

  // Mouse and keys since the last frame.
  void handle(const platform::InputFrame& input, base::MonoTime now);
  void apply(const model::Command& command, base::MonoTime now);
  base::Status draw(const Live& live, const HubSight& sight, Moment now);
  // A line at the top of the map from the next picture on; empty: none.
  void set_notice(std::string notice) { m_notice = std::move(notice); }
  // The two would make different pictures.
  [[nodiscard]] bool differs(const HubSight& sight, const HubSight& drawn) const;

  // Waits until all tiles of the view are there. Error: what the source says, or that it took longer.
  base::Status finish_basemap(base::Duration patience, base::MonoTime now);

  // Something moves by itself, or a part of the map came: draw again soon.
  [[nodiscard]] bool animates(base::MonoTime now) const;
  [[nodiscard]] scene::Camera& camera() { return m_camera; }
  [[nodiscard]] Measuring& measuring() { return *m_measuring; }
  // Of the last picture.
  [[nodiscard]] const std::vector<scene::MarkerStack>& stacks() const { return m_scene_builder->stacks(); }
  [[nodiscard]] const scene::OpenFan& fan() const { return m_scene_builder->fan(); }
  [[nodiscard]] const std::string& selected_incident() const { return m_selected_incident; }
  // Selects it, and fans out what lies on it.
  void point_out(const std::string& incident_id);

 private:
  WallView(Stage& stage, const WallData& data, WallViewOptions options);
  base::Status prepare();
  base::Status choose_first_view();
  void show_view(std::uint32_t index);
  [[nodiscard]] const model::ViewSpec* shown_view() const;  // null: the profile has none
  base::Status fit_to_output(bool with_timeline);
  void lay_out(bool with_timeline);
  // What the view adds to the map.
  [[nodiscard]] base::Box2d layers_box() const;
  void add_layers(scene::SceneOptions& options) const;
  void add_basemap(scene::SceneOptions& options, const scene::Viewport& viewport);
  void handle_keys(const platform::InputFrame& input, base::MonoTime now);
  // Ctrl with a digit saves the view, Alt with it goes there.
  bool handle_place_key(const platform::KeyPress& press, base::MonoTime now);
  void save_place(std::int64_t number, base::MonoTime now);
  void go_to_place(std::int64_t number, base::MonoTime now);
  void follow(const Live& live, base::MonoTime now);
  // What is told of the map for a moment, or of who moves it.
  [[nodiscard]] std::string notice(base::MonoTime now) const;
  void tell(std::string text, base::MonoTime now);
  // A key of the timeline, while a replay is followed.
  bool handle_replay_key(const platform::KeyPress& press, base::MonoTime now);
  void handle_mouse(const platform::InputFrame& input, base::MonoTime now);
  void click(base::Vec2d point_px, base::MonoTime now);
  void close_fan();
  // Tab while a fan is open: its next member, or the one before, on whatever page that is.
  void step_in_fan(bool backward, base::MonoTime now);
  void hover(const model::Locator& locator, base::Vec2d point_px, base::MonoTime now);

  Stage& m_stage;
  const WallData& m_data;
  WallViewOptions m_options;
  LazyLocator m_locator;
  wall::Layout m_layout;
  wall::LayoutParts m_parts;  // that m_layout was made for
  scene::Camera m_camera;
  std::unique_ptr<render::MapRenderer> m_renderer;
  std::unique_ptr<scene::SceneBuilder> m_scene_builder;
  std::unique_ptr<Measuring> m_measuring;  // reads m_renderer's glyphs
  std::unique_ptr<WallPanels> m_panels;
  base::SystemClock m_clock;           // of the basemap's retries
  std::unique_ptr<Basemap> m_basemap;  // null: none

  std::shared_ptr<const state::WorldSnapshot> m_shown;  // of the last picture
  model::Indicator m_indicator;
  std::uint32_t m_view_index = 0;  // of the profile's views
  model::DivisionIndex m_hovered, m_selected;
  std::string m_selected_incident;
  std::string m_fan_of;  // an incident of the stack that is fanned out; empty: none is
  std::size_t m_fan_page = 0;
  scene::Follow m_follow;
  std::unique_ptr<SavedPlaces> m_places;  // null: none are kept
  std::string m_told;
  base::MonoTime m_told_until{};
  std::string m_notice;
  HubSight m_sight;  // of the last picture
  bool m_health_shown = false;
  bool m_dragging = false, m_pressed = false;
  base::Vec2f m_pressed_at_px, m_mouse_px;
  base::MonoTime m_started_at{}, m_drawn_at{};
};

}  // namespace gridwall::app
