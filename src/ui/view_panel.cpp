#include "ui/view_panel.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "ui/panel.hpp"

namespace gridwall::ui {

void ViewPanel::draw(const base::Box2d& box, const FontSet& fonts, const Inputs& inputs, CommandSink& commands,
                     std::vector<TextRun>* record) {
  const PanelWindow window("views", box);
  Canvas canvas(fonts, record);
  canvas.fill(box, kPanel, kRoundEm);
  const auto& views = inputs.profile.tables.views;
  const auto count = std::min<std::size_t>(views.size(), kViewsMax);
  if (count == 0) return;
  const auto key_of = [](std::size_t i) { return fmt::format("F{}", i + kFirstViewKey); };
  const auto name_of = [&](std::size_t i) { return inputs.words.pick(views[i].name_zh, views[i].name_en); };
  const double pad_px = canvas.em(0.7), space_px = canvas.em(0.45);
  double wanted_px = 0;
  for (std::size_t i = 0; i < count; ++i) {
    wanted_px += 2 * pad_px + space_px + canvas.width(FontRole::Small, key_of(i)) +
                 canvas.width(FontRole::Body, name_of(i)) + 2;
  }
  // Where the whole does not fit, all give way alike: the keys stay, the names are shortened.
  const double share = std::min(1.0, box.width() / std::max(1.0, wanted_px));
  base::Box2d rest = box;
  for (std::size_t i = 0; i < count; ++i) {
    const double key_px = canvas.width(FontRole::Small, key_of(i)) + 1;
    const double width_px =
        (2 * pad_px + space_px + key_px + canvas.width(FontRole::Body, name_of(i)) + 1) * share;
    base::Box2d tab = take_left(rest, width_px);
    const RowInput input = row_input(tab, static_cast<int>(i));
    if (input.clicked) commands.emit(model::ShowView{static_cast<std::uint32_t>(i)});
    const bool is_on = i == inputs.view_index;
    if (is_on || input.hovered) canvas.fill(tab, is_on ? kSelected : kHover, kRoundEm);
    if (is_on) {
      canvas.fill(make_box(tab.min.x, tab.max.y - std::max(2.0, canvas.em(0.13)), tab.max.x, tab.max.y), kBarStrong);
    }
    tab.min.x += pad_px * share;
    tab.max.x -= pad_px * share;
    canvas.text(take_left(tab, key_px), FontRole::Small, kTextFaint, key_of(i));
    take_left(tab, space_px * share);
    canvas.text(tab, FontRole::Body, is_on ? kText : kTextQuiet, name_of(i));
  }
}

}  // namespace gridwall::ui
