// PanelWindow: the ImGui window that a panel lives in: fixed, undecorated, exactly its box; nothing can be dragged or
// resized on a wall. Draw between construction and destruction.
#pragma once

#include <imgui.h>

#include <algorithm>

#include "base/geometry.hpp"
#include "ui/canvas.hpp"

namespace gridwall::ui {

class PanelWindow {
 public:
  PanelWindow(const char* id, const base::Box2d& box_px) {
    ImGui::PushStyleVar(ImGuiStyleVar_WindowMinSize, ImVec2(1, 1));
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(0, 0));
    ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 0.0f);
    ImGui::SetNextWindowPos(ImVec2(static_cast<float>(box_px.min.x), static_cast<float>(box_px.min.y)));
    ImGui::SetNextWindowSize(ImVec2(static_cast<float>(box_px.width()), static_cast<float>(box_px.height())));
    ImGui::Begin(id, nullptr, ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                                  ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoBackground |
                                  ImGuiWindowFlags_NoNav | ImGuiWindowFlags_NoScrollWithMouse |
                                  ImGuiWindowFlags_NoBringToFrontOnFocus);
  }
  ~PanelWindow() {
    ImGui::End();
    ImGui::PopStyleVar(3);
  }
  PanelWindow(const PanelWindow&) = delete;
  PanelWindow& operator=(const PanelWindow&) = delete;
};

// An invisible button over a row; `id` is unique within the panel.
struct RowInput {
  bool hovered = false, clicked = false;
};
inline RowInput row_input(const base::Box2d& box_px, int id) {
  if (box_px.width() < 1 || box_px.height() < 1) return {};
  ImGui::PushID(id);
  ImGui::SetCursorScreenPos(ImVec2(static_cast<float>(box_px.min.x), static_cast<float>(box_px.min.y)));
  const bool clicked =
      ImGui::InvisibleButton("row", ImVec2(static_cast<float>(box_px.width()), static_cast<float>(box_px.height())));
  const bool hovered = ImGui::IsItemHovered();
  ImGui::PopID();
  return {hovered, clicked};
}

// An invisible strip that the pointer may be dragged along.
struct StripInput {
  bool hovered = false, held = false;
  double x_px = 0;  // of the pointer
};
inline StripInput strip_input(const base::Box2d& box_px, int id) {
  const bool clicked = row_input(box_px, id).clicked;
  const bool held = clicked || ImGui::IsItemActive();
  return {ImGui::IsItemHovered(), held, std::clamp<double>(ImGui::GetMousePos().x, box_px.min.x, box_px.max.x)};
}

// A card's ground and its title row; returns what is left, inside the padding.
inline base::Box2d begin_card(Canvas& canvas, const base::Box2d& box_px) {
  canvas.fill(box_px, kPanel, kRoundEm);
  return make_box(box_px.min.x + canvas.em(kPadEm), box_px.min.y + canvas.em(0.35),
                  box_px.max.x - canvas.em(kPadEm), box_px.max.y - canvas.em(0.6));
}

}  // namespace gridwall::ui
