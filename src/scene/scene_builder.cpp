#include "scene/scene_builder.hpp"

#include <algorithm>
#include <cmath>

#include "scene/camera.hpp"
#include "scene/marker_fan.hpp"
#include "scene/palette.hpp"

namespace gridwall::scene {

namespace {

constexpr double kRoamShare = 0.4;  // of the side of a square as large as the division

constexpr float kMarkerPx = 12;
constexpr float kBorderTopPx = 2.4f;       // the district's own border at ui_scale 1
constexpr float kBorderLeastPx = 0.7f;
constexpr float kCreditEm = 11;            // px at ui_scale 1
constexpr float kNoticeEm = 20;            // too
constexpr float kLegPx = 1.2f;
constexpr base::Color kLeg{178, 190, 202, 130};
constexpr double kNamedFromPx = 8;         // a name over less names its neighbours as well
constexpr float kLabelTopEm = 17, kLabelLowEm = 13;  // px at ui_scale 1: highest and lowest named level

// Heavier and brighter the higher the level; `depth` is 0 for the root.
BorderStyle border_style(std::uint32_t level_index, std::uint32_t depth, double ui_scale) {
  const float width = std::max(kBorderLeastPx, kBorderTopPx / (1.0f + 0.75f * static_cast<float>(depth)));
  static constexpr std::uint8_t kAlpha[] = {210, 150, 84, 52, 40};
  const std::uint8_t alpha = kAlpha[std::min<std::size_t>(depth, std::size(kAlpha) - 1)];
  return {level_index, width * static_cast<float>(ui_scale), with_alpha(kBorder, alpha)};
}

const std::vector<std::uint8_t> kNothingHatched;

}  // namespace

std::string_view short_name(std::string_view name, std::string_view suffixes) {
  while (!suffixes.empty()) {
    const std::size_t bar = std::min(suffixes.find('|'), suffixes.size());
    const std::string_view suffix = suffixes.substr(0, bar);
    if (!suffix.empty() && name.size() > suffix.size() && name.ends_with(suffix)) {
      return name.substr(0, name.size() - suffix.size());
    }
    suffixes.remove_prefix(std::min(bar + 1, suffixes.size()));
  }
  return name;
}

float stale_strength(model::FeedState state) {
  switch (state) {
    case model::FeedState::Live:
    case model::FeedState::Static: return 0;
    case model::FeedState::Behind: return 0.5f;
    case model::FeedState::Recovering:
    case model::FeedState::Connecting:
    case model::FeedState::Stale:
    case model::FeedState::Refused:
    case model::FeedState::Mismatch: return 1;
  }
  return 1;
}

const FrameScene& SceneBuilder::build(const state::WorldSnapshot& snapshot, const model::Vocabulary& vocabulary,
                                      const Viewport& viewport, const SceneOptions& options) {
  m_scene.tree = snapshot.tree;
  m_scene.viewport = viewport;
  m_scene.background = kBackground;
  m_scene.hovered = options.hovered;
  m_scene.selected = options.selected;
  m_scene.stale_strength = stale_strength(options.feed_state);
  m_level_choice = m_chooser.choose(snapshot.tree, viewport.view.px_per_m, options.ui_scale);
  if (options.finest_level) keep_to_level(*options.finest_level);
  m_scene.basemap = options.basemap != nullptr ? *options.basemap : Basemap{};
  m_scene.fill_opacity = options.fill_opacity;
  build_fills(snapshot, options);
  build_borders(options);
  m_scene.markers.clear();
  m_scene.lines.clear();
  m_layers.clear();
  if (options.tables != nullptr) {
    m_layers.build(snapshot, *options.tables, options.layers, options.ui_scale, m_scene);
    m_layers.tell_fills(m_layer_fill.covers());
  }
  m_markers.lay_out(snapshot, vocabulary, viewport,
                    {m_level_choice.gather_level, kMarkerPx * static_cast<float>(options.ui_scale),
                     options.selected_incident, options.now_utc, options.fan_of, options.fan_page},
                    m_scene.markers);
  build_fan(options);
  build_labels(snapshot, options);
  if (options.sketch != nullptr) add_sketch(*options.sketch);
  return m_scene;
}

// A view's level is the finest that is drawn, however close the camera.
void SceneBuilder::keep_to_level(std::uint32_t level) {
  m_level_choice.fill_level = std::min(m_level_choice.fill_level, level);
  m_level_choice.gather_level = std::min(m_level_choice.gather_level, level);
  std::erase_if(m_level_choice.border_levels, [&](std::uint32_t one) { return one > level; });
  std::erase_if(m_level_choice.label_levels, [&](std::uint32_t one) { return one > level; });
}

void SceneBuilder::build_fills(const state::WorldSnapshot& snapshot, const SceneOptions& options) {
  m_is_layer_painted = options.tables != nullptr && m_layer_fill.build(snapshot, *options.tables, options.layers,
                                                                       m_level_choice.fill_level);
  if (m_is_layer_painted) m_level_choice.fill_level = m_layer_fill.legend().level_index;
  m_scene.fill_level = m_level_choice.fill_level;
  if (!m_is_layer_painted) {
    m_choropleth.paint(snapshot, options.indicator, m_scene.fill_level, options.colouring, m_colors);
  }
  const std::vector<base::Color>& colors = m_is_layer_painted ? m_layer_fill.colors() : m_colors;
  const std::vector<std::uint8_t>& hatched = m_is_layer_painted ? m_layer_fill.hatched() : kNothingHatched;
  if (colors == m_scene.division_colors && hatched == m_scene.division_hatched) return;
  m_scene.division_colors = colors;
  m_scene.division_hatched = hatched;
  ++m_scene.colors_version;
}

void SceneBuilder::build_borders(const SceneOptions& options) {
  m_scene.borders.clear();
  for (const std::uint32_t level : m_level_choice.border_levels) {
    m_scene.borders.push_back(border_style(level, level, options.ui_scale));
    // A generated district's outline is a real one.
    m_scene.borders.back().is_dashed = m_scene.tree->synthetic() && level > 0;
  }
}

// In the lower right corner, where no panel of the map lies; the names of divisions keep off it.
void SceneBuilder::build_credit(const SceneOptions& options) {
  if (options.basemap_credit.empty()) return;
  const float size_px = kCreditEm * static_cast<float>(options.ui_scale);
  const base::Box2d box = label_box_px({0, 0}, options.basemap_credit, size_px, m_metrics);
  const Viewport& viewport = m_scene.viewport;
  const base::Vec2d corner{static_cast<double>(viewport.offset_px.x) + viewport.size_px.x,
                           static_cast<double>(viewport.offset_px.y) + viewport.size_px.y};
  const base::Vec2d anchor = corner - base::Vec2d{box.max.x, box.max.y};
  if (anchor.x + box.min.x < viewport.offset_px.x) return;  // wider than the map
  m_placer.block({anchor + box.min, anchor + box.max});
  m_scene.labels.push_back({{static_cast<float>(anchor.x), static_cast<float>(anchor.y)}, options.basemap_credit,
                            size_px, kLabelQuiet, kHalo});
}

void SceneBuilder::build_notice(const SceneOptions& options) {
  if (options.notice.empty()) return;
  const float size_px = kNoticeEm * static_cast<float>(options.ui_scale);
  const base::Box2d box = label_box_px({0, 0}, options.notice, size_px, m_metrics);
  const Viewport& viewport = m_scene.viewport;
  const base::Vec2d anchor{viewport.offset_px.x + viewport.size_px.x / 2.0, viewport.offset_px.y - 2 * box.min.y};
  m_placer.block({anchor + box.min, anchor + box.max});
  m_scene.labels.push_back({{static_cast<float>(anchor.x), static_cast<float>(anchor.y)}, options.notice, size_px,
                            kNotice, kHalo});
}

// How many a bubble or a stack stands for.
void SceneBuilder::build_counts(const SceneOptions& options) {
  for (const Bubble& bubble : m_markers.bubbles()) {
    const double radius = bubble.size_px / 2;
    m_bubble_of[bubble.division.value] = &bubble;
    m_bubbled.push_back(bubble.division.value);
    base::Box2d box;
    box.extend(bubble.position_px - base::Vec2d{radius, radius});
    box.extend(bubble.position_px + base::Vec2d{radius, radius});
    m_placer.block(box);
    const std::string count = std::to_string(bubble.count);
    const float size_px = kMarkerPx * 1.15f * static_cast<float>(options.ui_scale);
    // A count beside a measured number would be read as one with it.
    const base::Box2d count_px = label_box_px(bubble.position_px, count, static_cast<double>(size_px), m_metrics);
    if (std::ranges::any_of(m_sketch_texts_px, [&](const auto& text) { return text.intersects(count_px); })) continue;
    m_scene.labels.push_back({{static_cast<float>(bubble.position_px.x), static_cast<float>(bubble.position_px.y)},
                              count,
                              size_px,
                              m_scene.stale_strength > 0 ? kStaleCount : kLabel,
                              with_alpha(kHalo, 0)});
  }
  const float size_px = kMarkerPx * 0.9f * static_cast<float>(options.ui_scale);
  for (const MarkerStack& stack : m_markers.stacks()) {
    const std::string count = std::to_string(stack.members.size());
    // At its upper right, so that its shape and colour stay to be seen.
    const double aside = stack.size_px / 2.0 + text_width_em(count, m_metrics) * static_cast<double>(size_px) / 2;
    const base::Vec2d at = stack.position_px + base::Vec2d{aside, -stack.size_px / 2.0};
    m_placer.block(label_box_px(at, count, static_cast<double>(size_px), m_metrics));
    m_scene.labels.push_back({{static_cast<float>(at.x), static_cast<float>(at.y)}, count, size_px,
                              m_scene.stale_strength > 0 ? kStaleCount : kLabel, kHalo});
  }
  const OpenFan& fan = m_markers.fan();
  if (fan.page_count() < 2) return;
  const std::size_t first = fan.page * kFanPage;
  const std::string range =
      fmt::format("{}–{}", first + 1, std::min(first + kFanPage, fan.members.size()));
  const base::Vec2d below = fan.center_px + base::Vec2d{0, 1.4 * static_cast<double>(size_px)};
  m_placer.block(label_box_px(below, range, static_cast<double>(size_px), m_metrics));
  m_scene.labels.push_back(
      {{static_cast<float>(below.x), static_cast<float>(below.y)}, range, size_px, kLabelQuiet, kHalo});
}

// Thin legs from where its members are to where they are shown.
void SceneBuilder::build_fan(const SceneOptions& options) {
  const OpenFan& fan = m_markers.fan();
  if (fan.members.empty()) return;
  const auto units = [&](base::Vec2d point_px) {
    return m_scene.tree->to_units(world_from_px(m_scene.viewport, point_px));
  };
  LineSet legs;
  legs.width_px = kLegPx * static_cast<float>(options.ui_scale);
  legs.color = kLeg;
  const std::size_t shown = std::min(kFanPage, fan.members.size() - fan.page * kFanPage);
  const auto& drawn = m_markers.drawn();
  for (std::size_t i = drawn.size() - shown; i < drawn.size(); ++i) {
    legs.segments.push_back(segment(units(fan.place_px), units(drawn[i].position_px)));
  }
  m_scene.lines.push_back(std::move(legs));
}

void SceneBuilder::build_labels(const state::WorldSnapshot& snapshot, const SceneOptions& options) {
  m_scene.labels.clear();
  m_placer.begin(m_scene.viewport);
  if (options.covered_px.width() > 0) m_placer.block(options.covered_px);
  m_sketch_texts_px.clear();
  if (options.sketch != nullptr) keep_clear_of(*options.sketch);
  build_credit(options);
  build_notice(options);
  // Of half a million divisions a few have one: the others are not touched in each frame.
  m_bubble_of.resize(snapshot.tree->divisions().size());
  for (const std::uint32_t division : m_bubbled) {
    if (division < m_bubble_of.size()) m_bubble_of[division] = nullptr;
  }
  m_bubbled.clear();
  build_counts(options);
  for (const DrawnIncident& drawn : m_markers.drawn()) {
    const double radius = drawn.size_px / 2;
    m_placer.avoid({drawn.position_px - base::Vec2d{radius, radius}, drawn.position_px + base::Vec2d{radius, radius}});
  }
  std::uint32_t rank = 0;
  for (const std::uint32_t level : m_level_choice.label_levels) offer_level(snapshot, level, rank++, options);
  m_placer.place(m_metrics, m_scene.labels);
}

void SceneBuilder::keep_clear_of(const MapSketch& sketch) {
  for (const LabelInstance& label : sketch.labels) {
    const base::Vec2d anchor{static_cast<double>(label.anchor_px.x), static_cast<double>(label.anchor_px.y)};
    m_sketch_texts_px.push_back(label_box_px(anchor, label.text, static_cast<double>(label.size_px), m_metrics));
    m_placer.block(m_sketch_texts_px.back());
  }
  for (const base::Box2d& box_px : sketch.avoided_px) m_placer.avoid(box_px);
}

// Above all else; names have kept off its texts.
void SceneBuilder::add_sketch(const MapSketch& sketch) {
  m_scene.lines.insert(m_scene.lines.begin(), sketch.lines.begin(), sketch.lines.end());
  m_scene.markers.insert(m_scene.markers.end(), sketch.markers.begin(), sketch.markers.end());
  m_scene.labels.insert(m_scene.labels.end(), sketch.labels.begin(), sketch.labels.end());
}

void SceneBuilder::offer_level(const state::WorldSnapshot& snapshot, std::uint32_t level, std::uint32_t rank,
                               const SceneOptions& options) {
  const model::DivisionTree& tree = *snapshot.tree;
  const model::Range range = tree.levels().at(level).divisions;
  const float size_px = std::max(kLabelLowEm, kLabelTopEm - 2.5f * static_cast<float>(rank)) *
                        static_cast<float>(options.ui_scale);
  const double px_per_m = m_scene.viewport.view.px_per_m;
  const double smallest_m2 = std::pow(kNamedFromPx * options.ui_scale / px_per_m, 2);
  base::Box2d reach_world;
  const double reach_m = m_placer.reach_px() / px_per_m;
  const base::Box2d shown = visible_world(m_scene.viewport);
  reach_world.extend(shown.min - base::Vec2d{reach_m, reach_m});
  reach_world.extend(shown.max + base::Vec2d{reach_m, reach_m});
  for (std::uint32_t i = range.begin; i < range.end; ++i) {
    const model::Division& division = tree.divisions()[i];
    if (!reach_world.contains(division.anchor_world)) continue;
    const bool is_selected = options.selected == model::DivisionIndex{i};
    if (division.area_m2 < smallest_m2 && division.area_m2 > 0 && !is_selected && m_bubble_of[i] == nullptr) continue;
    LabelCandidate label;
    label.anchor_px = px_from_world(m_scene.viewport, division.anchor_world);
    if (const Bubble* bubble = m_bubble_of[i]; bubble != nullptr) {
      // Below its bubble; above one that stepped up, because below that lies what it stepped aside for.
      const double side = bubble->position_px.y < label.anchor_px.y - 1 ? -1 : 1;
      label.anchor_px = bubble->position_px + base::Vec2d{0, side * (bubble->size_px / 2.0 + size_px)};
    } else {
      label.roam_px = static_cast<float>(kRoamShare * std::sqrt(division.area_m2) * px_per_m);
    }
    label.text = short_name(division.name, options.name_suffixes);
    label.size_px = size_px;
    // Selected first, then level by level; of one level the larger division, which does not change with the zoom.
    const auto size_rank = 999u - std::min(999u, static_cast<std::uint32_t>(std::sqrt(division.area_m2) / 100));
    label.priority = is_selected ? 0 : (rank + 1) * 1000 + size_rank;
    label.key = i;
    label.is_needed = is_selected;
    label.color = rank == 0 || is_selected ? kLabel : kLabelQuiet;
    label.halo = kHalo;
    m_placer.offer(std::move(label));
  }
}

}  // namespace gridwall::scene
