#include "model/saved_views.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "model/config_table.hpp"

namespace gridwall::model {

namespace {

constexpr std::int64_t kIndicatorCount = 3;
constexpr double kMetresMax = 5e7;

base::Result<SavedView> read_one(const ConfigTable& table) {
  TRY(table.expect_only({"number", "longitude", "latitude", "metres_across", "view", "division", "indicator"}));
  SavedView view;
  TRY_ASSIGN(view.number, table.integer("number", 1, kSavedViewsMax));
  TRY_ASSIGN(view.center_lonlat.x, table.number("longitude", -180, 180));
  TRY_ASSIGN(view.center_lonlat.y, table.number("latitude", -90, 90));
  TRY_ASSIGN(view.metres_across, table.number("metres_across", 0.01, kMetresMax));
  TRY_ASSIGN(view.view, table.text_or("view", ""));
  TRY_ASSIGN(view.division, table.text_or("division", ""));
  TRY_ASSIGN(const std::int64_t indicator, table.integer_or("indicator", 1, 1, kIndicatorCount));
  view.indicator = static_cast<Indicator>(indicator - 1);
  return view;
}

// As TOML's basic strings are written.
std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
  return out + "\"";
}

}  // namespace

base::Result<std::vector<SavedView>> read_saved_views(std::string_view text, const std::string& file) {
  TRY_ASSIGN(const ConfigTable root, ConfigTable::parse(text, file));
  TRY(root.expect_only({"saved_view"}));
  std::vector<SavedView> views;
  if (!root.has("saved_view")) return views;
  TRY_ASSIGN(const auto tables, root.tables("saved_view"));
  for (const ConfigTable& table : tables) {
    TRY_ASSIGN(SavedView view, read_one(table));
    if (std::ranges::find(views, view.number, &SavedView::number) != views.end()) {
      return table.error_at("number", "a number that no other saved view has");
    }
    views.push_back(std::move(view));
  }
  std::ranges::sort(views, {}, &SavedView::number);
  return views;
}

std::string saved_views_text(const std::vector<SavedView>& views) {
  std::string text =
      "# Views of the map that were saved on the wall: Ctrl with a digit saves, Alt with it goes there.\n";
  for (const SavedView& view : views) {
    text += fmt::format("\n[[saved_view]]\nnumber = {}\nlongitude = {}\nlatitude = {}\nmetres_across = {}\n",
                        view.number, view.center_lonlat.x, view.center_lonlat.y, view.metres_across);
    if (!view.view.empty()) text += fmt::format("view = {}\n", quoted(view.view));
    if (!view.division.empty()) text += fmt::format("division = {}\n", quoted(view.division));
    text += fmt::format("indicator = {}\n", static_cast<int>(view.indicator) + 1);
  }
  return text;
}

}  // namespace gridwall::model
